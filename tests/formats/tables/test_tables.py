"""CSV, Parquet and Excel in: what a cell means, and every bad table one sentence."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tripsheet.errors import InputError
from tripsheet.formats.entry import Entry, Failure
from tripsheet.formats.source import read_source
from tripsheet.formats.tables.cells import record_of
from tripsheet.formats.tables.columns import Columns
from tripsheet.report import Report

CELLS: list[tuple[str, Any, Any]] = [
    ("id", " 17 ", "17"),
    ("id", 17, "17"),
    ("id", 17.0, "17"),
    ("loaded_miles", "1,008.4", 1008.4),
    ("loaded_miles", float("nan"), None),
    ("loaded_miles", "far", "far"),
    ("patients", 2.0, 2),
    ("date_of_service", "1/31/2026", "2026-01-31"),
    ("date_of_service", "01/31/2026 10:15", "2026-01-31"),
    ("date_of_service", "2026-01-31 10:15:00", "2026-01-31"),
    ("date_of_service", dt.date(2026, 1, 31), dt.date(2026, 1, 31)),
    ("date_of_service", "31.1.2026", "31.1.2026"),
    ("pcs_on_file", "Yes", True),
    ("pcs_on_file", "0", False),
    ("pcs_on_file", 1, True),
    ("pcs_on_file", "maybe", "maybe"),
    ("response", "Non-Emergency", "non_emergency"),
    ("crew_level", "Critical Care Paramedic", "critical_care_paramedic"),
    ("origin", "h", "H"),
    ("state", "pa", "PA"),
    ("dispatch_complaint", "  ", None),
    ("narrative", " as it is \r\n", " as it is \r\n"),
]


@pytest.mark.parametrize(("field", "cell", "value"), CELLS)
def test_cell(field: str, cell: Any, value: Any) -> None:
    found = record_of({"column": cell}, Columns({field: "column"}))
    assert found.get(field) == value or (found.get(field) is None and value is None)


def test_words_of_a_column_are_translated() -> None:
    columns = Columns({"response": "type"}, {"response": {"911": "emergency"}})
    assert record_of({"type": "911"}, columns) == {"response": "emergency"}


def read(path: Path, notices: list[str] | None = None, **options: Any) -> list[Entry]:
    said: list[str] = [] if notices is None else notices
    return list(read_source(path, notify=said.append, **options))


def csv(tmp_path: Path, data: str | bytes, name: str = "calls.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


DELIMITED = {
    "comma": 'id,narrative,miles\n17,"a, b",8.4\n',
    "semicolon": "id;narrative;miles\n17;a, b;8.4\n",
    "tab": "id\tnarrative\tmiles\n17\ta, b\t8.4\n",
    "bar": "id|narrative|miles\n17|a, b|8.4\n",
    "blank lines around": "\nid;narrative;miles\n\n17;a, b;8.4\n\n",
    "a short row": 'id,narrative,miles,state\n17,"a, b",8.4\n',
}


@pytest.mark.parametrize("text", DELIMITED.values(), ids=DELIMITED.keys())
def test_delimiter_is_told_from_the_header(tmp_path: Path, text: str) -> None:
    assert read(csv(tmp_path, text)) == [Report(id="17", narrative="a, b", loaded_miles=8.4)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings_of_csv(tmp_path: Path, encoding: str) -> None:
    [entry] = read(csv(tmp_path, 'id,narrative\n1,"38°\r\nline ""two"""\n'.encode(encoding)))
    assert isinstance(entry, Report)
    assert entry.narrative == '38°\r\nline "two"'


def test_guess_and_columns_left_over_are_told(tmp_path: Path) -> None:
    notices: list[str] = []
    path = csv(tmp_path, "Run Number,Text,colour\n17,a,b\n")
    assert read(path, notices) == [Report(id="17", narrative="a")]
    assert notices == [
        f"{path}: read narrative from `Text`, id from `Run Number`.",
        f"{path}: 1 other columns are passed over.",
    ]
    with pytest.raises(InputError, match="read without the strict option"):
        read(path, strict=True)


def test_ids_default_to_the_line_and_bad_rows_are_isolated(tmp_path: Path) -> None:
    data = b'narrative,miles\n"two\nlines",1\na,b,c\n,4\na,far\n\x81\x8d,5\nlast,6\n'
    entries = read(csv(tmp_path, data))
    assert [entry.id for entry in entries] == ["2", "4", "5", "6", "7", "8"]
    said = {entry.line: entry.error.message for entry in entries if isinstance(entry, Failure)}
    assert "3 cells under 2 columns" in said[4]
    assert "narrative is empty" in said[5]
    assert "`loaded_miles` must be a number" in said[6]
    assert "neither UTF-8" in said[7]
    assert "Windows-1252" in said[7]
    assert len(said) == 4


