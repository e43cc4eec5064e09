"""Whether corpus files hold together: each record in itself, and all of them side by side."""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tripsheet.corpus.gold import PRONGS, SPLITS, Gold, Split, read_lines
from tripsheet.corpus.problems import Problem
from tripsheet.findings import Evidence, Span
from tripsheet.vocabulary import CONDITIONS, STATEMENTS

SHINGLE = 5
"""Words in a row that are compared between texts."""
NEAR = 0.5
"""The share of the shorter text's shingles from which two texts count as near-duplicates."""


@dataclass(frozen=True, slots=True)
class _Placed:
    file: str
    line: int
    gold: Gold

    def problem(self, field: str, message: str) -> Problem:
        return Problem(self.file, self.line, field, f"{message} ({self.gold.id})")


def check(paths: Sequence[Path], splits: Mapping[str, Split] | None = None) -> list[Problem]:
    """Everything that is wrong with the files, in their order.

    Args:
        paths: corpus files (JSON Lines).
        splits: each author's split, where it is fixed.

    Raises InputError when a file cannot be read.
    """
    problems: list[Problem] = []
    placed: list[_Placed] = []
    for path in paths:
        for number, gold in read_lines(path):
            if isinstance(gold, Gold):
                placed.append(_Placed(str(path), number, gold))
            else:
                problems.append(Problem(str(path), number, gold.field or "line", gold.message))
    for one in placed:
        problems += (one.problem(field, message) for field, message in faults(one.gold))
    problems += _split_faults(placed, splits)
    problems += _twice(placed)
    problems += _near(placed)
    return sorted(problems)


def faults(gold: Gold) -> Iterator[tuple[str, str]]:
    """What is wrong within one record: the field, and what to do."""
    yield from _evidence_faults(gold)
    yield from _repeats(gold)
    known = (*CONDITIONS, *STATEMENTS)
    for name in gold.necessity.basis:
        if name not in known:
            yield "necessity.basis", f"{name} is no condition or statement; use the vocabulary."
    gaps = {gap.id for gap in gold.gaps}
    carried = gold.findings.transport.transported
    owed = gold.necessity.verdict != "supported" and carried is not False
    if ("necessity_reason" in gaps) != owed and carried is not None:
        yield (
            "gaps",
            "necessity_reason stands exactly where a transport's necessity is not supported; "
            + ("add the gap." if owed else "remove the gap or change the verdict."),
        )
    confined = any(c.id == "bed_confined" for c in gold.findings.conditions)
    if confined != (gold.findings.mobility.bed_confined == "yes"):
        yield (
            "findings.conditions",
            "bed_confined stands exactly where all three prongs are unable; mend the one or "
            "the other.",
        )


def _items(gold: Gold) -> Iterator[tuple[str, tuple[Evidence, ...], bool]]:
    """Each item's field, its evidence and whether it must have some."""
    found = gold.findings
    for number, drug in enumerate(found.medications):
        yield f"findings.medications.{number} {drug.name}", drug.evidence, True
    for number, act in enumerate(found.interventions):
        yield f"findings.interventions.{number} {act.id}", act.evidence, True
    for number, condition in enumerate(found.conditions):
        yield f"findings.conditions.{number} {condition.id}", condition.evidence, True
    for name in PRONGS:
        prong = getattr(found.mobility, name)
        yield f"findings.mobility.{name}", prong.evidence, prong.value != "not_documented"
    for number, vital in enumerate(found.vitals):
        yield f"findings.vitals.{number} {vital.kind}", vital.evidence, True
    for number, statement in enumerate(found.statements):
        yield f"findings.statements.{number} {statement.id}", statement.evidence, False
    for number, gap in enumerate(gold.gaps):
        yield f"gaps.{number} {gap.id}", gap.evidence, False


