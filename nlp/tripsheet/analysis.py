"""Analysis: one report read and coded, and its plain record for output."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import msgspec

from tripsheet.findings import Evidence, Findings
from tripsheet.report import Report

if TYPE_CHECKING:
    from tripsheet.determination import Determination

SCHEMA = "tripsheet/1"


@dataclass(frozen=True, slots=True)
class Analysis:
    """A report with what was found in it and what that supports."""

    report: Report
    findings: Findings
    determination: Determination

    @property
    def id(self) -> str:
        return self.report.id

    def to_record(self) -> dict[str, Any]:
        """The output object of this report, as plain values (see `tripsheet schema`)."""
        return {name: plain(value) for name, value in self.outline().items()}

    def outline(self) -> dict[str, Any]:
        """The output object with its parts as they are, ready for `json_bytes`."""
        found, coding = self.findings, _parts(self.determination)
        gaps = coding.pop("gaps")
        rules = coding.pop("rules")
        return {
            "schema": SCHEMA,
            "id": self.id,
            "rules": rules,
            "findings": {
                **_parts(found),
                "mobility": {
                    **_parts(found.mobility),
                    "bed_confined": found.mobility.bed_confined,
                },
            },
            "coding": coding,
            "gaps": gaps,
        }

    def to_json(self) -> str:
        """The output object as one line of JSON; the same input gives the same bytes."""
        return json_bytes(self.outline()).decode("utf-8", "surrogatepass")


def error_record(id: str, kind: str, message: str, line: int | None) -> dict[str, Any]:
    """The output object that stands in the place of an input that could not be read."""
    return {
        "schema": SCHEMA,
        "id": id,
        "error": {"type": kind, "message": message, "line": line},
    }


_ENCODER = msgspec.json.Encoder()
_SCALARS = frozenset({str, int, float, bool, type(None)})
_FIELDS: dict[type, tuple[str, ...]] = {}


def plain(value: Any) -> Any:
    """A value of this package as plain dicts, lists and scalars, ready for JSON."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is tuple:
        return [item if type(item) in _SCALARS else plain(item) for item in value]
    if kind not in _FIELDS:
        if isinstance(value, (str, int, float)):
            return value
        if isinstance(value, (tuple, list)):
            return [plain(item) for item in value]
        if isinstance(value, Mapping):
            return {key: plain(item) for key, item in value.items()}
    return {
        name: item if type(item) in _SCALARS else plain(item)
        for name, item in _parts(value).items()
    }


def _parts(value: Any) -> dict[str, Any]:
    """The fields of a dataclass with their values, in their order."""
    kind = type(value)
    names = _FIELDS.get(kind)
    if names is None:
        names = _FIELDS[kind] = tuple(field.name for field in fields(kind))
    return {name: getattr(value, name) for name in names}


def json_bytes(record: Mapping[str, Any]) -> bytes:
    """An output object as JSON on one line, in UTF-8; the same bytes for the same object."""
    try:
        return _ENCODER.encode(record)
    except UnicodeEncodeError:
        # half of a surrogate pair, which a damaged narrative may hold
        text = json.dumps(plain(record), ensure_ascii=False, separators=(",", ":"))
        return text.encode("utf-8", "surrogatepass")


__all__ = ["SCHEMA", "Analysis", "Evidence", "error_record", "json_bytes", "plain"]
