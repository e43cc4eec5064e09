"""The closed lists of names that findings, rules, corpus and output share.

A name here is public API: names are added, never renamed.
"""

from __future__ import annotations

from typing import Literal, get_args

Route = Literal[
    "iv_push", "iv_infusion", "io", "im", "intranasal", "sublingual", "oral", "nebulized",
    "inhaled", "subcutaneous", "rectal", "topical", "endotracheal", "buccal", "unknown",
]  # fmt: skip
MedicationStatus = Literal["given", "not_given"]
InterventionStatus = Literal["performed", "attempted", "not_performed"]
ConditionStatus = Literal["present", "absent", "history"]
Performer = Literal["crew", "other"]
Source = Literal["text", "record", "model"]
"""Where a finding comes from: the narrative read by rules, the record's own field, or a model
alone. What only a model suggests never raises a level."""

ProngValue = Literal["unable", "able", "not_documented"]
BedConfined = Literal["yes", "no", "not_documented"]

InterventionId = Literal[
    # airway and breathing
    "oxygen", "bag_valve_mask", "oropharyngeal_airway", "nasopharyngeal_airway", "suction",
    "cpap", "supraglottic_airway", "endotracheal_intubation", "ett_maintenance",
    "surgical_airway", "chest_decompression", "tracheostomy_care", "mechanical_ventilation",
    "capnography", "chest_tube_monitoring",
    # heart
    "cardiac_monitoring", "ecg_12_lead", "manual_defibrillation", "aed_defibrillation",
    "cardioversion", "transcutaneous_pacing", "cpr", "mechanical_cpr", "vagal_maneuver",
    "balloon_pump", "ecmo", "arterial_line_monitoring", "ventricular_assist_device",
    # lines and fluids
    "iv_access", "io_access", "central_line", "iv_fluid_bolus", "blood_transfusion",
    "gastric_tube",
    # injury
    "hemorrhage_control", "tourniquet", "wound_care", "splinting", "traction_splint",
    "spinal_motion_restriction", "pelvic_binder", "chest_seal", "burn_care",
    # other
    "blood_glucose", "physical_restraint", "stroke_scale", "childbirth_delivery",
    "patient_warming", "patient_cooling", "isolette", "als_assessment",
]  # fmt: skip

QualifyingCondition = Literal[
    "unconscious_or_shock", "respiratory_distress", "cardiac_distress", "possible_stroke",
    "restraint_required", "oxygen_or_emergency_treatment", "unset_fracture",
    "severe_hemorrhage", "stretcher_only", "bed_confined",
]  # fmt: skip
"""The ten conditions of the Benefit Policy Manual, ch. 10, s. 20, in this project's words."""

ListedCondition = Literal[
    "abdominal_pain", "abnormal_rhythm", "abnormal_skin_signs", "abnormal_vital_signs",
    "allergic_reaction", "anaphylaxis", "hypoglycemia", "hyperglycemia", "cold_exposure",
    "heat_exposure", "altered_mental_status", "seizure", "eye_symptoms", "headache",
    "palpitations", "infectious_isolation", "hazmat_exposure", "device_failure", "severe_pain",
    "back_pain", "overdose", "alcohol_intoxication", "postoperative_complication",
    "pregnancy_complication", "behavioral_emergency", "danger_to_self_or_others", "fever",
    "sepsis", "dehydration", "syncope", "weakness", "dizziness", "choking", "major_trauma",
    "head_injury", "chest_injury", "abdominal_injury", "amputation", "burn", "bite_or_sting",
    "electrocution", "drowning", "eye_injury", "sexual_assault", "fall", "laceration",
    "special_handling", "contracture", "decubitus", "monitoring_required",
    "ventilator_dependent", "flight_risk",
]  # fmt: skip
"""Further conditions after CMS's Medical Conditions List (Claims Processing Manual, ch. 15,
s. 40); they stand beside the ten and can support necessity on an emergency."""

ConditionId = QualifyingCondition | ListedCondition

VitalKind = Literal[
    "systolic_bp", "diastolic_bp", "heart_rate", "respiratory_rate", "spo2", "gcs", "glucose",
    "etco2", "temperature", "pain_score", "stroke_score",
]  # fmt: skip

