"""Interventions: each procedure named, whether it was done, and who did it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from tripsheet.findings import Cue, Evidence, Intervention
from tripsheet.lexicon import Lexicon
from tripsheet.reading.amounts import PER, UNITS
from tripsheet.reading.context import Decision, decide, decisions, doer
from tripsheet.reading.corrections import CORRECTION
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting
from tripsheet.reading.shapes import read_shapes
from tripsheet.values import each_once
from tripsheet.vocabulary import InterventionId, InterventionStatus, Performer

# examinations: a negative result is a result, not an omission
_EXAMS = frozenset(
    {
        "stroke_scale",
        "blood_glucose",
        "ecg_12_lead",
        "capnography",
        "cardiac_monitoring",
        "als_assessment",
    }
)
_RESULTS = frozenset(
    {"negative", "neg", "is negative", "was negative", "unremarkable", "absent", "denies", "denied",
     "ruled out", "not noted", "not appreciated", "not present", "not found", "not seen"}
)  # fmt: skip
_NOT_DONE = frozenset(
    {"negated", "refused", "withheld", "not_indicated", "contraindicated", "considered", "ordered",
     "drawn_up", "planned", "conditional"}
)  # fmt: skip
_CAN_FAIL = frozenset(
    {"iv_access", "io_access", "endotracheal_intubation", "supraglottic_airway", "surgical_airway",
     "oropharyngeal_airway", "nasopharyngeal_airway", "cpap", "cardioversion",
     "transcutaneous_pacing", "tourniquet", "traction_splint", "gastric_tube",
     "chest_decompression", "central_line", "splinting", "physical_restraint",
     "spinal_motion_restriction", "suction", "ecg_12_lead", "blood_glucose",
     "bag_valve_mask", "oxygen"}
)  # fmt: skip
# what can be told to be off, or left at home
_CAN_BE_OFF = frozenset(
    {"oxygen", "cpap", "mechanical_ventilation", "cardiac_monitoring", "spinal_motion_restriction"}
)
_OFF = re.compile(
    r"(?: (?!then|until)\w+){0,3}? (?:was |is |kept |left |taken |turned |stayed "
    r"|remained )?(?:off\b(?! (?:of|our|the tank))|left at (?:the )?(?:house|home)"
    r"(?! (?:dose|rate|flow|setting|level|l))"
    r"|at night only|for night only)"
)
# a trip arranged ahead: a line or tube that is only named was there before
_BOOKED = Pattern(
    r"\b(?<!\[ \] )(?<!\[\] )(?:scheduled|routine (?:trans\w+|call|run|trip)|routine,"
    r"|discharge(?! instr\w*)"
    r"|non ?emerg\w*(?! to)|return trip|transfer patient|pre ?arranged|booked)\b"
)
_LINES = frozenset({"iv_access", "io_access", "central_line", "arterial_line_monitoring"})
_WEANED = guarded(r"\b(?:wean|titrat|remov|take off|lower|decreas)\w*")
_NUMBER = re.compile(
    r"\W{0,3}(?:level |of |was |is |at |reading |check |now |recheck )*\W{0,2}\d{2,3}\b"
)
_FINDING = re.compile(
    r" (?:changes?|elevation|depression|abnormal\w*|findings?|stemi|acute|deficits?)\b"
)
_READ = re.compile(
    r" (?:read|interpret\w*|seen|evaluated|able to (?:read|see))\b|,? ?(?:special|acute|much"
    r"|wrong)\b"
)
_SUCTIONED = guarded(r"\bsuct\w*|\bsx\b")
_TRACH = guarded(r"\btrach(?!ea)\w*")
_REASON = {"planned": "plan", "conditional": "condition", "negated": "withheld"}
_RHYTHM = guarded(
    r"\b(?:nsr|sb|v ?paced|a ?paced|av ?paced|sinus(?: (?:tach\w*|brady\w*|rhythm|arrhythmia"
    r"|arrythmia|rhythem))?|s ?tach|s ?brady|a ?fib|afib|atrial fib\w*|a ?flutter|svt|psvt"
    r"|v ?tach|vt|v ?fib|vf|asystol\w+|pea|paced|junctional|pvcs?|pacs?|ectopy|rvr"
    r"|heart block|av block|1st degree|2nd degree|3rd degree|mobitz|bigeminy|st (?:elevation"
    r"|depression|changes)|ste|stemi|lbbb|rbbb|normal sinus|regular rhythm|wide complex"
    r"|narrow complex|idioventricular|agonal|torsades|sr|st(?= (?:at|@|1\d\d|w/|with|on))"
    r"|nsst|t wave)\b"
)
_READ_RHYTHM = Pattern(
    r"\b(?:(?:st|sr|sb|nsr|af) (?:at |@ |rate )?\d{2,3}(?! ?(?:mg|mcg|ml|/|%|street|st\b))"
    r"|(?:runs?|beats?) (?:of )?(?:v?vt|pvcs?)|(?:third|3rd|second|2nd|1st"
    r"|first) deg(?:ree)?(?: (?:av|hb|heart|block|avb)\b| on the (?:paper|strip|monitor))"
    r"|complete heart block|mobitz|(?:slow |rapid )?(?:afib|a ?fib|af|a flutter"
    r"|aflutter) (?:at |@ |rate )?\d{2,3}(?! ?(?:mg|mcg|ml|/))|(?:hr|rate"
    r"|pulse) \d{2,3},? (?:st|sr|sb|nsr)\b(?! elev)|strip sinus|sinus (?:with|w/|at |@ "
    r"|\d{2,3})|ventricular fibrillation|vf|qrs (?:\d{2,3}|wide|narrow|normal)|(?:wide"
    r"|narrow) qrs|peaked t|nsr|sb|v ?paced|a ?paced|av ?paced|normal sinus(?: rhythm)?"
    r"|sinus (?:tach\w*|brady\w*|rhythm|arrhythmia)|s ?tach|asystol\w+|pea|v ?fib|v ?tach"
    r"|svt|a ?fib (?:with |w/ )?rvr|afib (?:with |w/ )?rvr|junctional|idioventricular"
    r"|torsades)\b"
)
_RESULT = re.compile(
    r"\b(?:stemi|st|ste|elevat\w+|depress\w+|shows?|showed|showing|reveal\w*|interpret\w*"
    r"|normal|nsr|sinus|no acute|unremarkable|negative|neg|ischemi\w+|lbbb|rbbb|ectopy"
    r"|changes|infarct|pos|positive|afib|a ?fib|sr|rvr|reads?|wnl|nonspecific|pvcs?|inverted"
    r"|transmitted and read|confirmed|svt|qrs|paced|v ?tach|rhythm)\b"
)
_OWN_TUBE = Pattern(
    r"\b(?:rsi|laryngoscop\w+|bougie|passed through|through (?:the )?(?:vocal )?cords"
    r"|grade (?:[1-4]|i{1,3})|(?:1st|first|2nd|second) pass|(?:1st|first|2nd|second) attempt"
    r"|intubated by (?:crew|us|flight|this|medic|ems)|we intubated|crew intubated|(?:flight"
    r"|transport) (?:nurse|paramedic|crew|team) intubated|(?:mac|miller) ?\d|glidescope"
    r"|c ?mac|king vision|induc(?:ed|tion)|paralyz\w+|pre ?ox\w+"
    r"|decision (?:made )?to (?:intubate|rsi))\b"
)
_PLACED_BEFORE = Pattern(
    r"\b(?:intubated (?:by|in|at|prior|pta|on arrival|yesterday|today|for|and sedated"
    r"|patient|pt)|(?:found|already|remains?|remained|arrived|presents?|is|was|currently"
    r"|orally) intubated|intubated\b.{0,40}\b(?:prior|pta|by (?:fd|fire|sending|ed|er|ems"
    r"|ground|referring|the ed|anesthesia|staff|first|local|facility))|(?:sending|ed|er"
    r"|referring|hospital|anesthesia|crna|ground (?:crew|ems|medics)|fire"
    r"|fd)\b.{0,25}\bintubated)\b"
)
_KEPT = guarded(
    r"\b(?:continu\w+|maintain\w*|kept|remain\w*|transported (?:on|with)|carried on"
    r"|monitor\w+|managed|secured|verified|confirmed|reassessed|switched|transitioned|moved"
    r"|placed|flushed|patent|checked|settings|unchanged|transferred to (?:our|crew"
    r"|transport)|on our|titrated|adjusted|running|infusing|flowing|left in place"
    r"|en ?route)\b"
)
_FLUSHED = guarded(
    r"\b(?:flushed|kept running|maintained by|maintained|kept patent|continued|hung|kvo|tko"
    r"|monitored|locked by|assessed)\b"
)
_HOME_RATE = guarded(
    r"\b(?:home (?:o2|oxygen|rate|dose|flow|unit|concentrator|conc|level)|baseline|usual"
    r"|chronic(?:ally)?|normally|normal (?:home )?(?:o2|oxygen|rate)|at home|wears|always on"
    r"|dependent|own o2|own oxygen|per (?:home|usual|norm|facility orders)|continuous o2"
    r"|home)\b"
)
_NO_HOME = guarded(r"\bhome (?:o2|oxygen)[ :]*(?:none|no\b)|\bno home (?:o2|oxygen)\b")
# worn before this call, not on it
_AT_HOME = guarded(
    r"\b(?:uses|wears|normally|usually|hx|history|chronic|copd(?:,| on)? home|home (?:o2"
    r"|oxygen) (?:at )?\d|on home (?:o2|oxygen)|her home|his home|snf o2)\b"
)
_CARRIED_ON = guarded(
    r"\b(?:continu\w+|maintain\w*|transport\w*|kept|switch\w*|our|portable|remain\w*|placed"
    r"|moved|transferred|on board|ran off|en ?route)\b"
)
_DEVICE = re.compile(
    r"\b(?:cannula|canula|nc|nrb|nrbm|mask|non ?rebreather|trach collar|blow by|venturi"
    r"|15 ?l\w*|lpm|l)\b"
)
_STARTED = guarded(
    r"\b(?:start\w*|initiat\w*|hung|hang|began|begun|transfus\w+ (?:by|initiated|started)"
    r"|spiked|gave|given|administered|first unit|2nd unit|second unit)\b"
)
_REMOVABLE = frozenset(
    {"arterial_line_monitoring", "central_line", "balloon_pump", "ecmo", "chest_tube_monitoring",
     "mechanical_ventilation", "ett_maintenance", "gastric_tube", "ventricular_assist_device"}
)  # fmt: skip
# "ECMO 11 d", "decannulated from ECMO": a course that is over
_COURSE = re.compile(r" ?(?:x|for|times)? ?\d+ ?(?:d|days?|wks?|weeks?)\b(?! ago)")
_WAS_ON = guarded(
    r"\b(?:decannulat\w+ from|extubated (?:from|off)|weaned (?:off|from)|hx of|h/o|history of|s/p)"
    r" (?:the |v ?v |v ?a )?$"
)
_REMOVED = re.compile(
    r"[^.;,]{0,22}\b(?:removed|pulled|discontinued|d/?c'?d|decannulat\w+|weaned off"
    r"|explanted|taken out|came out)\b"
)
_TAKES_BACK = frozenset({"scratch that", "strike that", "disregard that"})
# what makes a paced rhythm the crew's pacing, not the patient's own pacemaker
_PACED_BY_CREW = guarded(
    r"\b(?:trans ?cutaneous\w*|transvenous\w*|tcp|pacer|pacing (?:pads?|rate|threshold"
    r"|started|begun|initiated)|pads (?:on|applied|placed)|external\w*"
    r"|milli ?amp\w*|\d+ ?ma|captur\w* (?:at|with|achieved|obtained|confirmed))\b"
)
# what tells a blood product that runs from a laboratory value or a plan
_BLOOD_RUNS = guarded(
    r"\b(?:hung|hang(?:ing)?|spiked|start\w*|infus\w*|giv(?:en|ing)|gave|running|ran|run|units?"
    r"|bags?|[1-6] ?u|received|transfus\w*|continued|administered|completed?|rate|ml/hr)\b"
)
_SHOCK_TOLD = guarded(r"\b(?:shock(?:ed|s)?|cardiovert\w*|delivered|convert\w*|x ?[1-4])\b")
_OTHER_TUBES = frozenset({"chest_tube_monitoring", "gastric_tube", "tracheostomy_care"})
_AND = re.compile(r"\b(?:and|then|and then|also)(?: then| also)? $")
# a hospital's own, who takes over where this crew's care ends
_HOSPITAL = guarded(r"\b(?:er|ed|hospital|trauma|icu|receiving|resus|doc|doctor|physician)\b")
_TUBE_DEPTH = re.compile(r"\d ?(?:cm )?(?:mark )?$")
_REMOVED_BEFORE = re.compile(
    r"\b(?:pulled|removed|discontinued|d/?c'?d|took out|taken out|lost) (?:the |his |her )?$"
)
_TUBE_TOLD = guarded(
    r"\b(?:[3-9]\.[05]|\d{2} ?(?:cm|at)|(?:at|@) ?(?:the )?(?:\d{1,2} ?(?:cm)?|teeth|lip"
    r"|gum)|success\w*|attempt\w*|first pass|1st pass|pass(?:ed)?|cords|placed|secured"
    r"|inserted|confirm\w*|etco2|capno\w*|in place|x ?1|x ?2|view|cuff|tubed|color change"
    r"|etomidate|rocuronium|roc|sux|succs?|succinylcholine|ketamine)\b"
)
_WORN = guarded(
    r"\b(?:wound vac|dry|intact|in place|clean|from (?:the )?hosp\w*"
    r"|from (?:the )?(?:facility|clinic|er|ed))\b"
)
_DRESSED_NOW = guarded(
    r"\b(?:applied|placed|changed|reinforced|dressed by|bandaged|wrapped|put|replaced|covered)\b"
)
# devices whose watching is the crew's own act, whoever placed them
_MONITORED = frozenset(
    {"arterial_line_monitoring", "balloon_pump", "ecmo", "ventricular_assist_device", "isolette"}
)
# saline on a wound or in an eye
_WASHED = re.compile(
    r"\b(?:rinsed?|irrigat\w*|washed|cleaned|cleansed|flushed|moist\w*|soaked|wet|damp\w*)\b"
    r"[^.;,]{0,14}(?:with|w/|in|by)? ?(?:sterile )?$"
)
_COLD = guarded(
    r"\b(?:cold|chill\w*|shiver\w*|hypotherm\w*|freez\w*|wet|(?:9[0-6]|8\d)\.\d|burn(?:s"
    r"|ed)?|newborn|infant|baby|delivered|heat(?:er|ed)?|warm\w*|trauma|hemorrhag\w*)\b"
)
_OTHER_VENT = guarded(r"\b(?:og|ng|ogt|ngt|seal|g ?tube|peg|iv bag|chest)\b[^.;]*$")
# "placed last year": not on this call
_PLACED_EARLIER = re.compile(
    r"\b(?:placed|inserted|started|put in|established)(?: \w+){0,2} (?:last \w+|yesterday"
    r"|\w+ (?:days?"
    r"|weeks?|months?|years?) ago|(?:by|at|in) (?:the )?(?:facility|hospital|snf|ed|er|floor"
    r"|clinic))\b"
)
_FOUND_IN_PLACE = guarded(
    r"\b(?:capped|locked|lock|in place|existing|already|intact|indwelling|left (?:in|alone)|from)\b"
)
_GAUGE = re.compile(r"\b(?:14|16|18|20|22|24) ?(?:g|ga|gauge)?\b")
_GAUGED = guarded(r"\b(?:14|16|18|20|22|24)\b")
_BURNED = guarded(r"\bburn(?:s|ed|t)?\b|\bscald\w*")
_DRY = guarded(r"\b(?:dry|sterile|silvadene|sheet|loose|non ?adherent|burns?)\b")
# "busboy doing good CPR": somebody who is in no list of agents
_DOING = guarded(
    r"\b(?P<who>[a-z]{3,}) (?:was |were |is |had |had been |started )?(?:doing|did"
    r"|performing|giving|started) (?:good |effective |hands only |some )?$"
)
_OWN_WORDS = frozenset(
    """
    crew medic medics paramedic partner ems emt emts team and then was were while after when who
    still continued including are
    """.split()
)
_WEARS = guarded(r"\bwears\b|\bfrom an old\b|\bchronic\b")
_BY_PATIENT = re.compile(
    r"\b(?:pt|patient|he|she) (?:is |was |had been )?(?:himself |herself )?(?:pinching|holding"
    r"|squeezing|pressing|applying|clamping)\b"
)
# a line that is there and was left alone
_UNUSED = re.compile(r"(?:\w+ )?not (?:accessed|used|touched|flushed)\b")
# done all along a transfer, by whoever of the team rides with the patient
_TEAM_CARE = frozenset({"suction", "capnography", "tracheostomy_care", "cpap"})
_TEAM = re.compile(r"(?:by )?(?:rn|rt|rrt|nurse|respiratory therapist)")
_HEATED = re.compile(r"[^.;]{0,12}\b3[2-7](?:\.\d)? ?(?:c\b|deg)")
_CLEARED = re.compile(r"[^.;\[\]]{0,30}\b(?:cleared|clearance)\b")
_CAST = guarded(r"\bcast\b|\baircast|wedge|\bboot\b")
_ROUTE_OF_DOSE = guarded(
    rf"\d ?(?:{UNITS}(?:/kg)?{PER}|{UNITS}(?:/kg)?)"
    rf"(?: (?:slow|rapid|total|more|each|again|q\d))? ?$"
)
_STATE = guarded(r"\b\d{2,3} ?%? (?:sat )?(?:on |w/ |with |at )?(?:the |a |his |her |that )?$")
_OWN_DEED = guarded(
    r"\b(?:i|we) (?:put|place|placed|inserted|put in|passed|dropped)\b|\bby (?:f[np]|me|us"
    r"|crew|our|medic|flight|ccp|rrt)\b"
)
_LOCAL_COLD = re.compile(r"(?:ice|cold|cool) (?:pack|compress|to|applied)|icepack")


@dataclass(slots=True)
class _Telling:
    id: InterventionId
    start: int
    end: int
    status: InterventionStatus
    performer: Performer
    maintained: bool = False
    detail: str | None = None
    reason: str | None = None
    cues: list[Cue] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def read_interventions(
    document: Document, lexicon: Lexicon, setting: Setting
) -> tuple[Intervention, ...]:
    """Every intervention the narrative names, one item for each id, status and performer."""
    tellings: list[_Telling] = []
    for hit, status in _mentions(document):
        telling = _telling(document, lexicon, setting, hit, status)
        if telling is not None:
            if tellings and _goes_on(document, tellings[-1], telling):
                telling.performer, telling.cues = "other", list(tellings[-1].cues)
            tellings.append(telling)
            tellings.extend(_implied(document, telling))
    _read_rhythms(document, setting, tellings)
    tellings = _settle_tubes(document, setting, _abandoned_tubes(document, tellings))
    _settle_rescue(document, tellings)
    tellings = _settle_shocks(document, tellings)
    tellings = _settle_oxygen(document, tellings)
    tellings = _settle_states(document, tellings)
    return _merge(document, lexicon, tellings)


def _goes_on(document: Document, earlier: _Telling, telling: _Telling) -> bool:
    """Whether a deed goes on with the subject of the one before it: "the ER team cardioverted at
    100 J and then intubated him"."""
    return (
        earlier.performer == "other"
        and telling.performer == "crew"
        and not telling.cues
        and any(cue.kind == "other_performer" for cue in earlier.cues)
        and document.folded.endswith("ed", 0, telling.end)
        and _AND.search(document.folded, earlier.end, telling.start) is not None
        and document.sentence_at(earlier.start) is document.sentence_at(telling.start)
    )


