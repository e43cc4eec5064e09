"""The check names every fault with file, line, field and what to do."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tripsheet.corpus.check import check
from tripsheet.corpus.gold import Gold, save_gold, to_record

from .conftest import SPLITS

LONG = (
    "Medic 4 sent to a fall at the market, found a man on the ground holding his left wrist, "
    "awake, warm and dry, no neck pain, splint put on by us and he felt better on the way in."
)


def files(folder: Path, golds: list[Gold]) -> list[Path]:
    paths = []
    for split in ("train", "dev"):
        paths.append(folder / f"{split}.jsonl")
        save_gold([gold for gold in golds if gold.split == split], paths[-1])
    return paths


def told(problems: list[Any]) -> str:
    return "\n".join(map(str, problems))


def test_a_sound_corpus_has_no_problem(golds: list[Gold], tmp_path: Path) -> None:
    assert check(files(tmp_path, golds), SPLITS) == []


def moved(record: dict[str, Any]) -> None:
    span = record["findings"]["interventions"][0]["evidence"][0]
    span["start"] += 1
    span["end"] += 1


def overlapping(record: dict[str, Any]) -> None:
    evidence = record["findings"]["conditions"][0]["evidence"]
    start = evidence[0]["start"] + 1
    text = record["narrative"][start : start + 5]
    evidence.insert(1, {"start": start, "end": start + 5, "text": text})


def bare(record: dict[str, Any]) -> None:
    record["findings"]["vitals"][0]["evidence"] = []


def repeated(record: dict[str, Any]) -> None:
    record["findings"]["interventions"] *= 2


def unknown(record: dict[str, Any]) -> None:
    record["findings"]["conditions"][0]["id"] = "dyspnea"


def level(record: dict[str, Any]) -> None:
    record["level"]["hcpcs"] = "A0499"


def basis(record: dict[str, Any]) -> None:
    record["necessity"]["basis"] = ["feeling"]


def unreasoned(record: dict[str, Any]) -> None:
    record["necessity"]["verdict"] = "insufficient"


def confined(record: dict[str, Any]) -> None:
    record["findings"]["conditions"][0]["id"] = "bed_confined"


FAULTS = [
    (moved, "findings.interventions.0 oxygen", "set the offsets anew"),
    (overlapping, "findings.conditions.0 respiratory_distress", "overlap"),
    (bare, "findings.vitals.0 spo2", "no evidence"),
    (repeated, "findings.interventions", "stands 2 times"),
    (unknown, "findings.conditions.0.id", "Input should be"),
    (level, "level.hcpcs", "Input should be"),
    (basis, "necessity.basis", "no condition or statement"),
    (unreasoned, "gaps", "add the gap"),
    (confined, "findings.conditions", "all three prongs"),
]


@pytest.mark.parametrize(("spoil", "field", "said"), FAULTS)
def test_a_fault_within_a_record(
    golds: list[Gold],
    tmp_path: Path,
    spoil: Callable[[dict[str, Any]], None],
    field: str,
    said: str,
) -> None:
    record = to_record(golds[0])
    spoil(record)
    path = tmp_path / "train.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    problems = check([path], SPLITS)
    assert any(p.line == 1 and p.field == field and said in p.message for p in problems), told(
        problems
    )
    assert "tripod" not in told(problems)


def test_a_duplicate_id_is_named_with_both_places(golds: list[Gold], tmp_path: Path) -> None:
    twin = dataclasses.replace(golds[1], id="night-1")
    problems = check(files(tmp_path, [golds[0], twin]), SPLITS)
    assert "the id stands at" in told(problems)
    assert "train.jsonl:1" in told(problems)


def bare_copy(gold: Gold, **changes: Any) -> Gold:
    """A record of its own without findings, so that its text can be changed."""
    empty = dataclasses.replace(gold, findings=type(gold.findings)(), gaps=())
    need = dataclasses.replace(gold.necessity, verdict="supported")
    return dataclasses.replace(empty, necessity=need, **changes)


def test_the_same_text_and_nearly_the_same_in_two_splits(golds: list[Gold], tmp_path: Path) -> None:
    one = bare_copy(golds[0], narrative=LONG)
    same = bare_copy(golds[1], narrative=LONG.upper())
    assert "the same text stands at" in told(check(files(tmp_path, [one, same]), SPLITS))
    near = bare_copy(golds[1], narrative=LONG.replace("wrist", "ankle") + " Nothing else.")
    assert "nearly the text of night-1" in told(check(files(tmp_path, [one, near]), SPLITS))
    far = bare_copy(golds[1], narrative="A quite different trip, booked for the morning, no care.")
    assert check(files(tmp_path, [one, far]), SPLITS) == []


def test_an_author_in_two_splits_or_in_the_wrong_one(golds: list[Gold], tmp_path: Path) -> None:
    stray = dataclasses.replace(golds[1], author="night_medic")
    problems = told(check(files(tmp_path, [golds[0], stray]), SPLITS))
    assert "keep an author in one split" in problems
    assert "night_medic is not an author of dev" in problems


def test_a_record_in_the_file_of_another_split(golds: list[Gold], tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    save_gold([golds[0]], path)
    assert "it says train in the file of test" in told(check([path], SPLITS))
