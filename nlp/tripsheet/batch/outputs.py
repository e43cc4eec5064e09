"""The finished parts as one output, in the format that its name tells."""

from __future__ import annotations

import html
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from tripsheet.batch.parts import Parts
from tripsheet.batch.work import page_name
from tripsheet.errors import OutputError
from tripsheet.formats.atomic import output_error, written_whole

Output = Literal["jsonl", "csv", "parquet", "excel", "html", "nemsis"]

_BY_ENDING: dict[str, Output] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".xlsx": "excel",
    ".xml": "nemsis",
    "": "html",
}


def output_of(target: Path) -> Output:
    """The format of an output by its ending; a name without one is a folder of pages.

    Raises:
        OutputError: the ending is of no known format.
    """
    output = _BY_ENDING.get(target.suffix.lower())
    if output is None:
        raise OutputError(
            f"{target} ends in {target.suffix}, which is no output of a batch; use .jsonl, .csv, "
            ".parquet, .xlsx, .xml (NEMSIS), or a name without ending for a folder of pages."
        )
    return output


def assemble(
    parts: Parts, sizes: list[int], target: Path, output: Output, source: Path, *, suggest: bool
) -> None:
    """Put the output together from all parts and set it in its place, whole.

    Args:
        parts: the finished parts.
        sizes: the number of output objects in each part, in order.
        target: where the output goes.
        output: its format.
        source: the source of the batch; a NEMSIS output is a copy of it.
        suggest: NEMSIS: fill an empty ePayment.50.

    Raises:
        OutputError: the output cannot be written; the parts stay for another try.
    """
    count = len(sizes)
    if output == "html":
        _write_index(parts, count, sizes)
        _place_folder(parts.pages, target)
        return
    if output == "nemsis":
        from tripsheet.formats.nemsis.enrich import enrich, enrichment

        found = (enrichment(record, suggest_level=suggest) for record in parts.records(count))
        enrich(source, target, found, beside=parts.folder)
        return
    with written_whole(target, beside=parts.folder) as stream:
        if output == "jsonl":
            parts.copy_lines(count, stream)
        else:
            _table_writer(output)(lambda: parts.records(count), stream)


def _table_writer(output: Output) -> Callable[..., None]:
    if output == "excel":
        from tripsheet.formats.tables.excel import write_excel

        return write_excel
    if output == "parquet":
        from tripsheet.formats.tables.parquet import write_parquet

        return _of_one_pass(write_parquet)
    from tripsheet.formats.tables.rows import write_csv

    return _of_one_pass(write_csv)


def _of_one_pass(write: Callable[..., None]) -> Callable[..., None]:
    def writer(records: Callable[[], Iterable[Mapping[str, Any]]], stream: Any) -> None:
        write(records(), stream)

    return writer


def require(output: Output) -> None:
    """Raise now, not after hours, where an output needs an extra that is not installed.

    Raises:
        MissingExtraError: it is not installed.
    """
    if output == "parquet":
        from tripsheet.formats.tables.parquet import arrow

        arrow()
    elif output == "excel":
        from tripsheet.formats.tables.excel import openpyxl

        openpyxl()


def _place_folder(pages: Path, target: Path) -> None:
    try:
        if target.is_dir():
            target.rmdir()  # only an empty one; others were refused or allowed before
        os.replace(pages, target)
    except OSError as error:
        raise output_error(target, error) from None


def remove_target(target: Path) -> None:
    """Remove a folder of pages that may be replaced.

    Raises:
        OutputError: it is not one of ours, or may not be removed.
    """
    if not target.is_dir():
        return
    entries = [entry.name for entry in target.iterdir()]
    if entries and "index.html" not in entries:
        raise OutputError(f"{target} is a folder with other files; name an empty or a new one.")
    try:
        shutil.rmtree(target)
    except OSError as error:
        raise output_error(target, error) from None


def _write_index(parts: Parts, count: int, sizes: list[int]) -> None:
    """A page that lists all reports in order, each with a link to its own."""
    from tripsheet.formats.tables.rows import flat_row

    columns = ("id", "hcpcs", "necessity", "claimed_hcpcs", "claim_verdict", "gap_count", "error")

    def rows() -> Iterator[str]:
        places = ((number, place) for number, size in enumerate(sizes) for place in range(size))
        for (number, place), record in zip(places, parts.records(count), strict=True):
            row = flat_row(record)
            cells = [html.escape("" if row[name] is None else str(row[name])) for name in columns]
            if "error" not in record:
                cells[0] = f'<a href="{page_name(number, place)}">{cells[0]}</a>'
            yield "<tr><td>" + "</td><td>".join(cells) + "</td></tr>\n"

    heads = "".join(f"<th>{name.replace('_', ' ')}</th>" for name in columns)
    with written_whole(parts.pages / "index.html", durable=False) as stream:
        stream.write(
            '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
            "<title>Reports</title><style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem}"
            "table{border-collapse:collapse}td,th{padding:.25rem .75rem;text-align:left;"
            "border-bottom:1px solid #ccc}</style></head><body><h1>Reports</h1>\n"
            f"<table><thead><tr>{heads}</tr></thead><tbody>\n".encode()
        )
        for row in rows():
            stream.write(row.encode("utf-8", "replace"))
        stream.write(b"</tbody></table></body></html>\n")
