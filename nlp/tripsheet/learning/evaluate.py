"""How well reports are read and coded, held against gold: by field, by class, by hand.

Every number comes from the same per-narrative outcomes, so a part of a run (one author, one
kind) is scored as the whole is. Outcomes name classes and ids, never words of a narrative.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tripsheet.analysis import Analysis
from tripsheet.corpus.gold import Gold
from tripsheet.corpus.items import FIELDS, Key, class_of, evidence_of, items
from tripsheet.errors import InputError
from tripsheet.report import Report
from tripsheet.vocabulary import Hcpcs

Analyze = Callable[[Report], Analysis]
Fit = Callable[[Sequence[Gold]], Analyze]
"""Makes a reader from the gold it may learn from."""

SCHEMA = "tripsheet-evaluation/1"

RANK: Mapping[Hcpcs, float] = {
    "none": 0,
    "A0998": 0,
    "undetermined": 0,
    "A0428": 1,
    "A0429": 2,
    "A0426": 2.5,
    "A0427": 3,
    "A0432": 3,
    "A0433": 4,
    "A0434": 5,
    "A0430": 6,
    "A0431": 6,
}
"""Levels by what they claim, from no trip to air: a found level of a higher rank than gold's is
an unsupported upcode. BLS stands below ALS and non-emergency below emergency of the same care;
a non-emergency ALS claim stands above an emergency BLS one; the two air modes stand together."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many items were found rightly, found wrongly, and missed."""

    right: int = 0
    extra: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Right among the found; 1.0 where nothing was found."""
        return self.right / (self.right + self.extra) if self.right + self.extra else 1.0

    @property
    def recall(self) -> float:
        """Right among the gold; 1.0 where there is none."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 1.0 where there is nothing to find."""
        whole = 2 * self.right + self.extra + self.missed
        return 2 * self.right / whole if whole else 1.0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.right + other.right, self.extra + other.extra, self.missed + other.missed
        )


@dataclass(frozen=True, slots=True, order=True)
class Wrong:
    """One item that gold and reader do not share, as often as they differ in it."""

    field: str
    kind: Literal["missed", "extra"]
    key: Key
    times: int = 1


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one narrative: its decisions (gold, found), its counts, what went wrong."""

    id: str
    author: str
    level: tuple[str, str]
    necessity: tuple[str, str]
    counts: Mapping[tuple[str, str], Counts]
    """By field and class."""
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True, slots=True)
class Decisions:
    """A decision's accuracy and its confusion: how often gold x was found as y."""

    confusion: Mapping[tuple[str, str], int]

    @property
    def total(self) -> int:
        return sum(self.confusion.values())

    @property
    def right(self) -> int:
        return sum(n for (gold, found), n in self.confusion.items() if gold == found)

    @property
    def accuracy(self) -> float:
        """The share that was decided as in gold; 1.0 of nothing."""
        return self.right / self.total if self.total else 1.0


@dataclass(frozen=True, slots=True)
class Scores:
    """The numbers over some narratives."""

    records: int
    fields: Mapping[str, Counts]
    classes: Mapping[str, Mapping[str, Counts]]
    level: Decisions
    necessity: Decisions
    upcodes: tuple[tuple[str, str, str], ...]
    """Id, gold level, found level of each unsupported upcode."""


@dataclass(frozen=True, slots=True)
class Fold:
    """One part held out, and the gold that a reader may learn from meanwhile."""

    name: str
    train: tuple[Gold, ...]
    held: tuple[Gold, ...]


def folds(golds: Sequence[Gold], *, by: str = "author") -> Iterator[Fold]:
    """Leave one out: each value of the gold's field `by` is held once, in order of its name."""
    for name in sorted({str(getattr(gold, by)) for gold in golds}):
        held = tuple(gold for gold in golds if str(getattr(gold, by)) == name)
        rest = tuple(gold for gold in golds if str(getattr(gold, by)) != name)
        yield Fold(name, rest, held)


def evaluate(golds: Iterable[Gold], analyze: Analyze) -> tuple[Outcome, ...]:
    """Read and code every narrative and hold it against its gold."""
    return tuple(outcome(gold, analyze(gold.report())) for gold in golds)


