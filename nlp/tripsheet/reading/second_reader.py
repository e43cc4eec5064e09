"""A second reader: what a small trained model makes of the same narrative.

It sees only the words of a clause or around a mention, neither the lexicons' phrases nor the
rules' findings. Its word never decides: what it alone finds is marked `source="model"` with its
probability, which the coding rules leave out of every level and verdict, and where it strongly
disagrees with the rules it adds a doubt to their finding.

The models are tables of weights (`models/second_reader/*.npz`, read without pickle) and the
predictor is the sum below, so that nothing but numpy is imported to read with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from tripsheet.errors import InputError
from tripsheet.findings import (
    Condition,
    Evidence,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    Span,
)
from tripsheet.reading.document import Document
from tripsheet.reading.scan import Hit
from tripsheet.reading.sceptic import words
from tripsheet.resources import MODELS
from tripsheet.vocabulary import QUALIFYING_CONDITIONS

FOLDER = MODELS / "second_reader"
PRONGS = ("get_up", "ambulate", "sit")
CLAUSE_LABELS = (
    *(f"{prong}:{value}" for prong in PRONGS for value in ("unable", "able")),
    *QUALIFYING_CONDITIONS,
)
MENTION_LABELS = ("not_done", "attempted", "other")

SUGGESTS = 0.5
"""Least probability of what the model alone finds. The rules know most of what is that plain, so
that of what is left fewer are right than the probability says; the model card counts them."""
DOUBTS = 0.95
"""Least probability of the contrary before a finding of the rules is doubted."""
UNSEEN = 0.02
"""A condition told in words is doubted when no clause comes above this."""
# conclusions from other findings: their own words neither make nor unmake them
_DERIVED = frozenset({"oxygen_or_emergency_treatment", "bed_confined", "stretcher_only"})
_DONE_BY_CREW = "the second reader takes it for done by this crew"
_DONE_BY_OTHER = "the second reader takes it for another's doing"
_NOT_DONE = "the second reader takes it for not done"
_NEAR, _FAR = 3, 10

Matrix = NDArray[np.float32]


def subwords(word: str) -> tuple[str, ...]:
    """A word and its runs of four letters, so that a misspelling is still half known."""
    if len(word) < 4 or not word[0].isalpha():
        return (word,)
    edged = f"<{word}>"
    return (word, *(f"~{edged[at : at + 4]}" for at in range(len(edged) - 3)))


def clause_features(text: str) -> list[str]:
    """What a clause is judged by: words, their parts and pairs of neighbours."""
    told = words(text)
    pairs = map(" ".join, zip(["<", *told], [*told, ">"], strict=True))
    return [*(part for word in told for part in subwords(word)), *pairs]


def mention_features(document: Document, hit: Hit) -> list[str]:
    """What a mention is judged by: the words before and behind it in its sentence.

    The nearest three keep their distance; the mention's own words are left out but for its id.
    """
    sentence = document.sentence_at(hit.start)
    before = words(document.folded[sentence.start : hit.start])[: -_FAR - 1 : -1]
    after = words(document.folded[hit.end : sentence.end])[:_FAR]
    features = [f"kind {hit.entry.kind}", f"id {hit.entry.id}", f"part {sentence.part}"]
    for sign, beside in (("<", before), (">", after)):
        features.extend(f"{sign}{word}" for word in beside)
        features.extend(f"{sign}{n}{word}" for n, word in enumerate(beside[:_NEAR]))
        features.extend(f"{sign}{a} {b}" for a, b in pairwise(beside))
        if len(beside) < _NEAR:
            features.append(f"{sign}{len(beside)}end")
    return features


@dataclass(frozen=True, slots=True)
class LinearModel:
    """Logistic regressions over the same features, one a label, with calibrated probabilities.

    A text's features are weighted by rarity (idf) and scaled to length 1, as scikit-learn's
    TfidfVectorizer does with `binary=True`; `weights` hold the rarity already. `slope` and
    `offset` are Platt's: they turn a score into a probability that held-out authors bear out.
    """

    labels: tuple[str, ...]
    features: dict[str, int]
    weights: Matrix
    """One row a feature: the labels' weights times idf, then idf squared."""
    bias: Matrix
    slope: Matrix
    offset: Matrix

    def probabilities(self, texts: Sequence[Iterable[int]]) -> Matrix:
        """The probability of each label (columns) for each text (rows).

        A text is the numbers of its features, each once, as `features` has them.
        """
        if not texts:
            return np.empty((0, len(self.labels)), np.float32)
        # an extra row of zeros: a text without any known feature still has one to sum
        nothing = len(self.features)
        flat: list[int] = []
        starts: list[int] = []
        for text in texts:
            starts.append(len(flat))
            flat.extend(text)
            flat.append(nothing)
        sums = np.add.reduceat(self.weights.take(flat, axis=0), starts, axis=0)
        length = np.sqrt(np.maximum(sums[:, -1:], 1e-12))
        scores = sums[:, :-1] / length + self.bias
        result: Matrix = 1 / (1 + np.exp(-(self.slope * scores + self.offset)))
        return result

    def numbers(self, features: Iterable[str]) -> set[int]:
        """The numbers of the known ones among features."""
        known = self.features
        return {known[feature] for feature in features if feature in known}

    def save(self, path: Path) -> None:
        """Write the model as numpy arrays of plain numbers and text; the same model, same bytes."""
        np.savez_compressed(
            path,
            labels=_as_bytes(self.labels),
            features=_as_bytes(self.features),
            weights=self.weights[:-1].astype(np.float16, order="C"),
            bias=self.bias,
            slope=self.slope,
            offset=self.offset,
        )

    @classmethod
    def load(cls, path: Path) -> LinearModel:
        """Raises InputError when the file is missing or no such model."""
        try:
            with np.load(path, allow_pickle=False) as arrays:
                features = {name: n for n, name in enumerate(_as_text(arrays["features"]))}
                # row by row in memory: a text's features are rows
                told = np.ascontiguousarray(arrays["weights"], np.float32)
                return cls(
                    labels=tuple(_as_text(arrays["labels"])),
                    features=features,
                    weights=np.vstack([told, np.zeros((1, told.shape[1]), np.float32)]),
                    bias=arrays["bias"],
                    slope=arrays["slope"],
                    offset=arrays["offset"],
                )
        except (OSError, ValueError, KeyError, EOFError, BadZipFile):
            raise InputError(
                f"{path} is no model of the second reader; rebuild it with "
                "`python -m tripsheet.learning.train`."
            ) from None


