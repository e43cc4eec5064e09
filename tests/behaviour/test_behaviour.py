"""Every behaviour case holds, but for the known failures, which must fail (strict)."""

from __future__ import annotations

import sys
import tomllib
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from cases import HERE, Case, failures, load

KNOWN: dict[str, str] = {
    id: body["reason"]
    for body in tomllib.loads((HERE / "known_failures.toml").read_text(encoding="utf-8"))["failure"]
    for id in body["cases"]
}


def _parameters() -> list[object]:
    return [
        pytest.param(
            case,
            id=case.id,
            marks=[pytest.mark.xfail(strict=True, reason=KNOWN[case.id])]
            if case.id in KNOWN
            else [],
        )
        for case in load()
    ]


@pytest.mark.parametrize("case", _parameters())
def test_behaviour(case: Case) -> None:
    assert failures(case) == []


def test_known_failures_name_cases_that_exist() -> None:
    assert set(KNOWN) <= {case.id for case in load()}
