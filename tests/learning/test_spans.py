"""Trained spans: what the model learns from, and what its spans add to a reading."""

from __future__ import annotations

import pytest
import spacy
from spacy.util import load_config

from tripsheet.corpus.gold import CORPUS, load_gold
from tripsheet.findings import Condition, Findings, Intervention, Mobility, Prong, Span
from tripsheet.learning.spans import (
    CONFIG,
    Labelled,
    add_spans,
    folded_place,
    labelled,
    to_docs,
)
from tripsheet.reading import reader
from tripsheet.reading.setting import setting_of
from tripsheet.report import Report

NARRATIVE = "Denies  dizziness.\nO2 was not needed. Carried  by staff, chest felt heavy."


def added(label: str, words: str, findings: Findings | None = None) -> Findings:
    start = NARRATIVE.index(words)
    document = reader().document(NARRATIVE)
    return add_spans(
        document,
        setting_of(Report(narrative=NARRATIVE), document),
        findings if findings is not None else Findings(),
        [Labelled(start, start + len(words), label)],
    )


def test_a_condition_span_adds_a_condition_of_the_models_own() -> None:
    (found,) = added("condition:cardiac_distress", "chest felt heavy").conditions
    assert (found.id, found.status, found.source) == ("cardiac_distress", "present", "model")
    start = NARRATIVE.index("chest")
    assert found.evidence == (Span(start, start + 16, "chest felt heavy"),)


def test_a_denied_condition_is_not_added() -> None:
    assert added("condition:dizziness", "dizziness").conditions == ()


def test_the_rules_context_reads_what_became_of_an_intervention() -> None:
    (found,) = added("intervention:oxygen", "O2").interventions
    assert (found.status, found.source) == ("not_performed", "model")


def test_a_prong_span_settles_only_what_is_not_documented() -> None:
    assert added("get_up:unable", "Carried  by staff").mobility.get_up.value == "unable"
    told = Findings(mobility=Mobility(get_up=Prong("able")))
    assert added("get_up:unable", "Carried  by staff", told) == told


@pytest.mark.parametrize(
    ("label", "findings"),
    [
        ("condition:fall", Findings(conditions=(Condition("fall"),))),
        ("intervention:oxygen", Findings(interventions=(Intervention("oxygen", "attempted"),))),
        ("medication", Findings()),  # a drug without a name tells nothing
    ],
)
def test_what_the_rules_know_is_left_as_it_is(label: str, findings: Findings) -> None:
    assert added(label, "chest felt heavy", findings) == findings


def test_places_of_the_narrative_are_found_in_the_folded_text() -> None:
    document = reader().document(NARRATIVE)
    for words in ("dizziness", "O2", "Carried", "by staff"):
        at = folded_place(document, NARRATIVE.index(words))
        assert document.folded[at:].startswith(words.lower())


def test_training_docs_hold_gold_evidence_and_no_overlap() -> None:
    golds = load_gold(CORPUS / "train.jsonl")[:120]
    docs = to_docs(golds, spacy.blank("en"))
    assert [doc.text for doc in docs] == [gold.narrative for gold in golds]
    labels = {ent.label_ for doc in docs for ent in doc.ents}
    assert {"medication", "intervention:iv_access"} <= labels
    for gold, doc in zip(golds, docs, strict=True):
        known = {(one.label, one.start) for one in labelled(gold)}
        for ent in doc.ents:
            # a token may begin before the evidence in it
            first = ent[0].idx
            assert any(label == ent.label_ and first <= at <= ent.end_char for label, at in known)


def test_the_configuration_is_one_that_spacy_can_build() -> None:
    config = load_config(CONFIG)
    nlp = spacy.util.load_model_from_config(config, auto_fill=True)
    assert nlp.pipe_names == ["tok2vec", "ner"]
