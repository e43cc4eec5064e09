"""Whatever a scenario brings about is of its declared types, and the same in any order."""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Iterator
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
import scenario

from tripsheet.coding import Policies, determine
from tripsheet.determination import Determination
from tripsheet.findings import Findings

ROWS = {
    row["name"]: row
    for row in scenario.load_all()
    if "error" not in row and "known_failure" not in row
}


def reverse(findings: Findings) -> Findings:
    """The same findings, told to the rules from the last to the first."""
    return dataclasses.replace(
        findings,
        **{
            field.name: tuple(reversed(value))
            for field in dataclasses.fields(findings)
            if isinstance(value := getattr(findings, field.name), tuple)
        },
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def wrong(value: Any, kind: Any, where: str) -> Iterator[str]:
    """The places in a value that are not of the declared type."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        if all(list(wrong(value, one, where)) for one in get_args(kind)):
            yield f"{where}: {value!r}"
    elif origin is Literal:
        if value not in get_args(kind):
            yield f"{where}: {value!r}"
    elif origin is tuple:
        if not isinstance(value, tuple):
            yield f"{where}: {value!r}"
            return
        for number, one in enumerate(value):
            yield from wrong(one, get_args(kind)[0], f"{where}[{number}]")
    elif dataclasses.is_dataclass(kind):
        if type(value) is not kind:
            yield f"{where}: {value!r}"
            return
        for name, hint in _hints(kind).items():
            yield from wrong(getattr(value, name), hint, f"{where}.{name}")
    elif kind is float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            yield f"{where}: {value!r}"
    elif type(value) is not kind:
        yield f"{where}: {value!r}"


def test_the_check_itself_finds_what_is_wrong() -> None:
    made = determine(*scenario.build(next(iter(ROWS.values()))))
    for name, value in (("hcpcs", "A0425"), ("modifiers", None), ("checks", [])):
        assert list(wrong(dataclasses.replace(made, **{name: value}), Determination, ""))
    line = dataclasses.replace(made.explanation[0], policy="", flag=None)
    found = list(wrong(dataclasses.replace(made, explanation=(line,)), Determination, ""))
    assert found == [".explanation[0].flag: None"]


@pytest.mark.parametrize("name", ROWS)
def test_every_field_is_of_its_type_and_no_order_of_findings_matters(name: str) -> None:
    row = ROWS[name]
    report, findings = scenario.build(row)
    policies = Policies.from_mapping(row.get("policies", {}))
    made = determine(report, findings, policies=policies)
    assert not list(wrong(made, Determination, "determination"))
    switches = {None, *(field.name for field in dataclasses.fields(Policies))}
    for line in scenario.all_lines(made):
        assert line.policy in switches
        assert line.statement
        assert line.citation
    assert determine(report, reverse(findings), policies=policies) == made
