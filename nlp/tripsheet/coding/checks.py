"""Coverage checks beside the level: staffing, destination, certification, signature and others.

Each is met, not met, not documented or not applicable; none changes the level.
"""

from __future__ import annotations

import datetime as dt

from tripsheet.coding import air
from tripsheet.coding.case import Case
from tripsheet.coding.level import LevelResult
from tripsheet.coding.modifiers import pair
from tripsheet.coding.necessity import Weighed
from tripsheet.determination import Line
from tripsheet.vocabulary import RuleOutcome

_FACILITIES = frozenset("HNEDGJ")


def repetitive(case: Case) -> bool:
    """R2.5-f: three or more round trips in ten days, or told so."""
    trips = case.report.round_trips_last_10_days
    limit = case.rules.certification.repetitive_round_trips
    return case.said("repetitive_transport") or (trips is not None and trips >= limit)


def _holds(signer: str, titles: frozenset[str]) -> bool:
    """Whether a signer's title, as the record has it, holds one of the titles as whole words."""
    words = signer.casefold().replace(".", "").replace(",", " ").replace("-", " ")
    padded = f" {' '.join(words.split())} "
    if " physician assistant " in padded:
        padded = " pa "  # a title that holds another one
    return any(f" {title} " in padded for title in titles)


def certification(case: Case) -> Line:
    """R2.5: whether a physician certification is due, there, in time and by the right signer."""
    table = case.rules.certification

    def line(outcome: RuleOutcome, sentence: str, flag: bool = False) -> Line:
        return Line("check.pcs", outcome, sentence, table.citation, case.field("pcs"), flag=flag)

    if not case.is_transport:
        return line("not_applicable", "No transport, no certification.")
    if case.response == "emergency":  # R2.4-c
        return line("not_applicable", "An emergency transport needs no physician certification.")
    if case.response == "unknown":
        return line(
            "not_documented",
            "Whether a certification is due turns on the response, which is not told.",
        )
    often = repetitive(case)
    if not often and case.scheduled is False and case.origin in ("R", "S"):
        return line(
            "not_applicable",
            "An unscheduled transport from home needs no physician certification.",
            case.pcs is None,
        )
    if case.pcs is False:
        return line("not_met", "No physician certification is on record.")
    if case.pcs is None:
        return line("not_documented", "No physician certification is mentioned or on record.")
    signer, signed = case.report.pcs_signer, case.report.pcs_date
    problems: list[str] = []
    if signer is not None:
        physician = _holds(signer, table.physician)
        if often and not physician:  # case 93
            problems.append("a repetitive transport needs the attending physician's signature")
        elif not physician and _holds(signer, table.not_yet):
            problems.append("the signer could not certify on that day yet")
        elif not physician and not _holds(signer, table.others):
            problems.append("the signer is none of those who may certify")
    if signed is not None and case.day is not None:
        if often:
            earliest = case.day - dt.timedelta(days=table.days_before_repetitive)
            if signed > case.day:
                problems.append("it was signed after the service")
            elif signed < earliest:
                problems.append(
                    f"it was signed more than {table.days_before_repetitive} days before"
                )
        else:
            late = (signed - case.day).days
            if late > table.hours_after // 24:  # case 92
                problems.append(
                    f"it was signed {late} days after the transport, later than "
                    f"{table.hours_after} hours"
                    + (
                        "; a documented attempt may stand in"
                        if late > table.good_faith_days
                        else ""
                    )
                )
    if problems:
        return line("not_met", f"The certification does not hold: {'; '.join(problems)}.", True)
    known = signer is not None and signed is not None
    return line(
        "met",
        "A physician certification is on record."
        if known
        else "A physician certification is on record; check its signer and date.",
        not known,
    )


def prior_authorization(case: Case) -> Line | None:
    """R2.6: repetitive, scheduled, non-emergency ground transports."""
    if not case.rules.prior_authorization or case.mode != "ground" or not repetitive(case):
        return None
    if case.response == "emergency" or not case.is_transport:
        return None
    held = case.report.prior_authorization
    trips = case.report.round_trips_last_10_days
    first = case.rules.certification.review_from_trip
    sentence = (
        "A prior authorization covers this repetitive transport."
        if held
        else "No prior authorization covers this repetitive transport; "
        f"from round trip {first} on it is reviewed before payment."
    )
    return Line(
        "check.prior_authorization",
        "met" if held else "not_met" if held is False else "not_documented",
        sentence,
        "CMS RSNAT prior authorization model",
        case.says("repetitive_transport"),
        flag=not held and trips is not None and trips >= first,
    )


