"""JSONL in: order, ids, lines, and every bad line isolated."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from tripsheet.errors import InputError
from tripsheet.formats import jsonl
from tripsheet.formats.entry import Entry, Failure
from tripsheet.formats.jsonl import read_jsonl, read_jsonl_stream, write_jsonl
from tripsheet.report import Report

BAD_LINES = {
    '{"id": "x", "narrative": "half a li': "Line 2 breaks off before its object ends",
    "{": "Line 2 breaks off before its object ends",
    "narrative follows": "Line 2 is not JSON at column 1",
    '"only a string"': "Line 2 is not a JSON object",
    "[]": "Line 2 is not a JSON object",
    '{"id": "x"}': "Line 2 has no narrative",
    '{"narrative": null}': "Line 2 has no narrative",
    '{"narrative": ""}': "Line 2: the narrative is empty",
    '{"narrative": ["a"]}': "Line 2: `narrative` must be text",
    '{"narrative": "a", "loaded_miles": "8.4"}': "Line 2: `loaded_miles` must be a number",
    '{"narrative": "a", "loaded_miles": NaN}': "Line 2 holds NaN or Infinity",
    '{"narrative": "a", "loaded_miles": 1e999}': "`loaded_miles` must be a finite number",
    '{"narrative": "a", "narrative": "b"}': "Line 2 names a field twice",
    '{"narrative": "\\ud83d"}': "half of a character",
}


def read(text: str | bytes) -> list[Entry]:
    data = text.encode() if isinstance(text, str) else text
    return list(read_jsonl_stream(io.BytesIO(data)))


def test_lines_are_read_in_order_with_their_ids() -> None:
    entries = read('{"narrative": "a"}\n\n{"id": "17", "narrative": "b"}\r\n{"narrative": "c"}')
    assert entries == [
        Report(narrative="a", id="1"),
        Report(narrative="b", id="17"),
        Report(narrative="c", id="4"),
    ]


@pytest.mark.parametrize(("line", "said"), BAD_LINES.items(), ids=list(BAD_LINES))
def test_bad_line_is_said_and_the_rest_is_read(line: str, said: str) -> None:
    first, bad, last = read(f'{{"narrative": "a"}}\n{line}\n{{"narrative": "c"}}\n')
    assert isinstance(first, Report)
    assert isinstance(last, Report)
    assert isinstance(bad, Failure)
    assert said in bad.error.message
    assert bad.line == 2
    assert bad.to_record()["error"]["type"] == bad.error.kind


def test_failure_keeps_the_id_of_its_record() -> None:
    [entry] = read('{"id": "17", "narrative": 3}')
    assert isinstance(entry, Failure)
    assert (entry.id, entry.line) == ("17", 1)


def test_nesting_beyond_reason_is_one_bad_line() -> None:
    bad, good = read('{"narrative": ' + "[" * 100_000 + '\n{"narrative": "a"}\n')
    assert isinstance(bad, Failure)
    assert isinstance(good, Report)


def test_line_separators_inside_a_string_end_no_line() -> None:
    [entry] = read('{"narrative": "a\u2028b\u0085c"}\n')
    assert isinstance(entry, Report)
    assert entry.narrative == "a\u2028b\u0085c"


def test_line_over_the_limit_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "LINE_LIMIT", 100)
    first, long, last = read('{"narrative": "a"}\n' + "x" * 1000 + '\n{"narrative": "c"}\n')
    assert isinstance(long, Failure)
    assert "Line 2 is longer than" in long.error.message
    assert isinstance(first, Report)
    assert last == Report(narrative="c", id="3")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_marked_encodings_are_read(encoding: str) -> None:
    lines = '{"narrative": "38°"}\n{"narrative": "b"}\n'
    assert [entry.id for entry in read(lines.encode(encoding))] == ["1", "2"]


def test_utf_16_that_breaks_off_is_one_failure_at_the_end() -> None:
    *_, last = read('{"narrative": "a"}\n{"narrative": "b"}\n'.encode("utf-16")[:-1])
    assert isinstance(last, Failure)
    assert "read no further" in last.error.message


def test_encodings_may_be_mixed_line_by_line() -> None:
    notices: list[str] = []
    data = '{"narrative": "38°"}\n'.encode() + '{"narrative": "38°"}\n'.encode("cp1252") * 2
    entries = list(read_jsonl_stream(io.BytesIO(data), notify=notices.append))
    assert [entry.narrative for entry in entries if isinstance(entry, Report)] == ["38°"] * 3
    assert notices == ["Line 2 of Standard input is not UTF-8 and is read as Windows-1252."]


def test_array_and_spread_object_are_read() -> None:
    reports = [{"id": "a", "narrative": "x"}, {"narrative": "y"}]
    assert [entry.id for entry in read(json.dumps(reports, indent=2))] == ["a", "2"]
    assert [entry.id for entry in read(json.dumps(reports[0], indent=2))] == ["a"]
    assert [entry.id for entry in read(json.dumps(reports, indent=2).encode("utf-16"))]


WHOLE_REFUSED = {
    "": "is empty",
    "\n \n": "blank lines only",
    "[]": "empty array",
    '[{"narrative": "a"}': "not complete JSON: it breaks at line 1",
    "%PDF-1.4": "is a PDF file",
}


@pytest.mark.parametrize(("text", "said"), WHOLE_REFUSED.items(), ids=list(WHOLE_REFUSED))
def test_source_that_is_wrong_as_a_whole_is_said(text: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        read(text)


def test_array_too_large_to_hold_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "WHOLE_LIMIT", 10)
    with pytest.raises(InputError, match="one object a line"):
        read('[{"narrative": "a"}]')


def test_unknown_field_is_noticed_once() -> None:
    notices: list[str] = []
    data = b'{"narrative": "a", "colour": 1}\n' * 3
    entries = list(read_jsonl_stream(io.BytesIO(data), notify=notices.append))
    assert len(entries) == 3
    assert notices == [
        "Line 1: `colour` is not a field of a report and is passed over; "
        "`tripsheet schema` lists the fields."
    ]


def test_unknown_field_is_an_error_where_strict() -> None:
    [entry] = read_jsonl_stream(io.BytesIO(b'{"narrative": "a", "colour": 1}'), strict=True)
    assert isinstance(entry, Failure)
    assert entry.error.field == "colour"


def test_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        list(read_jsonl(tmp_path / "none.jsonl"))


def test_what_is_written_is_read(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    with file.open("wb") as stream:
        assert write_jsonl([{"id": "ä", "narrative": "a\r\nb"}], stream) == 1
    assert list(read_jsonl(file)) == [Report(narrative="a\r\nb", id="ä")]
