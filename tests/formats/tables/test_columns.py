"""Which column is which: guessed, given, kept in a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripsheet.errors import InputError, RecordError
from tripsheet.formats.tables.columns import (
    Columns,
    guess_columns,
    load_columns,
    settle_columns,
    with_pairs,
)

GUESSES = {
    "the field's own names": (["id", "narrative"], {"narrative": "narrative", "id": "id"}),
    "an export's names": (
        ["PCR Number", "DOS", "Patient Care Narrative", "Loaded Mileage", "HCPCS Code"],
        {
            "narrative": "Patient Care Narrative", "id": "PCR Number",
            "loaded_miles": "Loaded Mileage", "date_of_service": "DOS",
            "claimed_hcpcs": "HCPCS Code",
        },
    ),
    "NEMSIS names": (
        ["eRecord.01", "eNarrative.01"], {"narrative": "eNarrative.01", "id": "eRecord.01"},
    ),
    "the own name before another": (
        ["text", "NARRATIVE"], {"narrative": "NARRATIVE"},
    ),
    "nothing known": (["colour"], {}),
}  # fmt: skip


@pytest.mark.parametrize(("headers", "expected"), GUESSES.values(), ids=GUESSES.keys())
def test_guess(headers: list[str], expected: dict[str, str]) -> None:
    assert dict(guess_columns(headers).columns) == expected


def test_mapping_is_kept_in_a_file(tmp_path: Path) -> None:
    mapping = Columns(
        {"narrative": 'The "text"', "response": "Type\\Art"}, {"response": {"911": "emergency"}}
    )
    mapping.save(tmp_path / "columns.toml")
    assert load_columns(tmp_path / "columns.toml") == mapping


BAD_FILES = {
    "no TOML": ("columns", "is not a mapping file in TOML"),
    "no table": ("narrative = 'a'", "needs a table"),
    "an unknown field": ("[columns]\ncolour = 'a'", "names `colour`, which is no field"),
    "a list of words": ("[columns]\nnarrative = 'a'\n[values]\nresponse = ['a']", "one table a"),
}


@pytest.mark.parametrize(("text", "said"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_bad_mapping_file_is_said(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "columns.toml").write_text(text)
    with pytest.raises(InputError, match=said):
        load_columns(tmp_path / "columns.toml")


def test_missing_mapping_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        load_columns(tmp_path / "columns.toml")


def test_table_without_narrative_names_its_columns() -> None:
    with pytest.raises(InputError, match=r"no column that is surely.*`colour`, `size`"):
        settle_columns(None, ["colour", "size"], "calls.csv")


def test_mapping_with_a_column_that_is_not_there_is_said() -> None:
    with pytest.raises(InputError, match="has no column `Text`, which the mapping names"):
        settle_columns(Columns({"narrative": "Text"}), ["text"], "calls.csv")


def test_pairs_change_the_guess() -> None:
    mapping = with_pairs(None, ["narrative=b"], ["narrative", "b", "id"])
    assert dict(mapping.columns) == {"narrative": "b", "id": "id"}
    with pytest.raises(RecordError, match="`colour` is no field"):
        with_pairs(None, ["colour=b"], ["b"])


def test_mapping_of_the_documentation_is_one(tmp_path: Path) -> None:
    page = Path(__file__).parents[3] / "docs" / "formats.md"
    text = page.read_text("utf-8").split("```toml\n")[1].split("```")[0]
    (tmp_path / "columns.toml").write_text(text)
    assert load_columns(tmp_path / "columns.toml").columns["narrative"] == "Story"
