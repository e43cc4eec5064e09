"""A source cut into chunks: the same chunks for the same source, whoever works on them.

A chunk of a JSONL file or of a folder only names its part of the source, and the worker reads it
there. Other sources are gone through once, and their chunks carry the reports.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tripsheet.errors import InputError, TripsheetError
from tripsheet.formats.decoding import byte_order_mark, refuse_binary
from tripsheet.formats.entry import Entry, Failure, Once
from tripsheet.formats.jsonl import (
    decode_line,
    entry_from_line,
    raw_lines,
    too_long,
    whole_document,
)
from tripsheet.formats.nemsis.chart import ChartedReport
from tripsheet.formats.nemsis.read import RawRecord, raw_records, read_raw
from tripsheet.formats.opening import opened
from tripsheet.formats.source import kind_of, read_source
from tripsheet.formats.tables.columns import Columns
from tripsheet.formats.text import read_folder_file, text_files
from tripsheet.report import Report

REPORTS_A_CHUNK = 200
BYTES_A_CHUNK = 4 * 1024 * 1024

Item = Entry | ChartedReport


@dataclass(frozen=True, slots=True)
class LinesChunk:
    """Some lines of a JSONL file, by their bytes."""

    number: int
    path: Path
    start: int
    stop: int
    first_line: int
    strict: bool

    def items(self, notify: Once) -> Iterator[Item]:
        """The reports of the chunk, read from the file."""
        with opened(self.path) as stream:
            stream.seek(self.start)
            at = self.start
            for line, data in enumerate(raw_lines(stream), self.first_line):
                if data is None:
                    yield Failure(str(line), too_long(line), line)
                else:
                    text = decode_line(data, line, str(self.path), notify)
                    if isinstance(text, TripsheetError):
                        yield Failure(str(line), text, line)
                    elif text.strip():
                        yield entry_from_line(text, line, strict=self.strict, notify=notify)
                at = stream.tell()
                if at >= self.stop:
                    return


@dataclass(frozen=True, slots=True)
class FilesChunk:
    """Some text files of a folder."""

    number: int
    folder: Path
    files: tuple[Path, ...]

    def items(self, notify: Once) -> Iterator[Item]:
        """The reports of the chunk, read from their files."""
        for path in self.files:
            yield read_folder_file(path, self.folder, notify)


@dataclass(frozen=True, slots=True)
class CarriedChunk:
    """Reports that were read already."""

    number: int
    carried: tuple[Item | RawRecord, ...]

    def items(self, notify: Once) -> Iterator[Item]:
        """The reports of the chunk."""
        for item in self.carried:
            yield read_raw(item, notify) if isinstance(item, RawRecord) else item


Chunk = LinesChunk | FilesChunk | CarriedChunk


@dataclass(frozen=True, slots=True)
class Plan:
    """The chunks of a source and, where it is known beforehand, how much there is.

    `total` counts bytes of a file read by its lines, or files of a folder; None elsewhere.
    """

    chunks: Iterator[Chunk]
    total: int | None = None


def plan(source: Path, *, columns: Columns | None, strict: bool, notify: Once) -> Plan:
    """Cut a source into chunks, lazily.

    Raises:
        InputError: the source as a whole cannot be read; some sources tell so only on the way.
        MissingExtraError: the format needs an extra that is not installed.
    """
    if str(source) != "-":
        kind = kind_of(source)
        if kind == "folder":
            files = text_files(source)
            if not files:
                raise InputError(
                    f"{source} holds no text file; narratives are read from files that end in .txt."
                )
            return Plan(_file_chunks(source, files), len(files))
        if kind == "jsonl":
            with opened(source) as stream:
                head = stream.read(4096)
            if not head:
                raise InputError(f"{source} is empty; there is nothing to read.")
            refuse_binary(head, str(source))
            encoding, skip = byte_order_mark(head) or ("utf-8", 0)
            if encoding == "utf-8" and not whole_document(head):
                return Plan(_line_chunks(source, skip, strict), source.stat().st_size)
        if kind == "nemsis":
            return Plan(_carried(raw_records(source)))
    entries = read_source(source, columns=columns, strict=strict, notify=notify)
    return Plan(_carried(entries))


def _file_chunks(folder: Path, files: list[Path]) -> Iterator[Chunk]:
    for number, start in enumerate(range(0, len(files), REPORTS_A_CHUNK)):
        yield FilesChunk(number, folder, tuple(files[start : start + REPORTS_A_CHUNK]))


def _carried(items: Iterator[Item | RawRecord]) -> Iterator[Chunk]:
    taken: list[Item | RawRecord] = []
    number = size = 0
    for item in items:
        taken.append(item)
        size += _length(item)
        if len(taken) >= REPORTS_A_CHUNK or size >= BYTES_A_CHUNK:
            yield CarriedChunk(number, tuple(taken))
            number, size, taken = number + 1, 0, []
    if taken:
        yield CarriedChunk(number, tuple(taken))


def _length(item: Item | RawRecord) -> int:
    if isinstance(item, RawRecord):
        return len(item.xml)
    if isinstance(item, Failure):
        return 0
    return len(item.narrative if isinstance(item, Report) else item.report.narrative)


def _line_chunks(path: Path, skip: int, strict: bool) -> Iterator[Chunk]:
    number = line = lines = 0
    with opened(path) as stream:
        stream.seek(skip)
        start, first, told = skip, 1, False
        for data in raw_lines(stream):
            line += 1
            lines += 1
            told = told or data is None or not data.isspace()
            at = stream.tell()
            if lines >= REPORTS_A_CHUNK or at - start >= BYTES_A_CHUNK:
                yield LinesChunk(number, path, start, at, first, strict)
                number, start, first, lines = number + 1, at, line + 1, 0
        if lines:
            yield LinesChunk(number, path, start, at, first, strict)
    if not told:
        raise InputError(f"{path} holds blank lines only; there is nothing to read.")
