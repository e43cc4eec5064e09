"""Misspelled names of drugs, procedures and conditions, held against the lexicons' own words.

A word is taken for one only when it begins with the same letter and differs by very few
letters for its length. Plain English words are never tried: `lexicons/plain_words.txt` lists
those that come near such a name. A word behind a title or a relative is a person's name.

Dictation breaks a drug's name into words that sound like it ("tour a doll fifteen milligrams").
Beside a spoken dose the words are held against the drugs by their consonants.
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
# of a condition only its long words, and only one letter wrong: "hypertension" is another
_LONG_CONDITION = 7
_NAMED = re.compile(
    r"\b(?:mr|mrs|ms|dr|doctor|rn|nurse|emt|medic|officer|deputy|son|daughter|wife|husband|mother"
    r"|father|brother|sister|partner|named|name is|friend|neighbor|aide|cna)\.? \Z"
)
# a dose as dictation leaves it, with the words before it or behind its "of"
_SPOKEN_DOSE = re.compile(
    r"(?P<before>(?:[a-z]+ ){2,5})(?:\d[\d.]* ?)(?:mill?igrams?|micrograms?|mikes|mics)\b"
    r"(?: of (?P<after>[a-z]+(?: [a-z]+){1,4}))?"
)
_SAME_SOUND = str.maketrans({
    "c": "k", "q": "k", "z": "s", "x": "s", "j": "g", "d": "t", "v": "f", "b": "p",
    **dict.fromkeys("aeiouyhw"),
})  # fmt: skip
_SHORTEST_SOUND = 4


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


def sound(word: str) -> str:
    """The consonants of a word as they sound, each once in a row, behind its first letter.

    >>> sound("touradoll") == sound("toradol"), sound("morefeen") == sound("morphine")
    (True, True)
    """
    spelt = word.replace("ph", "f").replace("gh", "").replace("ck", "k").replace("x", "ks")
    kept = (spelt[:1] if spelt[:1] in "aeiouy" else "") + spelt.translate(_SAME_SOUND)
    return re.sub(r"(.)\1+", r"\1", kept)


class Speller:
    """Finds misspelled names; holds no text beyond a bounded memory of single words."""

    def __init__(self, lexicon: Lexicon, plain_words: frozenset[str]) -> None:
        known: set[str] = set(plain_words)
        self._by_letter: dict[str, dict[str, Entry]] = {}
        self._by_sound: dict[str, Entry] = {}
        for phrase, entries in lexicon.phrases.items():
            known.update(_WORD.findall(phrase))
            for entry in entries:
                if not phrase.isalpha():
                    continue
                drug = (
                    entry.kind == "drug" and len(phrase) >= _SHORTEST and not entry.info.needs_dose
                )
                care = entry.kind == "treatment" and len(phrase) >= _LONG_WORD
                told = entry.kind == "condition" and len(phrase) >= _LONG_CONDITION
                if drug or care or told:
                    self._by_letter.setdefault(phrase[0], {})[phrase] = entry
                if drug and not entry.info.home and len(sound(phrase)) >= _SHORTEST_SOUND:
                    self._by_sound.setdefault(sound(phrase), entry)
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
        entry = forms[best[0]]
        return None if entry.kind == "condition" and best[1] > 1 else entry

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
                    if not _NAMED.search(folded, max(0, match.start() - 12), match.start())
                )
        if "igram" in folded or "crogram" in folded:
            found.extend(self._spoken(folded))
        return found

    def _spoken(self, folded: str) -> list[Hit]:
        """Drugs told by words that sound like them, beside their doses."""
        found: list[Hit] = []
        for match in _SPOKEN_DOSE.finditer(folded):
            for group in ("before", "after"):
                if match[group] is None:
                    continue
                words = list(re.finditer(r"[a-z]+", match[group]))
                for size in (4, 3, 2):
                    run = words[-size:] if group == "before" else words[:size]
                    entry = self._by_sound.get(sound("".join(word.group() for word in run)))
                    if len(run) == size and entry is not None:
                        at = match.start(group)
                        found.append(Hit(at + run[0].start(), at + run[-1].end(), entry))
                        break
        return found
