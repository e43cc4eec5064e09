"""A batch from source to output: order, bad reports, engines, stops and starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import fake_reader
import pytest

from tripsheet.batch import run_batch
from tripsheet.batch.parts import Parts
from tripsheet.errors import InputError, OutputError, RecordError
from tripsheet.formats import jsonl

Source = Callable[..., Path]

BAD = {
    "line7": '{"id": "half", "narrative": "a',
    "line25": '{"id": "none"}',
    "line26": '{"id": "raises", "narrative": "RAISE secret words"}',
}


def read(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def run(source: Path, target: Path, **options: object) -> object:
    options = {"loader": fake_reader.load, "notify": lambda _: None, **options}
    return run_batch(source, target, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize("workers", [1, 2])
def test_every_report_is_in_its_place_and_bad_ones_are_isolated(
    source: Source, tmp_path: Path, workers: int
) -> None:
    target = tmp_path / "out.jsonl"
    result = run_batch(
        source(57, **BAD), target, loader=fake_reader.load, workers=workers, notify=lambda _: None
    )
    records = read(target)
    expected = [f"r{n}" for n in range(1, 58)]
    expected[6], expected[24], expected[25] = "7", "none", "raises"
    assert [record["id"] for record in records] == expected
    failed = {number + 1: r["error"] for number, r in enumerate(records) if "error" in r}
    assert list(failed) == [7, 25, 26]
    assert "breaks off" in failed[7]["message"]  # type: ignore[index]
    assert "ValueError" in failed[26]["message"]  # type: ignore[index]
    assert "secret" not in json.dumps(failed)
    summary = result.summary
    assert (summary.reports, summary.failed) == (57, 3)
    assert summary.levels == {"A0427": 27, "A0429": 27}
    assert summary.claims == {"higher_than_supported": 10}
    assert summary.gaps == {"stretcher_reason": 19}
    assert summary.errors == {"record": 2, "error": 1}
    assert sorted(os.listdir(tmp_path)) == ["in.jsonl", "out.jsonl"]


@pytest.mark.parametrize("name", ["out.jsonl", "out.csv", "out.parquet", "out.xlsx"])
def test_any_number_of_workers_writes_the_same_bytes(
    source: Source, tmp_path: Path, name: str
) -> None:
    if name.endswith(("parquet", "xlsx")):
        pytest.importorskip("pyarrow")
        pytest.importorskip("openpyxl")
    file = source(57, **BAD)
    results = []
    for workers in (1, 2, 3):
        folder = tmp_path / str(workers)
        folder.mkdir()
        run(file, folder / name, workers=workers)
        results.append((folder / name).read_bytes())
        time.sleep(0.3 if name.endswith("xlsx") else 0)
    assert results[0] == results[1] == results[2]


SCRIPT = """
import sys
sys.path.insert(0, {here!r})
import fake_reader
from tripsheet.batch import chunks, run_batch
chunks.REPORTS_A_CHUNK = 10
if __name__ == "__main__":
    run_batch({source!r}, {target!r}, loader=fake_reader.load_slow, workers={workers})
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_run_killed_again_and_again_ends_with_the_same_bytes(
    source: Source, tmp_path: Path, workers: int
) -> None:
    file, target, whole = source(400), tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    run(file, whole)
    script = tmp_path / "run.py"
    script.write_text(
        SCRIPT.format(
            here=str(Path(__file__).parent), source=str(file), target=str(target), workers=workers
        )
    )
    parts = Parts.of(target)
    for least in (1, 8, 16):
        process = subprocess.Popen([sys.executable, str(script)])
        deadline = time.monotonic() + 60
        while len(list(parts.folder.glob("*/*.json"))) < least:
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.01)
        process.kill()
        process.wait()
        assert not target.exists()
    result = run_batch(file, target, loader=fake_reader.load_slow, workers=workers)
    assert result.resumed >= 16
    assert result.summary.reports == 400
    assert target.read_bytes() == whole.read_bytes()
    assert sorted(os.listdir(tmp_path)) == ["in.jsonl", "out.jsonl", "run.py", "whole.jsonl"]


