"""What later words tell of a drug already named: corrections, repeats, shared routes."""

from __future__ import annotations

import itertools
import re

from tripsheet.findings import Dose
from tripsheet.lexicon import Lexicon
from tripsheet.reading import amounts
from tripsheet.reading.context import doer
from tripsheet.reading.corrections import CORRECTION
from tripsheet.reading.document import Document
from tripsheet.reading.medications.dose import NOT_A_DRUG_REPEAT, read_amount
from tripsheet.reading.medications.event import Event, not_given
from tripsheet.reading.medications.route import read_route
from tripsheet.reading.medications.status import KEPT, STARTED, STARTED_THERE, TAKEN_ON
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting
from tripsheet.vocabulary import Route

_JOINT_DRIPS = re.compile(rf"(?: (?:at )?{amounts.DOSE.pattern})? ?(?:and|&|\+|,|/) ?")
_JOINT = guarded(r"(?:\band|\bwith|\+|/|&|\bplus)\s*(?:\d[\d.]* ?(?:mg|mcg|g)? ?(?:of )?)?$")
_LIST_JOINT = re.compile(r"\s*(?:,|and|&|/|\+|, and)\s*")
_DRIP: Route = "iv_infusion"
_REPEAT = Pattern(
    r"\b(?:repeat\w*|re ?dosed|second|2nd|third|3rd|fourth|4th|additional|another|again|rpt"
    r"|more|total of|final dose|last dose)\b"
)
_REPEAT_TARGET = guarded(
    r"\b(?:doses?|dosed|dosing|round|rounds|bolus|boluses|neb|nebs|mg|mcg|g|amp|push|given"
    r"|gave|administered|meds?|medication|repeated(?= x| at| once| twice|$|\.|,))\b"
)
_NOT_REPEATED = guarded(r"\b(?:if|may|will|no|not|without|refused|declined|offered|denied|prn)\b")
_IN_TOTAL = re.compile(r"\btotal(?:ing|led|ed)?\b")
# a correction tells an amount in place of the one before
_ONE_DOSE = re.compile(r"\b(?:first|second|third|last|1st|2nd|3rd) (?:dose|one)\b")
# what is told of the drug before: "it was given IVP", "we started it", "given 4 mg slow IVP"
_OF_BEFORE = Pattern(
    r"\b(?:(?:it|this|which|both|they) (?:was |were )(?:then |later |slowly |also )?(?:given"
    r"|administered|pushed|started|hung|infused|bolused)|(?:we|crew|medic) (?:then )?(?:gave"
    r"|administered|pushed|started|hung|began) (?:it|this)|(?:only |then )?(?:given|gave)"
    r"(?= \d)|only(?= \d))\b"
)
_NOT_TOLD_AS_DONE = guarded(r"\b(?:if|when|before|after|until|once|whether|as|than|not|no) $")
_COULD_FOLLOW = frozenset({"ordered", "considered", "plan", "condition", "drawn_up"})


def carry_on(document: Document, setting: Setting, drugs: list[Hit], events: list[Event]) -> None:
    """What a later clause tells of a drug without its name: an order done, a route, a dose."""
    folded = document.folded
    for match in document.find(_OF_BEFORE):
        start, end = match.span()
        sentence = document.sentence_at(start)
        if _NOT_TOLD_AS_DONE.search(folded, max(sentence.start, start - 12), start):
            continue
        before = [event for event in events if event.start < start and not event.home]
        if not before or any(sentence.start <= hit.start < start for hit in drugs):
            continue
        last = before[-1]
        between = document.sentence_index(start) - document.sentence_index(last.start)
        following = next((hit.start for hit in drugs if hit.start >= end), len(folded))
        if between > 1 or following < min(sentence.end, end + 60):
            continue
        words = amounts.plain_window(folded[end : min(sentence.end, following)])
        pronoun = match.group().endswith((" it", " this")) or match.group().startswith(
            ("it ", "this ", "which ", "both ", "they ")
        )
        found = Event(last.name, start, end)
        read_amount(found, "", words, end, end)
        read_route(found, None, None, "", words, end, end)
        if not pronoun and not (found.dose is not None and found.route_told):
            continue
        who = doer(document, start, end, setting=setting, drug=True)
        if last.status == "not_given":
            by_us = pronoun and match.group().startswith(("we", "crew", "medic"))
            if last.reason not in _COULD_FOLLOW and not (by_us and last.reason == "withheld"):
                continue
            last.status, last.reason, last.cues = "given", None, []
            last.performer = who.performer
            if who.cue is not None:
                last.cues.append(who.cue)
        elif last.mute or last.reference:
            last.mute = last.reference = False
            last.performer = who.performer
        elif last.route_told or not pronoun:
            continue
        last.act = True
        if found.dose is not None:
            last.dose, last.count, last.counted = found.dose, found.count, found.counted
        if found.route_told:
            last.route, last.method_stated, last.route_told = (
                found.route, found.method_stated, True,
            )  # fmt: skip
        last.clock |= bool(amounts.CLOCK.search(words))
        last.spans.append((start, max([end, *(stop for _, stop in found.spans)])))


