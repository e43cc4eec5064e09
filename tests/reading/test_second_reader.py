"""The second reader: what it says, and that its word never decides."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tripsheet.coding import determine
from tripsheet.corpus.gold import CORPUS, Gold, load_gold
from tripsheet.determination import Determination
from tripsheet.errors import InputError
from tripsheet.findings import (
    Condition,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    Span,
)
from tripsheet.reading import reader
from tripsheet.reading.second_reader import (
    CLAUSE_LABELS,
    FOLDER,
    MENTION_LABELS,
    PRONGS,
    LinearModel,
    SecondReader,
    clause_features,
    words,
)
from tripsheet.vocabulary import ConditionId

SECOND = SecondReader.load()


@pytest.fixture(scope="module")
def second() -> SecondReader:
    return SECOND


@pytest.fixture(scope="module")
def corpus() -> tuple[Gold, ...]:
    return load_gold(CORPUS / "train.jsonl", CORPUS / "dev.jsonl")[::4]


def evidence(narrative: str, told: str | None = None) -> tuple[Span, ...]:
    start = narrative.index(told) if told is not None else 0
    end = start + len(told) if told is not None else len(narrative)
    return (Span(start, end, narrative[start:end]),)


TOLD = (
    ("Pt walked to the ambulance with steady gait.", "ambulate:able"),
    ("He cannot walk, wheelchair at baseline.", "ambulate:unable"),
    ("She is unable to get out of bed without assistance.", "get_up:unable"),
    ("Found sitting upright in a chair.", "sit:able"),
    ("Patient sat on the bench seat for transport.", "sit:able"),
    ("Left hip shortened and externally rotated after fall.", "unset_fracture"),
    ("Right sided facial droop and arm drift noted.", "possible_stroke"),
)


@pytest.mark.parametrize(("narrative", "label"), TOLD)
def test_a_clause_is_taken_for_what_it_tells(
    second: SecondReader, narrative: str, label: str
) -> None:
    opinions = second.opinions(reader().document(narrative))
    best = max(opinions, key=lambda name: opinions[name].probability)
    assert best == label
    assert opinions[label].probability > 0.5
    assert opinions[label].evidence.text in narrative


@pytest.mark.parametrize(
    "narrative",
    ["No complaints, vitals normal.", "Denies chest pain, denies shortness of breath.", "Hx HTN."],
)
def test_a_clause_that_documents_nothing_is_taken_for_nothing(
    second: SecondReader, narrative: str
) -> None:
    opinions = second.opinions(reader().document(narrative))
    assert max(opinion.probability for opinion in opinions.values()) < 0.2


def test_a_condition_that_only_the_model_sees_is_marked_as_its_own(second: SecondReader) -> None:
    narrative = "Dispatched to a fall. Left hip shortened and externally rotated after fall."
    reviewed = second.review(reader().document(narrative), Findings())
    (found,) = [item for item in reviewed.conditions if item.id == "unset_fracture"]
    assert (found.source, found.status) == ("model", "present")
    assert found.probability is not None
    assert found.probability >= 0.5
    assert found.evidence == evidence(
        narrative, "Left hip shortened and externally rotated after fall."
    )


def test_a_prong_that_only_the_model_sees_stays_not_documented(second: SecondReader) -> None:
    narrative = "He cannot walk, wheelchair at baseline."
    prong = second.review(reader().document(narrative), Findings()).mobility.ambulate
    assert (prong.value, prong.source) == ("not_documented", "model")
    assert prong.evidence == evidence(narrative)
    (doubt,) = prong.doubts
    assert "takes it for unable" in doubt


def test_a_prong_that_the_model_reads_the_other_way_is_doubted(second: SecondReader) -> None:
    narrative = "Pt walked to the ambulance with steady gait."
    told = Prong("unable", evidence(narrative))
    reviewed = second.review(
        reader().document(narrative), Findings(mobility=Mobility(ambulate=told))
    )
    prong = reviewed.mobility.ambulate
    assert replace(prong, doubts=()) == told
    assert [doubt.rpartition(" (")[0] for doubt in prong.doubts] == [
        "the second reader takes it for able"
    ]


ACTS = (
    ("Staff had placed him on 4 L NC before we arrived.", "oxygen", "performed", "crew",
     "takes it for another's doing"),
    ("Intubation was considered and not performed.", "endotracheal_intubation", "performed", "crew",
     "takes it for not done"),
    ("IV attempted x2 without success.", "iv_access", "performed", "crew",
     "takes it for tried in vain"),
)  # fmt: skip


@pytest.mark.parametrize(("narrative", "id", "status", "performer", "doubt"), ACTS)
def test_a_treatment_whose_words_speak_against_it_is_doubted(
    second: SecondReader, narrative: str, id: str, status: str, performer: str, doubt: str
) -> None:
    read = Intervention(id, status, performer, evidence=evidence(narrative))  # type: ignore[arg-type]
    reviewed = second.review(reader().document(narrative), Findings(interventions=(read,)))
    (found,) = reviewed.interventions
    assert replace(found, doubts=()) == read
    assert len(found.doubts) == 1
    assert doubt in found.doubts[0]


@pytest.mark.parametrize(
    ("narrative", "drug"),
    [
        ("Fentanyl was drawn up and not given.", Medication("fentanyl", status="not_given")),
        ("Zofran 4 mg IV given enroute.", Medication("ondansetron")),
    ],
)
def test_a_treatment_that_both_read_alike_is_not_doubted(
    second: SecondReader, narrative: str, drug: Medication
) -> None:
    findings = Findings(medications=(replace(drug, evidence=evidence(narrative)),))
    assert second.review(reader().document(narrative), findings).medications == findings.medications


def test_a_drug_told_as_given_against_its_words_is_doubted(second: SecondReader) -> None:
    narrative = "Fentanyl was drawn up and not given."
    read = Medication("fentanyl", evidence=evidence(narrative))
    (found,) = second.review(
        reader().document(narrative), Findings(medications=(read,))
    ).medications
    assert "takes it for not done" in found.doubts[0]


def test_a_condition_without_any_words_for_it_is_doubted(second: SecondReader) -> None:
    narrative = "Pt walked to the ambulance with steady gait."
    read = Condition("possible_stroke", evidence=evidence(narrative, "steady"))
    (found,) = [
        item
        for item in second.review(
            reader().document(narrative), Findings(conditions=(read,))
        ).conditions
        if item.id == "possible_stroke"
    ]
    assert "finds no words of it" in found.doubts[0]


DERIVED: tuple[ConditionId, ...] = (
    "bed_confined", "stretcher_only", "oxygen_or_emergency_treatment",
)  # fmt: skip


@pytest.mark.parametrize("id", DERIVED)
def test_a_conclusion_from_other_findings_is_neither_doubted_nor_suggested(
    second: SecondReader, id: ConditionId, corpus: tuple[Gold, ...]
) -> None:
    for gold in corpus[:40]:
        document = reader().document(gold.narrative)
        assert all(item.id != id for item in second.review(document, Findings()).conditions)
        told = Condition(id, evidence=evidence(gold.narrative))
        reviewed = second.review(document, Findings(conditions=(told,)))
        assert reviewed.conditions[0] == told


def decided(made: Determination) -> tuple[object, ...]:
    """All that a claim rests on; the explanation may show a model's words beside it."""
    need = made.necessity
    return (
        made.hcpcs,
        made.modifiers,
        (need.verdict, need.basis, need.statement, need.counter),
        made.diagnoses,
        made.not_assigned,
        [gap.id for gap in made.gaps],
    )


