"""Results to a stream of bytes in one of the output formats, one at a time where that can be."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import BinaryIO

from rich.console import Console

from tripsheet.analysis import Analysis
from tripsheet.formats import Failure
from tripsheet.formats.jsonl import json_line

Result = Analysis | Failure
"""A report's analysis, or the failure that stands in its place."""


def write_results(
    results: Iterable[Result], format: str, stream: BinaryIO, *, brief: bool = False
) -> int:
    """Write all results; the number of failures among them.

    Args:
        results: analyses and failures in the order of the input.
        format: `terminal`, `json`, `jsonl` or `html`.
        stream: where the bytes go, as UTF-8.
        brief: for `terminal`, one line a report instead of a page each.
    """
    counter = _Counted(results)
    if format == "jsonl":
        for result in counter:
            record = result.to_record() if isinstance(result, Failure) else result.outline()
            stream.write(json_line(record))
    elif format == "json":
        _write_json(counter, stream)
    elif format == "html":
        from tripsheet.views import html

        for piece in html.report(counter):
            stream.write(piece.encode("utf-8"))
    else:
        _write_terminal(counter, stream, brief)
    return counter.failures


class _Counted:
    """Passes results on and counts the failures on their way."""

    def __init__(self, results: Iterable[Result]) -> None:
        self._results = results
        self.failures = 0

    def __iter__(self) -> Iterator[Result]:
        for result in self._results:
            self.failures += isinstance(result, Failure)
            yield result


def _write_json(results: Iterable[Result], stream: BinaryIO) -> None:
    """One result as an object, several as an array; indented for people."""
    texts = (
        json.dumps(result.to_record(), ensure_ascii=False, indent=2).encode(
            "utf-8", "surrogatepass"
        )
        for result in results
    )
    first = next(texts, b"[]")
    second = next(texts, None)
    if second is None:
        stream.write(first + b"\n")
        return
    stream.write(b"[" + first + b",\n" + second)
    for text in texts:
        stream.write(b",\n" + text)
    stream.write(b"]\n")


def _write_terminal(results: Iterable[Result], stream: BinaryIO, brief: bool) -> None:
    from tripsheet.views import terminal

    with _console(stream) as console:
        console.width = min(console.width, terminal.WIDEST)
        if brief:
            console.print(terminal.overview(list(results)))
            return
        for result in results:
            if isinstance(result, Failure):
                console.print(terminal.failure(result))
            else:
                console.print(terminal.page(result))


@contextmanager
def _console(stream: BinaryIO) -> Iterator[Console]:
    """A console on standard output as it is, or on any other stream as plain UTF-8 text."""
    if stream is getattr(sys.stdout, "buffer", None):
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(errors="replace")
        yield Console(highlight=False)
        return
    text = io.TextIOWrapper(stream, encoding="utf-8", write_through=True)
    try:
        yield Console(file=text, highlight=False, width=80, color_system=None)
    finally:
        text.detach()
