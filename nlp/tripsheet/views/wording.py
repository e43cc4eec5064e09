"""Names of the vocabulary in the words of the field, shared by every view."""

from __future__ import annotations

from collections.abc import Iterable

from tripsheet.coding.rules import load_rules
from tripsheet.determination import Line, Mileage, NotAssigned
from tripsheet.findings import (
    Condition,
    Intervention,
    Medication,
    Statement,
    Vital,
)
from tripsheet.vocabulary import ClaimVerdict, NecessityVerdict, RuleOutcome

LEVELS_IN_SHORT: dict[str, str] = {
    "A0428": "BLS",
    "A0429": "BLS-E",
    "A0426": "ALS1",
    "A0427": "ALS1-E",
    "A0433": "ALS2",
    "A0434": "SCT",
    "A0432": "PI",
    "A0430": "FW",
    "A0431": "RW",
}
"""The abbreviations that payers and coders use for the same levels."""

_NAMES: dict[str, str] = {
    # routes
    "iv_push": "IV push",
    "iv_infusion": "IV infusion",
    "io": "IO",
    "im": "IM",
    "oral": "by mouth",
    "unknown": "route not told",
    # interventions
    "bag_valve_mask": "bag-valve-mask ventilation",
    "cpap": "CPAP",
    "ett_maintenance": "endotracheal tube maintained",
    "ecg_12_lead": "12-lead ECG",
    "aed_defibrillation": "AED defibrillation",
    "cpr": "CPR",
    "mechanical_cpr": "mechanical CPR",
    "ecmo": "ECMO",
    "iv_access": "IV access",
    "io_access": "IO access",
    "iv_fluid_bolus": "IV fluid",
    "als_assessment": "ALS assessment",
    # vital signs
    "systolic_bp": "systolic BP",
    "diastolic_bp": "diastolic BP",
    "spo2": "SpO₂",
    "gcs": "GCS",
    "etco2": "EtCO₂",
    # mobility
    "ambulate": "walk",
    # the call
    "mode": "means of transport",
    "pcs": "physician certification statement",
    "snf_part_a": "SNF stay under Part A",
    "dispatched_als": "dispatched for an ALS crew",
    "als_unavailable": "ALS unavailable",
    "als_assessment_findings": "ALS assessment findings",
    "iv_method": "IV method",
    "sct_skill": "specialty care",
    # crew
    "emt": "EMT",
    "aemt": "AEMT",
    # verdicts
    "higher_than_supported": "higher than the narrative supports",
    "equal": "equal to what the narrative supports",
    "lower_than_supported": "lower than the narrative supports",
    "not_comparable": "cannot be compared",
    "insufficient": "not sufficiently documented",
}

NECESSITY_IN_SHORT: dict[NecessityVerdict, str] = {
    "supported": "supported",
    "not_supported": "not supported",
    "insufficient": "insufficient",
}
CLAIM_IN_SHORT: dict[ClaimVerdict, str] = {
    "higher_than_supported": "too high",
    "lower_than_supported": "too low",
    "equal": "equal",
    "not_comparable": "other kind",
}
"""Verdicts where a table has room for a word or two."""

OUTCOMES: dict[RuleOutcome, str] = {
    "met": "met",
    "not_met": "not met",
    "not_documented": "silent",
    "not_applicable": "no part",
}
"""What a rule decided, in one or two words; `silent` is of the narrative, not of the rule."""


def name(id: str) -> str:
    """An id of the vocabulary as words: `iv_push` is "IV push", `bed_confined` "bed confined"."""
    return _NAMES.get(id) or id.replace("_", " ")


def level(hcpcs: str) -> str:
    """The name of a level, or nothing for a code that is none."""
    found = load_rules().levels.get(hcpcs)
    return found.name if found else ""


def number(value: float) -> str:
    """A number as a person writes it: no trailing zeros, no exponent."""
    return f"{value:.4f}".rstrip("0").rstrip(".")


def times(count: int) -> str:
    """`×2` for a second and further one, nothing for a single one."""
    return f"×{count}" if count != 1 else ""


