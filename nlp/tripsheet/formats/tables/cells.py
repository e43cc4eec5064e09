"""A row of a table as a record: cells as the types that a report's fields have."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from typing import Any

from tripsheet.formats.record import FIELDS
from tripsheet.formats.tables.columns import Columns

_TRUE = frozenset({"true", "yes", "y", "1", "t", "x"})
_FALSE = frozenset({"false", "no", "n", "0", "f"})
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ][\d:.]+(?:Z|[+-]\d{2}:?\d{2})?)?")


def record_of(row: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    """The fields of a report that a row holds; empty cells are left out.

    Text becomes the field's type where it plainly is one ("8.4", "yes", "1/31/2026"); what does
    not fit is left as it is, for the record's own check to name. The narrative is never changed.
    """
    record: dict[str, Any] = {}
    for name, column in columns.columns.items():
        value = row.get(column)
        words = columns.values.get(name)
        if words and isinstance(value, str) and value.strip() in words:
            value = words[value.strip()]
        if isinstance(value, float) and math.isnan(value):
            value = None  # how some tables write an empty cell
        elif name != "narrative":
            value = _typed(name, value)
        if value is not None:
            record[name] = value
    return record


def _typed(name: str, value: Any) -> Any:
    kind, allowed = FIELDS[name]
    if isinstance(value, str):
        text = value.strip()
        if not text or text.casefold() in ("nan", "null", "none", "n/a"):
            return None
        return _from_text(kind, allowed, name, text)
    if isinstance(value, float) and value.is_integer() and kind in (int, str):
        # A column with empty cells turns whole numbers into floats.
        value = int(value)
    if kind is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind is bool and value in (0, 1):
        return bool(value)
    return value


def _from_text(kind: type, allowed: tuple[str, ...], name: str, text: str) -> Any:
    if allowed:
        folded = re.sub(r"[\s-]+", "_", text)
        return next((value for value in allowed if value.casefold() == folded.casefold()), text)
    if kind is bool:
        folded = text.casefold()
        return True if folded in _TRUE else False if folded in _FALSE else text
    if kind in (int, float):
        try:
            return kind(text.replace(",", ""))
        except ValueError:
            return text
    if kind is dt.date:
        return _date(text)
    return text.upper() if name == "state" else text


def _date(text: str) -> str:
    """ISO for ISO dates and date-times and for the month-first dates of the United States."""
    iso = _ISO_DATE.fullmatch(text)
    if iso:
        return iso[1]
    month_first = _US_DATE.fullmatch(text.split(" ")[0])
    if month_first:
        month, day, year = month_first.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return text
