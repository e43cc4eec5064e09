"""Findings as sets of plain keys, field by field, so that two readings can be compared.

Gold against the reader and annotator against annotator are compared by the same keys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from tripsheet.findings import Evidence, Findings, Span
from tripsheet.vocabulary import LISTED_CONDITIONS, QUALIFYING_CONDITIONS

Key = tuple[str, ...]
"""What two readings must share: for an intervention ("oxygen", "performed", "crew")."""

PRONGS = ("get_up", "ambulate", "sit")
CALL_FIELDS = (
    "mode", "response", "transported", "origin", "destination", "loaded_miles", "crew_level",
    "specialist_aboard", "interfacility", "scheduled", "pcs", "signature", "death", "patients",
)  # fmt: skip

FIELDS: Mapping[str, str] = {
    "administrations": "crew doses: drug and route, each as often as it was given",
    "medications": "drug, given or not given, by whom",
    "interventions": "id, outcome, by whom",
    "performer": "interventions performed or attempted: id and by whom",
    "qualifying_conditions": "the ten, present on this call",
    "listed_conditions": "further conditions, present on this call",
    "mobility": "prong and value",
    "vitals": "kind and value",
    "transport": "setting of the call and its value",
    "gaps": "what the narrative lacks",
}
"""The compared fields and what a key of each holds."""


def items(findings: Findings, gaps: Iterable[str]) -> dict[str, Counter[Key]]:
    """The keys of each field; only doses are counted, all else is there or not."""
    doses: Counter[Key] = Counter()
    for drug in findings.medications:
        if drug.status == "given" and drug.performer == "crew":
            doses[drug.name, drug.route] += drug.count
    acts = findings.interventions
    present = [c.id for c in findings.conditions if c.status == "present"]
    return {
        "administrations": doses,
        "medications": _once((m.name, m.status, m.performer) for m in findings.medications),
        "interventions": _once((a.id, a.status, a.performer) for a in acts),
        "performer": _once((a.id, a.performer) for a in acts if a.status != "not_performed"),
        "qualifying_conditions": _once((id,) for id in present if id in QUALIFYING_CONDITIONS),
        "listed_conditions": _once((id,) for id in present if id in LISTED_CONDITIONS),
        "mobility": _once(
            (name, value)
            for name in PRONGS
            for value in (getattr(findings.mobility, name).value,)
            if value != "not_documented"
        ),
        "vitals": _once((v.kind, f"{v.value:g}") for v in findings.vitals),
        "transport": _once(_call(findings)),
        "gaps": _once((gap,) for gap in gaps),
    }


_CLASSES: Mapping[str, Callable[[Key], str]] = {
    "administrations": lambda key: key[1],
    "medications": lambda key: f"{key[1]} by {key[2]}",
    "mobility": lambda key: f"{key[0]} {key[1]}",
}


def class_of(field: str, key: Key) -> str:
    """The class under which a key is counted: a route, an id, a prong with its value."""
    return _CLASSES[field](key) if field in _CLASSES else key[0]


def evidence_of(findings: Findings, field: str, key: Key) -> tuple[Span, ...]:
    """The words of the narrative that a key rests on; none for the call and for gaps."""
    found: list[tuple[Key, tuple[Evidence, ...]]] = []
    if field == "administrations":
        found = [((m.name, m.route), m.evidence) for m in findings.medications]
    elif field == "medications":
        found = [((m.name, m.status, m.performer), m.evidence) for m in findings.medications]
    elif field == "interventions":
        found = [((a.id, a.status, a.performer), a.evidence) for a in findings.interventions]
    elif field == "performer":
        found = [((a.id, a.performer), a.evidence) for a in findings.interventions]
    elif field.endswith("conditions"):
        found = [((c.id,), c.evidence) for c in findings.conditions if c.status == "present"]
    elif field == "mobility":
        prongs = ((name, getattr(findings.mobility, name)) for name in PRONGS)
        found = [((name, prong.value), prong.evidence) for name, prong in prongs]
    elif field == "vitals":
        found = [((v.kind, f"{v.value:g}"), v.evidence) for v in findings.vitals]
    spans = (item for own, evidence in found if own == key for item in evidence)
    return tuple(span for span in spans if isinstance(span, Span))


# what annotators leave unsaid
_USUAL = {"response": "unknown", "patients": 1, "interfacility": False}


def _call(findings: Findings) -> Iterable[Key]:
    for name in CALL_FIELDS:
        value = getattr(findings.transport, name)
        if value is None or (name in _USUAL and value == _USUAL[name]):
            continue
        yield name, f"{value:g}" if name == "loaded_miles" else str(value).lower()


def _once(keys: Iterable[Key]) -> Counter[Key]:
    return Counter(set(keys))
