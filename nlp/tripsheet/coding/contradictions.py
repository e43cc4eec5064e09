"""Contradictions: record against narrative, and the narrative against itself."""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.coding.level import LevelResult
from tripsheet.coding.necessity import Weighed
from tripsheet.coding.trace import label
from tripsheet.determination import Line
from tripsheet.findings import RecordField

_RECORD_NAMES = {
    "mode": "transport",
    "pcs": "pcs_on_file",
    "signature": "signature_on_file",
}


def contradictions(case: Case, weighed: Weighed, decided: LevelResult) -> tuple[Line, ...]:
    """Each contradiction as a line of its own; none is settled silently."""
    made: list[Line] = []
    for name, words in case.differing.items():
        made.append(
            Line(
                f"contradiction.record.{name}",
                "not_met",
                f"The record and the narrative differ on the {label(name)}; the record's value "
                "stands.",
                "42 CFR 410.40",
                (*words, RecordField(_RECORD_NAMES.get(name, name))),
                flag=True,
            )
        )
    stated = "bed_confined" in case.present or any(
        one.about == "bed_confined" for one in case.statements.get("vague_necessity", ())
    )
    mobility = case.findings.mobility
    moved = case.said("walked_to_ambulance") or case.said("sat_for_transport")
    if (stated or mobility.bed_confined == "yes") and (mobility.bed_confined == "no" or moved):
        made.append(  # R2.3-e, case 77
            Line(
                "contradiction.bed_confined",
                "not_met",
                "Bed-confinement is named, and the patient walked, sat or got up.",
                "42 CFR 410.40(e)(1)",
                weighed.necessity.counter,
                flag=True,
            )
        )
    for name in ("get_up", "ambulate", "sit"):
        prong = getattr(mobility, name)
        if prong.counter:
            made.append(
                Line(
                    f"contradiction.{name}",
                    "not_met",
                    f"The narrative speaks both ways on whether the patient could {label(name)}.",
                    "42 CFR 410.40(e)(1)",
                    prong.evidence + prong.counter,
                    flag=True,
                )
            )
    if (
        case.scheduled
        and "response" not in case.differing
        and (case.findings.transport.response == "emergency" or case.report.response == "emergency")
    ):
        made.append(  # case 67
            Line(
                "contradiction.scheduled",
                "not_met",
                "An emergency response is told of a trip that was booked ahead.",
                "42 CFR 414.605",
                case.field("response") + case.field("scheduled"),
                flag=True,
            )
        )
    if decided.crew.als is False and decided.interventions.any and case.crew_level == "emt":
        made.append(
            Line(
                "contradiction.staffing",
                "not_met",
                "Care of ALS scope is told of a crew whose highest level is EMT.",
                "42 CFR 410.41(b)",
                decided.crew.line.evidence + decided.interventions.line.evidence,
                flag=True,
            )
        )
    if case.transported is False and case.loaded_miles:
        made.append(
            Line(
                "contradiction.mileage",
                "not_met",
                "Loaded miles are given for a call without a transport.",
                "Claims Processing Manual ch. 15 s. 20.2",
                case.field("transported") + case.field("loaded_miles"),
                flag=True,
            )
        )
    if case.death == "before_loading" and case.transported:
        made.append(
            Line(
                "contradiction.death",
                "not_met",
                "A death before loading is told of a call with a transport.",
                "Benefit Policy Manual ch. 10 s. 10.2.6",
                case.field("death") + case.field("transported"),
                flag=True,
            )
        )
    if case.said("no_acute_condition") and weighed.acute and case.response == "emergency":
        made.append(
            Line(
                "contradiction.acute_condition",
                "not_met",
                "The narrative tells an acute condition and elsewhere that there was none.",
                "42 CFR 410.40(e)(1)",
                case.says("no_acute_condition") + weighed.necessity.evidence,
                flag=True,
            )
        )
    return tuple(made)