def _mentions(document: Document) -> list[tuple[Hit, InterventionStatus | None]]:
    """Names and shapes of procedures; a shape that tells a status stands over a name inside it."""
    shapes = list(read_shapes(document))
    settled = [hit for hit, status in shapes if status is not None]
    mentions: list[tuple[Hit, InterventionStatus | None]] = [
        *((hit, None) for hit in document.hits("treatment")),
        *shapes,
    ]
    if not settled:
        return mentions
    return [
        (hit, status)
        for hit, status in mentions
        if status is not None
        or not any(
            other.entry.id == hit.entry.id and other.start < hit.end and hit.start < other.end
            for other in settled
        )
    ]


def _implied(document: Document, telling: _Telling) -> list[_Telling]:
    """What a telling tells besides: a line kept open by this crew, suction through a trach."""
    folded = document.folded
    if telling.status != "performed":
        return []
    if telling.id == "iv_access" and telling.performer == "other":
        sentence = document.sentence_at(telling.start)
        flushed = _FLUSHED.search(folded, telling.end, min(sentence.end, telling.end + 60))
        if flushed is not None:
            return [
                _Telling(
                    "iv_access", telling.start, flushed.end(), "performed", "crew", maintained=True
                )
            ]
    elif telling.id == "isolette" and _HEATED.match(folded, telling.end):
        return [replace(telling, id="patient_warming")]
    elif telling.id == "tracheostomy_care" and _SUCTIONED.search(
        folded, telling.start, telling.end
    ):
        return [replace(telling, id="suction")]
    elif telling.id == "suction" and telling.performer == "crew":
        trach = _TRACH.search(folded, max(0, telling.start - 120), telling.end + 40)
        if trach is not None:
            return [replace(telling, id="tracheostomy_care")]
    return []


