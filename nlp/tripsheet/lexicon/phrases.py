"""Phrases as the lexicons write them, and the spelling variants that they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import pairwise, product

# of an opening as many letters as tell it from other words, and of a row few openings
_LONGEST_OPENING = 12
_MOST_OPENINGS = 100

_RANGE = re.compile(r"(\d{1,4})\.\.(\d{1,4})")
_WORD = re.compile(r"[a-z]+")
# a letter against a digit is a border too
_WORD_ENDS = r"(?:(?<=[^\W\d_])(?![^\W\d_])|(?<=\d)(?!\d)|(?<=[\W_]))"
_Match = Callable[[str, int], re.Match[str] | None]


def expand(phrase: str) -> list[str]:
    """All strings of a phrase in which `(a|b)` is a choice and `(a|)` may be left out.

    `(10..12)`, also as one of several choices, is each whole number from 10 to 12. Parentheses
    without a bar or a range stand for themselves; "n't" may be written "nt".

    >>> expand("unable to (walk|stand( up|))")
    ['unable to walk', 'unable to stand up', 'unable to stand']
    >>> expand("grade (2..4|iv)")
    ['grade 2', 'grade 3', 'grade 4', 'grade iv']
    >>> expand("(-)")
    ['(-)']
    """
    if "(" not in phrase and "n't" not in phrase:
        return [tidy(phrase)]
    variants = ["".join(parts) for parts in product(*_parts(phrase))]
    # crews leave the apostrophe of "didn't" out
    plain = [variant.replace("n't", "nt") for variant in variants if "n't" in variant]
    return list(dict.fromkeys(map(tidy, (*variants, *plain))))


def tidy(phrase: str) -> str:
    """A phrase with single spaces and none at its ends."""
    return " ".join(phrase.split())


def _parts(phrase: str) -> list[list[str]]:
    """A phrase as a row of choices; plain text is a choice of one."""
    parts: list[list[str]] = []
    plain = 0
    at = phrase.find("(")
    while at >= 0:
        close, edges = _group(phrase, at)
        if not edges:
            at = phrase.find("(", at + 1)
            continue
        parts.append([phrase[plain:at]])
        parts.append(
            [
                variant
                for left, right in pairwise(edges)
                for variant in _alternative(phrase[left + 1 : right])
            ]
        )
        plain = close + 1
        at = phrase.find("(", plain)
    parts.append([phrase[plain:]])
    return parts


def _alternative(written: str) -> list[str]:
    """The strings of one side of a bar."""
    numbers = _numbers(written)
    if numbers is not None:
        return [str(number) for number in numbers]
    return ["".join(row) for row in product(*_parts(written))]


def _numbers(written: str) -> range | None:
    """The numbers of a range as it is written, `10..12`."""
    match = _RANGE.fullmatch(written)
    return range(int(match[1]), int(match[2]) + 1) if match is not None else None


def _group(phrase: str, start: int) -> tuple[int, list[int]]:
    """Where the parenthesis that opens at `start` closes, and the edges of its alternatives: both
    parentheses and the bars between. None where it never closes or stands for itself."""
    depth = 0
    bars: list[int] = []
    for at in range(start, len(phrase)):
        character = phrase[at]
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                told = bars or _RANGE.fullmatch(phrase, start + 1, at)
                return at, [start, *bars, at] if told else []
        elif character == "|" and depth == 1:
            bars.append(at)
    return -1, []


def variants(phrase: str) -> int:
    """How many strings `expand` would make, counted without making them (repeats included).

    >>> variants("unable to (walk|stand( up|))"), variants("grade (2..4|iv)")
    (3, 4)
    """
    total, at = 1, phrase.find("(")
    while at >= 0:
        close, edges = _group(phrase, at)
        if not edges:
            at = phrase.find("(", at + 1)
            continue
        total *= sum(_count(phrase[left + 1 : right]) for left, right in pairwise(edges))
        at = phrase.find("(", close + 1)
    return total


def _count(written: str) -> int:
    numbers = _numbers(written)
    return variants(written) if numbers is None else len(numbers)


class Template:
    """A phrase that stands for so many strings that it is compared with a text as it is written.

    Only where one of its `openings` stands is it tried. It matches the strings of `expand`,
    folded, the longest that fits, if it is written with one space between words, whichever of its
    choices are taken; `tripsheet lexicon check` tells where one is not.

    >>> Template("fell (about |)(10..60|ten) (ft|feet)").end("he fell about 15 feet off", 3)
    21
    """

    __slots__ = ("_expression", "_match", "openings", "phrase", "words")

    def __init__(self, phrase: str) -> None:
        """`phrase` is folded; see `tripsheet.reading.text.plain_folded`."""
        self.phrase = phrase
        parts = [
            dict.fromkeys([*choices, *(choice.replace("n't", "nt") for choice in choices)])
            for choices in _parts(tidy(phrase))
            if choices != [""]
        ]
        self._expression = "".join(map(_any_of, parts)) + _WORD_ENDS
        self._match: _Match | None = None
        self.openings, self.words = _begun(parts)

    def end(self, text: str, start: int) -> int:
        """Where the phrase ends, on a word border, that begins at `start` of a folded text; or -1.

        Whether a word begins at `start` is for the caller to know.
        """
        match = self._match
        if match is None:
            match = self._match = re.compile(self._expression).match
        found = match(text, start)
        return found.end() if found is not None else -1


def _any_of(choices: Iterable[str]) -> str:
    """An expression for one of some strings, the longest first."""
    longest_first = sorted(choices, key=lambda choice: (-len(choice), choice))
    return f"(?:{'|'.join(map(re.escape, longest_first))})"


def _begun(parts: list[dict[str, None]]) -> tuple[frozenset[str], frozenset[str]]:
    """What the strings of a phrase in parts begin with, and all words in them."""
    openings = {""}
    growing = True
    pieces = {""}
    words: set[str] = set()
    for choices in parts:
        # beyond that only their first letters would be kept
        growing = growing and len(openings) * len(choices) <= _MOST_OPENINGS * 10
        if growing or openings == {""}:
            openings = {
                (opening + choice)[:_LONGEST_OPENING] for opening in openings for choice in choices
            }
        # the last word of what was read so far may go on in the next part
        grown = {piece + choice for piece in pieces for choice in choices}
        pieces = set()
        for text in grown:
            begun, _, last = text.rpartition(" ")
            words.update(_WORD.findall(begun))
            pieces.add(last)
    words.update(word for piece in pieces for word in _WORD.findall(piece))
    size = _LONGEST_OPENING
    while len(openings) > _MOST_OPENINGS:
        size -= 1
        openings = {opening[:size] for opening in openings}
    shortest: list[str] = []
    for opening in sorted(openings):
        if not shortest or not opening.startswith(shortest[-1]):
            shortest.append(opening)
    return frozenset(shortest), frozenset(words)