StatementId = Literal[
    # how the patient was moved and carried
    "stretcher_used",            # moved to or carried on a stretcher
    "stretcher_reason",          # a clinical reason why no other way was possible
    "walked_to_ambulance",       # walked, stood and pivoted, sat for the ride: counter-evidence
    "sat_for_transport",
    # why an ambulance
    "necessity_reason",          # a clinical reason why other transport was unsafe
    "vague_necessity",           # bare billing words: "bed confined", "stretcher required"
    "convenience",               # no ride, family request, no other transport available
    "no_acute_condition",        # "no complaints", "no distress", routine or stable throughout
    # why this care
    "oxygen_reason", "restraint_reason", "medication_response", "airway_confirmation",
    "fracture_findings", "als_assessment_findings", "precautionary_care",
    # the transfer
    "transfer_reason",           # the service or bed that the origin lacked
    "specialty_care",            # care beyond a paramedic's scope, told as given
    "nearest_appropriate",       # why this destination
    "destination_preference",    # patient, family or physician chose a farther one
    "distance_reason",           # diversion, weather, closed road
    "inpatient_move",            # leaves and returns during an inpatient stay
    # the response
    "dispatched_als",            # what dispatch reported needs an ALS crew
    "als_unavailable", "joint_response", "paramedic_intercept", "repetitive_transport",
    "hospice", "snf_part_a",
    # air
    "air_time_reason", "air_access_reason", "flight_aborted",
]  # fmt: skip
"""What a narrative says that is neither care nor a condition but decides coverage or a gap."""

TransportMode = Literal["ground", "rotary_wing", "fixed_wing"]
Response = Literal["emergency", "non_emergency", "unknown"]
CrewLevel = Literal[
    "emt", "aemt", "paramedic", "critical_care_paramedic", "nurse",
    "respiratory_therapist", "physician",
]  # fmt: skip
PlaceLetter = Literal["D", "E", "G", "H", "I", "J", "N", "P", "R", "S", "X"]
Death = Literal["before_dispatch", "before_loading", "after_loading"]

Hcpcs = Literal[
    "A0428", "A0429", "A0426", "A0427", "A0433", "A0434", "A0432", "A0430", "A0431",
    "A0998", "none", "undetermined",
]  # fmt: skip
NecessityVerdict = Literal["supported", "not_supported", "insufficient"]
ClaimVerdict = Literal["higher_than_supported", "equal", "lower_than_supported", "not_comparable"]
RuleOutcome = Literal["met", "not_met", "not_documented", "not_applicable"]

GapId = Literal[
    "response_urgency", "bed_confinement_specifics", "stretcher_reason", "necessity_reason",
    "transfer_reason", "oxygen_reason", "restraint_reason", "iv_method", "medication_route",
    "medication_dose", "medication_time", "medication_response", "sct_skill",
    "airway_confirmation", "fracture_findings", "origin", "destination", "loaded_mileage",
    "signature", "pcs", "crew_level", "als_assessment_findings",
]  # fmt: skip

ROUTES: tuple[Route, ...] = get_args(Route)
INTERVENTIONS: tuple[InterventionId, ...] = get_args(InterventionId)
QUALIFYING_CONDITIONS: tuple[QualifyingCondition, ...] = get_args(QualifyingCondition)
LISTED_CONDITIONS: tuple[ListedCondition, ...] = get_args(ListedCondition)
CONDITIONS: tuple[str, ...] = QUALIFYING_CONDITIONS + LISTED_CONDITIONS
VITALS: tuple[VitalKind, ...] = get_args(VitalKind)
STATEMENTS: tuple[StatementId, ...] = get_args(StatementId)
GAPS: tuple[GapId, ...] = get_args(GapId)
HCPCS: tuple[Hcpcs, ...] = get_args(Hcpcs)
PLACES: tuple[PlaceLetter, ...] = get_args(PlaceLetter)
CREW_LEVELS: tuple[CrewLevel, ...] = get_args(CrewLevel)