def apply_corrections(document: Document, events: list[Event]) -> None:
    """The last word wins: what a correction says replaces what it corrects."""
    folded = document.folded
    for marker in document.find(CORRECTION):
        before = [event for event in events if event.end <= marker.start() and not event.mute]
        sentence = document.sentence_at(max(0, min(marker.end(), len(folded) - 1)))
        stop = max(sentence.end, marker.end())
        if not folded[marker.end() : stop].strip(" .:;-"):
            # "given x3. Error. The log shows 5 mg at 1640 and 1646"
            stop = document.sentence_at(min(stop + 1, len(folded) - 1)).end
        after = [
            event for event in events if marker.end() <= event.start < stop + 60 and not event.mute
        ]
        nearest = after[0] if after and after[0].start < stop else None
        named = [event for event in before if nearest is not None and event.name == nearest.name]
        close = [event for event in before if marker.start() - event.end < 130]
        if not named and not close:
            continue
        wrong = (named or close)[-1]
        if nearest is not None and nearest.name == wrong.name:
            _replace(wrong, nearest)
        elif nearest is not None and nearest.start - marker.end() < 30 and marker["retract"]:
            not_given(wrong, "withheld", wrong.performer)
        elif nearest is None:
            words = amounts.plain_window(folded[marker.end() : stop])
            fix = Event(wrong.name, marker.end(), stop)
            read_amount(fix, "", words, marker.end(), marker.end())
            read_route(fix, None, None, "", words, marker.end(), marker.end())
            if _ONE_DOSE.search(words):
                fix.counted = False  # "the first dose was 25": of one, not of their number
            _replace(wrong, fix)


def _replace(wrong: Event, right: Event) -> None:
    """Puts what a correction tells into the corrected event; the correction is no dose itself."""
    if right.status == "not_given":
        not_given(wrong, right.reason or "withheld", wrong.performer)
    if right.dose is not None:
        wrong.dose = (
            right.dose
            if right.dose.unit or wrong.dose is None
            else Dose(right.dose.value, wrong.dose.unit)
        )
    if right.route_told:
        wrong.route, wrong.method_stated, wrong.route_told = right.route, right.method_stated, True
    if right.counted:
        wrong.count, wrong.counted = right.count, True
    if right.performer != wrong.performer and right.cues:
        wrong.performer, wrong.cues = right.performer, list(right.cues)
    wrong.spans.extend(right.spans)
    right.mute = True


def share_routes(
    document: Document, lexicon: Lexicon, setting: Setting, events: list[Event]
) -> None:
    """Routes told once for several drugs, and drips told by their rate alone."""
    folded = document.folded
    shared: Event | None = None
    for event, following in zip(reversed(events[:-1]), reversed(events[1:]), strict=True):
        if event.route != "unknown" or event.dose is None or following.route == "unknown":
            continue
        gap = folded[event.end : following.start]
        if (
            len(gap) < 34
            and following.route_told
            and (_JOINT.search(gap) or (shared is following and gap.endswith(", ")))
        ):
            event.route, event.method_stated = following.route, following.method_stated
            event.route_told = True
            shared = event
    for event, following in itertools.pairwise(events):
        gap = folded[event.end : following.start]
        if len(gap) > 8 or not _JOINT.search(gap):
            continue
        if (
            event.route == "unknown"
            and following.route == _DRIP
            and following.status == event.status
        ):
            # "Eptifibatide and heparin gtts maintained"
            event.route, event.route_told, event.reference = _DRIP, True, False
            event.maintained, event.performer = following.maintained, following.performer
    for event, following in itertools.pairwise(events):
        if (
            event.route == following.route == _DRIP
            and event.status == following.status == "given"
            and following.maintained
            and not event.maintained
            and event.performer == "crew"
            and not event.cues
            and _JOINT_DRIPS.fullmatch(folded, event.end, following.start)
        ):
            # "Protonix 8 mg/hr and octreotide 50 mcg/hr on facility pumps"
            event.maintained = True
    for one, other in itertools.pairwise(events):
        gap = folded[one.end : other.start]
        if (
            one.reason == "home_list"
            and other.reference
            and len(gap) < 12
            and _LIST_JOINT.fullmatch(gap)
        ):
            # "on Eliquis and diltiazem"
            not_given(other, "home_list", "other")
            other.reference = False
    for event in events:
        if event.route != "unknown" or event.status != "given":
            continue
        drug = lexicon.drugs[event.name]
        after = folded[event.end : event.end + 60]
        if event.dose is None and drug.routes[:1] == (_DRIP,) and TAKEN_ON.search(after[:34]):
            event.route, event.maintained, event.reference = _DRIP, True, False
            event.performer = "crew"
        if event.dose is None:
            continue
        volume = event.dose.unit == "mL" and event.dose.value >= 50
        if drug.routes[:1] == (_DRIP,) and (
            setting.transfer or STARTED.search(after) or KEPT.search(after)
        ):
            event.route = _DRIP
            begun = STARTED.search(STARTED_THERE.sub("", after))
            around = folded[max(0, event.start - 70) : event.start] + " " + after
            taken_on = setting.transfer or TAKEN_ON.search(around) is not None
            if event.performer == "crew" and taken_on and not begun:
                event.maintained = True
        elif event.name == "dextrose" and volume:
            event.route = _DRIP