def _as_bytes(names: Iterable[str]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(names).encode("utf-8"), np.uint8)


def _as_text(array: NDArray[Any]) -> list[str]:
    return array.tobytes().decode("utf-8").split("\n")


class Opinion(NamedTuple):
    """The clause that speaks most for a label, and how probable the label is there."""

    probability: float
    evidence: Span


class SecondReader:
    """Reviews findings; holds no text beyond a bounded memory of single words."""

    def __init__(self, clauses: LinearModel, mentions: LinearModel) -> None:
        self.clauses = clauses
        self.mentions = mentions
        self._parts: Callable[[str], tuple[int, ...]] = lru_cache(maxsize=50_000)(self._known_parts)

    @classmethod
    def load(cls, folder: Path = FOLDER) -> SecondReader:
        """The shipped second reader.

        Raises InputError when a model file is missing or malformed.
        """
        return cls(
            LinearModel.load(folder / "clauses.npz"), LinearModel.load(folder / "mentions.npz")
        )

    def opinions(self, document: Document) -> dict[str, Opinion]:
        """For each label of a clause the clause that speaks most for it."""
        sentences = document.sentences
        texts = [self._numbers(document.folded[s.start : s.end]) for s in sentences]
        if not texts:
            return {}
        table = self.clauses.probabilities(texts)
        best = table.argmax(axis=0)
        return {
            label: Opinion(
                round(float(table[row, column]), 4),
                document.span(sentences[row].start, sentences[row].end),
            )
            for column, (label, row) in enumerate(zip(self.clauses.labels, best, strict=True))
        }

    def review(self, document: Document, findings: Findings) -> Findings:
        """The same findings, with doubts and with what only the model finds.

        Nothing that the rules found is removed or changed but for its doubts, and nothing new
        is anything but `source="model"`, so that level and verdict stay as they are.
        """
        opinions = self.opinions(document)
        if not opinions:
            return findings
        mentions = _Mentions(document, self.mentions, findings)
        return replace(
            findings,
            medications=tuple(mentions.medication(item) for item in findings.medications),
            interventions=tuple(mentions.intervention(item) for item in findings.interventions),
            conditions=_conditions(findings.conditions, opinions),
            mobility=_mobility(findings.mobility, opinions),
        )

    def _numbers(self, text: str) -> set[int]:
        """As `LinearModel.numbers(clause_features(text))`, with the parts of words remembered."""
        known, parts = self.clauses.features, self._parts
        told = words(text)
        found: set[int] = set()
        before = "<"
        for word in told:
            found.update(parts(word))
            pair = known.get(f"{before} {word}")
            if pair is not None:
                found.add(pair)
            before = word
        last = known.get(f"{before} >")
        if last is not None:
            found.add(last)
        return found

    def _known_parts(self, word: str) -> tuple[int, ...]:
        return tuple(self.clauses.numbers(subwords(word)))


