"""Specialty care transport and paramedic intercept.

42 CFR 414.605; Benefit Policy Manual ch. 10 s. 30.1.1; facilities by 71 FR 69716.
"""

from __future__ import annotations

from tripsheet.coding.case import Case, state_of
from tripsheet.coding.conditions import Standing
from tripsheet.coding.trace import BPM_LEVELS, CFR_LEVELS, label, listing
from tripsheet.determination import Line
from tripsheet.findings import Evidence
from tripsheet.values import value


@value
class SpecialtyCare:
    """The four facts of specialty care transport, each with its line."""

    facilities: bool
    critical: bool
    beyond: bool
    specialist: bool
    only_said: bool
    lines: tuple[Line, ...]
    """One line a fact: the two ends, the illness, the care, the specialist."""

    def line(self) -> Line:
        """The line of the whole definition, with its four facts under it."""
        met = self.facilities and self.critical and self.beyond and self.specialist
        short = [line.statement for line in self.lines if line.outcome != "met"]
        return Line(
            "sct",
            "met" if met else "not_met",
            "Specialty care: a critically ill patient between facilities, with care beyond a "
            "paramedic's scope by a specialist aboard."
            if met
            else f"No specialty care transport. {' '.join(short)}",
            CFR_LEVELS,
            self.lines[2].evidence if met else (),
            flag=met and self.only_said,
            children=self.lines,
        )


_NOT_CRITICAL = Line(
    "sct.critical", "not_documented", "No critical illness or injury is told.", CFR_LEVELS
)
_VENTILATOR = label("mechanical_ventilation")
_SAID = "care told as specialty care"
_NOT_BEYOND = Line(
    "sct.beyond_paramedic",
    "not_documented",
    "No care beyond a paramedic's scope is told.",
    CFR_LEVELS,
)


def relevant(case: Case) -> bool:
    """Whether specialty care is worth a line: a transfer, specialty staff, or a claim of it."""
    return (
        case.interfacility
        or case.specialist is not None
        or case.crew_level in case.rules.specialists
        or case.said("specialty_care")
        or (case.report.claimed_hcpcs or "").strip().upper().startswith("A0434")
    )


def beyond_paramedic(case: Case) -> tuple[tuple[str, ...], tuple[Evidence, ...], bool]:
    """R1.7-b, R5.1-d: care beyond the paramedic's scope of the state, told as given.

    Returns the names of the care, its evidence, and whether only a statement tells it.
    """
    names: list[str] = []
    evidence: list[Evidence] = []
    for id, acts in case.performed.items():
        if id not in case.rules.beyond_in_transfer:
            continue
        for act in acts:
            skill = case.scope.intervention(id, act.detail, act.maintained)
            if skill is not None and skill.level == "beyond":
                names.append(label(id))
                evidence.extend(act.evidence)
    drips = [
        drug
        for drug in case.given
        if drug.route == "iv_infusion" and drug.name in case.rules.vasoactive_or_sedative
    ]
    if len({drug.name for drug in drips}) >= case.rules.infusions:
        names.extend(f"{label(drug.name)} infusion" for drug in drips)
        evidence.extend(one for drug in drips for one in drug.evidence)
    only_said = not names and case.said("specialty_care")
    if case.said("specialty_care"):
        names.append(_SAID)
        evidence.extend(case.says("specialty_care"))
    return tuple(sorted(dict.fromkeys(names))), tuple(dict.fromkeys(evidence)), only_said


