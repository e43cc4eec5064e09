"""ALS staffing, ALS interventions by scope of practice, and the ALS assessment.

42 CFR 414.605; Benefit Policy Manual ch. 10 s. 30.1.1; staffing by 42 CFR 410.41(b).
"""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.coding.conditions import Standing
from tripsheet.coding.rules import Skill
from tripsheet.coding.trace import BPM_LEVELS, CFR_LEVELS, evidence_of, label, listing
from tripsheet.determination import Item, Line
from tripsheet.findings import Evidence, Intervention, Medication
from tripsheet.values import value

_ROUTE_NAMES = {
    "iv_push": "by IV push",
    "iv_infusion": "by infusion",
    "io": "by IO",
    "im": "by IM",
    "intranasal": "by nose",
    "sublingual": "under the tongue",
    "oral": "by mouth",
    "nebulized": "by nebulizer",
    "inhaled": "by inhalation",
    "subcutaneous": "under the skin",
    "rectal": "by rectum",
    "topical": "on the skin",
    "endotracheal": "by the tube",
    "buccal": "in the cheek",
    "unknown": "by an untold route",
}
_NOT_MAINTAINED = frozenset({"iv_access", "io_access", "central_line"})
"""Lines whose mere presence is nothing that ALS personnel must keep up (case 56)."""


def route_name(route: str) -> str:
    """A route as words: `iv_push` becomes "by IV push"."""
    return _ROUTE_NAMES[route]


_NOT_CREW = frozenset({"nurse", "respiratory_therapist", "physician"})
"""Levels that give ALS care and are no EMT-Intermediate or paramedic of 42 CFR 410.41(b)."""


@value
class Staffing:
    """Whether ALS personnel furnished the care: yes, no, or not told."""

    als: bool | None
    line: Line


def staffing(case: Case) -> Staffing:
    """R1.2-a, R1.2-b, R1.9-a: who was aboard, and whether an ALS crew of another entity counts."""
    evidence = case.field("crew_level") + case.field("specialist_aboard")
    level = case.crew_level
    joint = case.said("joint_response")
    agreed = bool(case.report.joint_response_agreement)
    if level is not None and level != "emt":
        return Staffing(
            True,
            Line(
                "als.staffing",
                "met",
                f"The highest level told is {label(level)}; check that an AEMT or paramedic was "
                "aboard."
                if level in _NOT_CREW
                else f"The crew holds ALS personnel: {label(level)}.",
                "42 CFR 410.41(b)(2)",
                evidence,
                flag=level in _NOT_CREW,
            ),
        )
    rider = case.specialist
    if (
        rider is not None
        and rider not in ("emt", "respiratory_therapist")
        and (level is None or rider not in _NOT_CREW)
    ):
        return Staffing(
            True,
            Line(
                "als.staffing",
                "met",
                f"A specialist rode along ({label(rider)}); check that an AEMT or paramedic was "
                "aboard.",
                "42 CFR 410.41(b)(2)",
                evidence,
                flag=True,
            ),
        )
    if joint:  # R1.9-a: the transporting BLS entity needs an agreement with the ALS entity
        return Staffing(
            agreed,
            Line(
                "als.staffing",
                "met" if agreed else "not_met",
                "The ALS care came from another entity, "
                + (
                    "with an agreement between the two."
                    if agreed
                    else "and no agreement between the two is on record."
                ),
                "Benefit Policy Manual ch. 10 s. 10.5",
                evidence + case.says("joint_response"),
                flag=not agreed,
            ),
        )
    if level == "emt":
        return Staffing(
            False,
            Line(
                "als.staffing",
                "not_met",
                "The highest level aboard is EMT, so no care can be coded as ALS."
                if rider is None or rider == "emt"
                else f"The crew's highest level is EMT; a {label(rider)} beside it is no AEMT or "
                "paramedic, so no care can be coded as ALS.",
                "42 CFR 410.41(b)(2)",
                evidence,
                flag=rider in _NOT_CREW,
            ),
        )
    return Staffing(
        None,
        Line(
            "als.staffing",
            "not_documented",
            "The crew's certification is not told; care tells the level.",
            "42 CFR 410.41(b)",
        ),
    )


@value
class Interventions:
    """The ALS intervention line and what stands behind it."""

    line: Line
    counted: tuple[Item, ...]

    @property
    def any(self) -> bool:
        return bool(self.counted)


