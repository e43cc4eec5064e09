"""Was it an emergency response? 42 CFR 414.605; Benefit Policy Manual ch. 10 s. 30.1.1."""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.coding.trace import CFR_LEVELS
from tripsheet.determination import Line


def response(case: Case) -> Line:
    """R1.4-a, R1.4-d, R1.4-e: an immediate response to 911 or its equivalent.

    Lights, sirens and how sick the patient was found are no part of the test; a trip booked
    ahead is no emergency response.
    """
    evidence = case.field("response")
    if case.response == "emergency":
        return Line(
            "response.emergency",
            "met",
            "An emergency response: an immediate response to a 911 call or its equivalent.",
            CFR_LEVELS,
            evidence,
        )
    if case.response == "non_emergency":
        booked = bool(case.scheduled)
        return Line(
            "response.emergency",
            "not_met",
            "No emergency response: the trip was booked ahead."
            if booked
            else "No emergency response.",
            CFR_LEVELS,
            (evidence + case.field("scheduled")) if booked else evidence,
        )
    return Line(
        "response.emergency",
        "not_documented",
        "How the unit was asked to respond is not told; the non-emergency code stands until it is.",
        CFR_LEVELS,
        flag=True,
    )


def transport(case: Case) -> Line:
    """R1.12-a: ambulance is a transport benefit; untold transport is assumed and flagged."""
    evidence = case.field("transported")
    if case.transported:
        return Line(
            "transport.loaded", "met", "The patient was transported.", "42 CFR 410.40", evidence
        )
    if case.transported is False:
        return Line(
            "transport.loaded",
            "not_met",
            "The patient was not transported; Medicare's ambulance benefit is a transport benefit.",
            "42 CFR 410.40",
            evidence,
        )
    return Line(
        "transport.loaded",
        "not_documented",
        "Whether the patient was transported is not told"
        + ("; it is assumed." if case.is_transport else "."),
        "42 CFR 410.40",
        policy="transport_assumed",
        flag=True,
    )