def _telling(
    document: Document,
    lexicon: Lexicon,
    setting: Setting,
    hit: Hit,
    settled: InterventionStatus | None,
) -> _Telling | None:
    id: InterventionId = hit.entry.id  # type: ignore[assignment]
    sentence = document.sentence_at(hit.start)
    if sentence.part in ("allergies", "medications", "family_history", "past_history"):
        return None
    if hit.entry.info.weak and not _supported(document, hit):
        return None
    if id in ("iv_access", "oxygen") and _is_route(document, hit):
        return None
    if _taken_back(document, hit, sentence.end):
        return None
    status: InterventionStatus = "performed"
    reason: str | None = None
    cues: list[Cue] = []
    doubts: list[str] = []
    if settled is not None:
        status = settled
        reason = "withheld" if settled == "not_performed" else None
    else:
        decision = _decision(document, hit)
        kind = decision.kind if decision is not None else None
        if kind in ("family", "allergy") or (kind == "history_of_use" and id != "oxygen"):
            if kind == "family" or not _KEPT.search(document.folded[hit.end : hit.end + 50]):
                return None
        if kind in _NOT_DONE and decision is not None:
            status, reason = "not_performed", _REASON.get(kind or "", kind)
            cues.append(document.cue(decision.cue))
        elif kind == "attempted" and decision is not None:
            if _succeeded(document, hit, sentence.end):
                doubts.append("an attempt and a success are told of it")
            else:
                status = "attempted"
                cues.append(document.cue(decision.cue))
        elif id in _CAN_BE_OFF and _OFF.match(document.folded, hit.end, sentence.end):
            status, reason = "not_performed", "withheld"
    who = doer(document, hit.start, hit.end, setting=setting)
    performer = who.performer
    if id == "cpr" and performer == "crew" and who.cue is None:
        stranger = _DOING.search(document.folded, max(0, hit.start - 50), hit.start)
        if stranger is not None and stranger["who"] not in _OWN_WORDS:
            performer = "other"
    if id in ("capnography", "cardiac_monitoring") and who.cue and who.cue.text == "in place":
        performer = "crew"
    if id == "hemorrhage_control" and _BY_PATIENT.search(
        document.folded, max(0, hit.start - 22), hit.end
    ):
        performer = "other"
    if who.cue is not None:
        cues.append(who.cue)
    if status == "not_performed" and not (performer == "other" and who.subject):
        performer = "crew"
    telling = _Telling(
        id, hit.start, hit.end, status, performer,
        detail=hit.entry.info.detail, reason=reason, cues=cues, doubts=doubts,
    )  # fmt: skip
    return _by_kind(document, lexicon, setting, hit, telling)


