"""How a mention is read: what the cues around it make of it, and who did it.

The mechanism is one for all findings: cues with a direction, a reach and a priority, ended by
stops; see `lexicons/context.toml` and `lexicons/performers.toml`.
"""

from __future__ import annotations

import re

from tripsheet.findings import Cue
from tripsheet.lexicon import Entry
from tripsheet.reading.amounts import UNITS
from tripsheet.reading.document import Document
from tripsheet.reading.elsewhere import elsewhere
from tripsheet.reading.layout import Sentence
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting
from tripsheet.values import value
from tripsheet.vocabulary import Performer

_NEAR = 42
_LIST = 220
_GOVERNS = 14
_UNDONE = 76
_INSIDE = frozenset(
    {"refused", "attempted", "negated", "not_indicated", "withheld", "planned", "drawn_up"}
)
# "a sling from the ski patrol", "Rocephin IM from them": right behind what was got
_GIVEN_FROM = 16
# "or" before the last of a list; not inside one, as in "blood in stool or emesis"
_LAST_OF_LIST = re.compile(r"^(?!.*\b(?:in|of|to|from|with|on|at)\b.* n?or ).* n?or ")
_EITHER_SIDE = frozenset({"refused", "withheld", "considered", "ordered", "drawn_up", "attempted"})
_TURNS = frozenset({"but", "then", "though", "yet", "however"})
_NOT_THEN = re.compile(r"(?:not|never|neither|none|no|was not|were not|never)\b")
_LEFT_OUT = frozenset({"withheld", "refused"})
_WITH_REASON = re.compile(r" ?(?:[.;,)]|$|(?:as|because|due|since|b/c|d/t|by|per|for now)\b)")
_BOX_BEFORE = re.compile(
    r"(?:[\[(](?P<in>[ x_*]?)[\])]|(?P<mark>[\u2610\u2611\u2612\u2713\u2714\u2717\u2718])) ?\Z"
)
# the sign or letter beside a mention, without which no box stands there
_LEADS_FROM_BOX = frozenset("])[{\u2610\u2611\u2612\u2713\u2714\u2717\u2718")
_LEADS_TO_BOX = frozenset("[({?:sn0\u2610\u2611\u2612\u2713\u2714\u2717\u2718")
_EMPTY_MARKS = frozenset("\u2610\u2717\u2718")
# what a form answers behind its label: "[ ]", "{N}", "[N - >94%]", "N |", "? no"
_BOX_AFTER = re.compile(
    r"\??:? ?(?:[\[({] ?(?P<no>(?:|_+|n|no|none|stby|standby|off|n/a|na|not [a-z ]+|(?:n|no"
    r"|none|skipped|declined|refused)(?: ?-|,| ).*?)) ?[\])}]|[\[({] ?(?P<yes>x|y|yes|\*)\b"
    r"|(?P<mark>[\u2610\u2611\u2612\u2713\u2714\u2717\u2718])|(?:(?<=[:?=] )"
    r"|(?<= ))(?P<bare>n|no|none)(?= ?(?:[|;,.]|$)| [a-z/0-9 ]{1,12} [yn]\b)"
    r"|(?<=[:=] )(?P<zero>0)(?= ?(?:[|;,]|$)| (?:shocks?|attempts?|doses?|times?)\b))"
)
# a form's hint that nobody replaced: "A-line: {Y/N}", "Vent: {settings here}", "Drips: [list]"
_UNFILLED = re.compile(
    r"s?:? ?[\[{](?:y ?/ ?n|yes ?/ ?no|list|[a-z ]{0,14}\bhere|enter [a-z ]+|select[a-z ]*|_+"
    r"|\.{2,})[\]}]"
)
# options of a form of which none was chosen: "Drips: [N/A] [Heparin] [NTG] <- none circled"
_OPTIONS = re.compile(r"(?:\[[^\[\]\d]{0,24}\] ?)+")
_NO_OPTION = re.compile(
    r"\[ ?(?:n/?a|none)\b|(?:none|nothing|not|no box\w*) (?:is |was )?(?:circled|checked|marked"
    r"|selected|ticked|chosen|filled)|left blank|unchecked"
)
_PAST = Pattern(
    r"\b(?:(?:\d+|one|two|three|several|many|few|a) (?:yrs?|years?|months?|mos?|wks?"
    r"|weeks?) ago|last (?:month|year|summer|winter|spring|fall|admission|hospitalization)"
    r"|in (?:19[5-9]\d|20[0-2]\d)|in (?:january|february|march|april|may|june|july|august"
    r"|september|october|november|december)|as a (?:child|kid|newborn|baby|infant|teen\w*)"
    r"|years? (?:prior|before|earlier)|(?:recent|previous|prior|last) (?:hospital stay"
    r"|admission|hospitalization|episode|surgery|stay)|(?:19[5-9]\d|20[01]\d"
    r"|202[0-3])(?=[.,;) ]|$))"
)
_THIS_CALL = re.compile(
    r"\b(?:now|today|tonight|current\w*|new|acute\w*|on arrival|upon arrival|this (?:morning"
    r"|evening|afternoon|am|pm)|we|crew|here|found|c/o|complain\w*|presents?|presenting|dispatched"
    r"|en ?route|gave|given|administered|sudden\w*|since(?! ?[.;])|residual|still|vitals?|bp"
    r"|spo2|gcs"
    r"|ivp?|scheduled|transferred|worse\w*)\b"
)
_PAST_TIME = Entry("cue", "history", "cue", None)
_EMPTY_BOX = Entry("cue", "negated", "cue", None)
_WORD = re.compile(r"[a-z0-9']+")
_BY = re.compile(
    r"(?:\bby:?|\bper|\bfrom|\bvia|\bw/|\bwith)(?: the| our| a| an| on scene| local| county| city"
    r"| first arriving| arriving| ed| er| sending| facility| icu| staff| his| her| pt's"
    r"| patient's| bls| als| initial)* $"
)
_TO = re.compile(
    r"(?:\bto|\bfor|\bof|\bat|\bon|\bonto|\bwith|\bw/|\binto|\bfrom|\bin|\bnotified|\bcalled"
    r"|\brequested"
    r"|\bcontacted|\bby|\bvia|\bfollowing|\bafter)(?: the| our| a| an| local| his| her)* $"
)
_BY_ONLY = re.compile(r"\bby(?: the| our| an?)? $")
# "given by floor": whoever is named and is not this crew; "by" first: `re` then leaps to it
_BY_WHOM = re.compile(
    r"by (?<![a-z]by )(?:the |a |an |her |his |their |sending |local )?(?P<who>[a-z]{2,})"
)
_BY_MEANS = frozenset(
    """
    us crew crews me myself medic medics paramedic paramedics emt emts ems aemt this our flight
    team transport unit ambulance als bls mouth protocol mask nc neb nebulizer nebs iv ivp io im
    in injection pump infusion drip weight standing order orders phone radio hand bag bvm tube
    ng og peg cannula time then arrival self two one three four person slow push drops itself
    kit kits medical med online command md physician doctor dr atomizer mad inhaler spray way means
    gtt history exam his her their now side touch nasal blow pressure when little head half face
    venturi trach non simple cpap bipap laryngoscopy voice auscultation palpation weight rn rt
    vein veins needle line lines
    nurse ccp ccrn pmd engine fd fire capnography xray x using holding ten gravity law
    """.split()
)
# what is told "by" somebody or something and is no doing of the care
_NO_DEED = re.compile(
    r"\b(?:recognized|noted|evidenced|shown|seen|complicated|followed|limited"
    r"|relieved|tolerated|chewed|swallowed|held)(?: in place)? $"
)
_ON_SCENE = re.compile(
    r"^ ?(?:crews? |units? |personnel |medics? )?(?:is |was |were |are |already |arrived "
    r"|present )*(?:on|at) (?:the )?scene(?! (?:(?:and|who|already|were|was|had|with"
    r"|then) )*(?:giv|gave|hold|do|perform|put|plac|appl|start|admin|had|bag|provid"
    r"|assist|treat"
    r"|control|init|pack|ventil|suction|with|cpr|comp|splint|obtain))"
)
_HAS_DONE = re.compile(r":|(?: who| crew| medics?| staff)? (?:did|had|has|have|got|put)\b")
# who asks for it is not who does it
_ORDERED = re.compile(
    r" (?:had |has |then |also )?(?:orders?|ordered|ordering|request(?:s|ed)|advis(?:es|ed)"
    r"|recommend(?:s|ed)|authoriz(?:es|ed)|approv(?:es|ed)|instructed|told us to)\b"
)
# a stranger who came along is of the crew for this trip
_RIDES = re.compile(
    r"(?:,? (?:who )?(?:was |is )?(?:riding|rode|rides|riding in|came)(?: in| along| in back)*"
    r" with (?:us|crew|this crew|our crew)| on ?board with us| aboard| accompanying (?:pt"
    r"|patient|us)| (?:from|of|on) (?:our|this)"
    r" (?:team|crew|unit))\b"
)
# "drilled a line in his shin, gave him three pushes and shocked him": verbs of one subject
_ROW = re.compile(r",(?: and| then)?|;| and then | and | then ")
_VERB = re.compile(
    r" ?(?:also |then |had |have |just |\w+ly )*(?:(?!need|bed\b|red\b"
    r"|sed)[a-z]{3,}ed\b|gave|put"
    r"|got|took|did|hung|drew|ran|kept|began|set|stuck|threw|slid|blew|sank|cut)\b"
)
_PER = re.compile(r"(?:\bper|\baccording to)(?: [a-z']+){0,3} $")


