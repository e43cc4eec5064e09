"""Vital signs are read in every form crews use, and other numbers are left alone."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.findings import Span
from tripsheet.reading import reader
from tripsheet.reading.vitals import read_vitals

CASES = tomllib.loads((Path(__file__).parent / "cases_vitals.toml").read_text("utf-8"))["case"]


def told(text: str) -> list[str]:
    """The vitals of a text as the cases write them."""
    return [
        f"{vital.kind} {vital.value:g}" + (f" {vital.detail}" if vital.detail else "")
        for vital in read_vitals(reader().document(text))
    ]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:50] for case in CASES])
def test_vitals_of(case: dict[str, object]) -> None:
    expected = case["vitals"]
    assert isinstance(expected, list)
    assert sorted(told(str(case["text"]))) == sorted(expected)


def test_units_are_told() -> None:
    vitals = read_vitals(
        reader().document("BP 120/80 HR 70 SpO2 98 BGL 100 T 37.1 temp 98.6 GCS 15")
    )
    assert [(vital.kind, vital.unit) for vital in vitals] == [
        ("systolic_bp", "mmHg"),
        ("diastolic_bp", "mmHg"),
        ("heart_rate", "/min"),
        ("spo2", "%"),
        ("glucose", "mg/dL"),
        ("temperature", "C"),
        ("temperature", "F"),
        ("gcs", ""),
    ]


@given(
    systolic=st.integers(60, 260),
    pulse=st.integers(30, 200),
    joint=st.sampled_from([", ", "\n", "  ", "; ", " - "]),
)
def test_spans_are_the_narratives_own_words(systolic: int, pulse: int, joint: str) -> None:
    text = f"Pt  alert.\n\nBP {systolic}/40{joint}HR {pulse}{joint}sats 97%  RA"
    vitals = read_vitals(reader().document(text))
    for vital in vitals:
        for span in vital.evidence:
            assert isinstance(span, Span)
            assert text[span.start : span.end] == span.text
            assert f"{vital.value:g}" in span.text
    assert {(vital.kind, vital.value) for vital in vitals} >= {
        ("systolic_bp", systolic),
        ("heart_rate", pulse),
        ("spo2", 97),
    }