def medication(found: Medication) -> str:
    """A medication in one line: name, dose, route, count, who gave it or why it was not given."""
    route = name(found.route)
    if found.route == "iv_push" and not found.method_stated:
        route = "IV, push or infusion not told"
    if found.status == "not_given" and found.route == "unknown":
        route = ""
    dose = f"{number(found.dose.value)} {found.dose.unit}".strip() if found.dose else ""
    if found.total_only:
        dose = f"{dose} in total"
    parts = [_joined((name(found.name), dose, times(found.count)), " "), route]
    if found.status == "not_given":
        parts.append(_because("not given", found.reason))
    elif found.maintained:
        parts.append("begun by others, kept running by the crew")
    elif found.performer == "other":
        parts.append(_because("given by others", found.reason))
    return _joined((*parts, model_note(found)))


def intervention(found: Intervention) -> str:
    """An intervention in one line: what, its detail, its outcome, who did it if not the crew."""
    parts = [name(found.id)]
    if found.detail:
        parts.append(name(found.detail))
    if found.status == "attempted":
        parts.append(_because("attempted, not successful", found.reason))
    elif found.status == "not_performed":
        parts.append(_because("not performed", found.reason))
    elif found.maintained:
        parts.append("begun by others, kept up by the crew")
    elif found.performer == "other":
        parts.append(_because("by others", found.reason))
    return _joined((*parts, model_note(found)))


def condition(found: Condition) -> str:
    """A condition in one line, with `denied` or `history` where it is not present."""
    stance = {"present": "", "absent": "denied or ruled out", "history": "history only"}
    return _joined((name(found.id), stance[found.status], model_note(found)))


def vital(found: Vital) -> str:
    """A measured value in one line."""
    unit = found.unit if found.unit == "%" else f" {found.unit}"
    value = f"{name(found.kind)} {number(found.value)}{unit}".rstrip()
    return _joined((value, name(found.detail or "")))


def statement(found: Statement) -> str:
    """A statement in one line, with what it speaks of."""
    return _joined((name(found.id), name(found.about or "")))


def told(field: str, value: object) -> str:
    """What the call says of one of its fields: "response: emergency", "origin: a residence"."""
    if field in ("origin", "destination"):
        shown = load_rules().letters.get(str(value), "")
    elif isinstance(value, bool):
        shown = "yes" if value else "no"
    elif isinstance(value, float):
        shown = number(value)
    else:
        shown = "" if value is None else name(str(value))
    return f"{name(field)}: {shown}" if shown else name(field)


def mileage(found: Mileage) -> str:
    """The mileage line: loaded miles, and the code and units that they bill as."""
    return f"{number(found.loaded_miles)} mi ({found.hcpcs} × {number(found.units)})"


def doubt(line: Line) -> str:
    """What to tell of a rule that coders argue over, or that a policy can turn; else nothing."""
    parts = []
    if line.flag:
        parts.append("Coders may disagree here: check by hand.")
    if line.policy:
        parts.append(f"The policy {line.policy} can decide otherwise.")
    return " ".join(parts)


def reason(higher: NotAssigned) -> str:
    """Why a higher level is not assigned, unless the facts it lacks say all of it already."""
    told_below = higher.missing and all(lack.fact in higher.reason for lack in higher.missing)
    return "" if told_below else higher.reason[:1].upper() + higher.reason[1:]


def asserted(found: Medication | Intervention | Condition) -> bool:
    """Whether the finding is of this crew's care or of this patient now; else it only is named."""
    if isinstance(found, Condition):
        return found.status == "present"
    if found.performer == "other" and not found.maintained:
        return False
    return found.status in ("given", "performed")


def model_note(found: Medication | Intervention | Condition) -> str:
    """`model only, p = 0.71` for what no rule read in the text."""
    if found.source != "model":
        return ""
    if found.probability is None:
        return "model only"
    return f"model only, p = {found.probability:.2f}"


def _because(what: str, reason: str | None) -> str:
    if reason is None or reason == "other_performer":  # said already
        return what
    return f"{what} ({name(reason)})"


def _joined(parts: Iterable[str], by: str = ", ") -> str:
    return by.join(part for part in parts if part)
