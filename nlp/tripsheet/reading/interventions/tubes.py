"""Tubes of the airway: placed, tried, found in place, given up for another."""

from __future__ import annotations

import re
from dataclasses import replace

from tripsheet.reading.document import Document
from tripsheet.reading.interventions.close_calls import KEPT
from tripsheet.reading.interventions.mentions import TUBE_WORDS
from tripsheet.reading.interventions.telling import Telling
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.setting import Setting

_OWN_TUBE = Pattern(
    r"\b(?:rsi|laryngoscop\w+|bougie|passed through|through (?:the )?(?:vocal )?cords"
    r"|grade (?:[1-4]|i{1,3})|(?:1st|first|2nd|second) pass|(?:1st|first|2nd|second) attempt"
    r"|intubated by (?:crew|us|flight|this|medic|ems)|we intubated|crew intubated|(?:flight"
    r"|transport) (?:nurse|paramedic|crew|team) intubated|(?:mac|miller) ?\d|glidescope"
    r"|c ?mac|king vision|induc(?:ed|tion)|paralyz\w+|pre ?ox\w+"
    r"|decision (?:made )?to (?:intubate|rsi))\b"
)
_PLACED_BEFORE = Pattern(
    r"\b(?:intubated (?:by|in|at|prior|pta|on arrival|yesterday|today|for|and sedated"
    r"|patient|pt)|(?:found|already|remains?|remained|arrived|presents?|is|was|currently"
    r"|orally) intubated|intubated\b.{0,40}\b(?:prior|pta|by (?:fd|fire|sending|ed|er|ems"
    r"|ground|referring|the ed|anesthesia|staff|first|local|facility))|(?:sending|ed|er"
    r"|referring|hospital|anesthesia|crna|ground (?:crew|ems|medics)|fire"
    r"|fd)\b.{0,25}\bintubated)\b"
)
_ABANDONED = guarded(
    r"\bfailed to (?:pass|place|intubate)|\babandon\w* (?:the )?(?:intubation|tube|eti|attempt\w*)"
    r"|\b(?:could ?n[o']t|could not|unable to|not able to|never) (?:pass|place|intubate|get"
    r"|seat|see)"
    r"(?: the| a)?(?: ett?\b| tube| cords)?|\b(?:att(?:empt)?s?|look|pass) ?#?\d?[^.;\n]{0,30}?"
    r"\b(?:unable|esoph\w*|failed|unsuccessful|missed|no view)|\bfailed (?:eti|intubation|airway)"
    r"|\bunsuccessful (?:eti|intubation|attempts?)"
)
_TUBE_IN = guarded(
    r"\b(?:success\w*|secured|tube (?:passed|confirmed|at|in place|placed)|placed at|\d{2} ?cm"
    r"|(?:passed|through) (?:the )?(?:vocal )?cords|(?:2nd|second|3rd|third|next) (?:attempt"
    r"|pass|try|look)"
    r" (?:was )?(?:good|success\w*|passed|placed)|ett? (?:in|at|placed|confirmed)"
    r"|[6-9]\.[05] (?:ett?|tube))\b"
)


def abandoned_tubes(document: Document, tellings: list[Telling]) -> list[Telling]:
    """An intubation given up for a supraglottic airway was tried, not done."""
    folded = document.folded
    rescued = any(
        t.id == "supraglottic_airway" and t.status == "performed" and t.performer == "crew"
        for t in tellings
    )
    if not rescued:
        return tellings
    if all(folded.endswith("no ", 0, word.start()) for word in document.find(TUBE_WORDS)):
        # "intubated with a King": the tube words are those of the supraglottic airway
        return [
            telling
            for telling in tellings
            if telling.id not in ("endotracheal_intubation", "ett_maintenance")
            or telling.status != "performed"
            or telling.performer != "crew"
        ]
    if not _ABANDONED.search(folded) or _TUBE_IN.search(folded):
        return tellings
    return [
        replace(telling, id="endotracheal_intubation", status="attempted")
        if telling.id in ("endotracheal_intubation", "ett_maintenance")
        and telling.status == "performed"
        and telling.performer == "crew"
        else telling
        for telling in tellings
    ]


def settle_tubes(document: Document, setting: Setting, tellings: list[Telling]) -> list[Telling]:
    """A tube placed by this crew is an intubation; one found in place is kept and monitored."""
    tubes = [t for t in tellings if t.id in ("endotracheal_intubation", "ett_maintenance")]
    if not tubes:
        return tellings
    folded = document.folded
    own = bool(document.search(_OWN_TUBE))
    before = bool(document.search(_PLACED_BEFORE)) or any(
        t.performer == "other" and t.status == "performed" for t in tubes
    )
    tried = [t for t in tubes if t.id == "endotracheal_intubation" and t.status != "performed"]
    own_done = own or not (setting.transfer or before)
    result: list[Telling] = []
    for telling in tellings:
        if telling.id not in ("endotracheal_intubation", "ett_maintenance"):
            result.append(telling)
            continue
        if telling.status != "performed":
            if telling.id == "ett_maintenance":
                continue
            result.append(telling)
            continue
        if own_done and not before:
            if telling.id == "ett_maintenance":
                telling.id = "endotracheal_intubation"
                if tried:
                    continue
            result.append(telling)
        elif before and not own:
            words = folded[telling.start : telling.end]
            if telling.performer == "other" and (
                telling.id == "endotracheal_intubation" or "intubated" in words
            ):
                result.append(replace(telling, id="endotracheal_intubation"))
                told = document.sentence_at(telling.start)
                if not setting.transfer and not KEPT.search(folded, told.start, told.end):
                    continue  # a hospital's or a flight crew's, after this crew's care
            result.append(
                Telling(
                    "ett_maintenance",
                    telling.start,
                    telling.end,
                    "performed",
                    "crew",
                    maintained=True,
                    cues=telling.cues,
                )
            )
        elif telling.performer == "other":
            result.append(telling)
            if telling.id == "ett_maintenance":
                telling.performer = "crew"
        else:
            if own:
                telling.id = "endotracheal_intubation"
                if tried and not re.search(
                    r"success|confirm|pass|cords|placed|secured|intubated",
                    folded[telling.start : telling.end + 60],
                ):
                    continue
            else:
                telling.id = "ett_maintenance"
                telling.maintained = True
            result.append(telling)
    return result


def settle_rescue(document: Document, tellings: list[Telling]) -> None:
    """An airway "in place" after the crew's own failed tube is the crew's, not one found."""
    tried = [
        t.start
        for t in tellings
        if t.id == "endotracheal_intubation" and t.status == "attempted" and t.performer == "crew"
    ]
    for telling in tellings:
        if (
            telling.id == "supraglottic_airway"
            and telling.performer == "other"
            and any(start < telling.start for start in tried)
            and all(cue.text.lower() == "in place" for cue in telling.cues)
        ):
            telling.performer, telling.cues = "crew", []
