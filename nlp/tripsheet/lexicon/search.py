"""Where a word or phrase stands in the lexicons, and what it means there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

from tripsheet.lexicon import (
    Entry,
    Lexicon,
    _read,
    all_variants,
    folded,
    is_long,
    load,
    template,
)
from tripsheet.lexicon.rows import FILES, QUALIFIERS, Row, rows
from tripsheet.resources import LEXICONS

MOST = 20
"""How many phrases are told that only contain a word, or only are spelled like it."""
_LIKENESS = 80.0  # of 100
# the families of entries that each file makes; see `Entry`
_FAMILIES = {
    "medications.toml": ("drug",),
    "interventions.toml": ("treatment",),
    "conditions.toml": ("condition",),
    "context.toml": ("cue", "answer"),
    "performers.toml": ("agent", "phase"),
    "mobility.toml": ("mobility", "ability", "help", "vague", "usual"),
    "statements.toml": ("statement",),
    "call.toml": ("call",),
    "places.toml": ("place",),
    "vitals.toml": ("vital",),
    "headings.toml": ("heading",),
}

Match = Literal["exact", "contained", "spelling"]


class Found(NamedTuple):
    """A phrase of the lexicons that answers a search.

    `match` says how: the phrase itself, a longer phrase that contains the words, or one spelled
    like them. `file` and `place` say where it stands ("medications.toml", "fentanyl.brands");
    `kind`, `id` and `info` what the reader takes it for, as in `Entry`. The kind "not" is a
    look-alike: the phrase keeps `id` ("" for every drug) from being read.
    """

    match: Match
    phrase: str
    file: str
    place: str
    kind: str
    id: str
    info: Any


def find(word: str, folder: Path = LEXICONS) -> list[Found]:
    """Where a word or phrase stands: as it is, then inside longer phrases, then by spelling.

    Case, hyphens and doubled spaces do not matter. Spelling is tried only where nothing else is
    found; at most `MOST` phrases are told that are not the word itself, nearest first.
    Raises LexiconError where a lexicon cannot be read.
    """
    wanted = " ".join(folded(word).split())
    if not wanted:
        return []
    held = _held(folder)
    found = list(_told("exact", wanted, held, folder))
    inside = re.compile(rf"(?<![a-z0-9]){re.escape(wanted)}(?![a-z0-9])")
    longer = sorted(
        (phrase for phrase in held if phrase != wanted and inside.search(phrase)),
        key=lambda phrase: (len(phrase), phrase),
    )
    for phrase in longer[:MOST]:
        found += _told("contained", phrase, held, folder)
    if not found:
        for phrase in _alike(wanted, list(held)):
            found += _told("spelling", phrase, held, folder)
    return found


def _alike(wanted: str, phrases: list[str]) -> list[str]:
    from rapidfuzz import fuzz, process

    near = process.extract(wanted, phrases, scorer=fuzz.ratio, score_cutoff=_LIKENESS, limit=MOST)
    return [phrase for phrase, _, _ in sorted(near, key=lambda one: (-one[1], one[0]))]


@cache
def _held(folder: Path) -> dict[str, list[Row]]:
    """Every phrase as the reader matches it, with the places where it is written."""
    held: dict[str, list[Row]] = {}
    for file in FILES:
        for row in rows(file, _read(file, folder)):
            if row.slot not in QUALIFIERS:
                for variant in dict.fromkeys(all_variants([row.phrase])):
                    held.setdefault(variant, []).append(row)
    return held


def _told(match: Match, phrase: str, held: dict[str, list[Row]], folder: Path) -> Iterator[Found]:
    lexicon: Lexicon = load(folder)
    for row in held.get(phrase, ()):
        entries = (
            lexicon.templates.get(template(row.phrase))
            if is_long(row.phrase)
            else lexicon.phrases.get(phrase)
        )
        for entry in entries or ():
            if _made(row, entry):
                yield Found(match, phrase, row.file, row.place, entry.kind, entry.id, entry.info)


def _made(row: Row, entry: Entry) -> bool:
    """Whether a compiled entry comes from the list that a phrase is written in."""
    if entry.family.partition(":")[0] not in _FAMILIES[row.file]:
        return False
    if row.slot == "not" or entry.kind == "not":
        return row.slot == entry.kind and row.entry == entry.id
    if entry.kind == row.entry:  # a group of which each list is an id, or that has one list
        return entry.id == row.slot or row.slot in ("phrases", "agents")
    if entry.kind == "cue":
        direction, _, reach = row.slot.partition(".")
        return (entry.id, entry.info.before, entry.info.reach) == (
            row.entry,
            direction == "before",
            reach,
        )
    if entry.kind == "mobility":
        return row.entry == entry.id and row.slot.rpartition(".")[2] == entry.info
    return row.entry == entry.id or row.entry == entry.info
