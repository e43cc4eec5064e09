"""Parquet in and out; needs the extra `tables`."""

from __future__ import annotations

import json
import types
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path
from typing import Any, BinaryIO, Literal, Union, get_args, get_origin, get_type_hints

from tripsheet import findings as values
from tripsheet.determination import Diagnosis, Gap
from tripsheet.errors import InputError, MissingExtraError
from tripsheet.formats.entry import Entry, Failure, Notify, Once, warn
from tripsheet.formats.opening import input_error
from tripsheet.formats.record import report_or_failure
from tripsheet.formats.tables.cells import record_of
from tripsheet.formats.tables.columns import Columns, settle_columns
from tripsheet.formats.tables.delimited import report_columns
from tripsheet.formats.tables.rows import COLUMNS, flat_row

_READ_ROWS = 256
_ROWS_A_GROUP = 2000


def arrow() -> Any:
    """The module pyarrow with its Parquet part.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError(
            "Parquet files need pyarrow; install it with: pip install 'tripsheet[tables]'."
        ) from None
    return pyarrow


def read_parquet(
    path: Path | str,
    *,
    columns: Columns | None = None,
    strict: bool = False,
    notify: Notify = warn,
) -> Iterator[Entry]:
    """The reports of a Parquet file in order; the default id is the row's number.

    Damage in the middle is a `Failure` after the rows before it.

    Raises:
        InputError: the file is missing or no Parquet file, or no column holds the narrative.
        MissingExtraError: pyarrow is not installed.
    """
    path = Path(path)
    pa = arrow()
    notify = Once(notify)
    with _opened(path, pa) as file:
        headers = list(file.schema_arrow.names)
        settled = settle_columns(columns, headers, str(path))
        report_columns(settled, columns is None, headers, str(path), strict, notify)
        used = list(dict.fromkeys(settled.columns.values()))
        number = 0
        try:
            for batch in file.iter_batches(batch_size=_READ_ROWS, columns=used):
                for row in batch.to_pylist():
                    number += 1
                    record = record_of(row, settled)
                    yield report_or_failure(record, line=number, strict=strict, notify=notify)
        except (pa.ArrowException, OSError):
            damaged = InputError(f"{path} is damaged after row {number}; write it again.")
            yield Failure(str(number + 1), damaged, number + 1)
            return
    if not number:
        raise InputError(f"{path} has no rows; there is nothing to read.")


def parquet_headers(path: Path | str) -> list[str]:
    """The column names of a Parquet file."""
    with _opened(Path(path), arrow()) as file:
        return list(file.schema_arrow.names)


def _opened(path: Path, pa: Any) -> Any:
    try:
        return pa.parquet.ParquetFile(path, memory_map=False)
    except OSError as error:
        if isinstance(error, (FileNotFoundError, PermissionError, IsADirectoryError)):
            raise input_error(path, error) from None
        raise InputError(f"{path} is damaged or no Parquet file; write it again.") from None
    except pa.ArrowException:
        raise InputError(f"{path} is damaged or no Parquet file; write it again.") from None


def write_parquet(records: Iterable[Mapping[str, Any]], stream: BinaryIO) -> None:
    """Write output objects as Parquet: the flat columns, the findings nested, the coding as JSON.

    The same records give the same bytes under the same pyarrow.

    Raises:
        MissingExtraError: pyarrow is not installed.
    """
    pa = arrow()
    schema = _schema()
    with pa.parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        rows: list[dict[str, Any]] = []
        for record in records:
            rows.append(_row(record))
            if len(rows) == _ROWS_A_GROUP:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
        if rows:
            writer.write_table(pa.Table.from_pylist(rows, schema))


_NESTED: dict[str, Any] = {
    "medications": tuple[values.Medication, ...],
    "interventions": tuple[values.Intervention, ...],
    "conditions": tuple[values.Condition, ...],
    "vitals": tuple[values.Vital, ...],
    "statements": tuple[values.Statement, ...],
}


@cache
def _schema() -> Any:
    pa = arrow()
    kinds = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
    columns = [
        pa.field(f"{name}_text" if name in _NESTED else name, kinds[kind])
        for name, kind in COLUMNS.items()
    ]
    columns += [pa.field(name, _arrow_type(hint, pa)) for name, hint in _NESTED.items()]
    columns += [
        pa.field("gap_details", _arrow_type(tuple[Gap, ...], pa)),
        pa.field("diagnosis_details", _arrow_type(tuple[Diagnosis, ...], pa)),
        pa.field("mobility", pa.string()),
        pa.field("transport", pa.string()),
        pa.field("coding", pa.string()),
    ]
    return pa.schema(columns, metadata={"schema": "tripsheet/1"})


def _row(record: Mapping[str, Any]) -> dict[str, Any]:
    flat = flat_row(record)
    row: dict[str, Any] = {
        f"{name}_text" if name in _NESTED else name: value for name, value in flat.items()
    }
    found = record.get("findings")
    if found is None:
        return row
    for name in _NESTED:
        row[name] = found[name]
    row["gap_details"] = record["gaps"]
    row["diagnosis_details"] = record["coding"]["diagnoses"]
    for name, value in (
        ("mobility", found["mobility"]),
        ("transport", found["transport"]),
        ("coding", record["coding"]),  # its explanation is a tree, which Parquet has no type for
    ):
        row[name] = json.dumps(value, ensure_ascii=False)
    return row


def _arrow_type(hint: Any, pa: Any) -> Any:
    """The Arrow type of a field of a dataclass of ours."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        kinds = [arg for arg in args if arg is not type(None)]
        if len(kinds) == 1:
            return _arrow_type(kinds[0], pa)
        if all(is_dataclass(kind) for kind in kinds):  # evidence: a span or a field of the record
            merged = {n: t for kind in kinds for n, t in _members(kind, pa).items()}
            return pa.struct(list(merged.items()))
        return pa.string()  # several closed lists of names
    if origin is tuple:
        return pa.list_(_arrow_type(args[0], pa))
    if origin is Literal:
        return pa.string()
    if is_dataclass(hint):
        return pa.struct(list(_members(hint, pa).items()))
    return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[hint]


def _members(kind: Any, pa: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {field.name: _arrow_type(hints[field.name], pa) for field in fields(kind)}
