"""The choice syntax of the lexicons stands for exactly the strings that a person would write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.lexicon.phrases import Template, expand, variants

CASES = {
    "iv access": ["iv access"],
    "(left|right) arm": ["left arm", "right arm"],
    "code (3|three|)": ["code 3", "code three", "code"],
    "stand( up|)": ["stand up", "stand"],
    "unable to (walk|stand( up|))": ["unable to walk", "unable to stand up", "unable to stand"],
    "((a|b)|c) d": ["a d", "b d", "c d"],
    # parentheses without a bar of their own are the crew's own signs
    "(-)": ["(-)"],
    "( ) emergent": ["( ) emergent"],
    "(neg) (for|of) pain": ["(neg) for pain", "(neg) of pain"],
    # what a left-out part leaves behind is one space
    "no (further |)pain": ["no further pain", "no pain"],
    "o2 (via |by )mask": ["o2 via mask", "o2 by mask"],
    # a choice that says the same twice says it once
    "(x|x) 2": ["x 2"],
    "als (lou": ["als (lou"],
    # a range is each of its numbers, by itself or as one of several choices
    "age (8..10)": ["age 8", "age 9", "age 10"],
    "stage (3..4|iv)": ["stage 3", "stage 4", "stage iv"],
    "(3..2|x)": ["x"],
    "(1...2)": ["(1...2)"],
    "": [""],
}


@pytest.mark.parametrize("phrase", CASES)
def test_expand(phrase: str) -> None:
    assert expand(phrase) == CASES[phrase]


PLAIN = st.text("ab ", min_size=1, max_size=4)
PHRASES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
    ),
    max_leaves=8,
)


@given(PHRASES)
def test_no_sign_of_the_syntax_is_left_and_nothing_stands_twice(phrase: str) -> None:
    made = expand(phrase)
    assert not set("".join(made)) & set("(|)")
    assert len(set(made)) == len(made)
    assert all(variant == " ".join(variant.split()) for variant in made)


@given(PHRASES)
def test_counting_is_an_upper_bound_of_making(phrase: str) -> None:
    assert 1 <= len(expand(phrase)) <= variants(phrase)


def test_counting_is_exact_where_no_two_choices_say_the_same() -> None:
    assert variants("(a|b)(c|d( e|)) (-)") == 6 == len(expand("(a|b)(c|d( e|)) (-)"))


def test_counting_makes_nothing() -> None:
    assert variants("(a|b)" * 200) == 2**200


TEMPLATES = [
    ("fell (of |about |)(10..40|ten) (ft|feet)", "fell about 12 feet", True),
    ("fell (of |about |)(10..40|ten) (ft|feet)", "fell ten ft", True),
    ("fell (of |about |)(10..40|ten) (ft|feet)", "fell 9 feet", False),
    ("fell (of |about |)(10..40|ten) (ft|feet)", "fell about of 12 feet", False),
    ("assist( of| by|)( two|)", "assist two", True),
    ("could(n't| not) sit( up|)", "couldnt sit", True),
]


@pytest.mark.parametrize(("phrase", "text", "whole"), TEMPLATES)
def test_a_template_matches_what_the_phrase_stands_for(phrase: str, text: str, whole: bool) -> None:
    assert (text in expand(phrase)) is whole
    assert (Template(phrase).end(text, 0) == len(text)) is whole


WORDS = st.sampled_from(["a", "b", "ab", "n't", "12"])
SPACED = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda two: f"{two[0]}( {two[1]}|)"),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
    ),
    max_leaves=6,
)


@given(SPACED)
def test_a_template_finds_every_string_of_a_phrase_at_an_opening(phrase: str) -> None:
    template = Template(phrase)
    for variant in expand(phrase):
        text = f"a {variant} b"
        assert text[2 : template.end(text, 2)] in expand(phrase)
        assert any(text.startswith(opening, 2) for opening in template.openings)
        assert template.words >= {word for word in variant.split() if word.isalpha()}