def interventions(case: Case, crew: Staffing) -> Interventions:
    """R1.5-a, R1.5-e, R1.3-c: what the state requires ALS personnel to furnish."""
    counted: list[Item] = []
    not_counted: list[Item] = []
    policy: str | None = None
    flag = False
    merged: dict[tuple[str, str], list[Intervention]] = {}
    for id, acts in case.performed.items():
        if id == "als_assessment":
            continue
        for act in acts:
            reason, ok, switch = _intervention(case, act, crew)
            if switch is not None:
                policy, flag = policy or switch, True
            if ok:
                merged.setdefault((id, reason), []).append(act)
            elif reason:
                not_counted.append(Item(id, 1, reason, act.evidence))
    for (id, reason), acts in merged.items():
        evidence = acts[0].evidence
        for act in acts[1:]:
            evidence += act.evidence
        counted.append(Item(id, len(acts), reason, evidence))
    for drug in case.given:
        reason, ok, switch = _medication(case, drug)
        if switch is not None:
            policy, flag = policy or switch, True
        item = Item(drug.name, drug.count, reason, drug.evidence)
        (counted if ok else not_counted).append(item)
    if case.attempted:  # R1.6-e: tried and failed does not lift by default
        for id, acts in case.attempted.items():
            skill = case.scope.intervention(id, acts[0].detail, False)
            if skill is None or not skill.als:
                continue
            lifts = case.policies.attempted_procedures_lift
            policy, flag = "attempted_procedures_lift", True
            item = Item(id, len(acts), "tried, without success", _all_evidence(acts))
            (counted if lifts else not_counted).append(item)
    if case.said("precautionary_care") and counted:  # R1.5-g
        policy, flag = policy or "precautionary_care_counts", True
        if not case.policies.precautionary_care_counts:
            about = {one.about for one in case.statements["precautionary_care"]}
            kept = [] if None in about else [item for item in counted if item.name not in about]
            not_counted += [
                Item(item.name, item.count, "told as precautionary", item.evidence)
                for item in counted
                if item not in kept
            ]
            counted = kept
    made = tuple(counted)
    if made:
        names = listing(dict.fromkeys(label(item.name) for item in made))
        return Interventions(
            Line(
                "als1.intervention",
                "met" if crew.als is not False else "not_met",
                f"{'An ALS intervention' if len(made) == 1 else 'ALS interventions'}: {names}."
                if crew.als is not False
                else f"Care of ALS scope is told ({names}), but no ALS personnel.",
                CFR_LEVELS,
                evidence_of(made),
                made,
                tuple(not_counted),
                policy,
                flag or crew.als is False,
            ),
            made,
        )
    return Interventions(
        Line(
            "als1.intervention",
            "not_met",
            "No ALS intervention: none of the care told is reserved to ALS personnel."
            if not_counted
            else "No ALS intervention is told.",
            CFR_LEVELS,
            (),
            (),
            tuple(not_counted),
            policy,
            flag,
        ),
        (),
    )


def _all_evidence(acts: list[Intervention]) -> tuple[Evidence, ...]:
    return tuple(one for act in acts for one in act.evidence)


def _by_scope(case: Case, skill: Skill) -> tuple[str, bool, str | None]:
    if skill.endorsement:  # R5.1-e: open to EMTs by endorsement only
        return skill.why, case.policies.endorsement_skills_are_als, "endorsement_skills_are_als"
    return skill.why, skill.als, None


def _intervention(case: Case, act: Intervention, crew: Staffing) -> tuple[str, bool, str | None]:
    if act.maintained and act.id in _NOT_MAINTAINED:
        return "a line that was already there", False, None
    skill = case.scope.intervention(act.id, act.detail, act.maintained)
    if skill is None:
        return "", False, None
    if skill.als_crew and crew.als is not True:
        return "read by a crew not known to be ALS", False, None
    if act.id in ("cardiac_monitoring", "ecg_12_lead") and act.detail != "interpreted":
        lifts = case.policies.monitor_only_als  # R1.14: no reading, no ALS credit
        return "no reading told", lifts, "monitor_only_als"
    return _by_scope(case, skill)


def _medication(case: Case, drug: Medication) -> tuple[str, bool, str | None]:
    if drug.detail == "lock_flush":  # M10, case 56: nothing that ALS personnel must keep up
        return "a flush of a lock", False, None
    if drug.route == "unknown":
        if drug.name in case.scope.als_by_every_route:
            return "a drug of ALS scope, route not told", True, None
        return "route not told; by some route it is not of ALS scope", False, None
    skill = case.scope.medication(drug.name, drug.route, drug.detail)
    if skill is None:
        return "", False, None
    reason, ok, switch = _by_scope(case, skill)
    return f"{_ROUTE_NAMES[drug.route]}: {reason}", ok, switch


