"""The word lists of the speller: one word or several forms of one a line, `#` for remarks."""

from __future__ import annotations

from pathlib import Path

from tripsheet.resources import LEXICONS

PLAIN_WORDS = "plain_words.txt"
KEY_WORDS = "key_words.txt"


def plain_words(folder: Path = LEXICONS) -> frozenset[str]:
    """The plain English words that a speller would take for another, or an empty set."""
    return _words(folder / PLAIN_WORDS)


def key_words(folder: Path = LEXICONS) -> frozenset[str]:
    """The words that decide how a mention is read, or an empty set."""
    return _words(folder / KEY_WORDS)


def _words(path: Path) -> frozenset[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return frozenset()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())