@value
class Decision:
    """The class of the cue that decides a mention, and the cue."""

    kind: str
    cue: Hit


def decide(document: Document, start: int, end: int, *, finding: bool) -> Decision | None:
    """The deciding cue of a mention (a finding or a treatment), or None where nothing bears on it.

    The class with the highest priority decides, then the nearer cue.
    """
    found = decisions(document, start, end, finding=finding)
    return found[0] if found else None


def decisions(document: Document, start: int, end: int, *, finding: bool) -> list[Decision]:
    """All cues that bear on a mention, the deciding one first."""
    sentence = document.sentence_at(start)
    box = _box(document.folded, start, end)
    if box is not None:
        return [Decision("negated", Hit(box[0], box[1], _EMPTY_BOX))] if box[2] else []
    if finding and start > sentence.start + 1 and _minus(document.folded, start):
        return [Decision("negated", Hit(start - 1, start, _EMPTY_BOX))]
    applies = "finding" if finding else "treatment"
    ranked: list[tuple[int, int, Hit]] = []
    if document.has_cue(sentence.start, max(end, sentence.end)):
        for hit, distance in [
            *_before(document, sentence.start, start),
            *_after(document, start, end, sentence.end),
        ]:
            info = hit.entry.info
            if info.applies not in ("both", applies):
                continue
            if (
                not finding
                and info.before
                and hit.entry.id == "negated"
                and not _bare(document, hit.end, start)
            ):
                continue
            ranked.append((-info.priority, distance, hit))
        if not finding:
            for hit in document.guides_between(start, end):
                # the mention's own words: "IV refused"; a collar "held" is no omission
                if hit.entry.kind == "cue" and hit.entry.id in _INSIDE and hit.end <= end:
                    if document.folded[hit.start : hit.end] not in ("held", "0"):
                        ranked.append((-hit.entry.info.priority - 1, 0, hit))
    if not finding:
        aside = elsewhere(document, start)
        if aside is not None:
            return [Decision(aside, Hit(start, start, Entry("cue", aside, "cue", None)))]
    if not ranked and _is_past(document, sentence):
        return [Decision("history" if finding else "history_of_use", Hit(start, start, _PAST_TIME))]
    ranked.sort(key=lambda item: item[:2])
    found = [Decision(hit.entry.id, hit) for _, _, hit in ranked]
    if found and _is_dated(document, end):
        kind = "history" if finding else "history_of_use"
        found.append(Decision(kind, Hit(start, start, _PAST_TIME)))
    return found


