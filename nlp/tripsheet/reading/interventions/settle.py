"""Tellings that are part or result of another."""

from __future__ import annotations

import re

from tripsheet.reading.document import Document
from tripsheet.reading.interventions.mentions import ROUTE_OF_DOSE
from tripsheet.reading.interventions.telling import Telling
from tripsheet.reading.patterns import guarded

_STATE = guarded(r"\b\d{2,3} ?%? (?:sat )?(?:on |w/ |with |at )?(?:the |a |his |her |that )?$")


def settle_oxygen(document: Document, tellings: list[Telling]) -> list[Telling]:
    """Oxygen through a ventilator or CPAP is part of it; by cannula, mask or BVM it is its own."""
    if any(t.id == "cpap" and t.status == "performed" for t in tellings):
        # settings told of a mask's machine are no ventilator of their own
        tellings = [
            t
            for t in tellings
            if not (
                t.id == "mechanical_ventilation"
                and document.folded[t.start : t.end] in ("fio2", "peep", "tidal volume", "vent")
                and any(c.id == "cpap" and abs(c.start - t.start) < 70 for c in tellings)
            )
        ]
    carriers = [
        t
        for t in tellings
        if t.id in ("cpap", "mechanical_ventilation") and t.status == "performed"
    ]
    result: list[Telling] = []
    for telling in tellings:
        if telling.id == "oxygen" and carriers:
            sentence = document.sentence_at(telling.start)
            near = [
                c
                for c in carriers
                if sentence.start <= c.start < sentence.end
                and abs(c.start - telling.start) < 50
                and (c.performer == "other" or telling.performer == "crew")
            ]
            words = document.folded[telling.start : telling.end + 14]
            if near and not re.search(
                r"cannula|canula|\bnc\b|nrb|non ?rebreather|mask|collar|blow", words
            ):
                continue
        result.append(telling)
    return result


def settle_states(document: Document, tellings: list[Telling]) -> list[Telling]:
    """Leaves out what only shows another telling's result: "SpO2 88 on the NRB", "epi 1 mg IO"."""
    folded = document.folded
    by_other = {t.id for t in tellings if t.performer == "other" and t.status == "performed"}
    routes = [
        t for t in tellings
        if t.id == "io_access" and ROUTE_OF_DOSE.search(folded, max(0, t.start - 24), t.start)
    ]  # fmt: skip
    placed_io = any(t.id == "io_access" and t not in routes for t in tellings)
    births = [t for t in tellings if t.id == "childbirth_delivery"]
    put_away = {
        t.id: t.start for t in tellings if t.id in _DECISIVE and t.status == "not_performed"
    }
    result: list[Telling] = []
    for telling in tellings:
        if (
            telling.status == "performed"
            and telling.performer == "crew"
            and telling.start < put_away.get(telling.id, 0)
            and not _DEED.search(folded, max(0, telling.start - 30), telling.end + 40)
        ):
            continue  # "had the EZ-IO out ..., so IO went back in the bag"
        if telling.id in ("oxygen", "bag_valve_mask") and telling.id in by_other:
            if telling.performer == "crew" and telling.status == "performed":
                if _STATE.search(folded, max(0, telling.start - 24), telling.start):
                    continue
        elif telling.id == "io_access" and telling in routes:
            if placed_io:
                continue
            telling.doubts.append("an intraosseous line is told only as the route of a dose")
        elif telling.id == "childbirth_delivery" and folded.startswith(
            ("cord", "crowning"), telling.start
        ):
            if len(births) > 1 or telling.status != "performed":
                continue
            telling.performer = "crew"
        result.append(telling)
    return result


# what one telling alone may lift to the highest level of care
_DECISIVE = frozenset({
    "io_access", "cardioversion", "transcutaneous_pacing", "chest_decompression",
    "surgical_airway", "endotracheal_intubation", "manual_defibrillation", "central_line",
    "blood_transfusion",
})  # fmt: skip
_DEED = re.compile(
    r"\b(?:placed|started|drilled|delivered|establish\w*|insert\w*|obtained|gave|given|done|hung"
    r"|success\w*|good|secured|confirmed|flush\w*|flow\w*|capture\w*|convert\w*|perform\w*|passed"
    r"|got|went in|x ?[1-4]|\d+ ?(?:j|ma|joules)|(?:at|@) ?\d{3,4}|cardiovert\w*|defib\w*"
    r"|shock(?:ed|s)|intubated|paced|decompress\w*|dart\w*)\b"
)
