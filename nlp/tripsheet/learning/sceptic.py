"""Train the sceptic from the annotated corpus: `python -m tripsheet.learning.sceptic`.

The same corpus gives the same file. Nothing is fitted or chosen on the dev or test split; every
number of the model card is of authors that the measured model has not seen.
"""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from numpy.typing import NDArray

from tripsheet.corpus.gold import CORPUS, Gold, load_gold
from tripsheet.findings import Span
from tripsheet.learning.folds import author_parts
from tripsheet.learning.train import fingerprint, mention_evidence, told_of
from tripsheet.lexicon import load
from tripsheet.reading import Reader
from tripsheet.reading.interventions.mentions import find_mentions
from tripsheet.reading.sceptic import (
    DENIES,
    FOLDER,
    GROUPS,
    LABELS,
    Features,
    Sceptic,
    Weights,
    deed_features,
)
from tripsheet.reading.setting import setting_of

LEARNT_FROM = (
    CORPUS / "train.jsonl",
    *sorted((CORPUS / "fresh").glob("*.jsonl")),
    *sorted((CORPUS / "traps").glob("*.jsonl")),
)
STRENGTH = 30.0
"""Inverse regularization; from 10 to 100 the numbers of held-out authors hardly differ."""
LEAST_TEXTS = 2
"""A feature that fewer texts have is left out."""
FOLDS = 8

Chances = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Deed:
    """One mention of a drug or procedure in gold."""

    author: str
    features: Features
    kind: str
    """"drug" or "treatment"."""
    label: str
    """One of `LABELS`."""
    claimed: bool
    """Whether the rules alone hold it for this crew's."""


def deeds(golds: Sequence[Gold], rules: Reader) -> list[Deed]:
    """Every mention of which gold tells, or of which it tells nothing because it is no care.

    A mention of which gold says two things in the same words is left out.
    """
    found: list[Deed] = []
    for gold in golds:
        report = gold.report()
        document = rules.document(gold.narrative)
        setting = setting_of(report, document)
        told = list(mention_evidence(gold.findings))
        ours = {id for id, labels, _ in told if not labels}
        findings = rules.read(report)
        claims = [
            (item.name, item.evidence)
            for item in findings.medications
            if item.status == "given" and item.performer == "crew"
        ] + [
            (item.id, item.evidence)
            for item in findings.interventions
            if item.status == "performed" and item.performer == "crew"
        ]
        hits = dict.fromkeys([*document.hits("drug"), *(hit for hit, _ in find_mentions(document))])
        for hit in hits:
            id, start = hit.entry.id, document.text.position(hit.start)
            labels = {_label(one) for one in told_of(document, hit, told)}
            if len(labels) > 1 or (not labels and id in ours):
                continue
            claimed = any(
                name == id and start in range(span.start, span.end)
                for name, evidence in claims
                for span in evidence
                if isinstance(span, Span)
            )
            features = deed_features(document, hit, transfer=setting.transfer)
            label = labels.pop() if labels else "not_done"
            found.append(Deed(gold.author, features, hit.entry.kind, label, claimed))
    return found


def _label(labels: frozenset[str]) -> str:
    """One of `LABELS`; what was tried in vain was not done."""
    if labels & {"not_done", "attempted"}:
        return "not_done"
    return "other" if "other" in labels else "crew"


def _flat(features: Features) -> list[str]:
    """Features as single words, in an order of their own: sums come out the same."""
    return sorted(f"{group}\t{word}" for group, told in features for word in told)


def fit(examples: Sequence[Deed]) -> Sceptic:
    """Three logistic regressions over words weighted by rarity, scaled to length 1."""
    import sklearn.linear_model  # only libraries already loaded are limited
    from sklearn.feature_extraction.text import TfidfVectorizer
    from threadpoolctl import threadpool_limits

    vectorizer = TfidfVectorizer(analyzer=_flat, binary=True, min_df=LEAST_TEXTS)
    table = vectorizer.fit_transform([deed.features for deed in examples])
    columns, bias = [], []
    with threadpool_limits(limits=1):  # sums in one order, so that the same bytes come out
        for label in LABELS:
            model = sklearn.linear_model.LogisticRegression(
                C=STRENGTH, solver="liblinear", random_state=0
            )
            model.fit(table, [deed.label == label for deed in examples])
            columns.append(model.coef_[0] * vectorizer.idf_)
            bias.append(round(float(model.intercept_[0]), 4))
    crew, other, not_done = columns
    names = vectorizer.get_feature_names_out()
    weights: dict[str, dict[str, Weights]] = {group: {} for group in GROUPS}
    for name, *numbers in zip(names, crew, other, not_done, vectorizer.idf_**2, strict=True):
        one, two, three, square = (round(float(number), 4) for number in numbers)
        group, word = str(name).split("\t")
        weights[group][word] = (one, two, three, square)
    return Sceptic((bias[0], bias[1], bias[2]), weights)


