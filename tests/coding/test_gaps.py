"""The questions to crews are open: none leads, none offers what would make a claim payable."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from tripsheet.coding import determine
from tripsheet.reading import reader
from tripsheet.report import Report
from tripsheet.resources import RULES

TEXTS = tomllib.loads((RULES / "gaps.toml").read_text(encoding="utf-8"))

LEADING_STARTS = (
    "was ", "were ", "is ", "are ", "did ", "does ", "do ", "could ", "can ", "would ", "should ",
    "has ", "have ", "had ", "isn't", "wasn't", "please add", "add ", "document that", "confirm",
    "state that", "please state", "write ", "note that",
)  # fmt: skip
PAYABLE_WORDS = (
    "bed-confined", "bed confined", "unable", "could not sit", "cannot", "unsafe",
    "contraindicated",
    "medically necessary", "emergency", "immediate", "iv push", "push or infusion", "infusion",
    "critically", "beyond", "als ", "advanced", "three ", "distress", "hypoxi", "shortness",
    "stretcher only", "only by stretcher", "required", "needed", "necessary", "separate dose",
    "low saturation", "dangerous", "combative", "violent", "deformity", "not available",
    "unavailable", "higher level", "lights", "911", "e.g.", "such as", "for example",
    " or not",
)  # fmt: skip
OPEN_WORDS = ("what", "how", "describe", "who", "where", "which", "at what", "by which")


@pytest.mark.parametrize("id", TEXTS)
def test_a_question_is_open_and_does_not_lead(id: str) -> None:
    ask = TEXTS[id]["ask"]
    low = ask.casefold()
    assert not low.startswith(LEADING_STARTS), "a question that yes or no answers"
    assert low.startswith(OPEN_WORDS), "an open question opens with what, how, who, where, which"
    offered = [word for word in PAYABLE_WORDS if word in low]
    assert not offered, f"offers an answer: {offered}"
    assert ask.endswith(("?", "."))


@pytest.mark.parametrize("id", TEXTS)
def test_a_message_is_one_sentence_that_tells_what_lacks(id: str) -> None:
    message = TEXTS[id]["message"]
    assert message.endswith(".")
    assert "?" not in message
    assert TEXTS[id]["citation"]


def test_the_check_itself_refuses_leading_questions() -> None:
    """The lists above catch the forms they are for."""
    for leading in (
        "Was the patient unable to sit?",
        "Confirm that the patient was bed-confined.",
        "How was the dose given, by IV push or infusion?",
    ):
        low = leading.casefold()
        assert low.startswith(LEADING_STARTS) or any(word in low for word in PAYABLE_WORDS)


CASES = tomllib.loads((Path(__file__).parent / "cases_gaps.toml").read_text("utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:90] for case in CASES])
def test_gaps_of(case: dict[str, Any]) -> None:
    report = Report(narrative=case["text"])
    asked = {gap.id for gap in determine(report, reader().read(report)).gaps}
    assert set(case.get("asks", ())) <= asked
    assert not set(case.get("not", ())) & asked


def test_a_patient_who_stood_and_turned_is_not_said_to_have_walked() -> None:
    report = Report(narrative="Scheduled discharge, hospital to home. Stood and pivoted to cot.")
    statement = determine(report, reader().read(report)).necessity.statement
    assert "stood and turned" in statement
    assert "walked" not in statement