def test_workers_end_when_their_run_is_killed(source: Source, tmp_path: Path) -> None:
    proc = Path("/proc/self/stat")
    if not proc.exists():
        pytest.skip("processes are counted through /proc, which this system lacks")
    file, target = source(4000), tmp_path / "out.jsonl"
    script = tmp_path / "run.py"
    script.write_text(
        SCRIPT.format(
            here=str(Path(__file__).parent), source=str(file), target=str(target), workers=2
        )
    )
    process = subprocess.Popen([sys.executable, str(script)], start_new_session=True)
    while len(list(Parts.of(target).folder.glob("*/*.json"))) < 2:
        time.sleep(0.01)
    process.kill()
    process.wait()

    def left() -> list[str]:
        found = []
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == process.pid and fields[0] != "Z":
                found.append(stat.parent.name)
        return found

    deadline = time.monotonic() + 10
    while left() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert left() == []


def test_damaged_part_is_done_again(source: Source, tmp_path: Path) -> None:
    file, target, whole = source(40), tmp_path / "out.jsonl", tmp_path / "whole.jsonl"
    run(file, whole)
    with pytest.raises(KeyboardInterrupt):
        run(file, target, advance=_interrupt_after(20))
    parts = Parts.of(target)
    assert parts.done(0)
    assert parts.done(1)
    parts.path(1).write_bytes(parts.path(1).read_bytes()[:-5])
    result = run_batch(file, target, loader=fake_reader.load)
    assert result.resumed == 1
    assert target.read_bytes() == whole.read_bytes()


def _interrupt_after(reports: int) -> Callable[..., None]:
    def advance(summary: object, *_: object) -> None:
        if summary.reports >= reports:  # type: ignore[attr-defined]
            raise KeyboardInterrupt

    return advance


