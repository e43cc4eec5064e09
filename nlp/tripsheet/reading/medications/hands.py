"""Doses of one sentence by several doers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tripsheet.lexicon import Lexicon
from tripsheet.reading import amounts
from tripsheet.reading.context import side_of
from tripsheet.reading.document import Document
from tripsheet.reading.medications.dose import read_amount
from tripsheet.reading.medications.event import Event
from tripsheet.reading.medications.route import read_route
from tripsheet.reading.patterns import guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting


def turn_at(document: Document, agents: list[Hit], start: int, until: int) -> int:
    """Where a new statement of the crew's doing begins without a stop: "... nitro we placed"."""
    folded = document.folded
    for hit in agents:
        if hit.start >= start + 6 and folded[hit.start : hit.end] in ("we", "crew", "i", "ems"):
            if not _LEADS_IN.search(folded, start, hit.start):
                return hit.start
    return until


_LEADS_IN = guarded(
    r"\b(?:by|with|to|per|from|before|until|when|after|as|while|once|and|that)(?: the| this"
    r"| our)? $"
)
# a clause that names its own doer and a dose, and no drug: "FD gave 1 mg epi, we gave 2 more"
_CLAUSE = re.compile(r"(?:[,;]|\band|\bthen|\bbut|&|\+)(?: and| then| but)? ?(?:the |had |has )?$")
_DOSE_OF_CLAUSE = guarded(
    rf" ?(?:then |also |only |had |has )*(?:gave |administered |pushed |added |repeated "
    rf"|did |used )?"
    rf"(?:another |a further |a )?(?P<dose>{amounts.DOSE.pattern}"
    rf"|(?:\d|one|two|three)(?= (?:more|sl|iv|ivp|im|in|io|po|neb|spray|tab|pill|dose|puff|ntg)))"
)
# the same told with the doer behind: "100 mcg by sending and 50 mcg IVP by crew"
_BY_HAND = guarded(
    rf"(?:,|;|\band|\bthen|&|\+) ?(?:then |and |another )?(?P<dose>{amounts.DOSE.pattern})"
    rf"(?:(?! by )[^,;]){{0,24}} by (?:the |our |this )?(?P<who>)"
)
_DONE_BY = guarded(r"\bby (?!mouth|nc\b|neb)|\bown\b|\bpta\b|\bprior to\b")


def other_hands(
    document: Document, agents: list[Hit], start: int, until: int
) -> Iterator[tuple[int, int, Hit]]:
    """Doses of the drug before by another doer: where the clause and its dose begin, the doer."""
    folded = document.folded
    for hit in agents:
        joint = _CLAUSE.search(folded, max(start, hit.start - 12), hit.start)
        if joint is not None and _DOSE_OF_CLAUSE.match(folded, hit.end, until):
            yield joint.start(), hit.end, hit
    for match in _BY_HAND.finditer(folded, start, until):
        hand = next((hit for hit in agents if hit.start == match.start("who")), None)
        if hand is not None and _DONE_BY.search(folded, start, match.start()):
            yield match.start(), match.start("dose"), hand


def by_others(
    document: Document,
    lexicon: Lexicon,
    setting: Setting,
    event: Event,
    hands: list[tuple[int, int, Hit]],
    limit: int,
) -> list[Event]:
    """The doses of a drug that its sentence tells of further doers without naming it again."""
    found: list[Event] = []
    for index, (start, begin, hand) in enumerate(hands):
        end = hands[index + 1][0] if index + 1 < len(hands) else limit
        words = amounts.plain_window(document.folded[begin:end])
        other = Event(event.name, start, begin, home=event.home, act=True)
        other.tablets = event.tablets
        read_amount(other, "", words, begin, begin)
        if other.dose is None and not other.counted:
            number = _DOSE_OF_CLAUSE.match(document.folded, begin, end)
            other.count = amounts.how_often(number["dose"]) or 1 if number else 1
            other.counted, other.dose = True, event.dose
        implied = lexicon.drugs[event.name].implied_route
        read_route(other, implied, None, "", words, begin, begin)
        other.performer = side_of(hand, setting)
        other.cues.append(document.cue(hand, f"{other.performer}_performer"))
        if other.performer == "other":
            other.reason = "other_performer"
        other.clock = bool(amounts.CLOCK.search(words))
        other.spans.append((start, min(end, begin + 1)))
        found.append(other)
    return found
