"""Drafts: quoted evidence becomes offsets; what is not in the text is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripsheet.corpus.drafts import find, read_drafts, write_draft
from tripsheet.corpus.gold import Gold
from tripsheet.findings import Dose, Span

from .conftest import DAY, NIGHT, SPLITS, read


def test_evidence_is_placed_where_it_is_quoted(golds: list[Gold]) -> None:
    gold = golds[0]
    found = gold.findings
    spans = [
        span
        for item in (*found.medications, *found.interventions, *found.conditions, *found.vitals)
        for span in item.evidence
        if isinstance(span, Span)
    ]
    assert len(spans) == 11
    assert all(gold.narrative[span.start : span.end] == span.text for span in spans)


def test_everything_that_is_said_of_a_drug_is_kept(golds: list[Gold]) -> None:
    drug = next(m for m in golds[0].findings.medications if m.name == "norepinephrine")
    assert (drug.route, drug.status, drug.performer) == ("iv_infusion", "given", "crew")
    assert drug.maintained
    assert drug.dose == Dose(8.0, "mcg/min")
    home = next(m for m in golds[0].findings.medications if m.name == "metoprolol")
    assert (home.status, home.reason) == ("not_given", "home_list")


def test_words_over_a_line_break_are_found_and_keep_the_break(golds: list[Gold]) -> None:
    drug = next(m for m in golds[0].findings.medications if m.name == "norepinephrine")
    assert [span.text for span in drug.evidence if isinstance(span, Span)][-1] == "continued\nby us"


def test_the_record_is_typed_and_the_head_is_kept(golds: list[Gold]) -> None:
    night = golds[0]
    expected = {"claimed_hcpcs": "A0433", "loaded_miles": 4.5, "pcs_on_file": False}
    assert dict(night.record) == expected
    assert night.report().loaded_miles == 4.5
    assert (night.traps, night.misspelled, night.split) == (
        ("home_list", "prior_care"),
        True,
        "train",
    )


@pytest.mark.parametrize(
    ("text", "words", "place", "start"),
    [
        ("SpO2 up on O2", "O2", 0, 11),  # not inside SpO2
        ("SpO2 only", "O2", 0, 2),  # no whole word: inside one, then
        ("NTG, then NTG again", "NTG", 2, 10),
        ("NTG once", "NTG", 2, -1),
        ("nothing here", "NTG", 0, -1),
    ],
)
def test_find_prefers_whole_words(text: str, words: str, place: int, start: int) -> None:
    assert find(text, words, place) == start


def test_a_numbered_place_is_that_one(tmp_path: Path) -> None:
    golds, problems = read(tmp_path, NIGHT.replace(";; 86% on RA", ";; 86%#2"))
    assert problems == []
    (condition,) = golds[0].findings.conditions
    again = golds[0].narrative.index("86% again")
    assert again == max(span.start for span in condition.evidence if isinstance(span, Span))


WRONG = [
    ("| Duoneb", "| Duonebs", "13", "med albuterol_ipratropium", "not in the narrative"),
    ("route=nebulized", "route=nebulised", "13", "albuterol_ipratropium", "is no route"),
    ("med albuterol_ipratropium", "med DuoNeb", "13", "DuoNeb", "lower snake_case"),
    ("dose=125_mg", "dose=125mg", "14", "methylprednisolone", "number_unit"),
    ("int oxygen | performed crew", "int oxygen | done crew", "18", "oxygen", "is no status"),
    ("int oxygen", "int o2", "18", "intervention", "is no intervention"),
    ("cond respiratory_distress", "cond dyspnea", "19", "condition", "is no condition"),
    ("vital spo2 | 86 %", "vital spo2 | high %", "20", "vital spo2", "not a number"),
    ("mob sit | able", "mob sit | fine", "22", "mobility sit", "is no value"),
    ("level | A0427", "level | A0499", "26", "level", "is no level"),
    ("level | A0427", "lvl | A0427", "26", "line", "not a line of a draft"),
    ("gap signature", "gap autograph", "29", "gap", "is no gap"),
    ("origin=R", "origin=Q", "23", "call origin", "is no origin"),
    ("author: night_medic", "author: nobody", "2", "author", "in no split"),
    ("loaded_miles=4.5; ", "loaded_miles=far; ", "4", "record loaded_miles", "not a number"),
    ("claimed_hcpcs=A0433", "claim=A0433", "4", "record claim", "not a field of a report"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "line", "field", "message"), WRONG)
def test_what_is_wrong_is_named_with_file_line_and_field(
    tmp_path: Path, old: str, new: str, line: str, field: str, message: str
) -> None:
    assert old in NIGHT
    golds, problems = read(tmp_path, NIGHT.replace(old, new, 1))
    assert golds == []
    assert any(
        problem.split(":")[1] == line and field in problem and message in problem
        for problem in problems
    ), problems
    assert not any("tripod" in problem or "Duoneb" in problem for problem in problems)


def test_one_wrong_narrative_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    golds, problems = read(tmp_path, NIGHT.replace("| Duoneb", "| absent words") + "\n" + DAY)
    assert [gold.id for gold in golds] == ["day-1"]
    assert len(problems) == 2  # the drug's evidence and the gap's


def test_a_second_annotator_leaves_the_narrative_out(golds: list[Gold], tmp_path: Path) -> None:
    labels = "@@@ day-1\nmob ambulate | able | walked\nlevel | A0428 | x\nnecessity | supported\n"
    path = tmp_path / "second.txt"
    path.write_text(labels, encoding="utf-8")
    (second,), problems = read_drafts(path, SPLITS, {gold.id: gold for gold in golds})
    assert problems == []
    assert second.narrative == golds[1].narrative
    assert second.findings.mobility.ambulate.value == "able"
    _, problems = read_drafts(path, SPLITS)
    assert any("no narrative" in str(problem) for problem in problems)


def test_a_written_draft_reads_back_to_the_same_gold(golds: list[Gold], tmp_path: Path) -> None:
    again, problems = read(tmp_path, "\n".join(map(write_draft, golds)), "again.txt")
    assert problems == []
    assert again == golds
