"""The batch with the reader of this package, from the command to the output."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tripsheet.batch import run_batch
from tripsheet.batch.frames import analyze_frame

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples" / "calls.jsonl"
SAMPLES = ROOT.parent / "shared" / "reference" / "nemsis" / "samples"


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def spans(value: Any) -> Iterator[tuple[int, int, str]]:
    if isinstance(value, dict):
        if {"start", "end", "text"} <= value.keys():
            yield value["start"], value["end"], value["text"]
        for item in value.values():
            yield from spans(item)
    elif isinstance(value, list):
        for item in value:
            yield from spans(item)


def test_command_writes_the_same_bytes_for_any_number_of_workers(tmp_path: Path) -> None:
    outputs = []
    for workers in ("1", "2"):
        target = tmp_path / f"out{workers}.jsonl"
        command = [sys.executable, "-m", "tripsheet", "batch", str(EXAMPLES), str(target)]
        done = subprocess.run([*command, "-w", workers], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert "reports" in done.stdout
        outputs.append(target.read_bytes())
    assert outputs[0] == outputs[1]
    records = read(tmp_path / "out1.jsonl")
    assert [record["id"] for record in records] == [report["id"] for report in read(EXAMPLES)]


def test_evidence_is_counted_in_the_narrative_as_it_came_in(tmp_path: Path) -> None:
    source, target = tmp_path / "calls.csv", tmp_path / "out.jsonl"
    narratives = [
        report["narrative"].replace(". ", ".\r\n \u00a0") + " Temp 38°."
        for report in read(EXAMPLES)
    ]
    quoted = "".join('"' + text.replace('"', '""') + '"\n' for text in narratives)
    source.write_bytes(("narrative\n" + quoted).encode("utf-8"))
    run_batch(source, target, notify=lambda _: None)
    counted = 0
    for narrative, record in zip(narratives, read(target), strict=True):
        for start, end, text in spans(record):
            assert narrative[start:end] == text
            counted += 1
    assert counted > 50


@pytest.mark.parametrize("name", ["out.csv", "out.parquet", "out.xlsx", "pages"])
def test_every_output_takes_real_results(tmp_path: Path, name: str) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("openpyxl")
    result = run_batch(EXAMPLES, tmp_path / name)
    assert result.summary.failed == 0
    assert (tmp_path / name).exists()


def test_samples_of_the_standard_are_read_reconciled_and_enriched(tmp_path: Path) -> None:
    if not SAMPLES.is_dir():
        pytest.skip(f"the NEMSIS samples are not at {SAMPLES}")
    etree = pytest.importorskip("lxml.etree")
    schema = etree.XMLSchema(etree.parse(str(SAMPLES.parent / "xsd-3.5.1" / "EMSDataSet_v3.xsd")))
    for file in sorted(SAMPLES.glob("compliance-*/*.xml")):
        target, enriched = tmp_path / f"{file.stem}.jsonl", tmp_path / file.name
        result = run_batch(file, target, notify=lambda _: None)
        assert result.summary.failed == 0, file.name
        assert all("flags" in record["reconciliation"] for record in read(target))
        run_batch(file, enriched, suggest_level=True, notify=lambda _: None)
        if schema.validate(etree.parse(str(file))):
            assert schema.validate(etree.parse(str(enriched))), file.name


def test_frames_are_read_by_the_real_reader() -> None:
    pandas = pytest.importorskip("pandas")
    frame = analyze_frame(pandas.DataFrame(read(EXAMPLES)))
    assert list(frame["id"]) == [report["id"] for report in read(EXAMPLES)]
    assert frame["hcpcs"].notna().all()
