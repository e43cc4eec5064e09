"""The call: how the unit came, who rode, from where to where, and how it ended.

The words come from the one scan (`lexicons/call.toml`, `lexicons/places.toml`); here the groups
are weighed against each other. A field of the record outranks the narrative: its value stands,
and what the narrative says against it is kept as a contradiction.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from tripsheet.findings import Evidence, Intervention, Medication, RecordField, Span, Transport
from tripsheet.reading.crew import read_crew
from tripsheet.reading.dictation import SMALL
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.places import Route, read_route
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting, setting_of
from tripsheet.reading.told import Told
from tripsheet.report import Report
from tripsheet.vocabulary import Death, TransportMode

# the record's field, by the name of the transport's
_RECORD = {
    "mode": "transport", "response": "response", "transported": "transported", "origin": "origin",
    "destination": "destination", "loaded_miles": "loaded_miles", "crew_level": "crew_level",
    "dispatch_complaint": "dispatch_complaint", "pcs": "pcs_on_file",
    "signature": "signature_on_file", "patients": "patients",
}  # fmt: skip
_TO_HOSPITAL = re.compile(
    r"(?:\btransport\w*|\btxp\w*|\bxport|\btx|\bmiles?|\bmi|\ben route|\benroute|\btaken"
    r"|\bdrove|\bwent|\bto (?:er|ed|the ed|hosp\w*|general|[a-z]+ (?:er|ed|hosp\w*)))"
    r"(?:[ \d.]|by|from|via|the|als|bls|in|pt|patient|with|was|were|and|to|mi|miles|ground"
    r"|hospital|er|ed|loaded){0,10}$"
)
_MILES_BEFORE = re.compile(
    r"(?<![\d.:/-])(\d{1,4}(?:\.\d{1,2})?)[ \])]*(?:(?:total|loaded|ground|air|statute|stat"
    r"|nautical|patient|pt|road)[ ]*)*$"
)
_MILES_AFTER = re.compile(
    r"[ :=#\[({~-]*(?:(?:loaded|miles?|mi|mileage|is|was|of|total|recorded|at|pt|patient"
    r"|approx|entered)\b[ :=\[({]*)*(\d{1,4}(?:\.\d{1,2})?)(?![\d:]|\.\d| ?(?:mg|mcg|min\b"
    r"|ml|lpm|l\b|hr|am\b|pm\b|%))"
)
_ODOMETER = re.compile(
    r"\b(?:odo\w*|mileage|miles|mi|start|begin\w*|loaded|out|in)[ :.=\[({]*(?:(?:start\w*"
    r"|begin\w*|out|scene|at|loaded|reading|was|of|in|from|pickup"
    r"|origin)[ :.=]*){0,3}(\d{3,6}(?:\.\d)?)[\])}]?[ ,;]*(?:-|>|to\b|out\b|/|end\w*|in\b"
    r"|dest\w*|at dest\w*|arriv\w*|and|hospital|unloaded|finish\w*|stop\w*|(?=\d))"
    r"[ :=.\[({]*(?:(?:end\w*|dest\w*|at|in|hospital|unloaded|arriv\w*|was|of|reading"
    r"|to)[ :.=]*){0,3}(\d{3,6}(?:\.\d)?)"
)
_NOT_LOADED = re.compile(
    r"^(?:s\b)? ?(?:away|out\b|from (?:the )?(?:barn|station|base|post|home|us|scene to)"
    r"|closer|marker|radius|ride\b|further|farther|per hour|an hour|west of|east of"
    r"|north of|south of|later)"
)
_FARTHER = re.compile(
    r"(?:closest|closer|nearest|nearer|bypass\w*|unloaded|response|within|next hosp\w*"
    r"|other hosp\w*)[^.;]{0,30}$"
)
_COMPLAINT = re.compile(
    r"(?:(?:\b(?:dispatched|disp|dispatch|toned out|toned|paged|paged out|responded|called"
    r"|responding|requested|d/t|sent|call)\b"
    r"[^.;:]{0,60}?(?:\bfor\b(?! dispatch)|\breport of|\breported\b|\bregarding|\bc/o)"
    r"|\b(?:nature of call|call type|nature|dispatch complaint|type of call"
    r"|reason for call|dispatched as|dispatch reason|call nature"
    r"|complaint reported by dispatch)\b ?[:=-]|\bd/t\b|\bdisp(?:atch)? ?:|\bdispatched ?:"
    r"|\bdispatch\b ?[:=-]|^d ?: ?|\bpage ?:|\bdisp(?= [a-z]))"
    r" ?(?:code 3,? |emergent,? |priority (?:1|one),? |a |an |the |report of "
    r"|possible )*)[\[(]?([a-z(][^.;,\]\n|]{2,70})"
)
_DISPATCHED = Pattern(r"\b(?:dispatched|toned(?: out)?|paged)\b")
_COMPLAINT_END = re.compile(
    r"\b(?:upon|arriv\w*|on arrival|found|o/a|u/a|pt\b|patient|crew|engine|medic \d"
    r"|prior to|fd|pd on|at (?:a |an |the )?[a-z]+ |to find|who\b|states|c/o|at \d|,)"
)
_SCHEDULED = (
    "scheduled", "sched", "sch for", "prescheduled", "pre scheduled", "pre arranged", "prearranged",
    "pre booked", "appointment", "appt", "return trip", "wait", "round trip", "standing ",
    "tue/", "tues/", "mon/",
    "booked", "regular", "mwf", "m/w/f", "tts", "t/th/s", "tue/thu/sat", "t/th/sat", "requested 0",
    "requested 1", "requested 2", "set up", "set this", "set it", "set the", "recurring",
    "repetitive", "dialysis run",
)  # fmt: skip
# care that a booked trip has too
_ROUTINE_CARE = frozenset({"oxygen", "suction", "blood_glucose", "cardiac_monitoring", "wound_care",
    "tracheostomy_care", "mechanical_ventilation", "physical_restraint"})  # fmt: skip
_DISPATCH_WORDS = ("disp", "call", "respond", "toned", "tone", "page", "requested", "sent", "d/t")
_SPEED = ("priority", "code", "routine", "no lights", "cold", "alpha", "without lights")
_LIGHTS = ("l&s", "lights", "hot", "rsi")
_FINAL_REFUSAL = ("against medical", "ama", "signed", "refusal", "rma", "treat", "left", "body")
_WISH = ("wants", "does not want", "do not want", "did not want")
_SIGN_NO = re.compile(
    r"(?:\bno(?:body|t| one)?\b|\bunable\b|\bcould(?:n't| not)\b|\bcannot\b|\bcan't\b"
    r"|\brefuse[sd]?\b|\brefusing\b|\bwould not\b|\bwouldn't\b|\btoo (?:sick|ill|upset"
    r"|weak|altered|critical|drunk|sedated)\b|\bnever\b|\bun\b|\bwithout\b|\bdeclin\w+\b"
    r"|\bdid not\b|\bmissing\b)(?:(?!\bsig|\bwife|\bhusband|\bson\b|\bdaughter|\bstaff"
    r"|\brn\b|\bnurse|\bmother|\bmom\b|\bfather|\bofficer|\bfamily|\brep\b|\bforeman"
    r"|\bspouse)[a-z0-9/ ']){0,28}$"
)
_SIGN_NO_AFTER = re.compile(
    r"^ ?\? ?no\b|^ ?[:=]? ?(?:\[ *\]|_)|^[ :\[(=-]*(?:not\b|unable|none\b|refused|missing|n/a|no\b"
    r"|could not|unobtainable|deferred|impossible|unavailable|n\b|unattainable|cannot"
    r"|could not)"
)
_SIGN_OTHER = re.compile(
    r"(?:\bpcs|\bcertification(?: statement)?|\bcertificate|\bcert|\bcmn|\border\w*|\bdnr"
    r"|\bmolst|\bpolst|\bhold|\bpapers?|\bchart|\bnecessity|\bform lists|\btransfer form"
    r"|\bemtala)(?: form| paperwork| was| is| were| and| statement| hold| on file"
    r"| from \w+| faxed|[ :\[\]x=-]| not| y)*$"
)
_SIGN_OTHER_AFTER = re.compile(
    r"^(?: off on| off| by| by the)?(?: (?:her|his|the|a|transfer|own))* ?(?:pcs"
    r"|physician cert\w*|cert\w*|order|dnr|transfer (?:order|papers)|by (?:dr|md|doctor"
    r"|physician|np|pa|lip|sending|the physician|hospice md))\b|^ by (?:dr|md|doctor"
    r"|physician|np|pa|lip|sending md|sending|the (?:physician|pediatrician|doctor)|clerk"
    r"|hospice md|case manager)\b"
)
# "too ill to sign, and the receiving nurse did so"
_SIGNED_FOR = re.compile(
    r"[^.;]{0,32}\b(?:nurse|rn|wife|husband|son|daughter|staff|family|mother|father|mom|dad|sister"
    r"|brother|spouse) (?:did(?! not|n't)|has done|signed)\b"
)
_SIGN_LABEL = re.compile(r"s? ?[:=]? ?[\[{(:=]")
_SIGN_BY_PERSON = re.compile(
    r" by (?:the |his |her )?(?:pt|patient|wife|husband|son|daughter|family|mother|father|mom|dad"
    r"|sister|brother|spouse|poa|guardian)\b"
)
_WHO_SIGNS = re.compile(
    r"\b(?:pt|patient|he|she|wife|husband|son|daughter|mother|father|mom|dad|sister|brother"
    r"|nurse|rn|staff|family|friend|officer|rep|spouse|neighbor|guardian|poa|facility"
    r"|home)(?: of [a-z ]{2,20}| from [a-z ]{2,20})? $|[.;,] $|^$"
)
_TO_SIGN = re.compile(r"\b(?:to|will|must|can|could|would|should|please|need to) $")
_SIGN_BOX = re.compile(r" ?[:=\[-]+ ?(?!\]|_)| [yx]\b")
_PCS_NO = re.compile(
    r"(?:\bno|\bwithout(?: a)?|\bw/o|\bmissing|\black\w*|\bnot? have(?: a)?|\bnever (?:got"
    r"|received)|\bunable to obtain(?: a)?|\bno current|\bno valid|\bawaiting"
    r"|\bneeds?)(?: (?:the|signed|written|completed|valid|current|physician|form))* $"
)
_PCS_NO_AFTER = re.compile(
    r"^(?: form| statement| certification)?[ :=\[\]()-]*(?:no\b|n\b(?!/a\b)|n/a|not\b"
    r"|none\b|unsigned|missing|pending|unavailable|expired|was not|is not|wasn't|isn't"
    r"|never|to follow|will be|to be|requested|due|outdated|absent|\] none|blank|lacking"
    r"|ready$|was never|had not|not yet|has not)"
)


def read_call(
    report: Report,
    document: Document,
    interventions: Sequence[Intervention] = (),
    medications: Sequence[Medication] = (),
    setting: Setting | None = None,
) -> Transport:
    """The call that a report tells; a field of the record outranks the narrative's words."""
    told = Told(document)
    setting = setting if setting is not None else setting_of(report, document)
    mode = _mode(told, report, setting)
    route = read_route(document, air=mode != "ground")
    _response(told, route, interventions, medications, setting)
    emergency = told.values.get("response") == "emergency"
    route.settle(emergency=emergency, air=mode != "ground")
    _transported(told, route)
    _carried_by_another(told, setting)
    _ends(told, route)
    _miles(told)
    read_crew(told, air=mode != "ground")
    _papers(told)
    _patients(told, interventions)
    _complaint(told)
    _only_partner(told, interventions, medications)
    _sending_hospital(told, setting)
    return _with_record(told, report)


