"""Text files in: every way a file can be wrong is one sentence, and the others are read."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest

from tripsheet.errors import InputError
from tripsheet.formats.entry import Failure
from tripsheet.formats.record import NARRATIVE_LIMIT
from tripsheet.formats.text import read_text, read_text_stream
from tripsheet.report import Report

TOLD = "Pt c/o CP. Fentanyl 50mcg SIVP.\r\nTransported to hospital.\n"

READ = {
    "UTF-8": TOLD.encode(),
    "UTF-8 with a mark": TOLD.encode("utf-8-sig"),
    "UTF-16 little-endian with a mark": b"\xff\xfe" + TOLD.encode("utf-16-le"),
    "UTF-16 big-endian with a mark": b"\xfe\xff" + TOLD.encode("utf-16-be"),
    "UTF-32 with a mark": b"\xff\xfe\x00\x00" + TOLD.encode("utf-32-le"),
}

REFUSED = {
    "an empty file": (b"", "is empty"),
    "spaces and line ends only": (b" \r\n\t\n", "narrative is empty"),
    "a PDF file": (b"%PDF-1.7\n...", "PDF file; extract its text"),
    "a gzip archive": (b"\x1f\x8b\x08\x00data", "gzip archive; unpack"),
    "a ZIP archive": (b"PK\x03\x04data", "ZIP archive"),
    "a program": (b"\x7fELF\x02\x01\x01\x00\x00\x00", "is not text"),
    "bytes of no encoding": (b"caf\xe9 \x81\x8d is here", "neither UTF-8"),
    "UTF-16 that breaks off": (b"\xff\xfe" + TOLD.encode("utf-16-le")[:-1], "breaks off"),
    "5 MB of text": (b"a word " * 750_000, "larger than any report"),
    "one character too many": (b"a" * (NARRATIVE_LIMIT + 1), "1,000,001 characters"),
}


@pytest.mark.parametrize("data", READ.values(), ids=READ.keys())
def test_text_is_read_as_it_came_in(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "call 17.txt"
    file.write_bytes(data)
    assert list(read_text(file)) == [Report(narrative=TOLD, id="call 17")]


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_text_that_cannot_be_read_is_one_sentence(tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "17.txt"
    file.write_bytes(data)
    [entry] = read_text(file)
    assert isinstance(entry, Failure)
    assert entry.id == "17"
    assert said in entry.error.message
    assert str(file) in entry.error.message
    assert entry.error.message.endswith(".")
    assert "\n" not in entry.error.message


def test_text_in_windows_1252_is_read_with_a_notice(tmp_path: Path) -> None:
    file = tmp_path / "17.txt"
    file.write_bytes("Pt’s temp 38°".encode("cp1252"))
    notices: list[str] = []
    [entry] = read_text(file, notify=notices.append)
    assert isinstance(entry, Report)
    assert entry.narrative == "Pt’s temp 38°"
    assert notices == [f"{file} is not UTF-8 and is read as Windows-1252."]


def test_text_at_the_limit_is_read(tmp_path: Path) -> None:
    file = tmp_path / "17.txt"
    file.write_bytes(b"a" * NARRATIVE_LIMIT)
    [entry] = read_text(file)
    assert isinstance(entry, Report)


def test_folder_is_read_in_order_and_past_a_bad_file(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "1.txt").write_text("first of b")
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "c.txt").write_bytes(b"\x00\x01")
    (tmp_path / "d.TXT").write_text("d")
    (tmp_path / "notes.md").write_text("no report")
    (tmp_path / ".hidden.txt").write_text("no report")
    entries = list(read_text(tmp_path))
    assert [entry.id for entry in entries] == ["a", "b/1", "c", "d.TXT"]
    assert [isinstance(entry, Failure) for entry in entries] == [False, False, True, False]


def test_folder_without_text_files_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no text file"):
        list(read_text(tmp_path))


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist; check the name"):
        list(read_text(tmp_path / "none.txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_file_without_permission_is_said(tmp_path: Path) -> None:
    file = tmp_path / "17.txt"
    file.write_text("a narrative")
    file.chmod(0)
    with pytest.raises(InputError, match="may not be read; check its permissions"):
        list(read_text(file))


def test_forbidden_file_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", forbid)
    with pytest.raises(InputError, match="may not be read; check its permissions"):
        list(read_text(tmp_path / "17.txt"))


def test_stream_is_one_report() -> None:
    assert list(read_text_stream(io.BytesIO(TOLD.encode()))) == [Report(narrative=TOLD, id="1")]
