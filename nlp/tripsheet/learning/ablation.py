"""What each part of the reader adds: `python -m tripsheet.learning.ablation`.

Each row has everything of the rows above it. The models learn from the train split alone; the
numbers are of the dev split, whose authors nobody that was trained has seen.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tripsheet.analysis import Analysis
from tripsheet.coding import determine
from tripsheet.corpus.gold import CORPUS, Gold, load_gold
from tripsheet.corpus.items import FIELDS
from tripsheet.corpus.tables import show, table
from tripsheet.findings import Condition, Findings, Intervention, Medication, Prong
from tripsheet.learning.evaluate import Outcome, Scores, outcome, score
from tripsheet.learning.train import review_worth
from tripsheet.lexicon import Entry, Lexicon, load
from tripsheet.reading import Reader
from tripsheet.reading.concepts import Concepts, link_open
from tripsheet.reading.document import Document
from tripsheet.reading.sceptic import Sceptic
from tripsheet.reading.second_reader import PRONGS, SUGGESTS, SecondReader
from tripsheet.reading.setting import setting_of
from tripsheet.report import Report

Read = Callable[[Report], Findings]
Believe = Callable[[Report, Findings], Findings]

PASSES = 3
_CONTEXT = frozenset(
    {"cue", "stop", "soft_stop", "act", "pseudo", "agent", "before_crew", "hand_over", "heading"}
)
_SHORT = {
    "administrations": "doses", "medications": "meds", "interventions": "acts",
    "performer": "who", "qualifying_conditions": "ten", "listed_conditions": "listed",
    "mobility": "mobility", "vitals": "vitals", "transport": "call", "gaps": "gaps",
}  # fmt: skip


class Unspelled(Reader):
    """The reader without its speller: a misspelled name is found only where a lexicon lists it."""

    def document(self, narrative: str) -> Document:
        return Document(narrative, self.scanner)


def without_context(lexicon: Lexicon) -> Lexicon:
    """The lexicon without cues, agents and headings: what is named is all that is known."""

    def kept(entries: list[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.kind not in _CONTEXT]

    phrases = {phrase: kept(entries) for phrase, entries in lexicon.phrases.items()}
    templates = {one: kept(entries) for one, entries in lexicon.templates.items()}
    return replace(
        lexicon,
        other_default=frozenset(),
        phrases={phrase: entries for phrase, entries in phrases.items() if entries},
        templates={one: entries for one, entries in templates.items() if entries},
    )


def taken_at_face_value(findings: Findings) -> Findings:
    """Whatever is named was given, done or present, by this crew."""
    drugs: dict[tuple[str, str], Medication] = {}
    for drug in findings.medications:
        drugs.setdefault(
            (drug.name, drug.route),
            replace(drug, status="given", performer="crew", reason=None, maintained=False),
        )
    acts: dict[str, Intervention] = {}
    for act in findings.interventions:
        plain = replace(act, status="performed", performer="crew", reason=None, maintained=False)
        acts.setdefault(act.id, plain)
    conditions: dict[str, Condition] = {}
    for condition in findings.conditions:
        conditions.setdefault(condition.id, replace(condition, status="present"))
    return replace(
        findings,
        medications=tuple(drugs.values()),
        interventions=tuple(acts.values()),
        conditions=tuple(conditions.values()),
    )


def believed(document: Document, second: SecondReader, findings: Findings) -> Findings:
    """The findings with the prongs that only the second reader sees, as if its word counted."""
    opinions = second.opinions(document)
    prongs: dict[str, Prong] = {}
    for name in PRONGS:
        prong: Prong = getattr(findings.mobility, name)
        if prong.source != "model":
            continue
        for value in ("unable", "able"):
            if opinions[f"{name}:{value}"].probability == prong.probability:
                prongs[name] = replace(prong, value=value)
    return replace(findings, mobility=replace(findings.mobility, **prongs))


def undecided(findings: Findings) -> Findings:
    """The findings as rules may count them: no prong has a value that a model gave it."""
    prongs: dict[str, Prong] = {}
    for name in PRONGS:
        prong: Prong = getattr(findings.mobility, name)
        if prong.source == "model":
            prongs[name] = replace(prong, value="not_documented")
    return replace(findings, mobility=replace(findings.mobility, **prongs))


def rows(train: Sequence[Gold], with_spans: bool) -> Iterator[tuple[str, Read, Believe | None]]:
    """Name and reading of each row; last what would be read if a model's word were believed."""
    lexicon = load()
    bare = Unspelled(without_context(lexicon))
    yield "lexicon alone", lambda report: taken_at_face_value(bare.read(report)), None
    yield "+ context", Unspelled(lexicon).read, None
    rules = Reader(lexicon)
    yield "+ spelling (the rules)", rules.read, None
    doubting = Reader(lexicon, sceptic=Sceptic.load())
    yield "+ sceptic (the default)", doubting.read, None
    linker = Concepts(lexicon)
    linker.similar("ready")  # imports and builds, so that reading alone is timed

    def linked(report: Report) -> Findings:
        return link_open(rules.document(report.narrative), doubting.read(report), linker)

    yield "+ linking", linked, None
    second = SecondReader.load()

    def reviewed(report: Report) -> Findings:
        return second.review(rules.document(report.narrative), linked(report))

    def believed_too(report: Report, findings: Findings) -> Findings:
        return believed(rules.document(report.narrative), second, findings)

    yield "+ second reader", reviewed, believed_too
    if not with_spans:
        return
    from tripsheet.learning.spans import add_spans, read_spans, train_spans

    nlp = train_spans(train)

    def spanned(report: Report) -> Findings:
        document = rules.document(report.narrative)
        spans = read_spans(nlp, report.narrative)
        return add_spans(document, setting_of(report, document), reviewed(report), spans)

    yield "+ trained spans", spanned, believed_too