_SENDING = re.compile(
    r"\b(?:sending|osh|outside hospital|referring|outlying (?:facility|hospital|er|ed))\b"
)
_NAMED_GOAL = re.compile(
    r"(?<=[.;,] )(?:Straight to |To )?(?:the )?(?P<name>(?:St\.? "
    r"|Saint )?[A-Z][a-z]{2,}(?: [A-Z][a-z]+)?), (?:about )?(?:\d{1,3}(?:\.\d)? ?(?:miles|mi\b|\.)"
    r"|[a-z-]+ (?:miles|mi\b)|(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty|\w+teen|ten|eleven"
    r"|twelve)(?:[- ]\w+)?\.)"
)


def _sending_hospital(told: Told, setting: Setting) -> None:
    """A transfer that names its sending side left a hospital; "County, 22 miles" is a hospital."""
    document = told.document
    if "origin" not in told.values and setting.transfer:
        sending = _SENDING.search(document.folded)
        if sending is not None:
            told.put_span("origin", "H", sending.start(), sending.end())
    if "destination" not in told.values and told.values.get("transported") is not False:
        named = _NAMED_GOAL.search(document.text.narrative)
        if named is not None:
            span = Span(named.start("name"), named.end("name"), named["name"])
            told.values["destination"] = "H"
            told.evidence["destination"] = (span,)
            told.values.setdefault("transported", True)
            told.evidence.setdefault("transported", (span,))


