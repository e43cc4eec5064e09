"""From a procedure's name in the text to what is told of it there."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from tripsheet.findings import Cue
from tripsheet.lexicon import Lexicon
from tripsheet.reading.context import doer
from tripsheet.reading.document import Document
from tripsheet.reading.interventions.close_calls import KEPT, close_call
from tripsheet.reading.interventions.mentions import NOT_DONE, is_route, supported, taken_back
from tripsheet.reading.interventions.status import deciding_cue, succeeded
from tripsheet.reading.interventions.telling import Telling
from tripsheet.reading.patterns import guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.sceptic import DENIED, Sceptic
from tripsheet.reading.setting import Setting
from tripsheet.vocabulary import InterventionId, InterventionStatus

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
_SUCTIONED = guarded(r"\bsuct\w*|\bsx\b")
_TRACH = guarded(r"\btrach(?!ea)\w*")
_REASON = {"planned": "plan", "conditional": "condition", "negated": "withheld"}
_FLUSHED = guarded(
    r"\b(?:flushed|kept running|maintained by|maintained|kept patent|continued|hung|kvo|tko"
    r"|monitored|locked by|assessed)\b"
)
_AND = re.compile(r"\b(?:and|then|and then|also)(?: then| also)? $")
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
_BY_PATIENT = re.compile(
    r"\b(?:pt|patient|he|she) (?:is |was |had been )?(?:himself |herself )?(?:pinching|holding"
    r"|squeezing|pressing|applying|clamping)\b"
)
_HEATED = re.compile(r"[^.;]{0,12}\b3[2-7](?:\.\d)? ?(?:c\b|deg)")


def goes_on(document: Document, earlier: Telling, telling: Telling) -> bool:
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


def implied_by(document: Document, telling: Telling) -> list[Telling]:
    """What a telling tells besides: a line kept open by this crew, suction through a trach."""
    folded = document.folded
    if telling.status != "performed":
        return []
    if telling.id == "iv_access" and telling.performer == "other":
        sentence = document.sentence_at(telling.start)
        flushed = _FLUSHED.search(folded, telling.end, min(sentence.end, telling.end + 60))
        if flushed is not None:
            return [
                Telling(
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


def read_deed(
    document: Document,
    lexicon: Lexicon,
    setting: Setting,
    hit: Hit,
    settled: InterventionStatus | None,
) -> Telling | None:
    """What is told of a procedure where it is named, or None where it tells of no care.

    `settled` is the status that the shape of the words tells already, if it does.
    """
    id: InterventionId = hit.entry.id  # type: ignore[assignment]
    sentence = document.sentence_at(hit.start)
    if sentence.part in ("allergies", "medications", "family_history", "past_history"):
        return None
    if hit.entry.info.weak and not supported(document, hit):
        return None
    if id in ("iv_access", "oxygen") and is_route(document, hit):
        return None
    if taken_back(document, hit, sentence.end):
        return None
    status: InterventionStatus = "performed"
    reason: str | None = None
    cues: list[Cue] = []
    doubts: list[str] = []
    if settled is not None:
        status = settled
        reason = "withheld" if settled == "not_performed" else None
    else:
        decision = deciding_cue(document, hit)
        kind = decision.kind if decision is not None else None
        if kind in ("family", "allergy") or (kind == "history_of_use" and id != "oxygen"):
            if kind == "family" or not KEPT.search(document.folded[hit.end : hit.end + 50]):
                return None
        if kind in NOT_DONE and decision is not None:
            status, reason = "not_performed", _REASON.get(kind or "", kind)
            cues.append(document.cue(decision.cue))
        elif kind == "attempted" and decision is not None:
            if succeeded(document, hit, sentence.end):
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
    telling = Telling(
        id, hit.start, hit.end, status, performer,
        detail=hit.entry.info.detail, reason=reason, cues=cues, doubts=doubts,
    )  # fmt: skip
    return close_call(document, lexicon, setting, hit, telling)


def is_ours(telling: Telling) -> bool:
    """Whether a procedure is held for done by this crew without words that say so."""
    return (
        telling.status == "performed"
        and telling.performer == "crew"
        and not any(cue.kind == "crew_performer" for cue in telling.cues)
    )


def denied(
    document: Document,
    setting: Setting,
    sceptic: Sceptic,
    claims: Mapping[InterventionId, list[tuple[Telling, Hit]]],
    tellings: list[Telling],
) -> list[Telling]:
    """The tellings after the sceptic has seen what is claimed for this crew.

    A procedure told several times is denied only where each telling is.
    """
    dropped: set[int] = set()
    for claim in claims.values():
        verdicts = []
        for _, hit in claim:
            verdict = sceptic.verdict(document, hit, transfer=setting.transfer)
            if verdict is None:
                break
            verdicts.append(verdict)
        if len(verdicts) < len(claim):
            continue
        for (telling, _), verdict in zip(claim, verdicts, strict=True):
            if verdict == "not_done":
                dropped.add(id(telling))
            else:
                telling.performer, telling.maintained = "other", False
                telling.doubts.append(DENIED[verdict])
    return [telling for telling in tellings if id(telling) not in dropped]
