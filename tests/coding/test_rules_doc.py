"""docs/rules.md is true: every rule of the reference stands in it, and all it names exists."""

from __future__ import annotations

import ast
import dataclasses
import importlib
from collections.abc import Iterator
from pathlib import Path

import scenario

from tripsheet.coding import Policies

HERE = Path(__file__).parent
DOC = HERE.parent.parent / "docs" / "rules.md"
SECTIONS = {
    "R1.1": "abcdef", "R1.2": "abc", "R1.3": "abc", "R1.4": "abcde", "R1.5": "abcdefg",
    "R1.6": "abcdefg", "R1.7": "abcdefgh", "R1.8": "abc", "R1.9": "a", "R1.10": "abcdefg",
    "R1.11": "abcd", "R1.12": "abcd", "R1.13": "abcde", "R2.1": "abcdef", "R2.2": "ab",
    "R2.3": "abcde", "R2.4": "abc", "R2.5": "abcdef", "R2.6": "abcdef", "R2.7": "abcdefghijk",
    "R2.8": "abcdefg", "R2.9": "a", "R3.1": "ab", "R3.4": "ab", "R3.5": "abcdefghij",
    "R4.1": "abcde", "R4.5": "abc", "R5.1": "abcdef",
}  # fmt: skip
IDS = (
    {f"{section}-{letter}" for section, letters in SECTIONS.items() for letter in letters}
    | {f"M{number}" for number in range(1, 16)}
    | {"M5a", "M5b", "M6a", "M6b"}
    | {f"D{number:02d}" for number in range(1, 25)}
)


def rows() -> Iterator[list[str]]:
    for line in DOC.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("| ") and cells[0] not in ("Rule", "---"):
            yield [cell.strip(" |") for cell in cells]


def test_every_rule_id_stands_once() -> None:
    found = [row[0] for row in rows()]
    assert len(found) == len(set(found))
    assert set(found) == IDS


def test_every_function_exists() -> None:
    for row in rows():
        code = row[2].strip("`")
        if code == "-":
            assert len(row[3]) > 20, f"{row[0]}: a reason for leaving it out"
            continue
        module, name = code.split(".")
        assert hasattr(importlib.import_module(f"tripsheet.coding.{module}"), name), row[0]


def test_every_test_exists() -> None:
    names = {row["name"] for row in scenario.load_all()}
    for path in HERE.glob("test_*.py"):
        names |= {
            node.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef)
        }
    for row in rows():
        if row[2] != "-":
            assert row[3] in names, f"{row[0]}: no test {row[3]!r}"


def test_every_switch_exists_and_those_of_the_reference_are_named() -> None:
    known = {field.name for field in dataclasses.fields(Policies)}
    named = {row[4].strip("`") for row in rows() if len(row) > 4 and row[4]}
    assert named <= known


def test_scenarios_cover_known_rules_only() -> None:
    covered = {rule for row in scenario.load_all() for rule in row.get("covers", ())}
    assert covered - IDS == set()
