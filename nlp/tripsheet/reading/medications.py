"""Medications: each drug named, its dose, route, count, status and who gave it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tripsheet.findings import Cue, Dose, Evidence, Medication
from tripsheet.lexicon import Lexicon
from tripsheet.reading import amounts
from tripsheet.reading.context import Decision, Doer, decisions, doer, side_of
from tripsheet.reading.corrections import CORRECTION
from tripsheet.reading.document import Document
from tripsheet.reading.elsewhere import elsewhere
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting
from tripsheet.values import each_once
from tripsheet.vocabulary import MedicationStatus, Performer, Route

_REASONS = {
    "negated": "withheld", "refused": "refused", "withheld": "withheld",
    "not_indicated": "not_indicated", "contraindicated": "contraindicated",
    "considered": "considered", "ordered": "ordered", "drawn_up": "drawn_up", "planned": "plan",
    "conditional": "condition", "attempted": "withheld", "home_list": "home_list",
    "allergy": "allergy", "history_of_use": "home_list",
}  # fmt: skip
# a plan or an order that is then told as done is done
_THEN_DONE = frozenset({"considered", "ordered", "planned", "drawn_up", "conditional", "attempted"})
_LEFT_OUT = frozenset(_REASONS) - {"attempted", "home_list", "allergy", "history_of_use"}
_GIVEN = guarded(
    r"\b(?:given|gave|administered|admin|adm|pushed|infused|was given|received|rec'd)\b"
)
_AND_GAVE = guarded(r"\b(?:and|then) (?:then )?(?:gave|administered|pushed|given)\b")
_NOT = guarded(r"\b(?:not|never|no|without|n't|refused|declined)\b")
_KEPT = guarded(
    r"\b(?:cont'?d?|keep\w*|increased|turned|swapped|resumed|left at|doubled|changed by"
    r"|monitored|continu\w+|maintain\w+|running|infusing|remain\w*|kept|titrat\w+|monitor\w+"
    r"|in progress|ongoing|unchanged|rate|drips?|gtts?|on board|managed|weaned|increased"
    r"|decreased|adjusted)\b"
)
# what was paused and taken up again, or ran out on the way
_WENT_ON = guarded(
    r"\b(?:resumed|restarted|(?:into|during|in|en ?route|through\w*) (?:the )?(?:transport|transit"
    r"|flight))\b"
)
_TAKEN_ON = guarded(
    r"\b(?:continu\w+|cont'?d?|maintain\w+|kept|keep|infusing|in progress|ongoing|existing"
    r"|found (?:on|at|with)|assumed|took over|received (?:pt )?on|on departure"
    r"|from (?:the )?(?:sending|ed|er|icu|osh|facility|referring|floor|ob|l&d|trauma bay"
    r"|outside|hospital)|by sending|started by|per transfer orders|swapped|switched to our"
    r"|left at|left running|onto ours|on our pumps?|hanging from|when we (?:got there"
    r"|arrived)|arrived (?:to us )?on|weaned|turned (?:down|up)|resumed|unchanged"
    r"|(?:found|already) (?:running|hung|up)|running on arrival|left untouched"
    r"|(?:hospital|facility|icu|ed|their)'?s (?:drips?|gtts?|pumps?|bags?))\b"
)
_RUNNING = guarded(
    r"\b(?:continu\w+|maintain\w+|running|infusing|remain\w*|kept|in progress|ongoing"
    r"|en ?route|during transport)\b"
)
_STARTED = guarded(
    r"\b(?:start(?:ed|ing)?|initiat(?:ed|ing)|begun|began|hung|hang|placed on|mixed|set up"
    r"|commenced|added|new)\b"
)
_STOPPED = guarded(
    r"\b(?:stopped|d/c'?d?|dc'?d|discontinued|off\b|paused|completed|finished|weaned off"
    r"|turned off|removed|held)\b"
)
# nothing ran on this trip, whatever ran before it
_NO_DRIPS = Pattern(
    r"\b(?:no (?:active |running |current )?(?:drips?|gtts?|infusions?)|nothing (?:is "
    r"|was )?(?:infusing"
    r"|running|hanging|hung)|(?:drips?|gtts?|infusions?) ?: ?none|all (?:drips?|gtts?"
    r"|infusions?) (?:were"
    r" )?(?:off|stopped|d/?c'?d))\b(?! (?:started|hung|changed|added|by us|needed adj))"
)
_STOPPED_BEFORE = re.compile(
    r"\b(?:stopped|turned off|shut off|d/c'?d?|dc'?d|discontinued|weaned (?:off|from)|off)"
    r" (?:the |his |her )?(?:[a-z]+ (?:and|&) )?$"
)
# begun by somebody else, or not at all
_STARTED_THERE = re.compile(
    r"\b(?:none|nothing|not|never|neither)\b[^.;,]{0,16}\b(?:started|hung|initiated|new)\b"
    r"|\b(?:started|hung|initiated|begun) (?:by (?!us|me|crew|our|this)|at (?!\d)|in (?:the )?"
    r"(?:ed|er|icu|osh|sending|hospital|floor|cath)|there\b|before we)"
)
_REFERENCE = guarded(
    r"(?:\bafter|\bfollowing|\bpost|\bs/p|\bprior to|\bbefore|\bfrom|\bto|\bwith|\bsince"
    r"|\bresponse to|\beffects? of|\brelief (?:from|with|w/|after)|\bdespite|\bbetween"
    r"|\b(?:1st|2nd|3rd|first|second|third|last|initial|each|every)(?: dose(?: of)?)?"
    r"|\bdose of|\bfor|\bof) (?:the |this |that |a )?$"
)
_PUT_ON = guarded(r"\b(?:placed|applied|given|put on|administered|started)\b")
_NO_ALLERGY = guarded(r"\b(?:no|denies|denied|without|nor|not)\b[^,.;]{0,20}$")
# what makes later times those of something else
_OTHER_TIMES = guarded(
    r"total|recheck|re ?check|bgl|\bbp\b|glucose|vitals?|reassess|pain|relief|improv|resol"
    r"|until|arriv|transport"
)
_STAMP_BEFORE = guarded(
    r"(?<![\d.:/])((?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d)(?: ?(?:hrs?|hours|h"
    r"|z))?[ :;.,\-\])]*(?:second |2nd |repeat(?:ed)? |gave |given )*(?:[\d.]+ ?(?:mg|mcg"
    r"|g)? ?(?:of )?)?$"
)
_THEN_ROUTE = guarded(
    r"(?:,|;|\bthen|\band|\+|&|followed by|\blater)\s*(?:then |later |and |another |a "
    r"|again |followed by )*(?P<rest>(?:(?P<number>\d+(?:\.\d+)?|\.\d+) ?(?P<unit>mg|mcg|g"
    r"|units)? ?)?(?:more |of )?(?:slow |rapid )?(?:ivp|sivp|iv push|io|im|in|sl"
    r"|iv(?! (?:then|was|line|access|obtained|est\w*|started|in place)))\b"
    r"|(?:\d+|1/2|one|half an|an) inch(?:es)? (?:of )?paste\b)"
)
_JOINT_DRIPS = re.compile(rf"(?: (?:at )?{amounts.DOSE.pattern})? ?(?:and|&|\+|,|/) ?")
_JOINT = guarded(r"(?:\band|\bwith|\+|/|&|\bplus)\s*(?:\d[\d.]* ?(?:mg|mcg|g)? ?(?:of )?)?$")
_LIST_JOINT = re.compile(r"\s*(?:,|and|&|/|\+|, and)\s*")
_THROUGH_BONE = guarded(r"\b(?:io|intraosseous)\b")
_DRIP: Route = "iv_infusion"
_TOOK = guarded(r"took|taken|swallow|ingest|overdose|drank|snort|inject|puffed|chewed|self")
_DOSES_BEFORE = guarded(
    r"(?P<n>\d|one|two|three|four|five|six|a|another|couple|2nd|3rd|second|third)(?: total"
    r"| separate| more| additional)?(?: \d+ ?(?:mcg|mg|g|units?))? (?:doses?|rounds?|nebs?"
    r"|amps?|boluses|pushes|tabs?|tablets?|sprays?|treatments?)(?: of)?(?: his"
    r"| her)?(?: own)? $"
    r"|total of (?P<t>\d|one|two|three|four|five|six) $"
    r"|(?P<o>\d|one|two|three|four|five|six) of (?:his|her|their)(?: own)?(?: home)? $"
    r"|(?P<x>\d) ?x ?$"
)
_TRIED = re.compile(r"attempt|tried to|trying to")
_LONG_AGO = guarded(r"\b(?:years|months|weeks|month|past|in (?:19|20))\b")
_SEVERAL = re.compile(r"\b(?P<n>two|three|four|2|3|4) $")
_IN_ALL = re.compile(r"\btotal (?:of )?$")
_BEFORE = guarded(
    rf"(?:{amounts.DOSE.pattern})(?: (?:total )?(?:dose )?(?:of |iv |ivp |im |in |io |po "
    rf"|sl |odt |slow |neb |nebulized |iv push |bolus |bolus of )*)?$"
)
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
_NOT_A_DRUG_REPEAT = guarded(
    r"\b(?:vitals?|v/s|vs|12 lead|ekg|ecg|assessment|exam|bp|bgl|attempt|attempts|unit|crew"
    r"|iv(?! ?p(?:ush)?\b)|strips?|stroke|shock|shocked|joules?|defib|cardiovert\w*|scale"
    r"|bolus of (?:ns|lr"
    r"|fluid)|ml|cc|liter)\b"
)


_WASTED = re.compile(r" ?(?:ivp? |of it |was |were )*(?:wasted?|discarded)\b")
# so many tablets of this strength are one dose
_TABLETS = frozenset({("aspirin", 81.0)})


# a correction tells an amount in place of the one before
_ONE_DOSE = re.compile(r"\b(?:first|second|third|last|1st|2nd|3rd) (?:dose|one)\b")
_AMENDED = re.compile(r"[^.;]{0,32}\d")


@dataclass(slots=True)
class Event:
    """One telling of a drug: where it stands and what the words around it say."""

    name: str
    start: int
    end: int
    route: Route = "unknown"
    method_stated: bool = True
    route_told: bool = False
    dose: Dose | None = None
    count: int = 1
    counted: bool = False
    """Whether the words tell a number of doses themselves ("x2", "three doses")."""
    status: MedicationStatus = "given"
    performer: Performer = "crew"
    maintained: bool = False
    total_only: bool = False
    reason: str | None = None
    clock: bool = False
    stamp: str | None = None
    """The clock time that stands beside the drug, if one does."""
    trailing: bool = False
    """Whether that time stands behind the drug."""
    act: bool = False
    reference: bool = False
    home: bool = False
    tablets: bool = False
    """Whether a bare number before the name counts doses ("took 2 nitro")."""
    plural: bool = False
    """Whether the name stands in the plural ("two epis")."""
    in_all: bool = False
    """Whether the words tell the number of all doses ("total epi x3")."""
    mute: bool = False
    """A name that tells nothing of this patient's drugs ("no allergy to aspirin")."""
    cues: list[Cue] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def extent(self) -> tuple[int, int]:
        """Where the first of its words begin and the last end."""
        starts, ends = zip(*self.spans, strict=True)
        return min(starts), max(ends)


