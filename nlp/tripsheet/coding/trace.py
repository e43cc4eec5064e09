"""Helpers that build the lines and sentences of an explanation."""

from __future__ import annotations

from collections.abc import Iterable

from tripsheet.determination import Item, Line
from tripsheet.findings import Evidence
from tripsheet.values import each_once

CFR_LEVELS = "42 CFR 414.605"
CFR_NECESSITY = "42 CFR 410.40(e)(1)"
BPM_LEVELS = "Benefit Policy Manual ch. 10 s. 30.1.1"
BPM_PRESUMPTION = "Benefit Policy Manual ch. 10 s. 20"


_SPOKEN = {
    "emt": "EMT",
    "aemt": "AEMT",
    "iv_access": "IV access",
    "io_access": "IO access",
    "iv_fluid_bolus": "IV fluid",
    "ecg_12_lead": "12-lead ECG",
    "cpr": "CPR",
    "mechanical_cpr": "mechanical CPR",
    "cpap": "CPAP",
    "ecmo": "ECMO",
    "aed_defibrillation": "AED defibrillation",
    "ett_maintenance": "endotracheal tube maintenance",
    "als_assessment": "ALS assessment",
    "patients": "number of patients",
}


def label(name: str) -> str:
    """A vocabulary name as words: `blood_transfusion` becomes "blood transfusion"."""
    return _SPOKEN.get(name) or name.replace("_", " ")


def listing(names: Iterable[str]) -> str:
    """Names as a sentence lists them: "a, b and c"."""
    items = list(names)
    if len(items) < 2:
        return items[0] if items else ""
    return f"{', '.join(items[:-1])} and {items[-1]}"


def times(count: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return "once" if count == 1 else "twice" if count == 2 else f"{count} times"


def tally(items: Iterable[Item]) -> str:
    """Counted items as words, one name once: "fentanyl twice, ondansetron once"."""
    totals: dict[str, int] = {}
    for item in items:
        totals[item.name] = totals.get(item.name, 0) + item.count
    return ", ".join(f"{label(name)} {times(count)}" for name, count in totals.items())


def evidence_of(items: Iterable[Item]) -> tuple[Evidence, ...]:
    """The evidence of all items, in order, each once."""
    return each_once([one for item in items for one in item.evidence])


def walk(lines: Iterable[Line]) -> Iterable[Line]:
    """Every line of a tree of lines, parents first."""
    for line in lines:
        yield line
        yield from walk(line.children)
