"""Whatever bytes come in: reports, failures or one clear error, and never anything else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tripsheet.errors import TripsheetError
from tripsheet.formats.entry import Failure
from tripsheet.formats.jsonl import read_jsonl_stream
from tripsheet.formats.nemsis.chart import ChartedReport
from tripsheet.formats.nemsis.read import read_nemsis_stream
from tripsheet.formats.source import read_source
from tripsheet.report import Report

from .nemsis.documents import document, medication, record

LINES = b'{"id": "a", "narrative": "Pt in bed.\\r\\n"}\n{"narrative": "b", "loaded_miles": 8.4}\n'
TABLE = b'id,narrative,miles\n1,"Pt ""in"" bed.\r\n",8.4\n2,b,\n'
XML = document(record("1", body=medication()), record("2"))
COMMON = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def damaged(draw: Any, good: bytes) -> bytes:
    """A good source with some bytes cut out, put in or changed."""
    data = bytearray(good)
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 20)))
        data[start:end] = draw(st.binary(max_size=8) | st.sampled_from([b'"', b"<", b"&", b"\xff"]))
    return bytes(data)


def check(read: Any) -> None:
    messages = []
    try:
        for entry in read():
            assert isinstance(entry, (Report, ChartedReport, Failure))
            if isinstance(entry, Failure):
                messages.append(entry.error.message)
    except TripsheetError as error:
        messages.append(error.message)
    assert all(message.endswith(".") and "\n" not in message for message in messages)


@COMMON
@given(data=st.binary(max_size=300) | damaged(LINES))
def test_jsonl(data: bytes) -> None:
    check(lambda: read_jsonl_stream(io.BytesIO(data), notify=lambda _: None))


@COMMON
@given(data=st.binary(max_size=300) | damaged(XML))
def test_nemsis(data: bytes) -> None:
    check(lambda: read_nemsis_stream(io.BytesIO(data), notify=lambda _: None))


@pytest.mark.parametrize("name", ["calls.csv", "call.txt", "calls"])
@COMMON
@given(data=st.binary(max_size=300) | damaged(TABLE))
def test_files(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    check(lambda: read_source(path, notify=lambda _: None))
