"""Air ambulance: its own necessity. Benefit Policy Manual ch. 10 s. 10.4."""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.coding.trace import listing
from tripsheet.determination import Line
from tripsheet.vocabulary import Hcpcs

_CITATION = "Benefit Policy Manual ch. 10 s. 10.4"


def checks(case: Case, acute: bool, ground: Hcpcs) -> tuple[Line, ...]:
    """R1.10-a, R1.10-d, R1.10-e: the need of air, its destination, the lower ground level."""
    time, access = case.said("air_time_reason"), case.said("air_access_reason")
    evidence = case.says("air_time_reason") + case.says("air_access_reason")
    reasons = [
        name
        for name, told in (("the time by ground", time), ("a place out of reach by ground", access))
        if told
    ]
    needed = acute and bool(reasons)
    lacking = [] if reasons else ["why ground transport would not do"]
    if not acute:
        lacking.append("a condition that needed rapid transport")
    necessity = Line(
        "check.air_necessity",
        "met" if needed else "not_documented",
        f"Air was needed: an acute condition and {listing(reasons)}."
        if needed
        else f"The need of air is not told: {listing(lacking)}.",
        f"{_CITATION}.1",
        evidence,
        flag=not needed,
    )
    lines = [necessity]
    if case.destination is not None:
        hospital = case.destination == "H"
        lines.append(
            Line(
                "check.air_destination",
                "met" if hospital else "not_met",
                "The flight ended at a hospital."
                if hospital
                else "A flight is covered to an acute-care hospital only.",
                f"{_CITATION}.5",
                case.field("destination"),
            )
        )
    if not needed:
        lines.append(
            Line(
                "check.air_ground_level",
                "not_documented",
                f"If ground transport would have done, the ground level is paid: {ground}.",
                f"{_CITATION}.6",
                flag=True,
            )
        )
    return tuple(lines)
