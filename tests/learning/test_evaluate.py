"""Evaluation: what is counted, what is never shown, and how runs and floors compare."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import tripsheet.learning.command as command
from tripsheet.analysis import Analysis
from tripsheet.corpus.gold import Gold, GoldGap, Level, Need, save_gold
from tripsheet.determination import Determination, Gap, Necessity
from tripsheet.errors import InputError
from tripsheet.findings import (
    Condition,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    Span,
    Transport,
    Vital,
)
from tripsheet.learning.evaluate import (
    RANK,
    Counts,
    below_floor,
    compare,
    errors,
    evaluate,
    evaluate_folds,
    folds,
    score,
    to_record,
)
from tripsheet.report import Report
from tripsheet.vocabulary import HCPCS

TEXT = "Fentanyl 50 mcg IVP x2, O2 by mask, sat 91%, could not stand."


def at(words: str) -> tuple[Span, ...]:
    start = TEXT.index(words)
    return (Span(start, start + len(words), words),)


FOUND = Findings(
    medications=(Medication("fentanyl", route="iv_push", count=2, evidence=at("Fentanyl")),),
    interventions=(Intervention("oxygen", evidence=at("O2 by mask")),),
    conditions=(Condition("severe_pain", evidence=at("Fentanyl")),),
    mobility=Mobility(get_up=Prong("unable", evidence=at("could not stand"))),
    vitals=(Vital("spo2", 91, "%", evidence=at("sat 91%")),),
    transport=Transport(response="emergency", transported=True, origin="R"),
)


def gold(id: str = "g1", author: str = "one", **changes: Any) -> Gold:
    values: dict[str, Any] = {
        "kind": "medical_911",
        "split": "dev",
        "narrative": TEXT,
        "level": Level("A0427", "Two pushes are not three."),
        "necessity": Need("supported", ("severe_pain",)),
        "findings": FOUND,
        "gaps": (GoldGap("signature"),),
    }
    return Gold(id=id, author=author, **(values | changes))


def reading(
    findings: Findings = FOUND,
    hcpcs: Any = "A0427",
    verdict: Any = "supported",
    gaps: Sequence[Any] = ("signature",),
) -> Any:
    """An analyzer that reads everything in one fixed way."""

    def analyze(report: Report) -> Analysis:
        asked = tuple(Gap(id, "", "", "") for id in gaps)
        decided = Determination("2026-01", hcpcs, (), Necessity(verdict), gaps=asked)
        return Analysis(report, findings, decided)

    return analyze


def test_a_perfect_reading_is_perfect_in_every_field() -> None:
    scores = score(evaluate([gold()], reading()))
    assert {field: counts.f1 for field, counts in scores.fields.items()} == dict.fromkeys(
        scores.fields, 1.0
    )
    assert (scores.level.accuracy, scores.necessity.accuracy, scores.upcodes) == (1.0, 1.0, ())


def test_doses_are_counted_and_other_items_are_not() -> None:
    once = dataclasses.replace(FOUND.medications[0], count=1)
    scores = score(
        evaluate([gold()], reading(dataclasses.replace(FOUND, medications=(once, once))))
    )
    assert scores.fields["administrations"] == Counts(right=2)
    assert scores.fields["medications"] == Counts(right=1)
    one = score(evaluate([gold()], reading(dataclasses.replace(FOUND, medications=(once,)))))
    assert one.fields["administrations"] == Counts(right=1, missed=1)
    assert one.classes["administrations"]["iv_push"] == Counts(right=1, missed=1)


def test_only_doses_that_the_crew_gave_are_administrations() -> None:
    others = dataclasses.replace(FOUND.medications[0], performer="other")
    scores = score(evaluate([gold()], reading(dataclasses.replace(FOUND, medications=(others,)))))
    assert scores.fields["administrations"] == Counts(missed=2)
    assert scores.fields["medications"] == Counts(extra=1, missed=1)


def test_who_did_it_is_apart_from_how_it_ended() -> None:
    tried = dataclasses.replace(FOUND.interventions[0], status="attempted")
    scores = score(evaluate([gold()], reading(dataclasses.replace(FOUND, interventions=(tried,)))))
    assert scores.fields["interventions"] == Counts(extra=1, missed=1)
    assert scores.fields["performer"] == Counts(right=1)


def test_conditions_are_those_present_and_split_by_list() -> None:
    denied = (*FOUND.conditions, Condition("syncope", "absent"), Condition("cardiac_distress"))
    scores = score(evaluate([gold()], reading(dataclasses.replace(FOUND, conditions=denied))))
    assert scores.fields["listed_conditions"] == Counts(right=1)
    assert scores.fields["qualifying_conditions"] == Counts(extra=1)


@pytest.mark.parametrize(
    ("counts", "precision", "recall", "f1"),
    [
        (Counts(3, 1, 2), 0.75, 0.6, 2 / 3),
        (Counts(0, 0, 4), 1.0, 0.0, 0.0),
        (Counts(), 1.0, 1.0, 1.0),
    ],
)
def test_precision_recall_and_f1(
    counts: Counts, precision: float, recall: float, f1: float
) -> None:
    assert (counts.precision, counts.recall) == (precision, recall)
    assert counts.f1 == pytest.approx(f1)


@pytest.mark.parametrize(
    ("expected", "found", "upcode"),
    [
        ("A0427", "A0433", True),
        ("A0433", "A0427", False),
        ("A0428", "A0429", True),
        ("A0429", "A0426", True),
        ("A0998", "A0428", True),
        ("none", "A0998", False),
        ("A0430", "A0431", False),
    ],
)
def test_an_upcode_is_a_level_of_a_higher_rank(expected: Any, found: Any, upcode: bool) -> None:
    outcomes = evaluate([gold(level=Level(expected, ""))], reading(hcpcs=found))
    assert bool(score(outcomes).upcodes) is upcode
    assert set(RANK) == set(HCPCS)


def test_confusion_counts_each_pair() -> None:
    golds = [gold("a"), gold("b"), gold("c", level=Level("A0433", ""))]
    scores = score(evaluate(golds, reading()))
    assert scores.level.confusion == {("A0427", "A0427"): 2, ("A0433", "A0427"): 1}
    assert scores.level.accuracy == pytest.approx(2 / 3)


def test_each_author_is_held_out_once_and_never_learned_from() -> None:
    golds = [gold("a", "one"), gold("b", "two"), gold("c", "one")]
    made = list(folds(golds))
    assert [fold.name for fold in made] == ["one", "two"]
    for fold in made:
        assert {g.author for g in fold.held} == {fold.name}
        assert fold.name not in {g.author for g in fold.train}
        assert len(fold.held) + len(fold.train) == 3


def test_what_learns_is_made_anew_for_every_fold() -> None:
    golds = [gold("a", "one"), gold("b", "two", level=Level("A0433", ""))]

    def fit(train: Sequence[Gold]) -> Any:
        return reading(hcpcs=train[0].level.hcpcs)  # says what it has learned

    held = evaluate_folds(golds, fit)
    assert {name: part[0].level for name, part in held.items()} == {
        "one": ("A0427", "A0433"),
        "two": ("A0433", "A0427"),
    }


def test_two_runs_compare_item_by_item() -> None:
    golds = [gold("a"), gold("b")]
    bare = dataclasses.replace(FOUND, interventions=())
    first = to_record(evaluate(golds, reading(bare)))
    second = to_record(evaluate(golds, reading(hcpcs="A0433")))
    made = compare(first, json.loads(json.dumps(second)))
    assert made.records == 2
    fields = {(change.id, change.field) for change in made.better}
    assert ("a", "interventions") in fields
    assert {(change.id, change.field) for change in made.worse} == {("a", "level"), ("b", "level")}
    assert compare(first, first).better == ()
    with pytest.raises(InputError, match="share no narrative"):
        compare(first, to_record(evaluate([gold("z")], reading())))
    with pytest.raises(InputError, match="evaluate --json"):
        compare(first, {})


def test_a_floor_names_what_is_below_it() -> None:
    bare = dataclasses.replace(FOUND, interventions=())
    scores = score(evaluate([gold()], reading(bare, hcpcs="A0433")))
    floor = {"level": 0.5, "necessity": 1.0, "upcodes": 0, "f1": {"interventions": 0.9}}
    below = below_floor(scores, floor)
    assert [line.split(" is ")[0].split(" are ")[0] for line in below] == [
        "level",
        "f1 of interventions",
        "upcodes",
    ]
    assert below_floor(scores, {"necessity": 1.0}) == []
    with pytest.raises(InputError, match="colour in the floor"):
        below_floor(scores, {"colour": 1.0})


def test_the_run_quotes_nothing_and_the_errors_do() -> None:
    bare = dataclasses.replace(FOUND, interventions=())
    run = json.dumps(to_record(evaluate([gold()], reading(bare))))
    assert "by mask" not in run
    sentences = list(errors(gold(), reading(bare, hcpcs="A0433")(gold().report())))
    assert any("level is A0427 in gold and was found as A0433" in line for line in sentences)
    assert any("oxygen performed crew was missed, from “O2 by mask”" in line for line in sentences)


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    import tripsheet

    class Fixed:
        analyze_report = staticmethod(
            reading(dataclasses.replace(FOUND, interventions=()), hcpcs="A0433")
        )

    monkeypatch.setattr(tripsheet, "load", Fixed)
    path = tmp_path / "dev.jsonl"
    save_gold([gold("a", "one"), gold("b", "two")], path)
    return path


def test_the_command_shows_tables_and_writes_the_run(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    asked = [str(corpus), "--by", "author", "--classes", "--json", str(out)]
    result = CliRunner().invoke(command.app, asked)
    assert result.exit_code == 0, result.output
    assert "unsupported upcodes: 2" in result.output
    assert "F1 by author" in result.output
    assert "by mask" not in result.output
    run = json.loads(out.read_text(encoding="utf-8"))
    assert run["level"]["accuracy"] == 0.0
    assert set(run["parts"]) == {"one", "two"}
    compared = CliRunner().invoke(command.app, ["--compare", str(out), str(out)])
    assert compared.exit_code == 0
    assert "2 narratives in both runs" in compared.output


def test_the_tables_in_markdown(corpus: Path) -> None:
    shown = CliRunner().invoke(command.app, [str(corpus), "--by", "author", "--markdown"]).output
    assert "| interventions | 1.000 | 0.000 | 0.000 | 0 | 0 | 2 |" in shown
    assert "| level | 0.000 | 0 | 2 |" in shown
    assert "| one | 1 | 0.00 |" in shown


def test_the_command_quotes_only_when_asked(corpus: Path) -> None:
    shown = CliRunner().invoke(command.app, [str(corpus), "--errors"]).output
    assert "“O2 by mask”" in shown


def test_the_command_exits_with_one_below_the_floor(corpus: Path, tmp_path: Path) -> None:
    floor = tmp_path / "floor.toml"
    floor.write_text("level = 0.9\nnecessity = 0.9\n")
    result = CliRunner().invoke(command.app, [str(corpus), "--floor", str(floor)])
    assert result.exit_code == 1
    assert "level is 0.0000; the floor is 0.9000" in result.output