def _minus(folded: str, start: int) -> bool:
    """Whether a minus stands right before a finding: "+CP, -SOB"."""
    return folded[start - 1] == "-" and folded[start - 2] in " ,/"


def _is_past(document: Document, sentence: Sentence) -> bool:
    """Whether a sentence tells of another time and says nothing of this call."""
    for past in document.find(_PAST):
        if past.start() == sentence.start and sentence.stamp is not None:
            continue  # "2001 VF": a clock time
        if sentence.start <= past.start() and past.end() <= sentence.end:
            return not _THIS_CALL.search(document.folded, sentence.start, sentence.end)
    return False


def _is_dated(document: Document, end: int) -> bool:
    """Whether another time stands right behind a mention: "ECMO in 2021, here for a hernia"."""
    return any(0 <= past.start() - end < 3 for past in document.find(_PAST))


def _box(folded: str, start: int, end: int) -> tuple[int, int, bool] | None:
    """A tick box beside a mention: its place, and whether it is empty."""
    if (
        folded[max(0, start - 2) : start].rstrip()[-1:] not in _LEADS_FROM_BOX
        and folded[end : end + 2].lstrip()[:1] not in _LEADS_TO_BOX
    ):
        return None
    before = _BOX_BEFORE.search(folded, max(0, start - 8), start)
    if before is not None:
        mark = before["mark"]
        empty = mark in _EMPTY_MARKS if mark else before["in"].strip() == ""
        return before.start(), before.end(), empty
    if folded[start - 1 : start] == "{" and folded[end : end + 2] == "}{":
        return start - 1, end + 1, True  # a choice that nobody made
    if folded[start - 1 : start] == "[" and folded[end : end + 1] == "]":
        first = folded.rfind(":", max(0, start - 90), start) + 1
        options = _OPTIONS.search(folded, first, end + 90)
        if (
            options is not None
            and options.start() < start < end < options.end()
            and options.group().count("[") > 1
            and _NO_OPTION.search(folded, options.start(), options.end() + 24)
        ):
            return options.start(), options.end(), True
    unfilled = _UNFILLED.match(folded, end)
    if unfilled is not None:
        return unfilled.start(), unfilled.end(), True
    after = _BOX_AFTER.match(folded, end)
    if after is not None and after.end() > end:
        if after["mark"]:
            return after.start(), after.end(), after["mark"] in _EMPTY_MARKS
        return after.start(), after.end(), after["yes"] is None
    return None