@value
class Assessment:
    """The ALS assessment line and whether it carries the level."""

    line: Line
    met: bool
    needed: bool | None


def assessment(
    case: Case, crew: Staffing, conditions: dict[str, Standing], *, decisive: bool
) -> Assessment:
    """R1.5-b, R1.5-c, R1.5-d, R1.4-c: an ALS assessment that the dispatch called for.

    `decisive` says that no ALS intervention carries the level, so that a person should look
    where the scene stood in for the dispatch.
    """
    named = case.performed.get("als_assessment")
    if crew.als and case.said("joint_response") and not named:
        # R1.9-a: with an agreement the other entity's assessment is the transporter's
        named = [
            act
            for act in case.interventions
            if act.id == "als_assessment" and act.status == "performed" and act.source != "model"
        ]
    evidence: tuple[Evidence, ...] = _all_evidence(named) if named else ()
    if case.response != "emergency":
        return Assessment(
            Line(
                "als1.assessment",
                "not_applicable" if case.response == "non_emergency" else "not_documented",
                "An ALS assessment counts only on an emergency response.",
                CFR_LEVELS,
                evidence,
            ),
            False,
            None,
        )
    needed, why, basis, scene = called_for_als(case, conditions)
    capable = crew.als is True or (crew.als is None and bool(named))
    policy = "als_assessment_without_dispatch" if scene else None
    if needed and capable:
        return Assessment(
            Line(
                "als1.assessment",
                "met",
                f"An ALS assessment that {why}.",
                CFR_LEVELS,
                evidence + basis,
                policy=policy,
                flag=scene and decisive,
            ),
            True,
            True,
        )
    if needed:
        statement = (
            "The call asked for an ALS assessment, but no ALS personnel."
            if crew.als is False
            else "The call asked for an ALS assessment; neither an ALS crew nor an assessment "
            "is told."
        )
        return Assessment(
            Line(
                "als1.assessment",
                "not_met" if crew.als is False else "not_documented",
                statement,
                CFR_LEVELS,
                basis,
                policy=policy,
            ),
            False,
            True,
        )
    return Assessment(
        Line(
            "als1.assessment",
            "not_documented" if needed is None else "not_met",
            f"No ALS assessment counts: {why}.",
            CFR_LEVELS if needed is False else BPM_LEVELS,
            evidence + basis,
            policy=policy,
        ),
        False,
        needed,
    )


def called_for_als(
    case: Case, conditions: dict[str, Standing]
) -> tuple[bool | None, str, tuple[Evidence, ...], bool]:
    """Whether what was reported asked for an ALS crew: yes, no or not told; why; on what words.

    The fourth value is true where, in the absence of dispatch information, the condition found
    decided (R1.4-c).
    """
    if case.said("dispatched_als"):
        return True, "dispatch called for", case.says("dispatched_als"), False
    if case.dispatch_complaint:
        evidence = case.field("dispatch_complaint")
        needs = complaint_needs_als(case, case.dispatch_complaint)
        if needs:
            return True, "the reported complaint called for", evidence, False
        why = (
            "the reported complaint does not call for an ALS crew"
            if needs is False
            else "the reported complaint does not tell whether it called for an ALS crew"
        )
        return needs, why, evidence, False
    if case.policies.als_assessment_without_dispatch == "never":
        return None, "nothing is told of the dispatch", (), True
    for id, found in conditions.items():
        rule = case.rules.conditions[id]
        if rule.als:
            return (
                True,
                f"the condition found called for: {rule.name}",
                found.evidence,
                True,
            )
    return None, "neither the dispatch nor the condition found calls for an ALS crew", (), True


def complaint_needs_als(case: Case, complaint: str) -> bool | None:
    """Whether a dispatch complaint, or its structured determinant, is one for an ALS crew.

    None where neither is known; a determinant such as 10-D-4 decides before the words.
    """
    folded = complaint.casefold()
    for word in folded.split():
        parts = word.replace("-", "").strip(".,;:()")
        letters = parts.strip("0123456789")
        if parts[:1].isdigit() and parts[-1:].isdigit() and len(letters) == 1:
            level = case.rules.determinants.get(letters.upper())
            if level is not None:
                return level
    text = "".join(sign if sign.isalnum() else " " for sign in folded)
    text = f" {' '.join(text.split())} "
    if any(term in text for term in case.rules.als_terms):
        return True
    if any(term in text for term in case.rules.bls_terms):
        return False
    return None
