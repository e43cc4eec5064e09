"""A word is found where it stands, with what the reader takes it for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tripsheet.errors import LexiconError
from tripsheet.lexicon import Found, find, load
from tripsheet.lexicon.search import MOST, _held, _told

# word, how it is found, file, place, kind, id
CASES = [
    ("fentanyl", "exact", "medications.toml", "fentanyl.name", "drug", "fentanyl"),
    ("Sublimaze", "exact", "medications.toml", "fentanyl.brands", "drug", "fentanyl"),
    ("oral-glucose", "exact", "medications.toml", "oral_glucose.name", "drug", "oral_glucose"),
    ("12-Lead", "exact", "interventions.toml", "ecg_12_lead.terms", "treatment", "ecg_12_lead"),
    ("refused", "exact", "context.toml", "refused.after.clause", "cue", "refused"),
    ("no relief", "exact", "context.toml", "pseudo.phrases", "pseudo", "pseudo"),
    ("gave", "exact", "context.toml", "act.phrases", "act", "act"),
    ("police", "exact", "performers.toml", "other.agents", "agent", "other"),
    ("this crew", "exact", "performers.toml", "crew.agents", "agent", "crew"),
    ("herself", "exact", "performers.toml", "own.agents", "agent", "other"),
    ("pta", "exact", "performers.toml", "before_crew.phrases", "before_crew", "other"),
    ("hoyer", "exact", "mobility.toml", "help.lift", "help", "lift"),
    ("hoyer", "exact", "mobility.toml", "get_up.phrases.unable", "mobility", "get_up"),
    ("ambulate", "exact", "mobility.toml", "ambulate.verbs", "mobility", "ambulate"),
    ("cannot", "exact", "mobility.toml", "ability.unable", "ability", "unable"),
    ("bedridden", "exact", "mobility.toml", "vague.phrases", "vague", "vague_necessity"),
    ("stretcher", "exact", "statements.toml", "stretcher_used.phrases", "statement",
     "stretcher_used"),
    ("code 3", "exact", "call.toml", "emergency.phrases", "call", "emergency"),
    ("non  emergent", "exact", "call.toml", "emergency.not", "not", "emergency"),
    ("spo2", "exact", "vitals.toml", "spo2.phrases", "vital", "spo2"),
    ("pmhx", "exact", "headings.toml", "past_history.phrases", "heading", "past_history"),
    ("heparin lock", "exact", "medications.toml", "not", "not", ""),
    ("sublimazze", "spelling", "medications.toml", "fentanyl.brands", "drug", "fentanyl"),
    ("rebreather", "contained", "interventions.toml", "oxygen.terms", "treatment", "oxygen"),
]  # fmt: skip


@pytest.mark.parametrize(("word", "match", "file", "place", "kind", "id"), CASES)
def test_find(word: str, match: str, file: str, place: str, kind: str, id: str) -> None:
    found = find(word)
    assert (match, file, place, kind, id) in [
        (one.match, one.file, one.place, one.kind, one.id) for one in found
    ]


def test_what_is_meant_comes_with_it() -> None:
    (found,) = (one for one in find("nitro paste") if one.match == "exact")
    assert found.info == load().phrases["nitro paste"][0].info
    assert found.info.route == "topical"


def test_the_word_itself_comes_first_and_longer_phrases_are_few() -> None:
    found = find("no")
    ways = [one.match for one in found]
    assert ways == sorted(ways, key=["exact", "contained", "spelling"].index)
    assert "contained" in ways
    assert len({one.phrase for one in found}) <= MOST + 1


def test_a_word_inside_another_word_is_not_contained() -> None:
    assert "private residence" in load().phrases
    assert not any("private" in one.phrase for one in find("rivat"))
    assert all(re.search(r"\biv\b", one.phrase) for one in find("iv"))


def test_spelling_is_tried_only_where_nothing_else_is_found() -> None:
    assert {one.match for one in find("fentanylle")} == {"spelling"}
    assert find("fentanylle")[0].id == "fentanyl"
    assert "spelling" not in {one.match for one in find("fentanyl")}


@pytest.mark.parametrize("word", ["", "   ", "\n", "qqzzqqzz"])
def test_nothing_is_found_for_nothing(word: str) -> None:
    assert find(word) == []


def test_the_same_search_finds_the_same_in_the_same_order() -> None:
    assert find("stand") == find("STAND ")
    assert all(isinstance(one, Found) for one in find("stand"))


def test_every_phrase_that_the_reader_knows_is_found_where_it_is_written(lexicons: Path) -> None:
    held = _held(lexicons)
    lexicon = load(lexicons)
    known: dict[str, set[tuple[str, str]]] = {}
    for phrase, entries in lexicon.unfolded():
        known.setdefault(phrase, set()).update((entry.kind, entry.id) for entry in entries)
    assert held.keys() == known.keys()
    for phrase, entries_known in known.items():
        told = {(one.kind, one.id) for one in _told("exact", phrase, held, lexicons)}
        assert told == entries_known, phrase


def test_a_broken_lexicon_is_one_sentence(lexicons: Path) -> None:
    (lexicons / "call.toml").write_text("[", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"^The lexicon call\.toml is not valid TOML: .*\.$"):
        find("pain", lexicons)
