"""Narratives fall into the sentences and parts that a person would mark."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.reading import reader
from tripsheet.reading.document import Document

CASES = tomllib.loads((Path(__file__).parent / "cases_layout.toml").read_text("utf-8"))["case"]


def told(document: Document) -> list[str]:
    """The sentences of a document as the cases write them."""
    return [
        document.folded[sentence.start : sentence.end].rstrip(" ")
        + (f" @{sentence.stamp}" if sentence.stamp else "")
        + (f" [{sentence.part}]" if sentence.part != "other" else "")
        for sentence in document.sentences
    ]


def _parameters() -> list[object]:
    return [
        pytest.param(
            case["text"].removeprefix("\n"),
            case["sentences"],
            id=case["name"],
            marks=[pytest.mark.xfail(strict=True, reason=case["xfail"])] if "xfail" in case else [],
        )
        for case in CASES
    ]


@pytest.mark.parametrize(("text", "sentences"), _parameters())
def test_layout(text: str, sentences: list[str]) -> None:
    assert told(reader().document(text)) == sentences


PIECES = st.lists(
    st.sampled_from(
        (
            *("Pt alert", "MEDS: ASA", "Hx:", "C:", "R:", "1402", "12:30 IV", "- O2", "Tx", "Dr."),
            *("e.g.", "0.4", ".", "!", ";", "|", "(", ")", " ", "  ", "\t", "\u00a0"),
            *("\n", "\n\n", "\r\n"),
        )
    ),
    max_size=30,
).map("".join)


@given(PIECES)
def test_sentences_cover_every_word_once_and_in_order(text: str) -> None:
    document = reader().document(text)
    for first, second in pairwise(document.sentences):
        assert first.end <= second.start
        assert not document.folded[first.end : second.start].strip()
    for sentence in document.sentences:
        assert sentence.start < sentence.end
    if document.sentences:
        assert not document.folded[: document.sentences[0].start].strip()
        assert not document.folded[document.sentences[-1].end :].strip()
    else:
        assert not document.folded.strip()


@given(PIECES, st.integers(0, 400))
def test_every_place_stands_in_the_sentence_that_holds_it(text: str, at: int) -> None:
    document = reader().document(text)
    if not document.sentences:
        return
    at = min(at, len(document.folded) - 1)
    sentence = document.sentence_at(at)
    later = [other for other in document.sentences if other.start <= at]
    assert sentence == (later[-1] if later else document.sentences[0])
