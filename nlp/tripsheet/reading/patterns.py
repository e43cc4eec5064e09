"""Regular expressions that are tried only where one of their first words stands.

An expression that begins on a word border with known letters ("\\b(?:sending|receiving) ...")
need not be tried at every character of a narrative: the scan (`scan.py`) finds its openings
together with the phrases of the lexicons, and only there is the expression matched. What is
found is what `re` would find.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, ClassVar

# an opening needs no more than tells it from other words
_LONGEST = 12
_SHORTEST = 2
_MOST = 200
# stands for any digit
_DIGIT = "\0"


_Match = Callable[[str, int], re.Match[str] | None]


class Pattern:
    """A regular expression with the openings that each of its matches has one of.

    Raises ValueError for an expression that can begin inside a word or with less than two known
    characters, unless that is a digit.
    """

    __slots__ = ("_match", "at_number", "openings", "pattern")

    _all: ClassVar[list[Pattern]] = []

    def __init__(self, expression: str) -> None:
        self.pattern = expression
        self.openings, self.at_number = openings(expression)
        self._match: _Match | None = None
        """Made when the pattern is first tried: many narratives have the openings of few."""
        Pattern._all.append(self)

    @classmethod
    def all(cls) -> tuple[Pattern, ...]:
        """Every pattern made so far."""
        return tuple(cls._all)

    def matches(self, text: str, places: Iterable[int]) -> list[re.Match[str]]:
        """The matches as `finditer` gives them; `places` are where the openings stand, and where
        numbers begin for a pattern that may begin with one (`at_number`)."""
        match, reached = self._match, 0
        if match is None:
            match = self._match = re.compile(self.pattern).match
        matches: list[re.Match[str]] = []
        for place in sorted(places):
            if place >= reached:
                found = match(text, place)
                if found is not None:
                    reached = found.end()
                    matches.append(found)
        return matches


def openings(expression: str) -> tuple[frozenset[str], bool]:
    r"""Literals of which one begins each match of an expression, and whether a number may.

    >>> literals, number = openings(r"\b(?:\d+ miles|sign(?:ed|s)? (?:the )?ama)\b")
    >>> sorted(literals), number
    (['sign ama', 'sign the ama', 'signed ama', 'signed the a', 'signs ama', 'signs the am'], True)
    """
    parsed = parser.parse(expression)
    if not _on_border(parsed):
        raise ValueError(f"{expression[:40]}... may begin inside a word.")
    found = {text[:_LONGEST] for text, _ in _extended({("", True)}, parsed)}
    found = {text if text == _DIGIT else text.partition(_DIGIT)[0] for text in found}
    shortest = {
        text for text in found if not any(text[:size] in found for size in range(len(text)))
    }
    for text in shortest - {_DIGIT}:
        if len(text) < _SHORTEST:
            raise ValueError(f"{expression[:40]}... may begin with {text!r}, which tells nothing.")
    return frozenset(shortest - {_DIGIT}), _DIGIT in shortest


def _on_border(nodes: Any) -> bool | None:
    """Whether a sequence of parsed nodes can only begin on a word border; None if it is empty."""
    for code, value in nodes:
        border: bool | None = None
        if code is codes.AT:
            border = value in (codes.AT_BOUNDARY, codes.AT_BEGINNING)
        elif code is codes.ASSERT_NOT:
            border = (value[0] < 0 and _excludes_letters(value[1])) or None
        elif code is codes.ASSERT:
            border = (value[0] < 0 and _ends_in_sign(value[1])) or None
        elif code is codes.SUBPATTERN:
            border = _on_border(value[3])
        elif code is codes.BRANCH:
            borders = {_on_border(branch) for branch in value[1]}
            border = False if False in borders else None if None in borders else True
        else:
            border = _ends_in_sign([(code, value)])
        if border is not None:
            return border
    return None


def _ends_in_sign(nodes: Any) -> bool:
    """Whether a sequence of parsed nodes ends in a sign or space."""
    code, value = nodes[-1]
    letters = [letter for kind, letter in value] if code is codes.IN else [value]
    return code in (codes.IN, codes.LITERAL) and not any(
        not isinstance(letter, int) or chr(letter).isalnum() for letter in letters
    )


def _excludes_letters(nodes: Any) -> bool:
    """Whether what a look-behind forbids is any letter or digit: `[a-z0-9]`, `\\w`."""
    code, value = nodes[-1]
    return (
        len(nodes) == 1
        and code is codes.IN
        and (
            (codes.CATEGORY, codes.CATEGORY_WORD) in value
            or {(codes.RANGE, (ord("a"), ord("z"))), (codes.RANGE, (ord("0"), ord("9")))}
            <= set(value)
        )
    )


_Literals = set[tuple[str, bool]]
"""Beginnings of a match, each with whether it may still grow."""


# letters in a row, as one node
_LETTERS = object()


def _joined(nodes: Any) -> Iterator[tuple[Any, Any]]:
    """Parsed nodes with each row of letters, as far as an opening reaches, as one."""
    letters = ""
    for code, value in nodes:
        if code is codes.LITERAL:
            letters += chr(value)
            continue
        if letters:
            yield _LETTERS, letters[:_LONGEST]
            letters = ""
        yield code, value
    if letters:
        yield _LETTERS, letters[:_LONGEST]


def _extended(begun: _Literals, nodes: Any) -> _Literals:
    """Beginnings lengthened by what a sequence of parsed nodes matches."""
    for code, value in _joined(nodes):
        growing = {text for text, grows in begun if grows}
        if not growing:
            break
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            continue
        closed = {(text, False) for text, grows in begun if not grows}
        tails = _tails(code, value)
        longer = {
            (text + tail, grows and len(text + tail) < _LONGEST)
            for text in growing
            for tail, grows in tails
        }
        begun = closed | longer
        size = _LONGEST
        while len(begun) > _MOST:
            size -= 1
            begun = {(text[:size], grows and len(text) < size) for text, grows in begun}
    return begun


def _tails(code: Any, value: Any) -> _Literals:
    """What one parsed node may match, as far as it is known letters."""
    if code is _LETTERS:
        return {(value, True)}
    if code is codes.IN and all(map(_is_digit, value)):
        return {(_DIGIT, False)}
    if code is codes.IN and all(kind is codes.LITERAL for kind, _ in value):
        return {(chr(letter), True) for _, letter in value}
    if code is codes.SUBPATTERN:
        return _extended({("", True)}, value[3])
    if code is codes.BRANCH:
        return {tail for branch in value[1] for tail in _extended({("", True)}, branch)}
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        least, most, body = value
        once = _extended({("", True)}, body)
        if most > 1:
            once = {(tail, False) for tail, _ in once}
        return once | {("", True)} if least == 0 else once
    return {("", False)}


def _is_digit(item: Any) -> bool:
    """Whether an item of a character class is a digit, a range of them or all of them."""
    kind, value = item
    if kind is codes.RANGE:
        return bool(ord("0") <= value[0] and value[1] <= ord("9"))
    return bool(kind is codes.CATEGORY and value is codes.CATEGORY_DIGIT)


def guarded(expression: str) -> re.Pattern[str]:
    r"""An expression for short stretches, tried only at a character that can begin a match.

    `re` tries each alternative at each place; one look at the character spares nearly all of it.

    Raises ValueError for an expression that may match nothing or begin with any character.

    >>> guarded(r"\b(?:x ?\d|tot(?:al)?)\b").pattern
    '(?=[tx])(?:\\b(?:x ?\\d|tot(?:al)?)\\b)'
    """
    begins, empty = _begins(parser.parse(expression))
    if empty or None in begins:
        raise ValueError(f"{expression[:40]}... may begin with any character.")
    return re.compile(f"(?=[{''.join(sorted(filter(None, begins)))}])(?:{expression})")


_CLASSES = {
    codes.CATEGORY_DIGIT: r"\d",
    codes.CATEGORY_SPACE: r"\s",
    codes.CATEGORY_WORD: r"\w",
}


def _begins(nodes: Any) -> tuple[set[str | None], bool]:
    """What can begin a match of parsed nodes, as items of a character class (None: anything), and
    whether a match can be empty."""
    found: set[str | None] = set()
    for code, value in nodes:
        if code in (codes.AT, codes.ASSERT, codes.ASSERT_NOT):
            continue
        begins, empty = _begins_of(code, value)
        found |= begins
        if not empty:
            return found, False
    return found, True


def _begins_of(code: Any, value: Any) -> tuple[set[str | None], bool]:
    """What can begin a match of one parsed node, and whether it can be empty."""
    if code is codes.LITERAL:
        return {re.escape(chr(value))}, False
    if code is codes.IN:
        return {_class_item(kind, letter) for kind, letter in value}, False
    if code is codes.SUBPATTERN:
        return _begins(value[3])
    if code is codes.BRANCH:
        branches = [_begins(branch) for branch in value[1]]
        begins = {item for branch, _ in branches for item in branch}
        return begins, any(empty for _, empty in branches)
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT):
        begins, empty = _begins(value[2])
        return begins, empty or value[0] == 0
    return {None}, False


def _class_item(kind: Any, value: Any) -> str | None:
    """One item of a parsed character class as it is written; None for one that excludes."""
    if kind is codes.LITERAL:
        return re.escape(chr(value))
    if kind is codes.RANGE:
        return "-".join(re.escape(chr(letter)) for letter in value)
    return _CLASSES.get(value) if kind is codes.CATEGORY else None