def _taken_back(document: Document, hit: Hit, until: int) -> bool:
    """Whether the words behind a procedure take it back: "we cardioverted, scratch that"."""
    return any(
        match["retract"] in _TAKES_BACK
        and hit.end <= match.start() < min(until, hit.end + 30)
        and not document.treatments_between(hit.end, match.start())
        for match in document.find(CORRECTION)
    )


def _is_route(document: Document, hit: Hit) -> bool:
    """Whether the words are a dose's route, or a clock time, rather than a procedure."""
    folded = document.folded
    if hit.entry.id == "oxygen":
        return folded.startswith("02", hit.start) and folded[hit.start - 1 : hit.start] == ":"
    if folded.startswith("iv push", hit.start):
        return True
    if not folded.startswith(("iv ", "iv,", "iv/", "iv.", "iv;", "iv)"), hit.start):
        return False
    return _ROUTE_OF_DOSE.search(folded, max(0, hit.start - 24), hit.start) is not None or any(
        drug.entry.kind == "drug"
        and folded[drug.end : hit.start].strip(" 0123456789.").strip() == ""
        for drug in document.treatments_between(hit.start - 30, hit.start)
    )


def _decision(document: Document, hit: Hit) -> Decision | None:
    """The first cue that can bear on this procedure."""
    for decision in decisions(document, hit.start, hit.end, finding=False):
        if not _is_idle(document, hit, decision):
            return decision
    return None