def test_a_model_never_raises_a_level_nor_turns_a_verdict(
    second: SecondReader, corpus: tuple[Gold, ...]
) -> None:
    spoke = 0
    for gold in corpus:
        report = gold.report()
        findings = reader().read(report)
        reviewed = second.review(reader().document(gold.narrative), findings)
        spoke += reviewed != findings
        alone, both = determine(report, findings), determine(report, reviewed)
        assert decided(both) == decided(alone), gold.id
    assert spoke > 5  # else nothing was put to the test


def test_even_a_model_that_is_sure_of_everything_moves_nothing(corpus: tuple[Gold, ...]) -> None:
    sure = SecondReader(_constant(CLAUSE_LABELS, 40), _constant(MENTION_LABELS, 40))
    for gold in corpus[::5]:
        report = gold.report()
        findings = reader().read(report)
        reviewed = sure.review(reader().document(gold.narrative), findings)
        assert reviewed != findings
        alone, both = determine(report, findings), determine(report, reviewed)
        assert decided(both) == decided(alone), gold.id


def _constant(labels: tuple[str, ...], score: float) -> LinearModel:
    """A model without features: every text has the same probability."""
    ones = np.ones(len(labels), np.float32)
    empty = np.zeros((1, len(labels) + 1), np.float32)
    return LinearModel(labels, {}, empty, score * ones, ones, 0 * ones)


