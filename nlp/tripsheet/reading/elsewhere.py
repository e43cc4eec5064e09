"""Stretches that tell of no care of this patient on this call: practice on a manikin, a protocol
that is quoted, another patient, another day."""

from __future__ import annotations

from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern

_UNREAL = Pattern(
    r"\b(?:man+e?quins?|man+ikins?|simulators?|simulation|sim lab|skills? (?:lab|station|check\w*)"
    r"|practiced|shift (?:test|check)|(?:rig|truck|unit) check|in ?service training)\b"
)
_QUOTED = Pattern(
    r"\b(?:protocols?|guidelines?|policy|order set)\b[^.;\"]{0,60}"
    r"\b(?:reads?|says?|states?|lists?|calls for)\b ?[:,]? ?\"(?P<words>[^\"]{3,600})"
)
_OTHER_PATIENT = Pattern(
    r"\b(?:(?:the |an)?other (?:driver|patient|pt|passenger|occupant|victim|rider|twin)"
    r"|(?:second|2nd) (?:patient|pt|victim))\b"
)
_OTHER_DAY = Pattern(
    r"\b(?:yesterday|last (?:night|week|month)|(?:two|three|few|several|\d+) (?:days|weeks) ago"
    r"|(?:previous|prior|earlier|last) (?:run|call|trip|transport))\b"
)
_THIS_DAY = Pattern(
    r"\b(?:today|tonight|now|this (?:am|pm|morning|afternoon|evening|date)|we|our)\b"
)
# how far into its sentence another day's name may stand to rule it
_OPENING = 14


def elsewhere(document: Document, start: int) -> str | None:
    """Why a treatment that stands here is none of this patient's today: the class of a cue
    (`planned` for practice and protocol, `history_of_use` for others and other days), or None."""
    for quoted in document.find(_QUOTED):
        if quoted.start("words") <= start < quoted.end("words"):
            return "planned"
    unreal, others = document.find(_UNREAL), document.find(_OTHER_PATIENT)
    days = document.find(_OTHER_DAY)
    if not (unreal or others or days):
        return None
    sentence = document.sentence_at(start)
    if any(sentence.start <= word.start() < sentence.end for word in unreal):
        return "planned"
    if any(sentence.start <= word.start() < start for word in others):
        return "history_of_use"
    for day in days:
        if sentence.start <= day.start() <= sentence.start + _OPENING and day.start() < start:
            today = (word.start() for word in document.find(_THIS_DAY))
            if not any(day.end() < word < start for word in today):
                return "history_of_use"
    return None