def _is_idle(document: Document, hit: Hit, decision: Decision) -> bool:
    """Whether a cue near a procedure says nothing of it: blood "drawn" beside a line, a result."""
    folded = document.folded
    id, cue, kind = hit.entry.id, decision.cue, decision.kind
    words = folded[cue.start : cue.end].strip(" :()")
    before = cue.end <= hit.start
    between = folded[cue.end : hit.start] if before else folded[hit.end : cue.start]
    if kind == "home_list" or (kind == "ordered" and words == "per protocol"):
        return True
    if id in _LINES and not before and kind == "negated" and _UNUSED.match(folded, cue.start):
        return True
    if kind == "drawn_up" and words.startswith("draw") and id in _LINES:
        return True
    if id in ("spinal_motion_restriction", "hemorrhage_control") and words in (
        "holding", "held", "hold",
    ):  # fmt: skip
        return True
    if before and words in ("no", "none", "n") and folded[cue.end : cue.end + 1] in (",", ".", ")"):
        return True  # "dentures? no. OPA by EMT": an answer, not a negation of what follows
    if (
        not before
        and document.agents_between(hit.end, cue.start)
        and document.treatments_between(hit.end, cue.start)
    ):
        return True  # "CPR by crew, LUCAS declined"
    if (
        id == "iv_access"
        and not before
        and _GAUGED.search(folded, hit.start, hit.end + 12)
        and (len(between) > 14 or document.treatments_between(hit.end, cue.start))
    ):
        return True
    if kind == "attempted":
        if id not in _CAN_FAIL:
            return True
        if id == "oxygen" and (_WEANED.search(between) or len(between) > 20):
            return True
        if before and words in ("missed", "failed", "unsuccessful", "attempted"):
            # "IV missed tibial IO placed": the failure belongs to what stands before it
            earlier = document.treatments_between(max(0, cue.start - 26), cue.start)
            if earlier and earlier[-1].entry.id != id:
                return True
    if not before and between:
        # another cue and another procedure stand between: "IO not done, IV missed"
        for guide in document.guides_between(hit.end, cue.start):
            if guide.entry.kind == "cue" and guide.end <= cue.start and guide.start - hit.end <= 4:
                if document.treatments_between(guide.end, cue.start):
                    return True
    if id not in _EXAMS or kind != "negated":
        return False
    if id == "blood_glucose" and _NUMBER.match(folded, hit.end):
        return True
    follows = folded[cue.end : cue.end + 2].lstrip()[:1]
    if before:
        return (
            hit.start - cue.end > 2
            or words in ("neg", "negative", "(-)")
            or _FINDING.match(folded, hit.end) is not None
        )
    return (
        words in _RESULTS
        or (words.startswith(("not read", "not")) and _READ.match(folded, cue.end) is not None)
        or (words in ("no", "nothing") and follows.isalnum())  # "12-lead: no STEMI"
    )


def _by_kind(
    document: Document, lexicon: Lexicon, setting: Setting, hit: Hit, telling: _Telling
) -> _Telling | None:
    """What the contract's close calls ask of single procedures."""
    folded = document.folded
    sentence = document.sentence_at(hit.start)
    around = folded[max(sentence.start, hit.start - 60) : min(sentence.end, hit.end + 60)]
    right = folded[hit.end : min(sentence.end, hit.end + 60)]
    id = telling.id
    if id in _REMOVABLE and (
        _REMOVED.match(right)
        or _COURSE.match(right)
        or _WAS_ON.search(folded[: hit.start][-30:])
        or _REMOVED_BEFORE.search(folded, max(0, hit.start - 30), hit.start)
    ):
        return None
    if (
        id in _LINES
        and _UNUSED.search(right[:45])
        and not _GAUGED.search(folded, hit.start, hit.end + 4)
    ):
        telling.performer = "other"
        return telling
    if id in _MONITORED and telling.status == "performed":
        if setting.transfer or not any(cue.kind == "other_performer" for cue in telling.cues):
            telling.performer = "crew"
    elif id in lexicon.other_default and telling.status == "performed":
        placed = re.search(
            r"\b(?:placed|inserted|established|started)\b", _PLACED_EARLIER.sub("", around)
        )
        if id == "chest_tube_monitoring":
            telling.performer = "crew" if setting.transfer or _KEPT.search(around) else "other"
        elif id != "central_line" and _OWN_DEED.search(right[:44]) and "," not in right[:12]:
            telling.performer = "crew"
        elif not (
            placed
            and telling.performer == "crew"
            and (not setting.transfer or any(cue.kind == "crew_performer" for cue in telling.cues))
        ):
            telling.performer = "other"
    elif (
        id in ("iv_access", "gastric_tube")
        and telling.status == "performed"
        and (setting.transfer or document.search(_BOOKED))
    ):
        started = re.search(
            r"\b(?:start\w*|placed|establish\w*|est|obtained|initiated|inserted|attempt\w*"
            r"|2nd|second|additional"
            r"|passed|dropped)\b",
            _PLACED_EARLIER.sub("", around),
        ) or (_GAUGE.search(around) and not _FOUND_IN_PLACE.search(around))
        if not started and not any(cue.kind == "crew_performer" for cue in telling.cues):
            telling.performer = "other"
    elif id == "oxygen":
        if telling.status == "performed" and _HOME_RATE.search(around):
            telling.detail = telling.detail or "home_rate"
            if _NO_HOME.search(around):
                return None
            if _AT_HOME.search(around) and not _CARRIED_ON.search(around):
                telling.performer = "other"
        elif telling.status == "not_performed" and folded.endswith("home ", 0, hit.start):
            return None
    elif id in ("cardiac_monitoring", "ecg_12_lead"):
        pattern = _RHYTHM if id == "cardiac_monitoring" else _RESULT
        if pattern.search(
            folded[max(sentence.start, hit.start - 50) : min(sentence.end + 40, hit.end + 110)]
        ):
            telling.detail = "interpreted"
    elif id == "spinal_motion_restriction":
        if re.search(r"clear|nexus", folded[hit.start : hit.end]) or _CLEARED.match(right):
            telling.status, telling.reason = "not_performed", "not_indicated"
    elif id == "blood_transfusion" and telling.status == "performed":
        if setting.transfer and not setting.air and not _STARTED.search(around):
            telling.performer = "other"
            telling.maintained = True
        if (
            re.search(
                r"\b(?:need|needs|needed|for (?:a )?(?:blood )?transfusion|low|count)\b", around
            )
            and not _STARTED.search(around)
            and not re.search(r"infus|running|unit", around)
        ):
            return None
    elif id == "iv_fluid_bolus" and telling.status == "performed":
        if _WASHED.search(folded, max(0, hit.start - 26), hit.start):
            return None
        if re.search(
            r"\b(?:in|with|of) (?:a )?\d+ ?(?:ml|cc|cc's|mls)(?: of| bag of)? ?$",
            folded[max(0, hit.start - 20) : hit.start],
        ):
            return None
        if re.search(r"\b(?:lock|flush|flushed|gauze|irrigat\w+|soaked|moisten\w+)\b", right[:14]):
            return None
    elif id == "arterial_line_monitoring" and folded[hit.start : hit.end] == "a line":
        words = document.span(hit.start, hit.end).text
        if "-" not in words and not words.startswith("A "):
            return None
    elif (
        id == "wound_care"
        and _BURNED.search(folded)
        and _DRY.search(folded[hit.start - 12 : hit.end + 20])
    ):
        telling.id = "burn_care"
    elif id == "wound_care" and telling.status == "performed" and telling.performer == "crew":
        if _WORN.search(folded[hit.start : hit.end] + right[:34]) and not _DRESSED_NOW.search(
            around
        ):
            telling.performer = "other"
    elif id == "patient_warming" and "blanket" in folded[hit.start : hit.end]:
        if not _COLD.search(folded):
            return None  # a blanket for comfort
    elif id == "mechanical_ventilation":
        if folded[hit.start : hit.end] == "vented" and _OTHER_VENT.search(
            around[: hit.start - max(sentence.start, hit.start - 60)]
        ):
            return None
        if setting.transfer and telling.status == "performed" and telling.performer == "other":
            telling.performer = "crew"
            telling.doubts.append("who managed the ventilator is not plainly told")
    elif (
        id in _TEAM_CARE
        and setting.transfer
        and telling.performer == "other"
        and any(_TEAM.fullmatch(cue.text.lower()) for cue in telling.cues)
    ):
        telling.performer = "crew"
        telling.doubts.append("a nurse or therapist did it, whether of this crew is not told")
    elif id == "capnography" and folded[hit.start : hit.end] == "waveform":
        if re.search(r"\b(?:art|a) line\b|\baline\b", around):
            return None
    elif id == "splinting" and telling.performer == "crew" and telling.status == "performed":
        if (
            _CAST.search(folded[hit.start : hit.end]) or _WEARS.search(around)
        ) and not _DRESSED_NOW.search(right[:30]):
            telling.performer = "other"
    elif id == "chest_seal" and folded.startswith("occlusive", hit.start):
        if re.search(r"\b(?:neck|burn|leg|arm|groin)\b", around) and "chest" not in around:
            telling.id = "wound_care"
    elif id == "patient_cooling" and _LOCAL_COLD.match(folded, hit.start):
        if not re.search(
            r"\b(?:heat|hypertherm\w+|temp\w* (?:of )?10[3-9]|febrile|fever)\b", folded
        ):
            return None
    elif (id == "iv_access" and re.search(r"needle|decompress|dart", around[:70])) or (
        id == "childbirth_delivery"
        and re.search(
            r"\b(?:hx|history|prior|previous|weeks ago|days ago|last|planned|c section)\b", around
        )
    ):
        return None
    return telling