_ALS_CARE = frozenset(
    {"iv_access", "io_access", "endotracheal_intubation", "supraglottic_airway",
     "manual_defibrillation", "cardioversion", "transcutaneous_pacing", "chest_decompression",
     "surgical_airway", "gastric_tube"}
)  # fmt: skip
_ALS_ROUTES = frozenset({"iv_push", "iv_infusion", "io"})


# nobody aboard above an EMT
_ALL_BASIC = Pattern(
    r"\b(?:(?:two|2|both|all|just|only)(?: of us| crew)?(?: are| were)? (?:bls )?"
    r"emt(?:s|'s| b'?s?)\b"
    r"|emt(?: b)? ?(?:/|&|and|\+) ?emt\b(?! ?[pai]\b)(?: b\b)?"
    r"|(?:we are|we're|we were|this is|we run) (?:a |an )?(?:all )?(?:bls|emt|basic)(?: only)?"
    r" (?:truck|unit|crew|rig|ambulance|service|squad)|(?:i am|i'm|partner and i"
    r"|my partner and i|both of us)"
    r"(?: are| were| am)? (?:both )?emts?\b(?! ?p\b)|(?:we are|we're) (?:the )?emt crew"
    r"|emt ?b? crew|basic crew|(?<!a )emt (?!p\b|paramedic|adv|int|cc\b)(?:[a-z]\. ?)?[a-z]{2,}"
    r"(?:,| and| &| /|/) ?"
    r"emt (?!p\b|paramedic|adv|int|cc\b)(?:[a-z]\. ?)?[a-z]{2,})"
)


# a unit that carries a paramedic by its name
_MEDIC_UNIT = re.compile(r"\W{0,3}(?:als )?(?:medic|paramedic|als)(?: unit)? ?#?\d{1,3}\b")


def _only_partner(
    told: Told, interventions: Sequence[Intervention], medications: Sequence[Medication]
) -> None:
    """A basic certificate told beside advanced care is a partner's; the crew's own is not told."""
    basic = told.document.search(_ALL_BASIC)
    if basic is not None:
        if told.values.get("crew_level") in (None, "emt"):
            told.put_span("crew_level", "emt", *basic.span())
        return
    named = _MEDIC_UNIT.match(told.document.folded)
    if named is not None and "crew_level" not in told.values:
        told.put_span("crew_level", "paramedic", *named.span())
    if told.values.get("crew_level") != "emt":
        return
    advanced = any(
        item.id in _ALS_CARE and item.status == "performed" and item.performer == "crew"
        for item in interventions
    ) or any(
        item.route in _ALS_ROUTES and item.status == "given" and item.performer == "crew"
        for item in medications
    )
    if advanced or named is not None:
        del told.values["crew_level"]
        told.evidence.pop("crew_level", None)


