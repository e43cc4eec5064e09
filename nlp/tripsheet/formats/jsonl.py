"""JSON Lines in and out: one object a line; a file that is one JSON array or object also reads."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from tripsheet.analysis import json_bytes
from tripsheet.errors import InputError, RecordError, TripsheetError
from tripsheet.formats.decoding import byte_order_mark, decode, decode_unmarked, refuse_binary
from tripsheet.formats.entry import Entry, Failure, Notify, Once, warn
from tripsheet.formats.opening import opened
from tripsheet.formats.record import report_or_failure

LINE_LIMIT = 16 * 1024 * 1024
"""Bytes. A narrative at its limit, every character escaped, stays below."""
WHOLE_LIMIT = 256 * 1024 * 1024
"""Bytes of a JSON array, which cannot be read line by line."""


def read_jsonl(path: Path | str, *, strict: bool = False, notify: Notify = warn) -> Iterator[Entry]:
    """The reports of a JSONL file in order; a line that cannot be read is a `Failure`.

    Blank lines are passed over and counted. The default id is the line's number (in an array,
    the element's). Memory holds one line at a time.

    Raises:
        InputError: the file is missing, empty, not text, or an array over `WHOLE_LIMIT`.
    """
    path = Path(path)
    with opened(path) as stream:
        yield from read_jsonl_stream(stream, name=str(path), strict=strict, notify=notify)


def read_jsonl_stream(
    stream: BinaryIO,
    *,
    name: str = "Standard input",
    strict: bool = False,
    notify: Notify = warn,
) -> Iterator[Entry]:
    """As `read_jsonl`, from an open stream of bytes, which need not be seekable."""
    notify = Once(notify)
    buffered = stream if isinstance(stream, io.BufferedReader) else _Peekable(stream)
    head = buffered.peek(4096)[:4096]
    if not head:
        raise InputError(f"{name} is empty; there is nothing to read.")
    refuse_binary(head, name)
    shape = whole_document(head)
    if shape:
        yield from _read_whole(buffered, name, strict, notify)
        return
    entries = 0
    for number, line in _lines(buffered, head, name, notify):
        if isinstance(line, TripsheetError):
            yield Failure(str(number), line, number)
        elif line.strip():
            yield entry_from_line(line, number, strict=strict, notify=notify)
        else:
            continue
        entries += 1
    if not entries:
        raise InputError(f"{name} holds blank lines only; there is nothing to read.")


def entry_from_line(
    line: str, number: int, *, strict: bool = False, notify: Notify = warn
) -> Entry:
    """The report or failure in one line of JSONL."""
    line = line.rstrip("\r\n")  # else a line that breaks off would break on the next one
    try:
        value = json.loads(line, object_pairs_hook=_unique, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        return Failure(str(number), _not_json(line, number, error), number)
    except (RecursionError, ValueError) as error:
        reason = error.args[0] if isinstance(error, _RefusedError) else "holds a value beyond JSON"
        failed = RecordError(f"Line {number} {reason}; correct the export.", line=number)
        return Failure(str(number), failed, number)
    return report_or_failure(value, line=number, strict=strict, notify=notify)


def decode_line(data: bytes, number: int, name: str, notify: Notify) -> str | TripsheetError:
    """One line of an unmarked file as text; a line in no known encoding is the error."""

    def note(message: str) -> None:
        if isinstance(notify, Once):
            notify(message, key="windows-1252")
        else:
            notify(message)

    try:
        return decode_unmarked(data, f"Line {number} of {name}", note)
    except InputError as error:
        return InputError(error.message, line=number)


def write_jsonl(records: Iterable[Mapping[str, Any]], stream: BinaryIO) -> int:
    """Write one object a line as UTF-8; the number of lines written."""
    count = 0
    for record in records:
        stream.write(json_line(record))
        count += 1
    return count


def json_line(record: Mapping[str, Any]) -> bytes:
    """A record as one line of JSON, the same bytes for the same record."""
    return json_bytes(record) + b"\n"


def whole_document(head: bytes) -> bool:
    """Whether the file is one JSON document over several lines: an array, or a spread object."""
    encoding, length = byte_order_mark(head) or ("latin-1", 0)
    text = head[length:].decode(encoding, "ignore").lstrip()
    if text.startswith("["):
        return True
    first = text.split("\n", 1)
    return len(first) == 2 and first[0].strip() == "{"


def _read_whole(stream: BinaryIO, name: str, strict: bool, notify: Notify) -> Iterator[Entry]:
    data = stream.read(WHOLE_LIMIT + 1)
    if len(data) > WHOLE_LIMIT:
        raise InputError(
            f"{name} is one JSON document of more than {WHOLE_LIMIT // 2**20} MB; write one "
            "object a line (JSONL), which is read without holding all of it."
        )
    try:
        value = json.loads(
            decode(data, name, notify),
            object_pairs_hook=_unique,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        raise InputError(
            f"{name} is not complete JSON: it breaks at line {error.lineno}, column "
            f"{error.colno}; export it again, best as one object a line."
        ) from None
    except (RecursionError, ValueError) as error:
        reason = error.args[0] if isinstance(error, _RefusedError) else "holds a value beyond JSON"
        raise InputError(f"{name} {reason}; correct the export.") from None
    elements = value if isinstance(value, list) else [value]
    if not elements:
        raise InputError(f"{name} is an empty array; there is nothing to read.")
    for number, element in enumerate(elements, 1):
        yield report_or_failure(element, line=number, strict=strict, notify=notify)


def _lines(
    stream: BinaryIO, head: bytes, name: str, notify: Notify
) -> Iterator[tuple[int, str | TripsheetError]]:
    marked = byte_order_mark(head)
    if marked:
        encoding, length = marked
        stream.read(length)
        if encoding != "utf-8":
            yield from _wide_lines(stream, encoding, name)
            return
    for number, data in enumerate(raw_lines(stream), 1):
        if data is None:
            yield number, too_long(number)
        else:
            yield number, decode_line(data, number, name, notify)


def raw_lines(stream: BinaryIO) -> Iterator[bytes | None]:
    """The lines of a stream, ended by LF alone; None for one over `LINE_LIMIT`."""
    while data := stream.readline(LINE_LIMIT + 1):
        if len(data) <= LINE_LIMIT:
            yield data
            continue
        while data and not data.endswith(b"\n"):
            data = stream.readline(LINE_LIMIT)
        yield None


def too_long(number: int) -> RecordError:
    """The error of a line over `LINE_LIMIT`."""
    return RecordError(
        f"Line {number} is longer than {LINE_LIMIT // 2**20} MB, more than any report needs; "
        "write one object a line.",
        line=number,
    )


def _wide_lines(
    stream: BinaryIO, encoding: str, name: str
) -> Iterator[tuple[int, str | TripsheetError]]:
    text = io.TextIOWrapper(stream, encoding=encoding, newline="\n")
    number = 0
    try:
        while line := text.readline(LINE_LIMIT + 1):
            number += 1
            if len(line) <= LINE_LIMIT:
                yield number, line
                continue
            while line and not line.endswith("\n"):
                line = text.readline(LINE_LIMIT)
            yield number, too_long(number)
    except UnicodeDecodeError:
        number += 1
        yield (
            number,
            InputError(
                f"{name} is not {encoding.upper()} from line {number} on, and is read no "
                "further; export it again as UTF-8.",
                line=number,
            ),
        )


class _RefusedError(ValueError):
    """JSON that parses and that we do not take."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _RefusedError("names a field twice")
    return found


def _refuse_constant(_: str) -> Any:
    raise _RefusedError("holds NaN or Infinity, which is no JSON")


def _not_json(line: str, number: int, error: json.JSONDecodeError) -> RecordError:
    ended = error.pos >= len(line.rstrip()) or error.msg.startswith("Unterminated string")
    what = "breaks off before its object ends" if ended else f"is not JSON at column {error.colno}"
    return RecordError(f"Line {number} {what}; write one whole JSON object a line.", line=number)


class _Peekable(io.BufferedReader):
    """`peek` for a stream that has none, such as `io.BytesIO` or a pipe wrapped by others."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(_Raw(stream))


class _Raw(io.RawIOBase):
    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
