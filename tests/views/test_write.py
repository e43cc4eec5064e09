"""Results to a stream: each format, failures in their place."""

from __future__ import annotations

import io
import json

import pytest

from tripsheet.analysis import Analysis
from tripsheet.errors import RecordError
from tripsheet.formats import Failure
from tripsheet.views.write import Result, write_results

FAILED = Failure("18", RecordError("Line 18 is not JSON.", line=18), 18)


def written(results: list[Result], format: str, *, brief: bool = False) -> tuple[str, int]:
    stream = io.BytesIO()
    failures = write_results(results, format, stream, brief=brief)
    return stream.getvalue().decode("utf-8"), failures


def test_jsonl_is_one_object_a_line_and_failures_keep_their_place(analysis: Analysis) -> None:
    text, failures = written([analysis, FAILED, analysis], "jsonl")
    records = [json.loads(line) for line in text.splitlines()]
    assert [record["id"] for record in records] == ["run 17", "18", "run 17"]
    assert records[1]["error"] == {"type": "record", "message": "Line 18 is not JSON.", "line": 18}
    assert text.splitlines()[0] == analysis.to_json()
    assert failures == 1


@pytest.mark.parametrize("count", [0, 2, 3])
def test_json_of_several_is_an_array(analysis: Analysis, count: int) -> None:
    text, _ = written([analysis] * count, "json")
    assert json.loads(text) == [analysis.to_record()] * count


def test_json_of_one_is_an_object(analysis: Analysis) -> None:
    text, failures = written([analysis], "json")
    assert json.loads(text) == analysis.to_record()
    assert failures == 0


def test_html_holds_all(analysis: Analysis) -> None:
    text, failures = written([analysis, FAILED], "html")
    assert text.startswith("<!doctype html>")
    assert text.rstrip().endswith("</html>")
    assert failures == 1


def test_a_terminal_page_in_a_file_has_no_escape_codes(analysis: Analysis) -> None:
    text, failures = written([analysis, FAILED], "terminal")
    assert "WHY THIS LEVEL" in text
    assert "18  not read: Line 18 is not JSON." in text
    assert "\x1b" not in text
    assert failures == 1


def test_brief_is_one_line_a_report(analysis: Analysis) -> None:
    text, failures = written([analysis, FAILED], "terminal", brief=True)
    assert len([line for line in text.splitlines() if "run 17" in line or "not read" in line]) == 2
    assert failures == 1


def test_results_are_written_as_they_come(analysis: Analysis) -> None:
    stream = io.BytesIO()
    sizes: list[int] = []

    def results() -> object:
        for _ in range(3):
            sizes.append(len(stream.getvalue()))
            yield analysis

    write_results(results(), "jsonl", stream)  # type: ignore[arg-type]
    assert sizes == sorted(set(sizes))