def _supported(document: Document, hit: Hit) -> bool:
    """Whether a word that may mean something else stands with what makes it this procedure."""
    folded = document.folded
    if hit.entry.id == "ett_maintenance":
        return bool(_TUBE_DEPTH.search(folded, max(0, hit.start - 12), hit.start))
    if hit.entry.id == "cardioversion":
        return bool(_SHOCK_TOLD.search(folded, hit.start, hit.end + 50))
    if hit.entry.id == "blood_transfusion":
        around = folded[max(0, hit.start - 50) : hit.start] + " " + folded[hit.end : hit.end + 50]
        return bool(_BLOOD_RUNS.search(around))
    if hit.entry.id == "endotracheal_intubation":
        if not document.search(_TUBE_WORDS) and any(
            other.entry.id in _OTHER_TUBES for other in document.hits("treatment")
        ):
            return False  # "placed a chest tube. We took over with the tube to suction"
        sentence = document.sentence_at(hit.start)
        near = (
            folded[max(sentence.start, hit.start - 40) : hit.start]
            + " "
            + folded[hit.end : min(sentence.end, hit.end + 60)]
        )
        return bool(_TUBE_TOLD.search(near)) or bool(
            decide(document, hit.start, hit.end, finding=False)
        )
    decision = decide(document, hit.start, hit.end, finding=False)
    if decision is not None and decision.kind in _NOT_DONE:
        return True
    if hit.entry.id == "transcutaneous_pacing":
        return bool(_PACED_BY_CREW.search(folded))
    if _RHYTHM.search(folded[max(0, hit.start - 30) : hit.end + 40]):
        return True
    for guide in document.guides_between(hit.start - 28, hit.end + 22):
        if guide.start < hit.end and hit.start < guide.end:
            continue
        if (
            guide.entry.kind == "act"
            and "," not in folded[min(hit.end, guide.end) : max(hit.start, guide.start)]
        ):
            return True
    return bool(
        re.match(
            r"\s*(?:/|,|\+|&|and )\s*(?:iv|o2|12 lead)|\s*(?:on|in place|attached)\b",
            folded[hit.end : hit.end + 14],
        )
    ) or bool(
        re.search(
            r"(?:iv|o2|iv/o2)\s*(?:/|,|\+|&|and)\s*$", folded[max(0, hit.start - 8) : hit.start]
        )
    )


def _succeeded(document: Document, hit: Hit, until: int) -> bool:
    """Whether success is told after a failed try in the same sentence."""
    tail = document.folded[hit.end : until]
    found = re.search(
        r"(?<!un)(?<!without )(?<!w/o )(?<!no )(?<!not )\bsuccess(?:ful|fully)?\b(?!\?? ?:? ?no?\b)"
        r"|\b(?:then"
        r"|before|and) (?:placed|established|obtained)\b",
        tail,
    )
    if found is None:
        before = document.folded[document.sentence_at(hit.start).start : hit.start]
        return bool(re.search(r"(?<!un)\bsuccessful(?:ly)? \w* ?$", before))
    return not re.search(r"\b(?:without|w/o|no|not|un)\s*$", tail[: found.start()])


