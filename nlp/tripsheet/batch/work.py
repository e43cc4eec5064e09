"""The work on one chunk, the same under every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tripsheet.analysis import Analysis, error_record
from tripsheet.batch.chunks import Chunk, Item
from tripsheet.batch.parts import Part, Parts
from tripsheet.batch.reader import Analyzes, Loader
from tripsheet.batch.summary import Summary
from tripsheet.errors import TripsheetError
from tripsheet.formats.atomic import write_whole
from tripsheet.formats.entry import Failure, Once
from tripsheet.formats.jsonl import json_line
from tripsheet.formats.nemsis.chart import ChartedReport
from tripsheet.report import Report


@dataclass(frozen=True, slots=True)
class Work:
    """What a worker needs to know: how to make a reader, and where the parts go."""

    loader: Loader
    parts: Parts
    pages: bool = False

    def finished(self, number: int) -> Done | None:
        """A chunk that an earlier run, or a worker that died later, has done."""
        part = self.parts.done(number)
        return Done(part) if part else None


@dataclass(frozen=True, slots=True)
class Done:
    """A finished chunk, and the notices that reading it gave, by their keys."""

    part: Part
    notices: dict[str, str] = field(default_factory=dict)


class Noticed(Once):
    """Keeps notices for the one who asked for the work, instead of telling them."""

    def __init__(self) -> None:
        super().__init__(lambda _: None)
        self.messages: dict[str, str] = {}

    def __call__(self, message: str, key: str | None = None) -> None:
        """Keep the first message of each key."""
        if len(self.messages) < 50:
            self.messages.setdefault(message if key is None else key, message)


def work_on(
    chunk: Chunk,
    reader: Analyzes,
    work: Work,
    *,
    doomed: frozenset[int] = frozenset(),
    marker: Path | None = None,
) -> Done:
    """Read and code the reports of a chunk and write its part.

    Args:
        chunk: the reports.
        reader: reads one report.
        work: where the part goes.
        doomed: places in the chunk of reports that ended their worker; they fail unread.
        marker: a file that names the place being read, for finding such a report.

    Raises:
        OutputError: the part cannot be written.
        InputError: the chunk's file vanished.
    """
    notify = Noticed()
    summary = Summary()
    lines: list[bytes] = []
    for place, item in enumerate(chunk.items(notify)):
        if marker is not None:
            write_whole(marker, str(place).encode("ascii"), durable=False)
        ended = _ended(item) if place in doomed else None
        record, analysis = (ended, None) if ended is not None else _outline(item, reader)
        if analysis is None:
            summary.count_failed(record["error"]["type"])
        else:
            summary.count(analysis.determination)
            if work.pages:
                _write_page(analysis, work.parts.pages / page_name(chunk.number, place))
        lines.append(json_line(record))
    part = work.parts.write(chunk.number, b"".join(lines), summary)
    return Done(part, notify.messages)


def page_name(number: int, place: int) -> str:
    """The file name of a report's page, by its chunk and its place there."""
    return f"{number:08}-{place:03}.html"


def outlines(
    items: Iterable[Item], reader: Analyzes
) -> Iterator[tuple[dict[str, Any], Analysis | None]]:
    """Reports as output objects for `json_line`, failures in their places with no analysis."""
    for item in items:
        yield _outline(item, reader)


def _outline(item: Item, reader: Analyzes) -> tuple[dict[str, Any], Analysis | None]:
    if isinstance(item, Failure):
        return item.to_record(), None
    report = item if isinstance(item, Report) else item.report
    try:
        analysis = reader.analyze_report(report)
        record = analysis.outline()
        if isinstance(item, ChartedReport):
            from tripsheet.formats.nemsis.reconcile import reconcile

            record["reconciliation"] = reconcile(analysis.findings, item.chart).to_record()
    except TripsheetError as error:
        return error_record(report.id, error.kind, error.message, error.line), None
    except Exception as error:
        # Only the kind of the error is told: its message may quote the narrative.
        message = (
            f"The reader failed on this report ({type(error).__name__}); the others are not "
            "touched by it. Please report it with a made-up narrative that shows it."
        )
        return error_record(report.id, "error", message, None), None
    return record, analysis


def _ended(item: Item) -> dict[str, Any] | None:
    if isinstance(item, Failure):
        return None
    report = item if isinstance(item, Report) else item.report
    message = (
        "Reading this report ended its worker twice, most likely for want of memory; the others "
        "are not touched by it."
    )
    return error_record(report.id, "error", message, None)


def _write_page(analysis: Analysis, path: Path) -> None:
    from tripsheet.views import html

    write_whole(path, html.page(analysis).encode("utf-8", "replace"), durable=False)
