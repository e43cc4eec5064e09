"""The mileage line. Claims Processing Manual ch. 15 s. 20.2; CR 7065, Transmittal 2103."""

from __future__ import annotations

from decimal import ROUND_CEILING, Decimal

from tripsheet.coding.case import Case
from tripsheet.determination import Mileage

_TENTH, _WHOLE = Decimal("0.1"), Decimal("1")


def units(case: Case, miles: float) -> tuple[float, str]:
    """R3.5-b to R3.5-f: billable units of so many loaded miles, and how they were rounded.

    Ground miles below the limit are rounded up to the tenth, from the limit on (100 since 2011)
    to the whole mile; air miles by the policy `air_mileage_rounding`: always to the whole mile,
    or as ground miles. Decimal arithmetic keeps
    8.4 at 8.4.
    """
    exact = Decimal(str(miles))
    by_tenth = case.mode == "ground" or case.policies.air_mileage_rounding == "tenth"
    tenths = by_tenth and miles < case.rules.whole_miles_from
    step, how = (_TENTH, "up to the tenth") if tenths else (_WHOLE, "up to the whole mile")
    return float(exact.quantize(step, rounding=ROUND_CEILING)), how


def mileage(case: Case) -> Mileage | None:
    """R3.5-a: loaded miles of a transport; None without a transport, after QL, or untold."""
    miles = case.loaded_miles
    if not miles or not case.is_transport:
        return None
    code = case.rules.mileage_codes[case.mode]
    billed, how = units(case, miles)
    return Mileage(
        code,
        billed,
        miles,
        f"{miles:g} loaded miles, rounded {how}: {billed:g}.",
        case.rules.mileage_citation
        if case.mode == "ground"
        else "Claims Processing Manual ch. 15 s. 20.2",
    )
