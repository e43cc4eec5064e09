"""Train the second reader from the annotated corpus: `python -m tripsheet.learning.train`.

The same corpus gives the same files. Nothing is fitted or chosen on the dev or test split; every
number of the model card is of authors that the measured model has not seen.
"""

from __future__ import annotations

import hashlib
import textwrap
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from tripsheet.corpus.gold import CORPUS, PRONGS, Gold, load_gold, to_line
from tripsheet.findings import Evidence, Findings, Span
from tripsheet.learning.folds import author_folds, author_parts
from tripsheet.reading import Reader, reader
from tripsheet.reading.document import Document
from tripsheet.reading.scan import Hit
from tripsheet.reading.second_reader import (
    CLAUSE_LABELS,
    FOLDER,
    MENTION_LABELS,
    LinearModel,
    SecondReader,
    clause_features,
    mention_features,
)
from tripsheet.vocabulary import QUALIFYING_CONDITIONS

STRENGTH = 30.0
"""Inverse regularization; average precision over held-out authors is flat from 20 to 100."""
LEAST_TEXTS = 2
"""A feature that fewer texts have is left out."""
INNER, OUTER = 5, 5
"""Folds of authors: for calibration inside the training data, and for the card's numbers."""

Truth = NDArray[np.bool_]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Examples:
    """Texts as lists of features, the truth of each label (columns), and who wrote them."""

    labels: tuple[str, ...]
    texts: list[list[str]]
    truth: Truth
    authors: list[str]

    def part(self, chosen: NDArray[np.bool_]) -> Examples:
        """The examples of the rows that are True."""
        rows = np.flatnonzero(chosen)
        return Examples(
            self.labels,
            [self.texts[row] for row in rows],
            self.truth[rows],
            [self.authors[row] for row in rows],
        )


def clause_examples(golds: Sequence[Gold], own: Reader) -> Examples:
    """Every sentence; a label is true where gold evidence of it lies, for the most part."""
    texts: list[list[str]] = []
    rows: list[list[bool]] = []
    authors: list[str] = []
    for gold in golds:
        document = own.document(gold.narrative)
        told: list[set[str]] = [set() for _ in document.sentences]
        for label, evidence in _clause_evidence(gold.findings):
            for item in evidence:
                if isinstance(item, Span):
                    told[_home(document, item)].add(label)
        for sentence, labels in zip(document.sentences, told, strict=True):
            texts.append(clause_features(document.folded[sentence.start : sentence.end]))
            rows.append([label in labels for label in CLAUSE_LABELS])
            authors.append(gold.author)
    return Examples(CLAUSE_LABELS, texts, np.array(rows, bool), authors)


def _clause_evidence(findings: Findings) -> Iterator[tuple[str, tuple[Evidence, ...]]]:
    for name in PRONGS:
        prong = getattr(findings.mobility, name)
        if prong.value != "not_documented":
            yield f"{name}:{prong.value}", prong.evidence
    for condition in findings.conditions:
        if condition.id in QUALIFYING_CONDITIONS:
            yield condition.id, condition.evidence


def _home(document: Document, span: Span) -> int:
    """The sentence that shares the most with a span of the narrative."""

    def shared(index: int) -> int:
        sentence = document.sentences[index]
        start = document.text.position(sentence.start)
        end = document.text.position(sentence.end - 1) + 1
        return min(end, span.end) - max(start, span.start)

    return max(range(len(document.sentences)), key=shared)


def mention_examples(golds: Sequence[Gold], own: Reader) -> Examples:
    """Every mention of a drug or procedure in gold evidence of it; the narrowest evidence rules.

    A mention of which gold says two things in the same words is left out.
    """
    texts: list[list[str]] = []
    rows: list[list[bool]] = []
    authors: list[str] = []
    for gold in golds:
        document = own.document(gold.narrative)
        told = list(mention_evidence(gold.findings))
        for hit in document.treatments:
            meanings = told_of(document, hit, told)
            if len(meanings) != 1:
                continue
            (labels,) = meanings
            texts.append(mention_features(document, hit))
            rows.append([label in labels for label in MENTION_LABELS])
            authors.append(gold.author)
    return Examples(MENTION_LABELS, texts, np.array(rows, bool), authors)


