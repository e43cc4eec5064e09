"""The sceptic takes deeds from this crew where the words speak against it, and gives none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripsheet.corpus.gold import CORPUS, load_gold
from tripsheet.errors import InputError
from tripsheet.findings import Findings
from tripsheet.lexicon import load
from tripsheet.reading import Reader, reader
from tripsheet.reading.sceptic import DENIED, DENIES, GROUPS, Sceptic, deed_features, words
from tripsheet.report import Report


@pytest.fixture(scope="module")
def rules() -> Reader:
    """The rules alone."""
    return Reader(load())


def ours(findings: Findings) -> set[tuple[str, int]]:
    """What is held for this crew's: drugs with their number of doses, procedures."""
    return {
        (drug.name, count)
        for drug in findings.medications
        if drug.status == "given" and drug.performer == "crew"
        for count in range(drug.count)
    } | {
        (act.id, 0)
        for act in findings.interventions
        if act.status == "performed" and act.performer == "crew"
    }


NOT_OURS = [
    "Transfer from the outlying ED. The amiodarone bag ran dry on the floor at noon.",
    "Had a second epi pen out, did not need it.",
    "Rocephin and azithromycin were completed on the floor before discharge.",
]


@pytest.mark.parametrize("narrative", NOT_OURS)
def test_care_that_sounds_like_anothers_is_taken_from_the_crew(
    narrative: str, rules: Reader
) -> None:
    report = Report(narrative=narrative)
    assert ours(rules.read(report))
    findings = reader().read(report)
    assert not ours(findings)
    doubts = {doubt for drug in findings.medications for doubt in drug.doubts}
    assert doubts
    assert doubts <= set(DENIED.values())


def test_what_the_crew_says_it_did_is_not_asked_about() -> None:
    narrative = "We gave morphine 4 mg IV, the rest of the vial was not needed."
    assert ("morphine", 0) in ours(reader().read(Report(narrative=narrative)))


def test_it_gives_the_crew_nothing(rules: Reader) -> None:
    for gold in load_gold(CORPUS / "dev.jsonl"):
        given = ours(reader().read(gold.report())) - ours(rules.read(gold.report()))
        assert not given, gold.id


def test_a_deed_is_judged_by_the_words_around_it_and_not_by_its_own() -> None:
    document = reader().document("ED staff gave fentanyl 50 mcg at 1402.")
    hit = document.hits("drug")[0]
    features = {group: set(told) for group, told in deed_features(document, hit, transfer=True)}
    assert features.keys() == set(GROUPS)
    assert features["before 1"] == {"gave"}
    assert features["after 1"] == {"00"}
    assert "fentanyl" not in features["sentence"]
    assert {"drug", "fentanyl", "transfer"} <= features["call"]


def test_words_keep_small_numbers_and_the_length_of_others() -> None:
    assert words("gave 2 of 4 mg at 1402, o2 98.6%") == [
        "gave", "2", "of", "4", "mg", "at", "0000", ",", "o", "2", "00", "%",
    ]  # fmt: skip


def test_a_saved_model_is_the_same_model(tmp_path: Path) -> None:
    shipped = Sceptic.load()
    shipped.save(tmp_path / "weights.tsv")
    assert Sceptic.load(tmp_path / "weights.tsv") == shipped


def test_probabilities_are_probabilities() -> None:
    document = reader().document("Morphine 4 mg IVP. ED gave 2 mg. Morphine held.")
    for hit in document.treatments:
        features = deed_features(document, hit, transfer=False)
        for label in range(3):
            assert 0 <= Sceptic.load().probability(features, label) <= 1
    assert all(0 < bound < 0.5 for bound in DENIES.values())


@pytest.mark.parametrize("content", [None, "", "no table", "\t\t1\t2\t3\nnowhere\tx\t1\t2\t3\t4\n"])
def test_a_file_that_is_no_model_is_named(content: str | None, tmp_path: Path) -> None:
    path = tmp_path / "weights.tsv"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError, match=r"is no model of the sceptic; rebuild it"):
        Sceptic.load(path)