def _before(document: Document, begin: int, start: int) -> list[tuple[Hit, int]]:
    """The cues before a mention that reach it, nearest first."""
    folded = document.folded
    found: list[tuple[Hit, int]] = []
    block: Hit | None = None  # the leftmost thing so far that ends a cue's reach
    for hit in reversed(document.guides_between(begin, start)):
        kind = hit.entry.kind
        if hit.end > start:
            if kind == "stop" and hit.start < start:
                break  # "no trauma, found seizing"
            if kind != "cue" or hit.start >= start or not folded.startswith("no ", hit.start):
                continue  # "no signs of" rules "signs of shock"
        if kind == "stop":
            break
        if kind in ("soft_stop", "act"):
            block = hit
            continue
        if kind == "pseudo":
            # "no relief after nitro, fentanyl given": its own word is spent
            block = hit
            continue
        info = hit.entry.info
        if folded[hit.start : hit.end] == "0" and folded[hit.start - 1 : hit.start] in (".", ","):
            continue
        if not info.before or _spent(document, begin, hit):
            continue
        if block is not None and (
            block.entry.kind == "pseudo"
            or block.start - hit.end > _GOVERNS
            or "," in folded[hit.end : block.start]
            or _treatments(document, hit.end, block.start)
        ):
            continue
        gap = folded[hit.end : start]
        if gap.count(")") > gap.count("("):
            continue
        distance = max(0, start - hit.end)
        commas = gap.count(",")
        pieces = gap.split(",")
        if (
            commas
            and any(_LAST_OF_LIST.search(piece) for piece in pieces[:-1])
            and " or " not in pieces[-1]
        ):
            # "no pain or bleeding, severe dyspnea": the list is over
            continue
        if info.reach == "next":
            reached = distance <= 2 and not commas
        elif info.reach == "near":
            reached = commas == 0 and distance <= _NEAR
        elif info.reach == "clause":
            reached = distance <= _LIST and (commas == 0 or _listed(gap))
        else:
            reached = distance <= 2 * _LIST
        if reached:
            found.append((hit, distance))
    return found


