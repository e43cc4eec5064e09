"""What an explanation says, word by word, and how it is built."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from typing import Any

import pytest
import scenario

import tripsheet.coding
from tripsheet.coding import determine
from tripsheet.determination import Determination, Line
from tripsheet.findings import Findings
from tripsheet.report import Report


def code(**row: Any) -> Determination:
    row.setdefault("name", "inline")
    report, findings = scenario.build(row)
    return determine(report, findings)


def line(made: Determination, rule: str) -> Line:
    return next(one for one in scenario.all_lines(made) if one.rule == rule)


FENTANYL = [
    "int iv_access",
    "med fentanyl | route=iv_push count=2 dose=50_mcg",
    "med ondansetron | route=oral dose=4_mg",
    "med naloxone | route=intranasal by=other",
]


def test_the_count_says_what_counts_and_what_does_not_with_the_reasons() -> None:
    made = line(code(base="als_911", find=FENTANYL), "als2.medications")
    assert made.statement == (
        "2 of the 3 administrations by IV push or infusion that ALS2 needs: fentanyl twice. "
        "Not counted: ondansetron (by mouth) and naloxone (given by somebody else)."
    )
    assert made.citation == "42 CFR 414.605"
    assert [(item.name, item.count, item.reason) for item in made.counted] == [
        ("fentanyl", 2, "by IV push")
    ]
    assert [(item.name, item.reason) for item in made.not_counted] == [
        ("ondansetron", "by mouth"),
        ("naloxone", "given by somebody else"),
    ]
    assert all(item.evidence for item in (*made.counted, *made.not_counted))


def test_a_level_not_assigned_says_the_shortest_way_to_it() -> None:
    made = code(base="als_911", find=FENTANYL)
    other = next(one for one in made.not_assigned if one.hcpcs == "A0433")
    assert other.reason == "one more qualifying administration, or an ALS2 procedure"
    assert [one.hcpcs for one in made.not_assigned] == ["A0433", "A0434"]


def test_a_level_not_assigned_tells_of_the_policy_that_would_make_it() -> None:
    made = code(
        base="als_911", find=["int endotracheal_intubation | attempted crew", "int iv_access"]
    )
    other = next(one for one in made.not_assigned if one.hcpcs == "A0433")
    assert other.reason.endswith("an argued point that a policy decides would make it")


def test_the_level_line_comes_first_and_holds_its_basis() -> None:
    made = code(base="als_911", find=FENTANYL)
    first = made.explanation[0]
    assert (first.rule, first.outcome) == ("level", "met")
    assert [child.rule for child in first.children] == [
        "response.emergency",
        "transport.loaded",
        "als.staffing",
        "als1.intervention",
    ]
    assert first.statement.startswith("A0427, ALS1, emergency: 2 ALS interventions")
    assert first.evidence


def test_each_level_above_the_assigned_one_is_told() -> None:
    made = code(base="bls_911")
    assert [one.hcpcs for one in made.not_assigned] == ["A0427", "A0433", "A0434"]
    made = code(base="als_transfer", call="response=none", find=["int iv_access"])
    assert [one.hcpcs for one in made.not_assigned] == ["A0427", "A0433", "A0434"]


def test_for_and_against_stand_together_in_the_necessity() -> None:
    made = code(base="als_911", find=["cond cardiac_distress", "say walked_to_ambulance"])
    assert made.necessity.statement == (
        "Supported by acute cardiac distress. Against it: the patient walked."
    )
    assert made.necessity.evidence
    assert made.necessity.counter


def test_a_sentence_never_quotes_the_narrative() -> None:
    secret = "zebra"
    report = Report(
        narrative=secret, dispatch_complaint=f"{secret} chest pain", claimed_hcpcs="A0433"
    )
    _, findings = scenario.build({"name": "x", "base": "als_911", "find": FENTANYL})
    made = determine(report, findings)
    for one in scenario.all_lines(made):
        assert secret not in one.statement
    assert not any(secret in sentence for sentence in made.review)


def test_nothing_told_is_undetermined_with_the_basic_questions() -> None:
    made = determine(Report(narrative=""), Findings())
    assert made.hcpcs == "undetermined"
    assert made.necessity.verdict == "insufficient"
    assert {gap.id for gap in made.gaps} >= {
        "response_urgency",
        "origin",
        "destination",
        "crew_level",
    }
    assert made.checks == ()


def test_review_names_doubts_before_flagged_rules() -> None:
    made = code(
        base="als_911",
        find=[
            "med fentanyl | route=iv_push count=3 dose=25_mcg doubtful",
            "int iv_access",
        ],
    )
    assert made.review[0] == "The reading of fentanyl is doubtful: performer."
    assert any("no more than one usual dose" in sentence for sentence in made.review)


@pytest.mark.parametrize(
    "module",
    [f"tripsheet.coding.{one.name}" for one in pkgutil.iter_modules(tripsheet.coding.__path__)]
    + ["tripsheet.coding"],
)
def test_examples_in_docstrings_run(module: str) -> None:
    assert doctest.testmod(importlib.import_module(module)).failed == 0


def test_three_administrations_are_said_as_three() -> None:
    made = line(
        code(base="als_911", find=["med fentanyl | route=iv_push count=3 dose=50_mcg"]),
        "als2.medications",
    )
    assert made.statement == (
        "3 separate administrations by IV push or infusion, of 3 that ALS2 needs: fentanyl 3 times."
    )


def test_parts_of_one_order_are_said_as_such() -> None:
    made = line(
        code(
            base="als_911",
            find=["med morphine | route=iv_push count=3 dose=2_mg detail=fractions"],
        ),
        "als2.medications",
    )
    assert [(item.count, item.reason) for item in made.counted] == [
        (1, "parts of one ordered dose, counted once")
    ]
    assert [(item.count, item.reason) for item in made.not_counted] == [(2, "a part of one dose")]


def test_what_resembles_a_listed_procedure_is_shown_with_the_difference() -> None:
    made = line(
        code(
            base="als_911",
            find=[
                "int aed_defibrillation",
                "int iv_access",
                "int manual_defibrillation | performed other",
                "int endotracheal_intubation | attempted crew",
            ],
        ),
        "als2.procedures",
    )
    assert {item.name: item.reason for item in made.not_counted} == {
        "aed_defibrillation": "an automated shock is not manual defibrillation",
        "manual_defibrillation": "done by somebody else",
        "endotracheal_intubation": "tried, without success",
    }
    assert made.policy == "attempted_procedures_lift"
    assert made.flag


def test_a_procedure_that_counts_stands_on_one_side_only() -> None:
    made = line(code(base="als_911", find=["int cardioversion"]), "als2.procedures")
    assert [item.name for item in made.counted] == ["cardioversion"]
    assert made.not_counted == ()
    assert not made.flag


def test_specialty_care_names_only_what_it_lacks() -> None:
    made = line(code(base="cct_transfer", find=["cond cardiac_distress", "int iv_access"]), "sct")
    assert made.statement == (
        "No specialty care transport. No care beyond a paramedic's scope is told."
    )


def test_the_sentence_of_a_verdict_says_why() -> None:
    bed = ["mob get_up | unable", "mob ambulate | unable", "mob sit | unable"]
    made = code(base="bls_transfer", find=bed)
    assert line(made, "necessity.bed_confined").statement == (
        "Bed-confined: all three parts of the definition are told."
    )
    made = code(base="bls_transfer", find=["say walked_to_ambulance"])
    assert made.necessity.statement == "Not supported: the patient walked."
    made = code(base="bls_transfer", find=["say vague_necessity"])
    assert made.necessity.statement.startswith("Insufficient: only general words")
    made = code(base="bls_transfer")
    assert made.necessity.statement.startswith("Insufficient: nothing told")


def test_an_intercept_names_what_it_lacks() -> None:
    find = ["say paramedic_intercept | about=rural", "int iv_access"]
    made = line(code(base="als_911", report={"state": "NY"}, find=find), "intercept")
    assert made.statement == (
        "No paramedic intercept; not told or not so: a contract with the volunteer service and "
        "a volunteer service barred by law from billing."
    )
