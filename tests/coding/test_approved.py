"""What the rules say, line by line, as a person approved it in `approved.txt`.

Every line that some scenario brings about stands there under the first scenario that does, once
for each kind of finding that it points at, with its outcome, flag, switch and citation. After a
change that is meant, write the file anew with `python tests/coding/test_approved.py` and read the
difference.
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
import scenario

from tripsheet.coding import Policies, determine
from tripsheet.determination import Determination, Line
from tripsheet.findings import RecordField, Span

APPROVED = Path(__file__).with_name("approved.txt")


def _points(evidence: tuple[Span | RecordField, ...]) -> str:
    words = [
        f"record {one.field}" if isinstance(one, RecordField) else one.text for one in evidence
    ]
    return f" <- {'; '.join(words)}" if words else ""


def _line(one: Line) -> Iterator[tuple[str, str]]:
    told = f"{one.rule}, {one.outcome}"
    told += ", flag" if one.flag else ""
    told += f", switch {one.policy}" if one.policy else ""
    told += f": {one.statement} ({one.citation})"
    for mark, items in (("+", one.counted), ("-", one.not_counted)):
        for item in items:
            told += f" {mark}{item.count} {item.name}: {item.reason}{_points(item.evidence)}"
    if one.children:
        told += f" [{' '.join(child.rule for child in one.children)}]"
    yield told, _points(one.evidence)
    for child in one.children:
        yield from _line(child)


def entries(made: Determination) -> Iterator[tuple[str, str]]:
    """Every part of a determination as one line of text, and the findings that it points at."""
    for one in (*made.explanation, *made.necessity.lines, *made.checks, *made.contradictions):
        yield from _line(one)
    for level in made.not_assigned:
        yield f"not {level.hcpcs}: {level.reason} ({level.citation})", ""
        for missing in level.missing:
            yield (
                f"not {level.hcpcs} lacks: {missing.fact}, {missing.stance}",
                _points(missing.evidence),
            )
        for one in level.lines:
            yield from _line(one)
    verdict = made.necessity
    yield (
        f"necessity {verdict.verdict}, {' '.join(verdict.basis)}: {verdict.statement} "
        f"({verdict.citation})",
        _points(verdict.evidence) + _points(verdict.counter).replace("<-", "against"),
    )
    rest: tuple[Any, ...] = (
        made.mileage, made.claimed, *made.diagnoses, *made.indicators, *made.gaps,
    )  # fmt: skip
    for part in rest:
        if part is not None:
            fields = [
                str(getattr(part, field.name))
                for field in dataclasses.fields(part)
                if field.name != "evidence"
            ]
            name = type(part).__name__.lower()
            yield f"{name} {' | '.join(fields)}", _points(getattr(part, "evidence", ()))
    for sentence in made.review:
        yield f"review: {sentence}", ""
    yield f"modifiers: {' '.join(made.modifiers)}", ""


def code(row: dict[str, Any]) -> list[tuple[str, str]]:
    report, findings = scenario.build(row)
    policies = Policies.from_mapping(row.get("policies", {}))
    return list(entries(determine(report, findings, policies=policies)))


@cache
def approved() -> dict[str, list[str]]:
    blocks: dict[str, list[str]] = {}
    for line in APPROVED.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            block = blocks.setdefault(line.removeprefix("## "), [])
        elif line and not line.startswith("#"):
            block.append(line)
    return blocks


def write() -> None:
    seen: set[str] = set()
    out = ["# What the rules say, each line under the first scenario that brings it about."]
    for row in scenario.load_all():
        if "error" in row or "known_failure" in row:
            continue
        fresh = {}
        for told, evidence in code(row):
            kinds = " ".join(sorted(set(re.findall(r"(?:<-|;|against) (\w+ ?\w*)", evidence))))
            if f"{told} {kinds}" not in seen:
                fresh[f"{told} {kinds}"] = told + evidence
        seen |= set(fresh)
        if fresh:
            out += ["", f"## {row['name']}", *fresh.values()]
    APPROVED.write_text("\n".join(out) + "\n", encoding="utf-8")


ROWS = {row["name"]: row for row in scenario.load_all()}


@pytest.mark.parametrize("name", approved() if APPROVED.exists() else [])
def test_a_scenario_says_what_was_approved(name: str) -> None:
    assert name in ROWS, "the scenario is gone: write approved.txt anew"
    said = {told + evidence for told, evidence in code(ROWS[name])}
    lacking = [line for line in approved()[name] if line not in said]
    assert not lacking, "\n".join(
        f"approved: {line}\nsaid now: {_same_part(line, said)}" for line in lacking
    )


def _same_part(line: str, said: set[str]) -> str:
    """What is said of the same rule or part."""
    part = re.split(r"[,:| ]", line)[0]
    return (
        " / ".join(sorted(one for one in said if re.split(r"[,:| ]", one)[0] == part)) or "nothing"
    )


if __name__ == "__main__":
    write()