def _read_rhythms(document: Document, setting: Setting, tellings: list[_Telling]) -> None:
    """A rhythm read by the crew is monitoring, even where the monitor is not named."""
    for match in document.find(_READ_RHYTHM):
        sentence = document.sentence_at(match.start())
        if sentence.part in ("past_history", "medications", "allergies", "dispatch"):
            continue
        inside = [
            telling
            for telling in tellings
            if telling.id == "cardiac_monitoring" and sentence.start <= telling.start < sentence.end
        ]
        if inside:
            continue
        decision = decide(document, match.start(), match.end(), finding=True)
        if decision is not None and decision.kind in (
            "history",
            "family",
            "hypothetical",
            "negated",
        ):
            continue
        who = doer(document, match.start(), match.end(), setting=setting)
        tellings.append(
            _Telling(
                "cardiac_monitoring",
                match.start(),
                match.end(),
                "performed",
                who.performer,
                detail="interpreted",
            )
        )


_ABANDONED = guarded(
    r"\bfailed to (?:pass|place|intubate)|\babandon\w* (?:the )?(?:intubation|tube|eti|attempt\w*)"
    r"|\b(?:could ?n[o']t|could not|unable to|not able to|never) (?:pass|place|intubate|get"
    r"|seat|see)"
    r"(?: the| a)?(?: ett?\b| tube| cords)?|\b(?:att(?:empt)?s?|look|pass) ?#?\d?[^.;\n]{0,30}?"
    r"\b(?:unable|esoph\w*|failed|unsuccessful|missed|no view)|\bfailed (?:eti|intubation|airway)"
    r"|\bunsuccessful (?:eti|intubation|attempts?)"
)
_TUBE_IN = guarded(
    r"\b(?:success\w*|secured|tube (?:passed|confirmed|at|in place|placed)|placed at|\d{2} ?cm"
    r"|(?:passed|through) (?:the )?(?:vocal )?cords|(?:2nd|second|3rd|third|next) (?:attempt"
    r"|pass|try|look)"
    r" (?:was )?(?:good|success\w*|passed|placed)|ett? (?:in|at|placed|confirmed)"
    r"|[6-9]\.[05] (?:ett?|tube))\b"
)


_TUBE_WORDS = Pattern(
    r"\b(?:ett?\b|eti\b|e\.?t\.? tube|endotrach\w*|laryngosc\w*|cords?\b|rsi\b|dsi\b|mac ?[34]\b"
    r"|miller ?\d|bougie|glidescope|c ?mac\b|king ?vision|mcgrath|grade (?:[1-4]|i)"
    r"|intubat\w+ (?:attempt\w*|x ?\d|success\w*|by)|tube x ?\d|[5-9]\.[05] (?:tube|ett?))"
)


def _abandoned_tubes(document: Document, tellings: list[_Telling]) -> list[_Telling]:
    """An intubation given up for a supraglottic airway was tried, not done."""
    folded = document.folded
    rescued = any(
        t.id == "supraglottic_airway" and t.status == "performed" and t.performer == "crew"
        for t in tellings
    )
    if not rescued:
        return tellings
    if all(folded.endswith("no ", 0, word.start()) for word in document.find(_TUBE_WORDS)):
        # "intubated with a King": the tube words are those of the supraglottic airway
        return [
            telling
            for telling in tellings
            if telling.id not in ("endotracheal_intubation", "ett_maintenance")
            or telling.status != "performed"
            or telling.performer != "crew"
        ]
    if not _ABANDONED.search(folded) or _TUBE_IN.search(folded):
        return tellings
    return [
        replace(telling, id="endotracheal_intubation", status="attempted")
        if telling.id in ("endotracheal_intubation", "ett_maintenance")
        and telling.status == "performed"
        and telling.performer == "crew"
        else telling
        for telling in tellings
    ]


def _settle_tubes(document: Document, setting: Setting, tellings: list[_Telling]) -> list[_Telling]:
    """A tube placed by this crew is an intubation; one found in place is kept and monitored."""
    tubes = [t for t in tellings if t.id in ("endotracheal_intubation", "ett_maintenance")]
    if not tubes:
        return tellings
    folded = document.folded
    own = bool(document.search(_OWN_TUBE))
    before = bool(document.search(_PLACED_BEFORE)) or any(
        t.performer == "other" and t.status == "performed" for t in tubes
    )
    tried = [t for t in tubes if t.id == "endotracheal_intubation" and t.status != "performed"]
    own_done = own or not (setting.transfer or before)
    result: list[_Telling] = []
    for telling in tellings:
        if telling.id not in ("endotracheal_intubation", "ett_maintenance"):
            result.append(telling)
            continue
        if telling.status != "performed":
            if telling.id == "ett_maintenance":
                continue
            result.append(telling)
            continue
        if own_done and not before:
            if telling.id == "ett_maintenance":
                telling.id = "endotracheal_intubation"
                if tried:
                    continue
            result.append(telling)
        elif before and not own:
            words = folded[telling.start : telling.end]
            if telling.performer == "other" and (
                telling.id == "endotracheal_intubation" or "intubated" in words
            ):
                result.append(replace(telling, id="endotracheal_intubation"))
                told = document.sentence_at(telling.start)
                if (
                    not setting.transfer
                    and any(_HOSPITAL.search(cue.text.lower()) for cue in telling.cues)
                    and not _KEPT.search(folded, told.start, told.end)
                ):
                    continue  # the hospital's, after this crew's care
            result.append(
                _Telling(
                    "ett_maintenance",
                    telling.start,
                    telling.end,
                    "performed",
                    "crew",
                    maintained=True,
                    cues=telling.cues,
                )
            )
        elif telling.performer == "other":
            result.append(telling)
            if telling.id == "ett_maintenance":
                telling.performer = "crew"
        else:
            if own:
                telling.id = "endotracheal_intubation"
                if tried and not re.search(
                    r"success|confirm|pass|cords|placed|secured|intubated",
                    folded[telling.start : telling.end + 60],
                ):
                    continue
            else:
                telling.id = "ett_maintenance"
                telling.maintained = True
            result.append(telling)
    return result


def _settle_rescue(document: Document, tellings: list[_Telling]) -> None:
    """An airway "in place" after the crew's own failed tube is the crew's, not one found."""
    tried = [
        t.start
        for t in tellings
        if t.id == "endotracheal_intubation" and t.status == "attempted" and t.performer == "crew"
    ]
    for telling in tellings:
        if (
            telling.id == "supraglottic_airway"
            and telling.performer == "other"
            and any(start < telling.start for start in tried)
            and all(cue.text.lower() == "in place" for cue in telling.cues)
        ):
            telling.performer, telling.cues = "crew", []