def _mode(told: Told, report: Report, setting: Setting) -> TransportMode:
    """The mode that the setting tells, with its words."""
    if report.transport is None and setting.air:
        told.values["mode"] = setting.mode
        told.evidence["mode"] = tuple(
            told.document.span(start, end) for start, end in setting.flight_words
        )
    return setting.mode


def _response(
    told: Told,
    route: Route,
    interventions: Sequence[Intervention],
    medications: Sequence[Medication],
    setting: Setting,
) -> None:
    """An immediate response to 911 or its equivalent, against a trip booked or not urgent.

    How the patient was taken to the hospital is no part of the test (42 CFR 414.605).
    """
    document = told.document
    folded = document.folded
    loaded = route.loaded_at
    urgent = [
        hit
        for hit in told.hits("emergency")
        if not _TO_HOSPITAL.search(folded, max(0, hit.start - 60), hit.start)
    ]
    early = [hit for hit in urgent if hit.start < loaded] or urgent
    not_urgent = [
        hit
        for hit in told.hits("non_emergency")
        if not _TO_HOSPITAL.search(folded, max(0, hit.start - 60), hit.start)
        and not _taken(folded, hit)
    ]
    booked = [
        hit
        for hit in told.hits("booked")
        if not (folded.startswith("routine", hit.start) and _taken(folded, hit))
    ]
    transfer = told.hits("interfacility")
    calls = [
        hit for hit in told.hits("urgent_request") if not _CALLED_FOR_TRIP.match(folded, hit.end)
    ]
    scheduled = [hit for hit in booked if folded.startswith(_SCHEDULED, hit.start)]
    if scheduled:
        told.put("scheduled", True, *scheduled)
    explicit = [hit for hit in early if not folded.startswith(_LIGHTS, hit.start)]
    from_home = (route.scene or route.home) and route.facility_start is None and not scheduled
    if any("911" in folded[hit.start : hit.end] for hit in explicit) or (
        from_home and route.to_hospital and not booked and not told.hits("pcs")
    ):
        # how fast the unit drove is no part of the test
        not_urgent = [hit for hit in not_urgent if not folded.startswith(_SPEED, hit.start)]
    first = explicit[0].start if explicit else len(folded)
    if explicit and all(hits[0].start > first for hits in (not_urgent, scheduled) if hits):
        told.put("response", "emergency", *explicit)
        return
    if not_urgent:
        told.put("response", "non_emergency", *not_urgent)
        return
    first = booked[0].start if booked else len(folded)
    at_once = bool(calls) and route.facility_start is None and first >= len(folded) // 2
    if booked and not at_once and (route.scene is None or first < route.scene.start):
        told.put("response", "non_emergency", *booked)
        return
    if (route.facilities and (transfer or not route.scene)) or (
        transfer and not route.scene and not calls
    ):
        # a transfer with no word of urgency or booking leaves the response open, unless a
        # certification was written for it or it goes home
        planned = told.hits("pcs") or told.document.search(_RETURN)
        if planned or not setting.transfer or route.booked_place:
            told.put("response", "non_emergency", *(transfer or route.facilities))
        return
    if route.booked_place and not calls:
        told.put("response", "non_emergency", route.booked_place)
        return
    if booked:
        told.put("response", "non_emergency", *booked)
        return
    planned_words = told.document.search(_PLANNED)
    if not calls and not early and (planned_words or told.hits("pcs")):
        # nothing tells of urgency, and a word tells of a trip that was planned
        if planned_words:
            told.put_span("response", "non_emergency", *planned_words.span())
        else:
            told.put("response", "non_emergency", *told.hits("pcs"))
        return
    lived_in = [hit.start for hit in (route.scene, route.home) if hit is not None]
    came = route.from_hospital
    before = any(came is not None and at < came.start for at in lived_in)
    if came is not None and not (calls or early or route.to_hospital or before):
        # nothing tells of urgency, and a hospital sent the patient on
        told.put("response", "non_emergency", came)
        return
    if calls or early or route.scene or route.home or route.hospital_hint:
        clues = (route.scene, route.home, route.hospital_hint)
        hits = calls or early or [hit for hit in clues if hit]
        told.put("response", "emergency", *hits)
        return
    if route.to_hospital and not route.from_hospital:
        told.put("response", "emergency", route.to_hospital)
        return
    treated = [
        item.evidence
        for item in interventions
        if item.performer == "crew" and item.status == "performed" and item.id not in _ROUTINE_CARE
    ] + [
        item.evidence for item in medications if item.performer == "crew" and item.status == "given"
    ]
    if treated and not transfer and not booked and not route.from_hospital:
        told.values["response"] = "emergency"
        told.evidence["response"] = treated[0]


