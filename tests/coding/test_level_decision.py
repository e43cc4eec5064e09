"""The pure level decision and the audit of claims, by their tables."""

from __future__ import annotations

import itertools
import time
from typing import Any

import pytest
import scenario

from tripsheet.coding import LevelFacts, decide_level, determine, load_rules
from tripsheet.vocabulary import HCPCS


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"told": False}, "undetermined"),
        ({}, "A0428"),
        ({"emergency": True}, "A0429"),
        ({"als_intervention": True}, "A0426"),
        ({"als_intervention": True, "emergency": True}, "A0427"),
        ({"als_assessment": True, "emergency": True}, "A0427"),
        ({"als_assessment": True}, "A0428"),
        ({"als2_administrations": 2, "als_intervention": True}, "A0426"),
        ({"als2_administrations": 3, "als_intervention": True}, "A0433"),
        ({"als2_procedure": True}, "A0433"),
        ({"als2_procedure": True, "als_staffed": False, "emergency": True}, "A0429"),
        ({"transported": False}, "none"),
        ({"transported": False, "treated": True}, "A0998"),
        ({"death": "before_dispatch", "transported": False, "treated": True}, "none"),
        ({"death": "before_loading", "transported": False, "emergency": True}, "A0429"),
        ({"death": "before_loading", "transported": False}, "A0428"),
        ({"death": "before_loading", "mode": "fixed_wing"}, "A0430"),
        ({"death": "after_loading", "als2_procedure": True}, "A0433"),
        ({"mode": "rotary_wing", "als2_procedure": True}, "A0431"),
        ({"mode": "fixed_wing"}, "A0430"),
        ({"intercept": True, "als2_procedure": True}, "A0432"),
    ],
)
def test_the_decision(facts: dict[str, Any], code: str) -> None:
    assert decide_level(LevelFacts(**facts)) == code


def test_specialty_care_needs_all_four_facts() -> None:
    names = ("facilities_at_both_ends", "critical", "beyond_paramedic", "specialist")
    for values in itertools.product((True, False), repeat=4):
        facts = LevelFacts(**dict(zip(names, values, strict=True)))
        assert (decide_level(facts) == "A0434") == all(values)


def test_every_code_is_reached() -> None:
    reached = set()
    for (
        told,
        mode,
        transported,
        death,
        emergency,
        treated,
        act,
        administrations,
    ) in itertools.product(
        (True, False),
        ("ground", "rotary_wing", "fixed_wing"),
        (True, False),
        (None, "before_dispatch", "before_loading", "after_loading"),
        (True, False),
        (True, False),
        (True, False),
        (0, 3),
    ):
        for special in (True, False):
            reached.add(
                decide_level(
                    LevelFacts(
                        told=told,
                        mode=mode,  # type: ignore[arg-type]
                        transported=transported,
                        death=death,  # type: ignore[arg-type]
                        emergency=emergency,
                        treated=treated,
                        als_intervention=act,
                        als2_administrations=administrations,
                        facilities_at_both_ends=special,
                        critical=special,
                        beyond_paramedic=special,
                        specialist=special,
                    )
                )
            )
    assert reached == set(HCPCS) - {"A0432"}


SUPPORTED: dict[str, dict[str, Any]] = {
    "A0428": {"base": "bls_transfer"},
    "A0429": {"base": "bls_911", "find": ["cond seizure"]},
    "A0426": {"base": "als_transfer", "find": ["int iv_access"]},
    "A0427": {"base": "als_911", "find": ["int iv_access"]},
    "A0433": {"base": "als_911", "find": ["int manual_defibrillation"]},
    "A0434": {"base": "cct_transfer", "find": ["int ecmo", "cond cardiac_distress"]},
    "A0431": {"base": "helicopter"},
    "A0998": {
        "base": "als_911",
        "call": "transported=false destination=none loaded_miles=none",
        "find": ["int iv_access"],
    },
}
GRID = """
         A0428 A0429 A0426 A0427 A0433 A0434 A0431 A0998
A0428    =     +     +     +     +     +     ?     -
A0429    -     =     ?     +     +     +     ?     -
A0426    -     ?     =     +     +     +     ?     -
A0427    -     -     -     =     +     +     ?     -
A0433    -     -     -     -     =     +     ?     -
A0434    -     -     -     -     -     =     ?     -
A0431    ?     ?     ?     ?     ?     ?     =     -
A0998    +     +     +     +     +     +     +     =
"""
WORDS = {
    "=": "equal",
    "+": "higher_than_supported",
    "-": "lower_than_supported",
    "?": "not_comparable",
}


def cells() -> list[tuple[str, str, str]]:
    head, *rows = [line.split() for line in GRID.strip().splitlines()]
    return [
        (supported, claimed, mark)
        for supported, *marks in rows
        for claimed, mark in zip(head, marks, strict=True)
    ]


@pytest.mark.parametrize(("supported", "claimed", "mark"), cells())
def test_each_claim_against_each_supported_level(supported: str, claimed: str, mark: str) -> None:
    row = {"name": "x", **SUPPORTED[supported], "report": {"claimed_hcpcs": claimed}}
    made = determine(*scenario.build(row))
    assert made.hcpcs == supported
    assert made.claimed is not None
    assert made.claimed.verdict == WORDS[mark]
    if mark == "=":
        assert made.claimed.risk == "none"
    elif mark == "-":
        assert made.claimed.risk == "low"
    else:
        assert made.claimed.risk != "none"


def test_a_typical_report_is_coded_well_within_a_millisecond() -> None:
    """The budget is 0.15 ms on a quiet machine; the bound leaves room for a busy one."""
    report, findings = scenario.build(
        {
            "name": "x",
            "base": "als_911",
            "report": {"claimed_hcpcs": "A0433"},
            "find": [
                "int iv_access",
                "int cardiac_monitoring | detail=interpreted",
                "int oxygen",
                "med fentanyl | route=iv_push count=2 dose=50_mcg",
                "med ondansetron | route=oral dose=4_mg",
                "cond cardiac_distress",
                "vital spo2 | 92 %",
                "say walked_to_ambulance",
            ],
        }
    )
    load_rules()
    best = 1.0
    for _ in range(20):
        start = time.process_time()
        for _ in range(50):
            determine(report, findings)
        best = min(best, (time.process_time() - start) / 50)
    assert best < 0.001
