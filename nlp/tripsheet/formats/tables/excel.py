"""Excel in, and the worklist out; needs the extra `tables`."""

from __future__ import annotations

import datetime as dt
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from tripsheet.errors import InputError, MissingExtraError, OutputError
from tripsheet.formats.entry import Entry, Failure, Notify, Once, warn
from tripsheet.formats.opening import input_error
from tripsheet.formats.record import report_or_failure
from tripsheet.formats.tables.cells import record_of
from tripsheet.formats.tables.columns import Columns, settle_columns
from tripsheet.formats.tables.delimited import report_columns
from tripsheet.formats.tables.rows import COLUMNS, flat_row

CELL_LIMIT = 32_767
"""Characters that Excel keeps in a cell."""
ROW_LIMIT = 1_048_575
"""Rows that a sheet holds below its header."""
_LINK_ROWS = 30_000
"""Rows of a sheet with links: Excel keeps at most 65,530 links a sheet, and a row has two."""
_UNPACKED_LIMIT = 2 * 1024**3
_RATIO_LIMIT = 200
_DAY = (1980, 1, 1, 0, 0, 0)


def openpyxl() -> Any:
    """The module openpyxl.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import openpyxl as module
    except ImportError:
        raise MissingExtraError(
            "Excel files need openpyxl; install it with: pip install 'tripsheet[tables]'."
        ) from None
    return module


def read_excel(
    path: Path | str,
    *,
    columns: Columns | None = None,
    strict: bool = False,
    notify: Notify = warn,
) -> Iterator[Entry]:
    """The reports on the first sheet of a workbook; the default id is the row's number.

    Damage in the middle is a `Failure` after the rows before it.

    Raises:
        InputError: the file is missing, no workbook, or a bomb; no column holds the narrative.
        MissingExtraError: openpyxl is not installed.
    """
    path = Path(path)
    notify = Once(notify)
    with _rows(path) as rows:
        headers = rows.headers
        settled = settle_columns(columns, headers, str(path))
        report_columns(settled, columns is None, headers, str(path), strict, notify)
        count = 0
        for number, row in rows:
            count += 1
            if isinstance(row, InputError):
                yield Failure(str(number), row, number)
                break
            record = record_of(dict(zip(headers, row, strict=False)), settled)
            told = record.get("narrative")
            if isinstance(told, str) and len(told) >= CELL_LIMIT:
                notify(
                    f"{path}: the narrative in row {number} fills its cell and may be cut by "
                    "Excel; export as CSV for the whole text."
                )
            yield report_or_failure(record, line=number, strict=strict, notify=notify)
    if not count:
        raise InputError(f"{path} has a row of column names and no report below it.")


def excel_headers(path: Path | str) -> list[str]:
    """The column names of the first sheet."""
    with _rows(Path(path)) as rows:
        return rows.headers


class _Rows:
    """The first sheet of a workbook row by row, below its first row that is not empty."""

    def __init__(self, book: Any, path: Path) -> None:
        self._book = book
        self._path = path
        self._cells: Iterator[tuple[Any, ...]] = book.worksheets[0].iter_rows(values_only=True)
        self._number = 0
        first = next(iter(self), (0, ()))[1]
        if isinstance(first, InputError):
            raise first
        self.headers = [str(cell or "").strip() for cell in first]
        if not self.headers:
            raise InputError(f"{path} has an empty first sheet; there is nothing to read.")

    def __enter__(self) -> _Rows:
        return self

    def __exit__(self, *_: object) -> None:
        self._book.close()

    def __iter__(self) -> Iterator[tuple[int, tuple[Any, ...] | InputError]]:
        while True:
            try:
                row = next(self._cells, None)
            except Exception:
                # The parser underneath raises whatever a damaged part makes it stumble on.
                damaged = f"{self._path} is damaged after row {self._number}; save it again."
                if not self._number:
                    raise InputError(damaged) from None
                yield self._number + 1, InputError(damaged)
                return
            if row is None:
                return
            self._number += 1
            if any(cell is not None and str(cell).strip() for cell in row):
                yield self._number, row


def _rows(path: Path) -> _Rows:
    module = openpyxl()
    try:
        _refuse_bomb(path)
        book = module.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except OSError as error:
        raise input_error(path, error) from None
    except (zipfile.BadZipFile, KeyError, ValueError, module.utils.exceptions.InvalidFileException):
        raise InputError(
            f"{path} is damaged or no Excel workbook (.xlsx); save it again as one."
        ) from None
    return _Rows(book, path)


def _refuse_bomb(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        packed = sum(part.compress_size for part in archive.infolist())
        unpacked = sum(part.file_size for part in archive.infolist())
    if unpacked > _UNPACKED_LIMIT or unpacked > _RATIO_LIMIT * max(packed, 4096):
        raise InputError(
            f"{path} unpacks to {unpacked / 2**20:,.0f} MB, {unpacked // max(packed, 1)} times its "
            "size; it is not opened. Export it as CSV."
        )


_WIDTHS = {"id": 18, "gaps": 40, "medications": 40, "interventions": 40, "review": 50, "error": 50}
_GAP_COLUMNS = ("id", "gap", "about", "message", "ask", "citation")


def write_excel(
    records: Callable[[], Iterable[Mapping[str, Any]]],
    stream: BinaryIO,
    *,
    page: Callable[[int, Mapping[str, Any]], str | None] | None = None,
) -> None:
    """Write the worklist: a sheet of reports with filters, and a sheet of gaps.

    A report's number of gaps links to its first gap and each gap back to its report; the id links
    to the report's page where there is one. The same records give the same bytes.

    Args:
        records: gives the output objects anew each time it is called.
        stream: where the workbook goes.
        page: the page of a report (its place, its record) relative to the workbook.

    Raises:
        OutputError: more reports or gaps than a sheet holds.
        MissingExtraError: openpyxl is not installed.
    """
    module = openpyxl()
    book = module.Workbook(write_only=True)
    book.properties.created = dt.datetime(*_DAY)
    reports, gaps = book.create_sheet("Reports"), book.create_sheet("Gaps")
    header = module.styles.Font(bold=True)
    linked = module.styles.Font(color="0000FF", underline="single")

    def cell(sheet: Any, value: Any, font: Any = None) -> Any:
        if isinstance(value, str):
            value = _cell_text(value)
        made = module.cell.WriteOnlyCell(sheet, value)
        if isinstance(value, str):
            made.data_type = "s"  # text that begins with = is text, no formula
        if font:
            made.font = font
        return made

    def link(made: Any, row: int, column: int, target: str) -> None:
        if row > _LINK_ROWS:
            return
        made.row, made.column = row, column
        made.hyperlink = target.removeprefix("#")
        if target.startswith("#"):
            made.hyperlink.location, made.hyperlink.target = target[1:], None
        made.font = linked

    count = 0
    gap_rows = sum(len(record.get("gaps", ())) for record in records())
    for index, name in enumerate(COLUMNS, 1):
        letter = module.utils.get_column_letter(index)
        reports.column_dimensions[letter].width = _WIDTHS.get(name, 14)
    for index, width in enumerate((18, 28, 20, 60, 70, 40), 1):
        gaps.column_dimensions[module.utils.get_column_letter(index)].width = width
    for sheet in (reports, gaps):
        sheet.freeze_panes = "B2"
    reports.append([cell(reports, name, header) for name in COLUMNS])
    gaps.append([cell(gaps, name, header) for name in _GAP_COLUMNS])
    if gap_rows > ROW_LIMIT:
        raise OutputError(f"There are {gap_rows:,} gaps and a sheet holds {ROW_LIMIT:,}; use CSV.")
    gap_row = 1
    for record in records():
        count += 1
        if count > ROW_LIMIT:
            raise OutputError(
                f"There are more reports than a sheet holds ({ROW_LIMIT:,}); use CSV."
            )
        found = record.get("gaps", ())
        cells = {name: cell(reports, value) for name, value in flat_row(record).items()}
        if found:
            column = list(COLUMNS).index("gap_count") + 1
            link(cells["gap_count"], count + 1, column, f"#Gaps!A{gap_row + 1}")
        target = page(count - 1, record) if page else None
        if target:
            link(cells["id"], count + 1, 1, target)
        reports.append(list(cells.values()))
        for gap in found:
            gap_row += 1
            id = cell(gaps, record["id"])
            link(id, gap_row, 1, f"#Reports!A{count + 1}")
            rest = (gap["id"], gap.get("about"), gap["message"], gap["ask"], gap["citation"])
            gaps.append([id, *(cell(gaps, value) for value in rest)])
    last = module.utils.get_column_letter(len(COLUMNS))
    reports.auto_filter.ref = f"A1:{last}{count + 1}"
    gaps.auto_filter.ref = f"A1:F{gap_row}"
    with tempfile.TemporaryFile() as whole:
        book.save(whole)
        _repack(whole, stream)


def _cell_text(value: str) -> str:
    value = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", " ", value)
    return value if len(value) <= CELL_LIMIT else value[: CELL_LIMIT - 1] + "…"


def _repack(source: Any, target: BinaryIO) -> None:
    """Copy a workbook without the time of day that its writer puts in it."""
    with (
        zipfile.ZipFile(source) as parts,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for part in parts.infolist():
            named = zipfile.ZipInfo(part.filename, _DAY)
            named.compress_type = zipfile.ZIP_DEFLATED
            if part.filename == "docProps/core.xml":
                text = parts.read(part).decode("utf-8")
                text = re.sub(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", "1980-01-01T00:00:00Z", text)
                packed.writestr(named, text)
                continue
            with parts.open(part) as reading, packed.open(named, "w") as writing:
                while data := reading.read(1 << 20):
                    writing.write(data)
