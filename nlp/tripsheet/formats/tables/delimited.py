"""CSV and TSV in, row by row, in any of the usual encodings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tripsheet.errors import InputError, RecordError, TripsheetError
from tripsheet.formats.decoding import byte_order_mark, refuse_binary
from tripsheet.formats.entry import Entry, Failure, Notify, Once, warn
from tripsheet.formats.jsonl import decode_line, raw_lines, too_long
from tripsheet.formats.opening import opened
from tripsheet.formats.record import NARRATIVE_LIMIT, report_or_failure
from tripsheet.formats.tables.cells import record_of
from tripsheet.formats.tables.columns import Columns, settle_columns, unused

_FIELD_LIMIT = 2 * NARRATIVE_LIMIT


def read_delimited(
    path: Path | str,
    *,
    columns: Columns | None = None,
    strict: bool = False,
    notify: Notify = warn,
) -> Iterator[Entry]:
    """The reports of a CSV or TSV file in order; a row that cannot be read is a `Failure`.

    The first row names the columns. The delimiter (comma, semicolon, tab, bar) is told from it.
    Line ends inside a quoted narrative stay as they are. The default id is the line on which the
    row starts.

    Args:
        path: the file.
        columns: which column holds which field; default: guessed and told to `notify`.
        strict: a column that is not read is an error.
        notify: receives one sentence for each thing assumed.

    Raises:
        InputError: the file is missing, empty or not text, or no column holds the narrative.
    """
    path = Path(path)
    with opened(path) as stream:
        yield from _read(stream, str(path), columns, strict, Once(notify))


def delimited_headers(path: Path | str) -> list[str]:
    """The column names of a CSV or TSV file.

    Raises:
        InputError: as `read_delimited`.
    """
    path = Path(path)
    with opened(path) as stream:
        return _rows(stream, str(path), Once(lambda _: None))[0]


def _rows(
    stream: BinaryIO, name: str, notify: Once
) -> tuple[list[str], Iterator[tuple[int, list[str] | TripsheetError]]]:
    assert isinstance(stream, io.BufferedReader)
    head = stream.peek(4096)[:4096]
    if not head:
        raise InputError(f"{name} is empty; there is nothing to read.")
    refuse_binary(head, name)
    lines = _Lines(stream, head, name, notify)
    first = next(lines, "")
    while first and not first.strip():
        first = next(lines, "")
    delimiter = max(",;\t|", key=first.count)
    csv.field_size_limit(_FIELD_LIMIT)
    lines.push(first)
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        headers = [header.strip() for header in next(reader)]
    except (StopIteration, csv.Error):
        raise InputError(f"{name} has no row that names its columns.") from None
    return headers, _numbered(reader, lines, name)


def _read(
    stream: BinaryIO, name: str, columns: Columns | None, strict: bool, notify: Once
) -> Iterator[Entry]:
    headers, rows = _rows(stream, name, notify)
    settled = settle_columns(columns, headers, name)
    report_columns(settled, columns is None, headers, name, strict, notify)
    count = 0
    for line, row in rows:
        count += 1
        if isinstance(row, TripsheetError):
            yield Failure(str(line), row, line)
        elif len(row) > len(headers):
            error = RecordError(
                f"Line {line} has {len(row)} cells under {len(headers)} columns; put quotes "
                "around cells that hold the delimiter.",
                line=line,
            )
            yield Failure(str(line), error, line)
        else:
            record = record_of(dict(zip(headers, row, strict=False)), settled)
            yield report_or_failure(record, line=line, strict=strict, notify=notify)
    if not count:
        raise InputError(f"{name} has a row of column names and no report below it.")


def report_columns(
    columns: Columns, guessed: bool, headers: list[str], name: str, strict: bool, notify: Notify
) -> None:
    """Tell which columns are read, where they were guessed, and which are not.

    Raises:
        InputError: strict, and a column is not read.
    """
    if guessed:
        notify(f"{name}: read {columns.describe()}.")
    left = unused(columns, headers)
    if left and strict:
        raise InputError(
            f"{name}: no field of a report is read from {len(left)} of its columns; remove them, "
            "or read without the strict option."
        )
    if left:
        notify(f"{name}: {len(left)} other columns are passed over.")


class _Lines(Iterator[str]):
    """Physical lines as text, counted, each decoded for itself; a line too long ends the file."""

    def __init__(self, stream: BinaryIO, head: bytes, name: str, notify: Once) -> None:
        self.number = 0
        self.bad: dict[int, TripsheetError] = {}
        self._name = name
        self._notify = notify
        self._pushed: list[str] = []
        encoding, length = byte_order_mark(head) or ("utf-8", 0)
        stream.read(length)
        self._source: Iterator[str | bytes | None]
        if encoding == "utf-8":
            self._source = raw_lines(stream)
        else:
            self._source = io.TextIOWrapper(stream, encoding=encoding, newline="")

    def push(self, line: str) -> None:
        """Give a line back."""
        self._pushed.append(line)
        self.number -= 1

    def __next__(self) -> str:
        if self._pushed:
            self.number += 1
            return self._pushed.pop()
        try:
            data = next(self._source)
        except UnicodeDecodeError:
            self.number += 1
            self.bad[self.number] = InputError(
                f"{self._name} changes its encoding at line {self.number} and is read no further; "
                "export it again as UTF-8.",
                line=self.number,
            )
            self._source = iter(())
            return "\n"
        self.number += 1
        if data is None:
            self.bad[self.number] = too_long(self.number)
            return "-\n"
        if isinstance(data, str):
            return data
        text = decode_line(data, self.number, self._name, self._notify)
        if isinstance(text, TripsheetError):
            self.bad[self.number] = text
            return data.decode("latin-1")  # the row is a failure; its quotes must still pair
        return text


def _numbered(
    reader: Iterator[list[str]], lines: _Lines, name: str
) -> Iterator[tuple[int, list[str] | TripsheetError]]:
    while True:
        start = lines.number + 1
        try:
            row = next(reader)
        except StopIteration:
            yield from lines.bad.items()
            return
        except csv.Error:
            yield (
                start,
                RecordError(
                    f"The row that starts at line {start} has a cell of more than "
                    f"{_FIELD_LIMIT:,} characters, most likely a quote that never ends; {name} "
                    "is read no further.",
                    line=start,
                ),
            )
            return
        errors = [lines.bad.pop(line) for line in list(lines.bad) if line <= lines.number]
        if errors:
            yield start, errors[0]
        elif any(cell.strip() for cell in row):
            yield start, row
