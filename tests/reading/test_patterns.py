"""Patterns find what `re` finds, though they are tried at few places only."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripsheet.reading import reader
from tripsheet.reading.patterns import Pattern, guarded, openings

# words that open or end many patterns, joined in ways that borders have to stand
_WORDS = sorted({text for pattern in Pattern.all() for text in pattern.openings})
_PIECES = st.one_of(
    st.sampled_from(_WORDS) if _WORDS else st.just("flight"),
    st.sampled_from(
        ["pt", "12", "4", "x", "the", "of", "rn", "nm", "miles", "ago", "in 2019", "é"]
    ),
    st.text("abcdeioprstx0129 -/.,:\n\u00f8\u00df", max_size=5),
)
_TEXTS = st.lists(st.tuples(_PIECES, st.sampled_from([" ", " ", "", ", ", ". ", "/", "\n"])))


@settings(max_examples=150, deadline=None)
@given(_TEXTS)
def test_a_pattern_finds_what_re_finds(pieces: list[tuple[str, str]]) -> None:
    document = reader().document("".join(word + joint for word, joint in pieces))
    folded = document.folded
    for pattern in Pattern.all():
        plain = re.compile(pattern.pattern)
        assert _spans(document.find(pattern)) == _spans(plain.finditer(folded)), pattern.pattern


def _spans(matches: object) -> list[tuple[int, int, str | None]]:
    return [(*match.span(), match.lastgroup) for match in matches]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("expression", "literals", "number"),
    [
        (r"\bflight (?:nurse|rn)\b", {"flight nurse", "flight rn"}, False),
        (r"\b(?:un)?load(?:ed)?\b", {"load", "unload"}, False),
        (r"\b(?:\d+ )?miles\b", {"miles"}, True),
        (r"\bintubat\w*", {"intubat"}, False),
        (r"(?<!\w)[fs]at\b", {"fat", "sat"}, False),
        (r"\b(?:abc|abcd)", {"abc"}, False),
    ],
)
def test_openings_of_an_expression(expression: str, literals: set[str], number: bool) -> None:
    found, numbers = openings(expression)
    assert (found, numbers) == (literals, number)


@pytest.mark.parametrize("expression", ["lift", r"(?<!x)lift", r"\b\w+ lift", r"\bl"])
def test_an_expression_without_openings_is_refused(expression: str) -> None:
    with pytest.raises(ValueError, match="may begin"):
        openings(expression)


def test_a_pattern_made_after_the_scanner_is_refused() -> None:
    document = reader().document("late")
    late = Pattern(r"\blate\b")
    try:
        with pytest.raises(LookupError, match="before the pattern"):
            document.search(late)
    finally:
        Pattern._all.remove(late)


@pytest.mark.parametrize(
    ("expression", "begins"),
    [
        (r"\b(?:x ?\d|tot(?:al)?)\b", "tx"),
        (r"(?:,|;|\band)\s*\d+ more", ",;a"),
        (r"(?<![\d.])(?:[01]?\d|2[0-3]):\d\d", "0123456789"),
        (r"(?:a )?(?:dose|[b-d]rip)", "abcd"),
    ],
)
def test_what_a_guarded_expression_looks_for_first(expression: str, begins: str) -> None:
    found = guarded(expression)
    first = re.compile(found.pattern[3 : found.pattern.index("])") + 1])
    assert "".join(sorted(filter(first.match, map(chr, range(128))))) == begins


@pytest.mark.parametrize("expression", [r"(?:dose)?", r".{0,9}dose", r"[^.]dose", r"\W dose"])
def test_an_expression_that_any_character_may_begin_is_not_guarded(expression: str) -> None:
    with pytest.raises(ValueError, match="any character"):
        guarded(expression)