def signature(case: Case) -> Line:
    """R2.8: the beneficiary's signature, or that of somebody who may sign, or the crew's."""
    evidence = case.field("signature")
    if not case.is_transport:
        return Line(
            "check.signature", "not_applicable", "Nothing is claimed for a transport.",
            "42 CFR 424.36",
        )  # fmt: skip
    if case.signature:
        return Line(
            "check.signature", "met", "A signature for the claim is told.", "42 CFR 424.36",
            evidence,
        )  # fmt: skip
    if case.signature is False:
        return Line(
            "check.signature",
            "not_met",
            "No signature for the claim; a patient able to sign who refuses leaves no claim to "
            "Medicare.",
            "42 CFR 424.36",
            evidence,
            flag=True,
        )
    return Line(
        "check.signature",
        "not_documented",
        "Nothing is told of a signature; where nobody could sign, the crew's own statement must "
        "say why and the receiving facility must confirm."
        if case.rules.signature_exception_any_trip or case.response == "emergency"
        else "Nothing is told of a signature.",
        "42 CFR 424.36(b)",
    )


def destination(case: Case) -> tuple[Line, ...]:
    """R2.7, R3.2: the pair of places, and why this destination."""
    if not case.is_transport:
        return ()
    letters = pair(case)
    evidence = case.field("origin") + case.field("destination")
    citation = "42 CFR 410.40(f)"
    if letters is None:
        lines = [
            Line("check.destination", "not_documented",
                 "The kind of place at one end or both is not told.", citation, evidence)
        ]  # fmt: skip
    else:
        kind = case.rules.pairs[letters]
        where = f"from {case.rules.letters[letters[0]]} to {case.rules.letters[letters[1]]}"
        if kind == "C":
            lines = [
                Line("check.destination", "met", f"A covered pair of places: {where}.", citation,
                     evidence)
            ]  # fmt: skip
        elif kind == "L":
            why = case.rules.limited.get(letters, "covered in limited cases only")
            lines = [
                Line("check.destination", "not_documented", f"A limited pair of places, {where}: "
                     f"{why}.", citation, evidence, flag=True)
            ]  # fmt: skip
        else:
            lines = [
                Line("check.destination", "not_met", f"Not a covered pair of places: {where}.",
                     citation, evidence)
            ]  # fmt: skip
    if case.said("destination_preference"):  # R2.7-d, R2.7-f, case 81
        reason = case.said("distance_reason") or case.said("nearest_appropriate")
        lines.append(
            Line(
                "check.nearest_appropriate",
                "not_documented" if reason else "not_met",
                "The destination was chosen by preference; miles beyond the nearest appropriate "
                "facility belong to A0888 with GY.",
                "Benefit Policy Manual ch. 10 s. 10.3.5; Claims Processing Manual ch. 15 s. 30.2.4",
                case.says("destination_preference"),
                flag=True,
            )
        )
    elif case.said("distance_reason") or case.said("nearest_appropriate"):
        lines.append(
            Line(
                "check.nearest_appropriate",
                "met",
                "The reason for this destination is told.",
                "Benefit Policy Manual ch. 10 s. 10.3.5",
                case.says("distance_reason") + case.says("nearest_appropriate"),
            )
        )
    return tuple(lines)


def bundling(case: Case) -> tuple[Line, ...]:
    """R2.7-h, R2.7-j: who else already pays: hospital, skilled nursing facility, hospice."""
    lines: list[Line] = []
    if case.report.snf_part_a or case.said("snf_part_a"):
        exempt = case.destination in ("G", "J") or case.origin in ("G", "J")
        lines.append(
            Line(
                "check.snf_part_a",
                "met" if exempt else "not_documented",
                "A resident in a Part A stay: dialysis is paid apart from the facility."
                if exempt
                else "A resident in a Part A stay: the facility may owe this transport.",
                "Benefit Policy Manual ch. 10 s. 10.3.3",
                case.says("snf_part_a"),
                flag=not exempt,
            )
        )
    if case.said("inpatient_move"):
        lines.append(
            Line(
                "check.inpatient",
                "not_met",
                "A move during an inpatient stay is the hospital's own cost.",
                "Benefit Policy Manual ch. 10 s. 10.3.3",
                case.says("inpatient_move"),
                flag=True,
            )
        )
    if case.report.hospice or case.said("hospice"):
        lines.append(
            Line(
                "check.hospice",
                "not_documented",
                "A hospice patient: transport for the terminal illness belongs to the hospice; "
                "modifier GW is for a transport unrelated to it.",
                "Benefit Policy Manual ch. 9 s. 40",
                case.says("hospice"),
                flag=True,
            )
        )
    return tuple(lines)


