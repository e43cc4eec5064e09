"""Any source by its name or by its first bytes."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tripsheet.errors import InputError
from tripsheet.formats.entry import Failure
from tripsheet.formats.source import kind_of, read_source, read_sources, read_stdin, table_headers
from tripsheet.report import Report

KINDS = {
    "a.txt": (b"", "text"),
    "a.JSONL": (b"", "jsonl"),
    "a.json": (b"", "jsonl"),
    "a.tsv": (b"", "csv"),
    "a.parquet": (b"", "parquet"),
    "a.xlsx": (b"", "excel"),
    "a.xml": (b"", "nemsis"),
    "report": (b"Pt in bed.", "text"),
    "lines": (b'\n{"narrative": "a"}', "jsonl"),
    "array": (b'\xef\xbb\xbf[{"narrative": "a"}]', "jsonl"),
    "document": (b"<?xml version='1.0'?>", "nemsis"),
    "columns": (b"PAR1", "parquet"),
}


@pytest.mark.parametrize(("name", "case"), KINDS.items(), ids=KINDS.keys())
def test_kind(tmp_path: Path, name: str, case: tuple[bytes, str]) -> None:
    data, kind = case
    (tmp_path / name).write_bytes(data)
    assert kind_of(tmp_path / name) == kind


def test_folder_is_its_text_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Pt in bed.")
    assert list(read_source(tmp_path)) == [Report(id="a", narrative="Pt in bed.")]


STDIN = {
    "one narrative": (b"Pt in bed.\n", [Report(narrative="Pt in bed.\n")]),
    "lines": (
        b'{"narrative": "a"}\n{"narrative": "b"}\n',
        [Report(narrative="a"), Report(id="2", narrative="b")],
    ),
    "a long narrative": (b"word " * 1000, [Report(narrative="word " * 1000)]),
}


@pytest.mark.parametrize(("data", "entries"), STDIN.values(), ids=STDIN.keys())
def test_standard_input(data: bytes, entries: list[Report]) -> None:
    assert list(read_stdin(stream=io.BytesIO(data))) == entries


def test_one_bad_source_of_several_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    missing = tmp_path / "none.txt"
    good, bad, last = read_sources([tmp_path / "a.txt", missing, tmp_path / "a.txt"])
    assert isinstance(good, Report)
    assert isinstance(last, Report)
    assert isinstance(bad, Failure)
    assert "does not exist" in bad.error.message
    with pytest.raises(InputError):
        list(read_sources([missing]))


def test_only_tables_have_columns(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    with pytest.raises(InputError, match="is no table"):
        table_headers(tmp_path / "a.txt")
    (tmp_path / "a.csv").write_text("id,narrative\n1,a\n")
    assert table_headers(tmp_path / "a.csv") == ["id", "narrative"]