def _spent(document: Document, begin: int, cue: Hit) -> bool:
    """Whether a cue that can stand on either side belongs to the treatment right before it."""
    if cue.entry.id not in _EITHER_SIDE:
        return False
    for mention in document.treatments_between(max(begin, cue.start - 40), cue.start):
        gap = document.folded[mention.end : cue.start]
        if mention.end <= cue.start and gap in (" ", " was ", " were ", " is ", ": ", " - "):
            return True
    return False


_ROUTE_WORD = re.compile(rf"(?:\d|(?:\b|\d){UNITS}) $")


def _treatments(document: Document, start: int, end: int) -> list[Hit]:
    """The treatments named in a stretch; the route in "versed 2 mg IV" is none."""
    folded = document.folded
    return [
        hit
        for hit in document.treatments_between(start, end)
        if not (
            hit.entry.id in ("iv_access", "io_access")
            and folded.startswith(("iv", "io"), hit.start)
            and _ROUTE_WORD.search(folded, max(0, hit.start - 12), hit.start)
        )
    ]


_OF_ANOTHER = re.compile(
    r"\b(?:after|following|despite|since|post|s/p)(?: (?:an?|the|one|two|1|2|first|initial))? $"
)


def _after(document: Document, start: int, end: int, until: int) -> list[tuple[Hit, int]]:
    """The cues behind a mention that reach back to it, nearest first."""
    folded = document.folded
    guides = document.guides_between(end, min(until, end + _LIST))
    found = _left_undone(document, end, guides)
    for index, hit in enumerate(guides):
        kind = hit.entry.kind
        if kind == "stop" and folded[hit.start : hit.end] in _TURNS:
            # "drawn up but not given": the turn leads on to a cue of the same mention
            following = next(
                (other for other in guides[index + 1 :] if other.start >= hit.end), None
            )
            if (
                following is not None
                and following.start - hit.end <= 1
                and following.entry.kind == "cue"
            ):
                continue
            break
        if kind in ("stop", "soft_stop", "act"):
            # "IV was attempted", "NTG drawn up": the auxiliary leads on to its own cue
            if kind == "soft_stop" and hit.start - end <= 4:
                continue
            break
        if kind != "cue" or hit.entry.info.before or hit.entry.info.reach == "sentence":
            continue
        if _OF_ANOTHER.search(folded, max(end, hit.start - 24), hit.start):
            continue  # "cric after failed airway"
        if folded[hit.start] == "(" and folded[hit.end : hit.end + 2].lstrip()[:1].isalnum():
            continue  # "(-) syncope" speaks of what follows
        gap = folded[end : hit.start]
        if (
            gap.count("(") > gap.count(")")
            and "(" not in folded[hit.start : hit.end]
            and hit.start - end > 3
            and not _NOT_THEN.match(folded, hit.start)
        ):
            continue
        commas = gap.count(",")
        between = _treatments(document, end, hit.start)
        if between and not _listed(gap):
            continue
        if _CONTRAST.match(folded, hit.start) or _opens_next(document, hit, gap):
            continue
        if hit.entry.info.reach == "next":
            reached = hit.start - end <= 2
        elif hit.entry.info.reach == "near":
            reached = hit.start - end <= _NEAR and (
                commas == 0
                or (bool(between) and _listed(gap))
                # "Nitro paste brought along, not applied"
                or (
                    commas == 1
                    and not between
                    and gap.endswith(", ")
                    and (
                        _NOT_THEN.match(folded, hit.start) is not None
                        # "Benadryl 50 mg IV ordered, held as he had 50 PO"
                        or (
                            hit.entry.id in _LEFT_OUT
                            and _WITH_REASON.match(folded, hit.end) is not None
                        )
                    )
                )
            )
        else:
            reached = hit.start - end <= 90 and (commas == 0 or _listed(gap))
        if reached:
            found.append((hit, hit.start - end))
    return found


_READINGS = frozenset({"blood_glucose", "cardiac_monitoring", "ecg_12_lead", "capnography"})
_DONE_OR_MORE = re.compile(
    r"\b(?:given|gave|administered|second|2nd|repeat\w*|more|further|another|additional|rest"
    r"|success\w*)\b"
)


