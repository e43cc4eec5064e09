"""Corrections: words by which a narrative takes back what it said; the last word wins."""

from __future__ import annotations

from tripsheet.findings import Span, Vital
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern

CORRECTION = Pattern(
    r"\b(?:(?P<retract>scratch that|strike that|i mean|excuse me|disregard that|correction)"
    r"|corrected(?: to)?|error(?: above)?|make that|amended|addendum correction"
    r"|should (?:read|be|say)|actual(?:ly)?(?: dose)? was|meant)\b[:,;\- ]*"
)


def without_corrected(document: Document, vitals: tuple[Vital, ...]) -> tuple[Vital, ...]:
    """The vitals without those that a correction right behind them replaces by another value."""
    markers = [
        (document.text.position(match.start()), document.text.position(match.end()))
        for match in document.find(CORRECTION)
    ]
    if not markers:
        return vitals
    wrong: set[int] = set()
    for index, vital in enumerate(vitals):
        end = _place(vital)[1]
        for start, stop in markers:
            if 0 <= start - end < 12 and any(
                other.kind == vital.kind and 0 <= _place(other)[0] - stop < 30 for other in vitals
            ):
                wrong.add(index)
    return tuple(vital for index, vital in enumerate(vitals) if index not in wrong)


def _place(vital: Vital) -> tuple[int, int]:
    spans = [span for span in vital.evidence if isinstance(span, Span)]
    return (spans[0].start, spans[0].end) if spans else (-1, -1)