def held_out(examples: Sequence[Deed]) -> Chances:
    """How probable each deed is this crew's, said by a model that has not seen its author."""
    parts = author_parts([deed.author for deed in examples], FOLDS)
    chances = np.zeros(len(examples))
    for part in range(FOLDS):
        model = fit([deed for deed, n in zip(examples, parts, strict=True) if n != part])
        for place, (deed, n) in enumerate(zip(examples, parts, strict=True)):
            if n == part:
                chances[place] = model.probability(deed.features)
    return chances


def card(golds: Sequence[Gold], examples: Sequence[Deed], sceptic: Sceptic) -> str:
    """The model card, with numbers of held-out authors measured anew."""
    chances = held_out(examples)
    authors = Counter(gold.author for gold in golds)
    claims = [
        (chance, deed.kind, deed.label == "crew")
        for chance, deed in zip(chances, examples, strict=True)
        if deed.claimed
    ]
    rows = []
    for bound in (0.03, 0.05, 0.08, 0.12, 0.2, 0.3, 0.5):
        cells = [f"{bound:.2f}"]
        for kind in DENIES:
            denied = [ours for chance, of, ours in claims if of == kind and chance < bound]
            cells += [str(denied.count(False)), str(denied.count(True))]
        rows.append(f"| {' | '.join(cells)} |")
    return _CARD.format(
        narratives=len(golds),
        authors=textwrap.fill(
            ", ".join(f"{name} ({count})" for name, count in sorted(authors.items())), 100
        ),
        fingerprint=fingerprint(golds),
        features=sum(map(len, sceptic.weights.values())),
        examples=len(examples),
        labels=", ".join(
            f"{count} `{label}`"
            for label, count in sorted(Counter(deed.label for deed in examples).items())
        ),
        strength=STRENGTH,
        folds=FOLDS,
        claims=" and ".join(
            f"{sum(of == kind for _, of, _ in claims)} {name}, of which "
            f"{sum(of == kind and not ours for _, of, ours in claims)} are not"
            for kind, name in (("drug", "drugs"), ("treatment", "procedures"))
        ),
        drug=DENIES["drug"],
        treatment=DENIES["treatment"],
        rows="\n".join(rows),
    )


_CARD = """\
# The sceptic

This file is written by `python -m tripsheet.learning.sceptic`; edit the template there.

## What it is
Three logistic regressions over the words of a sentence, its cues and agents, and the words next to
a drug or procedure ({features} features): is this deed this crew's, another's, or not done? The
table `weights.tsv` holds a row a feature: its weight for each label, and what it adds to the
squared length of a text. The first row holds the biases.

## What it is for
It looks at each deed that the rules hold for this crew's and for which no words say so ("we gave").
Below a probability of {drug:g} (drugs) or {treatment:g} (procedures) the deed is taken from the
crew: a drug becomes another's or one not given, a procedure another's or none at all. It never
gives the crew a deed, so that it can lower a level and never raise one.

## Data
{narratives} annotated narratives (train split, fresh sets, traps; neither dev nor test), by author:
{authors}.

{examples} mentions: {labels}.
Regularization C = {strength:g}; features of a single text are left out. Fingerprint of the gold
(SHA-256 of its records, the first 16 digits): `{fingerprint}`.

## Scores
{folds} folds of authors; whoever wrote a text is unknown to the model that judges it. The rules
alone hold for this crew's {claims}.

| denied below | drugs rightly | wrongly | procedures rightly | wrongly |
| --- | ---: | ---: | ---: | ---: |
{rows}

The rules have been written with these narratives in view, so they err less there than elsewhere,
and a larger share of what is denied elsewhere is rightly denied.

## Limits
- Synthetic narratives: what it has learnt holds for writing like theirs.
- It sees one sentence. A performer told in an earlier one is the rules' business.
"""

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command()
def sceptic(
    corpus: Annotated[
        list[Path] | None, typer.Argument(help="The corpus files to learn from.")
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder for the model.")] = FOLDER,
    with_card: Annotated[
        bool, typer.Option("--card/--no-card", help="Measure held-out authors for the card.")
    ] = True,
) -> None:
    """Train the sceptic and write its weights and model card."""
    golds = load_gold(*(corpus or LEARNT_FROM))
    examples = deeds(golds, Reader(load()))
    made = fit(examples)
    out.mkdir(parents=True, exist_ok=True)
    made.save(out / "weights.tsv")
    if with_card:
        (out / "README.md").write_text(card(golds, examples, made), encoding="utf-8")
    typer.echo(f"The sceptic learnt from {len(golds)} narratives; it stands in {out}.")


if __name__ == "__main__":
    app()
