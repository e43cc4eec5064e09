"""Numbered units ("Engine 4", "M12", "AMR 23"): which one reports, and which are others.

The reporting unit is this crew; every other unit is another agency until its people ride along.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tripsheet.lexicon import Entry
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.scan import Hit

_END = (
    r"(?:'s)?\b(?![./:%]| ?(?:mg|mcg|ml|cc|l\b|lpm|min|y/?o|mi\b|g\b|hr|level|spine|vertebra"
    r"|burst|compression|fx|fracture|tenderness|person))"
)
_UNIT = Pattern(
    r"\b(?:(?P<fire>engine|eng|ladder|truck|squad|tower|quint|battalion|brush|utility|company|sq"
    r"|bn|bc)"
    r"|(?P<medic>medic|ambulance|amb|med|rescue|als|bls|unit|paramedic|amr|mu|ru))"
    rf" ?#?(?P<number>\d{{1,4}}){_END}"
)
# "M12", "e#4"; the digit first: `re` then leaps from digit to digit, most behind no letter
_LETTERED = re.compile(
    rf"[0-9](?<=[eltma#].)(?:(?<=\b([eltma])\d)|(?<=\b([eltma])#\d))\d{{0,3}}{_END}"
)
_FIRE_LETTERS = frozenset({"e", "l", "t"})
# a bare letter names a unit only where the letter is used so more than once or begins the text
_LETTERS = frozenset({"e", "l", "t", "m", "a", "sq", "bn", "bc", "mu", "ru"})
_ACTS = re.compile(
    r"^(?:'s|s)?(?: crew| medic| personnel| and [a-z]+ ?\d*)? (?:was |were "
    r"|is )?(?:dispatched|responded|responds|responding|arrived|arrives|transport"
    r"|transporting|transported|on scene|enroute|en route|toned|requested|assigned|sent"
    r"|called)\b"
)
_TRANSPORTS = re.compile(
    r"^(?:'s)?(?: crew)? (?:then |also )?(?:transported|transports|transporting"
    r"|took (?:the )?(?:pt|patient)|loaded)\b"
)
_TOGETHER = re.compile(r"(?: crew)? ?(?:and|&|\+|,|/|w/|with) ?")
_ON_WHEELS = ("medic ", "ambulance ", "amb ", "als ", "bls ", "amr ", "paramedic ")
# a department's own people, named by rank: "FF/PM Ruiz", "Capt. Dorn", "Engineer Lee"
_MEMBER = Pattern(
    r"\b(?P<dual>ff ?/ ?(?:pm|p|paramedic|medic|emt|emtp|emt p|aemt)|ff ?pm|ffp"
    r"|fire ?fighter ?/ ?\w+)\b"
    r"|\b(?:ffs?|fire ?fighters?|capt(?:ain)?|lt|lieutenant|engineer|fao|batt(?:alion)? chief)"
    r"\b\.?(?= [a-z]+)"
)
_OWN = Entry("agent", "crew", "agent", "unit")
_OTHER = Entry("agent", "other", "agent", "unit")


class Units(NamedTuple):
    """The numbered units of a narrative as agents, and whether an engine company reports."""

    hits: list[Hit]
    own: str | None
    engine: bool


def find_members(document: Document, *, engine: bool) -> list[Hit]:
    """People named by their rank in a fire department, as agents of this crew.

    In a fire company's own report every one of them; elsewhere only a firefighter who is a medic
    or EMT too and is called by name, since a stranger's name is seldom known.
    """
    text = document.text
    found: list[Hit] = []
    for match in document.find(_MEMBER):
        named = _NAME.match(text.narrative, text.position(match.end())) is not None
        if (engine and (named or match["dual"])) or (match["dual"] and named):
            found.append(Hit(match.start(), match.end(), _OWN))
    return found


_NAME = re.compile(r"\.? [A-Z][a-z]+")


def find_units(document: Document, *, air: bool = False) -> Units:
    """The units named in a narrative, each an agent of this crew or of others.

    To a crew that flies an ambulance with a number is another's.
    """
    folded = document.folded
    found: list[tuple[int, int, str, bool]] = []
    for match in document.find(_UNIT):
        word = match["fire"] or match["medic"]
        if word in _LETTERS and " " in match.group():
            continue  # "mu 5" is no unit
        found.append((*match.span(), f"{word[0]}{match['number']}", match["fire"] is not None))
    for match in _LETTERED.finditer(folded):
        letter, number = match[match.lastindex or 0], match.group().removesuffix("'s")
        start = match.start(match.lastindex or 0)
        found.append((start, match.end(), f"{letter}{number}", letter in _FIRE_LETTERS))
    found.sort()
    names = [name for _, _, name, _ in found]
    found = [
        unit for unit in found
        if folded[unit[0] : unit[1]].rstrip("0123456789'").strip() not in _LETTERS
        or names.count(unit[2]) > 1
        or unit[0] < 30
        or _ACTS.match(folded, unit[1])
    ]  # fmt: skip
    if not found:
        return Units([], None, False)
    transporting = [unit for unit in found if _TRANSPORTS.match(folded[unit[1] : unit[1] + 40])]
    opening = [unit for unit in found if unit[0] < 60]
    medics = [unit for unit in found if not unit[3]]
    candidates = opening or medics or transporting
    if not candidates:
        return Units([Hit(start, end, _OTHER) for start, end, _, _ in found], None, False)
    own = candidates[0]
    if own[3]:
        # of an engine and an ambulance sent together, the ambulance carries the patient
        own = next(
            (
                unit
                for unit in candidates
                if not unit[3] and _TOGETHER.fullmatch(folded, own[1], unit[0])
            ),
            own,
        )
    # a fire company tells of its department's units together; an ambulance tells them apart
    hits = [
        Hit(
            start,
            end,
            _OWN
            if (own[3] or name == own[2]) and not (air and folded.startswith(_ON_WHEELS, start))
            else _OTHER,
        )
        for start, end, name, _ in found
    ]
    return Units(hits, own[2], own[3])
