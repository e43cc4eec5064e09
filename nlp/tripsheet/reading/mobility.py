"""Mobility: the three prongs of bed-confinement from what crews say the patient could do.

Source: 42 CFR 410.40(e)(1); Benefit Policy Manual, ch. 10, s. 10.2.3. A conclusion ("bed
confined") settles no prong.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tripsheet.findings import Cue, Evidence, Mobility, Prong
from tripsheet.reading.context import decide
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.scan import Hit
from tripsheet.values import each_once

_PRONGS = ("get_up", "ambulate", "sit")
_Prong = Literal["get_up", "ambulate", "sit"]
# a deed seen on this call outweighs a claim, a claim outweighs how the patient usually is
_SEEN, _TOLD, _USUAL = 3, 2, 1
_LIFT_HINT = guarded(
    r"lift|carr|moved|transfer|slid|pull|roll|hoist|hoyer|got (?:him|her|pt)|team|crew"
)
_PEOPLE = r"(?:2|two|3|three|4|four|5|five|6|six)"
_LIFT = Pattern(
    rf"\b(?:lift(?:ed)?|carried|transferred|moved|slid|pulled|rolled"
    rf"|hoisted)\b[^.;,]{{0,45}}?\b(?:by|with|x|of) ?{_PEOPLE}\b(?! ?(?:straps?|min|l\b"
    rf"|liters?|mg|hours?|sheets|blankets|pillows|belts|attempts|feet|steps|miles?|/))"
    rf"|\b{_PEOPLE} (?:of us|people|persons?|men|staff|aides|crew(?: members)?|emts|cnas"
    rf"|ffs?|firefighters)\b[^.;,]{{0,20}}\b(?:lift\w*|carr\w+|to (?:get|lift|move)"
    rf"|got (?:him|her|pt) up|transfer\w*)|\bcrew of two got"
)
_SEAT_WORD = Pattern(
    r"\b(?:chair|recliner|armchair|wheelchair|couch|sofa|loveseat|barstool|stool)\b"
)
_SEAT = guarded(
    r"\b(?:in|on|from|into|to) (?:(?:a|an|the|her|his|their|our) )?(?:\w+ ){0,2}(?:chair"
    r"|recliner|armchair|wheelchair|couch|sofa|loveseat|barstool|stool)\b"
)
_NO_SEAT = guarded(
    r"\bstair chair|\b(?:lying|laying|supine|prone|asleep|slump\w*|unresponsive|unable"
    r"|cannot|can't|cant|not|never|no|without|fell|fall|fallen|if|when|whenever|next|beside"
    r"|unconscious|slid\w*|slides|falls|leans|slumps|beyond|prevents?|refus\w+|tolerate|off"
    r"|transfer\w* (?:from"
    r"|out)|placed|put)\b"
)


@dataclass(slots=True)
class _Word:
    value: Literal["unable", "able"]
    weight: int
    span: Evidence
    cue: Cue | None


_SEATED = guarded(r"\b(?:sits|sat|seated|sitting)\b")
# a deed told as part of how it happened: "when she stood up"
_BEFORE_CALL = guarded(
    r"\b(?:when|while|after|that|as|since|because|stated|says|said) (?:he|she|pt|patient"
    r"|they|the patient)?(?: had| was| has)? ?$"
)
# what a form answers: "Can pt ambulate? No", "sit - able", "Ambulatory: N"
_ANSWER = re.compile(
    r"(?: (?:in|to|up|oob|unassisted|without|assistance|a|the|chair|wheelchair|or|alone"
    r"|independently|out|of|bed|safely|help|w/o|without))*\s?(?:\?|:|=| - |\[|\{)[ \[{(]*"
    r"(?:(?P<yes>yes|y|able|x|independent(?:ly)?|indep)|(?P<no>no|n|unable|none|dependent|total"
    r"|max))\b(?!['a-z/]| (?:movement|use|motion|purposeful))"
)
# "used to walk, now cannot": the verb is told once
_NOW_CANNOT = re.compile(
    r"[^.;:,]{0,30},? ?(?:but )?(?:(?:now|today|currently|since (?:\w+ ){0,2}\w+),? )?(?:he "
    r"|she |pt )?"
    r"(?:cannot|can not|can't|cant|(?:is )?(?:now )?unable(?: to)?|no longer(?: can| able(?: to)?)?"
    r"|is not able(?: to)?)(?: now| today| anymore| any more)? ?(?:[.;,]|$)"
)
# words of ability that lead on to a verb: "unable to", "cannot"
_LEADS_ON = guarded(r"(?: to|can ?not|can'?t|couldn'?t|could not|will not|won'?t)$")
_BY_SELF = re.compile(
    r"(?:unassisted|without|independent|on (?:his|her)|under|by|self|with minimal)"
)
# what leads from how it was to how it is
_OTHER_TIME = guarded(
    r"\bnow\b|\btoday\b|\bbut\b|;|, .*,|since the"
    r"|, ?(?:no longer|cannot|can't|cant|unable|not|since)\b"
)
_MEASURED = guarded(r"\d{2,3}(?:/\d{2,3})?,? $")
_MEASURE = re.compile(r":? (?:bp |hr )?\d{2,3}(?:/\d{2,3})\b|,? hr \d")
_OTHERS = re.compile(
    r"\b(?:medic|doc|doctor|nurse|rn|officer|deputy|crew|we|emt)\b(?: (?!pt\b|he\b|she\b"
    r"|patient\b|helped|assisted|watched|found|walked|had|with|and|state"
    r"|report)[a-z]+){0,3} $"
)
# a seat that fails outweighs the seat
_FAILS = guarded(r"slid|fall|topple|slump|lean|flop|drop|pass(?:es)? out|faint|syncop")


def read_mobility(document: Document) -> Mobility:
    """The three prongs, each with its evidence and counter-evidence."""
    words: dict[_Prong, list[_Word]] = {"get_up": [], "ambulate": [], "sit": []}
    abilities = document.hits("ability")
    starts = [hit.start for hit in abilities]
    for hit in document.hits("mobility"):
        prong: _Prong = hit.entry.id  # type: ignore[assignment]
        word = _read(document, hit, abilities, starts)
        if word is not None:
            words[prong].append(word)
    for start, end in _lifts(document):
        words["get_up"].append(_Word("unable", _TOLD, document.span(start, end), None))
    for start, end, usual in _seats(document):
        weight = _USUAL if usual else _SEEN
        words["sit"].append(_Word("able", weight, document.span(start, end), None))
    return Mobility(*(_settle(words[prong]) for prong in _PRONGS))  # type: ignore[index]


def _lifts(document: Document) -> Iterator[tuple[int, int]]:
    """Moves told with the people they took: "lifted to the cot by four"."""
    if document.search(_LIFT) is None or not _LIFT_HINT.search(document.folded):
        return
    for match in document.find(_LIFT):
        yield match.start(), match.end()


def _seats(document: Document) -> Iterator[tuple[int, int, bool]]:
    """A seat the patient was found in or put on, whatever its kind; whether only usually."""
    if document.search(_SEAT_WORD) is None:
        return
    for match in _SEAT.finditer(document.folded):
        sentence = document.sentence_at(match.start())
        before = document.folded[max(sentence.start, match.start() - 45) : match.start()]
        clause = before[before.rfind(",") + 1 :]
        if _SEATED.search(clause):
            before = clause  # "unable to stand, sits up in a chair"
        if (
            _NO_SEAT.search(before)
            or _NO_SEAT.search(match.group())
            or _ANSWER.match(document.folded, match.end())
            or _others_seat(document, match.start())
        ):
            continue
        usual = not document.folded.startswith(" at home", match.end()) and _is_usual(
            document, match.start(), match.end(), sentence.start, sentence.end
        )
        yield match.start(), match.end(), usual


def _read(document: Document, hit: Hit, abilities: list[Hit], starts: list[int]) -> _Word | None:
    folded = document.folded
    sentence = document.sentence_at(hit.start)
    if sentence.part in ("dispatch", "medications", "allergies", "family_history"):
        return None
    span = document.span(hit.start, hit.end)
    form = hit.entry.info
    answer = _ANSWER.match(folded, hit.end)
    if answer is not None:
        value: Literal["unable", "able"] = "able" if answer["yes"] else "unable"
        if form == "unable":
            value = "unable" if answer["yes"] else "able"
        return _Word(value, _TOLD, document.span(hit.start, answer.end()), None)
    usual = _is_usual(document, hit.start, hit.end, sentence.start, sentence.end)
    if form in ("unable", "able"):
        decision = decide(document, hit.start, hit.end, finding=True)
        kind = decision.kind if decision is not None else None
        if kind in ("family", "hypothetical", "conditional"):
            return None
        if kind == "negated" and decision is not None and 0 <= hit.start - decision.cue.end <= 3:
            # "not ambulatory"
            value = "unable" if form == "able" else "able"
            return _Word(value, _TOLD, span, document.cue(decision.cue)) if form == "able" else None
        if hit.entry.id == "get_up" and form == "unable" and kind == "planned":
            return None
        weight = _USUAL if usual or kind == "history" else _TOLD
        if folded.startswith("walker ", hit.start):
            weight = _USUAL  # what stands in the room tells what was
        if (
            hit.entry.id == "sit"
            and form == "unable"
            and _FAILS.search(folded[hit.start : hit.end])
        ):
            weight = _SEEN + 1
        return _Word(form, weight, span, None)
    cue = _ability(document, hit, abilities, starts, sentence.start)
    if cue is not None:
        if cue.entry.id == "unable":
            return _Word(
                "unable",
                _USUAL if usual else _TOLD,
                document.span(cue.start, hit.end),
                document.cue(cue),
            )
        if cue.entry.id == "able":
            helped = _help(document, hit, sentence.start, sentence.end)
            if helped == "lift" and hit.entry.id == "get_up":
                return _Word("unable", _TOLD, span, document.cue(cue))
            return _Word(
                "able",
                _USUAL if usual else _TOLD,
                document.span(cue.start, hit.end),
                document.cue(cue),
            )
    helped = _help(document, hit, sentence.start, sentence.end)
    if usual and _NOW_CANNOT.match(folded, hit.end, sentence.end):
        return _Word("unable", _TOLD, document.span(hit.start, sentence.end), None)
    if form == "acts":
        if _MEASURED.search(folded, max(0, hit.start - 12), hit.start) or _MEASURE.match(
            folded, hit.end
        ):
            return None  # "112/68 standing": how a pressure was taken
        if hit.entry.id == "get_up":
            if helped == "lift":
                return _Word("unable", _TOLD, span, None)
            if helped == "light":
                return None
        decision = decide(document, hit.start, hit.end, finding=True)
        if _BEFORE_CALL.search(folded[max(sentence.start, hit.start - 28) : hit.start]):
            return None
        if _others_deed(document, hit) or (
            hit.entry.id == "sit"
            and (
                _others_seat(document, hit.start)
                or _FALLEN.search(folded[max(sentence.start, hit.start - 14) : hit.start])
            )
        ):
            return None
        if (
            decision is not None
            and decision.kind == "negated"
            and " and " in folded[decision.cue.end : hit.start]
        ):
            decision = None  # "walked w/o assist and sat down"
        if decision is not None and decision.kind in (
            "negated",
            "refused",
            "hypothetical",
            "conditional",
            "planned",
            "attempted",
            "family",
        ):
            return None
        return _Word("able", _USUAL if usual else _SEEN, span, None)
    # a bare verb: only help told with it settles anything
    if hit.entry.id == "get_up" and helped == "lift":
        return _Word("unable", _TOLD, span, None)
    return None


def _others_deed(document: Document, hit: Hit) -> bool:
    """Whether somebody else than the patient did it: "the paramedic climbed in"."""
    for agent in document.agents_between(max(0, hit.start - 24), hit.start):
        if (
            agent.entry.kind == "agent"
            and agent.entry.info != "own"
            and 0 < hit.start - agent.end <= 3
        ):
            return True
    return False


def _others_seat(document: Document, start: int) -> bool:
    """Whether somebody else sits there: "daughter sat in the captain's chair"."""
    agents = document.agents_between(max(0, start - 30), start)
    if not agents or agents[-1].entry.kind != "agent" or agents[-1].entry.info == "own":
        return False
    gap = document.folded[agents[-1].end : start]
    return _SITS.fullmatch(gap) is not None


_SITS = re.compile(
    r" ?(?:(?:is |was |who )?(?:sat|sits|sitting|seated|rode|rides|riding) ?)?(?:up )?"
)
_FALLEN = guarded(r"\b(?:falls?|fell|fallen|slides?|slid|leans?|slumps?) (?:\w+ )?$")


def _ability(
    document: Document, hit: Hit, abilities: list[Hit], starts: list[int], begin: int
) -> Hit | None:
    """The words of ability that govern a verb, across a list ("unable to stand, walk or sit")."""
    folded = document.folded
    index = bisect_left(starts, hit.start) - 1
    while index >= 0 and abilities[index].start >= begin:
        ability = abilities[index]
        index -= 1
        if ability.end > hit.start:
            continue
        gap = folded[ability.end : hit.start]
        if len(gap) > 70:
            return None
        if any(
            guide.entry.kind == "stop" for guide in document.guides_between(ability.end, hit.start)
        ):
            return None
        if ";" in gap or ")" in gap or ":" in gap:
            return None
        if (
            hit.entry.info == "acts"
            and "," in gap
            and _LEADS_ON.search(folded, ability.start, ability.end)
        ):
            # "unable to stand, up in a chair daily"
            return None
        if (
            ability.entry.id == "able"
            and _BY_SELF.match(folded, ability.start)
            and any(0 < ability.start - other.end <= 1 for other in document.hits("mobility"))
        ):
            # "cannot get up unassisted, walk or sit": the words belong to the verb before them
            continue
        words = gap.replace(",", " ").replace("/", " ").split()
        verbs = [
            other
            for other in document.hits("mobility")
            if ability.end <= other.start and other.end <= hit.start and other.entry.info == "verbs"
        ]
        if len(words) <= 3 or verbs or (len(words) <= 6 and "," not in gap):
            text = folded[ability.start : ability.end]
            if text in ("not", "no") and (words or hit.entry.info != "acts") and gap != " ":
                return None
            if text in ("self", "could", "can") and len(words) > 2 and not verbs:
                return None
            return ability
        return None
    return None


def _help(document: Document, hit: Hit, begin: int, until: int) -> str | None:
    for helper in document.hits("help"):
        if helper.start >= max(begin, hit.start - 40) and helper.start < min(until, hit.end + 60):
            gap = document.folded[min(hit.end, helper.end) : max(hit.start, helper.start)]
            if ";" not in gap and "," not in gap:
                return helper.entry.id
    return None


def _is_usual(document: Document, at: int, to: int, begin: int, end: int) -> bool:
    for usual in document.hits("usual"):
        if begin <= usual.start < end:
            gap = document.folded[min(to, usual.end) : max(at, usual.start)]
            led = gap + document.folded[at:to] if usual.end <= at else gap
            if len(gap) < 45 and not _OTHER_TIME.search(led):
                return True
    return False


def _settle(words: list[_Word]) -> Prong:
    """The prong's value: the weightiest words decide; at equal weight, the able ones do."""
    if not words:
        return Prong()
    top = max(word.weight for word in words)
    decisive = [word for word in words if word.weight == top]
    value = "able" if any(word.value == "able" for word in decisive) else "unable"
    evidence = each_once([word.span for word in words if word.value == value])
    counter = each_once([word.span for word in words if word.value != value])
    cues = each_once([word.cue for word in words if word.cue and word.value == value])
    doubts = ("mobility told both ways",) if counter else ()
    return Prong(value, evidence, counter, cues, doubts)  # type: ignore[arg-type]
