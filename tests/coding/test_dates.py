"""Each day on which a rule changed, from both sides: the day before and the day itself."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import scenario

from tripsheet.coding import determine
from tripsheet.determination import Determination
from tripsheet.errors import TripsheetError

DAY = dt.timedelta(days=1)
START = dt.date(2002, 4, 1)


def code(day: dt.date, base: str, **row: Any) -> Determination:
    report = {"date_of_service": day, **row.pop("report", {})}
    return determine(*scenario.build({"name": str(day), "base": base, "report": report, **row}))


def outcome(made: Determination, rule: str) -> str | None:
    return next((line.outcome for line in scenario.all_lines(made) if line.rule == rule), None)


CHANGES: list[tuple[str, str, dict[str, Any], str, Any, Any]] = [
    # day, base, what the call adds, what is looked at, before, from that day on
    *[
        (
            "2025-01-01", "als_911", {"find": [f"int blood_transfusion | detail={product}"]},
            "level", "A0427", "A0433",
        )
        for product in ("whole_blood", "packed_red_cells", "plasma")
    ],
    (
        "2025-01-01", "als_911", {"find": ["int blood_transfusion | detail=platelets"]},
        "level", "A0427", "A0427",
    ),
    (
        "2025-01-01", "als_911", {"find": ["int io_access"]}, "level", "A0433", "A0433",
    ),
    *[
        (
            "2007-01-01", "cct_transfer",
            {"call": call, "find": ["int balloon_pump | maintained", "cond cardiac_distress"]},
            "level", code, code,
        )
        for call, code in (
            ("destination=H", "A0434"), ("destination=N", "A0434"), ("origin=N", "A0434"),
            ("destination=R interfacility=none", "A0426"),
            ("origin=E interfacility=none", "A0426"),
        )
    ],
    ("2011-01-01", "als_911", {"call": "loaded_miles=1.43"}, "miles", 2.0, 1.5),
    ("2011-01-01", "als_911", {"call": "loaded_miles=0.05"}, "miles", 1.0, 0.1),
    ("2011-01-01", "als_911", {"call": "loaded_miles=100.3"}, "miles", 101.0, 101.0),
    ("2018-10-01", "dialysis", {}, "check.dialysis_reduction", None, "met"),
    ("2018-10-01", "dialysis", {"call": "origin=J destination=R"},
     "check.dialysis_reduction", None, "met"),
    ("2018-10-01", "dialysis", {"call": "destination=G"}, "check.dialysis_reduction", None, "met"),
    ("2018-10-01", "dialysis", {"call": "destination=H"}, "check.dialysis_reduction", None, None),
    *[
        (
            "2020-01-01", "bls_transfer",
            {"report": {"pcs_on_file": True, "pcs_signer": signer}}, "check.pcs", "not_met", "met",
        )
        for signer in ("LPN", "social worker", "case manager")
    ],
    *[
        (
            "2020-01-01", "bls_transfer",
            {"report": {"pcs_on_file": True, "pcs_signer": signer}}, "check.pcs", "met", "met",
        )
        for signer in ("MD", "PA", "NP", "CNS", "RN", "discharge planner")
    ],
    (
        "2022-08-01", "dialysis",
        {"report": {"round_trips_last_10_days": 3, "prior_authorization": False}},
        "check.prior_authorization", None, "not_met",
    ),
]  # fmt: skip


def seen(made: Determination, what: str) -> Any:
    if what == "level":
        return made.hcpcs
    if what == "miles":
        return made.mileage.units if made.mileage else None
    return outcome(made, what)


@pytest.mark.parametrize(("day", "base", "row", "what", "before", "after"), CHANGES)
def test_a_rule_changes_on_its_day_and_not_before(
    day: str, base: str, row: dict[str, Any], what: str, before: Any, after: Any
) -> None:
    first = dt.date.fromisoformat(day)
    for service, wanted in (
        (START, before),
        (first - DAY, before),
        (first, after),
        (first + DAY, after),
        (dt.date(2030, 1, 1), after),
    ):
        report = dict(row.get("report", {}))
        if "pcs_signer" in report:
            report["pcs_date"] = service
        made = code(service, base, **{**row, "report": report})
        assert seen(made, what) == wanted, service


@pytest.mark.parametrize("day", ["2001-12-31", "2002-01-01", "2002-03-31"])
def test_no_rules_stand_before_the_fee_schedule(day: str) -> None:
    with pytest.raises(TripsheetError) as caught:
        code(dt.date.fromisoformat(day), "bls_911")
    assert caught.value.field == "date_of_service"
    assert "2002" in str(caught.value)


def test_every_day_since_the_fee_schedule_has_one_rule_set_and_they_never_go_back() -> None:
    names = []
    day = START
    while day < dt.date(2027, 1, 1):
        names.append(code(day, "bls_911").rules)
        day += dt.timedelta(days=13)
    assert names == sorted(names)
    assert names[0] == "2002-04"
    assert {"2007-01", "2011-01", "2018-10", "2020-01", "2022-08", "2025-01"} <= set(names)


def test_a_day_not_told_is_coded_by_the_newest_rules() -> None:
    find = ["int blood_transfusion | detail=plasma"]
    untold = determine(*scenario.build({"name": "x", "base": "als_911", "find": find}))
    today = code(dt.date(2026, 6, 1), "als_911", find=find)
    assert (untold.hcpcs, untold.rules) == (today.hcpcs, today.rules) == ("A0433", today.rules)


CERTIFIED = dt.date(2026, 3, 2)


@pytest.mark.parametrize(
    ("days", "repetitive", "wanted"),
    [
        (-61, True, "not_met"),
        (-60, True, "met"),
        (-59, True, "met"),
        (-1, True, "met"),
        (0, True, "met"),
        (1, True, "not_met"),
        (0, False, "met"),
        (1, False, "met"),
        (2, False, "met"),
        (3, False, "not_met"),
        (21, False, "not_met"),
        (22, False, "not_met"),
    ],
)
def test_a_certification_is_in_time(days: int, repetitive: bool, wanted: str) -> None:
    """60 days before for repetitive transports; 48 hours after for all others."""
    made = code(
        CERTIFIED,
        "dialysis" if repetitive else "bls_transfer",
        report={
            "pcs_on_file": True,
            "pcs_signer": "MD",
            "pcs_date": CERTIFIED + days * DAY,
        },
        find=["say repetitive_transport"] if repetitive else [],
    )
    assert outcome(made, "check.pcs") == wanted


def test_the_crews_statement_stands_in_for_a_signature_off_an_emergency_from_2009_on() -> None:
    def words(day: dt.date, base: str) -> str:
        made = code(day, base, call="signature=none")
        return next(
            one.statement for one in scenario.all_lines(made) if one.rule == "check.signature"
        )

    first = dt.date(2009, 1, 1)
    assert words(first - DAY, "bls_911") == words(first, "bls_911")
    assert words(first, "bls_transfer") == words(first, "bls_911")
    assert words(first - DAY, "bls_transfer") != words(first, "bls_transfer")
