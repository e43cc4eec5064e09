"""Misspelled names of drugs, procedures and conditions, and misspelled key words ("defered").

A word that no lexicon knows is taken for one only when it begins with the same letter and differs
by very few letters for its length. Plain English words are never tried:
`lexicons/plain_words.txt` lists those that come near such a name or key word. A word behind a
title or a relative is a person's name.

Dictation breaks a drug's name into words that sound like it ("tour a doll fifteen milligrams").
Beside a spoken dose the words are held against the drugs by their consonants.
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tripsheet.lexicon import Entry, Lexicon
from tripsheet.reading.scan import Hit

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
    r"(?<![a-z])(?P<before>(?:[a-z]+ ){2,5})(?:\d[\d.]* ?)(?:mill?igrams?|micrograms?|mikes|mics)\b"
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


def allowed_key_edits(length: int) -> int:
    """How many letters may differ in a key word of this length: 1 below 9, then 2."""
    return 1 if length < 9 else 2


def sound(word: str) -> str:
    """The consonants of a word as they sound, each once in a row, behind its first letter.

    >>> sound("touradoll") == sound("toradol"), sound("morefeen") == sound("morphine")
    (True, True)
    """
    spelt = word.replace("ph", "f").replace("gh", "").replace("ck", "k").replace("x", "ks")
    kept = (spelt[:1] if spelt[:1] in "aeiouy" else "") + spelt.translate(_SAME_SOUND)
    return re.sub(r"(.)\1+", r"\1", kept)


class Speller:
    """Finds misspelled words; holds no text beyond a bounded memory of single words."""

    def __init__(
        self,
        lexicon: Lexicon,
        plain_words: frozenset[str] = frozenset(),
        key_words: frozenset[str] = frozenset(),
    ) -> None:
        self._keys: dict[str, list[str]] = {}
        for word in sorted(key_words):
            self._keys.setdefault(word[0], []).append(word)
        self._plain: dict[str, list[str]] = {}
        for word in sorted(plain_words):
            self._plain.setdefault(word[0], []).append(word)
        self._by_letter: dict[str, dict[str, Entry]] = {}
        self._spoken_drugs: dict[str, Entry] = {}
        """Drugs that are told by words that sound like them, by name."""
        for phrase, entries in lexicon.phrases.items():
            if len(phrase) < _SHORTEST or not phrase.isalpha():
                continue
            for entry in entries:
                drug = entry.kind == "drug" and not entry.info.needs_dose
                care = entry.kind == "treatment" and len(phrase) >= _LONG_WORD
                told = entry.kind == "condition" and len(phrase) >= _LONG_CONDITION
                if drug or care or told:
                    self._by_letter.setdefault(phrase[0], {})[phrase] = entry
                if drug and not entry.info.home:
                    self._spoken_drugs[phrase] = entry
        words = _WORD.findall("\n".join(lexicon.phrases))
        long_words = (template.words for template in lexicon.templates)
        self._known = frozenset().union(plain_words, key_words, words, *long_words)
        self.lookup = lru_cache(maxsize=50_000)(self._lookup)
        self.key_word = lru_cache(maxsize=50_000)(self._key_word)

    @cached_property
    def _by_sound(self) -> dict[str, Entry]:
        """Drugs by how their names sound; made when a narrative first tells one so."""
        found: dict[str, Entry] = {}
        for name, entry in self._spoken_drugs.items():
            heard = sound(name)
            if len(heard) >= _SHORTEST_SOUND:
                found.setdefault(heard, entry)
        return found

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
        plain = process.extractOne(
            word, self._plain.get(word[0], ()), scorer=OSA.distance, score_cutoff=best[1] - 1
        )
        if plain is not None:
            return None  # "protocal" is a protocol, not Protopam
        entry = forms[best[0]]
        return None if entry.kind == "condition" and best[1] > 1 else entry

    def _key_word(self, word: str) -> str | None:
        best = process.extractOne(
            word, self._keys.get(word[0], ()), scorer=OSA.distance, score_cutoff=2
        )
        return best[0] if best is not None and best[1] <= allowed_key_edits(len(best[0])) else None

    def unknown(self, folded: str) -> set[str]:
        """The words of a text that no lexicon knows."""
        return set(_WORD.findall(folded)) - self._known

    def corrections(self, unknown: set[str]) -> dict[str, str]:
        """The misspelled key words among unknown words, each with the key word."""
        found = {word: self.key_word(word) for word in unknown}
        return {word: key for word, key in found.items() if key is not None}

    def hits(self, folded: str, unknown: set[str] | None = None) -> list[Hit]:
        """The misspelled names of a text, by place; its unknown words where they are known."""
        found: list[Hit] = []
        for word in self.unknown(folded) if unknown is None else unknown:
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
