"""Files appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from tripsheet.errors import OutputError
from tripsheet.formats.atomic import write_whole, written_whole


def test_file_appears_whole(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    with written_whole(target) as stream:
        stream.write(b"part")
        assert not target.exists()
    assert target.read_bytes() == b"part"
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_interrupted_writing_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"old")

    def interrupted() -> None:
        with written_whole(target) as stream:
            stream.write(b"new")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["out.jsonl"]


def test_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="the disk is full"):
        write_whole(tmp_path / "out.jsonl", b"data")
    assert os.listdir(tmp_path) == []


def test_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="does not exist"):
        write_whole(tmp_path / "none" / "out.jsonl", b"")


def test_read_only_folder_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("tripsheet.formats.atomic.tempfile.mkstemp", forbid)
    with pytest.raises(OutputError, match="may not be written to"):
        write_whole(tmp_path / "out.jsonl", b"")


def test_existing_file_is_kept_where_asked(tmp_path: Path) -> None:
    target = tmp_path / "out.jsonl"
    target.write_bytes(b"old")
    with pytest.raises(OutputError, match="exists already"), written_whole(target, replace=False):
        pass
    assert target.read_bytes() == b"old"
