"""The command: summary, exit statuses, column mapping; one sentence for every error."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import fake_reader
import pytest
from typer.testing import CliRunner, Result

from tripsheet.batch import run
from tripsheet.batch.command import app

Source = Callable[..., Path]


@pytest.fixture(autouse=True)
def fake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(run.run_batch.__kwdefaults__, "loader", fake_reader.load)


def batch(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in (*arguments, "-w", "1")])


def test_summary_is_a_table_and_json(source: Source, tmp_path: Path) -> None:
    result = batch(source(30), tmp_path / "out.jsonl", "--summary", tmp_path / "summary.json")
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.stdout.splitlines()]
    assert ["all", "reports", "30"] in lines
    assert ["level", "supported", "A0427", "15"] in lines
    assert ["claimed", "against", "supported", "higher_than_supported", "6"] in lines
    assert ["reports", "with", "the", "gap", "stretcher_reason", "10"] in lines
    summary = json.loads((tmp_path / "summary.json").read_text())
    assert summary["levels"] == {"A0427": 15, "A0429": 15}
    assert (summary["reports"], summary["failed"]) == (30, 0)


def test_exit_status_tells_of_failed_reports(source: Source, tmp_path: Path) -> None:
    result = batch(source(30, line4="{"), tmp_path / "out.jsonl")
    assert result.exit_code == 1
    assert len((tmp_path / "out.jsonl").read_text().splitlines()) == 30


def test_fail_fast_is_one_sentence(source: Source, tmp_path: Path) -> None:
    result = batch(source(30, line4="{"), tmp_path / "out.jsonl", "--fail-fast")
    assert result.exit_code == 1
    assert result.stderr.startswith("tripsheet: Line 4 breaks off")
    assert not (tmp_path / "out.jsonl").exists()


def test_batch_that_cannot_run_is_one_sentence(tmp_path: Path) -> None:
    result = batch(tmp_path / "none.jsonl", tmp_path / "out.jsonl")
    assert result.exit_code == 2
    assert (
        result.stderr == f"tripsheet: {tmp_path / 'none.jsonl'} does not exist; check the name.\n"
    )


def test_quiet_says_nothing(source: Source, tmp_path: Path) -> None:
    result = batch(source(30), tmp_path / "out.jsonl", "--quiet")
    assert (result.exit_code, result.output) == (0, "")


def test_guessed_columns_are_saved_and_read_again(tmp_path: Path) -> None:
    table, mapping = tmp_path / "calls.csv", tmp_path / "columns.toml"
    table.write_text("nr,Story\n1,Pt in bed.\n")
    arguments = (table, tmp_path / "out.csv", "--columns", mapping, "--force")
    first = batch(*arguments)
    assert first.exit_code == 2
    assert "name it with --column narrative=NAME" in first.stderr
    second = batch(*arguments, "--column", "narrative=Story", "--column", "id=nr")
    assert second.exit_code == 0, second.output
    assert 'narrative = "Story"' in mapping.read_text()
    third = batch(*arguments)
    assert third.exit_code == 0, third.output
    assert (tmp_path / "out.csv").read_text().splitlines()[1].startswith("1,2026-01,A0429")


def test_progress_goes_to_a_terminal_only(source: Source, tmp_path: Path) -> None:
    result = batch(source(30), tmp_path / "out.jsonl")
    assert result.stderr == ""


def test_unknown_policy_is_one_sentence(source: Source, tmp_path: Path) -> None:
    result = batch(source(30), tmp_path / "out.jsonl", "--policy", "colour=true")
    assert result.exit_code == 2
    assert "Unknown policy 'colour'" in result.stderr
    result = batch(source(30), tmp_path / "out.jsonl", "--policy", "colour")
    assert "--policy takes NAME=VALUE" in result.stderr