def _left_undone(document: Document, end: int, guides: list[Hit]) -> list[tuple[Hit, int]]:
    """The words at a clause's end that take back what was made ready: "hung ..., never started".

    They reach over verbs and commas, but not over another treatment or a dose told as given.
    """
    for hit in guides:
        if hit.start >= end + _UNDONE:
            break
        if hit.entry.kind != "cue" or hit.entry.info.before:
            continue
        if hit.entry.info.reach == "sentence":
            gap = document.folded[end : hit.start]
            between = (one.entry.id for one in _treatments(document, end, hit.start))
            if any(id not in _READINGS for id in between) or _DONE_OR_MORE.search(gap):
                break
            return [(hit, hit.start - end)]
    return []


# "125 mg IVP, not 62.5", "R humerus and not R tibia", "given IN not IV": one value for another
_CONTRAST = re.compile(r"not (?:\d|(?:the )?(?:r|l|right|left|iv|ivp|im|io|po|sl)\b)")


def _opens_next(document: Document, cue: Hit, gap: str) -> bool:
    """Whether a cue that can stand on either side opens the next statement: "and denied CP"."""
    if not gap.endswith((" and ", ", ", "; ")):
        return False
    if not any(
        hit.start == cue.start and hit.end == cue.end and hit.entry.info.before
        for hit in document.guides_between(cue.start, cue.start + 1)
        if hit.entry.kind == "cue"
    ):
        return False
    return any(
        hit.start - cue.end <= 5 and hit.start > cue.end
        for hit in (*document.hits("condition"), *document.treatments_between(cue.end, cue.end + 6))
        if cue.end < hit.start <= cue.end + 5 and "." not in document.folded[cue.end : hit.start]
    )


_FUNCTION_WORDS = frozenset(
    """
    any the a an further or and of other additional als bls for to such with this type form kind
    need needed obtained given immediate more at time yet prior iv field attempt attempts
    interventions intervention treatment treatments medications meds medication care new
    give get put use him her them pt patient
    """.split()
)


def _bare(document: Document, start: int, end: int) -> bool:
    """Whether nothing but treatments and small words stands between a negation and a treatment.

    "No IV, O2 or monitor" negates the monitor; "no chest pain after nitro" says nothing of nitro.
    """
    gap = document.folded[start:end]
    if len(gap) < 3:
        return True
    covered = document.treatments_between(start, end)
    words = 0
    for match in _WORD.finditer(gap):
        at = start + match.start()
        if match.group() in _FUNCTION_WORDS or any(h.start <= at < h.end for h in covered):
            continue
        words += 1
    return words <= (1 if covered else 0)


def _listed(gap: str) -> bool:
    """Whether a gap reads as the middle of a list: short pieces, a joint, no new statement."""
    pieces = gap.replace("/", ",").replace("&", ",").replace(" and ", ", ").replace(" or ", ", ")
    if "," not in pieces:
        return False
    return all(len(_WORD.findall(piece)) <= 3 for piece in pieces.split(","))


# a crew of some kind, and not by these words this one
_ANY_CREW = frozenset({
    "bls crew", "als crew", "ambulance crew", "medic", "medics", "paramedic", "paramedics", "emt",
    "emts", "aemt", "als",
})  # fmt: skip


@value
class Doer:
    """Who did it, the cue that says so, and whether it was before this crew."""

    performer: Performer
    cue: Cue | None
    prior: bool
    subject: bool = False
    """Whether the words name the doer as the subject ("FD gave ..."), not behind a "by"."""


