"""Marks: every finding's words, numbered, laid out in place, safe to show."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.analysis import Analysis
from tripsheet.errors import FindingsError
from tripsheet.findings import Findings, Medication, Span
from tripsheet.views.marks import Mark, Note, layout, marked, quote, safe

Spans = list[tuple[int, int]]


def marks_at(spans: Spans) -> tuple[Mark, ...]:
    """Marks with nothing but a place, numbered as the narrative has them."""
    order = sorted(set(spans), key=lambda span: (span[0], -span[1]))
    note = (Note("vital", "a value"),)
    return tuple(Mark(number, *span, note) for number, span in enumerate(order, 1))


def drawn(text: str, spans: Spans) -> str:
    """A layout as one string, `[` at each beginning and `]n` at each end."""
    shown = ""
    for segment in layout(text, marks_at(spans)):
        shown += "[" * len(segment.opens) + segment.text
        shown += "".join(f"]{mark.number}" for mark in segment.closes)
    return shown


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], "abcdef"),
        ([(0, 6)], "[abcdef]1"),
        ([(1, 3)], "a[bc]1def"),
        ([(1, 3), (3, 5)], "a[bc]1[de]2f"),  # touching
        ([(0, 6), (2, 4)], "[ab[cd]2ef]1"),  # nested
        ([(0, 4), (2, 6)], "[ab[cd]1ef]2"),  # crossing
        ([(0, 4), (0, 2)], "[[ab]2cd]1ef"),  # the same beginning
        ([(0, 4), (2, 4)], "[ab[cd]2]1ef"),  # the same end
        ([(0, 3), (1, 5), (2, 6)], "[a[b[c]1de]2f]3"),
    ],
)
def test_layout_draws_each_mark_where_it_stands(spans: Spans, expected: str) -> None:
    assert drawn("abcdef", spans) == expected


@given(st.data())
def test_layout_keeps_the_text_and_every_mark_whole(data: st.DataObject) -> None:
    text = data.draw(st.text(min_size=1, max_size=40))
    places = st.tuples(st.integers(0, len(text) - 1), st.integers(1, len(text)))
    spans = data.draw(st.lists(places.filter(lambda span: span[0] < span[1]), max_size=12))
    marks = marks_at(spans)
    segments = layout(text, marks)

    assert "".join(text[part.start : part.end] for part in segments) == text
    assert "".join(part.text for part in segments) == "".join(safe(text))
    for mark in marks:
        pieces = [part for part in segments if mark in part.inside]
        assert (pieces[0].start, pieces[-1].end) == (mark.start, mark.end)
        assert sum(part.end - part.start for part in pieces) == mark.end - mark.start
        assert [part.start for part in segments if mark in part.opens] == [mark.start]
        assert [part.end for part in segments if mark in part.closes] == [mark.end]
    for part in segments:
        lengths = [mark.end - mark.start for mark in part.inside]
        assert lengths == sorted(lengths, reverse=True)


@given(st.text(max_size=60))
def test_safe_text_has_one_string_a_character_and_nothing_that_moves_the_cursor(text: str) -> None:
    shown = safe(text)
    assert len(shown) == len(text)
    joined = "".join(shown).replace("\n", "")
    assert not {unicodedata.category(character) for character in joined} & {"Cc", "Cf", "Cs"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BP 120/80\r\nHR 80\rRR 16\n", "BP 120/80\nHR 80\nRR 16\n"),
        ("\x1b[31mred", "␛[31mred"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("tab\there", "tab here"),
        ("\u202egnirts", "�gnirts"),
        ("SpO₂ ≥ 94 %, 37 °C, naïve", "SpO₂ ≥ 94 %, 37 °C, naïve"),
    ],
)
def test_safe_text_shows_controls_and_leaves_writing_alone(text: str, expected: str) -> None:
    assert "".join(safe(text)) == expected


def test_every_piece_of_evidence_has_a_mark(analysis: Analysis) -> None:
    places = {(mark.start, mark.end) for mark in marked(analysis).marks}
    found = analysis.findings
    for finding in (*found.medications, *found.interventions, *found.conditions, *found.vitals):
        for item in finding.evidence:
            assert isinstance(item, Span)
            assert (item.start, item.end) in places


def test_numbers_follow_the_narrative(analysis: Analysis) -> None:
    marks = marked(analysis).marks
    assert [mark.number for mark in marks] == list(range(1, len(marks) + 1))
    assert [mark.start for mark in marks] == sorted(mark.start for mark in marks)


def of_words(analysis: Analysis, text: str) -> Mark:
    narrative = analysis.report.narrative
    return next(mark for mark in marked(analysis).marks if narrative[mark.start : mark.end] == text)


def test_words_of_several_findings_are_one_mark(analysis: Analysis) -> None:
    oxygen = of_words(analysis, "O2 4L NC")
    assert {note.kind for note in oxygen.notes} == {"intervention", "condition", "gap"}
    assert oxygen.kind == "intervention"
    assert oxygen.questioned
    assert not oxygen.against


def test_counter_evidence_is_known_as_such(analysis: Analysis) -> None:
    assert of_words(analysis, "Pt ambulated to cot").against


@pytest.mark.parametrize(
    ("words", "asserted"),
    [
        ("Fentanyl 50mcg SIVP, repeated x1", True),
        ("naloxone 2 mg IN by FD", False),  # before this crew
        ("Intubation deferred", False),  # not performed
        ("Denies SOB", False),  # absent
    ],
)
def test_what_is_only_named_is_not_asserted(analysis: Analysis, words: str, asserted: bool) -> None:
    assert of_words(analysis, words).asserted is asserted


def test_evidence_finds_its_marks_again(analysis: Analysis) -> None:
    drawn = marked(analysis)
    evidence = analysis.determination.necessity.evidence
    texts = [analysis.report.narrative[mark.start : mark.end] for mark in drawn.of(evidence)]
    assert texts == ["10/10 crushing substernal CP, diaphoretic", "O2 4L NC"]


def test_the_legend_names_every_mark(analysis: Analysis) -> None:
    drawn = marked(analysis)
    named = {mark.number for _, _, marks in drawn.legend() for mark in marks}
    assert named == {mark.number for mark in drawn.marks}


@pytest.mark.parametrize(
    "span", [Span(0, 3, "NOT"), Span(5, 5, ""), Span(-4, -1, "mi."), Span(0, 9999, "M14")]
)
def test_evidence_that_does_not_stand_in_the_narrative_is_refused(
    analysis: Analysis, span: Span
) -> None:
    wrong = replace(analysis, findings=Findings((Medication("fentanyl", evidence=(span,)),)))
    with pytest.raises(FindingsError, match="analyse the report again"):
        marked(wrong)


def test_a_long_quote_loses_its_middle() -> None:
    shown = quote("word " * 40, 40)
    assert len(shown) <= 40
    assert "…" in shown


def test_a_quote_is_one_line() -> None:
    assert quote("Fentanyl\r\n  50 mcg") == "Fentanyl 50 mcg"
