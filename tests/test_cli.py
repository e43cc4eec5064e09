"""The command: options, formats, exit statuses, one sentence for every error."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import tripsheet
from tripsheet import cli, lexicon
from tripsheet.analysis import Analysis
from tripsheet.coding import Policies
from tripsheet.determination import Determination, Necessity
from tripsheet.errors import RecordError, TripsheetError
from tripsheet.findings import Findings
from tripsheet.report import Report

NOTHING = Determination("2026-01", "undetermined", (), Necessity("insufficient"))


@dataclass
class Ran:
    status: int
    out: str
    err: str


class Analyzer:
    """Finds nothing in any report, and remembers what it was given."""

    def __init__(self) -> None:
        self.reports: list[Report] = []
        self.policies: Policies | None = None

    def analyze_report(self, report: Report) -> Analysis:
        self.reports.append(report)
        if "REFUSE" in report.narrative:
            raise RecordError("No rule set covers this day.", line=None)
        return Analysis(report, Findings(), NOTHING)


@pytest.fixture
def analyzer(monkeypatch: pytest.MonkeyPatch) -> Analyzer:
    made = Analyzer()

    def load(**options: Any) -> Analyzer:
        made.policies = options["policies"]
        return made

    monkeypatch.setattr(tripsheet, "load", load, raising=False)
    return made


@pytest.fixture
def run() -> Callable[..., Ran]:
    def run(*arguments: object, stdin: str | bytes = "") -> Ran:
        result = CliRunner().invoke(cli.app, [str(part) for part in arguments], input=stdin)
        if isinstance(result.exception, TripsheetError):  # what `main` tells and turns into 2
            return Ran(cli.USAGE, result.stdout, result.exception.message)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


Run = Callable[..., Ran]


def command(*arguments: str, stdin: str = "", **environment: str) -> Ran:
    """The real command in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tripsheet", *arguments],
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environment},
        check=False,
    )
    return Ran(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.txt"
    path.write_text("Pt transported without incident.\n", "utf-8")
    return path


def test_a_text_file_is_one_report(run: Run, analyzer: Analyzer, note: Path) -> None:
    ran = run("analyze", note, "-f", "json")
    assert ran.status == 0
    assert json.loads(ran.out)["id"] == "note"
    assert analyzer.reports[0].narrative == "Pt transported without incident.\n"


def test_a_folder_is_its_text_files(run: Run, analyzer: Analyzer, note: Path) -> None:
    (note.parent / "a.txt").write_text("Pt refused.", "utf-8")
    ran = run("analyze", note.parent, "-f", "jsonl")
    assert [json.loads(line)["id"] for line in ran.out.splitlines()] == ["a", "note"]


def test_standard_input_is_a_narrative(run: Run, analyzer: Analyzer) -> None:
    ran = run("analyze", "-f", "json", stdin="Pt transported.\n")
    assert ran.status == 0
    assert analyzer.reports[0].narrative == "Pt transported.\n"


@pytest.mark.parametrize(
    "text", ['{"id": "7", "narrative": "Pt."}\n', '[{"id": "7", "narrative": "Pt."}]']
)
def test_standard_input_may_be_json(run: Run, analyzer: Analyzer, text: str) -> None:
    ran = run("analyze", "-", "-f", "json", stdin=text)
    assert json.loads(ran.out)["id"] == "7"


def test_options_speak_for_reports_that_do_not(
    run: Run, analyzer: Analyzer, tmp_path: Path
) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text(
        '{"narrative": "Pt.", "claimed_hcpcs": "A0429"}\n{"narrative": "Pt."}\n', "utf-8"
    )
    options = ["--claimed", "A0433", "--date", "2026-02-11", "--miles", "8.4", "--no-pcs"]
    options += ["--transport", "ground", "--response", "emergency", "--crew-level", "paramedic"]
    options += ["--origin", "R", "--destination", "H", "--signature"]
    options += ["--set", "state=TX", "--set", "patients=2", "--set", "rural=yes"]
    assert run("analyze", path, "-f", "jsonl", *options).status == 0
    first, second = analyzer.reports
    assert first.claimed_hcpcs == "A0429"
    assert second.claimed_hcpcs == "A0433"
    assert first == replace(second, id="1", claimed_hcpcs="A0429")
    assert str(second.date_of_service) == "2026-02-11"
    assert (second.loaded_miles, second.pcs_on_file, second.signature_on_file) == (8.4, False, True)
    assert (second.state, second.patients, second.rural) == ("TX", 2, True)


def test_policies_reach_the_analyzer_with_their_types(
    run: Run, analyzer: Analyzer, note: Path
) -> None:
    policies = ["--policy", "dextrose_counts=true", "--policy", "ql_base=A0428"]
    run("analyze", note, "-f", "json", *policies)
    assert analyzer.policies == Policies(dextrose_counts=True, ql_base="A0428")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--date", "11.2.2026"], "must be a date"),
        (["--transport", "boat"], "must be one of ground"),
        (["--set", "patients=many"], "must be a whole number"),
        (["--set", "colour=red"], "not a field of a record"),
        (["--set", "narrative=x"], "not a field of a record"),
        (["--set", "patients"], "NAME=VALUE"),
        (["--policy", "x"], "NAME=VALUE"),
        (["--policy", "colour=true"], "Unknown policy 'colour'"),
        (["--policy", "dextrose_counts=5"], "takes true or false"),
        (["--format", "pdf"], "'pdf' is not one of"),
        (["--no-such-option"], "No such option"),
    ],
)
def test_wrong_usage_is_told_and_ends_with_2(
    run: Run, analyzer: Analyzer, note: Path, options: list[str], sentence: str
) -> None:
    ran = run("analyze", note, *options)
    assert ran.status == 2
    assert sentence in ran.err
    assert analyzer.reports == []