def test_nothing_is_removed_and_all_that_is_new_is_the_models(
    second: SecondReader, corpus: tuple[Gold, ...]
) -> None:
    for gold in corpus:
        findings = reader().read(gold.report())
        reviewed = second.review(reader().document(gold.narrative), findings)
        assert tuple(replace(m, doubts=()) for m in reviewed.medications) == tuple(
            replace(m, doubts=()) for m in findings.medications
        )
        assert tuple(replace(i, doubts=()) for i in reviewed.interventions) == tuple(
            replace(i, doubts=()) for i in findings.interventions
        )
        kept = len(findings.conditions)
        assert tuple(replace(c, doubts=()) for c in reviewed.conditions[:kept]) == tuple(
            replace(c, doubts=()) for c in findings.conditions
        )
        new: list[Condition | Prong] = list(reviewed.conditions[kept:])
        for name in PRONGS:
            prong = getattr(reviewed.mobility, name)
            assert prong.value == getattr(findings.mobility, name).value
            if prong.source == "model":
                new.append(prong)
        for item in new:
            assert item.source == "model"
            assert item.probability is not None
            assert 0.5 <= item.probability <= 1
            assert item.evidence
            for span in item.evidence:
                assert isinstance(span, Span)
                assert gold.narrative[span.start : span.end] == span.text
        assert reviewed.vitals == findings.vitals
        assert reviewed.transport == findings.transport
        assert reviewed.statements == findings.statements


def test_a_review_says_the_same_every_time(second: SecondReader, corpus: tuple[Gold, ...]) -> None:
    other = SecondReader.load()
    for gold in corpus[::10]:
        document, findings = reader().document(gold.narrative), reader().read(gold.report())
        assert second.review(document, findings) == other.review(document, findings)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_can_be_reviewed(text: str) -> None:
    reviewed = SECOND.review(reader().document(text), Findings())
    for condition in reviewed.conditions:
        assert condition.source == "model"


@settings(max_examples=100, deadline=None)
@given(st.text(st.sampled_from("abcdefg 0129.,'/<>é"), max_size=80))
def test_the_fast_way_to_features_is_the_plain_one(text: str) -> None:
    assert SECOND._numbers(text) == SECOND.clauses.numbers(clause_features(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("gcs 3, bp 82/40", ["gcs", "3", ",", "bp", "00", "/", "00"]),
        ("sat 91.5% x2", ["sat", "00", "%", "x", "2"]),
        ("can't walk", ["can't", "walk"]),
        ("", []),
    ],
)
def test_words_keep_small_numbers_and_the_length_of_others(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_saving_and_loading_keeps_a_model_to_the_byte(tmp_path: Path) -> None:
    for name in ("clauses.npz", "mentions.npz"):
        model = LinearModel.load(FOLDER / name)
        model.save(tmp_path / name)
        assert (tmp_path / name).read_bytes() == (FOLDER / name).read_bytes()


def test_the_shipped_models_are_small_and_know_every_label() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000
    assert LinearModel.load(FOLDER / "clauses.npz").labels == CLAUSE_LABELS
    assert LinearModel.load(FOLDER / "mentions.npz").labels == MENTION_LABELS


@pytest.mark.parametrize("content", [None, b"", b"no model", b"PK\x03\x04half"])
def test_a_file_that_is_no_model_is_one_clear_sentence(
    content: bytes | None, tmp_path: Path
) -> None:
    path = tmp_path / "clauses.npz"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=r"no model of the second reader; rebuild it") as raised:
        LinearModel.load(path)
    assert str(path) in raised.value.message


def test_a_pickled_array_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "clauses.npz"
    np.savez(path, labels=np.array([object()], dtype=object), features=np.zeros(1))
    with pytest.raises(InputError):
        LinearModel.load(path)


def test_reading_with_the_second_reader_imports_no_scikit_learn() -> None:
    code = (
        "import sys; from tripsheet.reading.second_reader import SecondReader;"
        "from tripsheet.reading import reader; from tripsheet.findings import Findings;"
        "SecondReader.load().review(reader().document('Sat in a chair.'), Findings());"
        "loaded = {'sklearn', 'scipy', 'spacy'} & set(sys.modules);"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
