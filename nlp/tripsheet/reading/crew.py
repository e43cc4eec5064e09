"""The crew: who rode, by certification, apart from all others whom a narrative names."""

from __future__ import annotations

import re
from bisect import bisect_left

from tripsheet.lexicon import Entry
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.scan import Hit
from tripsheet.reading.told import Told
from tripsheet.vocabulary import CrewLevel

_CERTS: dict[str, CrewLevel] = {
    "cert_emt": "emt", "cert_aemt": "aemt", "cert_paramedic": "paramedic",
    "cert_ccp": "critical_care_paramedic", "cert_nurse": "nurse",
    "cert_rt": "respiratory_therapist", "cert_physician": "physician",
}  # fmt: skip
# a respiratory therapist beside a paramedic is the specialist, not the crew's level
_ORDER: tuple[CrewLevel, ...] = (
    "respiratory_therapist", "emt", "aemt", "paramedic", "critical_care_paramedic", "nurse",
    "physician",
)  # fmt: skip
_RANK: dict[CrewLevel, int] = {level: rank for rank, level in enumerate(_ORDER)}
_SPECIALISTS = ("nurse", "respiratory_therapist", "physician")

# what joins two certifications of one crew: "RN/RT/EMT-P", "medic + EMT", "EMT x2 and a medic"
_JOINT = re.compile(
    r"[)\]\s]*(?:x ?\d|\d|intern|student)?[)\]\s]*(?:/|\+|,|&|;|and|with|plus|w/"
    r"|-)?[(\[\s]*(?:an?|one|two|\d|our|partner|driver|this|provider)?[(\[\s]*"
)
# what shows that a certification is this crew's
_OURS_BEFORE = re.compile(
    r"(?:\bwe(?:'re| are) |\bcrew(?: of)?(?: was| is| were| consist\w*(?: of)?"
    r"| members?)?[ :=\-\[(]*(?:of )?(?:\d |two |an? |both )?|\b(?:our|this|my|both"
    r"|transport|partner|attending|attendant|lead|by|supervising|supervisor|two|2"
    r"|staffed (?:by|with)|via|aboard|on board|driver|rode (?:with|by)|all|of|i'?m|i am"
    r"|me|written by|charted by|documented by)[ :,(]+(?:the "
    r"|our |attending |lead |\d |an? |crew )*|assigned to |accompanied by (?:an? )?"
    r"|unit ?[:\[]+ ?|level[ :]+)$"
)
_OURS_AFTER = re.compile(
    r"[s'\])]*(?: ?x ?\d\b|,? (?:crew|lead|attending|attendant|attended|in charge|in back"
    r"|in the back|team|pair|partner|driver|driving|unit|on board|aboard|rode|riding|tech"
    r"|provider|author|transport\w*|wrote|supervis\w*|as attendant|only|sup|started|put"
    r"|gave|tried|placed|attempted|got|established|line\b|ran|read|missed|inserted|drew"
    r"|took (?:the|over)|did|had|has|pushed|intubated|est)\b| ?\(?(?:author|attending"
    r"|lead|writer|me)\b)"
)
_ALONE = re.compile(r"[s\])}]*\s*(?:$|[.;,\])}])")
_THEIRS_BEFORE = re.compile(
    r"(?:\b(?:fire|fd|fd's|engine|e ?\d+|l ?\d+|t ?\d+|sending|facility|hospital|snf|ed|er"
    r"|icu|staff|school|camp|hospice|receiving|dialysis|nh|floor|flight|hems|off duty"
    r"|by bls|to|by (?:ed|er|fire|fd|snf)|per|from|met|intercept|another|another's|county|their"
    r"|first arriving|bystander|nurse|home health|clinic|charge|bedside|triage|intake"
    r"|sending's|with sending|nnp|no|rep|verified w/|report(?: given)? to|report|called"
    r"|clinic's|community)\b[ :]*(?:the |an? |als |bls |two |rn |medic )*)$"
)
# where a hospital is reached: who waits there did not ride
_AT_THE_DOOR = r"(?:at|in) (?:the )?(?:ambulance bay|bay|er|ed|hosp\w*)"
_THEIRS_AFTER = re.compile(
    r"[s'\])]* ?(?:at (?:sending|facility|snf|bedside|receiving)|took report|signed"
    r"|gave report|reports|states|stated|on unit|in room|room \d|from (?:sending|the)"
    r"|report\b|handoff|rpt\b|station|sig\b|took over|on scene|of the|called|requested"
    r"|engine|offered(?=,| (?:and|but)\b)|(?:was |were )on the way"
    rf"|met us {_AT_THE_DOOR}|\d+ on scene|gave .{0, 20} prior|who (?:will|gave)|says|present at)"
)
# "RT from the SNF rode with us": another's, and aboard
_CAME_ALONG = re.compile(
    r"[s)]* from (?:the |their |sending )?\w+ (?:rode|rides|riding|came along|accompanied)\b"
)
_NUMBER = re.compile(r"[ -]?(?:unit )?#?\d{1,3}\b")
_NAMED = re.compile(
    r" [A-Z][a-z]+(?: [A-Z]\b)?(?:\.|,|$|\n| ?[+&/]| (?:and|attending|lead|tech|in))"
)
_CRITICAL = re.compile(r"\b(?:cct|sct|critical care|transport team|nicu team)\b")
_RIDES = re.compile(
    r"\b(?:rode|rides|riding|ride|on ?board|aboard|attended|attending|accompan\w+|jumped in"
    r"|came (?:with|along)|with us)\b"
)
_NEVER_CAME = re.compile(
    r"[\W_]*(?:only ?[\])}.;]|cancel\w*|not(?: (?:needed|requested|available|aboard|sent"
    r"|called|with us))?\b|declin\w+"
    r"|n/a|unavailable|none\b|disregard\w*|jumped on ?\?|\d+ min\w* (?:away|out))"
)
# a deed on this trip: "EMT reinforced the dressing", "EMTs cleaned the stretcher"
_DID = re.compile(
    r"s? (?!(?:called|requested|arrived|reported|stated|cancell?ed|advised|responded|signed"
    r"|transferred|released|turned|handed|needed|staffed|dispatched|required)\b)"
    r"(?:[a-z]+ed|held|drove|sat with|got|gave)\b"
)
# a nurse told as riding, without the letters of a crew's certification
_NURSE_ABOARD = Pattern(
    r"\b(?:nurse|rn)(?: and (?:an? )?(?:\w+ )?(?:rt|respiratory therapist|medic|paramedic|emt))?,? "
    r"(?:(?:who |also )?(?:rode|riding|accompan\w+)|(?:aboard|on board)|(?:came |went |rides? )?"
    r"(?:with|w/) (?:us|our (?:unit|ground unit|truck|ambulance|crew)))\b"
    r"|\b(?:attended|crewed|staffed|riding|rode|teamed) (?:with|by) (?:an? )?(?:\w+ )?"
    r"(?:rn|nurse)\b"
    r"|\bnurse ?[+/&] ?(?:paramedic|medic|emt|rt)\b"
)
_OF_A_SITE = re.compile(
    r"\b(?:school|camp|day ?care|facility|home|office|clinic|snf|nh|hospice|no|friend|neighbor"
    r"|visiting|off duty|retired) (?:the )?$"
)
_GAUGE = re.compile(r" (?:1[468]|2[024]) ?(?:g\b|ga\b|gauge|[rl] ?ac\b|iv\b|in )")
_STAYED = re.compile(
    r"^[^.;]{0,12}\? ?no\b"
    rf"|^ ?{_AT_THE_DOOR}\b|stayed in|not needed|cancel|turned around|never caught|disregard"
    r"|called off"
    r"|stayed with (?:his|her|their)|no patient care"
)


