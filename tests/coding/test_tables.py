"""The rule tables hold together: names, dates, citations, marks and codes."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import tomllib
from pathlib import Path
from typing import Any

import pytest
import scenario

from tripsheet import vocabulary as v
from tripsheet.coding import Policies, load_rules
from tripsheet.errors import LexiconError, RecordError
from tripsheet.resources import RULES

MARKS = {"verified", "memory", "argued", "derived", "unverified"}


def table(name: str) -> dict[str, Any]:
    return tomllib.loads((RULES / f"{name}.toml").read_text(encoding="utf-8"))


def marks(value: Any) -> list[str]:
    if isinstance(value, dict):
        own = [value["mark"]] if isinstance(value.get("mark"), str) else []
        return own + [mark for each in value.values() for mark in marks(each)]
    if isinstance(value, list):
        return [mark for each in value for mark in marks(each)]
    return []


@pytest.mark.parametrize("path", sorted(RULES.glob("*.toml")), ids=lambda path: path.stem)
def test_every_table_opens_with_what_it_holds_and_uses_known_marks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# "), "a header says what the file holds"
    assert set(marks(tomllib.loads(text))) <= MARKS


def test_the_policy_table_is_the_policies_class() -> None:
    rows = table("policies")
    defaults = {field.name: field.default for field in dataclasses.fields(Policies)}
    assert {name: row["default"] for name, row in rows.items()} == defaults
    for name, row in rows.items():
        assert row["switches"].endswith("."), name
        assert row["citation"], name
        assert isinstance(row["cases"], list), name
        if not isinstance(row["default"], bool):
            for value in row["values"]:
                assert getattr(Policies.from_mapping({name: value}), name) == value


def test_every_policy_has_a_scenario_that_switches_it_or_names_it() -> None:
    used = {
        name
        for row in scenario.load_all()
        for name in (*row.get("policies", {}), *row.get("policies_named", ()))
    }
    assert set(table("policies")) - used == set()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"attempted_procedure_lifts": True}, "attempted_procedure_lifts"),
        ({"dextrose_counts": "yes"}, "dextrose_counts"),
        ({"ql_base": "A0427"}, "ql_base"),
    ],
)
def test_unknown_policies_and_values_are_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(RecordError) as caught:
        Policies.from_mapping(values)
    assert caught.value.field == field


def test_every_listed_procedure_and_scope_key_is_an_intervention_of_the_vocabulary() -> None:
    known = set(v.INTERVENTIONS)
    als2 = table("als2")
    assert {row["id"] for row in als2["procedure"]} <= known
    assert {row["id"] for row in als2["resembles"]} <= known
    scope = table("scope_of_practice")
    tables = [scope["national"]["skills"], *(one["skills"] for one in scope["states"].values())]
    for skills in tables:
        for key, row in skills.items():
            head, *rest = key.split(":")
            if head == "med":
                assert rest[0] in v.ROUTES, key
            else:
                assert head in known, key
            assert row["level"] in {"emr", "emt", "aemt", "paramedic", "beyond"}, key


def test_every_intervention_and_route_has_a_scope_in_the_national_model() -> None:
    skills = table("scope_of_practice")["national"]["skills"]
    assert {name for name in v.INTERVENTIONS if name not in skills} == {"als_assessment"}
    assert {f"med:{route}" for route in v.ROUTES if route != "unknown"} <= set(skills)
    assert all(row.get("mark") for row in skills.values())


def test_at_least_six_states_differ_each_cited_and_marked() -> None:
    states = table("scope_of_practice")["states"]
    assert len(states) >= 6
    for code, row in states.items():
        assert len(code) == 2, code
        assert row["citation"], code
        assert row["mark"] in MARKS, code


def test_every_condition_and_gap_of_the_vocabulary_has_its_row() -> None:
    assert list(table("conditions")["conditions"]) == list(v.CONDITIONS)
    assert list(table("gaps")) == list(v.GAPS)


def test_every_code_is_billable_and_titled_in_the_code_set_of_the_stated_year() -> None:
    conditions = table("conditions")
    path = Path(__file__).with_name(f"icd10cm_{conditions['fiscal_year']}_subset.csv")
    with path.open(encoding="utf-8", newline="") as file:
        official = {row["code"]: row for row in csv.DictReader(file)}
    used = {code for row in conditions["conditions"].values() for code in row.get("codes", ())}
    used |= {row["code"] for row in conditions["refine"]}
    assert used == set(conditions["titles"]) == set(official)
    for code, title in conditions["titles"].items():
        assert official[code]["billable"] == "1", code
        assert official[code]["long_description"] == title, code


def test_the_pair_matrix_is_complete_and_knows_its_impossible_pairs() -> None:
    pairs = load_rules().pairs
    assert len(pairs) == len(v.PLACES) ** 2
    for pair, kind in pairs.items():
        impossible = pair[0] == "X" or pair[1] == "S"
        assert (kind == "-") == impossible, pair
    assert {pair for pair in load_rules().limited if pairs[pair] != "L"} == set()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2002-04-01", "2002-04"),
        ("2006-12-31", "2002-04"),
        ("2007-01-01", "2007-01"),
        ("2024-12-31", "2024-01"),
        ("2025-01-01", "2025-01"),
        ("2026-01-01", "2026-01"),
        ("2031-05-06", "2026-01"),
    ],
)
def test_the_day_of_service_picks_the_rule_set(day: str, name: str) -> None:
    assert load_rules(dt.date.fromisoformat(day)).name == name


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "rulesets.toml").write_text("[[ruleset", encoding="utf-8")
    with pytest.raises(LexiconError, match=r"rulesets\.toml"):
        load_rules(folder=tmp_path)


def test_rule_sets_out_of_order_are_refused(tmp_path: Path) -> None:
    (tmp_path / "rulesets.toml").write_text(
        "[[ruleset]]\nfrom = 2025-01-01\n[[ruleset]]\nfrom = 2024-01-01\n", encoding="utf-8"
    )
    with pytest.raises(LexiconError, match="order"):
        load_rules(folder=tmp_path)