# "mag 2 g hung? NO": a question of the form, answered
_ANSWERED_NO = re.compile(r"[^.;?\n]{0,24}\? ?[\[(]?(?:no|n|never)\b")
# "levophed 4 d, weaned": the hospital's course, not this trip's
_COURSE = re.compile(r"(?: drip| gtt)? ?(?:x|for|times)? ?\d+ ?(?:d|days?|wks?|weeks?)\b")
_FLUSHES = frozenset({"heparin", "sodium_chloride", "alteplase", "citrate"})
_GAUGE = re.compile(r"(?:14|16|18|20|22|24) ?g")
_LIST_GOES_ON = guarded(r"(?:\band|\bor|&|/|\+)\s*(?:\d[\d.]* ?\w+ (?:of )?)?$")


def read_medications(
    document: Document, lexicon: Lexicon, setting: Setting
) -> tuple[Medication, ...]:
    """Every medication the narrative names, one item for each drug, route, status and performer.

    Doses of the same drug by the same route and people are one item with their count.
    """
    drugs = [hit for hit in document.hits("drug") if _is_meant(document, hit)]
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
        hands = list(_other_hands(document, agents, hit.end, limit)) if agents else []
        turn = _turn(document, agents, hit.end, limit)
        until = min([turn, *(start for start, _, _ in hands)])
        event = _event(
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
        taken_until = max([hit.end, *(end for _, end in event.spans)])
        events.append(event)
        events.extend(_other_routes(document, hit, event, until))
        events.extend(_by_others(document, lexicon, setting, event, hands, limit))
    _correct(document, events)
    _carry_on(document, setting, drugs, events)
    _share_routes(document, lexicon, setting, events)
    _add_repeats(document, setting, drugs, events)
    if document.search(_NO_DRIPS):
        for event in events:
            if event.maintained:
                event.performer, event.maintained = "other", False
    return _merge(document, lexicon, events)


def _turn(document: Document, agents: list[Hit], start: int, until: int) -> int:
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


def _other_hands(
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


def _by_others(
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
        _read_amount(other, "", words, begin, begin)
        if other.dose is None and not other.counted:
            number = _DOSE_OF_CLAUSE.match(document.folded, begin, end)
            other.count = amounts.how_often(number["dose"]) or 1 if number else 1
            other.counted, other.dose = True, event.dose
        implied = lexicon.drugs[event.name].implied_route
        _read_route(other, implied, None, "", words, begin, begin)
        other.performer = side_of(hand, setting)
        other.cues.append(document.cue(hand, f"{other.performer}_performer"))
        if other.performer == "other":
            other.reason = "other_performer"
        other.clock = bool(amounts.CLOCK.search(words))
        other.spans.append((start, min(end, begin + 1)))
        found.append(other)
    return found


# what is told of the drug before: "it was given IVP", "we started it", "given 4 mg slow IVP"
_OF_BEFORE = Pattern(
    r"\b(?:(?:it|this|which|both|they) (?:was |were )(?:then |later |slowly |also )?(?:given"
    r"|administered|pushed|started|hung|infused|bolused)|(?:we|crew|medic) (?:then )?(?:gave"
    r"|administered|pushed|started|hung|began) (?:it|this)|(?:only |then )?(?:given|gave)"
    r"(?= \d)|only(?= \d))\b"
)
_NOT_TOLD_AS_DONE = guarded(r"\b(?:if|when|before|after|until|once|whether|as|than|not|no) $")
_COULD_FOLLOW = frozenset({"ordered", "considered", "plan", "condition", "drawn_up"})


def _carry_on(document: Document, setting: Setting, drugs: list[Hit], events: list[Event]) -> None:
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
        _read_amount(found, "", words, end, end)
        _read_route(found, None, None, "", words, end, end)
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


def _other_routes(document: Document, hit: Hit, event: Event, until: int) -> list[Event]:
    """The doses of the same telling that went another way: "2 mg IN, then 0.4 mg IVP"."""
    if event.status != "given" or not event.route_told or event.count < 1:
        return []
    right = amounts.plain_window(document.folded[hit.end : until])
    found: list[Event] = []
    for match in _THEN_ROUTE.finditer(right):
        told = amounts.route_of(right[match.start("rest") : match.start("rest") + 26])
        if told is None or told[2] > 16 or told[0] in (event.route, "iv_infusion", "oral"):
            continue
        start, end = hit.end + match.start("rest"), hit.end + match.start("rest") + told[3]
        times = amounts.MULTIPLE.search(right, match.start("rest"), match.start("rest") + 40)
        count = (
            (amounts.how_often(times["x"] or times["times"] or times["after"]) or 1) if times else 1
        )
        dose = event.dose
        if match["number"]:
            unit = match["unit"]
            named = event.dose.unit if event.dose and not unit else amounts.unit(unit or "")
            dose = Dose(float(match["number"]), named)
        other = Event(
            event.name, start, end, route=told[0], method_stated=told[1], route_told=True,
            dose=dose,
            count=count, counted=True, performer=event.performer, clock=event.clock, act=event.act,
            home=event.home, cues=list(event.cues), spans=[(start, end)], reason=event.reason,
        )  # fmt: skip
        found.append(other)
        if match["number"] and event.counted and event.count > 1:
            event.count = max(1, event.count - count)
    return found


# what stands behind a short form that means a drug: a number, a route, "drip"
_DRUG_WORDS = re.compile(
    r"[ :\-@]*(?:at |given |slow |started |of )?(?:[\d.]+|(?:iv|ivp|im|io|in|po|drip|gtt"
    r"|push|gtts|infusion|bolus|running)\b)"
)
_OTHER_NUMBER = re.compile(
    r"[ :\-@]*(?:at |of )?\d+(?!\d| ?(?:mg|mcg|g|gm|meq|u|unit|units|ml|cc|/)|\.\d)"
)
_IN_WEIGHT = re.compile(r"[ :@]*(?:at )?\d+ ?(?:mg|mcg|g\b|gm)")


def _is_meant(document: Document, hit: Hit) -> bool:
    """Whether an ambiguous short form has a dose, unit, drip word or route beside it."""
    if not hit.entry.info.needs_dose:
        return True
    folded = document.folded
    beside = folded[hit.end : hit.end + 16]
    if _DRUG_WORDS.match(beside):
        return not _OTHER_NUMBER.match(beside) or bool(_IN_WEIGHT.match(beside))
    if amounts.DOSE.search(folded[max(0, hit.start - 14) : hit.start]):
        return True
    if _RATE_OR_DRIPS.match(folded, hit.end) or _DOSES_BEFORE.search(
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


def _event(
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
    folded = document.folded
    drug = lexicon.drugs[hit.entry.id]
    event = Event(drug.name, hit.start, hit.end, home=drug.home)
    event.tablets = drug.implied_route in ("sublingual", "nebulized")
    event.plural = folded[hit.end - 1] == "s" and folded[hit.start : hit.end - 1] in drug.forms
    event.spans.append((hit.start, hit.end))
    left = amounts.plain_window(folded[since : hit.start])
    right = amounts.plain_window(folded[hit.end : until])
    _read_amount(event, left, right, since, hit.end, drug_follows)
    event.in_all = event.counted and event.dose is None and _IN_ALL.search(left) is not None
    _read_route(event, drug.implied_route, hit.entry.info.route, left, right, since, hit.end)
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
    _read_status(document, setting, hit, event, until, limit)
    return event


_BARE_BEHIND = re.compile(
    r"[ :\-]{1,3}(?!(?!1000|2000)[012]\d[0-5]\d\b)(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"(?= ?(?:then|\+|plus|followed|more|iv|ivp|sivp|im|in|io|po|sl"
    r"|odt|pr|sq|x ?\d|given|and|neb|push|slow|rapid|fast|at|@|q ?\d|over|gtt|drip"
    r"|by|/|cont|to|had|sub ?ling\w*|intra\w+|->|$|[,;]|\.(?!\d)))"
)
_BARE_BEFORE = re.compile(r"(?:^|\s)(?P<number>\d+(?:\.\d+)?|\.\d+)(?: of)? ?$")
_LEADS_TO_DOSE = guarded(r"\b(?:given|administered|dose|at)\b")
_JOINS_DOSE = re.compile(r"(?:\band\b|\+|,|/|&|;)\s*(?:a |an )?(?:iv |ivp )?$|(?:at|@) \d{4},? *$")
# what tells that a number behind it counts something else, or is counted already
_NOT_COUNTED = re.compile(
    r"(?:attempts?|tries|unsuccess\w*) ?$"
    r"|\b(?:repeat\w*|rpt|again) ?(?:dose |doses |same )?$"
)
_ADDED = re.compile(r"\b(?:additional|more|further)\b")
_MAY_BE = re.compile(r"\b(?:may|will|can|if|to|not|prn|could) (?:be )?$")
_THEN = re.compile(r"\b(?:and|then|with|,|a|by)\s*(?:a |the )?$")
# "Total fentanyl on board: 100 mcg"
_TOTAL_OF = re.compile(r"\btotal (?:dose of |of |iv )?$")
_FEW_TIMES = re.compile(r"\bx ?[2-4]\b")
_WORN = re.compile(r" (?:pump|patch)\b")


def _read_amount(
    event: Event, left: str, right: str, since: int, end: int, drug_follows: bool = False
) -> None:
    """Dose and count of one telling, from the words before and behind the drug.

    With `drug_follows`, a further dose that leads straight to the next drug is that drug's.
    """
    if not amounts.AMOUNT.search(right) and not amounts.AMOUNT.search(left):
        return
    before = _BEFORE.search(left)
    if before and not amounts.TOTAL.search(left[: before.start()]):
        event.dose = Dose(amounts.number(before["number"]), amounts.unit(before["unit"]))
        event.spans.append((since + before.start(), since + before.end()))
    elif before:
        event.dose = Dose(amounts.number(before["number"]), amounts.unit(before["unit"]))
        event.total_only = True
        event.spans.append((since + before.start(), since + before.end()))
    counted = 0
    if before and event.tablets and before["unit"].startswith(("spray", "tab", "neb")):
        counted = int(amounts.number(before["number"]))
        event.counted = counted > 0
    doses_before = _DOSES_BEFORE.search(left if not before else left[: before.start()])
    several = _SEVERAL.search(left) if event.plural else None
    if doses_before:
        counted = amounts.how_often(next(filter(None, doses_before.groups()))) or counted
        event.counted = counted > 0
        event.spans.append((since + doses_before.start(), since + doses_before.end()))
    elif several:
        counted = amounts.how_often(several["n"]) or 0
        event.counted = counted > 0
        event.spans.append((since + several.start(), since + several.end()))
    if amounts.ORDINAL.search(left[-30:]):
        event.counted = True
    number_of_doses = 0
    place = 0
    if event.dose is None:
        bare = _BARE_BEHIND.match(right)
        if bare:
            event.dose = Dose(float(bare["number"]), "")
            event.spans.append((end + bare.start(), end + bare.end()))
            number_of_doses = 1
    slashed = amounts.SLASHED.match(right)
    if slashed is not None and event.dose is None:
        parts = [float(part) for part in slashed["doses"].split("/")]
        if max(parts) <= 5 * min(parts):
            event.dose, number_of_doses = Dose(parts[0], ""), len(parts)
            event.counted, place = True, slashed.end()
            event.spans.append((end + slashed.start(), end + slashed.end()))
    for match in amounts.DOSE.finditer(right, place):
        words = match["unit"]
        value = Dose(amounts.number(match["number"]), amounts.unit(words))
        gap = right[place : match.start()]
        if event.dose is not None and _GAUGE.fullmatch(match.group()):
            place = match.end()
            continue
        if (
            drug_follows
            and event.dose is not None
            and right[match.end() :].strip() in ("", "of", "of iv", "iv")
        ):
            break
        if amounts.TOTAL.search(gap) or amounts.TOTAL_AFTER.match(right[match.end() :]):
            if event.dose is None:
                event.dose, event.total_only = value, True
                event.spans.append((end + match.start(), end + match.end()))
            place = match.end()
            continue
        if _WASTED.match(right, match.end()) or gap.endswith("wasted "):
            place = match.end()
            continue
        if value.unit in ("mL", "drops") and (event.dose is not None or match.start() > 14):
            place = match.end()
            continue
        if event.dose is None and number_of_doses == 0:
            if match.start() > 60 and not _LEADS_TO_DOSE.search(gap):
                break
            event.dose = value
            event.spans.append((end + match.start(), end + match.end()))
            number_of_doses = 1
        elif event.total_only and event.dose is not None and number_of_doses == 0:
            number_of_doses = 1
            event.dose, event.total_only = value, False
        elif amounts.AGAIN.search(gap) or _JOINS_DOSE.search(gap):
            if "/" in value.unit:
                place = match.end()
                continue
            number_of_doses = max(number_of_doses, 1) + 1
            event.counted = True
            event.spans.append((end + match.start(), end + match.end()))
        place = match.end()
    if event.dose is None:
        bare = _BARE_BEFORE.search(left)
        if bare and event.tablets and float(bare["number"]) in (1, 2, 3, 4, 5, 6):
            counted = int(float(bare["number"]))
            event.counted = True
            event.spans.append((since + bare.start(), since + bare.end()))
        elif bare and not doses_before and not left[: bare.start()].endswith(("x", "q", ":", "#")):
            event.dose = Dose(float(bare["number"]), "")
            event.spans.append((since + bare.start(), since + bare.end()))
    if event.dose is not None:
        again = [
            match.span()
            for match in amounts.FURTHER.finditer(right, place if slashed else 0)
            if match.start() < 130 and not amounts.DOSE.match(right, match.start("number"))
        ]
        if not again and event.dose.unit not in ("mL", "L"):
            again = [
                match.span()
                for match in amounts.ELIDED.finditer(right[:150])
                if 0.2 <= float(match[match.lastgroup or 0]) / (event.dose.value or 1) <= 5
                and not amounts.DOSE.match(right, match.start(match.lastgroup or 0))
            ]
        if again:
            number_of_doses = max(number_of_doses, 1) + len(again)
            event.counted = True
            event.spans.extend((end + start, end + stop) for start, stop in again)
    base = max(number_of_doses, 1)
    times = 0
    more = 0
    for match in amounts.MULTIPLE.finditer(right):
        if match.start() > 110 or _NOT_COUNTED.search(right, 0, match.start()):
            continue
        often = amounts.how_often(
            match["x"] or match["times"] or match["after"] or match["w"] or match["doses"]
        )
        if often is None:
            continue
        event.counted = True
        event.spans.append((end + match.start(), end + match.end()))
        if match["doses"] and _ADDED.search(match.group()):
            more += often
        else:
            times = max(times, often)
    for match in amounts.REPEATED.finditer(right):
        often = amounts.how_often(match["n"] or match["m"])
        rest = right[match.end() : match.end() + 26]
        if _NOT_A_DRUG_REPEAT.match(rest.strip()) or _MAY_BE.search(right, 0, match.start()):
            continue
        if drug_follows and right[match.end() :].strip(" ,") in ("", "as", "with", "w/", "using"):
            continue  # "repeated as dexamethasone 10 mg IM": the next telling
        if often is None and number_of_doses > 1 and amounts.DOSE.search(rest):
            continue
        event.counted = True
        event.spans.append((end + match.start(), end + match.end()))
        more += often if often is not None else 1
    in_all = amounts.NUMBER_IN_ALL.search(right)
    if in_all:
        times = max(times, int(in_all["n"] or in_all["m"]))
        event.counted = True
    ordinal = amounts.ORDINAL.search(right)
    if ordinal and number_of_doses <= 1 and not times and not more:
        if _THEN.search(right, 0, ordinal.start()):
            more += 1
            event.counted = True
    chain = amounts.TIMES.search(right[:150])
    if chain is not None and _OTHER_TIMES.search(right[: chain.start()]):
        chain = None
    if chain is not None:
        clocks = len(amounts.ONE_TIME.findall(chain.group()))
        if number_of_doses <= 1:
            base = max(base, clocks)
        else:
            base = max(base, number_of_doses + clocks - 1)
        more = 0 if base > 1 and not times else more
        event.counted = True
        event.spans.append((end + chain.start(), end + chain.end()))
    if times and number_of_doses > 1:
        # "6 mg, then 12 mg x2": the last dose is multiplied
        total = number_of_doses - 1 + times
    elif times:
        total = times
    else:
        total = max(base, counted)
    if times and chain is not None:
        total, more = max(times, total), 0
    event.count = max(1, total + more)
    if event.dose is not None and (event.name, event.dose.value) in _TABLETS:
        event.count = 1
    if event.count == 1 and _TOTAL_OF.search(left):
        event.total_only = True
    if event.total_only and event.counted and event.count > 1:
        event.total_only = False


def _read_route(
    event: Event,
    implied: str | None,
    form_route: str | None,
    left: str,
    right: str,
    since: int,
    end: int,
) -> None:
    if form_route is not None:
        event.route = form_route  # type: ignore[assignment]
        event.route_told = True
    found = amounts.route_of(right[:110])
    where = end
    if found is None or (found[2] > 60 and event.dose is None):
        near = left[-22:]
        near = near[near.rfind(",") + 1 :]
        before = amounts.route_of(near)
        if (
            before is not None
            and not near[before[2] : before[3]].startswith(("titrat", "bolus"))
            and not (near[before[2] : before[3]].startswith("push") and before[3] < len(near) - 1)
        ):
            found, where = before, since + len(left) - len(near)
    if found is not None:
        route, stated, start, stop = found
        if form_route is None or route in ("iv_push", "iv_infusion", "io", "im", "intranasal"):
            if not (form_route == "iv_infusion" and route == "iv_push" and not stated):
                event.route, event.method_stated = route, stated
            event.route_told = True
            event.spans.append((where + start, where + stop))
    if (
        event.dose is not None
        and "/" in event.dose.unit
        and event.dose.unit.split("/")[-1] in ("min", "hr")
    ):
        if event.route in ("unknown", "iv_push"):
            event.route, event.method_stated = "iv_infusion", True
        event.route_told = True
    if event.route == "unknown" and implied is not None:
        event.route = implied  # type: ignore[assignment]
    if event.route == "iv_infusion" and _THROUGH_BONE.search(right[:90]):
        event.route = "io"
    if event.route == "iv_infusion":
        # one infusion is one administration, whatever its rate changes
        event.count = 1 if not _FEW_TIMES.search(right[:60]) else event.count


def _read_status(
    document: Document, setting: Setting, hit: Hit, event: Event, until: int, limit: int
) -> None:
    folded = document.folded
    sentence = document.sentence_at(hit.start)
    right = folded[hit.end : until]
    left = folded[sentence.start : hit.start]
    acts = [
        guide
        for guide in document.guides_between(
            max(sentence.start, hit.start - 60), min(until, hit.end + 70)
        )
        if guide.entry.kind == "act"
    ]
    event.act = bool(acts)
    aside = elsewhere(document, hit.start)
    if aside == "planned":
        _not_given(event, "plan", "crew")
        return
    if aside is not None:
        event.performer, event.reason = "other", aside
        return
    found = decisions(document, hit.start, hit.end, finding=False)
    if event.dose is not None and event.route_told and not _LIST_GOES_ON.search(right):
        # "solumedrol 125 IVP, mag drawn up": a full telling is not decided behind the next drug
        found = [
            other
            for other in found
            if other.cue.start < until or other.kind in ("home_list", "history_of_use", "family")
        ]
    decision = found[0] if found else None
    if sentence.part == "allergies":
        _not_given(event, "allergy", "other")
        return
    if (
        decision is not None
        and decision.kind == "allergy"
        and event.dose is not None
        and event.route_told
        and decision.cue.end < hit.start
        and "," in folded[decision.cue.end : hit.start]
    ):
        # "allergic to fentanyl, ketorolac 30 mg IM given instead"
        found = [other for other in found if other.kind != "allergy"]
        decision = found[0] if found else None
    if decision is not None and decision.kind == "allergy":
        others = {other.kind for other in found}
        if _NO_ALLERGY.search(
            folded[max(sentence.start, decision.cue.start - 24) : decision.cue.start]
        ):
            event.reference = event.mute = True
            return
        by_crew = decision.cue.start > hit.start and others & {
            "withheld",
            "refused",
            "negated",
            "contraindicated",
        }
        _not_given(event, "allergy", "crew" if by_crew else "other", document.cue(decision.cue))
        return
    listed = sentence.part == "medications" and not (event.route_told and event.dose and event.act)
    if listed:
        _not_given(event, "home_list", "other")
        return
    if _ANSWERED_NO.match(folded, hit.end):
        _not_given(event, "withheld", "crew")
        return
    who = doer(document, hit.start, hit.end, setting=setting, drug=True)
    if _is_home_use(document, hit, event, decision, until):
        _not_given(event, "home_list", "other")
        return
    if decision is not None and decision.kind in _REASONS:
        done = _GIVEN.search(right)
        if (
            (decision.kind in _THEN_DONE and done and not _NOT.search(right[: done.start()]))
            or (
                decision.kind in ("home_list", "history_of_use")
                and (
                    event.route_told
                    and event.dose is not None
                    and not event.home
                    and (event.act or event.route in ("iv_push", "iv_infusion", "io"))
                )
            )
            or (
                decision.kind == "attempted"
                and not _TRIED.search(folded, decision.cue.start, decision.cue.end)
            )
            or (
                decision.kind in _THEN_DONE
                and _AND_GAVE.search(folded, decision.cue.end, max(decision.cue.end, hit.start))
            )
        ):
            decision = None
    took = who.performer == "other" and who.cue is not None and _TOOK.search(who.cue.text.lower())
    if decision is not None and decision.kind == "family":
        event.mute = True
        return
    if (
        decision is not None
        and decision.kind == "history_of_use"
        and _LONG_AGO.search(folded, decision.cue.start, decision.cue.end)
    ):
        _not_given(event, "home_list", "other", document.cue(decision.cue))
        return
    if (
        decision is not None
        and decision.kind == "history_of_use"
        and event.home
        and event.dose is None
        and not event.route_told
    ):
        # "hx of stents 2019, on Plavix and atorvastatin"
        _not_given(event, "home_list", "other", document.cue(decision.cue))
        return
    if decision is not None and (
        decision.kind == "history_of_use" or (took and decision.kind == "home_list")
    ):
        event.performer, event.reason = "other", decision.kind
        event.cues.append(document.cue(decision.cue))
        return
    if (
        event.home
        and decision is not None
        and decision.kind in ("negated", "withheld", "conditional")
        and not event.act
        and not event.route_told
    ):
        _not_given(event, "home_list", "other", document.cue(decision.cue))
        return
    if decision is not None and decision.kind in _REASONS:
        reason = _REASONS[decision.kind]
        by: Performer = "other" if reason in ("home_list", "allergy") or _is_theirs(who) else "crew"
        _not_given(event, reason, by, document.cue(decision.cue))
        return
    event.performer = who.performer
    if who.cue is not None:
        event.cues.append(who.cue)
        if who.performer == "other":
            event.reason = who.cue.kind
    if event.home and not event.act and not event.route_told:
        _not_given(event, "home_list", "other")
        return
    if event.route == "iv_infusion":
        _read_infusion(setting, event, left, right, folded[hit.end : limit])
    told = event.dose is not None or event.route_told or event.counted
    if not told and (_REFERENCE.search(left) or not event.act):
        event.reference = True


def _is_theirs(who: Doer) -> bool:
    """Whether leaving it out was another's doing, not that of somebody who refused this crew."""
    return who.performer == "other" and who.cue is not None and who.subject


def _is_home_use(
    document: Document, hit: Hit, event: Event, decision: Decision | None, until: int
) -> bool:
    """Whether a drug is the patient's own at home: "Norco prn", "insulin pump", a worn patch."""
    folded = document.folded
    if _WORN.search(folded, hit.start, hit.end + 6) and not _PUT_ON.search(
        folded, hit.end, min(until, hit.end + 50)
    ):
        return True
    if decision is None or decision.kind != "conditional":
        return False
    return folded[decision.cue.start : decision.cue.end] in ("prn", "as needed") and not event.act


def _read_infusion(setting: Setting, event: Event, left: str, right: str, rest: str) -> None:
    """Whether an infusion was started by this crew or kept running for another."""
    words = left[-70:] + " " + rest[:120]
    if _COURSE.match(right):
        event.performer, event.maintained = "other", False
        return
    started = _STARTED.search(_STARTED_THERE.sub("", left[-50:] + " " + right[:60]))
    kept = _KEPT.search(words)
    stopped = _STOPPED.search(right[:60]) or _STOPPED_BEFORE.search(left[-40:])
    if stopped and not started and not _WENT_ON.search(rest):
        event.performer, event.maintained = "other", False
        return
    if event.performer == "other":
        if kept and not (_GIVEN.search(left[-40:]) and not _RUNNING.search(words)):
            event.performer, event.maintained = "crew", True
        return
    if not started and (setting.transfer or _TAKEN_ON.search(words)):
        event.maintained = True


def _not_given(event: Event, reason: str, by: Performer, cue: Cue | None = None) -> None:
    event.status, event.reason, event.performer, event.maintained = "not_given", reason, by, False
    if cue is not None:
        event.cues.append(cue)


def _correct(document: Document, events: list[Event]) -> None:
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
            _not_given(wrong, "withheld", wrong.performer)
        elif nearest is None:
            words = amounts.plain_window(folded[marker.end() : stop])
            fix = Event(wrong.name, marker.end(), stop)
            _read_amount(fix, "", words, marker.end(), marker.end())
            _read_route(fix, None, None, "", words, marker.end(), marker.end())
            if _ONE_DOSE.search(words):
                fix.counted = False  # "the first dose was 25": of one, not of their number
            _replace(wrong, fix)


def _replace(wrong: Event, right: Event) -> None:
    """Puts what a correction tells into the corrected event; the correction is no dose itself."""
    if right.status == "not_given":
        _not_given(wrong, right.reason or "withheld", wrong.performer)
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


def _share_routes(
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
            _not_given(other, "home_list", "other")
            other.reference = False
    for event in events:
        if event.route != "unknown" or event.status != "given":
            continue
        drug = lexicon.drugs[event.name]
        after = folded[event.end : event.end + 60]
        if event.dose is None and drug.routes[:1] == (_DRIP,) and _TAKEN_ON.search(after[:34]):
            event.route, event.maintained, event.reference = _DRIP, True, False
            event.performer = "crew"
        if event.dose is None:
            continue
        volume = event.dose.unit == "mL" and event.dose.value >= 50
        if drug.routes[:1] == (_DRIP,) and (
            setting.transfer or _STARTED.search(after) or _KEPT.search(after)
        ):
            event.route = _DRIP
            begun = _STARTED.search(_STARTED_THERE.sub("", after))
            around = folded[max(0, event.start - 70) : event.start] + " " + after
            taken_on = setting.transfer or _TAKEN_ON.search(around) is not None
            if event.performer == "crew" and taken_on and not begun:
                event.maintained = True
        elif event.name == "dextrose" and volume:
            event.route = _DRIP


def _add_repeats(
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
        if inside or not _REPEAT_TARGET.search(body) or _NOT_A_DRUG_REPEAT.search(body):
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
        _read_amount(event, "", body, sentence.start, sentence.start)
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


def _same(one: Event, other: Event) -> bool:
    return one.name == other.name and one.status == other.status


def _merge(document: Document, lexicon: Lexicon, events: list[Event]) -> tuple[Medication, ...]:
    given = [event for event in events if event.status == "given" and not event.reference]
    kept: list[Event] = []
    for event in sorted(events, key=lambda item: item.start):
        if event.mute:
            continue
        if event.reference:
            # a mere mention of what is told elsewhere, or the only telling of a drug
            if any(other.name == event.name for other in given):
                continue
            if any(other.name == event.name for other in kept):
                continue
            if (
                not event.act
                and event.performer == "crew"
                and not _mentioned_as_care(document, event)
            ):
                continue
        kept.append(event)
    groups: dict[tuple[str, Route, MedicationStatus, Performer, bool], list[Event]] = {}
    for event in kept:
        route = event.route
        if not event.route_told and event.status == "given":
            # the route of the same drug's other doses, where one telling leaves it out
            told = {
                other.route
                for other in kept
                if other.name == event.name
                and other.route_told
                and other.status == "given"
                and other.performer == event.performer
            }
            if len(told) == 1:
                route = next(iter(told))
        if event.status == "not_given" and event.reason in ("home_list", "allergy"):
            route = "unknown"
        key = (event.name, route, event.status, event.performer, event.maintained)
        groups.setdefault(key, []).append(event)
    medications: list[Medication] = []
    for (name, route, status, performer, maintained), group in groups.items():
        medications.append(
            _finding(document, lexicon, name, route, status, performer, maintained, group)
        )
    return tuple(medications)


def _mentioned_as_care(document: Document, event: Event) -> bool:
    """Whether a bare drug name stands where care is listed ("Tx: O2, NTG, ASA")."""
    sentence = document.sentence_at(event.start)
    return sentence.part == "treatment" or sentence.stamp is not None


def _finding(
    document: Document,
    lexicon: Lexicon,
    name: str,
    route: Route,
    status: MedicationStatus,
    performer: Performer,
    maintained: bool,
    group: list[Event],
) -> Medication:
    first = group[0]
    if status == "given":
        tellings = _tellings(_once(document, group))
        count = sum(event.count for event in tellings) if route != "iv_infusion" else 1
        count = max([count, *(event.count for event in group if event.in_all)])
        if route == "iv_infusion":
            count = max(1, max(event.count for event in group))
    else:
        count = 1
    spans: list[Evidence] = [document.span(*event.extent()) for event in group]
    usual = lexicon.drugs[name].usual_dose
    doses = [
        # a bare number is of the drug's usual unit
        Dose(event.dose.value, usual.unit) if usual and not event.dose.unit else event.dose
        for event in group
        if event.dose is not None
    ]
    return Medication(
        name=name,
        route=route,
        status=status,
        performer=performer,
        count=count,
        dose=doses[0] if doses else None,
        maintained=maintained,
        detail=_detail(document, group),
        method_stated=all(event.method_stated for event in group if event.route_told),
        total_only=any(event.total_only for event in group) and count == 1,
        time_stated=any(event.clock for event in group),
        reason=first.reason,
        rxcui=lexicon.drugs[name].rxcui,
        evidence=each_once(spans),
        cues=each_once([cue for event in group for cue in event.cues]),
    )


_DETAILS = (
    ("autoinjector", guarded(r"auto ?-?injector|epi ?-?pen|auvi|duo ?dote|autoinjecter")),
    ("lock_flush", guarded(r"\bflush|\block(?:ed)?\b")),
    (
        "fractions",
        guarded(
            r"\bin (?:divided|split|fractional) doses|\bdivided (?:into|in)\b"
            r"|\bparts of (?:one|the) dose"
        ),
    ),
    (
        "patients_own",
        guarded(
            r"\b(?:his|her|pt's|patient's|own) own\b|\bown (?:nitro|ntg|inhaler|mdi|epi"
            r"|supply|prescription)|\bassist\w* (?:pt |patient )?with (?:his|her|own)"
        ),
    ),
)
_SOME_DETAIL = guarded("|".join(pattern.pattern for _, pattern in _DETAILS))


def _detail(document: Document, group: list[Event]) -> str | None:
    """What narrows a dose for the rules: an autoinjector, a flush, parts of one dose, the
    patient's own drug."""
    extents = [event.extent() for event in group]
    words = " ".join([document.folded[max(0, start - 26) : end + 12] for start, end in extents])
    if not _SOME_DETAIL.search(words):
        return None
    found = next((detail for detail, pattern in _DETAILS if pattern.search(words)), None)
    # "adenosine 6 mg rapid IVP + flush": the flush follows the drug
    return None if found == "lock_flush" and group[0].name not in _FLUSHES else found


def _once(document: Document, group: list[Event]) -> list[Event]:
    """The events of a group without those that a time-stamped log tells a second time."""
    log = [event for event in group if document.sentence_at(event.start).stamp is not None]
    prose = [event for event in group if event not in log and event.stamp is None]
    if len(log) + len(prose) < len(group) or any(event.dose is None for event in group):
        return group
    if not log or not prose:
        return group
    again = [event.dose for event in log] == [event.dose for event in prose]
    # one telling of several doses: "20 mg slow IVP, then 25 mg IVP"
    row = len(prose) == 1 and prose[0].dose == log[0].dose and prose[0].count == len(log)
    return log if again or row else group


def _tellings(group: list[Event]) -> list[Event]:
    """The events of a group that are doses of their own, not second tellings of one dose."""
    result: list[Event] = []
    seen: set[tuple[str, float | None]] = set()
    for event in group:
        if event.stamp is not None and event.count == 1:
            # the same dose at the same minute is one dose told twice
            key = (event.stamp, event.dose.value if event.dose else None)
            if key in seen:
                continue
            seen.add(key)
        if (event.total_only or event.in_all) and any(other is not event for other in group):
            continue
        timed = event.stamp is not None and event.route_told
        if event.dose is None and not event.counted and result and not timed:
            continue
        result.append(event)
    return result or [replace(group[0])]