def read_crew(told: Told, *, air: bool) -> None:
    """The highest certification aboard, and a nurse, therapist or physician beside the others."""
    document = told.document
    folded, narrative = document.folded, document.text.narrative
    hits = sorted(
        (hit for id in _CERTS for hit in told.hits(id)), key=lambda hit: (hit.start, -hit.end)
    )
    aboard: list[tuple[CrewLevel, Hit]] = []
    for group in _groups(folded, _longest(hits)):
        if _is_crew(folded, narrative, told, group, air):
            aboard.extend((_CERTS[hit.entry.id], hit) for hit in group)
    aboard.extend(
        ("nurse", Hit(match.start(), match.end(), _PARAMEDIC))
        for match in document.find(_NURSE_ABOARD)
        if not _OF_A_SITE.search(folded, max(0, match.start() - 16), match.start())
    )
    aboard.extend(_by_letters(told))
    aboard.extend(_by_name(told))
    for hit in told.hits("intercept"):
        sentence = document.sentence_at(hit.start)
        after = folded[hit.end : sentence.end + 40]
        if not _STAYED.search(after):
            aboard.append(("paramedic", hit))
    if not aboard:
        return
    top = max(_RANK[level] for level, _ in aboard)
    level = _ORDER[top]
    told.put("crew_level", level, *(hit for held, hit in aboard if held == level))
    for specialist in _SPECIALISTS:
        held = [hit for found, hit in aboard if found == specialist]
        others = [hit for found, hit in aboard if found != specialist]
        if held and others and not (air and specialist == level):
            told.put("specialist_aboard", specialist, *held)
            break


