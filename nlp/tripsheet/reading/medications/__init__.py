"""Medications: each drug named, its dose, route, count, status and who gave it."""

from __future__ import annotations

import re

from tripsheet.findings import Medication
from tripsheet.lexicon import Lexicon
from tripsheet.reading.corrections import CORRECTION
from tripsheet.reading.document import Document
from tripsheet.reading.medications.afterwards import (
    add_led_doses,
    add_repeats,
    apply_corrections,
    carry_on,
    share_routes,
)
from tripsheet.reading.medications.event import Event, not_given
from tripsheet.reading.medications.hands import by_others, other_hands, turn_at
from tripsheet.reading.medications.merge import merged
from tripsheet.reading.medications.route import other_routes
from tripsheet.reading.medications.status import deny, is_ours
from tripsheet.reading.medications.telling import is_meant, read_event
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.sceptic import Sceptic
from tripsheet.reading.setting import Setting

# nothing ran on this trip, whatever ran before it
_NO_DRIPS = Pattern(
    r"\b(?:no (?:active |running |current )?(?:drips?|gtts?|infusions?)|nothing (?:is "
    r"|was )?(?:infusing"
    r"|running|hanging|hung)|(?:drips?|gtts?|infusions?) ?: ?none|all (?:drips?|gtts?"
    r"|infusions?) (?:were"
    r" )?(?:off|stopped|d/?c'?d))\b(?! (?:started|hung|changed|added|by us|needed adj))"
)
# "nothing hung, nothing given": what was named before was only meant
_NOTHING = Pattern(
    r"\bnothing (?:was |got |ever )?(?:hung|given|pushed|administered|started)\b"
    r"(?! (?:by|at|in|on|else|more|further|orally|po\b))"
)
_AMENDED = re.compile(r"[^.;]{0,32}\d")


def read_medications(
    document: Document, lexicon: Lexicon, setting: Setting, sceptic: Sceptic | None = None
) -> tuple[Medication, ...]:
    """Every medication the narrative names, one item for each drug, route, status and performer.

    Doses of the same drug by the same route and people are one item with their count.
    """
    drugs = [hit for hit in document.hits("drug") if is_meant(document, hit)]
    if not drugs:
        return ()
    corrections = [
        match.start()
        for match in document.find(CORRECTION)
        if _AMENDED.match(document.folded, match.end())
    ]
    events: list[Event] = []
    taken_until = 0  # the end of the words that an earlier drug has claimed
    for index, hit in enumerate(drugs):
        sentence = document.sentence_at(hit.start)
        following = drugs[index + 1].start if index + 1 < len(drugs) else len(document.folded)
        limit = min([sentence.end, following, *(at for at in corrections if at >= hit.end)])
        agents = [
            agent
            for agent in document.agents_between(hit.end, limit)
            if agent.entry.kind == "agent"
        ]
        hands = list(other_hands(document, agents, hit.end, limit)) if agents else []
        turn = turn_at(document, agents, hit.end, limit)
        until = min([turn, *(start for start, _, _ in hands)])
        event = read_event(
            document,
            lexicon,
            setting,
            hit,
            until,
            max(sentence.start, taken_until),
            until == following,
            events[-1] if events and events[-1].start >= sentence.start else None,
            limit,
        )
        if sceptic is not None and is_ours(event):
            deny(event, sceptic.verdict(document, hit, transfer=setting.transfer))
        taken_until = max([hit.end, *(end for _, end in event.spans)])
        events.append(event)
        events.extend(other_routes(document, hit, event, until))
        events.extend(by_others(document, lexicon, setting, event, hands, limit))
    apply_corrections(document, events)
    carry_on(document, setting, drugs, events)
    share_routes(document, lexicon, setting, events)
    add_led_doses(document, drugs, events)
    add_repeats(document, setting, drugs, events)
    nothing = document.search(_NOTHING)
    if nothing is not None:
        for event in events:
            if is_ours(event) and not event.act and event.end < nothing.start():
                not_given(event, "withheld", "crew")
    if document.search(_NO_DRIPS):
        for event in events:
            if event.maintained:
                event.performer, event.maintained = "other", False
    return merged(document, lexicon, events)
