"""Concepts: which lookup links which words, and what happens where scispaCy is missing."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tripsheet.errors import MissingExtraError
from tripsheet.findings import Findings
from tripsheet.reading import reader
from tripsheet.reading.concepts import (
    KINDS,
    Concepts,
    Kind,
    _ExactIndex,
    abbreviations,
    concepts,
    link_open,
)
from tripsheet.vocabulary import CONDITIONS, INTERVENTIONS

WITHOUT_SCISPACY = (
    ("fentanyl", "fentanyl", "exact"),
    ("Sublimaze", "fentanyl", "exact"),
    ("FENTANYL", "fentanyl", "exact"),
    ("fentanyyl", "fentanyl", "spelling"),
    ("ondansertrom", "ondansetron", "spelling"),
    ("chest pain", "cardiac_distress", "exact"),
    ("chest paiin", "cardiac_distress", "spelling"),
)
WITH_SCISPACY = (
    ("epinephrin injection", "epinephrine", "similar"),
    ("intravenous line started", "iv_access", "similar"),
    ("tranexamic acid infusion bag", "tranexamic_acid", "similar"),
)


@pytest.mark.parametrize(("words", "id", "how"), WITHOUT_SCISPACY)
def test_forms_and_misspelled_forms_are_linked_without_scispacy(
    words: str, id: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "scispacy.candidate_generation", None)
    link = concepts().link(words)
    assert link is not None
    assert (link.concept.id, link.how) == (id, how)


@pytest.mark.parametrize(("words", "id", "how"), WITH_SCISPACY)
def test_free_descriptions_are_linked_by_similarity(words: str, id: str, how: str) -> None:
    pytest.importorskip("scispacy")
    link = concepts().link(words)
    assert link is not None
    assert (link.concept.id, link.how) == (id, how)
    assert 0.7 <= link.score < 1


@pytest.mark.parametrize("words", ["the weather was fine", "x", "", "   ", "???"])
def test_words_that_mean_no_concept_are_linked_to_none(words: str) -> None:
    pytest.importorskip("scispacy")
    assert concepts().link(words) is None


def test_missing_scispacy_is_one_clear_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "scispacy.candidate_generation", None)
    with pytest.raises(MissingExtraError, match=r"needs scispacy.*Python 3\.13") as raised:
        Concepts().similar("a private word")
    assert "private" not in raised.value.message


def test_abbreviations_without_scispacy_are_one_clear_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from tripsheet.reading import concepts as module

    module._abbreviation_pipeline.cache_clear()
    monkeypatch.setitem(sys.modules, "scispacy.abbreviation", None)
    with pytest.raises(MissingExtraError, match="needs scispacy"):
        abbreviations("deep vein thrombosis (DVT)")
    module._abbreviation_pipeline.cache_clear()


@pytest.mark.parametrize(
    ("narrative", "pairs"),
    [
        ("Hx of deep vein thrombosis (DVT) in the left leg.", {"DVT": "deep vein thrombosis"}),
        ("IV in the left AC (20 g), no short form explained.", {}),
        ("Nothing in parentheses.", {}),
    ],
)
def test_short_forms_that_the_narrative_explains(narrative: str, pairs: dict[str, str]) -> None:
    pytest.importorskip("scispacy")
    assert abbreviations(narrative) == pairs


def test_only_concepts_of_the_kinds_asked_for_are_linked() -> None:
    drugs: tuple[Kind, ...] = ("drug",)
    assert concepts().exact("chest pain", drugs) is None
    assert concepts().spelling("chest paiin", drugs) is None
    assert concepts().exact("chest pain", KINDS) is not None


def test_held_back_forms_are_not_known() -> None:
    assert concepts().exact("sublimaze") is not None
    assert Concepts(without={"sublimaze"}).exact("sublimaze") is None


def test_every_name_of_the_vocabulary_is_a_concept_with_the_code_of_its_system() -> None:
    known = {(concept.kind, concept.id) for concept in concepts()}
    assert known >= {("treatment", id) for id in INTERVENTIONS}
    assert known >= {("condition", id) for id in CONDITIONS}
    assert known >= {("drug", name) for name in reader().lexicon.drugs}
    systems = {"drug": "RxNorm", "treatment": "SNOMED CT", "condition": "ICD-10-CM"}
    for concept in concepts():
        assert concept.system == systems[concept.kind]
        assert concept.title
        if concept.code is not None:
            assert concept.code[0].isalpha() == (concept.kind == "condition")
    assert concepts().get("drug", "fentanyl").code == "4337"  # type: ignore[union-attr]


def test_the_exact_index_returns_what_a_full_comparison_does() -> None:
    from scipy.sparse import csr_matrix
    from scipy.sparse import random as random_matrix

    rows = random_matrix(200, 50, density=0.2, format="csr", random_state=3)
    queries = csr_matrix(np.vstack([rows[5].toarray(), rows[9].toarray(), np.zeros((1, 50))]))
    found = _ExactIndex(rows).knnQueryBatch(queries, k=7)
    likeness = queries.toarray() @ rows.toarray().T
    for (numbers, distances), row in zip(found, likeness, strict=True):
        best = sorted(range(200), key=lambda n: (-row[n], n))
        positive = [n for n in best if row[n] > 0][:7]
        assert list(numbers) == positive
        assert np.allclose(distances, [1 - row[n] for n in positive])


def linked(narrative: str) -> Findings:
    return link_open(reader().document(narrative), Findings(), concepts())


def test_a_strange_word_with_a_dose_is_a_drug_that_a_model_suggests() -> None:
    pytest.importorskip("scispacy")
    narrative = "Seizing.  Then levetiraacetaamm 1000 mg hung."
    (drug,) = linked(narrative).medications
    assert (drug.name, drug.status) == ("levetiracetam", "given")
    assert drug.source == "model"
    assert drug.probability is not None
    assert 0.5 < drug.probability < 1
    for span in drug.evidence:
        assert narrative[span.start : span.end] == span.text  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "narrative",
    [
        "Fentanyl 50 mcg IVP.",  # the reading knows it
        "Patient 50 mg of regret.",  # a word of the lexicons, no name of a drug
        "Qwxzvbnm 50 mg given.",  # like nothing
        "",
    ],
)
def test_nothing_is_linked_where_nothing_is_open(narrative: str) -> None:
    pytest.importorskip("scispacy")
    assert linked(narrative) == Findings()


def test_a_strange_drug_that_was_withheld_is_not_given() -> None:
    pytest.importorskip("scispacy")
    (drug,) = linked("Levetiraacetaamm 1000 mg was not given.").medications
    assert drug.status == "not_given"


def test_scispacy_is_not_imported_until_words_are_left_open() -> None:
    code = (
        "import sys; from tripsheet.reading.concepts import concepts;"
        "assert concepts().link('fentanyyl');"
        "loaded = {'scispacy', 'sklearn', 'spacy', 'nmslib'} & set(sys.modules);"
        "sys.exit(str(loaded) if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_same_words_are_linked_alike_every_time() -> None:
    pytest.importorskip("scispacy")
    asked = [words for words, _, _ in (*WITHOUT_SCISPACY, *WITH_SCISPACY)]
    assert [Concepts().link(words, KINDS) for words in asked] == [
        concepts().link(words) for words in asked
    ]