def miles(case: Case) -> Line | None:
    """R3.5-a: loaded miles told; zero miles are no measurement."""
    if not case.is_transport:
        return None
    if case.loaded_miles:
        return Line(
            "check.mileage", "met", "The loaded miles are told.",
            "Claims Processing Manual ch. 15 s. 20.2", case.field("loaded_miles"),
        )  # fmt: skip
    return Line(
        "check.mileage",
        "not_documented",
        "The loaded miles are not told."
        if case.loaded_miles is None
        else "Zero loaded miles are given for a transport.",
        "Claims Processing Manual ch. 15 s. 20.2",
        case.field("loaded_miles"),
        flag=case.loaded_miles == 0,
    )


def multiple_patients(case: Case, decided: LevelResult) -> Line | None:
    """R1.13: each patient keeps the level that was necessary for that patient."""
    if case.patients < 2 or not case.is_transport:
        return None
    return Line(
        "check.multiple_patients",
        "met",
        f"{case.patients} patients aboard: modifier GM; this patient's own care decides the level.",
        "Benefit Policy Manual ch. 10 s. 10.3.10",
        case.field("patients"),
    )


def dialysis(case: Case, decided: LevelResult) -> Line | None:
    """R1.1-e: the reduction of non-emergency BLS to and from dialysis."""
    if decided.hcpcs != "A0428" or not case.rules.dialysis_reduction:
        return None
    if not {"G", "J"} & {case.origin, case.destination}:
        return None
    return Line(
        "check.dialysis_reduction",
        "met",
        "Non-emergency BLS to or from dialysis is paid at the reduced rate.",
        "42 CFR 414.610(c)(8)",
        case.field("origin") + case.field("destination"),
    )


def level_necessity(case: Case, weighed: Weighed, decided: LevelResult) -> Line | None:
    """R2.1-b, R2.9-a: the level, as the trip, needs a condition that called for it."""
    if decided.hcpcs not in ("A0426", "A0427", "A0433") or not decided.interventions.any:
        return None
    carrying = [
        found
        for id, found in weighed.conditions.items()
        if id not in ("oxygen_or_emergency_treatment", "stretcher_only", "bed_confined")
    ]
    return Line(
        "check.level_necessity",
        "met" if carrying else "not_documented",
        "A condition that the ALS care answered is told."
        if carrying
        else "ALS care is told without a condition that it answered.",
        "42 CFR 414.605; Claims Processing Manual ch. 15 s. 20.5",
        carrying[0].evidence if carrying else decided.interventions.line.evidence,
        flag=not carrying,
    )


def checks(case: Case, weighed: Weighed, decided: LevelResult) -> tuple[Line, ...]:
    """Every check that applies, in a fixed order."""
    if not case.told:
        return ()
    lines: list[Line | None] = [
        certification(case),
        prior_authorization(case),
        signature(case),
        *destination(case),
        *bundling(case),
        miles(case),
        level_necessity(case, weighed, decided),
        multiple_patients(case, decided),
        dialysis(case, decided),
    ]
    if case.mode != "ground" and case.is_transport:
        lines.extend(air.checks(case, weighed.acute, decided.ground_equivalent))
    if case.said("flight_aborted"):
        lines.append(
            Line(
                "check.flight_aborted",
                "not_met" if not case.is_transport else "met",
                "A flight that ended before loading is not paid."
                if not case.is_transport
                else "A flight cut short after loading is paid for the miles flown.",
                "Benefit Policy Manual ch. 10 s. 10.4",
                case.says("flight_aborted"),
            )
        )
    return tuple(line for line in lines if line is not None)
