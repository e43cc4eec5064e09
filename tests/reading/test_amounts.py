"""Doses, routes and counts in the shapes that crews write; all windows are folded text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.reading import amounts
from tripsheet.reading.text import Text

DOSES = {
    "50 mcg": (50, "mcg"),
    "50mcg ivp": (50, "mcg"),
    "0.4 mg": (0.4, "mg"),
    ".4mg": (0.4, "mg"),
    "1,000 mg": (1000, "mg"),
    "2.5mg/3ml": (2.5, "mg"),
    "150 mg/100 ml": (150, "mg"),
    "25 g": (25, "g"),
    "2 gm": (2, "g"),
    "20 meq": (20, "mEq"),
    "10 u": (10, "units"),
    "10 units": (10, "units"),
    "5 mics": (5, "mcg"),
    "100 ug": (100, "mcg"),
    "1 amp": (1, "amp"),
    "2 puffs": (2, "puff"),
    "1 tab": (1, "tab"),
    "500 cc": (500, "mL"),
    "5 mcg/kg/min": (5, "mcg/kg/min"),
    "10 mcg/min": (10, "mcg/min"),
    "12 units/kg/hr": (12, "units/kg/hr"),
    "100 micrograms per minute": (100, "mcg/min"),
    "4 mg per hour": (4, "mg/hr"),
    "5 mcg per kilo per minute": (5, "mcg/kg/min"),
    # in words, as dictation writes them
    "four mg": (4, "mg"),
    "two puffs": (2, "puff"),
    "one hundred mcg": (100, "mcg"),
    "point four mg": (0.4, "mg"),
    "zero point three mg": (0.3, "mg"),
    "three hundred and twenty four mg": (324, "mg"),
    # no doses
    "324": None,
    "1 mg/ml": None,  # a strength
    "120/80": None,
    "5 minutes": None,
    "3 mg/dl": None,
    "spo2 94%": None,
    "20 gauge": None,
    "50 miles": None,
    "": None,
}


@pytest.mark.parametrize("text", DOSES)
def test_dose(text: str) -> None:
    match = amounts.DOSE.search(Text(text).folded)
    told = match and (amounts.number(match["number"]), amounts.unit(match["unit"]))
    assert told == DOSES[text]


def test_dose_as_a_fraction() -> None:
    match = amounts.DOSE.search("1/2 amp d50")
    assert match is not None
    assert amounts.number(match["number"]) == 0.5


@given(
    st.decimals(min_value="0.01", max_value=9999, places=2, allow_nan=False).map(
        lambda value: value.normalize()
    ),
    st.sampled_from(["mcg", "mg", "g", "mEq", "units"]),
    st.sampled_from(["", " "]),
)
def test_every_number_in_digits_comes_back(value: object, unit: str, blank: str) -> None:
    match = amounts.DOSE.search(f"gave {value:f}{blank}{unit.lower()} ivp")
    assert match is not None
    assert amounts.number(match["number"]) == float(f"{value:f}")
    assert amounts.unit(match["unit"]) == unit


# the words after a drug; the route, and whether push or infusion is said
ROUTES = {
    "50 mcg ivp": ("iv_push", True),
    "50 mcg sivp": ("iv_push", True),
    "slow iv push over 2 minutes": ("iv_push", True),
    "titrated iv push": ("iv_push", True),
    "iv over 2 min": ("iv_push", True),
    "4 mg iv": ("iv_push", False),
    "given iv in 2 doses": ("iv_push", False),
    "4 mg iv over 15 min": ("iv_infusion", True),
    "in 100 ml over 10 min": ("iv_infusion", True),
    "drip at 5 mcg/min": ("iv_infusion", True),
    "ivpb": ("iv_infusion", True),
    "gtt": ("iv_infusion", True),
    "via iv pump": ("iv_infusion", True),
    "iv wide open": ("iv_infusion", True),
    "1 mg io": ("io", True),
    "0.3 mg im to the thigh": ("im", True),
    "0.3 i.m.": ("im", True),
    "2 mg in": ("intranasal", True),
    "2 mg in x1": ("intranasal", True),
    "2 mg in, then": ("intranasal", True),
    "2 mg in each nare": ("intranasal", True),
    "0.4 mg sl": ("sublingual", True),
    "324 po": ("oral", True),
    "4 mg odt": ("oral", True),
    "2.5 mg neb": ("nebulized", True),
    "mdi 2 puffs": ("inhaled", True),
    "1 mg sq": ("subcutaneous", True),
    "10 mg pr": ("rectal", True),
    "1 inch of paste": ("topical", True),
    "2 mg via ett": ("endotracheal", True),
    "5 mg buccal": ("buccal", True),
    # no routes
    "iv access": None,
    "iv x2": None,
    "iv established": None,
    "50 mcg in the ambulance": None,
    "4 mg in 100 ml": None,
    "given in route": None,
    "important": None,
    "": None,
}


@pytest.mark.parametrize("words", ROUTES)
def test_route(words: str) -> None:
    found = amounts.route_of(f" {words}")
    assert (found and found[:2]) == ROUTES[words]


@pytest.mark.parametrize("words", [words for words in ROUTES if ROUTES[words]])
def test_the_words_of_a_route_are_told(words: str) -> None:
    window = f" {words}"
    found = amounts.route_of(window)
    assert found is not None
    _, _, start, end = found
    assert 0 < start < end <= len(window)
    again = amounts.route_of(f" {window[start:end]}")
    # "in" is a route by what follows it only
    assert again is None or again[0] == found[0]


COUNTS = {
    "x3": "3",
    "x 2": "2",
    "x two": "two",
    "twice": "twice",
    "three times": "three",
    "3 doses": "3",
    "two separate doses": "two",
    "x3 doses": "3",
    "q5 min x3": "3",
    # no counts
    "x20 min": None,
    "x 2 days": None,
    "x2 attempts": None,
    "x 2 person": None,
    "4x4": None,
    "once": None,
}


@pytest.mark.parametrize("words", COUNTS)
def test_multiple(words: str) -> None:
    match = amounts.MULTIPLE.search(words)
    assert (match and next(filter(None, match.groups()))) == COUNTS[words]


REPEATS = {
    "repeated x1": 1,
    "repeated once": 1,
    "repeat dose x2": 2,
    "rpt x2": 2,
    "redosed twice": 2,
    "repeated three times": 3,
    "repeated": None,
    "repeated x 5 min": None,
}


@pytest.mark.parametrize("words", REPEATS)
def test_repeated(words: str) -> None:
    match = amounts.REPEATED.search(words)
    assert match is not None
    assert amounts.how_often(match["n"] or match["m"]) == REPEATS[words]


@pytest.mark.parametrize(
    ("word", "number"),
    [
        *(("3", 3), ("three", 3), ("thrice", 3), ("once", 1), ("a single", 1)),
        *(("single dose", 1), (None, None), ("many", None)),
    ],
)
def test_how_often(word: str | None, number: int | None) -> None:
    assert amounts.how_often(word) == number


CLOCKS = {
    "ivp at 1402": "1402",
    "14:02": "14:02",
    "@ 0212": "0212",
    "q5 min": "q5 min",
    "5 min later": "5 min later",
    "every 5 min": "every 5 min",
    "1402 mg": None,
    "2000 ml": None,
    "120/80": None,
    "2575 elm st": None,
    "50 mcg": None,
}


@pytest.mark.parametrize("words", CLOCKS)
def test_clock(words: str) -> None:
    match = amounts.CLOCK.search(words)
    assert (match and match.group()) == CLOCKS[words]


def test_brackets_of_a_form_are_blanks_of_the_same_length() -> None:
    assert amounts.plain_window("[50 mcg] {iv}") == " 50 mcg   iv "
