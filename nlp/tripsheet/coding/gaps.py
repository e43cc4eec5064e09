"""What the narrative lacks, each with one open question (texts in `lexicons/rules/gaps.toml`)."""

from __future__ import annotations

import re
from collections.abc import Callable

from tripsheet.coding.case import Case
from tripsheet.coding.level import LevelResult
from tripsheet.coding.necessity import BEHAVIOR, Weighed
from tripsheet.coding.trace import label, listing
from tripsheet.determination import Gap
from tripsheet.findings import Evidence, Intervention, Medication, Span

Found = tuple[tuple[Evidence, ...], str | None]
"""The words a gap points at, and what it is about."""
_HERE: Found = ((), None)


def _about(drugs: list[Medication]) -> Found | None:
    if not drugs:
        return None
    names = listing(dict.fromkeys(label(drug.name) for drug in drugs))
    return tuple(one for drug in drugs for one in drug.evidence), names


def _acts(acts: list[Intervention]) -> Found:
    return (
        tuple(one for act in acts for one in act.evidence),
        listing(dict.fromkeys(label(act.id) for act in acts)),
    )


def _response_urgency(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _HERE if case.response == "unknown" else None


def _bed_confinement_specifics(case: Case, weighed: Weighed, _: LevelResult) -> Found | None:
    """R2.3-a: stated, or the ground, without all three prongs."""
    mobility = case.findings.mobility
    if "not_documented" not in (mobility.get_up.value, mobility.ambulate.value, mobility.sit.value):
        return None
    if "bed_confined" in case.present:
        return tuple(one for each in case.present["bed_confined"] for one in each.evidence), None
    for statement in case.statements.get("vague_necessity", ()):
        if statement.about == "bed_confined":
            return statement.evidence, None
    return None


def _stretcher_reason(case: Case, weighed: Weighed, _: LevelResult) -> Found | None:
    if not case.is_transport or case.said("stretcher_reason"):
        return None
    if "stretcher_only" in weighed.conditions or case.findings.mobility.bed_confined == "yes":
        return None
    vague = [
        one for one in case.statements.get("vague_necessity", ()) if one.about == "stretcher_used"
    ]
    supported = weighed.necessity.verdict == "supported"
    if supported and not weighed.mobility_ground:
        return None
    if case.said("sat_for_transport") or not (vague or case.said("stretcher_used")):
        return None
    words = case.says("stretcher_used") + tuple(one for each in vague for one in each.evidence)
    return words, None


def _necessity_reason(case: Case, weighed: Weighed, _: LevelResult) -> Found | None:
    if case.is_transport and weighed.necessity.verdict != "supported":
        return case.says("vague_necessity"), None
    return None


def _transfer_reason(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    if not case.interfacility or case.said("transfer_reason") or not case.is_transport:
        return None
    if case.destination in ("N", "R", "E"):
        return None  # a discharge, not a transfer for a service
    return case.field("interfacility"), None


def _oxygen_reason(case: Case, weighed: Weighed, _: LevelResult) -> Found | None:
    acts = [act for act in case.performed.get("oxygen", ()) if act.detail != "home_rate"]
    if not acts or "spo2" in case.vitals or case.said("oxygen_reason"):
        return None
    if "respiratory_distress" in weighed.conditions or "cardiac_distress" in weighed.conditions:
        return None
    return _acts(acts)


def _restraint_reason(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    acts = case.performed.get("physical_restraint", [])
    if not acts and "restraint_required" not in case.present:
        return None
    if case.said("restraint_reason") or any(id in case.present for id in BEHAVIOR):
        return None
    if acts:
        return _acts(acts)
    return case.present["restraint_required"][0].evidence, None


def _iv_method(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _about([one for one in case.given if one.route == "iv_push" and not one.method_stated])


def _told_elsewhere(case: Case, drug: Medication) -> bool:
    """A further mention of a drug whose dose and route the narrative tells beside it."""
    return any(
        one.name == drug.name and one.dose is not None and one.route != "unknown"
        for one in case.given
    )


def _is_measured(drug: Medication) -> bool:
    """Whether a dose can be asked for: not of an autoinjector, an inhaler, a paste or a patch."""
    inhaler = drug.route == "inhaled" and drug.name != "nitrous_oxide"
    return not (inhaler or drug.route == "topical" or drug.detail == "autoinjector")


def _medication_route(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _about(
        [one for one in case.given if one.route == "unknown" and not _told_elsewhere(case, one)]
    )


def _medication_dose(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _about(
        [
            one for one in case.given
            if one.dose is None
            and _is_measured(one)
            and not _told_elsewhere(case, one)
        ]
    )  # fmt: skip


def _medication_time(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    """Asked only where no dose of the crew has any time."""
    doses = [one for one in case.given if not one.maintained]
    return None if any(one.time_stated for one in doses) else _about(doses)


def _medication_response(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    if case.said("medication_response"):
        return None
    return _about([one for one in case.given if not one.maintained])


def _sct_skill(case: Case, _: Weighed, decided: LevelResult) -> Found | None:
    """Specialty crew on a transfer, or a claim of specialty care, and no such care told."""
    if case.mode != "ground" or not case.is_transport or decided.specialty.beyond:
        return None
    claimed = (case.report.claimed_hcpcs or "").strip().upper().startswith("A0434")
    crewed = case.specialist in case.rules.specialists or case.crew_level in case.rules.specialists
    if claimed or (crewed and (case.interfacility or decided.specialty.facilities)):
        return case.field("specialist_aboard") + case.field("crew_level"), None
    return None


_AIRWAYS = ("endotracheal_intubation", "supraglottic_airway", "surgical_airway")


def _airway_confirmation(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    acts = [act for id in _AIRWAYS for act in case.performed.get(id, ()) if not act.maintained]
    if not acts or case.said("airway_confirmation"):
        return None
    if "etco2" in case.vitals or "capnography" in case.performed:
        return None
    return _acts(acts)


# a fracture by name; "bent midway" or a traction splint speaks of what was seen
_NAMED_FRACTURE = re.compile(r"fx|fra[ct]{1,2}ur|broke|disloc", re.IGNORECASE)


def _fracture_findings(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    """Asked where a fracture is named and nothing that was found tells of it."""
    if "unset_fracture" not in case.present or case.said("fracture_findings"):
        return None
    evidence = case.present["unset_fracture"][0].evidence
    if any(isinstance(one, Span) and _NAMED_FRACTURE.search(one.text) for one in evidence):
        return evidence, None
    return None


def _origin(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _HERE if case.is_transport and case.origin is None else None


def _destination(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _HERE if case.is_transport and case.destination is None else None


def _loaded_mileage(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _HERE if case.is_transport and not case.loaded_miles else None


def _signature(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    return _HERE if case.is_transport and not case.signature else None


def _pcs(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    if case.is_transport and case.response != "emergency" and not case.pcs:
        return _HERE
    return None


def _crew_level(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    if case.is_transport and case.crew_level is None and case.specialist is None:
        return _HERE
    return None


def _als_assessment_findings(case: Case, _: Weighed, __: LevelResult) -> Found | None:
    acts = case.performed.get("als_assessment")
    if not acts or case.said("als_assessment_findings"):
        return None
    if case.vitals and case.findings.conditions:
        return None
    return _acts(acts)


Rule = Callable[[Case, Weighed, LevelResult], Found | None]
RULES: tuple[tuple[str, Rule], ...] = (
    ("response_urgency", _response_urgency),
    ("bed_confinement_specifics", _bed_confinement_specifics),
    ("stretcher_reason", _stretcher_reason),
    ("necessity_reason", _necessity_reason),
    ("transfer_reason", _transfer_reason),
    ("oxygen_reason", _oxygen_reason),
    ("restraint_reason", _restraint_reason),
    ("iv_method", _iv_method),
    ("medication_route", _medication_route),
    ("medication_dose", _medication_dose),
    ("medication_time", _medication_time),
    ("medication_response", _medication_response),
    ("sct_skill", _sct_skill),
    ("airway_confirmation", _airway_confirmation),
    ("fracture_findings", _fracture_findings),
    ("origin", _origin),
    ("destination", _destination),
    ("loaded_mileage", _loaded_mileage),
    ("signature", _signature),
    ("pcs", _pcs),
    ("crew_level", _crew_level),
    ("als_assessment_findings", _als_assessment_findings),
)


def gaps(case: Case, weighed: Weighed, decided: LevelResult) -> tuple[Gap, ...]:
    """Every gap of this report, in the order of the vocabulary, each id once."""
    made: list[Gap] = []
    for id, rule in RULES:
        found = rule(case, weighed, decided)
        if found is not None:
            text = case.rules.gaps[id]
            evidence, about = found
            made.append(Gap(id, text.message, text.ask, text.citation, about, evidence))  # type: ignore[arg-type]
    return tuple(made)
