"""The command: summary, exit statuses, column mapping; one sentence for every error."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import fake_reader
import pytest
from typer.testing import CliRunner, Result

from tripsheet.batch import run
from tripsheet.batch.command import app
from tripsheet.batch.parts import Parts

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


SCRIPT = """
import signal
import sys
# a shell without job control starts what runs behind with this signal ignored
signal.signal(signal.SIGINT, signal.default_int_handler)
sys.path.insert(0, {here!r})
import fake_reader
from tripsheet.batch import chunks, run
from tripsheet.batch.command import app
chunks.REPORTS_A_CHUNK = 10
run.run_batch.__kwdefaults__["loader"] = fake_reader.load_slow
if __name__ == "__main__":
    app()
"""


def command(tmp_path: Path, source: Path, target: Path, workers: int) -> list[str]:
    script = tmp_path / "command.py"
    script.write_text(SCRIPT.format(here=str(Path(__file__).parent)))
    return [sys.executable, str(script), str(source), str(target), "-w", str(workers)]


@pytest.mark.parametrize("workers", [1, 2])
def test_interrupted_run_says_how_to_go_on_and_does(
    source: Source, tmp_path: Path, workers: int
) -> None:
    file, target = source(300), tmp_path / "out.jsonl"
    arguments = command(tmp_path, file, target, workers)
    process = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    while len(list(Parts.of(target).folder.glob("*/*.json"))) < 5:
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (
        130, "tripsheet: stopped; the same command goes on from here.\n",
    )  # fmt: skip
    assert not target.exists()
    done = subprocess.run(arguments, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(target.read_text().splitlines()) == 300


def test_progress_with_rate_and_failures_goes_to_a_terminal(source: Source, tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    arguments = command(tmp_path, source(200, line4="{"), tmp_path / "out.jsonl", 1)
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=theirs)
    os.close(theirs)
    shown = b""
    with contextlib.suppress(OSError):  # how a terminal ends
        while data := os.read(ours, 1000):
            shown += data
    os.close(ours)
    assert process.wait() == 1
    assert re.search(rb"[1-9]\d* reports, [1-9][\d,]* a second, 1 failed", shown)


def test_progress_goes_to_a_terminal_only(source: Source, tmp_path: Path) -> None:
    result = batch(source(30), tmp_path / "out.jsonl")
    assert result.stderr == ""


def test_unknown_policy_is_one_sentence(source: Source, tmp_path: Path) -> None:
    result = batch(source(30), tmp_path / "out.jsonl", "--policy", "colour=true")
    assert result.exit_code == 2
    assert "Unknown policy 'colour'" in result.stderr
    result = batch(source(30), tmp_path / "out.jsonl", "--policy", "colour")
    assert "--policy takes NAME=VALUE" in result.stderr
