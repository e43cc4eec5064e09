"""No word of a narrative leaves by another door than the output that was asked for."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest

import tripsheet
from tripsheet.errors import TripsheetError
from tripsheet.report import Report

CANARY = "Quetzalbird"
NARRATIVE = (
    f"{CANARY} dispatched emergent. Pt {CANARY} c/o chest pain, denies SOB. Gave fentanyl 50 mcg "
    f"IVP. {CANARY}ine 5 mg given. Unable to walk. Transported to {CANARY} Hospital. BP 120/80."
)


def hidden(text: str) -> bool:
    return CANARY.lower() not in text.lower()


def test_a_run_at_debug_logs_and_prints_no_word(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG):
        analysis = tripsheet.load().analyze(NARRATIVE)
    assert analysis.findings.medications
    written = capfd.readouterr()
    assert written.out == ""
    assert hidden(written.err)
    for record in caplog.records:
        assert hidden(record.getMessage())
        assert hidden(str(record.__dict__))


def test_spacy_components_log_and_print_no_word(
    caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    import spacy

    nlp = spacy.blank("en")
    for name in ("tripsheet_mentions", "tripsheet_context", "tripsheet_reading"):
        nlp.add_pipe(name)
    with caplog.at_level(logging.DEBUG):
        doc = nlp(NARRATIVE)
    assert doc._.tripsheet["medications"]
    assert capfd.readouterr() == ("", "")
    assert all(hidden(record.getMessage()) for record in caplog.records)


BAD: dict[str, Callable[[], object]] = {
    "an unknown field": lambda: tripsheet.load().analyze(NARRATIVE, colour="red"),
    "a wrong type": lambda: tripsheet.load().analyze(NARRATIVE, loaded_miles="far"),
    "a wrong letter": lambda: tripsheet.load().analyze(NARRATIVE, origin="Q"),
    "a wrong day": lambda: tripsheet.load().analyze(NARRATIVE, date_of_service="yesterday"),
    "a day before all rules": lambda: tripsheet.load().analyze(
        NARRATIVE, date_of_service="1999-01-01"
    ),
}


@pytest.mark.parametrize("what", BAD)
def test_an_error_quotes_no_narrative(what: str) -> None:
    with pytest.raises(TripsheetError) as raised:
        BAD[what]()
    assert hidden("".join(traceback.format_exception(raised.value)))
    assert hidden(repr(raised.value.__dict__))


LINES = {
    "half a line": '{"narrative": "' + NARRATIVE,
    "a narrative that is a list": json.dumps({"narrative": [NARRATIVE]}),
    "an unknown field": json.dumps({"narrative": NARRATIVE, "colour": "red"}),
    "no object": json.dumps([NARRATIVE]),
    "a bare text": json.dumps(NARRATIVE),
    "no narrative": json.dumps({"id": "1", "text": NARRATIVE}),
    "a key twice": f'{{"narrative": "{NARRATIVE}", "narrative": "{NARRATIVE}"}}',
    "a wrong number": json.dumps({"narrative": NARRATIVE, "loaded_miles": "far"}),
}


def run(*arguments: str, text: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The command with its own folder for temporary files, and every logger at DEBUG."""
    code = (
        "import logging, sys; logging.basicConfig(level=logging.DEBUG)\n"
        "from tripsheet.cli import main\n"
        "sys.argv[0] = 'tripsheet'\nsys.exit(main())"
    )
    return subprocess.run(
        [sys.executable, "-c", code, *arguments],
        input=text, capture_output=True, text=True, cwd=folder, timeout=120,
        env={**os.environ, "TMPDIR": str(folder), "COLUMNS": "200"},
    )  # fmt: skip


@pytest.mark.parametrize("what", LINES)
def test_a_bad_record_is_told_without_its_words(what: str, tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text(LINES[what] + "\n", encoding="utf-8")
    done = run("batch", "calls.jsonl", "out.jsonl", text="", folder=tmp_path)
    assert hidden(done.stderr), done.stderr
    assert "Traceback" not in done.stderr
    for line in (tmp_path / "out.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if "error" in record:
            assert hidden(line)


def test_the_command_writes_words_to_its_output_only(tmp_path: Path) -> None:
    (tmp_path / "calls.jsonl").write_text(
        json.dumps({"id": "1", "narrative": NARRATIVE}) + "\n", encoding="utf-8"
    )
    before = {path.name for path in tmp_path.iterdir()}
    done = run("analyze", "--format", "json", text=NARRATIVE, folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert '"fentanyl"' in done.stdout
    assert hidden(done.stderr)
    assert {path.name for path in tmp_path.iterdir()} == before
    done = run("batch", "calls.jsonl", "out.jsonl", text="", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    assert hidden(done.stdout + done.stderr)
    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    told = {path.name for path in left if not hidden(path.read_text("utf-8", "replace"))}
    assert told <= {"calls.jsonl", "out.jsonl"}


def test_a_fault_inside_a_worker_is_told_without_the_narrative(tmp_path: Path) -> None:
    """The one way in which a library could quote the text: an exception of its own."""
    (tmp_path / "calls.jsonl").write_text(
        json.dumps({"id": "1", "narrative": NARRATIVE}) + "\n", encoding="utf-8"
    )
    (tmp_path / "sitecustomize.py").write_text(
        "import tripsheet.analyzer as analyzer\n"
        "def fail(self, report):\n"
        "    raise ValueError(f'could not read {report.narrative}')\n"
        "analyzer.Analyzer.analyze_report = fail\n",
        encoding="utf-8",
    )
    code = "import sitecustomize, sys\nfrom tripsheet.cli import main\nsys.exit(main())"
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, "-c", code, "batch", "calls.jsonl", "out.jsonl"],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
        env={**os.environ, "PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 1
    assert hidden(done.stdout + done.stderr), done.stderr[-500:]
    out = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    assert "error" in json.loads(out)
    assert hidden(out)


def test_the_reader_keeps_nothing_of_a_report() -> None:
    from tripsheet.reading import Reader

    made = Reader()
    made.read(Report(narrative=NARRATIVE))
    held = [repr(value) for value in vars(made).values()]
    assert all(hidden(text) for text in held)
