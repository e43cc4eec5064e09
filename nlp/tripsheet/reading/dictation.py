"""Spoken numbers and punctuation of dictated narratives, written out before anything is read.

"fifty micrograms", "ninety over fifty", "eighty six percent", "point four milligrams" and the
homophones "for milligrams" and "to milligrams" become 50, 90, 50, 86, 0.4, 4 and 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_ONES = {
    word: value
    for value, word in enumerate(
        """
            zero one two three four five six seven eight nine ten eleven twelve thirteen
            fourteen fifteen sixteen seventeen eighteen nineteen
        """.split()
    )
}
_TENS = {
    word: value * 10
    for value, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
_TENS["fourty"] = 40


def _any_of(words: Iterable[str], *, begun: bool = False) -> str:
    """An expression for any of some words, which `re` asks for each first letter once; with
    `begun` for what follows the first letter, which stands before it."""
    rests: dict[str, list[str]] = {}
    for word in words:
        rests.setdefault(word[0], []).append(word[1:])
    return "|".join(
        f"{f'(?<={letter})' if begun else letter}(?:{'|'.join(rest)})"
        for letter, rest in rests.items()
    )


SMALL = {**_ONES, **_TENS}
"""The number words below a hundred, each with its value."""
_DIGIT = "one|two|three|four|five|six|seven|eight|nine"
_TEEN = "ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
_UNDER_HUNDRED = rf"(?:(?:{'|'.join(_TENS)})(?:\s(?:{_DIGIT}))?|{_TEEN}|{_DIGIT}|zero)\b"
# "two hundred (and) twelve", "one oh four", "one twenty (four)", "eighty six", "(eight) point four"
_SPOKEN = re.compile(
    rf"\b(?:(?:{_DIGIT}|{_TEEN}|a)\s(?:hundred|thousand)\b(?:\s(?:and\s)?{_UNDER_HUNDRED})?"
    rf"|(?:{_DIGIT})\soh\s(?:{_DIGIT})\b"
    rf"|(?:{_DIGIT})\s(?:(?:{'|'.join(_TENS)})(?:\s(?:{_DIGIT}))?|{_TEEN})\b"
    rf"|{_UNDER_HUNDRED})(?:\spoint(?:\s(?:zero|{_DIGIT}))+\b)?"
    rf"|\b(?:oh\s|zero\s)?point(?:\s(?:zero|{_DIGIT}))+\b"
)
_IN_RUN = [*SMALL, "a", "oh", "point", "hundred", "thousand", "and"]
# the first letter alone, here and below: `re` then leaps from one to the next
_RUN = re.compile(
    rf"[{''.join(sorted({word[0] for word in _IN_RUN}))}](?<!\w.)"
    rf"(?:{_any_of(_IN_RUN, begun=True)})\b\s?(?:(?:{_any_of(_IN_RUN)})\b\s?)*"
)
_UNIT = (
    r"(?:milli ?grams?|milligrammes?|micrograms?|mics|mikes|mcg|mgs?|gms?|grams?|liters?|litres?"
    r"|units|milliliters?|mls?|cc|percent|gauge|joules|millequivalents|milliequivalents|meq|amps?"
    r"|tabs?|tablets?|vials?|nebs?|doses?|puffs?|sprays?|drops|l p m|lpm)"
)
_HOMOPHONE = re.compile(
    r"[afhtw](?<!\w.)(?:"
    rf"(?:(?<=f)ore?|(?<=t)(?:oo?|ent)|(?<=w)on|(?<=a)te)\s(?={_UNIT}\b)"
    r"|(?<=h)alf(?: an?)?\s(?=(?:milli|m?g\b|gram|amp|tab|vial)))"
)
_HOMOPHONE_HINTS = ("ligram", "crogram", "half ")
_HOMOPHONES = {"for": "4", "fore": "4", "to": "2", "too": "2", "won": "1", "ate": "8", "tent": "10"}
# where a number of spoken words is meant as one: beside a unit, a measure's name or "over"
_BEFORE = re.compile(
    r"\b(?:pressures?|bp|b p|bee pee|systolic|diastolic|over|pulse|rate|hr|respirations?|resps?"
    r"|breathing|breaths|sats?|satting|saturations?|spo2|s p o two|ox|o2|oh two|oxygen|gcs|g c s"
    r"|glasgow|cincinnati|lams|race|nih(?:ss)?|glucose|sugars?|bgl|b g l|stick|temp"
    r"|temperature|fever|pain|score|scale|level|co2"
    r"|tidal|capno\w*|number|size|medic|engine|unit|mileage|x|of|at|is|was|are|were|to|times|about"
    r"|approximately|around|reads?|reading|showed|shows|returned|stayed|remained|now|then)\s"
    r"(?:(?:is|was|are|were|of|at|now|then|about|around|only|just|still|initially|first|again|down"
    r"|up|to|with|an?|the|low|high|steady|holding|back)\s)*$"
)
_AFTER = re.compile(
    rf"\s(?:{_UNIT}|over\b|out of\b|miles?\b|minutes?|year|years|y\W?o"
    rf"|beats|breaths|loaded|statute|on (?:room air|ra|\d)|room air|per minute|times a minute"
    rf"|and regular|point)"
)
_WRITTEN_NUMBER = re.compile(r"\d+")
_WRITTEN = {
    "period": " .", "full stop": " .", "comma": " ,", "colon": " :", "semicolon": " ;",
    "new line": "\n", "next line": "\n", "new paragraph": "\n", "next paragraph": "\n",
}  # fmt: skip
_MARKS = re.compile(
    r" (?:period|full stop|comma|colon|semicolon|new line|next line|new paragraph"
    r"|next paragraph)\b(?! of| for| from)"
)


# abbreviations told letter by letter, "I V", "O.P.A."; a hint of one comes before the pattern
_LETTERED = (
    "iv", "io", "opa", "npa", "bvm", "cpap", "bipap", "ekg", "ecg", "aed", "cpr", "ett", "als",
    "bls", "emt", "nrb", "etco2", "etco", "gcs", "rsi", "svt", "pea", "ptoa", "pta", "ivp", "cva",
    "tia", "ed", "er", "icu", "snf", "pcs", "ras", "rn", "lpm", "bgl", "sob", "ama", "asa", "tko",
)  # fmt: skip
_SPELT = re.compile(
    r"[a-z](?<![a-z0-9].)(?:(?<!['.].)(?:"
    + _any_of((r"[ .]".join(word) for word in sorted(_LETTERED, key=len, reverse=True)), begun=True)
    + r")(?![a-z0-9'])(?:(?<=\.[a-z])\.(?= (?:push|drip|infusion|bolus|access|line|fluid|start"
    r"|and|was|in|to|at|by|x|over|with|for|q|per)\b))?"
    r"|(?<=d) (?:fifty|ten|five|twenty five)\b(?! (?:minutes|hours))"
    r"|(?<=e)ye (?:oh\b(?! (?:two|2)\b)|vee\b)"
    r"|(?<=i)vy(?= (?:push|access|line|fluids?|drip|start)\b)"
    r"|(?<=milligrams i) m\b|(?<=mg i) m\b)"
)
# cheap tests of the words of a text, each behind a space: whether it can hold any of these at all
_SPELT_HINT = re.compile(
    r" (?:[a-z] [a-z] (?<="
    + "|".join(f"{first} {second} " for first, second in sorted({(w[0], w[1]) for w in _LETTERED}))
    + r"|i m )|d (?:fi|t)|eye |ivy )"
)
_NUMBER_HINT = re.compile(rf" (?:{_any_of(SMALL)}) ")


class _Words(dict[int, str]):
    """Letters and digits as they are and a space for all else, for `str.translate`."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        self[code] = character if character.isascii() and character.isalnum() else " "
        return self[code]


