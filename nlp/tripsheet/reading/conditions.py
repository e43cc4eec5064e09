"""Conditions of this patient on this call, from words, vitals, care and mobility.

Source of the ten qualifying conditions: Benefit Policy Manual, ch. 10, s. 20.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tripsheet.findings import (
    Condition,
    Cue,
    Evidence,
    Intervention,
    Medication,
    Mobility,
    Span,
    Vital,
)
from tripsheet.reading.context import Decision, decisions
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting
from tripsheet.values import each_once
from tripsheet.vocabulary import ConditionId, ConditionStatus

_POOR_PERFUSION = guarded(
    r"\b(?:pale|pallor|ashen|diaphore\w+|clammy|cool (?:and|&|,|/)|cold (?:and|,) clammy"
    r"|mottled|delayed cap\w*|cap(?:illary)? refill (?:of |> ?|greater than )?[3-9]|thready"
    r"|weak (?:radial|pulse|peripheral)|absent radial\w*|no radial\w*|gr[ae]y|lethargic"
    r"|confused|altered|ams|unresponsive|lightheaded|shock|sepsis|septic|lactate|pressors?"
    r"|hypoperfus\w+|syncop\w+|tachycardi\w+|dizz\w+|white|sweat\w*|cold|blue|cyanotic"
    r"|cyanosis|bleeding)\b"
)
_EMERGENCY_CARE = frozenset(
    {"bag_valve_mask", "oropharyngeal_airway", "nasopharyngeal_airway", "suction", "cpap",
     "supraglottic_airway", "endotracheal_intubation", "ett_maintenance", "surgical_airway",
     "chest_decompression", "mechanical_ventilation", "manual_defibrillation", "aed_defibrillation",
     "cardioversion", "transcutaneous_pacing", "cpr", "mechanical_cpr", "iv_fluid_bolus",
     "blood_transfusion", "hemorrhage_control", "tourniquet", "chest_seal", "vagal_maneuver",
     "io_access", "balloon_pump", "ecmo"}
)  # fmt: skip
_FROM_CARE: dict[str, tuple[ConditionId, ...]] = {
    "cpr": ("unconscious_or_shock", "cardiac_distress"),
    "mechanical_cpr": ("unconscious_or_shock", "cardiac_distress"),
    "manual_defibrillation": ("unconscious_or_shock", "cardiac_distress"),
    "aed_defibrillation": ("unconscious_or_shock", "cardiac_distress"),
    "cardioversion": ("cardiac_distress",),
    "transcutaneous_pacing": ("cardiac_distress",),
    "bag_valve_mask": ("respiratory_distress",),
    "cpap": ("respiratory_distress",),
    "mechanical_ventilation": ("respiratory_distress",),
    "ett_maintenance": ("respiratory_distress",),
    "endotracheal_intubation": ("respiratory_distress",),
    "tourniquet": ("severe_hemorrhage",),
    "physical_restraint": ("restraint_required",),
    "traction_splint": ("unset_fracture",),
}
_ONLY_CREW = frozenset(
    {"cpr", "mechanical_cpr", "physical_restraint", "bag_valve_mask", "tourniquet"}
)
_KEPT_IN_TRANSFER = frozenset(
    {"mechanical_ventilation", "ett_maintenance", "balloon_pump", "ecmo", "cpap", "suction"}
)
_SEDATIVES = frozenset(
    {"ketamine", "midazolam", "haloperidol", "droperidol", "lorazepam", "ziprasidone", "olanzapine"}
)
# what was planned, drawn up or tried says nothing of a symptom
_BEARS_ON_FINDINGS = frozenset(
    {"negated", "refused", "history", "family", "hypothetical", "conditional", "considered",
     "not_indicated"}
)  # fmt: skip
_PRESSORS = frozenset({"norepinephrine", "vasopressin", "phenylephrine", "dopamine", "epinephrine"})
# an old dependence on a machine, not an acute failure of breathing
_LASTING_VENT = Pattern(
    r"\b(?:trach/vent|vent dep\w*|ventilator dep\w*|home vent\w*|nocturnal|at night"
    r"|night only|own (?:vent\w*|bipap|cpap)|pt's own|ventilator of (?:himself|herself)"
    r"|chronic vent\w*|ltach|ltac|vent wean\w*|wean\w*|\d+ ?(?:yrs?|years?|mos?"
    r"|months?) (?:trach|vent)|als\b[^.]{0,30}bipap|bipap dependent|quad\w*|tetraplegi\w*"
    r"|hospice|baseline|off vent|no changes?)\b"
)
_VENTILATED = frozenset({"mechanical_ventilation", "ett_maintenance"})
_LASTING_CARE = frozenset({"mechanical_ventilation", "cpap", "ett_maintenance", "bag_valve_mask"})
# a booked trip of routine kind: what is kept running on it answers no acute problem
_ROUTINE = Pattern(
    r"\b(?:dialysis|discharg\w*|d/c (?:home|to)|return(?:ing|ed)? (?:to (?:snf|facility"
    r"|residence|home|nh)|trip|home)|hospice|(?:pre ?)?scheduled|booked|appointment|appt"
    r"|clinic visit|wound clinic|radiation|snf|rehab|residence|wait and return|nursing home"
    r"|nh\b|ltach|ltac|group home)"
)
_ORAL = frozenset({"oral", "topical", "rectal", "inhaled", "unknown"})
_URGENT_BY_MOUTH = frozenset(
    {"aspirin", "nitroglycerin", "oral_glucose", "dextrose", "activated_charcoal"}
)
_SETTLED = guarded(r"\b(?:cooperative|calm|voluntar\w+|compliant|no restraints?)\b")
_GRAVE: tuple[ConditionId, ...] = (
    "respiratory_distress", "unconscious_or_shock", "cardiac_distress", "possible_stroke",
)  # fmt: skip
# signs of a graver condition where one is told; conditions of their own only without it
_SIGNS = frozenset(
    {"abnormal_vital_signs", "abnormal_skin_signs", "weakness", "dizziness", "fall",
     "allergic_reaction"}
)  # fmt: skip
_SUGARS = frozenset({"dextrose", "glucagon", "oral_glucose"})
_FEVER, _COLD = 100.4, 95.0
"""Degrees Fahrenheit."""


# a fracture that has been set, or is weeks old
_SET = guarded(
    r"\b(?:orif|repair(?:ed)?|healed|healing|pinned|plated|casted|cast|post op\w*|s/p"
    r"|status post|(?<!for )(?<!pending )(?<!awaiting )(?<!needs )(?<!possible )surgery|wks?"
    r"|weeks?|months?|fixator|ex fix|nailing|arthroplasty|post)\b"
)
_NOW = guarded(
    r"\b(?:c/o|states?|stated|onset|today|found|began|since|started|woke|called|pain|hours?"
    r"|hrs?|mins?|minutes|ago|acute\w*|sudden\w*|now|per|fell|fall|was|while|new|worse\w*"
    r"|increas\w+|pta|prior|developed|noted|witnessed|denies)\b"
)
_SIT_REASON = guarded(
    r"\b(?:pain\w*|order\w*|contract\w*|slid\w*|falls?|until|heal\w*|fixat\w*|orthosta\w*"
    r"|drops?|degrees?|spasm\w*|stage|wound|ulcer|flap|precautions|trunk|rigid|spica"
    r"|hypotens\w*|syncop\w*|faint\w*|dizz\w*|lean\w*|sacr\w*|log roll|supine|flat"
    r"|straighten|bend|flex\w*|hips?|screams|hold|tilt|fit)\b"
)


@dataclass(slots=True)
class _Telling:
    spans: list[Evidence] = field(default_factory=list)
    cues: list[Cue] = field(default_factory=list)
    strong: bool = False
    words: set[str] = field(default_factory=set)


# a patient whom this crew never reached shows it nothing
_NOT_SEEN = Pattern(
    r"\b(?:no (?:patient|pt|pts?) contact(?! by)|never (?:made contact|saw|reached|met)"
    r"|cancel+ed (?:en ?route|prior to|before) ?(?:our )?(?:arrival)?)\b"
)


def read_conditions(
    document: Document,
    medications: tuple[Medication, ...],
    interventions: tuple[Intervention, ...],
    mobility: Mobility,
    vitals: tuple[Vital, ...],
    setting: Setting,
) -> tuple[Condition, ...]:
    """The conditions that words, vitals, care or mobility document, in the vocabulary's order."""
    ours = [one for one in interventions if (one.performer, one.status) == ("crew", "performed")]
    if not ours and document.search(_NOT_SEEN):
        return ()
    told: dict[tuple[ConditionId, ConditionStatus], _Telling] = {}
    for hit in document.hits("condition"):
        status, decision = _status(document, hit)
        if status is None:
            continue
        telling = told.setdefault((hit.entry.id, status), _Telling())  # type: ignore[arg-type]
        telling.spans.append(document.span(hit.start, hit.end))
        telling.words.add(document.folded[hit.start : hit.end])
        telling.strong |= not hit.entry.info.weak
        if decision is not None:
            telling.cues.append(document.cue(decision.cue))
    _from_vitals(document, vitals, told, medications)
    _from_care(document, setting, medications, interventions, told)
    _from_sitting(document, mobility, told)
    if mobility.bed_confined == "yes":
        prongs = (mobility.get_up, mobility.ambulate, mobility.sit)
        _tell(told, "bed_confined", [span for prong in prongs for span in prong.evidence])
    found: list[Condition] = []
    for (id, status), telling in told.items():
        if (
            status == "present"
            and not telling.strong
            and not _supported(document, id, telling, told, interventions)
        ):
            continue
        if status != "present" and (id, "present") in told:
            continue
        found.append(Condition(id, status, each_once(telling.spans), each_once(telling.cues)))
    if any(one.status == "present" and one.id in _GRAVE for one in found):
        found = [one for one in found if one.status != "present" or one.id not in _SIGNS]
    return tuple(found)


