"""Behaviour cases: sentences with inline markup, read from the TOML files beside this one.

`[words|label]` marks what must be found in a text; see `README.md` for the labels.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tripsheet.findings import Findings
from tripsheet.reading import reader
from tripsheet.report import Report
from tripsheet.vocabulary import CONDITIONS, INTERVENTIONS, ROUTES, VITALS

HERE = Path(__file__).parent
_MARK = re.compile(r"\[([^\[\]|]*)\|([^\[\]|]*)\]")
_PRONGS = ("get_up", "ambulate", "sit")
_POSITIVE = {"given", "performed", "attempted", "present"}


@dataclass(frozen=True)
class Case:
    """One case: its text without markup, its labels, and what it is held against."""

    id: str
    capability: str
    type: str
    text: str
    labels: tuple[str, ...]
    like: str | None = None
    than: str | None = None
    expect: tuple[str, ...] = ()
    only: bool = False
    record: dict[str, Any] = field(default_factory=dict)


@cache
def load() -> tuple[Case, ...]:
    """Every case of every file, in the order of the files."""
    cases: list[Case] = []
    for path in sorted(HERE.glob("*.toml")):
        if path.stem == "known_failures":
            continue
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for number, body in enumerate(table["case"], start=1):
            marked = body["text"]
            cases.append(
                Case(
                    id=f"{path.stem}-{number:03d}",
                    capability=table["capability"],
                    type=body["type"],
                    text=_MARK.sub(r"\1", marked),
                    labels=tuple(label for _, label in _MARK.findall(marked)),
                    like=_MARK.sub(r"\1", body["like"]) if "like" in body else None,
                    than=_MARK.sub(r"\1", body["than"]) if "than" in body else None,
                    expect=tuple(body.get("expect", ())),
                    only=body.get("only", False),
                    record=body.get("record", {}),
                )
            )
    return tuple(cases)


def read(text: str, record: dict[str, Any]) -> Findings:
    return reader().read(Report(narrative=text, **record))


def failures(case: Case) -> list[str]:
    """What a case misses, one short sentence each; empty where it holds."""
    found = read(case.text, case.record)
    missed = [f"not found: {label}" for label in case.labels if not holds(label, found)]
    if case.only:
        named = {label.split(":")[0] for label in case.labels}
        missed += [f"too much: {one.name}" for one in found.medications if one.name not in named]
        missed += [f"too much: {one.id}" for one in found.interventions if one.id not in named]
    if case.type == "invariance" and case.like is not None:
        ours, theirs = summary(found), summary(read(case.like, case.record))
        missed += [f"differs: {item}" for item in sorted((ours - theirs) | (theirs - ours))]
    missed += [f"expected: {words}" for words in case.expect if not _expected(words, found)]
    return missed


def holds(label: str, found: Findings) -> bool:
    """Whether a label of the markup is true of the findings."""
    if label.startswith("!"):
        return not _positive(label[1:], found)
    if "=" in label:
        kind, value = label.split("=", 1)
        return any(v.kind == kind and abs(v.value - float(value)) < 0.051 for v in found.vitals)
    name, status, *rest = label.split(":")
    if name in _PRONGS:
        return getattr(found.mobility, name).value == status  # type: ignore[no-any-return]
    if name in INTERVENTIONS:
        return any(
            one.id == name and one.status == status and (not rest or one.performer == rest[0])
            for one in found.interventions
        )
    if name in CONDITIONS:
        present = any(one.id == name and one.status == "present" for one in found.conditions)
        return present == (status == "present")
    maintained = "maintained" in rest
    rest = [word for word in rest if word != "maintained"]
    performer, route, count = [*rest, None, None, None][:3]  # type: ignore[operator]
    return any(
        one.name == name
        and one.status == status
        and (performer is None or one.performer == performer)
        and (route is None or one.route == route)
        and (count is None or one.count == int(count))
        and (not maintained or one.maintained)
        for one in found.medications
    )


def _positive(name: str, found: Findings) -> bool:
    if name in _PRONGS:
        return getattr(found.mobility, name).value != "not_documented"  # type: ignore[no-any-return]
    return (
        any(one.name == name and one.status in _POSITIVE for one in found.medications)
        or any(one.id == name and one.status in _POSITIVE for one in found.interventions)
        or any(one.id == name and one.status in _POSITIVE for one in found.conditions)
        or any(one.kind == name for one in found.vitals)
    )


def _expected(words: str, found: Findings) -> bool:
    """Whether a direction's expectation holds: an id, then label words in any order."""
    first, *rest = words.split()
    if first == "no":
        return not _positive(rest[0], found)
    if first in _PRONGS:
        return getattr(found.mobility, first).value == rest[0]  # type: ignore[no-any-return]
    if first in VITALS:
        return any(v.kind == first and abs(v.value - float(rest[0])) < 0.051 for v in found.vitals)
    if first in INTERVENTIONS:
        return any(
            one.id == first and all(word in (one.status, one.performer) for word in rest)
            for one in found.interventions
        )
    if first in CONDITIONS:
        present = any(one.id == first and one.status == "present" for one in found.conditions)
        return present == ("present" in rest)
    wanted = list(rest)
    count = None
    if "count" in wanted:
        at = wanted.index("count")
        count = int(wanted[at + 1])
        del wanted[at : at + 2]
    return any(
        one.name == first
        and (count is None or one.count == count)
        and all(
            word in (one.status, one.performer)
            or (word in ROUTES and word == one.route)
            or (word == "maintained" and one.maintained)
            for word in wanted
        )
        for one in found.medications
    )


def summary(found: Findings) -> Counter[str]:
    """The findings as a multiset without order, evidence, cues or details."""
    items: Counter[str] = Counter()
    for med in found.medications:
        items[
            f"{med.name} {med.status} {med.performer} {med.route} x{med.count} {med.maintained}"
        ] += 1
    for act in found.interventions:
        items[f"{act.id} {act.status} {act.performer}"] += 1
    for condition in found.conditions:
        if condition.status == "present":
            items[condition.id] += 1
    for prong in _PRONGS:
        items[f"{prong} {getattr(found.mobility, prong).value}"] += 1
    for vital in found.vitals:
        items[f"{vital.kind} {vital.value:g}"] += 1
    return items
