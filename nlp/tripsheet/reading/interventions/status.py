"""Which cue near a procedure decides whether it was done."""

from __future__ import annotations

import re

from tripsheet.reading.context import Decision, decisions
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import guarded
from tripsheet.reading.scan import Hit

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
_CAN_FAIL = frozenset(
    {"iv_access", "io_access", "endotracheal_intubation", "supraglottic_airway", "surgical_airway",
     "oropharyngeal_airway", "nasopharyngeal_airway", "cpap", "cardioversion",
     "transcutaneous_pacing", "tourniquet", "traction_splint", "gastric_tube",
     "chest_decompression", "central_line", "splinting", "physical_restraint",
     "spinal_motion_restriction", "suction", "ecg_12_lead", "blood_glucose",
     "bag_valve_mask", "oxygen"}
)  # fmt: skip
LINES = frozenset({"iv_access", "io_access", "central_line", "arterial_line_monitoring"})
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
GAUGED = guarded(r"\b(?:14|16|18|20|22|24)\b")
# a line that is there and was left alone
UNUSED = re.compile(r"(?:\w+ )?not (?:accessed|used|touched|flushed)\b")


def deciding_cue(document: Document, hit: Hit) -> Decision | None:
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
    if id in LINES and not before and kind == "negated" and UNUSED.match(folded, cue.start):
        return True
    if kind == "drawn_up" and words.startswith("draw") and id in LINES:
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
        and GAUGED.search(folded, hit.start, hit.end + 12)
        and (len(between) > 14 or document.treatments_between(hit.end, cue.start))
    ):
        return True
    if kind == "attempted":
        if id not in _CAN_FAIL:
            return True
        if id == "oxygen" and (_WEANED.search(between) or len(between) > 20):
            return True
        failed, comma, _ = between.partition(",")
        reach = 0
        if before and comma and failed.strip():
            reach = 40  # "ETI x2, couldn't pass cords, i-gel placed": it has its own object
        elif before and words in ("missed", "failed", "unsuccessful", "attempted"):
            reach = 26  # "IV missed tibial IO placed"
        earlier = document.treatments_between(max(0, cue.start - reach), cue.start)
        if earlier and earlier[-1].entry.id != id:
            return True  # the failure belongs to what stands before it
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


def succeeded(document: Document, hit: Hit, until: int) -> bool:
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