_PLUS = re.compile(r"\+ ?[a-z]|, - ?[a-z]")


def _is_minus(document: Document, start: int) -> bool:
    """Whether a minus sign stands before a finding: "+SOB -CP", "- CP, - SOB"."""
    folded = document.folded
    if folded.startswith("-", start - 1):
        return start == 1 or folded[start - 2] in " ,;("
    if not folded.startswith("- ", start - 2):
        return False
    sentence = document.sentence_at(start)
    return _PLUS.search(folded, sentence.start, sentence.end) is not None


def _status(document: Document, hit: Hit) -> tuple[ConditionStatus | None, Decision | None]:
    sentence = document.sentence_at(hit.start)
    if _is_minus(document, hit.start):
        return "absent", None
    if sentence.part in ("medications", "allergies", "family_history"):
        return None, None
    decision = next(
        (
            one for one in decisions(document, hit.start, hit.end, finding=True)
            if one.kind in _BEARS_ON_FINDINGS
        ),
        None,
    )  # fmt: skip
    if sentence.part == "past_history":
        return "history", decision
    if hit.entry.id == "unset_fracture" and _SET.search(
        document.folded[max(sentence.start, hit.start - 40) : min(sentence.end, hit.end + 55)]
    ):
        return "history", decision
    if (
        sentence.part == "history"
        and decision is None
        and not _NOW.search(document.folded, sentence.start, sentence.end)
    ):
        return "history", None
    if decision is None:
        return ("present", None) if sentence.part != "dispatch" else (None, None)
    kind = decision.kind
    if kind in ("negated", "refused"):
        return "absent", decision
    if kind == "history":
        return "history", decision
    if kind in ("family", "hypothetical", "conditional", "considered", "not_indicated"):
        return None, decision
    return ("present", decision) if sentence.part != "dispatch" else (None, decision)