def test_one_bad_line_is_an_object_in_its_place_and_the_status_is_1(
    run: Run, analyzer: Analyzer, tmp_path: Path
) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"narrative": "Pt."}\n{"narrative": \n{"narrative": "REFUSE"}\n', "utf-8")
    ran = run("analyze", path, "-f", "jsonl")
    assert ran.status == 1
    records = [json.loads(line) for line in ran.out.splitlines()]
    assert ["error" in record for record in records] == [False, True, True]
    assert records[1]["error"]["line"] == 2
    assert ran.err == "tripsheet: 2 reports could not be analysed.\n"


def test_a_missing_file_is_one_sentence_and_2(run: Run, analyzer: Analyzer) -> None:
    ran = run("analyze", "no-such-file.txt")
    assert ran.status == 2
    assert ran.err == "no-such-file.txt does not exist; check the name."


@pytest.mark.parametrize(
    ("name", "begins"),
    [("a.html", "<!doctype"), ("a.json", "{\n"), ("a.jsonl", '{"schema"'), ("a.txt", "┏")],
)
def test_the_output_s_ending_picks_the_format(
    run: Run, analyzer: Analyzer, note: Path, name: str, begins: str
) -> None:
    target = note.parent / name
    assert run("analyze", note, "--output", target).status == 0
    assert target.read_text("utf-8").startswith(begins)


def test_an_output_is_replaced_only_when_told(run: Run, analyzer: Analyzer, note: Path) -> None:
    target = note.parent / "out.json"
    target.write_text("older", "utf-8")
    ran = run("analyze", note, "-o", target)
    assert ran.status == 2
    assert "exists already" in ran.err
    assert target.read_text("utf-8") == "older"
    assert run("analyze", note, "-o", target, "--force").status == 0
    assert target.read_text("utf-8").startswith("{")


def test_explain_shows_the_trail_of_one_report_of_many(
    run: Run, analyzer: Analyzer, tmp_path: Path
) -> None:
    path = tmp_path / "calls.jsonl"
    path.write_text('{"id": "a", "narrative": "Pt."}\n{"id": "b", "narrative": "Pt."}\n', "utf-8")
    ran = run("explain", path, "--id", "b")
    assert ran.status == 0
    assert ran.out.startswith("b: undetermined")
    assert "a: undetermined" not in ran.out
    assert run("explain", path, "--id", "c").status == 2


def test_explain_defines_a_name(run: Run) -> None:
    assert run("explain", "iv_method").out.startswith("Gap iv_method: ")
    assert run("explain", "no_such_name").status == 2


def test_schema_prints_both_or_one(run: Run) -> None:
    both = json.loads(run("schema").out)
    assert set(both) == {"input", "output"}
    assert json.loads(run("schema", "input").out) == both["input"]
    assert json.loads(run("schema", "output").out) == both["output"]


def test_version_names_the_newest_rules() -> None:
    ran = command("--version")
    assert ran.status == 0
    name, version, rules, newest = ran.out.split()
    assert (name, rules) == ("tripsheet", "rules")
    assert version.strip(",")
    assert newest >= "2026-01"


def test_an_error_is_one_sentence_on_standard_error() -> None:
    ran = command("explain", "no-such-file.txt", "--id", "1")
    assert ran.status == 2
    assert "Traceback" not in ran.err
    assert ran.out == ""


def test_the_command_starts_without_the_heavy_parts() -> None:
    heavy = "spacy", "sklearn", "pydantic", "scispacy", "pyarrow"
    code = f"import sys, tripsheet.cli; print([name for name in {heavy!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", ["analyze", "explain", "schema", "lexicon", "batch"])
def test_every_command_tells_what_it_is_for(run: Run, name: str) -> None:
    ran = run(name, "--help")
    assert ran.status == 0
    assert f"Usage: tripsheet {name}" in ran.out.replace("root", "tripsheet")
    assert name in run("--help").out


def test_lexicon_check_lists_what_is_wrong(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexicon, "check", lambda: ["a.toml names a drug twice."], raising=False)
    ran = run("lexicon", "check")
    assert (ran.status, ran.out) == (1, "a.toml names a drug twice.\n")
    monkeypatch.setattr(lexicon, "check", list, raising=False)
    assert run("lexicon", "check").status == 0


def test_lexicon_find_shows_what_a_word_is(run: Run) -> None:
    ran = run("lexicon", "find", "sublimaze")
    assert ran.status == 0
    assert ran.out.startswith("sublimaze  drug  fentanyl  medications.toml [fentanyl.brands]")
    ran = run("lexicon", "find", "qwertyuiop")
    assert (ran.status, ran.err) == (1, "tripsheet: the lexicons do not hold qwertyuiop.\n")