def doer(document: Document, start: int, end: int, *, setting: Setting, drug: bool = False) -> Doer:
    """Who did what a mention names: this crew unless the text says otherwise.

    On a flight the ground crews are others.
    """
    sentence = document.sentence_at(start)
    folded = document.folded
    # "given by FD", "IV per facility staff"
    by = _BY_WHOM.search(folded, end, min(sentence.end, end + 70))
    if by is not None and (
        by["who"] in _BY_MEANS or _NO_DEED.search(folded, max(end, by.start() - 14), by.start())
    ):
        by = None
    agents = document.agents_between(sentence.start, max(end, sentence.end))
    for hit in agents:
        if hit.start < end:
            continue
        gap = folded[end : hit.start]
        if len(gap) > 90:
            break
        if by is not None and by.start() + 3 < hit.start and by.end() <= hit.start:
            break
        if " after " in gap and document.treatments_between(end, hit.start):
            break  # "IM after Phenergan PR by wife": the wife's is the second
        if hit.entry.info == "own" and not drug:
            continue
        if hit.entry.kind == "agent":
            lead = folded[max(sentence.start, hit.start - 40) : hit.start]
            if (
                _BY.search(lead)
                and (gap.count(",") == 0 or _listed(gap))
                and not _stopped(document, end, hit.start)
            ):
                side = side_of(hit, setting)
                if side == "other" and _RIDES.match(folded, hit.end):
                    side = "crew"
                if "with " in lead[-12:] or "w/ " in lead[-6:] or "from " in lead[-10:]:
                    if side == "crew":
                        break
                    if "from " not in lead[-10:] or len(gap) > _GIVEN_FROM:
                        continue
                if lead.rstrip().endswith("per") and side == "crew":
                    break
                if side == "crew" and folded[hit.start : hit.end] in _ANY_CREW:
                    earlier = _prior(document, agents, start, end, sentence.start)
                    if earlier is not None and 0 <= earlier.start - hit.end < 20:
                        # "placed by BLS crew before our arrival": a crew, not this one
                        return Doer("other", document.cue(earlier, "before_crew"), True)
                return Doer(side, document.cue(hit, f"{side}_performer"), side == "other")
            if gap.count(",") and not _listed(gap):
                break
    if by is not None:
        gap = folded[end : by.start()]
        if (gap.count(",") == 0 or _listed(gap)) and not _stopped(document, end, by.start()):
            span = document.text.span(by.start(), by.end())
            cue = Cue("other_performer", span.start, span.end, span.text)
            return Doer("other", cue, True)
    if folded.endswith(" our ", 0, start):
        return Doer("crew", None, False)
    if not drug and folded.endswith("their ", 0, start):
        span = document.text.span(start - len("their "), start - 1)
        return Doer("other", Cue("other_performer", span.start, span.end, span.text), True, True)
    for hit in agents:
        # "bystander CPR"
        if (
            hit.start >= start
            and hit.end < end
            and hit.entry.kind == "agent"
            and hit.entry.id == "other"
        ):
            return Doer("other", document.cue(hit, "other_performer"), True, True)
    # who is the subject
    subject: Hit | None = None
    for hit in reversed(agents):
        if hit.start >= start:
            continue
        if hit.entry.kind == "hand_over":
            return Doer("crew", document.cue(hit), False)
        if hit.entry.info == "own" and not drug:
            continue
        if hit.entry.kind == "agent" and hit.end <= start:
            lead = folded[max(sentence.start, hit.start - 24) : hit.start]
            if _BY_ONLY.search(lead) and not folded.startswith(" who ", hit.end):
                # "applied by us and ...": what stood before is told and done
                if side_of(hit, setting) == "crew":
                    break
                continue
            if (
                _TO.search(lead)
                and not _PER.search(lead)
                and not (folded.startswith(":", hit.end) and "from " in lead)
            ):
                continue
            subject = _whose_crew(document, hit)
            break
    if subject is not None:
        side = "other" if _theirs(document, subject) else side_of(subject, setting)
        if side == "other" and _RIDES.match(folded, subject.end):
            return Doer("crew", document.cue(subject, "crew_performer"), False)
        if side == "crew":
            prior = _prior(document, agents, start, end, sentence.start)
            if prior is None or prior.start < subject.start:
                return Doer("crew", document.cue(subject, "crew_performer"), False)
        elif _told_by(document, subject, sentence.start, start) or _acts(
            document, subject, start, end, sentence.end
        ):
            return Doer("other", document.cue(subject, "other_performer"), True, True)
    prior = _prior(document, agents, start, end, sentence.start)
    if prior is not None:
        return Doer("other", document.cue(prior, "before_crew"), True)
    if sentence.part == "prior_care":
        return Doer("other", None, True)
    index = document.sentence_index(start)
    if index and folded.startswith(("they ", "he also ", "she also "), sentence.start):
        previous = document.sentences[index - 1]
        for hit in document.agents_between(previous.start, previous.end):
            if hit.entry.kind == "agent" and side_of(hit, setting) == "other":
                return Doer("other", document.cue(hit, "other_performer"), True)
            break
    return Doer("crew", None, False)