Told = tuple[str, frozenset[str], Span]


def mention_evidence(findings: Findings) -> Iterator[Told]:
    """Each drug and procedure, what keeps it from being this crew's deed, and its words."""
    for drug in findings.medications:
        labels = _treatment_labels(drug.status == "given", False, drug.performer == "other")
        for item in drug.evidence:
            if isinstance(item, Span):
                yield drug.name, labels, item
    for act in findings.interventions:
        done, tried = act.status != "not_performed", act.status == "attempted"
        labels = _treatment_labels(done, tried, act.performer == "other")
        for item in act.evidence:
            if isinstance(item, Span):
                yield act.id, labels, item


def _treatment_labels(done: bool, attempted: bool, other: bool) -> frozenset[str]:
    if not done:
        return frozenset({"not_done"})
    return frozenset(
        label for label, holds in (("attempted", attempted), ("other", other)) if holds
    )


def told_of(document: Document, hit: Hit, told: list[Told]) -> set[frozenset[str]]:
    """What gold says of a mention: the labels of the narrowest evidence around it, of all of that
    width; nothing where no evidence is around it."""
    start = document.text.position(hit.start)
    around = [
        (span.end - span.start, labels)
        for id, labels, span in told
        if id == hit.entry.id and span.start <= start < span.end
    ]
    narrowest = min((length for length, _ in around), default=0)
    return {labels for length, labels in around if length == narrowest}


def fit(examples: Examples) -> LinearModel:
    """Logistic regressions, calibrated by Platt's method on scores of held-out authors."""
    scores = np.zeros(examples.truth.shape)
    parts = np.array(author_parts(examples.authors, _parts(examples, INNER)))
    for part in range(parts.max() + 1):
        inner = _regressions(examples.part(parts != part))
        held = np.flatnonzero(parts == part)
        scores[held] = _scores(inner, [examples.texts[row] for row in held])
    model = _regressions(examples)
    slopes, offsets = [], []
    for column in range(len(examples.labels)):
        slope, offset = _platt(scores[:, column], examples.truth[:, column])
        slopes.append(slope)
        offsets.append(offset)
    return LinearModel(
        labels=model.labels,
        features=model.features,
        weights=model.weights,
        bias=model.bias,
        slope=np.array(slopes, np.float32),
        offset=np.array(offsets, np.float32),
    )


def _parts(examples: Examples, most: int) -> int:
    return max(2, min(most, len(set(examples.authors))))


def _same(features: list[str]) -> list[str]:
    return features


def _regressions(examples: Examples) -> LinearModel:
    """The uncalibrated model: its probability is that of the plain logistic regression."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = TfidfVectorizer(analyzer=_same, binary=True, min_df=LEAST_TEXTS)
    table = vectorizer.fit_transform(examples.texts)
    columns, bias = [], []
    for column in range(len(examples.labels)):
        truth = examples.truth[:, column]
        if truth.all() or not truth.any():
            # a label that never (or always) holds here: as sure as so many texts allow
            columns.append(np.zeros(table.shape[1]))
            bias.append(np.log((truth.sum() + 0.5) / ((~truth).sum() + 0.5)))
            continue
        model = LogisticRegression(C=STRENGTH, solver="liblinear", random_state=0)
        model.fit(table, truth)
        columns.append(model.coef_[0])
        bias.append(model.intercept_[0])
    idf = vectorizer.idf_[:, None]
    weights = np.hstack([np.array(columns).T * idf, idf**2])
    # rounded as they are stored, so that a model is the same before and after saving
    rounded = np.vstack([weights, np.zeros((1, weights.shape[1]))]).astype(np.float16)
    ones = np.ones(len(examples.labels), np.float32)
    return LinearModel(
        labels=examples.labels,
        features={str(name): n for n, name in enumerate(vectorizer.get_feature_names_out())},
        weights=np.ascontiguousarray(rounded, np.float32),
        bias=np.array(bias, np.float32),
        slope=ones,
        offset=0 * ones,
    )


def _probabilities(model: LinearModel, texts: Sequence[list[str]]) -> Numbers:
    numbers = [model.numbers(text) for text in texts]
    return model.probabilities(numbers).astype(np.float64)


def _scores(model: LinearModel, texts: Sequence[list[str]]) -> Numbers:
    chances = np.clip(_probabilities(model, texts), 1e-9, 1 - 1e-9)
    scores: Numbers = np.log(chances / (1 - chances))
    return scores


def _platt(scores: Numbers, truth: Truth) -> tuple[float, float]:
    """Slope and offset that turn scores into probabilities.

    Scores that tell nothing of other authors, or the contrary, get the label's share for all.
    """
    from sklearn.linear_model import LogisticRegression

    share = float(np.log((truth.sum() + 0.5) / ((~truth).sum() + 0.5)))
    if truth.all() or not truth.any():
        return 0.0, share
    model = LogisticRegression(C=1.0, random_state=0).fit(scores[:, None], truth)
    slope = float(model.coef_[0, 0])
    return (slope, float(model.intercept_[0])) if slope > 0 else (0.0, share)


@dataclass(frozen=True, slots=True)
class Review:
    """What the second reader's word was worth over some narratives."""

    doubts: int
    """Findings of the rules that it doubted."""
    doubts_right: int
    """Those among them that gold does not share."""
    findings: int
    """Findings of the rules that it could doubt."""
    findings_wrong: int
    """Those among them that gold does not share."""
    suggestions: int
    """Conditions and prongs that it alone found."""
    suggestions_right: int

    def __add__(self, other: Review) -> Review:
        names = self.__slots__
        return Review(*(getattr(self, name) + getattr(other, name) for name in names))


