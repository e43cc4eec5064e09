"""What single procedures ask beyond the general reading."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tripsheet.lexicon import Lexicon
from tripsheet.reading.document import Document
from tripsheet.reading.interventions.mentions import RHYTHM
from tripsheet.reading.interventions.status import GAUGED, LINES, UNUSED
from tripsheet.reading.interventions.telling import Telling
from tripsheet.reading.patterns import Pattern, guarded
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import Setting
from tripsheet.vocabulary import InterventionId, Performer

KEPT = guarded(
    r"\b(?:continu\w+|maintain\w*|kept|remain\w*|transported (?:on|with)|carried on"
    r"|monitor\w+|managed|secured|verified|confirmed|reassessed|switched|transitioned|moved"
    r"|placed|flushed|patent|checked|settings|unchanged|transferred to (?:our|crew"
    r"|transport)|on our|titrated|adjusted|running|infusing|flowing|left in place"
    r"|en ?route)\b"
)
# a trip arranged ahead: a line or tube that is only named was there before
_BOOKED = Pattern(
    r"\b(?<!\[ \] )(?<!\[\] )(?:scheduled|routine (?:trans\w+|call|run|trip)|routine,"
    r"|discharge(?! instr\w*)"
    r"|non ?emerg\w*(?! to)|return trip|transfer patient|pre ?arranged|booked)\b"
)
_RESULT = re.compile(
    r"\b(?:stemi|st|ste|elevat\w+|depress\w+|shows?|showed|showing|reveal\w*|interpret\w*"
    r"|normal|nsr|sinus|no acute|unremarkable|negative|neg|ischemi\w+|lbbb|rbbb|ectopy"
    r"|changes|infarct|pos|positive|afib|a ?fib|sr|rvr|reads?|wnl|nonspecific|pvcs?|inverted"
    r"|transmitted and read|confirmed|svt|qrs|paced|v ?tach|rhythm)\b"
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
_REMOVED_BEFORE = re.compile(
    r"\b(?:pulled|removed|discontinued|d/?c'?d|took out|taken out|lost) (?:the |his |her )?$"
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
_BURNED = guarded(r"\bburn(?:s|ed|t)?\b|\bscald\w*")
_DRY = guarded(r"\b(?:dry|sterile|silvadene|sheet|loose|non ?adherent|burns?)\b")
_WEARS = guarded(r"\bwears\b|\bfrom an old\b|\bchronic\b")
_TEAM = re.compile(r"(?:by )?(?:rn|rt|rrt|nurse|respiratory therapist)")
_CLEARED = re.compile(r"[^.;\[\]]{0,30}\b(?:cleared|clearance)\b")
_CAST = guarded(r"\bcast\b|\baircast|wedge|\bboot\b")
_OWN_DEED = guarded(
    r"\b(?:i|we) (?:put|place|placed|inserted|put in|passed|dropped)\b|\bby (?:f[np]|me|us"
    r"|crew|our|medic|flight|ccp|rrt)\b"
)
_LOCAL_COLD = re.compile(r"(?:ice|cold|cool) (?:pack|compress|to|applied)|icepack")


_PLACED = re.compile(r"\b(?:placed|inserted|established|started)\b")
_BEGUN = re.compile(
    r"\b(?:start\w*|placed|establish\w*|est|obtained|initiated|inserted|attempt\w*|2nd|second"
    r"|additional|passed|dropped)\b"
)
_CLEARANCE = re.compile(r"clear|nexus")
_BLOOD_NEEDED = re.compile(r"\b(?:need|needs|needed|for (?:a )?(?:blood )?transfusion|low|count)\b")
_BLOOD_RUNS = re.compile(r"infus|running|unit")
_DILUTES = re.compile(r"\b(?:in|with|of) (?:a )?\d+ ?(?:ml|cc|cc's|mls)(?: of| bag of)? ?$")
_LOCKS = re.compile(r"\b(?:lock|flush|flushed|gauze|irrigat\w+|soaked|moisten\w+)\b")
_ARTERIAL_WORDS = re.compile(
    r"\b(?:map|mean|level\w*|zero\w*|transduc\w*|pressure|radial|femoral|brachial|waveform"
    r"|monitor\w*"
    r"|bp|sbp|flush|\d{2,3}/\d{2})\b"
)
_SATURATION = re.compile(
    r" (?:was |is |level |at |of |sat\w* |reading |only |up to |now )*\d{2,3} ?%(?! ?(?:by"
    r"|via|mask|nrb|o2))"
)
_SUGAR = re.compile(
    r"\W{0,3}(?:was |is |of |at |check\w* |reading |level |=|: ?)*\W?(?:\d{2,3}\b|hi\b|lo\b"
    r"|check)"
)
_ARTERIAL = re.compile(r"\b(?:art|a) line\b|\baline\b")
_NOT_CHEST = re.compile(r"\b(?:neck|burn|leg|arm|groin)\b")
_HOT = re.compile(r"\b(?:heat|hypertherm\w+|temp\w* (?:of )?10[3-9]|febrile|fever)\b")
_NEEDLE = re.compile(r"needle|decompress|dart")
_EARLIER_BIRTH = re.compile(
    r"\b(?:hx|history|prior|previous|weeks ago|days ago|last|planned|c section)\b"
)


@dataclass(frozen=True, slots=True)
class _Near:
    """A procedure's name and the words of its sentence around it."""

    document: Document
    setting: Setting
    hit: Hit
    telling: Telling
    around: str
    right: str

    @property
    def words(self) -> str:
        return self.document.folded[self.hit.start : self.hit.end]

    @property
    def performed(self) -> bool:
        return self.telling.status == "performed"

    @property
    def told_by_crew(self) -> bool:
        return any(cue.kind == "crew_performer" for cue in self.telling.cues)


