"""The same reading for engines that hand over tables: Spark's mapInPandas, Ray Data's map_batches.

Each worker process makes its reader once and keeps it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from typing import Any

from tripsheet.batch.reader import Analyzes, Loader, load_reader
from tripsheet.batch.work import Noticed, outlines
from tripsheet.formats.jsonl import json_line
from tripsheet.formats.record import report_or_failure
from tripsheet.formats.tables.cells import record_of
from tripsheet.formats.tables.columns import Columns, settle_columns

SCHEMA = "id string, hcpcs string, necessity string, record string"
"""The columns of the result, as Spark writes a schema."""


@cache
def _reader(loader: Loader) -> Analyzes:
    return loader()


def analyze_rows(
    rows: Iterable[dict[str, Any]], columns: Columns, loader: Loader = load_reader
) -> Iterator[dict[str, Any]]:
    """The rows of a table as rows of results, in order.

    Args:
        rows: one report each, by column.
        columns: which column holds which field.
        loader: makes the reader; called once a process.

    Yields:
        `id`, `hcpcs` and `necessity` (None for a report that could not be read), and `record`,
        the whole output object as JSON.
    """
    notify = Noticed()
    # A partition knows no row numbers of the whole table, so the id should be a column.
    entries = (report_or_failure(record_of(row, columns), line=None, notify=notify) for row in rows)
    for record, analysis in outlines(entries, _reader(loader)):
        coding = analysis.determination if analysis else None
        yield {
            "id": record["id"],
            "hcpcs": coding.hcpcs if coding else None,
            "necessity": coding.necessity.verdict if coding else None,
            "record": json_line(record).decode("utf-8", "replace").rstrip("\n"),
        }


def analyze_frames(
    frames: Iterable[Any], columns: Columns | None = None, loader: Loader = load_reader
) -> Iterator[Any]:
    """Pandas frames of reports as frames of results: the function for `DataFrame.mapInPandas`.

    Args:
        frames: pandas DataFrames; `columns` names theirs, default: guessed from each.
        columns: which column holds which field.
        loader: makes the reader; called once a process.

    Raises:
        InputError: no column holds the narrative.
    """
    pandas: Any = import_module("pandas")  # no types of its own

    for frame in frames:
        headers = [str(name) for name in frame.columns]
        settled = settle_columns(columns, headers, "The table")
        rows = frame.to_dict("records")
        names = [column.split()[0] for column in SCHEMA.split(", ")]
        yield pandas.DataFrame(
            list(analyze_rows(rows, settled, loader)), columns=names, dtype=object
        )


def analyze_frame(frame: Any, columns: Columns | None = None, loader: Loader = load_reader) -> Any:
    """One pandas frame of reports: the function for `Dataset.map_batches` in pandas format."""
    return next(analyze_frames([frame], columns, loader))
