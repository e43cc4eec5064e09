"""Tables out: a flat row, nested findings, the worklist; ids and order kept."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from tripsheet.analysis import Analysis, error_record
from tripsheet.determination import Claim, Determination, Diagnosis, Gap, Mileage, Necessity
from tripsheet.findings import (
    Condition,
    Findings,
    Intervention,
    Medication,
    RecordField,
    Span,
    Transport,
    Vital,
)
from tripsheet.formats.tables.excel import write_excel
from tripsheet.formats.tables.parquet import write_parquet
from tripsheet.formats.tables.rows import COLUMNS, flat_row, write_csv
from tripsheet.report import Report

SPAN = Span(0, 8, "Fentanyl")


def record(id: str = "17") -> dict[str, Any]:
    findings = Findings(
        medications=(
            Medication("fentanyl", "iv_push", count=2, evidence=(SPAN,)),
            Medication("aspirin", "oral", performer="other"),
            Medication("ondansetron", status="not_given"),
        ),
        interventions=(Intervention("iv_access", "attempted"), Intervention("oxygen")),
        conditions=(Condition("respiratory_distress"), Condition("seizure", "history")),
        vitals=(Vital("spo2", 86.0, "%"),),
        transport=Transport(
            origin="R", destination="H", transported=True,
            evidence={"origin": (RecordField("origin"),)},
        ),
    )  # fmt: skip
    decided = Determination(
        rules="2026-01", hcpcs="A0427", modifiers=("RH",), necessity=Necessity("supported", ("a",)),
        claimed=Claim("A0433", "higher_than_supported", "high"),
        mileage=Mileage("A0425", 8.4, 8.4), diagnoses=(Diagnosis("R06.03", "Distress"),),
        gaps=(Gap("iv_method", "m", "Ask.", "c", about="fentanyl", evidence=(SPAN,)),),
    )  # fmt: skip
    return Analysis(Report(id=id, narrative="Fentanyl"), findings, decided).to_record()


RECORDS = [record("=17"), error_record("18", "record", "Line 2 has no narrative.", 2), record("é")]


def test_flat_row() -> None:
    row = flat_row(record())
    assert list(row) == list(COLUMNS)
    assert row["medications"] == (
        "fentanyl iv_push x2; aspirin oral x1 by others; ondansetron not given"
    )
    assert row["interventions"] == "iv_access attempted; oxygen"
    assert row["conditions"] == "respiratory_distress"
    assert (row["gaps"], row["gap_count"]) == ("iv_method (fentanyl)", 1)
    assert (row["claim_verdict"], row["mileage_units"]) == ("higher_than_supported", 8.4)


def test_csv_has_one_row_a_report_in_order() -> None:
    stream = io.BytesIO()
    write_csv(RECORDS, stream)
    rows = list(csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8"), newline="")))
    assert [row["id"] for row in rows] == ["=17", "18", "é"]
    assert rows[1]["error"] == "Line 2 has no narrative."
    assert rows[0]["transported"] == "true"


def test_parquet_nests_the_findings() -> None:
    pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    stream = io.BytesIO()
    write_parquet(RECORDS, stream)
    rows = pq.read_table(io.BytesIO(stream.getvalue())).to_pylist()
    assert [row["id"] for row in rows] == ["=17", "18", "é"]
    first = rows[0]["medications"][0]
    assert (first["name"], first["count"], first["evidence"][0]["text"]) == (
        "fentanyl", 2, "Fentanyl",
    )  # fmt: skip
    assert rows[0]["gap_details"][0]["id"] == "iv_method"
    assert json.loads(rows[0]["coding"]) == RECORDS[0]["coding"]
    assert rows[1]["medications"] is None


def test_worklist_has_filters_links_and_gaps() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    stream = io.BytesIO()
    write_excel(lambda: RECORDS, stream, page=lambda place, _: f"pages/{place}.html")
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    reports, gaps = book["Reports"], book["Gaps"]
    assert [cell.value for cell in reports["A"]] == ["id", "=17", "18", "é"]
    assert reports["A2"].data_type == "s"  # no formula
    assert reports["A2"].hyperlink.target == "pages/0.html"
    column = list(COLUMNS).index("gap_count")
    assert reports[4][column].value == 1
    assert reports[4][column].hyperlink.location == "Gaps!A3"
    assert [cell.value for cell in gaps["A"]] == ["id", "=17", "é"]
    assert gaps["A3"].hyperlink.location == "Reports!A4"
    assert gaps["E3"].value == "Ask."
    assert reports.auto_filter.ref.endswith("4")
    assert gaps.auto_filter.ref == "A1:F3"


@pytest.mark.parametrize("write", [write_parquet, write_csv])
def test_same_records_give_the_same_bytes(write: Any) -> None:
    pytest.importorskip("pyarrow")
    first, second = io.BytesIO(), io.BytesIO()
    write(RECORDS, first)
    write(RECORDS, second)
    assert first.getvalue() == second.getvalue()
