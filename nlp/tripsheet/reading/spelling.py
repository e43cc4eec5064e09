"""Misspelled names of drugs and procedures: words that no lexicon knows, held against theirs.

A word is taken for one only when it begins with the same letter and differs by very few
letters for its length. Plain English words are never tried: `lexicons/plain_words.txt` lists
those that come near such a name.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tripsheet.lexicon import Entry, Lexicon
from tripsheet.reading.scan import Hit
from tripsheet.resources import LEXICONS

_WORD = re.compile(r"[a-z]{5,}")
_SHORTEST = 5
# procedures are spelled out in plain words; only their long ones are safe to mend
_LONG_WORD = 8


def allowed_edits(length: int) -> int:
    """How many letters may differ in a word of this length: 0 below 6, 1 below 8, then 2."""
    if length < 6:
        return 0
    return 1 if length < 8 else 2


def plain_words(path: Path = LEXICONS / "plain_words.txt") -> frozenset[str]:
    """The plain English words that a speller would take for a drug, or an empty set."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return frozenset()
    return frozenset(line for line in lines if line and not line.startswith("#"))


class Speller:
    """Finds misspelled names; holds no text beyond a bounded memory of single words."""

    def __init__(self, lexicon: Lexicon, plain_words: frozenset[str]) -> None:
        known: set[str] = set(plain_words)
        self._by_letter: dict[str, dict[str, Entry]] = {}
        for phrase, entries in lexicon.phrases.items():
            known.update(_WORD.findall(phrase))
            for entry in entries:
                if not phrase.isalpha():
                    continue
                drug = (
                    entry.kind == "drug" and len(phrase) >= _SHORTEST and not entry.info.needs_dose
                )
                care = entry.kind == "treatment" and len(phrase) >= _LONG_WORD
                if drug or care:
                    self._by_letter.setdefault(phrase[0], {})[phrase] = entry
        self._known = frozenset(known)
        self.lookup = lru_cache(maxsize=50_000)(self._lookup)

    def _lookup(self, word: str) -> Entry | None:
        forms = self._by_letter.get(word[0])
        if forms is None:
            return None
        stem = word[:-1] if word.endswith("s") and word[:-1] in forms else None
        if stem is not None:
            return forms[stem]
        edits = allowed_edits(len(word))
        if edits == 0:
            return None
        best = process.extractOne(word, forms.keys(), scorer=OSA.distance, score_cutoff=edits)
        if best is None or abs(len(best[0]) - len(word)) > edits:
            return None
        return forms[best[0]]

    def hits(self, folded: str) -> list[Hit]:
        """The misspelled names of a text, by place."""
        unknown = set(_WORD.findall(folded)) - self._known
        found: list[Hit] = []
        for word in unknown:
            entry = self.lookup(word)
            if entry is not None:
                found.extend(
                    Hit(match.start(), match.end(), entry)
                    for match in re.finditer(rf"(?<![a-z]){word}(?![a-z])", folded)
                )
        return found
