"""The narrative folded for matching, with every position traceable to the original."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

from tripsheet.findings import Span
from tripsheet.reading.dictation import spoken_numbers

# One character to one character, so that offsets stay; runs of white space are collapsed after.
_FOLD = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\r\u00a0\u2018\u2019\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u00d8\u00f8\u2205\u00d7",
    "abcdefghijklmnopqrstuvwxyz   ''\"\"-----\u00f8\u00f8\u00f8x",
)
# the hyphen first: `re` then leaps from hyphen to hyphen
_INNER_HYPHEN = re.compile(r"-(?<=[a-z0-9]-)(?=[a-z0-9])")
# not `{2,}`: `re` leaps to the first character where that is one of a class
_RUN = re.compile(r"[ \n][ \n]+")
# a label behind two spaces begins a field of a form's row: "SOB: Yes  CP: No"
_LABEL = re.compile(r"[a-z][a-z0-9/() ]{0,24}[:?](?!\d)")
_NONE: Mapping[str, str] = {}


def plain_folded(text: str) -> str:
    """A text in lower case with one kind of dash and quote and no hyphens inside words; every
    character stays in its place."""
    return _INNER_HYPHEN.sub(" ", text.translate(_FOLD))


class Text:
    """A narrative and its folded form: lower case, one kind of dash and quote, single spaces,
    spoken numbers in digits, the given `corrections` of misspelled words made.

    `folded` has a newline replaced by a space too; `breaks` holds the folded positions of the
    newlines, `blank_lines` those that were followed by an empty line, and `fields` those of the
    wide gaps between the fields of a form's row. Folded positions go back to the narrative
    through `span`.
    """

    __slots__ = ("_positions", "_shifts", "blank_lines", "breaks", "fields", "folded", "narrative")

    def __init__(self, narrative: str, corrections: Mapping[str, str] = _NONE) -> None:
        self.narrative = narrative
        text = plain_folded(narrative)
        positions: list[int] = [0]
        shifts: list[int] = [0]
        breaks: list[int] = []
        blank_lines: set[int] = set()
        fields: list[int] = []
        edits: list[tuple[int, int, str]] = []
        if "  " in text or "\n" in text:
            edits = [
                (run.start(), run.end(), "\n" if "\n" in run.group() else " ")
                for run in _RUN.finditer(text)
            ]
        spoken = spoken_numbers(text)
        if corrections:
            wrong = re.compile(rf"(?<![a-z])(?:{'|'.join(sorted(corrections))})(?![a-z])")
            edits += [(m.start(), m.end(), corrections[m.group()]) for m in wrong.finditer(text)]
        if spoken or corrections:
            edits = sorted([*edits, *spoken])
        if edits:
            pieces: list[str] = []
            last = length = 0
            for start, end, replacement in edits:
                if start < last:
                    continue
                pieces += (text[last:start], replacement)
                length += start - last + len(replacement)
                if replacement == "\n" and text.count("\n", start, end) > 1:
                    blank_lines.add(length - 1)
                elif replacement == " " and (end - start > 3 or _LABEL.match(text, end)):
                    fields.append(length)
                positions.append(length)
                shifts.append(end - length)
                last = end
            pieces.append(text[last:])
            text = "".join(pieces)
        at = text.find("\n")
        if at >= 0:
            while at >= 0:
                breaks.append(at)
                at = text.find("\n", at + 1)
            text = text.replace("\n", " ")
        self.folded = text
        self.breaks = breaks
        self.blank_lines = blank_lines
        self.fields = fields
        self._positions = positions
        self._shifts = shifts

    def position(self, at: int) -> int:
        """The place in the narrative of a place in the folded text."""
        return at + self._shifts[bisect_right(self._positions, at) - 1]

    def span(self, start: int, end: int) -> Span:
        """The words of the narrative behind a stretch of the folded text."""
        positions, shifts = self._positions, self._shifts
        start += shifts[bisect_right(positions, start) - 1]
        end += shifts[bisect_right(positions, end) - 1]
        return Span(start, end, self.narrative[start:end])