# the letter first: `re` then leaps from letter to letter
_LETTERS = re.compile(
    r"P(?<!\wP)(?: ?/ ?(?:[PB]|EMT)\b|M ?/ ?(?:EMT|PM|P)\b|M (?=[A-Z]\.? ?[A-Z][a-z]))"
    r"|b(?<!\wb)oth Ps?\b"
    r"|\(P\)(?=[\s+&/,.;]|$)"
)
_PARAMEDIC = Entry("call", "cert_paramedic", "call", None)


def _by_letters(told: Told) -> list[tuple[CrewLevel, Hit]]:
    """Paramedics told by a letter in the crew's list: "M14 P/P", "Ortega / Pham, both P"."""
    text = told.document.text
    match = _LETTERS.search(text.narrative[:250])
    if match is None:
        match = _LETTERS.search(text.narrative, max(0, len(text.narrative) - 120))
    if match is None or text.position(match.start()) != match.start():
        return []
    return [("paramedic", Hit(match.start(), match.end(), _PARAMEDIC))]


# a name with its certification: "PM R. Feeney", "Ruiz EMT-P", "Tran RN CFRN"
_CERT = (
    r"(?:FF/?P(?:M|aramedic)?|FF/?EMT(?:-?[BP])?|[Ff]light (?:RN|[Nn]urse|[Pp]aramedic|[Mm]edic)"
    r"|[Cc]ritical [Cc]are [Pp]aramedic|EMT-?P|EMT-?B|EMT-?A|A-?EMT|EMT|NRP|PM|FP-?C|CCP(?:-?C)?"
    r"|CCEMT-?P|[Pp]aramedic|[Mm]edic|CFRN|CCRN|RN|RRT|RT)"
)
_NAME = r"(?:[A-Z]\.? ?)?[A-Z][a-z]+(?:[- ][A-Z][a-z]+)?"
_MEMBER = rf"(?:{_CERT} (?:{_NAME}|[A-Z]\.)|{_NAME},? \(?{_CERT}(?:[ /]{_CERT})*\)?)"
_JOINED = r"\s*(?:,|/|&|\+|;|\band\b)\s*"
# the match is the first letter alone, so that `re` leaps from letter to letter; the group that
# looks ahead from it holds the roster
_ROSTER = re.compile(
    r"[A-Zfcpm](?<![\w/-].)(?<!\d .)"
    rf"(?<=(?=(?P<roster>{_MEMBER}(?:{_JOINED}(?:{_MEMBER}|{_CERT}(?![\w-])))+)).)"
)
_SIGNED_OFF = re.compile(rf"(?:^|[.;,\n*•-])\s*(?:[Cc]rew:? |[Ll]ead:? )?({_MEMBER})[.\s]*$")
_CREDENTIALS: tuple[tuple[re.Pattern[str], CrewLevel], ...] = (
    (re.compile(r"rn$|nurse$"), "nurse"),
    (re.compile(r"rr?t$"), "respiratory_therapist"),
    (re.compile(r"fp-?c$|ccp|ccemt|flight |critical "), "critical_care_paramedic"),
    (re.compile(r"ff/?p|emt-?p$|nrp$|pm$|paramedic$|medic$"), "paramedic"),
    (re.compile(r"a-?emt$|emt-?a$"), "aemt"),
    (re.compile(r"emt"), "emt"),
)


def _by_name(told: Told) -> list[tuple[CrewLevel, Hit]]:
    """The crew's roster by name and certification; a single name only where it signs off."""
    text, folded = told.document.text, told.document.folded
    narrative = text.narrative
    found: list[tuple[CrewLevel, Hit]] = []
    ends = [_SIGNED_OFF.search(narrative, max(0, len(narrative) - 70))]
    reached = 0
    for match in [*_ROSTER.finditer(narrative), *filter(None, ends)]:
        single = match.re is _SIGNED_OFF
        start, end = match.span(1)
        if not single and start < reached:
            continue
        reached = end
        at, until = (
            bisect_left(range(len(folded)), place, key=text.position) for place in (start, end)
        )
        if _THEIRS_BEFORE.search(folded, max(0, at - 30), at):
            continue
        if single and _THEIRS_AFTER.match(folded[until : until + 30]):
            continue
        held = [_credential(one.group()) for one in re.finditer(_CERT, narrative[start:end])]
        if not set(held) - {"nurse", "respiratory_therapist"}:
            continue  # hospital staff, as often as not
        hit = Hit(at, until, _PARAMEDIC)
        found.extend((level, hit) for level in held)
    return found