_WORDS = _Words()
_SPELT_HOMOPHONES = {
    "eye oh": "io", "eye vee": "iv", "ivy": "iv", "d fifty": "d50", "d ten": "d10",
    "d five": "d5", "d twenty five": "d25",
}  # fmt: skip


class Spoken(NamedTuple):
    """A stretch of a text and the digits that stand for it."""

    start: int
    end: int
    digits: str


def spoken_numbers(text: str) -> list[Spoken]:
    """The spoken numbers of a lower-case text, in order; spoken punctuation too."""
    found: list[Spoken] = []
    marks = list(_MARKS.finditer(text))
    if len(marks) > 1:
        found.extend(Spoken(m.start(), m.end(), _WRITTEN[m.group().strip()]) for m in marks)
    words = f" {text.translate(_WORDS)} "
    if _SPELT_HINT.search(words):
        found.extend(
            Spoken(match.start(), match.end(), _joined(match.group()))
            for match in _SPELT.finditer(text)
        )
    runs = _RUN.finditer(text) if _NUMBER_HINT.search(words) else ()
    spoken = [run for run in runs if not SMALL.keys().isdisjoint(run.group().split())]
    hints = sum(word in SMALL for run in spoken for word in run.group().split())
    # a text that speaks its numbers speaks all of them
    dictated = hints > 5 and hints > len(_WRITTEN_NUMBER.findall(text))
    for run in spoken:
        for match in _SPOKEN.finditer(text, run.start(), run.end()):
            before = text[max(0, match.start() - 42) : match.start()]
            if (
                _AFTER.match(text, match.end())
                or _BEFORE.search(before)
                or (dictated and match.group() not in ("one", "a"))
            ):
                found.append(Spoken(match.start(), match.end(), _digits(match.group())))
    if spoken or any(hint in text for hint in _HOMOPHONE_HINTS):
        taken = {number.start for number in found}
        found.extend(
            Spoken(match.start(), match.end() - 1, _HOMOPHONES.get(match.group().rstrip(), "0.5"))
            for match in _HOMOPHONE.finditer(text)
            if match.start() not in taken
        )
    found.sort()
    return found


def _joined(letters: str) -> str:
    """An abbreviation told letter by letter, or by a homophone, as it is written.

    >>> _joined("i.v."), _joined("o p a"), _joined("eye oh")
    ('iv', 'opa', 'io')
    """
    return _SPELT_HOMOPHONES.get(letters) or letters.replace(" ", "").replace(".", "")


def _digits(spoken: str) -> str:
    """The digits of one spoken number.

    >>> _digits("one twenty"), _digits("point four"), _digits("two hundred and twelve")
    ('120', '0.4', '212')
    """
    words = [word for word in spoken.split() if word != "and"]
    tenths = ""
    if "point" in words:
        at = words.index("point")
        tenths = "." + "".join(str(_ONES[word]) for word in words[at + 1 :])
        words = words[:at]
    total = 0
    for word in words:
        if word in ("hundred", "thousand"):
            total = (total or 1) * (100 if word == "hundred" else 1000)
        elif word in _TENS:
            # "one twenty" is a hundred and twenty
            total = total * 100 + _TENS[word] if 0 < total < 10 else total + _TENS[word]
        elif word == "oh":
            total *= 100
        elif word != "a":
            value = _ONES[word]
            total = total * 100 + value if 0 < total < 10 and value >= 10 else total + value
    return f"{total}{tenths}"
