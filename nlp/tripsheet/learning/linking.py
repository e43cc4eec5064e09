"""How well words are linked to concepts: `python -m tripsheet.learning.linking`.

Held back are the misspellings that the medication lexicon lists (each is asked for as if it were
not there), and of the annotated dev split the evidence in which the lexicon has no phrase of the
finding. Counted too is what each lookup makes of words that name no drug.
"""

from __future__ import annotations

import re
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from tripsheet.corpus.gold import CORPUS, Gold, load_gold
from tripsheet.corpus.tables import show, table
from tripsheet.findings import Span
from tripsheet.lexicon import folded, load
from tripsheet.reading import reader
from tripsheet.reading.concepts import SIMILAR, Concepts, Kind, Link, abbreviations
from tripsheet.resources import LEXICONS

Lookup = Callable[[str, Sequence[Kind]], Link | None]


class Asked(NamedTuple):
    """Words, the kinds of concept they may mean, and the one they mean (None: none of them)."""

    words: str
    kinds: tuple[Kind, ...]
    id: str | None


def misspellings() -> list[Asked]:
    """The misspelled drug names of the lexicon, dictation's homophones among them."""
    with (LEXICONS / "medications.toml").open("rb") as stream:
        drugs = tomllib.load(stream)["drug"]
    return [
        Asked(folded(form), ("drug",), drug["name"])
        for drug in drugs
        for form in drug.get("misspellings", ())
    ]


def other_words(golds: Sequence[Gold]) -> list[Asked]:
    """Words of six letters and more in narratives, but for those in evidence of a drug."""
    found: set[str] = set()
    for gold in golds:
        spans = [
            item
            for drug in gold.findings.medications
            for item in drug.evidence
            if isinstance(item, Span)
        ]
        for match in re.finditer(r"[A-Za-z]{6,}", gold.narrative):
            if not any(span.start <= match.start() < span.end for span in spans):
                found.add(match.group().lower())
    lexicon = load()
    names = {form for drug in lexicon.drugs.values() for form in drug.forms}
    return [Asked(word, ("drug",), None) for word in sorted(found - names)]


def paraphrases(golds: Sequence[Gold]) -> list[Asked]:
    """Gold evidence of treatments and conditions in which the lexicon knows no phrase of them."""
    return list(dict.fromkeys(_paraphrases(golds)))


def _paraphrases(golds: Sequence[Gold]) -> Iterator[Asked]:
    kinds: tuple[tuple[Kind, str], ...] = (
        ("treatment", "interventions"),
        ("condition", "conditions"),
    )
    for gold in golds:
        document = reader().document(gold.narrative)
        for kind, field in kinds:
            places: dict[str, list[int]] = {}
            for hit in document.hits(kind):
                places.setdefault(hit.entry.id, []).append(document.text.position(hit.start))
            for finding in getattr(gold.findings, field):
                for span in finding.evidence:
                    starts = places.get(finding.id, ())
                    if not any(span.start <= start < span.end for start in starts):
                        yield Asked(span.text, (kind,), finding.id)


class Result(NamedTuple):
    """How many were linked rightly, wrongly and not at all, and the time an ask takes."""

    right: int
    wrong: int
    none: int
    microseconds: float


def measure(asked: Sequence[Asked], lookup: Lookup) -> Result:
    """Ask for all; of words that mean no concept every link is wrong and none is right."""
    right = wrong = none = 0
    start = time.process_time()
    links = [lookup(one.words, one.kinds) for one in asked]
    spent = time.process_time() - start
    for one, link in zip(asked, links, strict=True):
        if link is None:
            none += 1
        elif link.concept.id == one.id:
            right += 1
        else:
            wrong += 1
    return Result(right, wrong, none, 1e6 * spent / max(1, len(asked)))


def lookups(concepts: Concepts) -> dict[str, Lookup]:
    """The lookups and orders that are compared."""
    return {
        "exact": concepts.exact,
        "rapidfuzz": concepts.spelling,
        f"scispaCy at {SIMILAR}": concepts.similar,
        "scispaCy at 0.5": lambda words, kinds: concepts.similar(words, kinds, least=0.5),
        "exact, rapidfuzz": lambda words, kinds: (
            concepts.exact(words, kinds) or concepts.spelling(words, kinds)
        ),
        "exact, rapidfuzz, scispaCy": concepts.link,
        "exact, scispaCy, rapidfuzz": lambda words, kinds: (
            concepts.exact(words, kinds)
            or concepts.similar(words, kinds)
            or concepts.spelling(words, kinds)
        ),
    }


def main(
    corpus: Annotated[
        Path, typer.Option(help="A corpus file that no lexicon was written from.")
    ] = (CORPUS / "dev.jsonl"),
) -> None:
    """Compare exact, spelling and similarity lookup, alone and in order."""
    golds = load_gold(corpus)
    wrong_names = misspellings()
    held_back = Concepts(without={one.words for one in wrong_names})
    whole = Concepts()
    for title, concepts, asked in (
        ("misspelled drug names, held back", held_back, wrong_names),
        ("words that name no drug", whole, other_words(golds)),
        ("evidence without a phrase of the lexicon", whole, paraphrases(golds)),
    ):
        concepts.similar("ready")  # imports and builds, so that asking alone is timed
        made = table(f"{len(asked)} {title}", "lookup", "right", "wrong", "none", "µs an ask")
        for name, lookup in lookups(concepts).items():
            result = measure(asked, lookup)
            made.add_row(name, *map(str, result[:3]), f"{result.microseconds:.0f}")
        show(made)
    abbreviations("ready (RDY)")
    start = time.process_time()
    pairs = sum(len(abbreviations(gold.narrative)) for gold in golds)
    spent = 1e6 * (time.process_time() - start) / len(golds)
    typer.echo(f"Abbreviations explained in {len(golds)} narratives: {pairs}; {spent:.0f} µs each.")


if __name__ == "__main__":
    typer.run(main)