def _whose_crew(document: Document, hit: Hit) -> Hit:
    """The agent itself, or the unit that its "crew" is of: "E21 crew"."""
    if document.folded[hit.start : hit.end] in ("crew", "crews", "medic", "medics"):
        for unit in document.agents_between(hit.start - 24, hit.start):
            if unit.end == hit.start - 1 and unit.entry.info == "unit":
                return unit
    return hit


def _theirs(document: Document, hit: Hit) -> bool:
    """Whether a crew is told as another's: "their medic"."""
    return document.folded.endswith((" their ", " another "), 0, hit.start)


def side_of(hit: Hit, setting: Setting) -> Performer:
    """On which side of the hand-over an agent stands: this crew or others."""
    if hit.entry.id == "crew":
        return "other" if setting.air and hit.entry.info == "ground" else "crew"
    # a transport team's own nurse or therapist
    return "crew" if setting.nurse_aboard and hit.entry.info == "team" else "other"


def _stopped(document: Document, start: int, end: int) -> bool:
    return any(hit.entry.kind == "stop" for hit in document.guides_between(start, end))


def _told_by(document: Document, subject: Hit, begin: int, start: int) -> bool:
    """Whether another reports what was done before: "per the ED nurse, heparin was given"."""
    lead = document.folded[max(begin, subject.start - 24) : subject.start]
    gap = document.folded[subject.end : start]
    return bool(_PER.search(lead)) and len(gap) < 90 and not _stopped(document, subject.end, start)


def _acts(document: Document, subject: Hit, start: int, end: int, until: int) -> bool:
    """Whether the subject is told to have done it: "FD gave ...", not "FD on scene. ..."."""
    folded = document.folded
    between = document.guides_between(subject.end, start)
    gap = folded[subject.end : start]
    acts = [hit for hit in between if hit.entry.kind == "act"]
    if _ON_SCENE.match(gap) or len(gap) > 160:
        return False
    if _HAS_DONE.match(gap) and not any(hit.entry.kind == "stop" for hit in between):
        return True  # "Patrol: collar, BVM", "BLS did a glucose, O2", "fire has her on a board"
    if any(
        hit.entry.kind == "stop"
        and folded[hit.start : hit.end]
        not in ("states", "stated", "reports", "reported", "stating", "when", "while")
        for hit in between
    ):
        return False
    if _ORDERED.match(gap):
        return False
    row = _ROW.split(folded[subject.end : end])
    if len(row) > 1 and all(_VERB.match(piece) for piece in row):
        return True
    words = folded[subject.start : subject.end]
    if words.endswith(("took", "taken", "self administered", "self medicated", "own", "self")):
        return "," not in gap or _listed(gap) or len(gap) < 40
    if acts:
        first = acts[0]
        return first.start - subject.end <= 45 and "," not in folded[subject.end : first.start]
    return len(gap) <= 50 and "," not in gap


def _prior(document: Document, agents: list[Hit], start: int, end: int, begin: int) -> Hit | None:
    """The words that put a mention before this crew, among the agents of its sentence."""
    folded = document.folded
    for hit in agents:
        if hit.entry.kind != "before_crew":
            continue
        if hit.end <= start:
            gap = folded[hit.end : start]
            earlier = document.treatments_between(begin, hit.start)
            if earlier and "," in gap and "," not in folded[earlier[-1].end : hit.start]:
                continue  # "Tylenol PO at facility, Tylenol IV ..." speaks of the first
            if not _stopped(document, hit.end, start) and gap.count(",") <= 6 and len(gap) < 160:
                if _crew_between(document, hit.end, start):
                    continue
                return hit
        elif hit.start >= end:
            gap = folded[end : hit.start]
            if any(
                agent.end == hit.start - 1 and "," in folded[end : agent.start]
                for agent in document.agents_between(max(end, hit.start - 24), hit.start)
            ):
                continue  # "..., mom had already tried ..." speaks of what follows
            if (
                len(gap) < 90
                and (gap.count(",") == 0 or _listed(gap))
                and not _stopped(document, end, hit.start)
            ):
                return hit
    return None


def _crew_between(document: Document, start: int, end: int) -> bool:
    return any(
        hit.entry.kind == "hand_over" or (hit.entry.kind == "agent" and hit.entry.id == "crew")
        for hit in document.agents_between(start, end)
    )
