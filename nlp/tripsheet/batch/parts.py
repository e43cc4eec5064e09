"""The work folder of a batch: finished parts beside the output, until all are there.

A part is one chunk's output objects as JSONL and, written after it, a small note of their
summary, size and checksum; a chunk with a note is done. Both appear whole or not at all, so a run
may be killed at any moment. The note that names the source and the settings keeps a resumed run
from mixing two.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from tripsheet.batch.summary import Summary
from tripsheet.errors import InputError, OutputError
from tripsheet.formats.atomic import output_error, write_whole
from tripsheet.formats.opening import input_error, opened
from tripsheet.formats.text import text_files
from tripsheet.resources import LEXICONS, MODELS

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_PARTS_A_FOLDER = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """A finished chunk."""

    number: int
    path: Path
    summary: Summary
    size: int


@dataclass(frozen=True, slots=True)
class Parts:
    """The folder with the finished parts of one batch."""

    folder: Path

    @classmethod
    def of(cls, target: Path) -> Parts:
        """The work folder that belongs to an output."""
        return cls(target.parent / f".{target.name}.parts")

    @property
    def pages(self) -> Path:
        """Where the pages of an HTML output are gathered."""
        return self.folder / "pages"

    def path(self, number: int) -> Path:
        """The file of a part."""
        return self.folder / f"{number // _PARTS_A_FOLDER:04}" / f"{number:08}.jsonl"

    def write(self, number: int, lines: bytes, summary: Summary) -> Part:
        """Write a part and then its note.

        Raises:
            OutputError: the disk is full, or the folder may not be written to.
        """
        path = self.path(number)
        path.parent.mkdir(exist_ok=True)
        write_whole(path, lines, durable=False)
        note = {
            "size": len(lines),
            "checksum": zlib.crc32(lines),
            "summary": summary.to_record(),
        }
        write_whole(path.with_suffix(".json"), json.dumps(note).encode("ascii"), durable=False)
        return Part(number, path, summary, len(lines))

    def done(self, number: int) -> Part | None:
        """A part that is there whole, or None."""
        path = self.path(number)
        try:
            note = json.loads(path.with_suffix(".json").read_bytes())
            checksum = 0
            size = 0
            with path.open("rb") as stream:
                while data := stream.read(1 << 20):
                    checksum = zlib.crc32(data, checksum)
                    size += len(data)
        except (OSError, ValueError):
            return None
        if (size, checksum) != (note["size"], note["checksum"]):
            return None
        return Part(number, path, Summary.from_record(note["summary"]), size)

    def copy_lines(self, count: int, stream: BinaryIO) -> None:
        """All parts in order, as one JSONL file."""
        for number in range(count):
            with opened(self.path(number)) as part:
                shutil.copyfileobj(part, stream, 1 << 20)

    def records(self, count: int) -> Iterator[dict[str, Any]]:
        """The output objects of all parts in order."""
        for number in range(count):
            with opened(self.path(number)) as part:
                for line in part:
                    yield json.loads(line)

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextmanager
    def begun(self, settings: dict[str, Any], *, resume: bool) -> Iterator[bool]:
        """The folder ready and locked; whether it holds an earlier run of the same settings.

        Raises:
            InputError: an earlier run had another source or other settings.
            OutputError: the folder cannot be made, or another run works in it.
        """
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)  # it holds words of narratives
            lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT)
        except OSError as error:
            raise output_error(self.folder, error) from None
        try:
            self._lock(lock)
            yield self._prepare(settings, resume)
        finally:
            with suppress(OSError):
                os.close(lock)

    def _lock(self, lock: int) -> None:
        if fcntl is None:
            return
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise OutputError(
                f"{self.folder} is in use by another run; wait for it, or name another output."
            ) from None

    def _prepare(self, settings: dict[str, Any], resume: bool) -> bool:
        note = self.folder / "settings.json"
        mine = json.dumps(settings, sort_keys=True).encode("ascii")
        try:
            earlier = note.read_bytes()
        except OSError:
            earlier = None
        if earlier is not None and resume:
            if earlier == mine:
                return True
            raise InputError(
                f"{self.folder} holds an unfinished run of another source, other settings or "
                "another version; finish that run, or start afresh with --no-resume."
            )
        for entry in self.folder.iterdir():
            if entry.name != "lock":
                shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        write_whole(note, mine)
        return False


def fingerprint(source: Path) -> dict[str, Any]:
    """What tells a source from another or from itself changed: names, sizes, times, ends.

    Raises:
        InputError: it cannot be read.
    """
    if str(source) == "-":
        return {"name": "-"}
    try:
        if source.is_dir():
            sum_of = hashlib.sha256()
            for path in text_files(source):
                told = path.stat()
                sum_of.update(
                    f"{path}\0{told.st_size}\0{told.st_mtime_ns}\0".encode("utf-8", "replace")
                )
            return {"name": str(source.resolve()), "files": sum_of.hexdigest()}
        told = source.stat()
    except OSError as error:
        raise input_error(source, error) from None
    with opened(source) as stream:
        ends = hashlib.sha256(stream.read(1 << 20))
        stream.seek(max(0, told.st_size - (1 << 20)))
        ends.update(stream.read())
    return {
        "name": str(source.resolve()),
        "size": told.st_size,
        "changed": told.st_mtime_ns,
        "ends": ends.hexdigest(),
    }


def knowledge() -> str:
    """A checksum of the lexicons and models, which decide the output as the source does."""
    sum_of = hashlib.sha256()
    for folder in (LEXICONS, MODELS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                sum_of.update(path.relative_to(folder).as_posix().encode() + b"\0")
                sum_of.update(path.read_bytes())
    return sum_of.hexdigest()