# a crew is dispatched to a booked trip as well: "dispatched for a psych transfer"
_CALLED_FOR_TRIP = re.compile(
    r" (?:an? |the )?(?:\w+ ){0,2}?(?:transfer|ift|xfer|discharge|dialysis|appointment|return)\b"
)
_RETURN = Pattern(
    r"\b(?:return\w*|discharg\w*|d/c(?: home| to)|going home|to (?:home|residence|snf|rehab"
    r"|nursing home|ltac\w*|dialysis|his home|her home)|dialysis|appointment|appt|clinic"
    r"|wound care|hospice|mri|scan|radiation|back to)\b"
)


_PLANNED = Pattern(
    r"\b(?:discharge(?:d)? (?:of|from|to|home)|outpatient|return(?:ing|ed)? (?:of|from|same|trip)"
    r"|hospice|inpatient unit|bed ?confined|certificate of necessity)\b"
)


def _taken(folded: str, hit: Hit) -> bool:
    """Whether "non-emergent" tells of the way to the hospital: "non emergent to General"."""
    after = folded[hit.end : hit.end + 12]
    before = folded[max(0, hit.start - 40) : hit.start]
    late = hit.start > 0.6 * len(folded)
    return (
        (late and after.startswith((" to ", ", ")))
        or (late and folded.startswith(("priority", "code"), hit.start))
        or "transport" in before
        or "txp" in before
    )


_ANOTHER_CARRIED = re.compile(
    r"\b(?:amr|aams|private ambulance|the ambulance|ambulance|transport(?:ing)? (?:unit|crew"
    r"|ambulance|agency)|county (?:ems|ambulance|medics?)|medic ?\d+|ambulance ?\d+"
    r"|rescue ?\d+|m\d+|a\d+|als ambulance|bls ambulance|[a-z]+ (?:ambulance|ems)"
    r"|life ?flight|air ?\w+|flight|helicopter|hems)\b(?: crew| unit| \d+)?(?: then| later"
    r"| also)? (?:transported|transporting|took (?:the )?(?:pt|patient|over (?:pt )?care"
    r"|over)|assumed (?:pt |patient )?care|flew|left with)"
    r"|\btransport(?:ed)? (?:was |were )?(?:by|via|with|in|per) (?:the )?(?:amr|private"
    r"|ambulance|county|medic ?\d+|rescue ?\d+|m\d+|another|[a-z]+ ambulance|flight"
    r"|helicopter|air)"
    r"|\b(?:care|pt|patient)(?: care)? (?:was |were )?(?:transferred|turned over|released"
    r"|handed(?: off| over)?|left with|relinquished"
    r"|given)(?: over)?(?: care)? to (?:the )?(?:amr|private|ambulance|county|medic ?\d+"
    r"|rescue ?\d+|m\d+|a\d+|[a-z]+ (?:ambulance|ems)|als|bls|transport|flight|helicopter"
    r"|air|life ?flight|ems)"
)
_CLEARED = re.compile(
    r"\b(?:cleared|clear (?:of|the) scene|back in service|return(?:ed|ing) (?:to (?:service"
    r"|quarters|station)|available|in service)|in service|went available|became available)\b"
)
_RODE_IN = re.compile(
    r"\b(?:rode|riding|ride) (?:in|with|along|aboard|to)|\baccompan\w+|\b(?:medic|paramedic"
    r"|ff/?p?m?|firefighter|ffpm|crew member)[^.;]{0,25}\b(?:attended|aboard|on ?board"
    r"|continued care|went with)|\bcontinued (?:als )?care (?:en ?route|to)"
    r"|\bin the back of (?:the )?(?:ambulance|amr|medic)"
)


_OTHER_UNIT_TOOK = Pattern(
    r"\b(?:(?:medic|unit|ambulance|squad|rescue|truck|als|engine) ?\d+"
    r"|(?:another|second|the other|county) (?:unit|ambulance|crew|truck|medic))(?: crew)?"
    r" (?:then )?(?:took over|took|assumed|accepted|got)\b[^.;]{0,60}\b(?:and|then) transported\b"
)


def _carried_by_another(told: Told, setting: Setting) -> None:
    """A fire company whose patient another agency carried, none of its own aboard, transported
    nobody."""
    if setting.air:
        return
    folded = told.document.folded
    if setting.engine:
        carried = _ANOTHER_CARRIED.search(folded)
        if carried and not _RODE_IN.search(folded) and _CLEARED.search(folded, carried.end()):
            told.put_span("transported", False, carried.start(), carried.end())
        return
    other = told.document.search(_OTHER_UNIT_TOOK)
    if other is not None and not _RODE_IN.search(folded):
        told.put_span("transported", False, *other.span())
        return
    # a flight crew took over and this unit neither counts miles nor reaches a hospital
    handed = told.hits("handed_to_air")
    if handed and not told.hits("miles") and "destination" not in told.values:
        told.put("transported", False, *handed)


