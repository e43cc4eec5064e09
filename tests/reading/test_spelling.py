"""Misspelled names are found; plain words, common and clinical, are left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.lexicon import Lexicon, load
from tripsheet.lexicon.words import key_words, plain_words
from tripsheet.reading import reader
from tripsheet.reading.spelling import Speller, allowed_edits, allowed_key_edits
from tripsheet.report import Report
from tripsheet.resources import LEXICONS

DATA = Path(__file__).parents[1] / "data"


def words(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def drugs(text: str) -> list[str]:
    return [hit.entry.id for hit in reader().document(text).hits("drug")]


@pytest.mark.parametrize("name", ["common_words.txt", "clinical_words.txt"])
def test_no_plain_word_is_a_drug(name: str) -> None:
    listed = words(name)
    assert len(listed) == len(set(listed)) > 380
    assert {word: drugs(word) for word in listed if drugs(word)} == {}


def test_the_common_words_are_two_thousand_and_more() -> None:
    assert len(words("common_words.txt")) > 2000


def documented() -> list[tuple[str, str]]:
    table = tomllib.loads((LEXICONS / "medications.toml").read_text(encoding="utf-8"))
    return [
        (misspelled, drug["name"])
        for drug in table["drug"]
        for misspelled in drug.get("misspellings", ())
    ]


def test_every_documented_misspelling_is_its_drug() -> None:
    listed = documented()
    assert len(listed) > 1500
    lost = [(word, drug) for word, drug in listed if drugs(f"gave {word} 5 mg ivp") != [drug]]
    assert lost == []


# made by hand; none stands in the lexicon
MISSPELLED = {
    "fentanyllo": "fentanyl",
    "fentanal": "fentanyl",
    "ondasetronn": "ondansetron",
    "diphenhydraminne": "diphenhydramine",
    "amiodaronne": "amiodarone",
    "lorazepamm": "lorazepam",
    "succinylcholyne": "succinylcholine",
    "metoprololl": "metoprolol",
    "methylprednisolonne": "methylprednisolone",
    "nitroglyserinn": "nitroglycerin",
    "ativam": "lorazepam",
    "tylenoll": "acetaminophen",
}


@pytest.mark.parametrize("word", MISSPELLED)
def test_an_undocumented_misspelling_is_found(word: str) -> None:
    assert word not in load().phrases, "documented by now; take another"
    assert drugs(f"gave {word} ivp") == [MISSPELLED[word]]


@pytest.mark.parametrize("word", MISSPELLED)
def test_a_misspelled_drug_reaches_the_findings_with_the_narratives_spelling(word: str) -> None:
    text = f"Gave {word.capitalize()} 5 mg IVP at 1402."
    (found,) = reader().read(Report(narrative=text)).medications
    assert (found.name, found.status) == (MISSPELLED[word], "given")
    assert any(word in getattr(span, "text", "").lower() for span in found.evidence)


def test_how_far_a_word_may_differ() -> None:
    assert [allowed_edits(length) for length in range(4, 12)] == [0, 0, 1, 1, 2, 2, 2, 2]


@given(st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=7))
def test_a_short_word_is_never_far_from_what_it_is_taken_for(word: str) -> None:
    for hit in reader().speller.hits(word):
        assert (hit.start, hit.end) == (0, len(word))
        forms = load().drugs[hit.entry.id].forms if hit.entry.kind == "drug" else ()
        assert hit.entry.kind == "treatment" or any(
            abs(len(form) - len(word)) <= 1 and form[0] == word[0] for form in forms
        )


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("ativam", ["lorazepam"]),
        ("xativam", []),
        ("ativam2mg", ["lorazepam"]),
        ("ativam ativam", ["lorazepam", "lorazepam"]),
        ("lorazepam", []),  # known words are the scanner's
        ("", []),
    ],
)
def test_hits_stand_on_borders(text: str, ids: list[str]) -> None:
    assert [hit.entry.id for hit in reader().speller.hits(text)] == ids


def test_plain_words_are_never_tried(lexicon: Lexicon) -> None:
    assert [hit.entry.id for hit in Speller(lexicon, frozenset()).hits("abominate")] != []
    assert Speller(lexicon, frozenset({"abominate"})).hits("abominate") == []


# made by hand; none stands in the lexicon
KEY_WORDS = {
    "defered": "deferred",
    "unsucessfull": "unsuccessful",
    "refuseed": "refused",
    "attemtped": "attempted",
    "cancled": "canceled",
    "ambulence": "ambulance",
}


@pytest.mark.parametrize("word", KEY_WORDS)
def test_a_misspelled_key_word_is_read_as_the_word(word: str) -> None:
    document = reader().document(f"iv {word} twice")
    assert document.folded == f"iv {KEY_WORDS[word]} twice"
    at = document.folded.index(KEY_WORDS[word])
    assert document.span(at, at + len(KEY_WORDS[word])).text == word


def test_a_misspelled_refusal_still_refuses() -> None:
    found = reader().read(Report(narrative="IV defered. Zofran 4 mg IVP refuseed.")).medications
    assert [(one.name, one.status) for one in found] == [("ondansetron", "not_given")]


@pytest.mark.parametrize("word", ["deterred", "denise", "started", "conferred", "breeding"])
def test_a_plain_word_is_no_misspelled_key_word(word: str) -> None:
    assert reader().document(f"pt {word} today").folded == f"pt {word} today"


def test_how_far_a_key_word_may_differ() -> None:
    assert [allowed_key_edits(length) for length in (6, 8, 9, 12)] == [1, 1, 2, 2]
    assert key_words() & plain_words() == frozenset()


def test_a_missing_list_of_plain_words_is_an_empty_one(tmp_path: Path) -> None:
    assert plain_words(tmp_path) == frozenset()
    (tmp_path / "plain_words.txt").write_text("# a header\none\n\ntwo three\n", encoding="utf-8")
    assert plain_words(tmp_path) == {"one", "two", "three"}


@pytest.fixture
def lexicon() -> Lexicon:
    return load()
