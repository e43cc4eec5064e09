"""`python -m tripsheet.learning.spans`: what trained spans add, on held-out authors."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer

from tripsheet.analysis import Analysis
from tripsheet.coding import determine
from tripsheet.corpus.gold import CORPUS, load_gold
from tripsheet.corpus.tables import show, table
from tripsheet.learning.evaluate import Outcome, Scores, outcome, score
from tripsheet.learning.folds import author_folds
from tripsheet.learning.spans import add_spans, labelled, read_spans, train_spans
from tripsheet.reading import reader
from tripsheet.reading.setting import setting_of

FIELDS = ("interventions", "qualifying_conditions", "listed_conditions", "mobility")


def main(
    corpus: Annotated[Path, typer.Option(help="The corpus file to learn from.")] = CORPUS
    / "train.jsonl",
    folds: Annotated[int, typer.Option(min=2, help="Into how many parts authors are put.")] = 3,
) -> None:
    """Train on some authors, read the others; F1 of the rules alone and with the spans."""
    golds = load_gold(corpus)
    alone: list[Outcome] = []
    added: list[Outcome] = []
    found = right = told = 0
    train_seconds = read_seconds = 0.0
    for train, held in author_folds(golds, folds):
        start = time.perf_counter()
        nlp = train_spans(train)
        train_seconds += time.perf_counter() - start
        for gold in held:
            report = gold.report()
            findings = reader().read(report)
            start = time.process_time()
            spans = read_spans(nlp, gold.narrative)
            read_seconds += time.process_time() - start
            document = reader().document(gold.narrative)
            both = add_spans(document, setting_of(report, document), findings, spans)
            decided = determine(report, findings)
            alone.append(outcome(gold, Analysis(report, findings, decided)))
            added.append(outcome(gold, Analysis(report, both, decided)))
            expected = set(labelled(gold))
            found += len(spans)
            told += len(expected)
            right += len(expected.intersection(spans))
    made = table(
        f"{len(golds)} narratives, {folds} folds of authors", "field", "rules", "with spans"
    )
    before, after = score(alone), score(added)
    for field in FIELDS:
        made.add_row(field, _f1(before, field), _f1(after, field))
    show(made)
    typer.echo(
        f"Spans as annotated, label and borders exact: F1 {2 * right / (found + told):.3f}.\n"
        f"Training: {train_seconds / folds:.0f} s a fold. "
        f"Reading: {1000 * read_seconds / len(golds):.1f} ms a narrative."
    )


def _f1(scores: Scores, field: str) -> str:
    return f"{scores.fields[field].f1:.3f}"


if __name__ == "__main__":
    typer.run(main)
