"""Any source by its name: which reader reads it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Literal

from tripsheet.errors import InputError, TripsheetError
from tripsheet.formats.entry import Entry, Failure, Notify, warn
from tripsheet.formats.jsonl import read_jsonl, read_jsonl_stream
from tripsheet.formats.opening import opened
from tripsheet.formats.tables.columns import Columns
from tripsheet.formats.text import read_text, read_text_stream

Kind = Literal["text", "folder", "jsonl", "csv", "parquet", "excel", "nemsis"]

_BY_ENDING: dict[str, Kind] = {
    ".txt": "text",
    ".text": "text",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "excel",
    ".xlsm": "excel",
    ".xml": "nemsis",
}


def kind_of(path: Path) -> Kind:
    """What kind of source a path is: by its ending, else by its first bytes.

    Raises:
        InputError: it is missing or may not be read.
    """
    if path.is_dir():
        return "folder"
    kind = _BY_ENDING.get(path.suffix.lower())
    if kind:
        return kind
    with opened(path) as stream:
        head = stream.read(512)
    if head.startswith(b"PAR1"):
        return "parquet"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith((b"{", b"[")):
        return "jsonl"
    return "nemsis" if start.startswith((b"<?xml", b"<EMSDataSet")) else "text"


def read_source(
    path: Path | str,
    *,
    columns: Columns | None = None,
    strict: bool = False,
    notify: Notify = warn,
) -> Iterator[Entry]:
    """The reports of any source that this package reads, in order.

    A path that is `-` is standard input: JSONL where it starts with a brace or a bracket, else one
    narrative. A folder is its text files.

    Args:
        path: a file, a folder or `-`.
        columns: for tables, which column holds which field; default: guessed.
        strict: unknown fields and columns are errors.
        notify: receives one sentence for each thing assumed.

    Raises:
        InputError: the source as a whole cannot be read.
        MissingExtraError: the format needs an extra that is not installed.
    """
    if str(path) == "-":
        return read_stdin(strict=strict, notify=notify)
    path = Path(path)
    kind = kind_of(path)
    if kind in ("text", "folder"):
        return read_text(path, notify=notify)
    if kind == "jsonl":
        return read_jsonl(path, strict=strict, notify=notify)
    if kind == "nemsis":
        from tripsheet.formats.nemsis.read import read_nemsis, reports

        return reports(read_nemsis(path, notify=notify))
    return table_reader(kind)(path, columns=columns, strict=strict, notify=notify)


def read_sources(
    paths: list[Path],
    *,
    columns: Columns | None = None,
    strict: bool = False,
    notify: Notify = warn,
) -> Iterator[Entry]:
    """The reports of several sources one after the other; one that cannot be read is a failure."""
    for path in paths:
        try:
            yield from read_source(path, columns=columns, strict=strict, notify=notify)
        except TripsheetError as error:
            if len(paths) == 1:
                raise
            yield Failure(str(path), error, error.line)


def read_stdin(
    *, strict: bool = False, notify: Notify = warn, stream: BinaryIO | None = None
) -> Iterator[Entry]:
    """The reports on standard input."""
    stream = stream or sys.stdin.buffer
    head = stream.read(512)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    rest = _Headed(head, stream)
    if start.startswith((b"{", b"[")):
        return read_jsonl_stream(rest, strict=strict, notify=notify)
    return read_text_stream(rest, notify=notify)


def table_reader(kind: Kind) -> Callable[..., Iterator[Entry]]:
    """The reader of a kind of table; imported when asked, since it may need an extra."""
    if kind == "parquet":
        from tripsheet.formats.tables.parquet import read_parquet

        return read_parquet
    if kind == "excel":
        from tripsheet.formats.tables.excel import read_excel

        return read_excel
    from tripsheet.formats.tables.delimited import read_delimited

    return read_delimited


def table_headers(path: Path) -> list[str]:
    """The column names of a table.

    Raises:
        InputError: it is no table, or cannot be read.
    """
    kind = kind_of(path)
    if kind == "parquet":
        from tripsheet.formats.tables.parquet import parquet_headers

        return parquet_headers(path)
    if kind == "excel":
        from tripsheet.formats.tables.excel import excel_headers

        return excel_headers(path)
    if kind == "csv":
        from tripsheet.formats.tables.delimited import delimited_headers

        return delimited_headers(path)
    raise InputError(f"{os.fspath(path)} is no table; columns are for CSV, Parquet and Excel.")


class _Headed(BytesIO):
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        super().__init__(head)
        self._rest = stream

    def read(self, size: int | None = -1, /) -> bytes:
        data = super().read(size)
        if size is None or size < 0:
            return data + self._rest.read()
        return data + self._rest.read(size - len(data)) if len(data) < size else data