def review_worth(golds: Sequence[Gold], second: SecondReader, own: Reader) -> Review:
    """Hold the second reader's doubts and suggestions against gold."""
    total = Review(0, 0, 0, 0, 0, 0)
    for gold in golds:
        document = own.document(gold.narrative)
        before = own.read(gold.report())
        after = second.review(document, before)
        total += _compare(gold.findings, before, after)
    return total


def _compare(gold: Findings, before: Findings, after: Findings) -> Review:
    drugs = {(m.name, m.status, m.performer) for m in gold.medications}
    acts = {(a.id, a.status, a.performer) for a in gold.interventions}
    present = {c.id for c in gold.conditions if c.status == "present"}
    judged: list[tuple[bool, bool]] = []  # doubted, wrong
    for old, new in zip(before.medications, after.medications, strict=True):
        judged.append((old != new, (old.name, old.status, old.performer) not in drugs))
    for one, two in zip(before.interventions, after.interventions, strict=True):
        judged.append((one != two, (one.id, one.status, one.performer) not in acts))
    for was, now in zip(before.conditions, after.conditions, strict=False):
        if was.id in QUALIFYING_CONDITIONS:
            judged.append((was != now, (was.id in present) != (was.status == "present")))
    suggested = [
        condition.id in present for condition in after.conditions[len(before.conditions) :]
    ]
    for name in PRONGS:
        first, then = getattr(before.mobility, name), getattr(after.mobility, name)
        truth = getattr(gold.mobility, name).value
        if then.source == "model":
            suggested.append(f" {truth} " in then.doubts[-1])
        elif first.value != "not_documented":
            judged.append((first != then, first.value != truth))
    return Review(
        doubts=sum(doubted for doubted, _ in judged),
        doubts_right=sum(doubted and wrong for doubted, wrong in judged),
        findings=len(judged),
        findings_wrong=sum(wrong for _, wrong in judged),
        suggestions=len(suggested),
        suggestions_right=sum(suggested),
    )


def build(golds: Sequence[Gold], own: Reader) -> SecondReader:
    """The second reader that these narratives teach, whatever the number of cores."""
    import sklearn.linear_model  # noqa: F401  # only libraries already loaded are limited
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):  # sums in one order, so that the same bytes come out
        return SecondReader(fit(clause_examples(golds, own)), fit(mention_examples(golds, own)))


@dataclass(frozen=True, slots=True)
class LabelScore:
    """A label's numbers over held-out authors, counted in examples."""

    label: str
    positives: int
    average_precision: float
    precision: float
    recall: float


