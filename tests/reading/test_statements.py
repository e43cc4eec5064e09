"""Statements are found where they stand and not where a word takes them back."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tripsheet.findings import Span
from tripsheet.lexicon import load
from tripsheet.reading import reader
from tripsheet.reading.statements import read_statements
from tripsheet.vocabulary import STATEMENTS

CASES = tomllib.loads((Path(__file__).parent / "cases_statements.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_statements_of(case: dict[str, Any]) -> None:
    text = case["text"]
    statements = read_statements(reader().document(text))
    told = {statement.id for statement in statements} | {
        f"{statement.id} about {statement.about}" for statement in statements
    }
    assert set(case.get("says", ())) <= told
    assert not set(case.get("not", ())) & told
    for statement in statements:
        for span in statement.evidence:
            assert isinstance(span, Span)
            assert text[span.start : span.end] == span.text


def test_every_group_of_the_lexicon_is_a_statement_or_a_cue() -> None:
    groups = {
        entry.id
        for _, entries in load().unfolded()
        for entry in entries
        if entry.kind == "statement"
    }
    assert {id for id in groups if not id.endswith("_cue")} <= set(STATEMENTS)