def specialty_care(case: Case, conditions: dict[str, Standing]) -> SpecialtyCare:
    """R1.7-a to R1.7-f: interfacility, critically ill, care beyond a paramedic, a specialist."""
    rules = case.rules
    ends = (
        rules.facilities | {"I"} if case.policies.transfer_point_is_facility else rules.facilities
    )
    at_transfer_point = "I" in (case.origin, case.destination)
    places = [place for place in (case.origin, case.destination) if place is not None]
    known_ends = len(places) == 2
    covered = all(place in ends for place in places)
    # A transfer told as one between facilities may leave a letter untold; a 911 call of a nursing
    # facility is no transfer.
    facilities = (
        case.mode == "ground"
        and covered
        and (case.interfacility or (known_ends and case.response != "emergency"))
    )
    ends_line = Line(
        "sct.facilities",
        "met" if facilities else "not_met" if known_ends or not covered else "not_documented",
        "A hospital or skilled nursing facility at both ends."
        if facilities
        else "No hospital or skilled nursing facility at both ends."
        if not covered
        else "An emergency call of a facility, not a transfer between two."
        if known_ends
        else "The kind of place at both ends is not told.",
        "42 CFR 414.605; 71 FR 69716",
        case.field("origin") + case.field("destination"),
        policy="transfer_point_is_facility" if at_transfer_point else None,
        flag=at_transfer_point or (facilities and not known_ends),
    )
    names, evidence, only_said = beyond_paramedic(case)
    ill = [
        (rules.conditions[id].name, found.evidence)
        for id, found in conditions.items()
        if rules.conditions[id].critical
    ]
    # a ventilator by tracheostomy, or a nursing home's, is as often a stable patient's own
    ventilated = {
        one for act in case.performed.get("mechanical_ventilation", ()) for one in act.evidence
    }
    dependent = rules.conditions["ventilator_dependent"].name
    if "N" in places or "tracheostomy_care" in case.performed:
        ill = [
            (name, found)
            for name, found in ill
            if name != dependent and not ventilated.issuperset(found)
        ]
        own = {_VENTILATOR, _SAID}
    else:
        own = {_SAID}
    # life support by drips, pump or circuit tells its own need
    if not ill and set(names) - own:
        ill = [("the care itself", evidence)]
    critical = bool(ill)
    critical_line, beyond_line = _NOT_CRITICAL, _NOT_BEYOND
    if critical:
        critical_line = Line(
            "sct.critical",
            "met",
            f"Critically ill or injured: {listing(dict.fromkeys(name for name, _ in ill))}.",
            CFR_LEVELS,
            tuple(one for _, each in ill for one in each),
        )
    if names:
        beyond_line = Line(
            "sct.beyond_paramedic",
            "met",
            f"Care beyond a paramedic's scope: {listing(names)}.",
            CFR_LEVELS,
            evidence,
            flag=only_said,
        )
    who = case.specialist if case.specialist is not None else case.crew_level
    specialist = who in rules.specialists
    specialist_line = Line(
        "sct.specialist",
        "met" if specialist else "not_documented" if who is None else "not_met",
        f"A specialist rode along: {label(who)}."
        if specialist and who
        else "No nurse, respiratory therapist, physician or critical-care paramedic is told.",
        CFR_LEVELS,
        case.field("specialist_aboard") + case.field("crew_level"),
    )
    return SpecialtyCare(
        facilities,
        critical,
        bool(names),
        specialist,
        only_said,
        (ends_line, critical_line, beyond_line, specialist_line),
    )


def intercept(case: Case, als_care: bool) -> Line | None:
    """R1.8-a, R1.8-b: every fact of a paramedic intercept, or none of it.

    The facts come from the record, or from statements of the intercept that are about
    `new_york`, `rural`, `contract` or `barred_from_billing`.
    """
    if not case.said("paramedic_intercept"):
        return None
    report = case.report
    told = {one.about for one in case.statements["paramedic_intercept"]}
    facts = (
        (
            "New York",
            state_of(report) == "NY" if report.state else _told(told, "new_york"),
        ),
        ("a rural area", _first(report.rural, _told(told, "rural"))),
        (
            "a contract with the volunteer service",
            _first(report.joint_response_agreement, _told(told, "contract")),
        ),
        (
            "a volunteer service barred by law from billing",
            _first(report.volunteer_barred_from_billing, _told(told, "barred_from_billing")),
        ),
        ("ALS care by the intercepting unit", als_care),
    )
    lacking = [name for name, value in facts if not value]
    against = any(value is False for _, value in facts)
    return Line(
        "intercept",
        "met" if not lacking else "not_met" if against else "not_documented",
        "A paramedic intercept: every condition is told."
        if not lacking
        else f"No paramedic intercept; not told or not so: {listing(lacking)}.",
        f"{BPM_LEVELS}; 42 CFR 410.40",
        case.says("paramedic_intercept"),
        flag=True,
    )


def _told(about: set[str | None], fact: str) -> bool | None:
    return True if fact in about else None


def _first(recorded: bool | None, told: bool | None) -> bool | None:
    return told if recorded is None else recorded