_DEAD = re.compile(
    r"declared|pronounced|coroner|medical examiner|rigor|lividity|obvious|doa|time of death|tod"
)
_CERTAINLY_DEAD = re.compile(
    r"(?<!no )(?<!without )\b(?:coroner|medical examiner|rigor\b|lividity|time of death)"
)
_LEFT_THERE = Pattern(
    r"\b(?:refus(?:ed|es|al|e) (?:it all|everything|all|transport\w*|to go|hospital"
    r"|ambulance|the ambulance|the hospital|ride|a ride|further|to be (?:seen|transported"
    r"|taken)|care|tx|and signed|form|signed|paper)|sign\w* (?:a |the )?(?:refus\w+|release"
    r"|ama)|ama\b|wanted no (?:ambulance|hospital|ride|transport)|(?:did not|didn't|does not"
    r"|doesnt|no) want\w* (?:to go|transport\w*|ambulance|an ambulance|hospital|a ride"
    r"|the hospital|us)|said no(?= to (?:the )?(?:hospital|transport|ambulance|ride|us)"
    r"| ?[.;]|$)|wanted a ride home|not to (?:town|the hospital)|no transport"
    r"|not transported|(?<!medic )(?<!crew )(?<!engine )(?<!who )stayed (?:home|there"
    r"|on scene)|(?:pt|patient|he|she|they"
    r"|who) stayed with|left (?:with"
    r"|in care of) (?:family|wife|husband|pd|parents|mother|son|daughter|friend)"
    r"|released (?:on|at|to)|(?:mother|father|wife|husband|son|daughter|family|she|he"
    r"|friend) (?:will |would )?(?:drive|drove|take|took|driving|taking) (?:him|her) (?:to"
    r"|in|home)|(?:picking|picked) (?:him|her) up|explained the (?:risk|risks|trouble"
    r"|danger)|declared (?:by|at|dead)|pronounced|coroner|medical examiner|rigor\w*|lividity"
    r"|obvious death|doa\b|time of death|tod\b)"
)


# another unit that was called off: "ALS assigned then cancelled", "medics where cancelled"
_OTHERS_CANCELLED = re.compile(
    r"\b(?:als|medics?|paramedics?|intercept|helicopter|helo|chopper|flight|air ?\w*|engine|fire"
    r"|second|another|other|supervisor)\b[^.;]*$"
)


def _is_ours(folded: str, hit: Hit) -> bool:
    """Whether a call-off is this unit's: not that of "ALS", told before it."""
    return not folded.startswith("cancel", hit.start) or not _OTHERS_CANCELLED.search(
        folded, max(0, hit.start - 60), hit.start
    )


def _transported(told: Told, route: Route) -> None:
    folded = told.document.folded
    against = [hit for hit in told.hits("not_transported") if _is_ours(folded, hit)]
    cancelled = [hit for hit in told.hits("cancelled") if _is_ours(folded, hit)]
    death = told.hits("death")
    yes = told.hits("transported")
    died = _died_after(told)
    if died:
        told.put("transported", True, *died)
        return
    if against and death:
        told.put("transported", False, *against)
        return
    strong = [
        hit
        for hit in yes
        if folded.startswith(
            ("transport", "txp", "en route", "enroute", "arrived at", "transporting", "arrive"),
            hit.start,
        )
    ]
    if cancelled and not (strong and strong[-1].start > cancelled[-1].start):
        told.put("transported", False, *cancelled)
        return
    if against:
        last = against[-1]
        # a wish is not yet a refusal: "wants to stay home, talked out of it ... 2.1 mi"
        wish = folded.startswith(_WISH, last.start)
        on_the_way = [*strong, *(told.hits("miles") if wish else ())]
        later = [hit for hit in on_the_way if hit.start > last.end]
        if not later or folded.startswith(_FINAL_REFUSAL, last.start):
            told.put("transported", False, *against)
            dead = _CERTAINLY_DEAD.search(folded)
            if dead is not None:
                told.put_span("death", "before_loading", *dead.span())
            return
    if death and not (strong and strong[-1].start > death[0].start):
        told.put("transported", False, *death)
        return
    refused = told.document.search(_LEFT_THERE)
    if refused and not strong and not told.hits("miles"):
        told.put_span("transported", False, refused.start(), refused.end())
        if _DEAD.match(refused.group()):
            told.put_span("death", "before_loading", refused.start(), refused.end())
        return
    if yes:
        told.put("transported", True, *(strong or yes))
    elif route.destination_hit is not None:
        told.put("transported", True, route.destination_hit)
    elif told.hits("miles"):
        told.put("transported", True, *told.hits("miles"))


def _ends(told: Told, route: Route) -> None:
    """Origin, destination, interfacility, and a death with its time to the loading."""
    death = told.hits("death")
    moved = told.values.get("transported")
    value: Death | None = None
    after = _died_after(told)
    of_this_call = [hit for hit in death if not _past(told, hit)]
    if told.hits("death_before"):
        value, hits = "before_dispatch", told.hits("death_before")
    elif after:
        value, hits = "after_loading", after
    elif moved is False and of_this_call:
        value, hits = "before_loading", of_this_call
    if value is not None:
        told.put("death", value, *hits)
    if route.origin is not None:
        told.values["origin"] = route.origin
        if route.origin_hit is not None:
            told.put("origin", route.origin, route.origin_hit)
    if moved is False:
        return
    if route.destination is not None:
        told.values["destination"] = route.destination
        if route.destination_hit is not None:
            told.put("destination", route.destination, route.destination_hit)
        elif route.destination_span is not None:
            told.evidence["destination"] = (route.destination_span,)
    ends = (route.origin, route.destination)
    if None not in ends:
        between = ends in (("H", "H"), ("N", "N")) or (
            ends in (("H", "N"), ("N", "H")) and told.values.get("response") != "emergency"
        )
        hits = [hit for hit in (route.origin_hit, route.destination_hit) if hit is not None]
        told.put("interfacility", between, *hits)
    elif (
        told.hits("interfacility")
        and ends[0] in (None, "H", "N")
        and ends[1] in (None, "H", "N")
        and route.scene is None
    ):
        told.put("interfacility", True, *told.hits("interfacility"))


