"""The folded text loses nothing: every place in it leads back to the narrative's own words."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tripsheet.reading.dictation import spoken_numbers
from tripsheet.reading.text import Text, plain_folded

# what narratives hold: letters of several scripts, line ends of every kind, tabs, odd blanks,
# dashes and quotes, control characters, characters outside the basic plane
ANY_TEXTS = st.text(
    st.one_of(
        st.sampled_from("aA zZ09.-,/()\t\r\n\u00a0\u2019\u201d\u2013\u00d8\u0130\u00df\u2003"),
        st.characters(codec="utf-8"),
    ),
    max_size=120,
)
# dictated words ("eye oh") are rewritten: their characters stand for none of the narrative's
NARRATIVES = ANY_TEXTS.filter(lambda narrative: not spoken_numbers(plain_folded(narrative)))
BLANKS = " \t\r\n\u00a0"


def folded_alike(folded: str, own: str) -> bool:
    """Whether a character of the narrative may stand behind a folded one."""
    if own in BLANKS:
        return folded == " "
    if own in "-\u2010\u2011\u2012\u2013\u2014":
        return folded in "- "
    if own in "\u2018\u2019":
        return folded == "'"
    if own in "\u201c\u201d":
        return folded == '"'
    if own in "\u00d8\u2205\u00f8":
        return folded == "\u00f8"
    if own == "\u00d7":
        return folded == "x"
    return folded == (own.lower() if own.isascii() else own)


@given(NARRATIVES)
@example("a\r\n\r\n\r\nb")
@example("\r\n  a")
@example("a -b- c-d")
@example("STRA\u00dfE \u0130STANBUL \U0001f691 ok")
def test_every_folded_place_leads_to_its_character(narrative: str) -> None:
    text = Text(narrative)
    places = [text.position(at) for at in range(len(text.folded))]
    assert places == sorted(set(places))
    assert all(0 <= place < len(narrative) for place in places)
    for folded, place in zip(text.folded, places, strict=True):
        assert folded_alike(folded, narrative[place]), (folded, narrative[place])


@given(NARRATIVES)
def test_only_blanks_and_joining_hyphens_are_left_out(narrative: str) -> None:
    text = Text(narrative)
    kept = {text.position(at) for at in range(len(text.folded))}
    dropped = {narrative[at] for at in range(len(narrative)) if at not in kept}
    assert dropped <= set(BLANKS) | set("-\u2010\u2011\u2012\u2013\u2014")


@given(NARRATIVES, st.data())
def test_a_span_is_an_exact_stretch_of_the_narrative(narrative: str, data: st.DataObject) -> None:
    text = Text(narrative)
    if not text.folded:
        return
    start = data.draw(st.integers(0, len(text.folded) - 1))
    end = data.draw(st.integers(start + 1, len(text.folded)))
    span = text.span(start, end)
    assert narrative[span.start : span.end] == span.text
    assert span.start == text.position(start)
    # a blank stands for its whole run
    assert not narrative[text.position(end - 1) + 1 : span.end].strip(BLANKS)
    again = " ".join(Text(span.text).folded.split())
    assert again == " ".join(text.folded[start:end].split()) or "-" in span.text


@given(NARRATIVES)
def test_folding_leaves_no_run_of_blanks_no_line_end_and_no_capital(narrative: str) -> None:
    folded = Text(narrative).folded
    assert "  " not in folded
    assert not set("\n\r\t\u00a0") & set(folded)
    assert not any("A" <= character <= "Z" for character in folded)


@given(NARRATIVES)
def test_breaks_are_the_line_ends_and_blank_lines_some_of_them(narrative: str) -> None:
    text = Text(narrative)
    assert text.breaks == sorted(text.breaks)
    assert text.blank_lines <= set(text.breaks)
    for at in text.breaks:
        assert text.folded[at] == " "
        assert narrative[text.position(at)] in BLANKS
    assert bool(text.breaks) == ("\n" in narrative)


FOLDED = {
    "IV Access": "iv access",
    "12-lead  EKG": "12 lead ekg",
    "12\u2011lead": "12 lead",
    "pain - none": "pain - none",
    "Pt\u2019s \u201cchest\u201d": 'pt\'s "chest"',
    "SpO2\t94%\u00a0RA": "spo2 94% ra",
    "\u00d8 trauma, \u2205 loc": "\u00f8 trauma, \u00f8 loc",
    "one\r\ntwo\r\n\r\nthree": "one two three",
    "\n\n a": " a",
    "": "",
    "   ": " ",
    "caf\u00e9 \u00c9T\u00c9": "caf\u00e9 \u00c9t\u00c9",
}


@pytest.mark.parametrize("narrative", FOLDED)
def test_folded(narrative: str) -> None:
    assert Text(narrative).folded == FOLDED[narrative]


def words(narrative: str, phrase: str) -> str:
    """The narrative's own words behind a folded phrase."""
    text = Text(narrative)
    start = text.folded.index(phrase)
    return text.span(start, start + len(phrase)).text


OWN_WORDS = [
    ("Gave  Fentanyl\t50 mcg", "fentanyl 50", "Fentanyl\t50"),
    ("Gave Fentanyl   50 mcg", "fentanyl 50", "Fentanyl   50"),
    ("BP 120/80\r\nHR 80", "80 hr", "80\r\nHR"),
    ("12-LEAD done", "12 lead", "12-LEAD"),
    ("\U0001f691\U0001f691 IV\u00a0 PUSH", "iv push", "IV\u00a0 PUSH"),
    ("a\n\n\nb  c", "b c", "b  c"),
]


@pytest.mark.parametrize(("narrative", "phrase", "own"), OWN_WORDS)
def test_own_words(narrative: str, phrase: str, own: str) -> None:
    assert words(narrative, phrase) == own


def test_lines_and_blank_lines_are_told_apart() -> None:
    text = Text("one\ntwo\r\n\r\nthree\n \t\nfour")
    assert [text.folded[: at + 1].split()[-1] for at in text.breaks] == ["one", "two", "three"]
    assert {text.folded[: at + 1].split()[-1] for at in text.blank_lines} == {"two", "three"}