def measure(golds: Sequence[Gold], read: Read, believe: Believe | None) -> tuple[Scores, float]:
    """The scores of a row and its reading time, in milliseconds a narrative (the best pass).

    Level and necessity are decided as rules decide them, so that a model's word counts for
    nothing there; the fields are compared as if it were believed.
    """
    reports = [gold.report() for gold in golds]
    found = [read(report) for report in reports]
    times = []
    for _ in range(PASSES):
        start = time.process_time()
        for report in reports:
            read(report)
        times.append(time.process_time() - start)
    spent = 1000 * min(times) / max(1, len(golds))
    outcomes: list[Outcome] = []
    for gold, report, findings in zip(golds, reports, found, strict=True):
        decided = determine(report, undecided(findings))
        told = believe(report, findings) if believe is not None else findings
        outcomes.append(outcome(gold, Analysis(report, told, decided)))
    return score(outcomes), spent


def main(
    gold: Annotated[Path, typer.Option(help="The corpus file to measure on.")] = CORPUS
    / "dev.jsonl",
    train: Annotated[Path, typer.Option(help="The corpus file that trained spans learn from.")] = (
        CORPUS / "train.jsonl"
    ),
    spans: Annotated[
        bool, typer.Option("--spans", help="Train the spans, too; this takes minutes.")
    ] = False,
) -> None:
    """Read with ever more parts of the reader; F1 by field."""
    golds = load_gold(gold)
    made = table(
        f"{len(golds)} narratives: F1 by field, accuracy of level and necessity, ms a narrative",
        "reader",
        *(_SHORT[field] for field in FIELDS),
        "level",
        "need",
        "ms",
    )
    for name, read, believe in rows(load_gold(train), spans):
        scores, spent = measure(golds, read, believe)
        made.add_row(
            name,
            *(f"{scores.fields[field].f1:.3f}" for field in FIELDS),
            f"{scores.level.accuracy:.3f}",
            f"{scores.necessity.accuracy:.3f}",
            f"{spent:.1f}",
        )
    show(made)
    worth = review_worth(golds, SecondReader.load(), Reader())
    typer.echo(
        f"Second reader: {worth.doubts} doubts of {worth.findings} findings, {worth.doubts_right} "
        f"of them about a wrong one ({worth.findings_wrong} are wrong in all); {worth.suggestions} "
        f"findings of its own from a probability of {SUGGESTS}, {worth.suggestions_right} right."
    )


if __name__ == "__main__":
    typer.run(main)
