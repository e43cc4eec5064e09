"""Conditions are told by words, vitals and care; signs of a graver condition are part of it."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tripsheet.reading import reader
from tripsheet.report import Report

CASES = tomllib.loads((Path(__file__).parent / "cases_conditions.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_conditions_of(case: dict[str, Any]) -> None:
    findings = reader().read(Report(narrative=case["text"]))
    present = {one.id for one in findings.conditions if one.status == "present"}
    assert set(case.get("present", ())) <= present
    assert not set(case.get("not", ())) & present
