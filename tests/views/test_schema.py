"""The JSON Schema says what really goes in and comes out."""

from __future__ import annotations

import copy
import datetime as dt
import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tripsheet.analysis import Analysis, error_record
from tripsheet.errors import RecordError
from tripsheet.formats import report_from_mapping
from tripsheet.report import Report
from tripsheet.views.schema import input_schema, output_schema, schema_page

ROOT = Path(__file__).parents[2]


def closed(schema: Any) -> Any:
    """The schema with no room for fields it does not name."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    if "properties" in made:
        made["additionalProperties"] = False
    return made


def objects(schema: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    found = list(schema.get("$defs", {}).items())
    return [*found, ("Report", schema)] if "properties" in schema else found


@pytest.mark.parametrize("make", [input_schema, output_schema])
def test_the_schema_is_a_schema(make: Any) -> None:
    jsonschema.Draft202012Validator.check_schema(make())


@pytest.mark.parametrize("make", [input_schema, output_schema])
def test_every_field_has_a_description(make: Any) -> None:
    for name, definition in objects(make()):
        for field, schema in definition["properties"].items():
            assert schema.get("description"), f"{name}.{field}: add it to views/descriptions.py"


def test_a_real_record_fits_with_no_field_unnamed(analysis: Analysis) -> None:
    record = json.loads(analysis.to_json())
    jsonschema.validate(record, closed(output_schema()))


def test_an_error_in_the_place_of_a_record_fits() -> None:
    record = error_record("3", "record", "Line 3 is not JSON.", 3)
    jsonschema.validate(record, closed(output_schema()))


def drop_field(record: Any) -> None:
    del record["coding"]["necessity"]


def unknown_level(record: Any) -> None:
    record["coding"]["hcpcs"] = "A0435"


def text_offset(record: Any) -> None:
    record["findings"]["medications"][0]["evidence"][0]["start"] = "0"


@pytest.mark.parametrize("spoil", [drop_field, unknown_level, text_offset])
def test_a_spoilt_record_does_not_fit(analysis: Analysis, spoil: Any) -> None:
    record = copy.deepcopy(json.loads(analysis.to_json()))
    spoil(record)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(record, output_schema())


INPUTS = [
    {"narrative": "Pt transported."},
    {"narrative": "Pt transported.", "id": 17, "loaded_miles": 8, "origin": None},
    {"narrative": "Pt transported.", "date_of_service": "2026-02-11", "pcs_on_file": True},
    {"narrative": "Pt transported.", "transport": "boat"},
    {"narrative": "Pt transported.", "loaded_miles": "8.4"},
    {"narrative": "Pt transported.", "colour": "red"},
    {"id": "17"},
    {"narrative": 5},
]


@pytest.mark.parametrize("record", INPUTS, ids=map(str, range(len(INPUTS))))
def test_schema_and_reader_agree_on_what_an_input_is(record: dict[str, Any]) -> None:
    try:
        report_from_mapping(record, line=1, strict=True)
        read = True
    except RecordError:
        read = False
    assert jsonschema.Draft202012Validator(input_schema()).is_valid(record) is read


def test_a_whole_report_fits_the_input(analysis: Analysis) -> None:
    values = {field.name: getattr(analysis.report, field.name) for field in fields(Report)}
    plain = {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in values.items()
    }
    jsonschema.validate(plain, input_schema())


def test_the_page_of_the_docs_is_the_code_s_own() -> None:
    page = (ROOT / "docs" / "output-schema.md").read_text("utf-8")
    assert page == schema_page(), "run: tripsheet schema --page > docs/output-schema.md"


def test_every_type_on_the_page_has_its_section() -> None:
    page = schema_page()
    sections = {line[4:] for line in page.splitlines() if line.startswith("### ")}
    linked = {part.split("]")[0] for part in page.split("[")[1:] if "](#" in part}
    assert linked <= sections