def label_scores(examples: Examples, chances: Numbers) -> list[LabelScore]:
    """Average precision, and precision and recall at probability 0.5, of each label."""
    from sklearn.metrics import average_precision_score

    result = []
    for column, label in enumerate(examples.labels):
        truth, found = examples.truth[:, column], chances[:, column] >= 0.5
        right = int((truth & found).sum())
        result.append(
            LabelScore(
                label,
                int(truth.sum()),
                float(average_precision_score(truth, chances[:, column])) if truth.any() else 0.0,
                right / int(found.sum()) if found.any() else 1.0,
                right / int(truth.sum()) if truth.any() else 1.0,
            )
        )
    return result


@dataclass(frozen=True, slots=True)
class Bin:
    """How often a label held where its probability fell between `low` and `high`."""

    low: float
    high: float
    count: int
    told: float
    """Mean probability."""
    held: float
    """Share that was true."""


def reliability(truth: Truth, chances: Numbers) -> tuple[list[Bin], float]:
    """Probabilities against what was true in bins, and their mean distance (ECE)."""
    edges = (0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0)
    flat, true = chances.ravel(), truth.ravel()
    bins = []
    for low, high in pairwise(edges):
        inside = (flat >= low) & ((flat < high) | (high == 1.0))
        if inside.any():
            told, held = float(flat[inside].mean()), float(true[inside].mean())
            bins.append(Bin(low, high, int(inside.sum()), told, held))
    error = sum(one.count * abs(one.told - one.held) for one in bins) / len(flat)
    return bins, error


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What models say of authors that they have not seen."""

    clauses: Examples
    clause_chances: Numbers
    mentions: Examples
    mention_chances: Numbers
    worth: Review


def measure(golds: Sequence[Gold], own: Reader, parts: int = OUTER) -> HeldOut:
    """Train on all authors but a part's and judge that part, for each part of the authors."""
    clauses: list[tuple[Examples, Numbers]] = []
    mentions: list[tuple[Examples, Numbers]] = []
    worth = Review(0, 0, 0, 0, 0, 0)
    for train, held in author_folds(golds, parts):
        second = build(train, own)
        for model, make, kept in (
            (second.clauses, clause_examples, clauses),
            (second.mentions, mention_examples, mentions),
        ):
            examples = make(held, own)
            kept.append((examples, _probabilities(model, examples.texts)))
        worth += review_worth(held, second, own)
    return HeldOut(*_joined(clauses), *_joined(mentions), worth)


def _joined(parts: list[tuple[Examples, Numbers]]) -> tuple[Examples, Numbers]:
    examples = Examples(
        parts[0][0].labels,
        [text for part, _ in parts for text in part.texts],
        np.vstack([part.truth for part, _ in parts]),
        [author for part, _ in parts for author in part.authors],
    )
    return examples, np.vstack([chances for _, chances in parts])


def fingerprint(golds: Sequence[Gold]) -> str:
    """Tells one state of the gold from another, so that a model and its data can be matched."""
    digest = hashlib.sha256()
    for gold in golds:
        digest.update(to_line(gold).encode("utf-8") + b"\n")
    return digest.hexdigest()[:16]


