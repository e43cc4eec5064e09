"""From a drug's name in the text to what is told of it there."""

from __future__ import annotations

import re

from tripsheet.lexicon import Lexicon
from tripsheet.reading import amounts
from tripsheet.reading.context import decisions
from tripsheet.reading.document import Document
from tripsheet.reading.medications.dose import DOSES_BEFORE, read_amount
from tripsheet.reading.medications.event import Event
from tripsheet.reading.medications.route import read_route
from tripsheet.reading.medications.status import REASONS, read_status
from tripsheet.reading.patterns import guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting

_LEFT_OUT = frozenset(REASONS) - {"attempted", "home_list", "allergy", "history_of_use"}
_STAMP_BEFORE = guarded(
    r"(?<![\d.:/])((?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d)(?: ?(?:hrs?|hours|h"
    r"|z))?[ :;.,\-\])]*(?:second |2nd |repeat(?:ed)? |gave |given )*(?:[\d.]+ ?(?:mg|mcg"
    r"|g)? ?(?:of )?)?$"
)
# "Duoneb w/ 8L": by its flow a nebulizer that ran
_WITH_FLOW = re.compile(r" ?(?:neb\w* )?(?:w/|with|at|@|on|via)? ?\d{1,2} ?(?:l\b|lpm|liters?)")
_IN_ALL = re.compile(r"\btotal (?:of )?$")
# what stands behind a short form that means a drug: a number, a route, "drip"
_DRUG_WORDS = re.compile(
    r"[ :\-@]*(?:at |given |slow |started |of )?(?:[\d.]+|(?:iv|ivp|im|io|in|po|drip|gtt"
    r"|push|gtts|infusion|bolus|running)\b)"
)
_OTHER_NUMBER = re.compile(
    r"[ :\-@]*(?:at |of )?\d+(?!\d| ?(?:mg|mcg|g|gm|meq|u|unit|units|ml|cc|/)|\.\d)"
)
_IN_WEIGHT = re.compile(r"[ :@]*(?:at )?\d+ ?(?:mg|mcg|g\b|gm)")


def is_meant(document: Document, hit: Hit) -> bool:
    """Whether an ambiguous short form has a dose, unit, drip word or route beside it."""
    if not hit.entry.info.needs_dose:
        return True
    folded = document.folded
    beside = folded[hit.end : hit.end + 16]
    if _DRUG_WORDS.match(beside):
        return not _OTHER_NUMBER.match(beside) or bool(_IN_WEIGHT.match(beside))
    if amounts.DOSE.search(folded[max(0, hit.start - 14) : hit.start]):
        return True
    if _RATE_OR_DRIPS.match(folded, hit.end) or DOSES_BEFORE.search(
        folded, max(0, hit.start - 24), hit.start
    ):
        return True
    # "mag drawn, not pushed": what was left out needs no dose
    return hit.end - hit.start >= 3 and any(
        decision.kind in _LEFT_OUT
        for decision in decisions(document, hit.start, hit.end, finding=False)
    )


# "levo at 4", "levo to 6", "vaso and levo gtts"
_RATE_OR_DRIPS = guarded(
    r" (?:(?:was |started |running |increased |decreased |up |down |turned |back )*(?:at|@|to)"
    r" ?\d{1,2}(?:\.\d+)?(?![\d:/%]| ?(?:min|hr|hour|am|pm|am|h)\b)"
    r"|(?:and|&|\+) [a-z]+ (?:gtts?|drips?|infusions?)\b)|(?:/|,) ?[a-z]+ (?:gtts|drips"
    r"|infusions)\b"
)


def read_event(
    document: Document,
    lexicon: Lexicon,
    setting: Setting,
    hit: Hit,
    until: int,
    since: int,
    drug_follows: bool,
    previous: Event | None,
    limit: int,
) -> Event:
    """What is told of a drug where it is named.

    The words from `since` to `until` are its own; `limit` is where those of its sentence end.
    """
    folded = document.folded
    drug = lexicon.drugs[hit.entry.id]
    event = Event(drug.name, hit.start, hit.end, home=drug.home)
    event.tablets = drug.implied_route in ("sublingual", "nebulized")
    event.plural = folded[hit.end - 1] == "s" and folded[hit.start : hit.end - 1] in drug.forms
    event.spans.append((hit.start, hit.end))
    left = amounts.plain_window(folded[since : hit.start])
    right = amounts.plain_window(folded[hit.end : until])
    read_amount(event, left, right, since, hit.end, drug_follows)
    event.in_all = event.counted and event.dose is None and _IN_ALL.search(left) is not None
    if drug.implied_route == "nebulized" and _WITH_FLOW.match(right):
        event.route, event.route_told = "nebulized", True
    read_route(event, drug.implied_route, hit.entry.info.route, left, right, since, hit.end)
    if event.route == "intranasal" and drug.routes and "intranasal" not in drug.routes:
        # "cardizem 15 mg in, slow": a bare "in" is no nose for a drug that is not given there
        event.route, event.route_told = "unknown", False
    stamped = _STAMP_BEFORE.search(left)
    if stamped is not None and previous is not None and previous.trailing:
        stamped = None  # "fentanyl 50 ivp 1410 fentanyl 50 ivp 1425": the time of the dose before
    if stamped is None:
        first = amounts.ONE_TIME.search(right[:70])
        event.trailing = first is not None
        event.stamp = (
            first.group().replace(":", "") if first and amounts.CLOCK.search(right[:80]) else None
        )
    else:
        event.stamp = stamped.group(1).replace(":", "")
        event.counted = True
    nearby = folded[max(since, hit.start - 60) : min(until, hit.end + 90)]
    event.clock = document.sentence_at(hit.start).stamp is not None or bool(
        amounts.CLOCK.search(nearby)
    )
    read_status(document, setting, hit, event, until, limit)
    return event