def evaluate_folds(
    golds: Sequence[Gold], fit: Fit, *, by: str = "author"
) -> dict[str, tuple[Outcome, ...]]:
    """As `evaluate`, each fold read by what `fit` makes of the other folds' gold.

    Whatever learns is trained anew for every fold here; a reader of rules alone is the same in
    all of them.
    """
    return {fold.name: evaluate(fold.held, fit(fold.train)) for fold in folds(golds, by=by)}


def outcome(gold: Gold, analysis: Analysis) -> Outcome:
    """One narrative's analysis held against its gold."""
    decided = analysis.determination
    expected = items(gold.findings, (gap.id for gap in gold.gaps))
    found = items(analysis.findings, (gap.id for gap in decided.gaps))
    counts: dict[tuple[str, str], Counts] = {}
    wrong: list[Wrong] = []
    for field in FIELDS:
        for key in sorted(expected[field].keys() | found[field].keys()):
            right = min(expected[field][key], found[field][key])
            extra, missed = found[field][key] - right, expected[field][key] - right
            place = (field, class_of(field, key))
            counts[place] = counts.get(place, Counts()) + Counts(right, extra, missed)
            if extra:
                wrong.append(Wrong(field, "extra", key, extra))
            if missed:
                wrong.append(Wrong(field, "missed", key, missed))
    return Outcome(
        id=gold.id,
        author=gold.author,
        level=(gold.level.hcpcs, decided.hcpcs),
        necessity=(gold.necessity.verdict, decided.necessity.verdict),
        counts=counts,
        wrong=tuple(wrong),
    )


def score(outcomes: Iterable[Outcome]) -> Scores:
    """The numbers over these outcomes; counts are summed over narratives (micro average)."""
    outcomes = tuple(outcomes)
    fields = {field: Counts() for field in FIELDS}
    classes: dict[str, dict[str, Counts]] = {field: {} for field in FIELDS}
    for one in outcomes:
        for (field, name), counts in one.counts.items():
            fields[field] += counts
            classes[field][name] = classes[field].get(name, Counts()) + counts
    return Scores(
        records=len(outcomes),
        fields=fields,
        classes={field: dict(sorted(named.items())) for field, named in classes.items()},
        level=Decisions(Counter(one.level for one in outcomes)),
        necessity=Decisions(Counter(one.necessity for one in outcomes)),
        upcodes=tuple((one.id, *one.level) for one in outcomes if _is_upcode(one.level)),
    )


def _is_upcode(level: tuple[str, str]) -> bool:
    ranks: Mapping[str, float] = {str(code): rank for code, rank in RANK.items()}
    return ranks[level[1]] > ranks[level[0]]


def errors(gold: Gold, analysis: Analysis) -> Iterator[str]:
    """Everything that went wrong with one narrative, as sentences that quote it.

    The words are the narrative's own: show them only where somebody asked for them.
    """
    result = outcome(gold, analysis)
    for what, (expected, found) in (("level", result.level), ("necessity", result.necessity)):
        if expected != found:
            why = f" Gold says: {gold.level.reason}" if what == "level" else ""
            yield f"{gold.id}: {what} is {expected} in gold and was found as {found}.{why}"
    for one in result.wrong:
        name = " ".join(one.key)
        times = f", {one.times} times" if one.times > 1 else ""
        source = gold.findings if one.kind == "missed" else analysis.findings
        spans = evidence_of(source, one.field, one.key)
        quoted = "; ".join(f"“{span.text}”" for span in spans)
        field = one.field.replace("_", " ")
        verb = "was missed" if one.kind == "missed" else "was found and is not in gold"
        yield f"{gold.id}: {field}: {name}{times} {verb}" + (f", from {quoted}." if spans else ".")


def to_record(
    outcomes: Sequence[Outcome], parts: Mapping[str, Sequence[Outcome]] | None = None
) -> dict[str, Any]:
    """A run as plain values for JSON: the scores, those of its parts, and every outcome."""
    record: dict[str, Any] = {"schema": SCHEMA, **_scores_record(score(outcomes), classes=True)}
    if parts is not None:
        record["parts"] = {
            name: _scores_record(score(part), classes=False) for name, part in parts.items()
        }
    record["outcomes"] = [
        {
            "id": one.id,
            "author": one.author,
            "level": list(one.level),
            "necessity": list(one.necessity),
            "wrong": [
                {"field": w.field, "kind": w.kind, "key": list(w.key), "times": w.times}
                for w in one.wrong
            ],
        }
        for one in outcomes
    ]
    return record


