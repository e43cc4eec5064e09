"""Rhythms that were read, where the monitor is not named."""

from __future__ import annotations

from tripsheet.reading.context import decide, doer
from tripsheet.reading.document import Document
from tripsheet.reading.interventions.telling import Telling
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.setting import Setting

_READ_RHYTHM = Pattern(
    r"\b(?:(?:st|sr|sb|nsr|af) (?:at |@ |rate )?\d{2,3}(?! ?(?:mg|mcg|ml|/|%|street|st\b))"
    r"|(?:runs?|beats?) (?:of )?(?:v?vt|pvcs?)|(?:third|3rd|second|2nd|1st"
    r"|first) deg(?:ree)?(?: (?:av|hb|heart|block|avb)\b| on the (?:paper|strip|monitor))"
    r"|complete heart block|mobitz|(?:slow |rapid )?(?:afib|a ?fib|af|a flutter"
    r"|aflutter) (?:at |@ |rate )?\d{2,3}(?! ?(?:mg|mcg|ml|/))|(?:hr|rate"
    r"|pulse) \d{2,3},? (?:st|sr|sb|nsr)\b(?! elev)|strip sinus|sinus (?:with|w/|at |@ "
    r"|\d{2,3})|ventricular fibrillation|vf|qrs (?:\d{2,3}|wide|narrow|normal)|(?:wide"
    r"|narrow) qrs|peaked t|nsr|sb|v ?paced|a ?paced|av ?paced|normal sinus(?: rhythm)?"
    r"|sinus (?:tach\w*|brady\w*|rhythm|arrhythmia)|s ?tach|asystol\w+|pea|v ?fib|v ?tach"
    r"|svt|a ?fib (?:with |w/ )?rvr|afib (?:with |w/ )?rvr|junctional|idioventricular"
    r"|torsades)\b"
)


def read_rhythms(document: Document, setting: Setting, tellings: list[Telling]) -> None:
    """A rhythm read by the crew is monitoring, even where the monitor is not named."""
    for match in document.find(_READ_RHYTHM):
        sentence = document.sentence_at(match.start())
        if sentence.part in ("past_history", "medications", "allergies", "dispatch"):
            continue
        inside = [
            telling
            for telling in tellings
            if telling.id == "cardiac_monitoring" and sentence.start <= telling.start < sentence.end
        ]
        if inside:
            continue
        decision = decide(document, match.start(), match.end(), finding=True)
        if decision is not None and decision.kind in (
            "history",
            "family",
            "hypothetical",
            "negated",
        ):
            continue
        who = doer(document, match.start(), match.end(), setting=setting)
        tellings.append(
            Telling(
                "cardiac_monitoring",
                match.start(),
                match.end(),
                "performed",
                who.performer,
                detail="interpreted",
            )
        )
