"""The call is read from the narrative; the record outranks it and contradictions are kept."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tripsheet.findings import RecordField, Span, Transport
from tripsheet.reading import reader
from tripsheet.reading.call import read_call
from tripsheet.report import Report

CASES = tomllib.loads((Path(__file__).parent / "cases_call.toml").read_text("utf-8"))["case"]


def call(text: str, **record: Any) -> Transport:
    return read_call(Report(narrative=text, **record), reader().document(text))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_call_of(case: dict[str, Any]) -> None:
    transport = call(case["text"])
    expected = case["is"]
    assert {name: getattr(transport, name) for name in expected} == expected
    assert {name: getattr(transport, name) for name in case.get("untold", ())} == dict.fromkeys(
        case.get("untold", ())
    )


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_evidence_is_the_narratives_own_words(case: dict[str, Any]) -> None:
    transport = call(case["text"])
    for name, evidence in transport.evidence.items():
        assert evidence, name
        for span in evidence:
            assert isinstance(span, Span)
            assert case["text"][span.start : span.end] == span.text


def test_record_outranks_the_narrative_and_the_contradiction_is_kept() -> None:
    transport = call(
        "Dispatched emergent to a residence. Transported to Mercy ER, 8.4 miles. No PCS.",
        response="non_emergency",
        loaded_miles=9.0,
        pcs_on_file=True,
        origin="R",
    )
    assert (transport.response, transport.loaded_miles, transport.pcs) == (
        "non_emergency",
        9.0,
        True,
    )
    assert transport.evidence["loaded_miles"] == (RecordField("loaded_miles"),)
    assert transport.evidence["pcs"] == (RecordField("pcs_on_file"),)
    assert set(transport.contradictions) == {"response", "loaded_miles", "pcs"}
    assert all(isinstance(span, Span) for span in transport.contradictions["loaded_miles"])


def test_nothing_told_stays_open() -> None:
    transport = call("Pt resting.")
    assert transport == Transport(evidence={}, contradictions={})