def _evidence_faults(gold: Gold) -> Iterator[tuple[str, str]]:
    for field, evidence, needed in _items(gold):
        spans = [span for span in evidence if isinstance(span, Span)]
        if needed and not spans:
            yield field, "there is no evidence; name the words it rests on."
        for span in spans:
            if not span.text or gold.narrative[span.start : span.end] != span.text:
                yield (
                    field,
                    f"the words at {span.start} to {span.end} are not those of the evidence; "
                    "set the offsets anew.",
                )
        for before, after in itertools.pairwise(spans):
            if after.start < before.end:
                yield field, "two spans of one item overlap or are out of order; join them."


def _repeats(gold: Gold) -> Iterator[tuple[str, str]]:
    found = gold.findings
    keys: dict[str, list[tuple[object, ...]]] = {
        "findings.medications": [
            (m.name, m.route, m.status, m.performer, m.maintained) for m in found.medications
        ],
        "findings.interventions": [(a.id, a.status, a.performer) for a in found.interventions],
        "findings.conditions": [(c.id,) for c in found.conditions],
        "gaps": [(gap.id,) for gap in gold.gaps],
    }
    for field, own in keys.items():
        for key, times in Counter(own).items():
            if times > 1:
                name = " ".join(str(part) for part in key if not isinstance(part, bool))
                yield field, f"{name} stands {times} times; make one item of them."


def _split_faults(
    placed: Sequence[_Placed], splits: Mapping[str, Split] | None
) -> Iterator[Problem]:
    seen: dict[str, _Placed] = {}
    for one in placed:
        gold = one.gold
        name = Path(one.file).stem
        if name in SPLITS and name != gold.split:
            yield one.problem("split", f"it says {gold.split} in the file of {name}; move it.")
        if splits is not None and splits.get(gold.author) != gold.split:
            yield one.problem(
                "author",
                f"{gold.author} is not an author of {gold.split}; move the record, or name the "
                "author in splits.toml.",
            )
        first = seen.setdefault(gold.author, one)
        if first.gold.split != gold.split:
            yield one.problem(
                "author",
                f"{gold.author} is in {first.gold.split} ({first.file}:{first.line}) and in "
                f"{gold.split}; keep an author in one split.",
            )


def _twice(placed: Sequence[_Placed]) -> Iterator[Problem]:
    ids: dict[str, _Placed] = {}
    texts: dict[str, _Placed] = {}
    for one in placed:
        first = ids.setdefault(one.gold.id, one)
        if first is not one:
            yield one.problem(
                "id", f"the id stands at {first.file}:{first.line}, too; give each its own."
            )
        text = " ".join(_words(one.gold.narrative))
        same = texts.setdefault(text, one)
        if same is not one:
            yield one.problem(
                "narrative", f"the same text stands at {same.file}:{same.line}; remove one."
            )


def _near(placed: Sequence[_Placed]) -> Iterator[Problem]:
    """Texts of different splits that share half or more of their runs of words."""
    shingles = [_shingles(one.gold.narrative) for one in placed]
    holders: defaultdict[int, list[int]] = defaultdict(list)
    for number, own in enumerate(shingles):
        for shingle in own:
            holders[shingle].append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        for place, after in enumerate(numbers):
            for before in numbers[:place]:
                if placed[before].gold.split != placed[after].gold.split:
                    shared[before, after] += 1
    for (before, after), count in sorted(shared.items()):
        smaller = min(len(shingles[before]), len(shingles[after]))
        same = _words(placed[before].gold.narrative) == _words(placed[after].gold.narrative)
        if count >= NEAR * smaller and not same:
            other = placed[before]
            yield placed[after].problem(
                "narrative",
                f"nearly the text of {other.gold.id} in another split "
                f"({other.file}:{other.line}); remove one.",
            )


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _shingles(text: str) -> set[int]:
    words = _words(text)
    rows: Iterable[tuple[str, ...]] = zip(*(words[n:] for n in range(SHINGLE)), strict=False)
    return {hash(row) for row in rows}