def _scores_record(scores: Scores, *, classes: bool) -> dict[str, Any]:
    def counts(value: Counts) -> dict[str, Any]:
        return {
            "precision": round(value.precision, 4),
            "recall": round(value.recall, 4),
            "f1": round(value.f1, 4),
            "right": value.right,
            "extra": value.extra,
            "missed": value.missed,
        }

    def decisions(value: Decisions) -> dict[str, Any]:
        return {
            "accuracy": round(value.accuracy, 4),
            "right": value.right,
            "total": value.total,
            "confusion": [
                {"gold": gold, "found": found, "count": n}
                for (gold, found), n in sorted(value.confusion.items())
            ],
        }

    record: dict[str, Any] = {
        "records": scores.records,
        "level": decisions(scores.level),
        "necessity": decisions(scores.necessity),
        "upcodes": [{"id": id, "gold": gold, "found": found} for id, gold, found in scores.upcodes],
        "fields": {field: counts(value) for field, value in scores.fields.items()},
    }
    if classes:
        record["classes"] = {
            field: {name: counts(value) for name, value in named.items()}
            for field, named in scores.classes.items()
        }
    return record


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """One item that only one of two runs has wrong."""

    id: str
    field: str
    what: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What the second run does better and worse than the first, over the narratives of both."""

    records: int
    better: tuple[Change, ...]
    worse: tuple[Change, ...]


def compare(first: Mapping[str, Any], second: Mapping[str, Any]) -> Comparison:
    """Hold two runs (as `to_record` makes them) against each other, item by item.

    Raises InputError when one is no run, or the two share no narrative.
    """
    before, after = _mistakes(first), _mistakes(second)
    shared = sorted(before.keys() & after.keys())
    if not shared:
        raise InputError("The two runs share no narrative; compare runs over the same gold.")
    better = [change for id in shared for change in sorted(before[id] - after[id])]
    worse = [change for id in shared for change in sorted(after[id] - before[id])]
    return Comparison(len(shared), tuple(better), tuple(worse))


def _mistakes(run: Mapping[str, Any]) -> dict[str, set[Change]]:
    if run.get("schema") != SCHEMA:
        raise InputError("A run to compare is a file that `tripsheet evaluate --json` wrote.")
    result: dict[str, set[Change]] = {}
    for one in run["outcomes"]:
        id = one["id"]
        mistakes = result[id] = set()
        for what in ("level", "necessity"):
            expected, found = one[what]
            if expected != found:
                mistakes.add(Change(id, what, f"{expected} found as {found}"))
        for wrong in one["wrong"]:
            times = f" ({wrong['times']} times)" if wrong["times"] > 1 else ""
            what = f"{' '.join(wrong['key'])} {wrong['kind']}{times}"
            mistakes.add(Change(id, wrong["field"], what))
    return result


def below_floor(scores: Scores, floor: Mapping[str, Any]) -> list[str]:
    """One sentence for each number that is under its floor.

    `floor` holds `level` and `necessity` (least accuracy), `upcodes` (the most there may be), and
    a table `f1` with the least F1 of a field.

    Raises InputError for a name that is not measured or a floor that is no number.
    """
    measured: dict[str, float] = {
        "level": scores.level.accuracy,
        "necessity": scores.necessity.accuracy,
    }
    f1 = floor.get("f1", {})
    if not isinstance(f1, Mapping):
        raise InputError("f1 in the floor is a table of fields; write it as [f1].")
    wanted = {name: value for name, value in floor.items() if name not in ("f1", "upcodes")}
    for field, value in f1.items():
        wanted[f"f1 of {field}"] = value
    measured |= {f"f1 of {field}": counts.f1 for field, counts in scores.fields.items()}
    result = []
    for name, least in wanted.items():
        if name not in measured or not isinstance(least, (int, float)):
            raise InputError(f"{name} in the floor is not measured, or its value is no number.")
        if round(measured[name], 4) < least:
            result.append(f"{name} is {measured[name]:.4f}; the floor is {least:.4f}.")
    most = floor.get("upcodes")
    if most is not None and len(scores.upcodes) > most:
        result.append(f"upcodes are {len(scores.upcodes)}; there may be {most} at most.")
    return result
