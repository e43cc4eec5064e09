"""Which qualifying and listed conditions stand, and the findings that carry each.

Benefit Policy Manual ch. 10 s. 20 (the presumptive conditions); Claims Processing Manual ch. 15
s. 40 (the Medical Conditions List). A condition stands when the narrative tells it, or when
findings amount to it by its own definition.
"""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.findings import Evidence
from tripsheet.values import value
from tripsheet.vocabulary import QUALIFYING_CONDITIONS

_ORDER: dict[str, int] = {name: place for place, name in enumerate(QUALIFYING_CONDITIONS)}
COMA_GCS = 8
LOW_SPO2 = 90
_VENTILATION = frozenset({"mechanical_ventilation", "bag_valve_mask"})
_ARREST = frozenset({"cpr", "mechanical_cpr", "manual_defibrillation", "aed_defibrillation"})
_RESTRAINT = frozenset({"physical_restraint"})
_TREATMENT = frozenset({
    "bag_valve_mask", "oropharyngeal_airway", "nasopharyngeal_airway", "suction", "cpap",
    "supraglottic_airway", "endotracheal_intubation", "surgical_airway", "chest_decompression",
    "manual_defibrillation", "aed_defibrillation", "cardioversion", "transcutaneous_pacing", "cpr",
    "mechanical_cpr", "hemorrhage_control", "tourniquet", "chest_seal", "blood_transfusion",
})  # fmt: skip
_SUPPORT = frozenset({"oxygen", "iv_fluid_bolus"})
_NO_ACUTE_CARE = frozenset({"home_rate", "kvo"})


@value
class Standing:
    """A condition that stands, with what carries it."""

    id: str
    evidence: tuple[Evidence, ...]
    told: bool
    """True when the narrative tells the condition itself."""


def standing(case: Case) -> dict[str, Standing]:
    """R2.2: every condition that stands, the ten presumptive ones first, then by place."""
    found: dict[str, Standing] = {}
    for id, conditions in case.present.items():
        if id == "bed_confined" and case.findings.mobility.bed_confined != "yes":
            continue  # R2.3-a: the bare words are no bed-confinement
        evidence = conditions[0].evidence
        for other in conditions[1:]:
            evidence += other.evidence
        found[id] = Standing(id, evidence, True)
    for id, derived in _derived(case):
        if id not in found and derived is not None:
            found[id] = Standing(id, derived, False)
    return dict(sorted(found.items(), key=_by_order))


def _by_order(pair: tuple[str, Standing]) -> int:
    return _ORDER.get(pair[0], 99)


def _derived(case: Case) -> list[tuple[str, tuple[Evidence, ...] | None]]:
    rows: list[tuple[str, tuple[Evidence, ...] | None]] = []
    mobility = case.findings.mobility
    if mobility.bed_confined == "yes":  # R2.3-a: three prongs, all of them
        rows.append(
            (
                "bed_confined",
                mobility.get_up.evidence + mobility.ambulate.evidence + mobility.sit.evidence,
            )
        )
    for vital in case.vitals.get("gcs", ()):
        if vital.value <= COMA_GCS:
            rows.append(("unconscious_or_shock", vital.evidence))
            break
    for vital in case.vitals.get("spo2", ()):
        if vital.value < LOW_SPO2 and vital.detail != "on_oxygen":
            rows.append(("respiratory_distress", vital.evidence))
            break
    performed = case.performed
    if performed:
        arrest = _acts(case, _ARREST)
        if arrest is not None:
            rows.append(("unconscious_or_shock", arrest))
            rows.append(("cardiac_distress", arrest))
        rows.append(("respiratory_distress", _acts(case, _VENTILATION)))
        rows.append(("restraint_required", _acts(case, _RESTRAINT)))
    if case.response == "emergency":
        rows.append(("oxygen_or_emergency_treatment", _treatment(case)))
    return rows


def _acts(case: Case, ids: frozenset[str]) -> tuple[Evidence, ...] | None:
    if ids.isdisjoint(case.performed):
        return None
    return tuple(
        one
        for id, acts in case.performed.items()
        if id in ids
        for act in acts
        for one in act.evidence
    )


def _treatment(case: Case) -> tuple[Evidence, ...] | None:
    """R2.2 item 4: oxygen or other treatment for an acute problem, on an emergency."""
    evidence: list[Evidence] = []
    treated = False
    for drug in case.given:
        if not drug.maintained and drug.detail not in ("patients_own", "lock_flush"):
            treated = True
            evidence.extend(drug.evidence)
    for id, acts in case.performed.items():
        if id in _TREATMENT:
            counts = acts
        elif id in _SUPPORT:
            counts = [
                act for act in acts if act.detail not in _NO_ACUTE_CARE and not act.maintained
            ]
        else:
            continue
        for act in counts:
            treated = True
            evidence.extend(act.evidence)
    return tuple(dict.fromkeys(evidence)) if treated else None