# what shows that a rhythm was read and the shock chosen by a person
_BY_HAND = guarded(
    r"\d ?j\b|joules|\bmanual\w*|\bcharged|biphasic|\bv ?-?fib\w*|\bvf\b|\bv ?-?tach\w*"
    r"|\bp?vt\b|defib\w+ (?:x|at|@)"
)


def _settle_shocks(document: Document, tellings: list[_Telling]) -> list[_Telling]:
    """A shock by an AED is no manual defibrillation; an AED that gives none is neither."""
    folded = document.folded
    ours = any(t.id == "aed_defibrillation" and t.performer == "crew" for t in tellings)
    result: list[_Telling] = []
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


def _settle_oxygen(document: Document, tellings: list[_Telling]) -> list[_Telling]:
    """Oxygen through a ventilator or CPAP is part of it; by cannula, mask or BVM it is its own."""
    if any(t.id == "cpap" and t.status == "performed" for t in tellings):
        # settings told of a mask's machine are no ventilator of their own
        tellings = [
            t
            for t in tellings
            if not (
                t.id == "mechanical_ventilation"
                and document.folded[t.start : t.end] in ("fio2", "peep", "tidal volume", "vent")
                and any(c.id == "cpap" and abs(c.start - t.start) < 70 for c in tellings)
            )
        ]
    carriers = [
        t
        for t in tellings
        if t.id in ("cpap", "mechanical_ventilation") and t.status == "performed"
    ]
    result: list[_Telling] = []
    for telling in tellings:
        if telling.id == "oxygen" and carriers:
            sentence = document.sentence_at(telling.start)
            near = [
                c
                for c in carriers
                if sentence.start <= c.start < sentence.end
                and abs(c.start - telling.start) < 50
                and (c.performer == "other" or telling.performer == "crew")
            ]
            words = document.folded[telling.start : telling.end + 14]
            if near and not re.search(
                r"cannula|canula|\bnc\b|nrb|non ?rebreather|mask|collar|blow", words
            ):
                continue
        result.append(telling)
    return result


def _settle_states(document: Document, tellings: list[_Telling]) -> list[_Telling]:
    """Leaves out what only shows another telling's result: "SpO2 88 on the NRB", "epi 1 mg IO"."""
    folded = document.folded
    by_other = {t.id for t in tellings if t.performer == "other" and t.status == "performed"}
    routes = [
        t for t in tellings
        if t.id == "io_access" and _ROUTE_OF_DOSE.search(folded, max(0, t.start - 24), t.start)
    ]  # fmt: skip
    placed_io = any(t.id == "io_access" and t not in routes for t in tellings)
    births = [t for t in tellings if t.id == "childbirth_delivery"]
    put_away = {
        t.id: t.start for t in tellings if t.id in _DECISIVE and t.status == "not_performed"
    }
    result: list[_Telling] = []
    for telling in tellings:
        if (
            telling.status == "performed"
            and telling.performer == "crew"
            and telling.start < put_away.get(telling.id, 0)
            and not _DEED.search(folded, max(0, telling.start - 30), telling.end + 40)
        ):
            continue  # "had the EZ-IO out ..., so IO went back in the bag"
        if telling.id in ("oxygen", "bag_valve_mask") and telling.id in by_other:
            if telling.performer == "crew" and telling.status == "performed":
                if _STATE.search(folded, max(0, telling.start - 24), telling.start):
                    continue
        elif telling.id == "io_access" and telling in routes:
            if placed_io:
                continue
            telling.doubts.append("an intraosseous line is told only as the route of a dose")
        elif telling.id == "childbirth_delivery" and folded.startswith(
            ("cord", "crowning"), telling.start
        ):
            if len(births) > 1 or telling.status != "performed":
                continue
            telling.performer = "crew"
        result.append(telling)
    return result


# what one telling alone may lift to the highest level of care
_DECISIVE = frozenset({
    "io_access", "cardioversion", "transcutaneous_pacing", "chest_decompression",
    "surgical_airway", "endotracheal_intubation", "manual_defibrillation", "central_line",
    "blood_transfusion",
})  # fmt: skip
_DEED = re.compile(
    r"\b(?:placed|started|drilled|delivered|establish\w*|insert\w*|obtained|gave|given|done|hung"
    r"|success\w*|good|secured|confirmed|flush\w*|flow\w*|capture\w*|convert\w*|perform\w*|passed"
    r"|got|went in|x ?[1-4]|\d+ ?(?:j|ma|joules)|(?:at|@) ?\d{3,4}|cardiovert\w*|defib\w*"
    r"|shock(?:ed|s)|intubated|paced|decompress\w*|dart\w*)\b"
)

_RANK = {"performed": 0, "attempted": 1, "not_performed": 2}


def _merge(
    document: Document, lexicon: Lexicon, tellings: list[_Telling]
) -> tuple[Intervention, ...]:
    best: dict[tuple[str, Performer], int] = {}
    for telling in tellings:
        key = (telling.id, telling.performer)
        best[key] = min(best.get(key, 9), _RANK[telling.status])
    groups: dict[tuple[InterventionId, InterventionStatus, Performer], list[_Telling]] = {}
    for telling in sorted(tellings, key=lambda item: item.start):
        # what was done in the end stands over a refusal before it; a failed try stands beside it
        if telling.status == "not_performed" and best[(telling.id, telling.performer)] < 2:
            continue
        if (
            telling.status == "not_performed"
            and (telling.id, "other") in best
            and best[(telling.id, "other")] == 0
        ) and telling.performer == "other":
            continue
        groups.setdefault((telling.id, telling.status, telling.performer), []).append(telling)
    found: list[Intervention] = []
    for (id, status, performer), group in groups.items():
        spans: list[Evidence] = [document.span(t.start, t.end) for t in group]
        details = [t.detail for t in group if t.detail is not None]
        detail = details[0] if details and (id != "oxygen" or len(details) == len(group)) else None
        found.append(
            Intervention(
                id=id,
                status=status,
                performer=performer,
                maintained=any(t.maintained for t in group),
                detail=detail,
                reason=group[0].reason,
                snomed=lexicon.snomed.get(id),
                evidence=each_once(spans),
                cues=each_once([cue for t in group for cue in t.cues]),
                doubts=each_once([doubt for t in group for doubt in t.doubts]),
            )
        )
    return tuple(found)