def test_quote_that_never_ends_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tripsheet.formats.tables.delimited._FIELD_LIMIT", 1000)
    first, bad = read(csv(tmp_path, 'narrative\na\n"b\n' + "c\n" * 1000))
    assert isinstance(first, Report)
    assert isinstance(bad, Failure)
    assert "row that starts at line 3" in bad.error.message


BAD_CSV = {
    "nothing": (b"", "is empty"),
    "a header only": (b"id,narrative\n", "no report below it"),
    "no narrative column": (b"id,colour\n1,2\n", "no column that is surely the narrative"),
    "a workbook": (b"PK\x03\x04", "ZIP archive or an office document"),
}


@pytest.mark.parametrize(("data", "said"), BAD_CSV.values(), ids=BAD_CSV.keys())
def test_bad_csv_is_said(tmp_path: Path, data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(csv(tmp_path, data))


def test_parquet_is_read_with_its_types(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "calls.parquet"
    table = pa.table(
        {
            "pcr_number": pa.array([17, None, 19]),
            "narrative": pa.array(["a\r\nb", "c", None]),
            "miles": pa.array([8.4, None, 1.0]),
            "dos": pa.array([dt.datetime(2026, 1, 31, 9), None, None]),
            "patients": pa.array([1, None, 2]),
            "pcs": pa.array([True, None, False]),
        }
    )
    pq.write_table(table, path)
    first, second, third = read(path)
    assert first == Report(
        id="17", narrative="a\r\nb", loaded_miles=8.4, patients=1, pcs_on_file=True,
        date_of_service=dt.date(2026, 1, 31),
    )  # fmt: skip
    assert second == Report(id="2", narrative="c")
    assert isinstance(third, Failure)
    assert (third.id, third.line) == ("19", 3)


BAD_BINARY = {
    "calls.parquet": "damaged or no Parquet file",
    "calls.xlsx": "damaged or no Excel workbook",
}


@pytest.mark.parametrize(("name", "said"), BAD_BINARY.items())
def test_bad_binary_table_is_said(tmp_path: Path, name: str, said: str) -> None:
    pytest.importorskip("pyarrow")
    pytest.importorskip("openpyxl")
    with pytest.raises(InputError, match=said):
        read(csv(tmp_path, b"PAR1 no", name))
    with pytest.raises(InputError, match="does not exist"):
        read(tmp_path / f"none_{name}")


def test_parquet_cut_short_is_said(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "calls.parquet"
    pq.write_table(pa.table({"narrative": ["a"] * 1000}), path)
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(InputError, match="damaged or no Parquet file"):
        read(path)


def test_parquet_damaged_in_the_middle_keeps_what_stands_before(tmp_path: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    import pyarrow.parquet as pq

    path = tmp_path / "calls.parquet"
    texts = [f"Pt in bed {number}." * 50 for number in range(2000)]
    pq.write_table(pa.table({"narrative": texts}), path, row_group_size=500)
    data = bytearray(path.read_bytes())
    start = pq.ParquetFile(path).metadata.row_group(2).column(0).dictionary_page_offset
    data[start : start + 200] = b"\xff" * 200
    path.write_bytes(bytes(data))
    *good, bad = read(path)
    assert isinstance(bad, Failure)
    assert len(good) >= 500
    assert not any(isinstance(entry, Failure) for entry in good)
    assert f"damaged after row {len(good)}" in bad.error.message


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


def test_workbook_is_read(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "calls.xlsx",
        [
            ["PCR", "Narrative", "DOS", "Miles"],
            [17, "line one\nline two", dt.datetime(2026, 1, 31), 8],
            [],
            ["x", None, None, None],
        ],
    )
    first, second = read(path)
    assert first == Report(
        id="17", narrative="line one\nline two", date_of_service=dt.date(2026, 1, 31),
        loaded_miles=8.0,
    )  # fmt: skip
    assert isinstance(second, Failure)
    assert (second.id, second.line) == ("x", 4)


def test_narrative_that_fills_its_cell_is_noticed(tmp_path: Path) -> None:
    notices: list[str] = []
    path = workbook(tmp_path / "calls.xlsx", [["narrative"], ["a" * 32767]])
    read(path, notices)
    assert any("may be cut by Excel" in notice for notice in notices)


def test_workbook_bomb_is_not_opened(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    path = tmp_path / "calls.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    with pytest.raises(InputError, match=r"unpacks to 48 MB, \d+ times its size"):
        read(path)


def test_workbook_damaged_in_the_middle_keeps_what_stands_before(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["narrative"], *([f"Pt {n}."] for n in range(3000))])
    damaged = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as good, zipfile.ZipFile(damaged, "w") as bad:
        for part in good.infolist():
            data = good.read(part)
            if part.filename.endswith("sheet1.xml"):
                data = data[: len(data) // 2]
            bad.writestr(part.filename, data)
    *entries, last = read(damaged)
    assert isinstance(last, Failure)
    assert len(entries) > 1000
    assert "is damaged after row" in last.error.message


def test_empty_workbook_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="empty first sheet"):
        read(workbook(tmp_path / "calls.xlsx", []))
