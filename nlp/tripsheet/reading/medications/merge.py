"""From tellings to findings: one item for each drug, route, status and performer."""

from __future__ import annotations

import re
from dataclasses import replace
from math import inf

from tripsheet.findings import Dose, Evidence, Medication
from tripsheet.lexicon import Lexicon
from tripsheet.reading.document import Document
from tripsheet.reading.medications.event import Event
from tripsheet.reading.patterns import guarded
from tripsheet.values import each_once
from tripsheet.vocabulary import MedicationStatus, Performer, Route

_FLUSHES = frozenset({"heparin", "sodium_chloride", "alteplase", "citrate"})


def merged(document: Document, lexicon: Lexicon, events: list[Event]) -> tuple[Medication, ...]:
    """One finding for each drug, route, status and performer, with all its words."""
    given = [event for event in events if event.status == "given" and not event.reference]
    kept: list[Event] = []
    for event in sorted(events, key=lambda item: item.start):
        if event.mute:
            continue
        if event.reference:
            # a mere mention of what is told elsewhere, or the only telling of a drug
            if any(other.name == event.name for other in given):
                continue
            if any(other.name == event.name for other in kept):
                continue
            if (
                not event.act
                and event.performer == "crew"
                and not _mentioned_as_care(document, event)
            ):
                continue
        kept.append(event)
    groups: dict[tuple[str, Route, MedicationStatus, Performer, bool], list[Event]] = {}
    for event in kept:
        route = event.route
        if not event.route_told and event.status == "given":
            # the route of the same drug's other doses, where one telling leaves it out
            told = {
                other.route
                for other in kept
                if other.name == event.name
                and other.route_told
                and other.status == "given"
                and other.performer == event.performer
            }
            if len(told) == 1:
                route = next(iter(told))
        if event.status == "not_given" and event.reason in ("home_list", "allergy"):
            route = "unknown"
        key = (event.name, route, event.status, event.performer, event.maintained)
        groups.setdefault(key, []).append(event)
    medications: list[Medication] = []
    for (name, route, status, performer, maintained), group in groups.items():
        medications.append(
            _finding(document, lexicon, name, route, status, performer, maintained, group)
        )
    return tuple(medications)


def _mentioned_as_care(document: Document, event: Event) -> bool:
    """Whether a bare drug name stands where care is listed ("Tx: O2, NTG, ASA")."""
    sentence = document.sentence_at(event.start)
    return sentence.part == "treatment" or sentence.stamp is not None


def _finding(
    document: Document,
    lexicon: Lexicon,
    name: str,
    route: Route,
    status: MedicationStatus,
    performer: Performer,
    maintained: bool,
    group: list[Event],
) -> Medication:
    first = group[0]
    if status == "given":
        tellings = _tellings(_once(document, group))
        count = sum(event.count for event in tellings) if route != "iv_infusion" else 1
        count = max([count, *(event.count for event in group if event.in_all)])
        count = int(min(count, _most(group)))
        if route == "iv_infusion":
            count = max(1, max(event.count for event in group))
    else:
        count = 1
    spans: list[Evidence] = [document.span(*event.extent()) for event in group]
    usual = lexicon.drugs[name].usual_dose
    doses = [
        # a bare number is of the drug's usual unit
        Dose(event.dose.value, usual.unit) if usual and not event.dose.unit else event.dose
        for event in group
        if event.dose is not None
    ]
    return Medication(
        name=name,
        route=route,
        status=status,
        performer=performer,
        count=count,
        dose=doses[0] if doses else None,
        maintained=maintained,
        detail=_detail(document, group),
        method_stated=all(event.method_stated for event in group if event.route_told),
        total_only=any(event.total_only for event in group) and count == 1,
        time_stated=any(event.clock for event in group),
        reason=first.reason,
        rxcui=lexicon.drugs[name].rxcui,
        evidence=each_once(spans),
        cues=each_once([cue for event in group for cue in event.cues]),
        doubts=each_once([doubt for event in group for doubt in event.doubts]),
    )


_DETAILS = (
    ("autoinjector", guarded(r"auto ?-?injector|epi ?-?pen|auvi|duo ?dote|autoinjecter")),
    ("lock_flush", guarded(r"\bflush|\block(?:ed)?\b")),
    (
        "fractions",
        guarded(
            r"\bin (?:divided|split|fractional) doses|\bdivided (?:into|in)\b"
            r"|\bparts of (?:one|the) dose"
        ),
    ),
    (
        "patients_own",
        guarded(
            r"\b(?:his|her|pt's|patient's|own) own\b|\bown (?:nitro|ntg|inhaler|mdi|epi"
            r"|supply|prescription)|\bassist\w* (?:pt |patient )?with (?:his|her|own)"
        ),
    ),
)
# one of these is in whatever they match
_SOME_DETAIL = re.compile(
    r"inj|pen|auvi|dote|flush|lock|divided|split|fraction|parts of|own|assist"
)


def _detail(document: Document, group: list[Event]) -> str | None:
    """What narrows a dose for the rules: an autoinjector, a flush, parts of one dose, the
    patient's own drug."""
    extents = [event.extent() for event in group]
    words = " ".join([document.folded[max(0, start - 26) : end + 12] for start, end in extents])
    if not _SOME_DETAIL.search(words):
        return None
    found = next((detail for detail, pattern in _DETAILS if pattern.search(words)), None)
    # "adenosine 6 mg rapid IVP + flush": the flush follows the drug
    return None if found == "lock_flush" and group[0].name not in _FLUSHES else found


def _most(group: list[Event]) -> float:
    """How many doses a total leaves room for: "three times 4 mg ... morphine total is 8 mg"."""
    totals = [event.dose for event in group if event.total_only and event.dose is not None]
    sizes = {event.dose for event in group if not event.total_only and event.dose is not None}
    if not totals or len(sizes) != 1:
        return inf
    (size,) = sizes
    if not size.value or totals[-1].unit not in ("", size.unit):
        return inf
    doses = totals[-1].value / size.value
    return doses if doses >= 1 and doses == int(doses) else inf


def _once(document: Document, group: list[Event]) -> list[Event]:
    """The events of a group without those that a time-stamped log tells a second time."""
    log = [event for event in group if document.sentence_at(event.start).stamp is not None]
    prose = [event for event in group if event not in log and event.stamp is None]
    if len(log) + len(prose) < len(group) or any(event.dose is None for event in group):
        return group
    if not log or not prose:
        return group
    again = [event.dose for event in log] == [event.dose for event in prose]
    # one telling of several doses: "20 mg slow IVP, then 25 mg IVP"
    row = len(prose) == 1 and prose[0].dose == log[0].dose and prose[0].count == len(log)
    return log if again or row else group


def _tellings(group: list[Event]) -> list[Event]:
    """The events of a group that are doses of their own, not second tellings of one dose."""
    result: list[Event] = []
    seen: set[tuple[str, float | None]] = set()
    for event in group:
        if event.stamp is not None and event.count == 1:
            # the same dose at the same minute is one dose told twice
            key = (event.stamp, event.dose.value if event.dose else None)
            if key in seen:
                continue
            seen.add(key)
        if (event.total_only or event.in_all) and any(other is not event for other in group):
            continue
        timed = event.stamp is not None and event.route_told
        if event.dose is None and not event.counted and result and not timed:
            continue
        result.append(event)
    return result or [replace(group[0])]
