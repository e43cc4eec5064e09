"""The choice syntax of the lexicons stands for exactly the strings that a person would write."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.lexicon.phrases import expand, variants

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
