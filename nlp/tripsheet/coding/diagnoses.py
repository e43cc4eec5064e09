"""Suggested sign and symptom codes, and transportation indicators.

Claims Processing Manual ch. 15 s. 40: an educational guideline, no rule; crews do not diagnose, so
signs and symptoms are suggested, and a coder confirms each code for the date of service.
"""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.coding.conditions import Standing
from tripsheet.coding.level import LevelResult
from tripsheet.determination import Diagnosis
from tripsheet.findings import Evidence


def diagnoses(case: Case, conditions: dict[str, Standing]) -> tuple[Diagnosis, ...]:
    """R4.1-c, R4.1-e: the usual code of each condition, and a narrower one where findings allow."""
    rules = case.rules
    made: dict[str, Diagnosis] = {}
    for id, found in conditions.items():
        for refinement in rules.refinements.get(id, ()):
            evidence: tuple[Evidence, ...] | None = None
            if refinement.vital is not None:
                for vital in case.vitals.get(refinement.vital, ()):
                    if vital.value < refinement.below:
                        evidence = vital.evidence
                        break
            else:
                for act in refinement.interventions:
                    if act in case.performed:
                        evidence = case.performed[act][0].evidence
                        break
            if evidence is not None and refinement.code not in made:
                made[refinement.code] = Diagnosis(
                    refinement.code, rules.titles[refinement.code], id, evidence or found.evidence
                )
        for code in rules.conditions[id].codes:
            if code not in made:
                made[code] = Diagnosis(code, rules.titles[code], id, found.evidence)
    return tuple(made.values())


def indicators(
    case: Case, conditions: dict[str, Standing], decided: LevelResult
) -> tuple[Diagnosis, ...]:
    """Section 4.5: the indicators that the findings decide (C2 to C7, D3, D4)."""
    if not case.is_transport or decided.hcpcs in ("none", "undetermined"):
        return ()
    found: list[tuple[str, tuple[Evidence, ...]]] = []
    ground = case.mode == "ground"
    if case.interfacility and case.said("transfer_reason"):
        found.append(("C2", case.says("transfer_reason")))
    if "major_trauma" in conditions:
        found.append(("C3", conditions["major_trauma"].evidence))
    if case.said("distance_reason"):
        found.append(("C4", case.says("distance_reason")))
    if ground:
        hcpcs = decided.hcpcs
        if hcpcs in ("A0428", "A0429") and case.said("als_unavailable"):
            needs = [found for id, found in conditions.items() if case.rules.conditions[id].als]
            if needs:
                found.append(("C5", case.says("als_unavailable") + needs[0].evidence))
        if hcpcs == "A0427" and decided.assessment.met and not decided.interventions.any:
            found.append(("C6", decided.assessment.line.evidence))
        if hcpcs in ("A0426", "A0427", "A0433", "A0434"):
            drugs = tuple(
                one
                for drug in case.given
                if drug.route in ("iv_push", "iv_infusion") and drug.detail != "lock_flush"
                for one in drug.evidence
            )
            if any(drug.route in ("iv_push", "iv_infusion") for drug in case.given):
                found.append(("C7", drugs))
    else:
        if case.said("air_time_reason"):
            found.append(("D3", case.says("air_time_reason")))
        if case.said("air_access_reason"):
            found.append(("D4", case.says("air_access_reason")))
    return tuple(
        Diagnosis(code, case.rules.indicators[code], evidence=evidence) for code, evidence in found
    )
