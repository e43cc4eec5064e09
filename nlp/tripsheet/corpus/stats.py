"""What the corpus covers, by class and hand, and where it is still thin."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tripsheet.corpus.gold import PRONGS, Gold
from tripsheet.vocabulary import (
    GAPS,
    HCPCS,
    INTERVENTIONS,
    LISTED_CONDITIONS,
    QUALIFYING_CONDITIONS,
    ROUTES,
    STATEMENTS,
    VITALS,
)

TEXTS, HANDS = 5, 3
"""Each class of the vocabulary should stand in so many texts of so many hands."""
GAP_TEXTS = 15
"""Each gap should stand in so many texts."""

VOCABULARY: Mapping[str, tuple[str, ...]] = {
    "route": tuple(route for route in ROUTES if route != "unknown"),
    "intervention": INTERVENTIONS,
    "qualifying_condition": QUALIFYING_CONDITIONS,
    "listed_condition": LISTED_CONDITIONS,
    "mobility": tuple(f"{name} {value}" for name in PRONGS for value in ("unable", "able")),
    "vital": VITALS,
    "statement": STATEMENTS,
    "gap": GAPS,
}
"""The closed classes that are counted against the targets; medications are an open list."""


@dataclass(frozen=True, slots=True)
class Cover:
    """In how many texts of how many hands a class stands, and whether that is enough."""

    texts: int
    hands: int
    thin: bool


@dataclass(frozen=True, slots=True)
class Stats:
    """The counts over a corpus."""

    records: int
    authors: Mapping[str, int]
    splits: Mapping[str, int]
    kinds: Mapping[str, int]
    levels: Mapping[str, Mapping[str, int]]
    """By level, then by kind of call; all levels of the vocabulary."""
    verdicts: Mapping[str, Mapping[str, int]]
    misspelled: int
    words: Mapping[str, int]
    """Least, median and most words a narrative, and how many words in all."""
    cover: Mapping[str, Mapping[str, Cover]]
    medications: Mapping[str, Cover]
    """Open list: never thin."""

    def thin(self) -> Iterator[tuple[str, str, Cover]]:
        """Kind, class and count of what misses its target."""
        for kind, classes in self.cover.items():
            for name, cover in classes.items():
                if cover.thin:
                    yield kind, name, cover


def stats(golds: Sequence[Gold]) -> Stats:
    """Count a corpus."""
    texts: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    hands: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    levels: dict[str, Counter[str]] = {code: Counter() for code in HCPCS}
    verdicts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for gold in golds:
        levels[gold.level.hcpcs][gold.kind] += 1
        verdicts[gold.necessity.verdict][gold.kind] += 1
        for place in _classes(gold):
            texts[place].add(gold.id)
            hands[place].add(gold.author)

    def cover(kind: str, name: str) -> Cover:
        in_texts, in_hands = len(texts[kind, name]), len(hands[kind, name])
        if kind == "gap":
            thin = in_texts < GAP_TEXTS
        else:
            thin = kind != "medication" and (in_texts < TEXTS or in_hands < HANDS)
        return Cover(in_texts, in_hands, thin)

    drugs = sorted(name for kind, name in texts if kind == "medication")
    lengths = sorted(len(gold.narrative.split()) for gold in golds)
    return Stats(
        records=len(golds),
        authors=_counted(gold.author for gold in golds),
        splits=_counted(gold.split for gold in golds),
        kinds=_counted(gold.kind for gold in golds),
        levels=levels,
        verdicts=dict(sorted(verdicts.items())),
        misspelled=sum(gold.misspelled for gold in golds),
        words={
            "least": lengths[0] if lengths else 0,
            "median": round(statistics.median(lengths)) if lengths else 0,
            "most": lengths[-1] if lengths else 0,
            "all": sum(lengths),
        },
        cover={
            kind: {name: cover(kind, name) for name in names} for kind, names in VOCABULARY.items()
        },
        medications={name: cover("medication", name) for name in drugs},
    )


def to_record(counted: Stats) -> dict[str, Any]:
    """The counts as plain values for JSON."""

    def covers(classes: Mapping[str, Cover]) -> dict[str, Any]:
        return {
            name: {"texts": c.texts, "hands": c.hands, "thin": c.thin}
            for name, c in classes.items()
        }

    return {
        "records": counted.records,
        "authors": dict(counted.authors),
        "splits": dict(counted.splits),
        "kinds": dict(counted.kinds),
        "levels": {code: dict(sorted(own.items())) for code, own in counted.levels.items()},
        "verdicts": {name: dict(sorted(own.items())) for name, own in counted.verdicts.items()},
        "misspelled": counted.misspelled,
        "words": dict(counted.words),
        "targets": {"texts": TEXTS, "hands": HANDS, "gap_texts": GAP_TEXTS},
        "cover": {kind: covers(classes) for kind, classes in counted.cover.items()},
        "medications": covers(counted.medications),
    }


def _classes(gold: Gold) -> Iterator[tuple[str, str]]:
    found = gold.findings
    for drug in found.medications:
        yield "medication", drug.name
        yield "route", drug.route
    for act in found.interventions:
        yield "intervention", act.id
    for condition in found.conditions:
        listed = condition.id in LISTED_CONDITIONS
        yield "listed_condition" if listed else "qualifying_condition", condition.id
    for name in PRONGS:
        yield "mobility", f"{name} {getattr(found.mobility, name).value}"
    for vital in found.vitals:
        yield "vital", vital.kind
    for statement in found.statements:
        yield "statement", statement.id
    for gap in gold.gaps:
        yield "gap", gap.id


def _counted(values: Iterator[str]) -> dict[str, int]:
    return dict(sorted(Counter(values).items()))