_AT_HOSPITAL = re.compile(
    r"[^.;,]{0,12} (?:in|at) (?:the )?(?:er|ed|hospital|emergency)\b(?! (?:md|doc))"
)


def _died_after(told: Told) -> list[Hit]:
    """The words of a death after loading: told as such, or told of the hospital."""
    folded = told.document.folded
    return [
        *told.hits("death_after"),
        *(hit for hit in told.hits("death") if _AT_HOSPITAL.match(folded, hit.end)),
    ]


def _past(told: Told, hit: Hit) -> bool:
    part = told.document.sentence_at(hit.start).part
    return part in ("past_history", "family_history")


def _miles(told: Told) -> None:
    """Loaded miles: told as such, else the last distance; else the odometer's two readings."""
    hits = told.hits("miles")
    if not hits:
        _distance_in_words(told)
        return
    document = told.document
    folded = document.folded
    best: tuple[int, int, float, int, int] | None = None
    for hit in hits:
        word = folded[hit.start : hit.end]
        if word.startswith("odo") or (word == "mileage" and _ODOMETER.match(folded, hit.start)):
            continue
        low = max(document.sentence_at(hit.start).start - 2, hit.start - 26, 0)
        before = _MILES_BEFORE.search(folded, low, hit.start)
        after = _MILES_AFTER.match(folded, hit.end)
        if before is not None and word not in ("mileage", "odo"):
            if (
                word == "loaded"
                and not folded[hit.end : hit.end + 8].lstrip().startswith(("mi", ".", ",", "from"))
                and hit.end < len(folded) - 1
            ):
                continue
            if _NOT_LOADED.match(folded, hit.end) or _NOT_LOADED.match(folded[hit.end :].lstrip()):
                continue
            digits = before.group(1)
            if word == "loaded" and len(digits) == 4 and digits.isdigit():
                continue  # "0955 loaded" is a time
            rank = 2
            if "loaded" in folded[before.start() : hit.end + 8]:
                rank = 4
            elif _FARTHER.search(folded, max(0, before.start() - 45), before.start()):
                rank = 1
            found = (rank, hit.start, float(before.group(1)), before.start(1), hit.end)
        elif (
            after is not None
            and not (word == "mi" and "at" in after.group())
            and (word != "mi" or folded[hit.start - 1 : hit.start] in (" ", "[", ""))
        ):
            if word == "loaded" and "mi" not in after.group() and "." not in after.group(1):
                continue
            rank = (
                4
                if "loaded" in folded[hit.start : after.end()]
                else 3
                if word in ("mileage", "miles", "loaded miles")
                else 2
            )
            if word == "mile":
                continue
            found = (rank, hit.start, float(after.group(1)), hit.start, after.end())
        else:
            continue
        if found[2] > 2500 or (word == "mi" and after is not None and 1950 <= found[2] <= 2050):
            continue  # "MI 2014"
        if best is None or found[:2] >= best[:2]:
            best = found
    odometer = next(
        (read for hit in hits if (read := _ODOMETER.match(folded, hit.start)) is not None), None
    )
    if odometer is not None:
        distance = round(float(odometer.group(2)) - float(odometer.group(1)), 1)
        if (
            0 <= distance < 1000
            and float(odometer.group(1)) > 100
            and (best is None or best[0] < 4)
        ):
            told.put_span("loaded_miles", distance, odometer.start(), odometer.end())
            return
    if best is not None:
        told.put_span("loaded_miles", best[2], best[3], best[4])
    else:
        _distance_in_words(told)


