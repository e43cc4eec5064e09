"""Analysis: one report read and coded, and its plain record for output."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

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
        found, decided = self.findings, self.determination
        mobility = {
            name: plain(getattr(found.mobility, name)) for name in ("get_up", "ambulate", "sit")
        }
        coding = plain(decided)
        gaps = coding.pop("gaps")
        rules = coding.pop("rules")
        return {
            "schema": SCHEMA,
            "id": self.id,
            "rules": rules,
            "findings": {
                "medications": plain(found.medications),
                "interventions": plain(found.interventions),
                "conditions": plain(found.conditions),
                "mobility": {**mobility, "bed_confined": found.mobility.bed_confined},
                "vitals": plain(found.vitals),
                "transport": plain(found.transport),
                "statements": plain(found.statements),
            },
            "coding": coding,
            "gaps": gaps,
        }

    def to_json(self) -> str:
        """The output object as one line of JSON; the same input gives the same bytes."""
        return json.dumps(self.to_record(), ensure_ascii=False, separators=(", ", ": "))


def error_record(id: str, kind: str, message: str, line: int | None) -> dict[str, Any]:
    """The output object that stands in the place of an input that could not be read."""
    return {
        "schema": SCHEMA,
        "id": id,
        "error": {"type": kind, "message": message, "line": line},
    }


_SCALARS = frozenset({str, int, float, bool, type(None)})
_FIELDS: dict[type, tuple[str, ...]] = {}


def plain(value: Any) -> Any:
    """A value of this package as plain dicts, lists and scalars, ready for JSON."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is tuple:
        return [item if type(item) in _SCALARS else plain(item) for item in value]
    names = _FIELDS.get(kind)
    if names is None:
        if isinstance(value, (str, int, float)):
            return value
        if isinstance(value, (tuple, list)):
            return [plain(item) for item in value]
        if hasattr(value, "items"):
            return {key: plain(item) for key, item in value.items()}
        names = _FIELDS[kind] = tuple(field.name for field in fields(kind))
    return {
        name: item if type(item := getattr(value, name)) in _SCALARS else plain(item)
        for name in names
    }


__all__ = ["SCHEMA", "Analysis", "Evidence", "error_record", "plain"]
