"""The spaCy components work in anybody's pipeline, and survive all that spaCy does to pipelines."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from tripsheet.analysis import plain
from tripsheet.reading import reader
from tripsheet.report import Report

NAMES = ("tripsheet_mentions", "tripsheet_context", "tripsheet_reading")
TEXT = (
    "Dispatched emergent for chest pain. FD gave ASA 324 mg PO PTA. Denies SOB.\n"
    "Fentanyl 50 mcg  IVP x2. Intubation deferred. Hx of CVA. Attempted IO x1."
)
# words, label, name, status, performer
SPANS = [
    ("chest pain", "CONDITION", "cardiac_distress", "present", None),
    ("ASA", "MEDICATION", "aspirin", "given", "other"),
    ("SOB", "CONDITION", "respiratory_distress", "absent", None),
    ("Fentanyl", "MEDICATION", "fentanyl", "given", "crew"),
    ("Intubation", "INTERVENTION", "endotracheal_intubation", "not_performed", "crew"),
    ("CVA", "CONDITION", "possible_stroke", "history", None),
    ("IO", "INTERVENTION", "io_access", "attempted", "crew"),
]


@pytest.fixture(scope="module")
def nlp() -> Language:
    made = spacy.blank("en")
    for name in NAMES:
        made.add_pipe(name)
    return made


def told(doc: Doc, key: str = "tripsheet") -> list[tuple[Any, ...]]:
    return [
        (
            span.text,
            span.label_,
            span.kb_id_,
            span._.tripsheet_status,
            span._.tripsheet_performer,
            span._.tripsheet_cues,
        )
        for span in doc.spans[key]
    ]


def test_spans_carry_label_name_status_and_performer(nlp: Language) -> None:
    found = [one[:5] for one in told(nlp(TEXT))]
    for expected in SPANS:
        assert expected in found


def test_cues_are_words_of_the_text(nlp: Language) -> None:
    cues = {one[0]: one[5] for one in told(nlp(TEXT))}
    assert cues["SOB"] == ["Denies"]
    assert cues["Intubation"] == ["deferred"]
    assert cues["ASA"] == ["FD"]
    assert cues["Fentanyl"] == []


def test_the_whole_reading_is_on_the_doc(nlp: Language) -> None:
    assert nlp(TEXT)._.tripsheet == plain(reader().read(Report(narrative=TEXT)))


@pytest.mark.parametrize("name", NAMES)
def test_each_component_stands_alone(name: str) -> None:
    made = spacy.blank("en")
    made.add_pipe(name)
    doc = made(TEXT)
    assert ("tripsheet" in doc.spans) is (name == "tripsheet_mentions")
    assert (doc._.tripsheet is not None) is (name == "tripsheet_reading")


def test_mentions_alone_leave_status_open() -> None:
    made = spacy.blank("en")
    made.add_pipe("tripsheet_mentions")
    doc = made(TEXT)
    assert {span._.tripsheet_status for span in doc.spans["tripsheet"]} == {None}


def test_the_group_has_the_name_that_it_is_given() -> None:
    made = spacy.blank("en")
    for name in NAMES[:2]:
        made.add_pipe(name, config={"spans_key": "ems"})
    doc = made(TEXT)
    assert "tripsheet" not in doc.spans
    assert ("Fentanyl", "MEDICATION", "fentanyl", "given", "crew") in [
        one[:5] for one in told(doc, "ems")
    ]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "12", "\u00a0\U0001f691", "Pt alert."])
def test_texts_without_mentions(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert all(span.label_ != "MEDICATION" for span in doc.spans["tripsheet"])


def test_every_span_is_an_exact_stretch(nlp: Language) -> None:
    doc = nlp(TEXT)
    for span in doc.spans["tripsheet"]:
        assert TEXT[span.start_char : span.end_char] == span.text


def test_pipe_gives_what_one_call_gives(nlp: Language) -> None:
    texts = [TEXT, "", "Denies CP.", TEXT.upper()]
    for doc, text in zip(nlp.pipe(texts, batch_size=2), texts, strict=True):
        alone = nlp(text)
        assert told(doc) == told(alone)
        assert doc._.tripsheet == alone._.tripsheet


def test_pipe_works_over_two_processes(nlp: Language) -> None:
    texts = [TEXT, "Denies CP."]
    docs = list(nlp.pipe(texts, n_process=2, batch_size=1))
    assert [told(doc) for doc in docs] == [told(nlp(text)) for text in texts]


def test_a_doc_survives_bytes(nlp: Language) -> None:
    doc = nlp(TEXT)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    assert told(again) == told(doc)
    assert again._.tripsheet == doc._.tripsheet
    assert again.text == TEXT


def test_a_doc_survives_pickling(nlp: Language) -> None:
    doc = nlp(TEXT)
    again = pickle.loads(pickle.dumps(doc))
    assert told(again) == told(doc)
    assert again._.tripsheet == doc._.tripsheet


def test_a_pipeline_survives_pickling(nlp: Language) -> None:
    again = pickle.loads(pickle.dumps(nlp))
    assert again.pipe_names == list(NAMES)
    assert told(again(TEXT)) == told(nlp(TEXT))


def test_a_pipeline_survives_disk(nlp: Language, tmp_path: Path) -> None:
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.pipe_names == list(NAMES)
    assert told(again(TEXT)) == told(nlp(TEXT))
    assert again(TEXT)._.tripsheet == nlp(TEXT)._.tripsheet


def test_a_pipeline_survives_bytes(nlp: Language) -> None:
    made = spacy.blank("en")
    for name in NAMES:
        made.add_pipe(name)
    made.from_bytes(nlp.to_bytes())
    assert told(made(TEXT)) == told(nlp(TEXT))


def test_what_is_saved_holds_no_word_of_a_narrative(tmp_path: Path) -> None:
    made = spacy.blank("en")
    made.add_pipe("tripsheet_reading")
    made("Canaryword given.")
    (made.get_pipe("tripsheet_reading")).to_disk(tmp_path / "component")
    assert made.get_pipe("tripsheet_reading").to_bytes() == b""
    assert not (tmp_path / "component").exists()


def test_other_components_may_stand_between(nlp: Language) -> None:
    made = spacy.blank("en")
    made.add_pipe("sentencizer")
    made.add_pipe("tripsheet_mentions")
    made.add_pipe("entity_ruler").add_patterns([{"label": "X", "pattern": "chest pain"}])
    made.add_pipe("tripsheet_context")
    doc = made(TEXT)
    assert told(doc) == told(nlp(TEXT))
    assert [entity.label_ for entity in doc.ents] == ["X"]


def test_context_without_mentions_writes_nothing() -> None:
    made = spacy.blank("en")
    made.add_pipe("tripsheet_context")
    assert "tripsheet" not in made(TEXT).spans


def test_adding_a_component_twice_keeps_what_was_set(nlp: Language) -> None:
    doc = nlp(TEXT)
    before = told(doc)
    spacy.blank("en").add_pipe("tripsheet_context")
    assert told(doc) == before