def card(golds: Sequence[Gold], own: Reader, second: SecondReader) -> str:
    """The model card, with numbers of held-out authors measured anew."""
    authors = Counter(gold.author for gold in golds)
    found = measure(golds, own)
    worth = found.worth
    return _CARD.format(
        narratives=len(golds),
        authors=textwrap.fill(
            ", ".join(f"{name} ({count})" for name, count in sorted(authors.items())), 100
        ),
        fingerprint=fingerprint(golds),
        outer=OUTER,
        clause_features=len(second.clauses.features),
        mention_features=len(second.mentions.features),
        parts="\n".join(
            (
                _card_part("Clauses", found.clauses, found.clause_chances),
                _card_part("Mentions", found.mentions, found.mention_chances),
            )
        ),
        strength=STRENGTH,
        **{name: getattr(worth, name) for name in Review.__slots__},
        wrong_share=_share(worth.findings_wrong, worth.findings),
        doubt_share=_share(worth.doubts_right, worth.doubts),
        suggestion_share=_share(worth.suggestions_right, worth.suggestions),
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "none"


def _card_part(title: str, examples: Examples, chances: Numbers) -> str:
    lines = [
        f"### {title}: {len(examples.texts)} examples",
        "",
        "| label | positives | average precision | precision at 0.5 | recall at 0.5 |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| `{one.label}` | {one.positives} | {one.average_precision:.2f} "
        f"| {one.precision:.2f} | {one.recall:.2f} |"
        for one in label_scores(examples, chances)
    ]
    bins, error = reliability(examples.truth, chances)
    brier = float(((chances - examples.truth) ** 2).mean())
    lines += [
        "",
        f"Calibration over all labels: expected calibration error {error:.4f}, Brier score "
        f"{brier:.4f}.",
        "",
        "| probability | cases | mean probability | share true |",
        "| --- | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {one.low:.2f} to {one.high:.2f} | {one.count} | {one.told:.3f} | {one.held:.3f} |"
        for one in bins
    ]
    return "\n".join([*lines, ""])


_CARD = """\
# Second reader

This file is written by `python -m tripsheet.learning.train`; edit the template there.

## What it is
Two sets of logistic regressions over words. `clauses.npz` judges a clause by its words, their
pairs and runs of four letters ({clause_features} features): which prong of mobility it tells of
and how, and which of the ten qualifying conditions it documents. `mentions.npz` judges a mention
of a drug or procedure by the words around it ({mention_features} features): not done, tried in
vain, or done by others.

The files are plain numpy arrays, read without pickle, so that loading one runs no code and needs
no scikit-learn: importing that takes longer than reading several hundred narratives, and its
saved models are bound to its version. The predictor is one weighted sum
(`LinearModel.probabilities`), held to scikit-learn's own result by a test.

## What it is for
It says where the rules should be doubted and what they may have missed. It never raises a level
and never turns a verdict: what it alone finds is `source: "model"`, which no rule counts, and a
prong of mobility that only it sees stays `not_documented`.

## Data
{narratives} annotated narratives, by author:
{authors}.

A clause is positive for a label where the gold evidence lies for the most part. Regularization
C = {strength:g}; features of a single text are left out; Platt calibration on scores of held-out
authors. Fingerprint of the gold (SHA-256 of its records, the first 16 digits): `{fingerprint}`.

## Scores
All numbers: {outer} folds of authors; whoever wrote a text is unknown to the model that judges it,
and to its calibration.

{parts}
### What its word is worth beside the rules
| | count | right |
| --- | ---: | ---: |
| findings of the rules that it could doubt | {findings} | {findings_wrong} were wrong \
({wrong_share}) |
| findings that it doubted | {doubts} | {doubts_right} were wrong ({doubt_share}) |
| conditions and prongs that it alone found | {suggestions} | {suggestions_right} were in gold \
({suggestion_share}) |

The rules have been written with the train split in view, so they err less there than elsewhere;
`docs/learning.md` has the same counts on the dev split.

## Limits
- Synthetic narratives by few hands: the probabilities hold for writing like theirs.
- The clause model is too sure at its top: compare the last row of its calibration.
- Labels with few positives are weak; look at the table before trusting one.
- A clause is a sentence of the layout. What is told over several sentences is not seen whole.
- `oxygen_or_emergency_treatment`, `bed_confined` and `stretcher_only` follow from other findings;
  their words alone are never a reason for doubt, nor for a finding of the model's own.
- It does not doubt that a treatment was left out: it overlooks refusals more often than the rules
  invent them (35 % of such doubts were right, against 20 % of such findings that were wrong).
"""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def second_reader(
    corpus: Annotated[Path, typer.Option(help="The corpus file to learn from.")] = CORPUS
    / "train.jsonl",
    out: Annotated[Path, typer.Option(help="The folder for the model files.")] = FOLDER,
    with_card: Annotated[
        bool, typer.Option("--card/--no-card", help="Measure held-out authors for the card.")
    ] = True,
) -> None:
    """Train the second reader and write its models and model card."""
    golds = load_gold(corpus)
    own = reader()
    second = build(golds, own)
    out.mkdir(parents=True, exist_ok=True)
    second.clauses.save(out / "clauses.npz")
    second.mentions.save(out / "mentions.npz")
    if with_card:
        (out / "README.md").write_text(card(golds, own, second), encoding="utf-8")
    typer.echo(f"The second reader learnt from {len(golds)} narratives; it stands in {out}.")


if __name__ == "__main__":
    app()
