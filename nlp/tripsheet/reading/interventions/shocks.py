"""Shocks: by hand or by an automated defibrillator."""

from __future__ import annotations

import re

from tripsheet.reading.document import Document
from tripsheet.reading.interventions.telling import Telling
from tripsheet.reading.patterns import guarded

# what shows that a rhythm was read and the shock chosen by a person
_BY_HAND = guarded(
    r"\d ?j\b|joules|\bmanual\w*|\bcharged|biphasic|\bv ?-?fib\w*|\bvf\b|\bv ?-?tach\w*"
    r"|\bp?vt\b|defib\w+ (?:x|at|@)"
)


def settle_shocks(document: Document, tellings: list[Telling]) -> list[Telling]:
    """A shock by an AED is no manual defibrillation; an AED that gives none is neither."""
    folded = document.folded
    ours = any(t.id == "aed_defibrillation" and t.performer == "crew" for t in tellings)
    result: list[Telling] = []
    for telling in tellings:
        sentence = document.sentence_at(telling.start)
        body = folded[sentence.start : sentence.end]
        if telling.id == "manual_defibrillation":
            near = folded[
                max(sentence.start, telling.start - 50) : min(sentence.end, telling.end + 40)
            ]
            if (
                (re.search(r"\baed\b", near) and "manual" not in body)
                or (telling.performer == "other" and re.search(r"\baed\b", folded))
                or (ours and not _BY_HAND.search(body))
            ):
                telling.id = "aed_defibrillation"
        elif telling.id == "aed_defibrillation" and telling.status == "performed":
            near = folded[
                max(sentence.start, telling.start - 60) : min(sentence.end, telling.end + 70)
            ]
            shock = re.search(r"\bshock(?:ed|s)?\b|\bdefib\w*|\bdelivered\b", near)
            if re.search(
                r"\bno shocks?\b|\bnot? (?:advised|advise|indicated)\b|without shock", near
            ):
                telling.status, telling.reason = "not_performed", "not_indicated"
            elif not shock:
                continue
        result.append(telling)
    return result
