"""The level of service: facts gathered, decided, explained, and why no higher."""

from __future__ import annotations

from dataclasses import replace

from tripsheet.coding import als, als2, death, response, sct
from tripsheet.coding.case import Case
from tripsheet.coding.conditions import Standing
from tripsheet.coding.facts import LevelFacts, decide_level
from tripsheet.coding.trace import BPM_LEVELS, CFR_LEVELS
from tripsheet.determination import Line, Missing, NotAssigned
from tripsheet.values import value
from tripsheet.vocabulary import Hcpcs


@value
class LevelResult:
    """The level with its lines; other modules ask it what the counting rules saw."""

    hcpcs: Hcpcs
    facts: LevelFacts
    lines: tuple[Line, ...]
    not_assigned: tuple[NotAssigned, ...]
    crew: als.Staffing
    interventions: als.Interventions
    assessment: als.Assessment
    medications: als2.Administrations
    procedures: als2.Procedures
    specialty: sct.SpecialtyCare

    @property
    def ground_equivalent(self) -> Hcpcs:
        """The level that the same care would have made on the ground (R1.10-e)."""
        return decide_level(replace(self.facts, mode="ground"))


def _treated(case: Case) -> bool:
    """R1.12: treated or assessed by the crew, as far as the findings tell."""
    return bool(
        case.given
        or case.performed
        or case.attempted
        or case.findings.vitals
        or any(
            one.status != "history" and one.source != "model" for one in case.findings.conditions
        )
    )


def level(case: Case, conditions: dict[str, Standing]) -> LevelResult:
    """Gates first, then the highest level that the facts and standing conditions make."""
    crew = als.staffing(case)
    acts = als.interventions(case, crew)
    assessed = als.assessment(case, crew, conditions, decisive=not acts.any)
    drugs = als2.medications(case)
    listed = als2.procedures(case)
    special = sct.specialty_care(case, conditions)
    intercept = sct.intercept(case, acts.any or assessed.met)
    facts = LevelFacts(
        told=case.told,
        mode=case.mode,
        transported=case.is_transport,
        death=case.death,
        emergency=case.response == "emergency",
        treated=_treated(case),
        als_staffed=crew.als is not False,
        als_intervention=acts.any,
        als_assessment=assessed.met,
        als2_administrations=drugs.total,
        als2_needed=case.rules.als2_needed,
        als2_procedure=listed.met,
        facilities_at_both_ends=special.facilities,
        critical=special.critical,
        beyond_paramedic=special.beyond,
        specialist=special.specialist,
        intercept=intercept is not None and intercept.outcome == "met",
        ql_by_response=case.policies.ql_base == "response",
    )
    hcpcs = decide_level(facts)
    relevant = sct.relevant(case) or hcpcs == "A0434"
    responded, moved = response.response(case), response.transport(case)
    dead = death.death(case)
    gates = (responded, moved) if dead is None else (responded, moved, dead)
    ground = hcpcs in _GROUND_RANK
    rows: list[Line] = []
    if hcpcs == "undetermined":
        rows.append(Line("level", "not_documented", "Nothing is told that a level could rest on.",
                         CFR_LEVELS, children=(responded,)))  # fmt: skip
    else:
        basis = gates
        if ground and case.death != "before_loading":
            basis = (*gates, crew.line)
        children, rest = _tree(hcpcs, basis, acts, assessed, drugs, listed, special)
        rows.append(
            Line(
                "level",
                "met",
                _sentence(case, hcpcs, acts, assessed, drugs, listed),
                BPM_LEVELS if case.death == "before_loading" else CFR_LEVELS,
                children[-1].evidence,
                children=children,
            )
        )
        if ground and case.death != "before_loading":
            rows.extend(rest)
            if relevant and hcpcs != "A0434":
                rows.append(special.line())
    if intercept is not None:
        rows.append(intercept)
    return LevelResult(
        hcpcs,
        facts,
        tuple(rows),
        _not_assigned(case, hcpcs, facts, crew, acts, assessed, drugs, listed, special)
        if ground and case.death != "before_loading"
        else (),
        crew,
        acts,
        assessed,
        drugs,
        listed,
        special,
    )


_GROUND_RANK: dict[str, int] = {
    "A0428": 0, "A0429": 0, "A0426": 1, "A0427": 1, "A0433": 2, "A0434": 3,
}  # fmt: skip


def _tree(
    hcpcs: Hcpcs,
    basis: tuple[Line, ...],
    acts: als.Interventions,
    assessed: als.Assessment,
    drugs: als2.Administrations,
    listed: als2.Procedures,
    special: sct.SpecialtyCare,
) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    """The lines under the level (the deciding one last), and those that stand beside it."""
    if hcpcs == "A0434":
        return (*basis, special.line()), (acts.line, drugs.line, listed.line)
    if hcpcs == "A0433":
        if listed.met:
            return (*basis, drugs.line, listed.line), (acts.line,)
        return (*basis, listed.line, drugs.line), (acts.line,)
    if hcpcs in ("A0426", "A0427"):
        if acts.any:
            return (*basis, acts.line), (assessed.line, drugs.line, listed.line)
        return (*basis, acts.line, assessed.line), (drugs.line, listed.line)
    if hcpcs in ("A0428", "A0429"):
        return (*basis, acts.line, assessed.line), (drugs.line, listed.line)
    return basis, ()