def _tell(
    told: dict[tuple[ConditionId, ConditionStatus], _Telling],
    id: ConditionId,
    spans: list[Evidence],
) -> None:
    telling = told.setdefault((id, "present"), _Telling())
    telling.strong = True
    telling.spans.extend(spans)


def _from_vitals(
    document: Document,
    vitals: tuple[Vital, ...],
    told: dict[tuple[ConditionId, ConditionStatus], _Telling],
    medications: tuple[Medication, ...],
) -> None:
    symptomatic = ("altered_mental_status", "present") in told or any(
        drug.name in _SUGARS and drug.status == "given" for drug in medications
    )
    racing = any(vital.kind == "heart_rate" and vital.value >= 120 for vital in vitals)
    for vital in vitals:
        spans = list(vital.evidence)
        if vital.kind == "gcs" and vital.value <= 8:
            _tell(told, "unconscious_or_shock", spans)
        elif vital.kind == "spo2" and vital.value < 90:
            _tell(told, "respiratory_distress", spans)
        elif vital.kind == "heart_rate" and 10 < vital.value <= 40:
            _tell(told, "cardiac_distress", spans)
        elif vital.kind == "systolic_bp" and vital.value < 90:
            if racing or _POOR_PERFUSION.search(document.folded):
                _tell(told, "unconscious_or_shock", spans)
            _tell(told, "abnormal_vital_signs", spans)
        elif vital.kind == "pain_score" and vital.value >= 7:
            _tell(told, "severe_pain", spans)
        elif vital.kind == "glucose" and vital.value < (70 if symptomatic else 60):
            _tell(told, "hypoglycemia", spans)
        elif vital.kind == "temperature":
            degrees = vital.value if vital.unit == "F" else vital.value * 9 / 5 + 32
            if degrees >= _FEVER:
                _tell(told, "fever", spans)
            elif degrees < _COLD:
                _tell(told, "cold_exposure", spans)
        elif vital.kind == "respiratory_rate" and 0 < vital.value < 8:
            _tell(told, "respiratory_distress", spans)


