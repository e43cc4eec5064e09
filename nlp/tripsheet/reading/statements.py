"""Statements: what a narrative says that is neither care nor a condition, and decides coverage.

Most are plain phrases of `lexicons/statements.toml`; some are looked at in their neighbourhood:
a walk counts only towards the ambulance, a response only behind a drug, the confirmation of an
airway only near the airway, the reason of a transfer only on one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator

from tripsheet.findings import Statement
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.scan import Hit
from tripsheet.vocabulary import STATEMENTS, StatementId

_ORDER = {id: at for at, id in enumerate(STATEMENTS)}
_PLAIN = frozenset(STATEMENTS)
# words that take a phrase back
_TAKEN_BACK = re.compile(
    r"(?:\b(?:no|not|never|without|w/o|den(?:y|ies|ied)|unable to|cannot|can't|cant"
    r"|could ?n[o']t|refus\w+(?: to| the)?|would not|would ?n't|did(?: not|n't)|unsafe to"
    r"|instead of|too \w+ to|neg(?:ative)?(?: for)?|declin\w+|won't|must not|not able to)"
    r"|\(-\))"
    r"(?: (?:any|have|get|go|be|been|able|to|a|an|the|on|up|safely|even|lay|lie|use|need"
    r"|want|obvious|apparent|or|of|using))* $"
)
_KEEPS_NEGATION = frozenset({
    "no_acute_condition", "convenience", "als_unavailable", "stretcher_reason", "transfer_reason",
    "vague_necessity", "necessity_reason", "air_access_reason", "medication_response",
    "oxygen_reason", "destination_preference",
})  # fmt: skip
_TOWARDS = re.compile(
    r"[^.;]{0,44}?\b(?:ambulance|amb|rig|cot|stretcher|strecher|gurney|unit|truck|bench"
    r"|stair chair|medic|squad|vehicle|out(?!side of)|outside|curb|captain\w*"
    r"|back to (?:the )?(?:room|bed)|down|m-?\d+)\b"
)
_ELSEWHERE = re.compile(
    r"[^.;]{0,30}?\b(?:kitchen|restroom|store|mile|miles|dog|years|normally|usually"
    r"|at baseline|baseline|yesterday|per pt\b|for exercise|with (?:a )?walker at)\b"
)
_HOSPITAL_WANTED = re.compile(
    r" (?:to (?:go|be taken) |transport |transfer |that (?:he|she|pt) go )*(?:to "
    r"|for )?(?:the |a |his |her )*(?:[a-z']+ ){0,2}?(?:mercy|general|regional|memorial"
    r"|univ\w*|st\b|saint|va\b|hospital|hosp\b|methodist|baptist|er\b|ed\b|medical center"
    r"|med ctr|county\b)"
)
_BECAUSE = re.compile(
    r"\b(?:because|due to|d/t|secondary to|2/2|since|as (?:he|she|pt|patient"
    r"|the patient) (?:was|is|could|cannot|can))\b[^.;]{4,}"
)
_BARE_REASON = re.compile(
    r"(?:because|due to|d/t|secondary to|2/2|since)\s+[\"'\[{(]*(?:the |his |her |a "
    r"|generalized |general |patient |pt )*(?:weak\w*|decondition\w*|policy|fall risk"
    r"|being bed|bed[ -]?(?:confined|bound)|age|frail|condition|safety|stretcher|dementia"
    r"|facility|convenience|md|dr|order|protocol|enter)\b"
)
_MOVE = re.compile(
    r"\b(?:stretcher|cot|gurney|lifted|carried|draw ?sheet|sheet|scoop\w*|slid|slide|moved"
    r"|stair chair)\b"
)
_AIRWAYS = Pattern(
    r"\b(?:intubat\w*|tubed?|ett|et tube|eti|rsi|i ?gel|king|lma|combitube|supraglottic"
    r"|sga|cric\w*|air ?q|igel|endotracheal|passed)\b"
)
_TRANSFER_LACK = re.compile(
    r"\b(?:cath|pci|interventional|neuro\w*|gi\b|gi/endo|ortho\w*|icu|tele\b|psych\w*|ecmo"
    r"|nicu|picu|ped\w*|burn|trauma|vascular|cardi\w+|surg\w*|ir\b|transplant|dialysis"
    r"|beds?|onc\w*|urology|ob\b|hand|endo\w*|mri|stroke|thoracic|service\w*|provider"
    r"|capab\w*|program|unit|specialist|coverage|level|ventilat\w*|offer|lab|caths|bronch"
    r"|vad|ards|prone|implant|ct\b|eval\w*|x ?ray|xray|rehab|admission|wean|symptom|lysis)\b"
)

_AFTER_THE_LACK = ("none", "not ", "unavail", "does", "do not", "exist", "(unavail")


def read_statements(document: Document) -> tuple[Statement, ...]:
    """The statements of a narrative, in its order; each id with the words that make it."""
    found: list[tuple[int, int, Statement]] = []
    for start, id, about, end in _read(document):
        statement = Statement(id, about, (document.span(start, end),))
        found.append((start, _ORDER[id], statement))
    found.sort(key=lambda item: item[:2])
    return tuple(statement for _, _, statement in found)


def _about(document: Document, hit: Hit) -> tuple[str | None, ...]:
    """What a statement speaks of: the state or the move that general words claim, a patient who
    stood and turned to the cot, the care that was precautionary, the facts of an intercept."""
    folded = document.folded
    if hit.entry.id == "vague_necessity":
        words = folded[hit.start : hit.end]
        if "bed" in words:
            return ("bed_confined",)
        return ("stretcher_used",) if _CARRIED_WORDS.search(words) else (None,)
    if hit.entry.id in ("walked_to_ambulance", "walked_cue"):
        return (None,) if _WALKED.search(folded, hit.start, hit.end) else ("stood",)
    if hit.entry.id == "precautionary_care":
        before = document.treatments_between(hit.start - 40, hit.start)
        return (before[-1].entry.id,) if before else (None,)
    if hit.entry.id == "paramedic_intercept":
        told = tuple(fact for fact, pattern in _INTERCEPT if pattern.search(folded))
        return told or (None,)
    return (None,)


_WALKED = re.compile(r"walk|amb|step|climb|hop|met us|got |loaded")
_CARRIED_WORDS = re.compile(r"stretcher|ambulance|cot\b|gurney|litter")
_INTERCEPT = (
    ("new_york", re.compile(r"\bnew york\b|\bny\b|\bnys\b|\bupstate\b")),
    ("rural", re.compile(r"\brural\b")),
    ("contract", re.compile(r"\bcontract\w*|\bagreement\b")),
    (
        "barred_from_billing",
        re.compile(
            r"\b(?:barr?ed|bars?|prohibit\w*|forbid\w*|forbidden|not (?:allowed|permitted)"
            r"|cannot|can't|may not|cant|(?:by|under) (?:\w+ ){0,2}law)"
            r"[^.;]{0,40}\bbill\w*|\bbill\w*[^.;]{0,20}\b(?:barred|prohibited|forbidden"
            r"|not allowed)|\bmay bill (?:nobody|no one|none)\b"
        ),
    ),
)

_Found = tuple[int, StatementId, str | None, int]


def _read(document: Document) -> Iterator[_Found]:
    folded = document.folded
    drugs = _given(document)
    transfer = _is_transfer(document)
    airway: list[int] | None = None
    once: set[str] = set()
    for hit in document.hits("statement"):
        id = hit.entry.id
        if id == "response_cue":
            if drugs and hit.start > drugs[0][0]:
                yield _response(document, drugs, hit)
        elif id == "walked_cue":
            if (
                not _back(document, hit)
                and _TOWARDS.match(folded, hit.end)
                and not _ELSEWHERE.match(folded, hit.end)
                and not _usual(document, hit)
            ):
                end = _TOWARDS.match(folded, hit.end)
                assert end is not None
                yield hit.start, "walked_to_ambulance", _about(document, hit)[0], end.end()
        elif id == "airway_cue":
            if airway is None:
                airway = [match.start() for match in document.find(_AIRWAYS)]
            if any(-60 <= hit.start - at <= 170 for at in airway):
                yield hit.start, "airway_confirmation", None, hit.end
        elif id == "transfer_cue":
            if transfer:
                sentence = document.sentence_at(hit.start)
                low, high = max(sentence.start, hit.start - 45), min(sentence.end, hit.end + 40)
                # "no cath lab" leads to what lacks, "not offered at sending" follows it
                follows = folded.startswith(_AFTER_THE_LACK, hit.start)
                if _TRANSFER_LACK.search(folded, low if follows else hit.start, high):
                    yield low, "transfer_reason", None, high
        elif id == "preference_cue":
            match = _HOSPITAL_WANTED.match(folded, hit.end)
            if match is not None and not _back(document, hit):
                yield hit.start, "destination_preference", None, match.end()
        elif id in _PLAIN:
            if id not in _KEEPS_NEGATION and _back(document, hit):
                continue
            if id == "medication_response":
                if drugs and hit.start > drugs[0][0]:
                    yield _response(document, drugs, hit)
                continue
            if id == "hospice" and id in once:
                continue
            once.add(id)
            for about in _about(document, hit):
                yield hit.start, id, about, hit.end
            if id == "stretcher_used":
                yield from _why_stretcher(document, hit)
    yield from _vitals_after(document, drugs)


def _back(document: Document, hit: Hit) -> bool:
    """Whether a word before a phrase takes it back."""
    low = max(document.sentence_at(hit.start).start, hit.start - 36)
    return _TAKEN_BACK.search(document.folded, low, hit.start) is not None


def _usual(document: Document, hit: Hit) -> bool:
    """Whether a walk tells of another day."""
    sentence = document.sentence_at(hit.start)
    return sentence.part in ("past_history", "history") and any(
        usual.start >= sentence.start and usual.end <= sentence.end
        for usual in document.hits("usual")
    )


def _given(document: Document) -> list[tuple[int, int, str]]:
    """The drugs named outside home lists and allergies, by place."""
    return [
        (hit.start, hit.end, hit.entry.id)
        for hit in document.hits("drug")
        if document.sentence_at(hit.start).part
        not in ("medications", "allergies", "past_history", "family_history", "prior_care")
    ]


def _response(document: Document, drugs: list[tuple[int, int, str]], hit: Hit) -> _Found:
    """The state after a drug; it is about the drug named last in the same sentence, if one."""
    index = bisect_right(drugs, (hit.start, 0, "")) - 1
    start, end, name = drugs[max(0, index)]
    sentence = document.sentence_at(hit.start)
    same = sentence.start <= start < hit.start and hit.start - end <= 90
    return hit.start, "medication_response", name if same else None, hit.end


def _vitals_after(document: Document, drugs: list[tuple[int, int, str]]) -> Iterator[_Found]:
    """Vitals told in a later sentence than the first drug's tell of the state after it."""
    if not drugs:
        return
    first = document.sentence_at(drugs[0][0]).end
    for hit in document.hits("vital"):
        id = hit.entry.id
        same = (
            id == "pain_score"
            and hit.start > drugs[0][1]
            and not _FOR.search(document.folded, max(0, hit.start - 16), hit.start)
        )
        if (hit.start >= first and id in _TELLING) or same:
            after = document.folded[hit.end : hit.end + 12]
            if any(character.isdigit() for character in after):
                yield hit.start, "medication_response", None, hit.end + len(after.rstrip())
                return


# "for pain 8" is the reason, not the response
_FOR = re.compile(r"\b(?:for|d/t|due to|c/o|rates?)(?: \w+){0,2} $")
_TELLING = frozenset({"blood_pressure", "heart_rate", "spo2", "pain_score", "gcs", "glucose"})


def _why_stretcher(document: Document, hit: Hit) -> Iterator[_Found]:
    """A reason told with the stretcher, unless it is a bare billing word."""
    sentence = document.sentence_at(hit.start)
    match = _BECAUSE.search(document.folded, sentence.start, sentence.end)
    if (
        match is not None
        and not _BARE_REASON.match(document.folded, match.start())
        and abs(match.start() - hit.end) < 90
    ):
        yield match.start(), "stretcher_reason", None, match.end()


def _is_transfer(document: Document) -> bool:
    """Whether the narrative tells of a move between facilities."""
    groups = {hit.entry.id for hit in document.hits("call")}
    if "interfacility" in groups:
        return True
    letters = [hit.entry.id for hit in document.hits("place")]
    called = "emergency" in groups or "urgent_request" in groups
    return "sending_hint" in letters or (
        not called
        and (letters.count("H") >= 2 or ("H" in letters and bool({"N", "E"} & set(letters))))
    )
