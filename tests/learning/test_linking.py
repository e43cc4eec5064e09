"""Measuring of concept linking: what is asked, and how answers are counted."""

from __future__ import annotations

from collections.abc import Sequence

from tripsheet.corpus.gold import CORPUS, load_gold
from tripsheet.learning.linking import (
    Asked,
    lookups,
    measure,
    misspellings,
    other_words,
    paraphrases,
)
from tripsheet.reading.concepts import Concepts, Kind, Link, concepts

DRUGS: tuple[Kind, ...] = ("drug",)


def test_every_listed_misspelling_is_asked_for_and_held_back() -> None:
    asked = misspellings()
    assert len(asked) > 1000
    held_back = Concepts(without={one.words for one in asked})
    assert measure(asked, held_back.exact).right == 0
    assert measure(asked, concepts().exact).right == len(asked)


def test_words_that_name_no_drug_have_no_right_answer() -> None:
    asked = other_words(load_gold(CORPUS / "dev.jsonl")[:30])
    assert len(asked) > 50
    assert measure(asked, concepts().exact)[:2] == (0, 0)


def test_paraphrases_hold_no_phrase_of_the_lexicon_alone() -> None:
    asked = paraphrases(load_gold(CORPUS / "dev.jsonl"))
    assert len(asked) > 50
    assert measure(asked, concepts().exact).right <= len(asked) // 50


def test_answers_are_counted_as_right_wrong_and_none() -> None:
    known = concepts().get("drug", "fentanyl")
    assert known is not None

    def lookup(words: str, _: Sequence[Kind]) -> Link | None:
        return Link(known, "exact", words, 1.0) if words else None

    asked = [
        Asked("fentanyl", DRUGS, "fentanyl"),
        Asked("aspirin", DRUGS, "aspirin"),
        Asked("curtain", DRUGS, None),
        Asked("", DRUGS, "aspirin"),
    ]
    assert measure(asked, lookup)[:3] == (1, 2, 1)


def test_spelling_finds_most_held_back_misspellings() -> None:
    asked = misspellings()
    held_back = Concepts(without={one.words for one in asked})
    result = measure(asked, lookups(held_back)["rapidfuzz"])
    assert result.right > 0.8 * len(asked)
    assert result.wrong < 0.01 * len(asked)