_DISTANCE_WORDS = re.compile(
    r"\b(?P<tens>twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)?[ -]?(?P<ones>one"
    r"|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    r"|sixteen|seventeen|eighteen|nineteen)?(?P<half> and a half)?(?: point (?P<tenth>zero"
    r"|one|two|three|four|five|six|seven|eight|nine))? (?:loaded |statute "
    r"|air )?miles?\b(?! (?:away|out|from))"
)
_AIR_DISTANCE = re.compile(r"(?P<n>\d(?<![\d.]\d)\d{0,3}(?:\.\d)?) ?(?:sm|statute)\b")


def _distance_in_words(told: Told) -> None:
    """Miles spelled out ("six and a half miles") or in statute miles of a flight ("58 SM")."""
    folded = told.document.folded
    flown = _AIR_DISTANCE.search(folded)
    if flown is not None:
        told.put_span("loaded_miles", float(flown["n"]), flown.start(), flown.end())
        return
    for match in _DISTANCE_WORDS.finditer(folded) if "mile" in folded else ():
        if not (match["tens"] or match["ones"]):
            continue
        value = SMALL.get(match["tens"] or "", 0) + SMALL.get(match["ones"] or "", 0)
        tenth = 0.5 if match["half"] else SMALL.get(match["tenth"] or "", 0) / 10
        told.put_span("loaded_miles", value + tenth, match.start(), match.end())


def _papers(told: Told) -> None:
    """Physician certification and signature: had, lacking, or not mentioned (None)."""
    folded = told.document.folded
    had: list[Hit] = []
    lacking: list[Hit] = []
    for hit in told.hits("pcs"):
        no = _PCS_NO.search(folded, max(0, hit.start - 36), hit.start) or _PCS_NO_AFTER.match(
            folded[hit.end : hit.end + 36]
        )
        (lacking if no else had).append(hit)
    if lacking:
        told.put("pcs", False, *lacking)
    elif had:
        told.put("pcs", True, *had)
    signed: list[Hit] = []
    unsigned: list[Hit] = []
    for hit in told.hits("signature"):
        low = max(_line_start(told, hit.start), hit.start - 46)
        if folded.startswith("unsigned", hit.start - 2):
            continue
        after = folded[hit.end : min(hit.end + 44, _line_end(told, hit.end))]
        label = folded.startswith("signature", hit.start) and _SIGN_LABEL.match(after)
        by_person = label or _SIGN_BY_PERSON.match(after)
        if (
            not by_person and _SIGN_OTHER.search(folded, low, hit.start)
        ) or _SIGN_OTHER_AFTER.match(after):
            continue
        if _SIGN_NO.search(folded, low, hit.start) or _SIGN_NO_AFTER.match(after):
            (signed if _SIGNED_FOR.match(after) else unsigned).append(hit)
        elif folded.startswith(("sign", "signing"), hit.start) and hit.end - hit.start == 4:
            # "to sign", "will sign": not done; "Sign: pt", "Sign [x]" is a box
            person = _WHO_SIGNS.search(folded, max(0, hit.start - 40), hit.start)
            if _SIGN_BOX.match(after) or (person and not _TO_SIGN.search(folded, low, hit.start)):
                signed.append(hit)
        else:
            signed.append(hit)
    if signed:
        told.put("signature", True, *signed)
    elif unsigned:
        told.put("signature", False, *unsigned)


def _line_start(told: Told, at: int) -> int:
    """Where the line of a position begins."""
    breaks = told.document.text.breaks
    index = bisect_left(breaks, at)
    return breaks[index - 1] + 1 if index else 0


def _line_end(told: Told, at: int) -> int:
    """Where the line of a position ends."""
    breaks = told.document.text.breaks
    index = bisect_left(breaks, at)
    return breaks[index] if index < len(breaks) else len(told.document.folded)


def _patients(told: Told, interventions: Sequence[Intervention]) -> None:
    """The patients aboard; a mother and the child delivered by the crew are two."""
    hits = told.hits("patients")
    born = [
        item
        for item in interventions
        if item.id == "childbirth_delivery"
        and item.performer == "crew"
        and item.status == "performed"
    ]
    if born and not hits and told.values.get("transported"):
        told.values["patients"], told.evidence["patients"] = 2, born[0].evidence[:1]
    if hits:
        words = told.document.folded[hits[0].start : hits[0].end]
        told.put("patients", 3 if words.startswith(("three", "3")) else 2, hits[0])


def _complaint(told: Told) -> None:
    """The complaint that dispatch gave, as written, to the end of its phrase."""
    document = told.document
    folded = document.folded
    starts = [
        hit.start
        for hit in (*told.hits("urgent_request"), *told.hits("emergency"))
        if hit.start < 500 and folded.startswith(_DISPATCH_WORDS, hit.start)
    ]
    starts += [sentence.start for sentence in document.sentences[:4] if sentence.part == "dispatch"]
    starts += [word.start() for word in document.find(_DISPATCHED) if word.start() < 200]
    for at in sorted(starts):
        match = _COMPLAINT.match(folded, at)
        if match is not None:
            break
    else:
        return
    start, end = match.span(1)
    line = next((at for at in told.document.text.breaks if at > start), len(folded))
    end = min(end, line)
    stop = _COMPLAINT_END.search(folded, start + 2, end)
    if stop is not None:
        end = stop.start()
    text = folded[start:end].strip(" ,-([")
    if len(text) < 3:
        return
    span = told.document.span(start, start + len(folded[start:end].rstrip(" ,-([")))
    told.values["dispatch_complaint"] = span.text
    told.evidence["dispatch_complaint"] = (span,)


def _with_record(told: Told, report: Report) -> Transport:
    """The record's fields over the narrative's; where they differ, the words are kept."""
    values, evidence = told.values, told.evidence
    contradictions: dict[str, tuple[Evidence, ...]] = {}
    for name, field in _RECORD.items():
        stated = getattr(report, field)
        if stated is None:
            continue
        read = values.get(name)
        words = evidence.get(name, ())
        if words and read is not None and read != stated and name != "dispatch_complaint":
            contradictions[name] = words
        values[name] = stated
        evidence[name] = (RecordField(field),)
    return Transport(evidence=evidence, contradictions=contradictions, **values)
