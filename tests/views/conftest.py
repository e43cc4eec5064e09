"""A report coded by hand, rich enough that every part of a view has something to show."""

from __future__ import annotations

import datetime as dt

import pytest

from tripsheet.analysis import Analysis
from tripsheet.determination import (
    Claim,
    Determination,
    Diagnosis,
    Gap,
    Item,
    Line,
    Mileage,
    Missing,
    Necessity,
    NotAssigned,
)
from tripsheet.findings import (
    Condition,
    Dose,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    RecordField,
    Span,
    Statement,
    Transport,
    Vital,
)
from tripsheet.report import Report

NARRATIVE = """\
M14 dispatched priority 1 for chest pain. FD on scene, had given pt naloxone 2 mg IN by FD in \
error for a reported overdose. 58 yo M found seated, c/o 10/10 crushing substernal CP, \
diaphoretic, pale. Pt ambulated to cot with standby. BP 148/92, HR 104, SpO2 95% RA. Cardiac \
monitor: sinus tach, 12-lead shows STEMI inferior. 20g L AC saline lock. ASA 324 mg PO. \
Fentanyl 50mcg SIVP, repeated x1. Zofran 4mg ODT. Toradol 15mg IV. NS 500 mL for BP. O2 4L NC. \
Intubation deferred, airway patent. Denies SOB. Transported to Mercy ED, 8.4 mi.
"""


def words(text: str, narrative: str = NARRATIVE) -> Span:
    """The evidence of some words, by their first place in the narrative."""
    start = narrative.index(text)
    return Span(start, start + len(text), text)


FENTANYL = words("Fentanyl 50mcg SIVP, repeated x1")
ZOFRAN = words("Zofran 4mg ODT")
TORADOL = words("Toradol 15mg IV")
NALOXONE = words("naloxone 2 mg IN by FD")
CHEST_PAIN = words("10/10 crushing substernal CP, diaphoretic")
WALKED = words("Pt ambulated to cot")
PRIORITY = words("dispatched priority 1 for chest pain")
OXYGEN = words("O2 4L NC")
FLUID = words("NS 500 mL")
INTUBATION = words("Intubation deferred")


