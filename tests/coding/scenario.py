"""Scenarios: calls told in findings, read from TOML (the format is in README.md here)."""

from __future__ import annotations

import dataclasses
import datetime as dt
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tripsheet.determination import Determination, Line
from tripsheet.findings import (
    Condition,
    Dose,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    RecordField,
    Span,
    Statement,
    Transport,
    Vital,
)
from tripsheet.report import Report

HERE = Path(__file__).parent
EXPECTATIONS = {
    "level", "modifiers", "rules", "necessity", "basis", "basis_include", "gaps", "gaps_include",
    "gaps_exclude", "trace", "counted", "not_counted", "flagged", "not_flagged", "mileage",
    "claimed", "risk", "not_assigned", "missing", "diagnoses_include", "indicators",
    "contradictions", "review_min", "policies_named", "error",
}  # fmt: skip
KEYS = EXPECTATIONS | {
    "name", "cases", "covers", "base", "report", "call", "find", "policies", "contradicts",
    "known_failure",
}  # fmt: skip
_TRANSPORT = {field.name for field in dataclasses.fields(Transport)}
_REPORT = {field.name for field in dataclasses.fields(Report)}


class ScenarioError(ValueError):
    """A scenario says something that the format does not know."""


def load(path: Path) -> list[dict[str, Any]]:
    """The scenarios of one file, checked for unknown keys and for an expectation each."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    if set(table) - {"scenario"}:
        raise ScenarioError(f"{path.name}: unknown tables {sorted(set(table) - {'scenario'})}")
    rows: list[dict[str, Any]] = table["scenario"]
    for row in rows:
        unknown = set(row) - KEYS
        if unknown:
            raise ScenarioError(f"{path.name}: {row.get('name')}: unknown keys {sorted(unknown)}")
        if not EXPECTATIONS & set(row):
            raise ScenarioError(f"{path.name}: {row['name']}: expects nothing")
        row["file"] = path.name
    return rows


def load_all() -> list[dict[str, Any]]:
    """Every scenario of the folder; names are unique."""
    rows = [row for path in sorted((HERE / "scenarios").glob("*.toml")) for row in load(path)]
    twice = [name for name, number in Counter(row["name"] for row in rows).items() if number > 1]
    if twice:
        raise ScenarioError(f"names used twice: {twice}")
    return rows


@cache
def _bases() -> dict[str, Any]:
    return tomllib.loads((HERE / "bases.toml").read_text(encoding="utf-8"))


class _Narrative:
    """A made-up narrative in which every finding gets words of its own."""

    def __init__(self) -> None:
        self.text = ""

    def say(self, words: str) -> tuple[Span, ...]:
        start = len(self.text)
        self.text += words + ". "
        return (Span(start, start + len(words), words),)


def _value(text: str) -> Any:
    if text in ("true", "false"):
        return text == "true"
    if text == "none":
        return None
    try:
        return int(text) if text.lstrip("-").isdigit() else float(text)
    except ValueError:
        return text


def _parse(line: str) -> tuple[str, str, dict[str, str], list[str]]:
    head, _, tail = line.partition("|")
    kind, _, name = head.strip().partition(" ")
    pairs: dict[str, str] = {}
    words: list[str] = []
    for word in tail.split():
        key, sign, value = word.partition("=")
        if sign:
            pairs[key] = value
        else:
            words.append(word)
    return kind, name.strip(), pairs, words


def _take(line: str, found: Mapping[str, Any], known: Iterable[str]) -> None:
    unknown = set(found) - set(known)
    if unknown:
        raise ScenarioError(f"{line!r}: unknown {sorted(unknown)}")


def _dose(text: str) -> Dose:
    number, _, unit = text.partition("_")
    return Dose(float(number), unit)


def build(row: Mapping[str, Any]) -> tuple[Report, Findings]:
    """The report and the findings that a scenario tells."""
    base = _bases()[row["base"]] if "base" in row else {}
    narrative = _Narrative()
    medications: list[Medication] = []
    interventions: list[Intervention] = []
    conditions: list[Condition] = []
    prongs: dict[str, Prong] = {}
    vitals: list[Vital] = []
    statements: list[Statement] = []
    for line in [*base.get("find", []), *row.get("find", [])]:
        kind, name, pairs, words = _parse(line)
        evidence = narrative.say(line)
        doubts = ("performer",) if "doubtful" in words else ()
        source: Any = pairs.pop("source", "text")
        flags = dict.fromkeys(words, True)
        if kind == "med":
            _take(line, pairs, ["route", "count", "dose", "status", "by", "reason", "detail"])
            _take(line, flags, ["maintained", "plain_iv", "total_only", "timed", "doubtful"])
            medications.append(
                Medication(
                    name,
                    route=pairs.get("route", "unknown"),  # type: ignore[arg-type]
                    status=pairs.get("status", "given"),  # type: ignore[arg-type]
                    performer=pairs.get("by", "crew"),  # type: ignore[arg-type]
                    count=int(pairs.get("count", "1")),
                    dose=_dose(pairs["dose"]) if "dose" in pairs else None,
                    maintained="maintained" in flags,
                    method_stated="plain_iv" not in flags,
                    total_only="total_only" in flags,
                    time_stated="timed" in flags,
                    reason=pairs.get("reason"),
                    detail=pairs.get("detail"),
                    evidence=evidence,
                    doubts=doubts,
                    source=source,
                )
            )
        elif kind == "int":
            _take(line, pairs, ["detail", "reason"])
            marks = [word for word in words if word not in ("maintained", "doubtful")]
            status, performer = (marks + ["performed", "crew"][len(marks) :])[:2]
            interventions.append(
                Intervention(
                    name,  # type: ignore[arg-type]
                    status=status,  # type: ignore[arg-type]
                    performer=performer,  # type: ignore[arg-type]
                    maintained="maintained" in flags,
                    detail=pairs.get("detail"),
                    reason=pairs.get("reason"),
                    evidence=evidence,
                    doubts=doubts,
                    source=source,
                )
            )
        elif kind == "cond":
            _take(line, pairs, [])
            marks = [word for word in words if word != "doubtful"]
            conditions.append(
                Condition(
                    name,  # type: ignore[arg-type]
                    status=marks[0] if marks else "present",  # type: ignore[arg-type]
                    evidence=evidence,
                    doubts=doubts,
                    source=source,
                )
            )
        elif kind == "mob":
            _take(name, {name: 1}, ["get_up", "ambulate", "sit"])
            marks = [word for word in words if word not in ("contradicted", "doubtful")]
            counter = narrative.say(f"{name} otherwise") if "contradicted" in flags else ()
            prongs[name] = Prong(marks[0], evidence, counter, doubts=doubts)  # type: ignore[arg-type]
        elif kind == "vital":
            _take(line, pairs, ["detail"])
            vitals.append(
                Vital(
                    name,  # type: ignore[arg-type]
                    float(words[0]),
                    words[1] if len(words) > 1 else "",
                    pairs.get("detail"),
                    evidence,
                )
            )
        elif kind == "say":
            _take(line, pairs, ["about"])
            statements.append(Statement(name, pairs.get("about"), evidence))  # type: ignore[arg-type]
        else:
            raise ScenarioError(f"{line!r}: unknown kind {kind!r}")
    fields: dict[str, Any] = {}
    told: dict[str, tuple[Span, ...]] = {}
    for text in (base.get("call", ""), row.get("call", "")):
        for word in text.split():
            key, _, value = word.partition("=")
            _take(word, {key: 1}, _TRANSPORT)
            fields[key] = _value(value)
            if key == "dispatch_complaint" and fields[key] is not None:
                fields[key] = value.replace("_", " ")
            told[key] = narrative.say(word)
    report_fields = dict(row.get("report", {}))
    _take(str(row["name"]), report_fields, _REPORT)
    fields = {key: value for key, value in fields.items() if value is not None}
    transport = Transport(
        **fields,
        evidence={key: words for key, words in told.items() if key in fields},
        contradictions={
            key: narrative.say(f"{key} otherwise") for key in row.get("contradicts", [])
        },
    )
    findings = Findings(
        medications=tuple(medications),
        interventions=tuple(interventions),
        conditions=tuple(conditions),
        mobility=Mobility(**prongs),
        vitals=tuple(vitals),
        transport=transport,
        statements=tuple(statements),
    )
    return Report(narrative=narrative.text, **report_fields), findings


def all_lines(made: Determination) -> Iterable[Line]:
    """Every line of a determination, whatever part it stands in, parents first."""

    def walk(lines: Iterable[Line]) -> Iterable[Line]:
        for line in lines:
            yield line
            yield from walk(line.children)

    yield from walk(made.explanation)
    yield from walk(made.necessity.lines)
    yield from walk(made.checks)
    yield from walk(made.contradictions)
    for other in made.not_assigned:
        yield from walk(other.lines)


def all_evidence(made: Determination) -> Iterable[Span | RecordField]:
    """Every piece of evidence that a determination points at."""
    for line in all_lines(made):
        yield from line.evidence
        for item in (*line.counted, *line.not_counted):
            yield from item.evidence
    yield from made.necessity.evidence
    yield from made.necessity.counter
    for other in made.not_assigned:
        for missing in other.missing:
            yield from missing.evidence
    for group in (made.diagnoses, made.indicators, made.gaps):
        for one in group:
            yield from one.evidence
    if made.claimed is not None:
        yield from made.claimed.evidence


def date(text: str) -> dt.date:
    return dt.date.fromisoformat(text)
