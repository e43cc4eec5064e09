"""One pass over the folded narrative for every phrase of the lexicons."""

from __future__ import annotations

import re
from collections import defaultdict

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

from tripsheet.lexicon import Entry, Lexicon
from tripsheet.reading.patterns import Pattern
from tripsheet.values import value


@value
class Hit:
    """A phrase found: folded positions and what it stands for."""

    start: int
    end: int
    entry: Entry


Openings = dict[Pattern, list[int]]
"""Where the openings of patterns stand in a text."""

_Reading = tuple[int, bool, Entry | None]
"""What a phrase stands for: family, whether that is whole, the entry or None to hide."""
_Opened = tuple[list[Pattern], list[int]]
"""What may begin where an opening stands: patterns, and templates by their places."""
# families whose terms name one thing each: a term that overlaps an earlier one is part of it
_WHOLE = frozenset({"drug"})
_LETTERS = re.compile(r"[a-z\u00f8]+")


class _Kinds(dict[int, str]):
    """Letters, digits and all else, for `str.translate`; each character is judged once."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        kind = "a" if character.isalpha() else "0" if character.isdigit() else " "
        self[code] = kind
        return kind


_KINDS = _Kinds()


def numbers(text: str) -> list[int]:
    """Where the numbers of a text begin, as far as they stand behind no letter."""
    kinds = " " + text.translate(_KINDS)
    places: list[int] = []
    at = kinds.find(" 0")
    while at >= 0:
        places.append(at)
        at = kinds.find(" 0", at + 2)
    return places


class Scanner:
    """All phrases of a lexicon in one automaton; safe to share, built once a process.

    Text and phrases are scanned with each word's first letter in upper case, so that a phrase
    can begin on a word border only. The openings of all `Pattern`s and of the lexicon's templates
    are found in the same pass. Single letters begin most words and are phrases almost nowhere, so
    they are sought by themselves.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.patterns = frozenset(Pattern.all())
        """The patterns whose openings this scanner finds."""
        self._templates = list(lexicon.templates)
        opened: dict[str, _Opened] = {}
        for pattern in self.patterns:
            for opening in pattern.openings:
                opened.setdefault(opening, ([], []))[0].append(pattern)
        for number, template in enumerate(self._templates):
            for opening in template.openings:
                opened.setdefault(opening, ([], []))[1].append(number)
        letters = [phrase for phrase in lexicon.phrases if len(phrase) == 1 and phrase.isalpha()]
        # plain phrases, then phrases that open a pattern or template, then mere openings
        known = lexicon.phrases.keys() - letters
        phrases = sorted(known - opened.keys())
        self._first_opening = len(phrases)
        phrases += sorted(known & opened.keys())
        self._phrase_count = len(phrases)
        literals = [*phrases, *sorted(opened.keys() - known)]
        self._opened = [opened[text] for text in literals[self._first_opening :]]
        self._automaton = AhoCorasick(
            _marked("\n".join(literals)).split("\n"),
            matchkind=MatchKind.Standard,
            # the smallest automaton: what a scan costs is memory that is not in the cache
            implementation=Implementation.ContiguousNFA,
            # the phrases themselves are never asked for
            store_patterns=False,
        )
        families: dict[str, int] = {}
        made: dict[tuple[int, ...], tuple[_Reading, ...]] = {}
        self._readings: list[tuple[_Reading, ...]] = []
        """For each phrase, letter and template its entries; the same entries are shared."""
        self._letters = {letter: place for place, letter in enumerate(letters, len(phrases))}
        self._first_template = len(phrases) + len(letters)
        for entries in (
            *(lexicon.phrases[phrase] for phrase in (*phrases, *letters)),
            *lexicon.templates.values(),
        ):
            same = tuple(map(id, entries))
            if same not in made:
                made[same] = tuple(
                    (
                        families.setdefault(entry.family, len(families)),
                        entry.family in _WHOLE,
                        None if entry.kind == "not" else entry,
                    )
                    for entry in entries
                )
            self._readings.append(made[same])
        self._families = len(families)

    def scan(self, text: str) -> list[Hit]:
        """Every phrase on word boundaries, by place; within a family the longest wins.

        Phrases of one family that stand inside a longer one of it are left out, so "no relief"
        hides the cue "no", and a listed look-alike hides the term it contains.
        """
        return self.search(text)[0]

    def search(self, text: str) -> tuple[list[Hit], Openings]:
        """The hits of `scan`, and the places where patterns may begin."""
        found, openings = self._phrases(text)
        found.sort()
        readings, first_template = self._readings, self._first_template
        # the phrase of each family that reaches furthest so far
        begins, ends = [-1] * self._families, [-1] * self._families
        hits: list[Hit] = []
        for start, negative_end, phrase in found:
            end = -negative_end
            for family, whole, entry in readings[phrase]:
                furthest = ends[family]
                if end > furthest:
                    if whole and start < furthest:
                        continue
                    begins[family], ends[family] = start, end
                elif end < furthest or start != begins[family]:
                    continue
                if entry is not None:
                    # what a template matches may stand in another row, too
                    if phrase >= first_template and _is_told(hits, start, end, entry):
                        continue
                    hits.append(Hit(start, end, entry))
        return hits, openings

    def _phrases(self, text: str) -> tuple[list[tuple[int, int, int]], Openings]:
        """Phrases on word boundaries as (start, -end, number), and openings; both unordered."""
        first_opening, count = self._first_opening, self._phrase_count
        # the space behind the last character is also what stands before the first
        kinds = text.translate(_KINDS) + " "
        found = self._single_letters(text, kinds)
        openings: Openings = defaultdict(list)
        tried: list[tuple[int, list[int]]] = []
        matches = self._automaton.find_matches_as_indexes(_marked(text), overlapping=True)
        for phrase, start, end in matches:
            if phrase >= first_opening:
                patterns, templates = self._opened[phrase - first_opening]
                for pattern in patterns:
                    openings[pattern].append(start)
                if templates:
                    tried.append((start, templates))
                if phrase >= count:
                    continue
            # a letter against a digit is a border too: "4L NC", "ASA324"
            last = kinds[end - 1]
            if last == kinds[end] and last != " ":
                continue
            first = kinds[start]
            if first == kinds[start - 1] and first != " ":
                continue
            found.append((start, -end, phrase))
        for start, templates in tried:
            first = kinds[start]
            if first == kinds[start - 1] and first != " ":
                continue
            for template in templates:
                end = self._templates[template].end(text, start)
                if end >= 0:
                    found.append((start, -end, self._first_template + template))
        return found, openings

    def _single_letters(self, text: str, kinds: str) -> list[tuple[int, int, int]]:
        """The phrases of a single letter that stand alone, as `_phrases` gives them."""
        found: list[tuple[int, int, int]] = []
        apart = " " + kinds.replace("0", " ")
        at = apart.find(" a ")
        while at >= 0:
            phrase = self._letters.get(text[at])
            if phrase is not None:
                found.append((at, -at - 1, phrase))
            at = apart.find(" a ", at + 2)
        return found


def _is_told(hits: list[Hit], start: int, end: int, entry: Entry) -> bool:
    """Whether the last of some hits tell the same of the same words."""
    for hit in reversed(hits):
        if hit.start != start or hit.end != end:
            return False
        if hit.entry == entry:
            return True
    return False


def _marked(text: str) -> str:
    """A folded text with the first letter of each word in upper case, at the same length."""
    marked = text.title()
    if len(marked) == len(text):
        return marked
    return _LETTERS.sub(lambda word: word.group().capitalize(), text)