def _conditions(
    conditions: tuple[Condition, ...], opinions: dict[str, Opinion]
) -> tuple[Condition, ...]:
    reviewed: list[Condition] = []
    told: set[str] = set()
    for condition in conditions:
        told.add(condition.id)
        opinion = opinions.get(condition.id)
        doubt = None
        if opinion is None or condition.id in _DERIVED:
            pass
        elif condition.status == "present" and opinion.probability < UNSEEN:
            doubt = f"the second reader finds no words of it ({opinion.probability:.2f})"
        elif condition.status != "present" and opinion.probability >= DOUBTS:
            doubt = f"the second reader takes it for present ({opinion.probability:.2f})"
        reviewed.append(_doubted(condition, doubt))
    for id in QUALIFYING_CONDITIONS:
        opinion = opinions.get(id)
        if id in told or id in _DERIVED or opinion is None:
            continue
        if opinion.probability >= SUGGESTS:
            reviewed.append(
                Condition(
                    id,
                    evidence=(opinion.evidence,),
                    source="model",
                    probability=opinion.probability,
                )
            )
    return tuple(reviewed)


def _mobility(mobility: Mobility, opinions: dict[str, Opinion]) -> Mobility:
    """A prong that only the model sees stays `not_documented`, with the model's words and doubt.

    Bed-confinement is a ground of coverage and counts three values, so a model may not set one.
    """
    prongs: dict[str, Prong] = {}
    for name in PRONGS:
        prong: Prong = getattr(mobility, name)
        unable, able = (opinions.get(f"{name}:{value}") for value in ("unable", "able"))
        if unable is None or able is None:
            continue
        value, best = max(("able", able), ("unable", unable), key=lambda pair: pair[1].probability)
        doubt = f"the second reader takes it for {value} ({best.probability:.2f})"
        if prong.value == "not_documented":
            if best.probability >= SUGGESTS and not prong.evidence and not prong.counter:
                prongs[name] = Prong(
                    evidence=(best.evidence,),
                    doubts=(*prong.doubts, doubt),
                    source="model",
                    probability=best.probability,
                )
        elif value != prong.value and best.probability >= DOUBTS:
            prongs[name] = _doubted(prong, doubt)
    return replace(mobility, **prongs) if prongs else mobility


class _Mentions:
    """Judges the mentions of what was done, all of a document's at once."""

    def __init__(self, document: Document, model: LinearModel, findings: Findings) -> None:
        done = {
            *(item.name for item in findings.medications if item.status == "given"),
            *(item.id for item in findings.interventions if item.status != "not_performed"),
        }
        self._hits: dict[str, list[tuple[int, Matrix]]] = {}
        hits = [hit for hit in document.treatments if hit.entry.id in done]
        table = model.probabilities([model.numbers(mention_features(document, h)) for h in hits])
        for hit, row in zip(hits, table, strict=True):
            start = document.text.position(hit.start)
            self._hits.setdefault(hit.entry.id, []).append((start, row))
        self._not_done, self._attempted, self._other = map(model.labels.index, MENTION_LABELS)

    def medication(self, item: Medication) -> Medication:
        given = item.status == "given"
        return _doubted(
            item, self._doubt(item.name, item.evidence, given, item.performer == "crew")
        )

    def intervention(self, item: Intervention) -> Intervention:
        done = item.status != "not_performed"
        doubt = self._doubt(item.id, item.evidence, done, item.performer == "crew")
        if doubt is None and item.status == "performed":
            (low, _) = self._range(item.id, item.evidence, self._attempted)
            if low >= DOUBTS:
                doubt = f"the second reader takes it for tried in vain ({low:.2f})"
        return _doubted(item, doubt)

    def _doubt(
        self, id: str, evidence: tuple[Evidence, ...], done: bool, by_crew: bool
    ) -> str | None:
        """Why the reading of a treatment is doubtful: all its mentions speak against it."""
        if not done:
            # a refusal that the model overlooks is commoner than one that the rules invent
            return None
        low, _ = self._range(id, evidence, self._not_done)
        if low >= DOUBTS:
            return f"{_NOT_DONE} ({low:.2f})"
        low, high = self._range(id, evidence, self._other)
        if by_crew and low >= DOUBTS:
            return f"{_DONE_BY_OTHER} ({low:.2f})"
        if not by_crew and high <= 1 - DOUBTS:
            return f"{_DONE_BY_CREW} ({1 - high:.2f})"
        return None

    def _range(self, id: str, evidence: tuple[Evidence, ...], label: int) -> tuple[float, float]:
        """The least and the greatest probability of a label among a finding's mentions."""
        spans = [item for item in evidence if isinstance(item, Span)]
        rows = [
            float(row[label])
            for start, row in self._hits.get(id, ())
            if any(span.start <= start < span.end for span in spans)
        ]
        return (min(rows), max(rows)) if rows else (0.5, 0.5)


_Item = TypeVar("_Item", Medication, Intervention, Condition, Prong)


def _doubted(item: _Item, doubt: str | None) -> _Item:
    return item if doubt is None else replace(item, doubts=(*item.doubts, doubt))