def _credential(word: str) -> CrewLevel:
    low = word.casefold()
    return next(level for pattern, level in _CREDENTIALS if pattern.search(low))


def _longest(hits: list[Hit]) -> list[Hit]:
    """The hits that do not stand inside a longer one."""
    kept: list[Hit] = []
    for hit in hits:
        if kept and hit.end <= kept[-1].end:
            continue
        if kept and hit.start < kept[-1].end:
            continue
        kept.append(hit)
    return kept


def _groups(folded: str, hits: list[Hit]) -> list[list[Hit]]:
    """Certifications that are told as one crew."""
    groups: list[list[Hit]] = []
    for hit in hits:
        if folded[hit.start : hit.end] == "p" and folded[hit.end : hit.end + 1] != "/":
            continue
        if groups:
            gap = folded[groups[-1][-1].end : hit.start]
            if len(gap) <= 14 and _JOINT.fullmatch(gap):
                groups[-1].append(hit)
                continue
        groups.append([hit])
    return [
        group for group in groups if len(group) > 1 or folded[group[0].start : group[0].end] != "p"
    ]


def _is_crew(folded: str, narrative: str, told: Told, group: list[Hit], air: bool) -> bool:
    first, last = group[0], group[-1]
    low = max(0, first.start - 30)
    theirs = _THEIRS_BEFORE.search(folded, low, first.start)
    ours = _OURS_BEFORE.search(folded, low, first.start)
    after = folded[last.end : last.end + 30]
    if _CAME_ALONG.match(after):
        return True
    if _THEIRS_AFTER.match(after) and not ours:
        return False
    if not ours and _NEVER_CAME.match(after):
        return False
    levels = {_CERTS[hit.entry.id] for hit in group}
    if len(group) > 1:
        if theirs and not ours:
            return False
        # "RN, RT" of a hospital: a crew has an EMT or paramedic, or is called one
        ambulance = levels & {"emt", "aemt", "paramedic", "critical_care_paramedic"}
        return (
            bool(ambulance)
            or bool(ours)
            or bool(_OURS_AFTER.match(after))
            or bool(told.hits("interfacility"))
        )
    word = folded[first.start : first.end]
    if theirs and not ours:
        return False
    if word.startswith(("flight ", "flt ")) and not air and not _RIDES.search(folded, last.end):
        return False  # of a helicopter that stands by
    if word.endswith(
        (
            " crew",
            " unit",
            " ambulance",
            " transport",
            " txp",
            " run",
            " truck",
            " tx",
            " trip",
            " squad",
        )
    ):
        return not theirs
    if levels & {"nurse", "respiratory_therapist"}:
        if word not in ("rn", "rns", "rt", "rts", "np", "registered nurse"):
            return True
        if not told.hits("interfacility"):
            return False
        return bool(
            re.search(
                r"(?:\bour|\bcct|\bcrew|\btransport|\bflight"
                + (r"|\bby" if _CRITICAL.search(folded) else "")
                + r")[ :]*(?:an? )?$",
                folded[low : first.start],
            )
        ) or bool(
            re.match(
                r"[ )]*(?:x ?\d|rode|aboard|on board|attend|crew|in attendance|managed|maintained"
                r"|titrated|adjusted|present for)",
                after,
            )
        )
    if levels <= {"emt", "aemt"} and (
        _DID.match(after) or (word in ("aemt", "advanced emt") and _GAUGE.match(after))
    ):
        return True
    if "physician" in levels or word.startswith(("ff", "firefighter")):
        return True
    if ours:
        return not _NUMBER.match(after) or word.startswith("emt")
    if _OURS_AFTER.match(after):
        return True
    if _NUMBER.match(after):
        return False
    if re.search(
        r"(?:^|[.;,:|()\[{]) *(?:\d|two|both|dual)? ?$", folded[low : first.start]
    ) and _ALONE.match(after):
        return (
            word != "als"
            or not after.startswith(",")
            or folded[first.start - 2 : first.start] in (". ", ": ")
        )
    if folded[max(0, first.start - 1) : first.start] == " " and re.search(
        r"\b(?:\d|two|both) $", folded[low : first.start]
    ):
        return True
    place = told.document.text.position(last.end)
    return bool(_NAMED.match(narrative, place))