# a sentence that opens with a dose and its route: "Adenosine 6 mg IVP. 12 mg rapid push"
_LEADING_DOSE = re.compile(
    rf"(?:then |and |another )?{amounts.DOSE.pattern} ?(?:of it |more )?(?:slow |rapid |fast )?"
    r"(?:ivp|iv push|push(?:ed)?|slammed|im\b|io\b|iv\b)(?! (?:in|access|fluid|bag))"
)


def add_led_doses(document: Document, drugs: list[Hit], events: list[Event]) -> None:
    """Doses at the head of the next sentence, told without the drug's name."""
    folded = document.folded
    named = {document.sentence_index(hit.start) for hit in drugs}
    for index in sorted(named):
        if index + 1 in named or index + 1 >= len(document.sentences):
            continue
        sentence = document.sentences[index + 1]
        match = _LEADING_DOSE.match(folded, sentence.start)
        inside = [e for e in events if document.sentence_index(e.start) == index]
        last = inside[-1] if inside else None
        if match is None or last is None or last.dose is None:
            continue
        if last.status != "given" or last.mute or last.reference or last.route == "iv_infusion":
            continue
        words = amounts.plain_window(folded[sentence.start : sentence.end])
        event = Event(last.name, sentence.start, match.end(), performer=last.performer)
        read_amount(event, "", words, sentence.start, sentence.start)
        read_route(event, None, None, "", words, sentence.start, sentence.start)
        if event.dose is None or event.dose.unit != last.dose.unit or event.total_only:
            continue
        event.counted, event.cues, event.reason = True, list(last.cues), last.reason
        event.clock = bool(amounts.CLOCK.search(words))
        event.spans.append((sentence.start, match.end()))
        events.append(event)


def add_repeats(
    document: Document, setting: Setting, drugs: list[Hit], events: list[Event]
) -> None:
    """Doses told without the drug's name: "repeated x1 at 1450", "additional 50 mcg IVP"."""
    if not events:
        return
    folded = document.folded
    told = dict.fromkeys(document.sentence_index(match.start()) for match in document.find(_REPEAT))
    for index in told:
        sentence = document.sentences[index]
        inside = [hit for hit in drugs if sentence.start <= hit.start < sentence.end]
        stop = inside[0].start if inside else sentence.end
        body = folded[sentence.start : stop]
        if inside or not _REPEAT_TARGET.search(body) or NOT_A_DRUG_REPEAT.search(body):
            continue
        if _NOT_REPEATED.search(body):
            continue
        earlier = [
            event
            for event in events
            if event.end <= sentence.start and event.status == "given" and not event.reference
        ]
        if not earlier:
            continue
        last = earlier[-1]
        if index - document.sentence_index(last.start) > 4:
            continue
        event = Event(
            last.name, sentence.start, sentence.end, route=last.route, performer=last.performer
        )
        event.method_stated = last.method_stated
        read_amount(event, "", body, sentence.start, sentence.start)
        total = _IN_TOTAL.search(body)
        if total and event.total_only:
            continue
        if any(last.end <= marker.start() < sentence.end for marker in document.find(CORRECTION)):
            continue  # the correction of what was told
        if total and event.counted:
            last.count = max(last.count, event.count)
            last.counted = True
            continue
        again = amounts.REPEATED.search(body)
        if again:
            event.count = amounts.how_often(again["n"] or again["m"]) or 1
        if event.dose is not None or not again:
            found = amounts.route_of(body)
            if found is not None and found[0] != "unknown":
                event.route, event.method_stated = found[0], found[1]
        if last.route == "iv_infusion" and event.route == "iv_infusion":
            continue
        event.dose = event.dose or last.dose
        event.counted = True
        event.clock = bool(amounts.CLOCK.search(body)) or sentence.stamp is not None
        event.spans.append((sentence.start, stop))
        who = doer(document, sentence.start, sentence.start + 1, setting=setting, drug=True)
        if who.cue is not None and who.performer == "other":
            event.performer = "other"
        events.append(event)
