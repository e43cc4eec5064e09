"""Every kind of source through the batch, and the outputs that are more than lines."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fake_reader
import pytest

from tripsheet.batch import run_batch
from tripsheet.errors import OutputError
from tripsheet.formats.nemsis.read import read_nemsis

TEXTS = [f"{'Fentanyl 50 mcg. ' if n % 2 else ''}Pt in bed {n}." for n in range(25)]


def as_csv(folder: Path) -> Path:
    path = folder / "calls.csv"
    with path.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["id", "narrative"])
        writer.writerows([f"r{n:02}", text] for n, text in enumerate(TEXTS))
    return path


def as_folder(folder: Path) -> Path:
    path = folder / "calls"
    path.mkdir()
    for n, text in enumerate(TEXTS):
        (path / f"r{n:02}.txt").write_text(text)
    return path


def as_array(folder: Path) -> Path:
    path = folder / "calls.json"
    path.write_text(json.dumps([{"id": f"r{n:02}", "narrative": t} for n, t in enumerate(TEXTS)]))
    return path


def as_wide_lines(folder: Path) -> Path:
    path = folder / "calls.jsonl"
    lines = [json.dumps({"id": f"r{n:02}", "narrative": t}) + "\n" for n, t in enumerate(TEXTS)]
    path.write_bytes("".join(lines).encode("utf-16"))
    return path


def as_parquet(folder: Path) -> Path:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = folder / "calls.parquet"
    ids = [f"r{n:02}" for n in range(len(TEXTS))]
    pq.write_table(pa.table({"id": ids, "narrative": TEXTS}), path)
    return path


def as_workbook(folder: Path) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.active.append(["id", "narrative"])
    for n, text in enumerate(TEXTS):
        book.active.append([f"r{n:02}", text])
    book.save(folder / "calls.xlsx")
    return folder / "calls.xlsx"


def as_nemsis(folder: Path) -> Path:
    path = folder / "calls.xml"
    records = "".join(
        f'<PatientCareReport UUID="u"><eRecord><eRecord.01>r{n:02}</eRecord.01></eRecord>'
        f"<ePayment><ePayment.50 xsi:nil='true' NV='7701003'/></ePayment>"
        f"<eNarrative><eNarrative.01>{text}</eNarrative.01></eNarrative>"
        "<eMedications><eMedications.MedicationGroup>"
        '<eMedications.03 CodeType="9924003">4337</eMedications.03>'
        "</eMedications.MedicationGroup></eMedications></PatientCareReport>"
        for n, text in enumerate(TEXTS)
    )
    path.write_text(
        '<EMSDataSet xmlns="http://www.nemsis.org" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><Header><DemographicGroup>'
        f"</DemographicGroup>{records}</Header></EMSDataSet>"
    )
    return path


WRITERS = [as_csv, as_folder, as_array, as_wide_lines, as_parquet, as_workbook, as_nemsis]


def run(source: Path, target: Path, **options: Any) -> Any:
    return run_batch(source, target, loader=fake_reader.load, notify=lambda _: None, **options)


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__)
@pytest.mark.parametrize("workers", [1, 2])
def test_every_source_gives_its_reports_in_order(
    tmp_path: Path, write: Callable[[Path], Path], workers: int
) -> None:
    target = tmp_path / "out.jsonl"
    run(write(tmp_path), target, workers=workers)
    records = [json.loads(line) for line in target.read_text().splitlines()]
    assert [record["id"] for record in records] == [f"r{n:02}" for n in range(25)]
    levels = [record["coding"]["hcpcs"] for record in records]
    assert levels == ["A0427" if n % 2 else "A0429" for n in range(25)]


def test_nemsis_records_are_reconciled_and_the_document_is_enriched(tmp_path: Path) -> None:
    source = as_nemsis(tmp_path)
    target = tmp_path / "out.jsonl"
    run(source, target)
    first, second = [json.loads(line) for line in target.read_text().splitlines()[:2]]
    assert first["reconciliation"]["flags"] == ["fentanyl: in the chart, not in the narrative."]
    assert second["reconciliation"]["comparisons"][0]["verdict"] == "agreed"
    enriched = tmp_path / "out.xml"
    run(source, enriched, workers=2, suggest_level=True)
    text = enriched.read_text()
    assert text.count("<eCustomResults.02>tripsheet.level</eCustomResults.02>") == 25
    assert text.count("<ePayment.50>2650003</ePayment.50>") == 12
    entries = list(read_nemsis(enriched, notify=lambda _: None))
    assert len(entries) == 25
    assert sorted(os.listdir(tmp_path)) == ["calls.xml", "out.jsonl", "out.xml"]


def test_document_that_breaks_off_passes_for_no_whole_one(tmp_path: Path) -> None:
    source = as_nemsis(tmp_path)
    source.write_text(source.read_text()[:-200])
    result = run(source, tmp_path / "out.jsonl")
    assert (result.summary.reports, result.summary.failed) == (25, 1)
    last = json.loads((tmp_path / "out.jsonl").read_text().splitlines()[-1])
    assert "breaks off" in last["error"]["message"]


def test_pages_have_an_index_and_replace_only_pages(tmp_path: Path) -> None:
    source, target = as_csv(tmp_path), tmp_path / "pages"
    run(source, target, workers=2)
    names = sorted(os.listdir(target))
    assert names[0] == "00000000-000.html"
    assert len(names) == 26
    index = (target / "index.html").read_text()
    assert index.index('href="00000000-009.html">r09<') < index.index('00000001-000.html">r10<')
    before = (target / "00000001-003.html").read_bytes()
    with pytest.raises(OutputError, match="exists already"):
        run(source, target)
    run(source, target, replace=True)
    assert (target / "00000001-003.html").read_bytes() == before
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").touch()
    with pytest.raises(OutputError, match="a folder with other files"):
        run(source, other, replace=True)
    assert (other / "precious").exists()


def test_run_killed_at_its_very_end_is_done_again_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = as_csv(tmp_path), tmp_path / "pages"
    with monkeypatch.context() as patched:
        patched.setattr("tripsheet.batch.parts.Parts.remove", lambda _: None)
        run(source, target)
    assert (tmp_path / ".pages.parts").exists()
    run(source, target, replace=True)
    assert len(os.listdir(target)) == 26
    assert sorted(os.listdir(tmp_path)) == ["calls.csv", "pages"]


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv"])
def test_run_stopped_while_it_puts_the_output_together_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    source, target = as_csv(tmp_path), tmp_path / name
    run(source, tmp_path / f"whole_{name}")
    replaced = os.replace

    def stop(old: str, new: str | Path) -> None:
        if Path(new) == target:
            raise KeyboardInterrupt
        replaced(old, new)

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", stop)
        with pytest.raises(KeyboardInterrupt):
            run(source, target)
    assert not target.exists()
    assert run(source, target).resumed == 3
    assert target.read_bytes() == (tmp_path / f"whole_{name}").read_bytes()


def test_standard_input_is_a_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BytesIO(b'{"narrative": "Fentanyl"}\n{"narrative": "bed"}\n')

    monkeypatch.setattr("sys.stdin", Stdin)
    result = run(Path("-"), tmp_path / "out.jsonl")
    assert result.summary.reports == 2
    assert sorted(os.listdir(tmp_path)) == ["out.jsonl"]
