"""One pass over the folded narrative for every phrase of the lexicons."""

from __future__ import annotations

from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tripsheet.lexicon import Entry, Lexicon


class Hit(NamedTuple):
    """A phrase found: folded positions and what it stands for."""

    start: int
    end: int
    entry: Entry


# families whose terms name one thing each: a term that overlaps an earlier one is part of it
_WHOLE = frozenset({"drug"})


class Scanner:
    """All phrases of a lexicon in one automaton; safe to share, built once a process."""

    def __init__(self, lexicon: Lexicon) -> None:
        phrases = sorted(lexicon.phrases)
        self._automaton = AhoCorasick(
            phrases, matchkind=MatchKind.Standard, implementation=Implementation.DFA
        )
        self._entries = [tuple(lexicon.phrases[phrase]) for phrase in phrases]
        self._letter_start = [phrase[0].isalpha() for phrase in phrases]
        self._letter_end = [phrase[-1].isalpha() for phrase in phrases]
        self._digit_start = [phrase[0].isdigit() for phrase in phrases]
        self._digit_end = [phrase[-1].isdigit() for phrase in phrases]

    def scan(self, text: str) -> list[Hit]:
        """Every phrase on word boundaries, by place; within a family the longest wins.

        Phrases of one family that stand inside a longer one of it are left out, so "no relief"
        hides the cue "no", and a listed look-alike hides the term it contains.
        """
        letter_start, letter_end, entries = self._letter_start, self._letter_end, self._entries
        digit_start, digit_end = self._digit_start, self._digit_end
        padded = text + " "
        found = []
        for pattern, start, end in self._automaton.find_matches_as_indexes(text, overlapping=True):
            # a letter against a digit is a border too: "4L NC", "ASA324"
            after = padded[end]
            if (after.isalpha() and letter_end[pattern]) or (after.isdigit() and digit_end[pattern]):
                continue
            if start:
                before = text[start - 1]
                if (before.isalpha() and letter_start[pattern]) or (
                    before.isdigit() and digit_start[pattern]
                ):
                    continue
            found.append((start, -end, pattern))
        found.sort()
        reached: dict[str, tuple[int, int]] = {}
        hits: list[Hit] = []
        nowhere = (-1, -1)
        for start, negative_end, pattern in found:
            end = -negative_end
            for entry in entries[pattern]:
                family = entry.family
                longest = reached.get(family, nowhere)
                if (start, end) != longest and (
                    end <= longest[1] or (start < longest[1] and family in _WHOLE)
                ):
                    continue
                if end > longest[1]:
                    reached[family] = (start, end)
                if entry.kind != "not":
                    hits.append(Hit(start, end, entry))
        return hits


