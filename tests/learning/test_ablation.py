"""Ablation: what a row leaves out is left out, and a model's word counts in no decision."""

from __future__ import annotations

import pytest

from tripsheet.corpus.gold import CORPUS, load_gold
from tripsheet.findings import Condition, Findings, Intervention, Medication, Mobility, Prong
from tripsheet.learning.ablation import (
    Unspelled,
    believed,
    measure,
    rows,
    taken_at_face_value,
    undecided,
    without_context,
)
from tripsheet.lexicon import load
from tripsheet.reading import Reader, reader
from tripsheet.reading.second_reader import SecondReader
from tripsheet.report import Report


@pytest.mark.parametrize(
    "narrative",
    [
        "Fentanyl 50 mcg was withheld. IV refused. Denies chest pain.",
        "FD gave fentanyl 50 mcg and started an IV prior to our arrival for chest pain.",
    ],
)
def test_without_context_whatever_is_named_is_done_by_this_crew(narrative: str) -> None:
    bare = Unspelled(without_context(load()))
    found = taken_at_face_value(bare.read(Report(narrative=narrative)))
    assert [(m.name, m.status, m.performer) for m in found.medications] == [
        ("fentanyl", "given", "crew")
    ]
    assert ("iv_access", "performed", "crew") in [
        (a.id, a.status, a.performer) for a in found.interventions
    ]
    assert "cardiac_distress" in [c.id for c in found.conditions if c.status == "present"]


def test_two_readings_of_one_name_are_one_at_face_value() -> None:
    found = taken_at_face_value(
        Findings(
            medications=(
                Medication("aspirin", "oral", performer="other"),
                Medication("aspirin", "oral", status="not_given"),
                Medication("aspirin", "rectal"),
            ),
            interventions=(
                Intervention("oxygen", "not_performed"),
                Intervention("oxygen", performer="other"),
            ),
            conditions=(Condition("fall", "history"), Condition("fall")),
        )
    )
    assert [m.route for m in found.medications] == ["oral", "rectal"]
    assert found.interventions == (Intervention("oxygen"),)
    assert found.conditions == (Condition("fall"),)


def test_without_the_speller_a_misspelled_drug_is_not_found() -> None:
    report = Report(narrative="Amiodaronne 150 mg given.")
    assert [m.name for m in Reader(load()).read(report).medications] == ["amiodarone"]
    assert Unspelled(load()).read(report).medications == ()


def test_a_believed_prong_has_the_value_that_the_second_reader_gave_it() -> None:
    second = SecondReader.load()
    document = reader().document("He cannot walk, wheelchair at baseline.")
    reviewed = second.review(document, Findings())
    assert reviewed.mobility.ambulate.value == "not_documented"
    assert believed(document, second, reviewed).mobility.ambulate.value == "unable"


def test_a_value_that_a_model_gave_a_prong_is_not_counted() -> None:
    told = Mobility(Prong("unable"), Prong("unable"), Prong("unable", source="model"))
    assert told.bed_confined == "yes"
    counted = undecided(Findings(mobility=told)).mobility
    assert counted.bed_confined == "not_documented"
    assert counted.get_up == told.get_up


def test_the_rows_build_on_each_other_and_models_decide_nothing() -> None:
    pytest.importorskip("scispacy")
    golds = load_gold(CORPUS / "dev.jsonl")[::4]
    scores = {name: measure(golds, read, believe)[0] for name, read, believe in rows((), False)}
    names = list(scores)
    assert names == [
        "lexicon alone",
        "+ context",
        "+ spelling (the rules)",
        "+ sceptic (the default)",
        "+ linking",
        "+ second reader",
    ]
    assert (
        scores["+ context"].fields["medications"].f1
        > scores["lexicon alone"].fields["medications"].f1
    )
    default = scores["+ sceptic (the default)"]
    for name in names[4:]:
        assert scores[name].level == default.level
        assert scores[name].necessity == default.necessity
