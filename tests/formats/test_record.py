"""One record: types are exact, messages name the field and never the value."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

import pytest

from tripsheet.errors import RecordError
from tripsheet.formats.record import FIELDS, report_from_mapping
from tripsheet.report import Report

ACCEPTED: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"id": 17}, {"id": "17"}),
    ({"loaded_miles": 8}, {"loaded_miles": 8.0}),
    ({"loaded_miles": 0}, {"loaded_miles": 0.0}),
    ({"date_of_service": "2026-01-31"}, {"date_of_service": dt.date(2026, 1, 31)}),
    ({"date_of_service": dt.datetime(2026, 1, 31, 9)}, {"date_of_service": dt.date(2026, 1, 31)}),
    ({"origin": "S", "destination": "H"}, {"origin": "S", "destination": "H"}),
    ({"pcs_on_file": False}, {"pcs_on_file": False}),
    ({"transport": None}, {"transport": None}),
    ({"patients": 2}, {"patients": 2}),
    ({"state": "PA"}, {"state": "PA"}),
]

REFUSED: list[tuple[str, Any, str]] = [
    ("narrative", 3, "must be text"),
    ("id", 1.5, "must be text"),
    ("id", True, "must be text"),
    ("id", " ", "is empty"),
    ("transport", "boat", "must be one of ground, rotary_wing, fixed_wing"),
    ("response", 911, "must be text"),
    ("crew_level", "Paramedic", "must be one of emt"),
    ("origin", "Z", "must be one of D, E"),
    ("loaded_miles", "8.4", "must be a number"),
    ("loaded_miles", True, "must be a number"),
    ("loaded_miles", -1, "must be 0 or more"),
    ("loaded_miles", float("nan"), "finite"),
    ("date_of_service", "01/31/2026", "must be a date as YYYY-MM-DD"),
    ("date_of_service", "2026-02-30", "must be a date as YYYY-MM-DD"),
    ("date_of_service", 20260131, "must be a date as YYYY-MM-DD"),
    ("pcs_on_file", "yes", "must be true or false"),
    ("pcs_on_file", 1, "must be true or false"),
    ("patients", 0, "must be 1 or more"),
    ("patients", 1.0, "must be a whole number"),
    ("state", "Penn", "two-letter"),
    ("dispatch_complaint", ["fall"], "must be text"),
]


def test_every_field_of_a_report_is_checked() -> None:
    assert list(FIELDS) == [field.name for field in fields(Report)]


@pytest.mark.parametrize(("given", "kept"), ACCEPTED, ids=repr)
def test_right_values_are_taken(given: dict[str, Any], kept: dict[str, Any]) -> None:
    expected = Report(**{"narrative": "a", "id": "3", **kept})
    assert report_from_mapping({"narrative": "a", **given}, line=3) == expected


@pytest.mark.parametrize(("field", "value", "said"), REFUSED)
def test_wrong_values_name_the_field(field: str, value: Any, said: str) -> None:
    with pytest.raises(RecordError, match=said) as caught:
        report_from_mapping({"narrative": "a", field: value}, line=3)
    assert (caught.value.field, caught.value.line) == (field, 3)
    assert caught.value.message.startswith("Line 3")
    if isinstance(value, str) and value.strip():
        assert value not in caught.value.message


def test_field_name_that_may_be_free_text_is_not_shown() -> None:
    name = "Pt found supine, c/o chest pain, given aspirin by daughter"
    notices: list[str] = []
    report_from_mapping({"narrative": "a", name: 1}, line=1, notify=notices.append)
    assert "aspirin" not in notices[0]