def test_unfinished_run_of_a_changed_source_is_not_mixed(source: Source, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with pytest.raises(KeyboardInterrupt):
        run(source(40), target, advance=_interrupt_after(10))
    file = source(41)
    with pytest.raises(InputError, match="--no-resume"):
        run(file, target)
    run(file, target, resume=False)
    assert len(read(target)) == 41


def test_fail_fast_stops_and_goes_on_once_mended(source: Source, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with pytest.raises(RecordError, match=r"Line 25 has no narrative.*Stopped") as caught:
        run(source(57, line25='{"id": "none"}'), target, fail_fast=True)
    assert caught.value.line == 25
    assert not target.exists()
    run(source(57), target, resume=False)
    assert len(read(target)) == 57


def test_report_that_ends_its_worker_fails_in_its_place(source: Source, tmp_path: Path) -> None:
    lines = {
        "line14": '{"id": "a", "narrative": "KILL"}',
        "line18": '{"id": "b", "narrative": "KILL"}',
    }
    target = tmp_path / "out.jsonl"
    result = run_batch(source(40, **lines), target, loader=fake_reader.load, workers=2)
    records = read(target)
    assert [record["id"] for record in records if "error" in record] == ["a", "b"]
    assert (result.summary.reports, result.summary.failed) == (40, 2)


def test_worker_killed_once_costs_no_report(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAKE_READER_KILLED", str(tmp_path / "killed"))
    lines = {"line14": '{"id": "a", "narrative": "KILL ONCE"}'}
    target = tmp_path / "out.jsonl"
    loader = fake_reader.load_killed_once
    result = run_batch(source(40, **lines), target, loader=loader, workers=2)
    assert (tmp_path / "killed").exists()
    assert (result.summary.reports, result.summary.failed) == (40, 0)


def failing_loader() -> fake_reader.FakeReader:
    raise InputError("The lexicons are gone; install again.")


@pytest.mark.parametrize("workers", [1, 2])
def test_reader_that_cannot_be_made_is_said(source: Source, tmp_path: Path, workers: int) -> None:
    sys.modules.setdefault("test_run", sys.modules[__name__])
    failing_loader.__module__ = "test_run"
    with pytest.raises(InputError, match="The lexicons are gone"):
        run(source(40), tmp_path / "out.jsonl", loader=failing_loader, workers=workers)


def test_output_that_exists_is_kept_unless_allowed(source: Source, tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_text("precious")
    with pytest.raises(OutputError, match="exists already"):
        run(source(5), target)
    assert target.read_text() == "precious"
    run(source(5), target, replace=True)
    assert len(read(target)) == 5


WRONG = {
    "no such ending": ("out.docx", "no output of a batch"),
    "no such folder": ("none/out.jsonl", "does not exist"),
    "the source": ("in.jsonl", "is the source itself"),
    "no NEMSIS document": ("out.xml", "enriched copy of a NEMSIS document"),
}


@pytest.mark.parametrize(("name", "said"), WRONG.values(), ids=WRONG.keys())
def test_impossible_outputs_are_refused(
    source: Source, tmp_path: Path, name: str, said: str
) -> None:
    with pytest.raises(OutputError, match=said):
        run(source(5), tmp_path / name)


SOURCES = {
    "an empty file": (b"", "is empty"),
    "blank lines": (b"\n\n \n", "blank lines only"),
    "a gzip archive": (b"\x1f\x8b\x08\x00", "unpack it first"),
}


@pytest.mark.parametrize(("data", "said"), SOURCES.values(), ids=SOURCES.keys())
def test_source_without_reports_leaves_nothing(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(data)
    with pytest.raises(InputError, match=said):
        run(file, tmp_path / "out.jsonl")
    assert os.listdir(tmp_path) == ["in.jsonl"]


def test_full_disk_is_said_and_the_run_goes_on_later(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, target = source(40), tmp_path / "out.jsonl"
    written = os.replace

    def full(old: str, new: str | Path) -> None:
        if str(new).endswith("00000002.jsonl"):
            raise OSError(28, "No space left on device")
        written(old, new)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OutputError, match="the disk is full; make room and start again"):
        run(file, target)
    assert not target.exists()
    monkeypatch.setattr(os, "replace", written)
    result = run_batch(file, target, loader=fake_reader.load)
    assert result.resumed == 2
    assert len(read(target)) == 40


def test_read_only_folder_is_said(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbid(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    file = source(5)
    monkeypatch.setattr(Path, "mkdir", forbid)
    with pytest.raises(OutputError, match="may not be written to"):
        run(file, tmp_path / "out.jsonl")


def test_two_runs_of_one_output_do_not_mix(source: Source, tmp_path: Path) -> None:
    pytest.importorskip("fcntl")
    target = tmp_path / "out.jsonl"
    with (
        Parts.of(target).begun({}, resume=True),
        pytest.raises(OutputError, match="in use by another run"),
    ):
        run(source(5), target)


def test_source_changed_while_it_is_read_is_said(source: Source, tmp_path: Path) -> None:
    file, target = source(40), tmp_path / "out.jsonl"

    def change(*_: object) -> None:
        os.utime(file, ns=(1, 1))

    with pytest.raises(InputError, match="was changed while it was read"):
        run(file, target, advance=change)
    assert not target.exists()


def test_lines_of_every_kind_come_as_from_the_plain_reader(
    source: Source, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "LINE_LIMIT", 2000)
    lines = {
        **BAD,
        "line3": "",
        "line11": "x" * 3000,
        "line20": json.dumps({"narrative": "a\u2028b"}, ensure_ascii=False),
    }
    file = source(40, **lines)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes() + '{"narrative": "38°"}'.encode("cp1252"))
    run(file, tmp_path / "out.jsonl")
    expected = [entry.id for entry in jsonl.read_jsonl(file, notify=lambda _: None)]
    assert [record["id"] for record in read(tmp_path / "out.jsonl")] == expected
    assert len(expected) == 40


def test_notices_of_workers_reach_the_caller_once(source: Source, tmp_path: Path) -> None:
    notices: list[str] = []
    lines = {f"line{n}": json.dumps({"narrative": "bed", "colour": 1}) for n in range(5, 35)}
    file = source(40, **lines)
    run_batch(file, tmp_path / "o.jsonl", loader=fake_reader.load, notify=notices.append)
    assert len(notices) == 1
    assert "`colour` is not a field" in notices[0]


def test_memory_does_not_grow_with_the_source(source: Source, tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    run(source(200), tmp_path / "small.jsonl")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    file = tmp_path / "large.jsonl"
    with file.open("w") as out:
        for number in range(20_000):
            out.write(json.dumps({"narrative": f"Pt in bed {number}. " * 100}) + "\n")
    run(file, tmp_path / "large_out.jsonl")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 15_000  # kilobytes; the source has 38,000