def close_call(
    document: Document, lexicon: Lexicon, setting: Setting, hit: Hit, telling: Telling
) -> Telling | None:
    """What the contract's close calls make of a telling; None where it tells no procedure."""
    folded, id = document.folded, telling.id
    sentence = document.sentence_at(hit.start)
    around = folded[max(sentence.start, hit.start - 60) : min(sentence.end, hit.end + 60)]
    right = folded[hit.end : min(sentence.end, hit.end + 60)]
    near = _Near(document, setting, hit, telling, around, right)
    if id in _REMOVABLE and _is_over(near):
        return None
    if id == "arterial_line_monitoring" and not _is_arterial(near):
        return None
    if id in LINES and _is_left_alone(near):
        telling.performer = "other"
    elif id in _MONITORED and near.performed:
        if setting.transfer or not any(cue.kind == "other_performer" for cue in telling.cues):
            telling.performer = "crew"
    elif id in lexicon.other_default and near.performed:
        telling.performer = _who_placed(near)
    elif id in ("iv_access", "gastric_tube") and near.performed and _is_booked(near):
        if not _is_begun_here(near) and not near.told_by_crew:
            telling.performer = "other"
    elif id in _CLOSE_CALLS and not _CLOSE_CALLS[id](near):
        return None
    return telling


def _is_over(near: _Near) -> bool:
    """Whether a device was taken out, or belongs to a course that is over."""
    folded, start = near.document.folded, near.hit.start
    return bool(
        _REMOVED.match(near.right)
        or _COURSE.match(near.right)
        or _WAS_ON.search(folded, max(0, start - 30), start)
        or _REMOVED_BEFORE.search(folded, max(0, start - 30), start)
    )


def _is_left_alone(near: _Near) -> bool:
    """Whether a line was there and was not used."""
    return bool(UNUSED.search(near.right[:45])) and not GAUGED.search(
        near.document.folded, near.hit.start, near.hit.end + 4
    )


