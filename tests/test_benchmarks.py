"""The benchmark of the reading measures what the analyzer does, and runs."""

from __future__ import annotations

import importlib.util
import itertools
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import tripsheet

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "benchmarks" / "reading.py"
EXAMPLES = ROOT / "examples" / "calls.jsonl"


@pytest.fixture(scope="module")
def reading() -> ModuleType:
    spec = importlib.util.spec_from_file_location("benchmark_reading", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


STAGES = {
    "document", "medications", "interventions", "mobility", "conditions", "vitals", "call",
    "statements", "determine", "to_json",
}  # fmt: skip


def test_watching_the_stages_changes_no_result(reading: ModuleType) -> None:
    analyzer = tripsheet.load()
    ticks = itertools.count()
    for narrative in reading.read_narratives([EXAMPLES]):
        with reading.watched(lambda: float(next(ticks))) as gained:
            record = analyzer.analyze(narrative).to_json()
        assert gained.keys() >= STAGES
        assert record == analyzer.analyze(narrative).to_json()


def test_each_stage_has_what_it_took(reading: ModuleType) -> None:
    ticks = itertools.count()
    with reading.watched(lambda: float(next(ticks))) as gained:
        tripsheet.load().analyze("Pt in bed.").to_json()
    assert {gained[stage] for stage in STAGES} == {1.0}
    after = next(ticks)
    tripsheet.load().analyze("Pt in bed.").to_json()
    assert next(ticks) == after + 1


def test_a_quick_run_measures_every_stage(tmp_path: Path) -> None:
    out = tmp_path / "measured.json"
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", "--json", str(out), str(EXAMPLES)],
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    measured = json.loads(out.read_text("utf-8"))
    rows = {row["stage"]: row for row in measured["stages"]}
    assert rows["spaCy tokenizer"]["ratio"] == 1
    assert rows["whole analysis"]["peak_bytes"] > 2**20
    assert all(row["narratives_a_second"] > 0 for row in rows.values())
    assert rows["whole analysis"]["ratio"] > rows["document"]["ratio"] > 0
    assert rows.keys() >= STAGES
    assert all(rows[stage]["added_bytes"] >= 0 for stage in STAGES)
    start = measured["seconds_to_first_result"]
    assert start["fresh process"] > start["imports done"] > 0
    assert "whole analysis" in done.stdout
    narrative = json.loads(EXAMPLES.read_text("utf-8").splitlines()[0])["narrative"]
    assert narrative[:30] not in done.stdout + done.stderr


def test_no_narratives_is_one_clear_sentence(tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.touch()
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--quick", str(empty)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == "There are no narratives to read; name JSONL files of them.\n"
