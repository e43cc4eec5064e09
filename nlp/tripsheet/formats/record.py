"""A mapping (a JSON object, a row of a table) as a `Report`, with every field checked."""

from __future__ import annotations

import datetime as dt
import math
import re
import types
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tripsheet.errors import RecordError
from tripsheet.formats.entry import Failure, Notify, Once, warn
from tripsheet.report import Report

NARRATIVE_LIMIT = 1_000_000
"""Characters. The longest real narratives stay under 20,000; more is a wrong file."""

_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SHOWABLE_NAME = re.compile(r"[\w .:/-]{1,40}")
_LEAST = {"loaded_miles": 0, "patients": 1, "round_trips_last_10_days": 0}


def _kinds() -> dict[str, tuple[type, tuple[str, ...]]]:
    """Each field of `Report` with its plain type and, for a closed list, its values."""
    kinds: dict[str, tuple[type, tuple[str, ...]]] = {}
    hints = get_type_hints(Report)
    for field in fields(Report):
        hint = hints[field.name]
        if get_origin(hint) in (Union, types.UnionType):
            hint = next(part for part in get_args(hint) if part is not type(None))
        if get_origin(hint) is Literal:
            kinds[field.name] = (str, get_args(hint))
        else:
            kinds[field.name] = (hint, ())
    return kinds


FIELDS = _kinds()
"""The fields that a record may have: name, plain Python type, allowed values where closed."""

_EXPECTED = {
    str: "text",
    bool: "true or false",
    int: "a whole number",
    float: "a number",
    dt.date: "a date as YYYY-MM-DD",
}


def report_from_mapping(
    mapping: Mapping[str, Any],
    *,
    line: int | None,
    strict: bool = False,
    notify: Notify = warn,
) -> Report:
    """The report that a mapping describes.

    Types are exact: a number in quotes is not a number. An absent field and a null are the
    same. A whole number is accepted as `id`. Line ends and spaces of the narrative stay as they
    are, since evidence is counted in its characters.

    Args:
        mapping: field names as in `Report`; only `narrative` is required.
        line: the line or row it comes from, counted from 1; the default id.
        strict: an unknown field is an error instead of a notice.
        notify: receives one sentence for each unknown field.

    Raises:
        RecordError: no or an empty narrative, a wrong type, a value outside a closed list; the
            error names the field and the line, never the value.
    """
    where = "The record" if line is None else f"Line {line}"
    values: dict[str, Any] = {}
    for name, value in mapping.items():
        if name not in FIELDS:
            message = f"{where}: {shown(name)} is not a field of a report"
            if strict:
                raise RecordError(
                    f"{message}; remove it, or read without the strict option.",
                    line=line,
                    field=str(name),
                )
            text = f"{message} and is passed over; `tripsheet schema` lists the fields."
            if isinstance(notify, Once):
                notify(text, key=f"unknown field {name}")
            else:
                notify(text)
        elif value is not None:
            values[name] = _checked(name, value, where, line)
    if "narrative" not in values:
        raise RecordError(
            f"{where} has no narrative; every record needs the field `narrative` with its text.",
            line=line,
            field="narrative",
        )
    values.setdefault("id", "1" if line is None else str(line))
    return Report(**values)


def report_or_failure(
    mapping: Any, *, line: int | None, strict: bool = False, notify: Notify = warn
) -> Report | Failure:
    """As `report_from_mapping`, with the error as a value; takes anything a parser returns."""
    number = "1" if line is None else str(line)
    if not isinstance(mapping, Mapping):
        where = "The record" if line is None else f"Line {line}"
        error = RecordError(
            f"{where} is not a JSON object; write one object with the field `narrative` a line.",
            line=line,
        )
        return Failure(number, error, line)
    try:
        return report_from_mapping(mapping, line=line, strict=strict, notify=notify)
    except RecordError as error:
        own = mapping.get("id")
        usable = isinstance(own, (str, int)) and not isinstance(own, bool) and str(own).strip()
        id = str(own) if usable and not _LONE_SURROGATE.search(str(own)) else number
        return Failure(id, error, line)


def checked_narrative(text: str, where: str, line: int | None = None) -> str:
    """The narrative itself, unchanged, if it can be read.

    Raises:
        RecordError: nothing but spaces, longer than `NARRATIVE_LIMIT` characters, or half of a
            surrogate pair in it.
    """
    if not text or text.isspace():
        raise RecordError(
            f"{where}: the narrative is empty; there is nothing to read.",
            line=line,
            field="narrative",
        )
    if len(text) > NARRATIVE_LIMIT:
        raise RecordError(
            f"{where}: the narrative has {len(text):,} characters, and one report may have "
            f"{NARRATIVE_LIMIT:,}; split a file that holds many reports into one record each.",
            line=line,
            field="narrative",
        )
    if _LONE_SURROGATE.search(text):
        raise RecordError(
            f"{where}: the narrative holds half of a character (a lone surrogate escape); "
            "export it again as UTF-8.",
            line=line,
            field="narrative",
        )
    return text


def shown(name: object) -> str:
    """A field's name for a message; a name that may be free text is not shown."""
    text = str(name)
    return f"`{text}`" if _SHOWABLE_NAME.fullmatch(text) else "a name too long or odd to show"


def _checked(name: str, value: Any, where: str, line: int | None) -> Any:
    kind, allowed = FIELDS[name]
    if name == "id" and type(value) is int:
        value = str(value)
    elif kind is float and type(value) is int:
        value = float(value)
    elif kind is dt.date:
        value = _date(value)
    if type(value) is not kind:
        raise RecordError(f"{where}: `{name}` must be {_EXPECTED[kind]}.", line=line, field=name)
    if name == "narrative":
        return checked_narrative(str(value), where, line)
    problem = _problem(name, value, allowed)
    if problem:
        raise RecordError(f"{where}: `{name}` {problem}.", line=line, field=name)
    return value


def _problem(name: str, value: Any, allowed: tuple[str, ...]) -> str | None:
    if allowed and value not in allowed:
        return f"must be one of {', '.join(allowed)}"
    if isinstance(value, str):
        if _LONE_SURROGATE.search(value):
            return "holds half of a character (a lone surrogate escape)"
        if name == "id" and not value.strip():
            return "is empty; leave it out to have the line's number instead"
        if name == "state" and not re.fullmatch(r"[A-Z]{2}", value):
            return "must be a two-letter postal code in capitals"
    if isinstance(value, float) and not math.isfinite(value):
        return "must be a finite number"
    least = _LEAST.get(name)
    if least is not None and value < least:
        return f"must be {least} or more"
    return None


def _date(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value