def _is_booked(near: _Near) -> bool:
    return near.setting.transfer or bool(near.document.search(_BOOKED))


def _is_begun_here(near: _Near) -> bool:
    """Whether a line or tube is told as placed, not only named."""
    return bool(_BEGUN.search(_PLACED_EARLIER.sub("", near.around))) or bool(
        _GAUGE.search(near.around) and not _FOUND_IN_PLACE.search(near.around)
    )


def _who_placed(near: _Near) -> Performer:
    """Who a device belongs to that others place as a rule: a chest tube, a central line."""
    telling, transfer = near.telling, near.setting.transfer
    if telling.id == "chest_tube_monitoring":
        return "crew" if transfer or KEPT.search(near.around) else "other"
    if (
        telling.id != "central_line"
        and _OWN_DEED.search(near.right[:44])
        and "," not in near.right[:12]
    ):
        return "crew"
    placed = _PLACED.search(_PLACED_EARLIER.sub("", near.around))
    by_us = placed and telling.performer == "crew" and (not transfer or near.told_by_crew)
    return "crew" if by_us else "other"


def _blood_glucose(near: _Near) -> bool:
    """ "BS" is a sugar where a number or a check stands by it, else breath sounds."""
    return near.words != "bs" or bool(_SUGAR.match(near.document.folded, near.hit.end))


def _oxygen(near: _Near) -> bool:
    """The patient's own oxygen at the usual flow is no new care."""
    telling = near.telling
    if _SATURATION.match(near.document.folded, near.hit.end):
        return False  # "oxygen 98%"
    if near.performed and _HOME_RATE.search(near.around):
        telling.detail = telling.detail or "home_rate"
        if _NO_HOME.search(near.around):
            return False
        if _AT_HOME.search(near.around) and not _CARRIED_ON.search(near.around):
            telling.performer = "other"
    return telling.status != "not_performed" or not near.document.folded.endswith(
        "home ", 0, near.hit.start
    )


def _electrocardiogram(near: _Near) -> bool:
    """A rhythm or a result beside it tells that it was interpreted."""
    sentence = near.document.sentence_at(near.hit.start)
    pattern = RHYTHM if near.telling.id == "cardiac_monitoring" else _RESULT
    if pattern.search(
        near.document.folded[
            max(sentence.start, near.hit.start - 50) : min(sentence.end + 40, near.hit.end + 110)
        ]
    ):
        near.telling.detail = "interpreted"
    return True


def _spinal_motion_restriction(near: _Near) -> bool:
    if _CLEARANCE.search(near.words) or _CLEARED.match(near.right):
        near.telling.status, near.telling.reason = "not_performed", "not_indicated"
    return True


def _blood_transfusion(near: _Near) -> bool:
    """Blood that runs on a transfer was hung by the hospital; a need or a count is none."""
    if not near.performed or _STARTED.search(near.around):
        return True
    if near.setting.transfer and not near.setting.air:
        near.telling.performer, near.telling.maintained = "other", True
    return not _BLOOD_NEEDED.search(near.around) or bool(_BLOOD_RUNS.search(near.around))


def _iv_fluid_bolus(near: _Near) -> bool:
    """Saline that washes, dilutes, locks or moistens is no fluid bolus."""
    folded, start = near.document.folded, near.hit.start
    return not near.performed or not (
        _WASHED.search(folded, max(0, start - 26), start)
        or _DILUTES.search(folded, max(0, start - 20), start)
        or _LOCKS.search(near.right[:14])
    )


def _is_arterial(near: _Near) -> bool:
    """An "A-line" or "A line", not "a line"."""
    if near.words != "a line":
        return True
    words = near.document.span(near.hit.start, near.hit.end).text
    return "-" in words or (
        words.startswith("A ") and _ARTERIAL_WORDS.search(near.around) is not None
    )


