"""Trained spans: a small spaCy model that finds the words which tell of a finding.

It is measured against the rules and not shipped; `docs/learning.md` has the numbers. Training and
measuring take one command, `python -m tripsheet.learning.spans`, and minutes on one CPU core.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tripsheet.corpus.gold import PRONGS, Gold
from tripsheet.findings import Condition, Evidence, Findings, Intervention, Prong, Span
from tripsheet.reading.context import decide, doer
from tripsheet.reading.document import Document
from tripsheet.reading.setting import Setting
from tripsheet.vocabulary import InterventionStatus

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

CONFIG = Path(__file__).with_name("config.cfg")
LEAST = 8
"""A label with fewer spans in the training data is left out."""


@dataclass(frozen=True, slots=True, order=True)
class Labelled:
    """Words with the finding they tell of: "medication", "intervention:oxygen", "sit:able"."""

    start: int
    end: int
    label: str


def labelled(gold: Gold) -> Iterator[Labelled]:
    """The evidence of a gold record; of a medication only that it is one."""
    found = gold.findings
    items: list[tuple[str, tuple[Evidence, ...]]] = [
        *(("medication", item.evidence) for item in found.medications),
        *((f"intervention:{item.id}", item.evidence) for item in found.interventions),
        *((f"condition:{item.id}", item.evidence) for item in found.conditions),
    ]
    for name in PRONGS:
        prong = getattr(found.mobility, name)
        items.append((f"{name}:{prong.value}", prong.evidence))
    for label, evidence in items:
        for span in evidence:
            if isinstance(span, Span):
                yield Labelled(span.start, span.end, label)


def to_docs(golds: Sequence[Gold], nlp: Language) -> list[Doc]:
    """Gold as Docs with entities; of overlapping evidence the shortest stays."""
    from spacy.util import filter_spans

    counts = Counter(span.label for gold in golds for span in labelled(gold))
    docs = []
    for gold in golds:
        doc = nlp.make_doc(gold.narrative)
        spans = []
        taken: set[int] = set()
        for one in sorted(labelled(gold), key=lambda span: (span.end - span.start, span)):
            if counts[one.label] < LEAST:
                continue
            tokens = doc.char_span(one.start, one.end, one.label, alignment_mode="expand")
            if tokens is None or taken.intersection(range(tokens.start, tokens.end)):
                continue
            taken.update(range(tokens.start, tokens.end))
            spans.append(tokens)
        doc.ents = tuple(filter_spans(spans))
        docs.append(doc)
    return docs


def train_spans(golds: Sequence[Gold]) -> Language:
    """A model trained on these narratives for the steps of `config.cfg`; no other data is seen.

    Nothing is selected on held-out text. The training files, which hold narratives, stand in a
    folder of their own for the time of the run only.
    """
    import spacy
    from spacy.tokens import DocBin
    from spacy.training.initialize import init_nlp
    from spacy.training.loop import train
    from spacy.util import load_config

    with tempfile.TemporaryDirectory() as folder:
        docs = to_docs(golds, spacy.blank("en"))
        paths = {"paths.train": f"{folder}/train.spacy", "paths.dev": f"{folder}/some.spacy"}
        DocBin(docs=docs).to_disk(paths["paths.train"])
        DocBin(docs=docs[::20]).to_disk(paths["paths.dev"])
        config = load_config(CONFIG, overrides=paths, interpolate=True)
        nlp = init_nlp(config)
        with open(f"{folder}/log", "w") as log:
            train(nlp, None, stdout=log, stderr=log)
    return nlp


def read_spans(nlp: Language, narrative: str) -> list[Labelled]:
    """What a trained model marks in a narrative."""
    return [Labelled(e.start_char, e.end_char, e.label_) for e in nlp(narrative).ents]


def add_spans(
    document: Document, setting: Setting, findings: Findings, spans: Iterable[Labelled]
) -> Findings:
    """The rules' findings and what the spans tell beyond them, marked as the model's.

    Status and performer of a new intervention are read by the rules' own context. A medication
    span without a name that the lexicon knows tells nothing that could be coded.
    """
    conditions = {item.id: item for item in findings.conditions if item.status == "present"}
    acts = {item.id for item in findings.interventions}
    prongs: dict[str, Prong] = {}
    new_conditions: dict[str, Condition] = {}
    new_acts: dict[str, Intervention] = {}
    for one in spans:
        kind, _, what = one.label.partition(":")
        words = (Span(one.start, one.end, document.text.narrative[one.start : one.end]),)
        start, end = folded_place(document, one.start), folded_place(document, one.end)
        if kind == "condition" and what not in conditions and what not in new_conditions:
            if decide(document, start, end, finding=True) is None:
                new_conditions[what] = Condition(what, evidence=words, source="model")  # type: ignore[arg-type]
        elif kind == "intervention" and what not in acts and what not in new_acts:
            decision = decide(document, start, end, finding=False)
            status: InterventionStatus = "performed"
            if decision is not None and decision.kind != "succeeded":
                status = "attempted" if decision.kind == "attempted" else "not_performed"
            new_acts[what] = Intervention(
                what,  # type: ignore[arg-type]
                status,
                doer(document, start, end, setting=setting).performer,
                evidence=words,
                source="model",
            )
        elif kind in PRONGS and getattr(findings.mobility, kind).value == "not_documented":
            prongs.setdefault(kind, Prong(what, words, source="model"))  # type: ignore[arg-type]
    return replace(
        findings,
        conditions=(*findings.conditions, *new_conditions.values()),
        interventions=(*findings.interventions, *new_acts.values()),
        mobility=replace(findings.mobility, **prongs),
    )


def folded_place(document: Document, at: int) -> int:
    """The first place of the folded text that stands at or behind a place of the narrative."""
    low, high = 0, len(document.folded)
    while low < high:
        middle = (low + high) // 2
        if document.text.position(middle) < at:
            low = middle + 1
        else:
            high = middle
    return low