def chest_pain() -> Analysis:
    """A chest pain call whose claim is one administration short."""
    report = Report(
        id="run 17",
        narrative=NARRATIVE,
        date_of_service=dt.date(2026, 2, 11),
        claimed_hcpcs="A0433",
        crew_level="paramedic",
        loaded_miles=8.4,
    )
    findings = Findings(
        medications=(
            Medication(
                "naloxone",
                "intranasal",
                performer="other",
                dose=Dose(2, "mg"),
                reason="other_performer",
                evidence=(NALOXONE,),
            ),
            Medication("aspirin", "oral", dose=Dose(324, "mg"), evidence=(words("ASA 324 mg PO"),)),
            Medication("fentanyl", "iv_push", count=2, dose=Dose(50, "mcg"), evidence=(FENTANYL,)),
            Medication("ondansetron", "oral", dose=Dose(4, "mg"), evidence=(ZOFRAN,)),
            Medication(
                "ketorolac",
                "iv_push",
                dose=Dose(15, "mg"),
                method_stated=False,
                evidence=(TORADOL,),
            ),
        ),
        interventions=(
            Intervention("cardiac_monitoring", evidence=(words("Cardiac monitor: sinus tach"),)),
            Intervention("ecg_12_lead", detail="interpreted", evidence=(words("12-lead"),)),
            Intervention(
                "iv_access", detail="saline_lock", evidence=(words("20g L AC saline lock"),)
            ),
            Intervention("iv_fluid_bolus", evidence=(FLUID,)),
            Intervention("oxygen", evidence=(OXYGEN,)),
            Intervention(
                "endotracheal_intubation",
                status="not_performed",
                reason="deferred",
                evidence=(INTUBATION,),
            ),
        ),
        conditions=(
            Condition("cardiac_distress", evidence=(CHEST_PAIN, words("STEMI"))),
            Condition("abnormal_skin_signs", evidence=(words("diaphoretic, pale"),)),
            Condition("oxygen_or_emergency_treatment", evidence=(OXYGEN, FENTANYL)),
            Condition("respiratory_distress", status="absent", evidence=(words("Denies SOB"),)),
        ),
        mobility=Mobility(
            ambulate=Prong("able", (words("ambulated"),)), sit=Prong("able", (words("seated"),))
        ),
        vitals=(
            Vital("systolic_bp", 148, "mmHg", evidence=(words("BP 148/92"),)),
            Vital("diastolic_bp", 92, "mmHg", evidence=(words("BP 148/92"),)),
            Vital("heart_rate", 104, "/min", evidence=(words("HR 104"),)),
            Vital("spo2", 95, "%", "room_air", evidence=(words("SpO2 95% RA"),)),
        ),
        transport=Transport(
            response="emergency",
            transported=True,
            destination="H",
            loaded_miles=8.4,
            crew_level="paramedic",
            evidence={
                "response": (PRIORITY,),
                "destination": (words("Mercy ED"),),
                "loaded_miles": (RecordField("loaded_miles"), words("8.4 mi")),
            },
        ),
        statements=(Statement("walked_to_ambulance", evidence=(WALKED,)),),
    )
    emergency = Line(
        "response.emergency", "met", "An immediate response to an emergency call.",
        "42 CFR 414.605", (PRIORITY,),
    )  # fmt: skip
    intervention = Line(
        "als1.intervention", "met", "ALS care given by a paramedic crew.", "42 CFR 414.605",
        (words("20g L AC saline lock"), words("12-lead"), FENTANYL, RecordField("crew_level")),
    )  # fmt: skip
    medications = Line(
        "als2.medications",
        "not_met",
        "2 of the 3 administrations by IV push or infusion that ALS2 needs; a further one is "
        "counted only if push or infusion is told.",
        "42 CFR 414.605",
        (FENTANYL,),
        counted=(Item("fentanyl", 2, "given by IV push", (FENTANYL,)),),
        not_counted=(
            Item("ondansetron", 1, "given by mouth", (ZOFRAN,)),
            Item("ketorolac", 1, "push or infusion is not told", (TORADOL,)),
            Item("iv_fluid_bolus", 1, "a crystalloid", (FLUID,)),
            Item("naloxone", 1, "given before this crew", (NALOXONE,)),
        ),
        policy="count_plain_iv",
        flag=True,
    )
    procedure = Line(
        "als2.procedures", "not_met", "No ALS2 procedure was performed.", "42 CFR 414.605",
        (INTUBATION,),
    )  # fmt: skip
    determination = Determination(
        rules="2026-01",
        hcpcs="A0427",
        modifiers=("RH",),
        necessity=Necessity(
            "supported",
            ("cardiac_distress", "oxygen_or_emergency_treatment"),
            "An acute condition outweighs the walk to the cot on an emergency.",
            evidence=(CHEST_PAIN, OXYGEN),
            counter=(WALKED,),
        ),
        explanation=(emergency, intervention),
        not_assigned=(
            NotAssigned(
                "A0433",
                "One more qualifying administration, or an ALS2 procedure, is lacking.",
                "42 CFR 414.605",
                (
                    Missing("a further dose by vein", "silent"),
                    Missing("an endotracheal intubation", "against", (INTUBATION,)),
                ),
                (medications, procedure),
            ),
            NotAssigned("A0434", "No interfacility transfer is documented.", "42 CFR 414.605"),
        ),
        mileage=Mileage("A0425", 8.4, 8.4, "Rounded up to the tenth of a mile."),
        claimed=Claim("A0433", "higher_than_supported", "high", "One administration short."),
        diagnoses=(Diagnosis("R07.2", "Precordial pain", "cardiac_distress", (CHEST_PAIN,)),),
        checks=(
            Line("coverage.signature", "not_documented", "No signature is told.", "42 CFR 424.36"),
        ),
        review=("Who gave the naloxone: it stands beside care by the crew.",),
        gaps=(
            Gap(
                "iv_method", "A dose is given by IV; push or infusion is not told.",
                "How was the ketorolac given, and over what time?", "42 CFR 414.605",
                "ketorolac", (TORADOL,),
            ),
            Gap(
                "oxygen_reason", "Oxygen was given; what led to it is not told.",
                "What was found that led to oxygen?", "Benefit Policy Manual, ch. 10, s. 20",
                None, (OXYGEN,),
            ),
        ),
    )  # fmt: skip
    return Analysis(report, findings, determination)


@pytest.fixture
def analysis() -> Analysis:
    return chest_pain()
