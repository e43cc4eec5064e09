"""Whether a drug was given, by whom, and if not, why."""

from __future__ import annotations

import re

from tripsheet.reading.context import Decision, Doer, decisions, doer
from tripsheet.reading.document import Document
from tripsheet.reading.elsewhere import elsewhere
from tripsheet.reading.layout import Sentence
from tripsheet.reading.medications.event import Event, not_given
from tripsheet.reading.patterns import guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.sceptic import DENIED, Verdict
from tripsheet.reading.setting import Setting
from tripsheet.vocabulary import Performer

REASONS = {
    "negated": "withheld", "refused": "refused", "withheld": "withheld",
    "not_indicated": "not_indicated", "contraindicated": "contraindicated",
    "considered": "considered", "ordered": "ordered", "drawn_up": "drawn_up", "planned": "plan",
    "conditional": "condition", "attempted": "withheld", "home_list": "home_list",
    "allergy": "allergy", "history_of_use": "home_list",
}  # fmt: skip
# a plan or an order that is then told as done is done
_THEN_DONE = frozenset({"considered", "ordered", "planned", "drawn_up", "conditional", "attempted"})
_GIVEN = guarded(
    r"\b(?:given|gave|administered|admin|adm|pushed|infused|was given|received|rec'd)\b"
)
_AND_GAVE = guarded(r"\b(?:and|then) (?:then )?(?:gave|administered|pushed|given)\b")
_NOT = guarded(r"\b(?:not|never|no|without|n't|refused|declined)\b")
KEPT = guarded(
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
TAKEN_ON = guarded(
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
STARTED = guarded(
    r"\b(?:start(?:ed|ing)?|initiat(?:ed|ing)|begun|began|hung|hang|placed on|mixed|set up"
    r"|commenced|added|new)\b"
)
_STOPPED = guarded(
    r"\b(?:stopped|d/c'?d?|dc'?d|discontinued|off\b|paused|completed|finished|weaned off"
    r"|turned off|removed|held)\b"
)
_STOPPED_BEFORE = re.compile(
    r"\b(?:stopped|turned off|shut off|d/c'?d?|dc'?d|discontinued|weaned (?:off|from)|off)"
    r" (?:the |his |her )?(?:[a-z]+ (?:and|&) )?$"
)
# begun by somebody else, or not at all
STARTED_THERE = re.compile(
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
_TOOK = guarded(r"took|taken|swallow|ingest|overdose|drank|snort|inject|puffed|chewed|self")
_TRIED = re.compile(r"attempt|tried to|trying to")
_LONG_AGO = guarded(r"\b(?:years|months|weeks|month|past|in (?:19|20))\b")
# "mag 2 g hung? NO": a question of the form, answered
_ANSWERED_NO = re.compile(r"[^.;?\n]{0,24}\? ?[\[(]?(?:no|n|never)\b")
# "levophed 4 d, weaned": the hospital's course, not this trip's
_COURSE = re.compile(r"(?: drip| gtt)? ?(?:x|for|times)? ?\d+ ?(?:d|days?|wks?|weeks?)\b")
_LIST_GOES_ON = guarded(r"(?:\band|\bor|&|/|\+)\s*(?:\d[\d.]* ?\w+ (?:of )?)?$")
_WORN = re.compile(r" (?:pump|patch)\b")


# what leaves a drug out beside the allergy that is its reason
_LEFT_OUT_FOR = frozenset({"withheld", "refused", "negated", "contraindicated"})


def read_status(
    document: Document, setting: Setting, hit: Hit, event: Event, until: int, limit: int
) -> None:
    """Reads into an event whether the drug was given, and by whom; if not, why not."""
    folded = document.folded
    sentence = document.sentence_at(hit.start)
    event.act = any(
        guide.entry.kind == "act"
        for guide in document.guides_between(
            max(sentence.start, hit.start - 60), min(until, hit.end + 70)
        )
    )
    aside = elsewhere(document, hit.start)
    if aside == "planned":
        not_given(event, "plan", "crew")
        return
    if aside is not None:
        event.performer, event.reason = "other", aside
        return
    if sentence.part == "allergies":
        not_given(event, "allergy", "other")
        return
    found = _bearing(document, hit, event, until)
    decision = found[0] if found else None
    if decision is not None and decision.kind == "allergy":
        _read_allergy(document, sentence, hit, event, found)
        return
    if sentence.part == "medications" and not (event.route_told and event.dose and event.act):
        not_given(event, "home_list", "other")
        return
    if _ANSWERED_NO.match(folded, hit.end):
        not_given(event, "withheld", "crew")
        return
    if _is_home_use(document, hit, event, decision, until):
        not_given(event, "home_list", "other")
        return
    if decision is not None and _is_done_after_all(document, hit, event, decision, until):
        decision = None
    if decision is not None and decision.kind == "family":
        event.mute = True
        return
    who = doer(document, hit.start, hit.end, setting=setting, drug=True)
    if decision is not None and _is_decided(document, event, decision, who):
        return
    event.performer = who.performer
    if who.cue is not None:
        event.cues.append(who.cue)
        if who.performer == "other":
            event.reason = who.cue.kind
    if event.home and not event.act and not event.route_told:
        not_given(event, "home_list", "other")
        return
    left = folded[sentence.start : hit.start]
    if event.route == "iv_infusion":
        _read_infusion(setting, event, left, folded[hit.end : until], folded[hit.end : limit])
    behind = who.cue is not None and who.cue.start >= document.text.position(hit.end - 1)
    told = event.dose is not None or event.route_told or event.counted or behind
    if not told and (_REFERENCE.search(left) or not event.act):
        event.reference = True


def _bearing(document: Document, hit: Hit, event: Event, until: int) -> list[Decision]:
    """The cues that bear on a drug, without those that its full telling puts aside."""
    found = decisions(document, hit.start, hit.end, finding=False)
    if event.dose is None or not event.route_told:
        return found
    if not _LIST_GOES_ON.search(document.folded, hit.end, until):
        # "solumedrol 125 IVP, mag drawn up": a full telling is not decided behind the next drug
        found = [
            other
            for other in found
            if other.cue.start < until or other.kind in ("home_list", "history_of_use", "family")
        ]
    first = found[0] if found else None
    if (
        first is not None
        and first.kind == "allergy"
        and first.cue.end < hit.start
        and "," in document.folded[first.cue.end : hit.start]
    ):
        # "allergic to fentanyl, ketorolac 30 mg IM given instead"
        found = [other for other in found if other.kind != "allergy"]
    return found


def _read_allergy(
    document: Document, sentence: Sentence, hit: Hit, event: Event, found: list[Decision]
) -> None:
    """An allergy, or a drug left out because of one; "no allergy to aspirin" tells nothing."""
    cue = found[0].cue
    if _NO_ALLERGY.search(document.folded, max(sentence.start, cue.start - 24), cue.start):
        event.reference = event.mute = True
        return
    left_out = not _LEFT_OUT_FOR.isdisjoint(other.kind for other in found)
    by: Performer = "crew" if left_out and cue.start > hit.start else "other"
    not_given(event, "allergy", by, document.cue(cue))


def _is_done_after_all(
    document: Document, hit: Hit, event: Event, decision: Decision, until: int
) -> bool:
    """Whether a plan, an order, a list or a try is told as done."""
    folded, cue = document.folded, decision.cue
    if decision.kind in ("home_list", "history_of_use"):
        return (
            event.route_told
            and event.dose is not None
            and not event.home
            and (event.act or event.route in ("iv_push", "iv_infusion", "io"))
        )
    if decision.kind not in _THEN_DONE:
        return False
    if decision.kind == "attempted" and not _TRIED.search(folded, cue.start, cue.end):
        return True
    done = _GIVEN.search(folded, hit.end, until)
    return bool(
        (done and not _NOT.search(folded, hit.end, done.start()))
        or _AND_GAVE.search(folded, cue.end, max(cue.end, hit.start))
    )


def _is_decided(document: Document, event: Event, decision: Decision, who: Doer) -> bool:
    """Reads into an event what a cue decides; whether it decides anything."""
    kind, cue = decision.kind, decision.cue
    bare = not event.act and not event.route_told
    if kind == "history_of_use" and (
        _LONG_AGO.search(document.folded, cue.start, cue.end)
        # "hx of stents 2019, on Plavix and atorvastatin"
        or (event.home and event.dose is None and not event.route_told)
    ):
        not_given(event, "home_list", "other", document.cue(cue))
    elif kind == "history_of_use" or (kind == "home_list" and _was_taken(who)):
        event.performer, event.reason = "other", kind
        event.cues.append(document.cue(cue))
    elif event.home and kind in ("negated", "withheld", "conditional") and bare:
        not_given(event, "home_list", "other", document.cue(cue))
    elif kind in REASONS:
        reason = REASONS[kind]
        by: Performer = "other" if reason in ("home_list", "allergy") or _is_theirs(who) else "crew"
        not_given(event, reason, by, document.cue(cue))
    else:
        return False
    return True


def _was_taken(who: Doer) -> bool:
    """Whether another is told to have taken it: "he took two of his nitro"."""
    return (
        who.performer == "other"
        and who.cue is not None
        and _TOOK.search(who.cue.text.lower()) is not None
    )


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
    started = STARTED.search(STARTED_THERE.sub("", left[-50:] + " " + right[:60]))
    kept = KEPT.search(words)
    stopped = _STOPPED.search(right[:60]) or _STOPPED_BEFORE.search(left[-40:])
    if stopped and not started and not _WENT_ON.search(rest):
        event.performer, event.maintained = "other", False
        return
    if event.performer == "other":
        if kept and not (_GIVEN.search(left[-40:]) and not _RUNNING.search(words)):
            event.performer, event.maintained = "crew", True
    elif not started and (setting.transfer or TAKEN_ON.search(words)):
        event.maintained = True
    event.kept = event.maintained and TAKEN_ON.search(words) is not None


def is_ours(event: Event) -> bool:
    """Whether a drug is held for given by this crew without words that say so."""
    return (
        event.status == "given"
        and event.performer == "crew"
        and not (event.mute or event.reference or event.kept)
        and not any(cue.kind == "crew_performer" for cue in event.cues)
    )


def deny(event: Event, verdict: Verdict | None) -> None:
    """Takes a drug from this crew, as the sceptic says."""
    if verdict is None:
        return
    event.doubts.append(DENIED[verdict])
    if verdict == "other":
        event.performer, event.maintained, event.reason = "other", False, "other_performer"
    else:
        not_given(event, "withheld", "crew")
