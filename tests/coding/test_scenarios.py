"""Every scenario of `scenarios/*.toml`, one test each."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
import scenario

from tripsheet.coding import Policies, determine
from tripsheet.determination import Determination
from tripsheet.errors import TripsheetError

ROWS = scenario.load_all()


def _params() -> list[Any]:
    return [
        pytest.param(
            row,
            id=row["name"].replace(" ", "_"),
            marks=pytest.mark.xfail(reason=row["known_failure"], strict=True)
            if "known_failure" in row
            else (),
        )
        for row in ROWS
    ]


@pytest.mark.parametrize("row", _params())
def test_scenario(row: dict[str, Any]) -> None:
    report, findings = scenario.build(row)
    policies = Policies.from_mapping(row.get("policies", {}))
    if "error" in row:
        with pytest.raises(TripsheetError) as caught:
            determine(report, findings, policies=policies)
        assert caught.value.field == row["error"]
        return
    made = determine(report, findings, policies=policies)
    problems = list(_compare(row, made))
    assert not problems, "\n".join(problems)


def _compare(row: dict[str, Any], made: Determination) -> Any:
    def same(key: str, got: Any) -> Any:
        if key in row and row[key] != got:
            yield f"{key}: expected {row[key]!r}, got {got!r}"

    gaps = [gap.id for gap in made.gaps]
    lines = list(scenario.all_lines(made))
    by_rule = {line.rule: line for line in lines}
    yield from same("level", made.hcpcs)
    yield from same("rules", made.rules)
    yield from same("modifiers", list(made.modifiers))
    yield from same("necessity", made.necessity.verdict)
    yield from same(
        "mileage", [made.mileage.hcpcs, made.mileage.units] if made.mileage is not None else []
    )
    yield from same("claimed", made.claimed.verdict if made.claimed else None)
    yield from same("risk", made.claimed.risk if made.claimed else None)
    yield from same("indicators", [one.code for one in made.indicators])
    for key, got in (
        ("basis", made.necessity.basis),
        ("gaps", gaps),
        ("contradictions", [line.rule for line in made.contradictions]),
    ):
        if key in row and set(row[key]) != set(got):
            yield f"{key}: expected {sorted(row[key])}, got {sorted(got)}"
    for key, got in (
        ("basis_include", made.necessity.basis),
        ("gaps_include", gaps),
        ("not_assigned", [one.hcpcs for one in made.not_assigned]),
        ("diagnoses_include", [one.code for one in made.diagnoses]),
        ("flagged", [line.rule for line in lines if line.flag]),
        ("policies_named", [line.policy for line in lines]),
    ):
        missing = set(row.get(key, ())) - set(got)
        if missing:
            yield f"{key}: lacks {sorted(missing)}; there are {sorted({str(x) for x in got})}"
    present = set(row.get("gaps_exclude", ())) & set(gaps)
    if present:
        yield f"gaps_exclude: {sorted(present)} are there"
    wrong = {line.rule for line in lines if line.flag} & set(row.get("not_flagged", ()))
    if wrong:
        yield f"not_flagged: {sorted(wrong)} are flagged"
    for rule, outcome in row.get("trace", {}).items():
        got = by_rule[rule].outcome if rule in by_rule else "no such line"
        if got != outcome:
            yield f"trace: {rule}: expected {outcome}, got {got}"
    for key in ("counted", "not_counted"):
        if key in row:
            items = getattr(by_rule["als2.medications"], key)
            totals: Counter[str] = Counter()
            for item in items:
                totals[item.name] += item.count
            if dict(totals) != row[key]:
                yield f"{key}: expected {row[key]}, got {dict(totals)}"
    for code, stances in row.get("missing", {}).items():
        found = [one for one in made.not_assigned if one.hcpcs == code]
        got = [fact.stance for fact in found[0].missing] if found else None
        if got != stances:
            yield f"missing {code}: expected {stances}, got {got}"
    if len(made.review) < row.get("review_min", 0):
        yield f"review_min: expected {row['review_min']}, got {len(made.review)}"


def test_scenarios_are_enough() -> None:
    """The scenarios cover every edge case of the rule reference and are at least 150."""
    covered = {case for row in ROWS for case in row.get("cases", ())}
    assert len(ROWS) >= 150
    assert sorted(set(range(1, 95)) - covered) == []