def _sentence(
    case: Case,
    hcpcs: Hcpcs,
    acts: als.Interventions,
    assessed: als.Assessment,
    drugs: als2.Administrations,
    listed: als2.Procedures,
) -> str:
    name = case.rules.levels[hcpcs].name
    if case.death == "before_loading":
        return f"{hcpcs}, {name}: the patient was pronounced dead before loading."
    if hcpcs == "A0434":
        return f"{hcpcs}, {name}: every part of the definition is told."
    if hcpcs == "A0433":
        if listed.met:
            return f"{hcpcs}, {name}: one listed procedure is enough."
        return f"{hcpcs}, {name}: {drugs.total} separate administrations by vein."
    if hcpcs in ("A0426", "A0427"):
        if acts.any:
            number = len(acts.counted)
            return (
                f"{hcpcs}, {name}: {number} ALS intervention{'s' if number > 1 else ''}, and "
                "neither three administrations by vein nor a listed ALS2 procedure."
            )
        return f"{hcpcs}, {name}: an ALS assessment that the emergency called for."
    if hcpcs in ("A0428", "A0429"):
        return f"{hcpcs}, {name}: neither an ALS intervention nor an ALS assessment counts."
    if hcpcs == "A0998":
        return f"{hcpcs}, {name}: the patient was treated or assessed and not transported."
    if hcpcs == "none":
        return "No claim: nobody was transported, and no care can be claimed."
    if hcpcs == "A0432":
        return f"{hcpcs}, {name}: every condition of an intercept is told."
    return f"{hcpcs}, {name}: a flight is one base, whatever the care."


def _not_assigned(
    case: Case,
    hcpcs: Hcpcs,
    facts: LevelFacts,
    crew: als.Staffing,
    acts: als.Interventions,
    assessed: als.Assessment,
    drugs: als2.Administrations,
    listed: als2.Procedures,
    special: sct.SpecialtyCare,
) -> tuple[NotAssigned, ...]:
    """Each ground level above the assigned one with the shortest set of facts it lacks."""
    rank = _GROUND_RANK[hcpcs]
    made: list[NotAssigned] = []
    staff: tuple[Missing, ...] = ()
    if crew.als is False:
        staff = (Missing("ALS personnel aboard", "against", crew.line.evidence),)
    if case.response == "unknown" and rank < 2:
        emergency: Hcpcs = "A0429" if rank == 0 else "A0427"
        made.append(
            NotAssigned(
                emergency,
                "the kind of response is not told",
                CFR_LEVELS,
                (Missing("an emergency response", "silent"),),
            )
        )
    if rank < 1:
        target: Hcpcs = "A0427" if facts.emergency else "A0426"
        lacking: list[Missing] = list(staff)
        if not acts.any and assessed.needed and crew.als is None:
            lacking.append(Missing("an ALS crew, or an ALS assessment told by name", "silent"))
        elif not acts.any:
            tried = tuple(
                one for each in case.attempted.values() for act in each for one in act.evidence
            )
            lacking.append(
                Missing("an ALS intervention by the crew", "against" if tried else "silent", tried)
            )
        if facts.emergency and not acts.any and assessed.needed and crew.als is None:
            reason = "an ALS crew, or an ALS assessment told by name"
        elif facts.emergency and not acts.any:
            reason = "an ALS intervention, or an ALS assessment that the dispatch called for"
        elif acts.any:
            reason = "ALS personnel"
        else:
            reason = "an ALS intervention; an ALS assessment counts only on an emergency"
        made.append(NotAssigned(target, reason, CFR_LEVELS, tuple(lacking)))
    if rank < 2:
        short = facts.als2_needed - facts.als2_administrations
        if short > 0 and not listed.met:
            more = (
                "one more qualifying administration"
                if short == 1
                else (f"{short} more qualifying administrations")
            )
            missing = (
                *staff,
                Missing(
                    f"{more} by IV push or infusion",
                    "against" if drugs.against else "silent",
                    drugs.against,
                ),
                Missing(
                    "one listed ALS2 procedure",
                    "against" if listed.against else "silent",
                    listed.against,
                ),
            )
            reason = f"{more}, or an ALS2 procedure"
            if staff:
                reason = f"ALS personnel, and {reason}"
            if drugs.candidate or listed.candidate:
                reason += "; an argued point that a policy decides would make it"
        else:
            missing, reason = staff, "ALS personnel"
        made.append(NotAssigned("A0433", reason, CFR_LEVELS, missing))
    if rank < 3:
        made.append(_no_specialty_care(special))
    return tuple(made)


_FACTS = {
    "sct.facilities": "a transfer between two hospitals or skilled nursing facilities",
    "sct.critical": "a critically ill or injured patient",
    "sct.beyond_paramedic": "care beyond a paramedic's scope",
    "sct.specialist": "a specialist aboard",
}


def _no_specialty_care(special: sct.SpecialtyCare) -> NotAssigned:
    lacking = tuple(
        Missing(
            _FACTS[line.rule],
            "against" if line.outcome == "not_met" else "silent",
            line.evidence,
        )
        for line in special.lines
        if line.outcome != "met"
    )
    return NotAssigned("A0434", "; ".join(missing.fact for missing in lacking), CFR_LEVELS, lacking)