def _wound_care(near: _Near) -> bool:
    """A dry dressing of a burn is burn care; a dressing that was there is not this crew's."""
    folded, telling = near.document.folded, near.telling
    if _BURNED.search(folded) and _DRY.search(folded[near.hit.start - 12 : near.hit.end + 20]):
        telling.id = "burn_care"
    elif (
        near.performed
        and telling.performer == "crew"
        and _WORN.search(near.words + near.right[:34])
        and not _DRESSED_NOW.search(near.around)
    ):
        telling.performer = "other"
    return True


def _patient_warming(near: _Near) -> bool:
    """A blanket for comfort is no warming."""
    return "blanket" not in near.words or bool(_COLD.search(near.document.folded))


def _mechanical_ventilation(near: _Near) -> bool:
    """A ventilator on a transfer is managed by the team; a tube may be "vented"."""
    before = near.around[: near.around.find(near.words)] if near.words == "vented" else ""
    if before and _OTHER_VENT.search(before):
        return False
    if near.setting.transfer and near.performed and near.telling.performer == "other":
        near.telling.performer = "crew"
        near.telling.doubts.append("who managed the ventilator is not plainly told")
    return True


def _team_care(near: _Near) -> bool:
    """Done all along a transfer, by whoever of the team rides with the patient."""
    if (
        near.setting.transfer
        and near.telling.performer == "other"
        and any(_TEAM.fullmatch(cue.text.lower()) for cue in near.telling.cues)
    ):
        near.telling.performer = "crew"
        near.telling.doubts.append("a nurse or therapist did it, whether of this crew is not told")
        return True
    # the waveform of an arterial line
    return near.words != "waveform" or not _ARTERIAL.search(near.around)


def _splinting(near: _Near) -> bool:
    """A cast or brace that was worn before is not this crew's."""
    telling = near.telling
    if (
        telling.performer == "crew"
        and near.performed
        and (_CAST.search(near.words) or _WEARS.search(near.around))
        and not _DRESSED_NOW.search(near.right[:30])
    ):
        telling.performer = "other"
    return True


def _chest_seal(near: _Near) -> bool:
    """An occlusive dressing elsewhere than on the chest is wound care."""
    if (
        near.words.startswith("occlusive")
        and _NOT_CHEST.search(near.around)
        and "chest" not in near.around
    ):
        near.telling.id = "wound_care"
    return True


def _patient_cooling(near: _Near) -> bool:
    """An ice pack on a sprain is no cooling of a hot patient."""
    return not _LOCAL_COLD.match(near.document.folded, near.hit.start) or bool(
        _HOT.search(near.document.folded)
    )


def _iv_access(near: _Near) -> bool:
    """A catheter in the chest is a decompression."""
    return not _NEEDLE.search(near.around[:70])


def _childbirth_delivery(near: _Near) -> bool:
    """A birth of another day is history."""
    return not _EARLIER_BIRTH.search(near.around)


# whether a name is that procedure at all; what else it tells is put into the telling
_CLOSE_CALLS: dict[InterventionId, Callable[[_Near], bool]] = {
    "blood_glucose": _blood_glucose,
    "blood_transfusion": _blood_transfusion,
    "capnography": _team_care,
    "cardiac_monitoring": _electrocardiogram,
    "chest_seal": _chest_seal,
    "childbirth_delivery": _childbirth_delivery,
    "cpap": _team_care,
    "ecg_12_lead": _electrocardiogram,
    "iv_access": _iv_access,
    "iv_fluid_bolus": _iv_fluid_bolus,
    "mechanical_ventilation": _mechanical_ventilation,
    "oxygen": _oxygen,
    "patient_cooling": _patient_cooling,
    "patient_warming": _patient_warming,
    "spinal_motion_restriction": _spinal_motion_restriction,
    "splinting": _splinting,
    "suction": _team_care,
    "tracheostomy_care": _team_care,
    "wound_care": _wound_care,
}
