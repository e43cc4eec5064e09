"""The narrative folded for matching, with every position traceable to the original."""

from __future__ import annotations

import re
from bisect import bisect_right

from tripsheet.findings import Span

# One character to one character, so that offsets stay; runs of white space are collapsed after.
_FOLD = str.maketrans(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ\t\r\u00a0\u2018\u2019\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u00d8\u00f8\u2205",
    "abcdefghijklmnopqrstuvwxyz   ''\"\"-----\u00f8\u00f8\u00f8",
)
_INNER_HYPHEN = re.compile(r"(?<=[a-z0-9])-(?=[a-z0-9])")
_RUN = re.compile(r"[ \n]{2,}")


class Text:
    """A narrative and its folded form: lower case, one kind of dash and quote, single spaces.

    `folded` has a newline replaced by a space too; `breaks` holds the folded positions of the
    newlines, and `blank_lines` those that were followed by an empty line. Folded positions go
    back to the narrative through `span`.
    """

    __slots__ = ("_positions", "_shifts", "blank_lines", "breaks", "folded", "narrative")

    def __init__(self, narrative: str) -> None:
        self.narrative = narrative
        text = _INNER_HYPHEN.sub(" ", narrative.translate(_FOLD))
        positions: list[int] = []
        shifts: list[int] = []
        breaks: list[int] = []
        blank_lines: set[int] = set()
        if "  " in text or "\n" in text:
            pieces: list[str] = []
            last = removed = 0
            for run in _RUN.finditer(text):
                pieces.append(text[last : run.start()])
                newlines = run.group().count("\n")
                pieces.append("\n" if newlines else " ")
                if newlines > 1:
                    blank_lines.add(run.start() - removed)
                removed += run.end() - run.start() - 1
                positions.append(run.start() - removed + run.end() - run.start())
                shifts.append(removed)
                last = run.end()
            pieces.append(text[last:])
            text = "".join(pieces)
            at = text.find("\n")
            while at >= 0:
                breaks.append(at)
                at = text.find("\n", at + 1)
            text = text.replace("\n", " ")
        self.folded = text
        self.breaks = breaks
        self.blank_lines = blank_lines
        self._positions = positions
        self._shifts = shifts

    def position(self, at: int) -> int:
        """The place in the narrative of a place in the folded text."""
        if not self._positions:
            return at
        index = bisect_right(self._positions, at) - 1
        return at + self._shifts[index] if index >= 0 else at

    def span(self, start: int, end: int) -> Span:
        """The words of the narrative behind a stretch of the folded text."""
        if self._positions:
            start, end = self.position(start), self.position(end - 1) + 1
        return Span(start, end, self.narrative[start:end])
