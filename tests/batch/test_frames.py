"""Tables of other engines: the same results, one row a report."""

from __future__ import annotations

import json

import fake_reader
import pytest

from tripsheet.batch.frames import SCHEMA, analyze_frame, analyze_frames
from tripsheet.errors import InputError

pandas = pytest.importorskip("pandas")


def test_frames_give_one_row_a_report() -> None:
    frames = [
        pandas.DataFrame(
            {"pcr": ["a", "b"], "text": ["Fentanyl, bed", None], "miles": [1.5, None]}
        ),
        pandas.DataFrame({"pcr": ["c"], "text": ["bed"], "miles": [2.0]}),
    ]
    first, second = analyze_frames(frames, loader=fake_reader.load)
    assert list(first.columns) == [column.split()[0] for column in SCHEMA.split(", ")]
    assert list(first["id"]) == ["a", "b"]
    assert list(first["hcpcs"]) == ["A0427", None]
    assert "has no narrative" in json.loads(first["record"][1])["error"]["message"]
    assert list(second["hcpcs"]) == ["A0429"]


def test_frame_without_narrative_is_said() -> None:
    with pytest.raises(InputError, match="The table has no column"):
        analyze_frame(pandas.DataFrame({"colour": [1]}), loader=fake_reader.load)