def _from_sitting(
    document: Document,
    mobility: Mobility,
    told: dict[tuple[ConditionId, ConditionStatus], _Telling],
) -> None:
    """A reason told for why the patient cannot sit is a reason to be carried lying."""
    key: tuple[ConditionId, ConditionStatus] = ("stretcher_only", "present")
    if mobility.sit.value == "able":
        told.pop(key, None)
        return
    if mobility.sit.value != "unable":
        return
    for span in mobility.sit.evidence:
        if isinstance(span, Span):
            around = document.text.narrative[max(0, span.start - 70) : span.end + 70].lower()
            if _SIT_REASON.search(around):
                _tell(told, "stretcher_only", [span])


def _from_care(
    document: Document,
    setting: Setting,
    medications: tuple[Medication, ...],
    interventions: tuple[Intervention, ...],
    told: dict[tuple[ConditionId, ConditionStatus], _Telling],
) -> None:
    arrest = any(
        item.id in ("cpr", "mechanical_cpr")
        and item.status == "performed"
        and item.performer == "crew"
        for item in interventions
    )
    lasting = document.search(_LASTING_VENT) is not None
    routine = not _is_acute(told) and document.search(_ROUTINE) is not None
    for intervention in interventions:
        if intervention.status == "not_performed":
            continue
        spans = list(intervention.evidence)
        by_crew = intervention.performer == "crew"
        if intervention.status == "performed" and (by_crew or intervention.id not in _ONLY_CREW):
            for condition in _FROM_CARE.get(intervention.id, ()):
                if arrest and condition == "respiratory_distress":
                    continue
                if lasting and intervention.id in _LASTING_CARE:
                    continue
                _tell(told, condition, spans)
        if (
            setting.transfer
            and by_crew
            and not lasting
            and intervention.status == "performed"
            and intervention.id in _VENTILATED
        ):
            _tell(told, "ventilator_dependent", spans)
        if not by_crew or intervention.maintained:
            continue
        if intervention.id == "oxygen":
            if intervention.detail != "home_rate" and not routine and _is_needed(setting, told):
                _tell(told, "oxygen_or_emergency_treatment", spans)
        elif intervention.id in _EMERGENCY_CARE and intervention.detail != "kvo":
            kept = (setting.transfer and intervention.id in _KEPT_IN_TRANSFER) or (
                lasting and intervention.id in _LASTING_CARE
            )
            if not kept:
                _tell(told, "oxygen_or_emergency_treatment", spans)
    for medication in medications:
        if medication.status != "given" or medication.performer != "crew":
            continue
        if medication.name in _PRESSORS and medication.route == "iv_infusion":
            _tell(told, "unconscious_or_shock", list(medication.evidence))
        if medication.maintained:
            continue
        if (
            (setting.transfer or routine)
            and medication.route in _ORAL
            and medication.name not in _URGENT_BY_MOUTH
        ):
            continue
        _tell(told, "oxygen_or_emergency_treatment", list(medication.evidence))
        if medication.name in _SEDATIVES and ("restraint_required", "present") in told:
            told[("restraint_required", "present")].strong = True


def _is_acute(told: dict[tuple[ConditionId, ConditionStatus], _Telling]) -> bool:
    return any((id, "present") in told for id in _GRAVE)


def _is_needed(setting: Setting, told: dict[tuple[ConditionId, ConditionStatus], _Telling]) -> bool:
    """Oxygen answers an acute problem on a call; on a transfer only where one is told."""
    return not setting.transfer or _is_acute(told)


def _supported(
    document: Document,
    id: ConditionId,
    telling: _Telling,
    told: dict[tuple[ConditionId, ConditionStatus], _Telling],
    interventions: tuple[Intervention, ...],
) -> bool:
    """Whether weak words of a condition have support enough from the rest of the narrative."""
    if id == "restraint_required":
        return len(telling.words) > 1 and not _SETTLED.search(document.folded)
    if id == "unset_fracture":
        splinted = any(
            item.id in ("splinting", "spinal_motion_restriction") and item.status == "performed"
            for item in interventions
        )
        return splinted or len(telling.words) > 1
    if id == "severe_hemorrhage":
        return len(telling.words) > 1 or ("unconscious_or_shock", "present") in told
    return len(telling.words) > 1
