"""Where procedures are named, and which names mean something else."""

from __future__ import annotations

import re

from tripsheet.reading.amounts import PER, UNITS
from tripsheet.reading.context import decide
from tripsheet.reading.corrections import CORRECTION
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.shapes import read_shapes
from tripsheet.vocabulary import InterventionStatus

NOT_DONE = frozenset(
    {"negated", "refused", "withheld", "not_indicated", "contraindicated", "considered", "ordered",
     "drawn_up", "planned", "conditional"}
)  # fmt: skip
RHYTHM = guarded(
    r"\b(?:nsr|sb|v ?paced|a ?paced|av ?paced|sinus(?: (?:tach\w*|brady\w*|rhythm|arrhythmia"
    r"|arrythmia|rhythem))?|s ?tach|s ?brady|a ?fib|afib|atrial fib\w*|a ?flutter|svt|psvt"
    r"|v ?tach|vt|v ?fib|vf|asystol\w+|pea|paced|junctional|pvcs?|pacs?|ectopy|rvr"
    r"|heart block|av block|1st degree|2nd degree|3rd degree|mobitz|bigeminy|st (?:elevation"
    r"|depression|changes)|ste|stemi|lbbb|rbbb|normal sinus|regular rhythm|wide complex"
    r"|narrow complex|idioventricular|agonal|torsades|sr|st(?= (?:at|@|1\d\d|w/|with|on))"
    r"|nsst|t wave)\b"
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
_TUBE_DEPTH = re.compile(r"\d ?(?:cm )?(?:mark )?$")
_TUBE_TOLD = guarded(
    r"\b(?:[3-9]\.[05]|\d{2} ?(?:cm|at)|(?:at|@) ?(?:the )?(?:\d{1,2} ?(?:cm)?|teeth|lip"
    r"|gum)|success\w*|attempt\w*|first pass|1st pass|pass(?:ed)?|cords|placed|secured"
    r"|inserted|confirm\w*|etco2|capno\w*|in place|x ?1|x ?2|view|cuff|tubed|color change"
    r"|etomidate|rocuronium|roc|sux|succs?|succinylcholine|ketamine)\b"
)
ROUTE_OF_DOSE = guarded(
    rf"\d ?(?:{UNITS}(?:/kg)?{PER}|{UNITS}(?:/kg)?)"
    rf"(?: (?:slow|rapid|total|more|each|again|q\d))? ?$"
)


def find_mentions(document: Document) -> list[tuple[Hit, InterventionStatus | None]]:
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


def taken_back(document: Document, hit: Hit, until: int) -> bool:
    """Whether the words behind a procedure take it back: "we cardioverted, scratch that"."""
    return any(
        match["retract"] in _TAKES_BACK
        and hit.end <= match.start() < min(until, hit.end + 30)
        and not document.treatments_between(hit.end, match.start())
        for match in document.find(CORRECTION)
    )


def is_route(document: Document, hit: Hit) -> bool:
    """Whether the words are a dose's route, or a clock time, rather than a procedure."""
    folded = document.folded
    if hit.entry.id == "oxygen":
        return folded.startswith("02", hit.start) and folded[hit.start - 1 : hit.start] == ":"
    if folded.startswith("iv push", hit.start):
        return True
    if not folded.startswith(("iv ", "iv,", "iv/", "iv.", "iv;", "iv)"), hit.start):
        return False
    return ROUTE_OF_DOSE.search(folded, max(0, hit.start - 24), hit.start) is not None or any(
        drug.entry.kind == "drug"
        and folded[drug.end : hit.start].strip(" 0123456789.").strip() == ""
        for drug in document.treatments_between(hit.start - 30, hit.start)
    )


def supported(document: Document, hit: Hit) -> bool:
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
        if not document.search(TUBE_WORDS) and any(
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
    if decision is not None and decision.kind in NOT_DONE:
        return True
    if hit.entry.id == "transcutaneous_pacing":
        return bool(_PACED_BY_CREW.search(folded))
    if RHYTHM.search(folded[max(0, hit.start - 30) : hit.end + 40]):
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


TUBE_WORDS = Pattern(
    r"\b(?:ett?\b|eti\b|e\.?t\.? tube|endotrach\w*|laryngosc\w*|cords?\b|rsi\b|dsi\b|mac ?[34]\b"
    r"|miller ?\d|bougie|glidescope|c ?mac\b|king ?vision|mcgrath|grade (?:[1-4]|i)"
    r"|intubat\w+ (?:attempt\w*|x ?\d|success\w*|by)|tube x ?\d|[5-9]\.[05] (?:tube|ett?))"
)
