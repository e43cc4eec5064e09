"""Small sentences: which cue decides a mention, and who did it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tripsheet.findings import Condition, Intervention, Medication
from tripsheet.reading import reader
from tripsheet.reading.context import decide, doer
from tripsheet.reading.document import Document
from tripsheet.reading.scan import Hit
from tripsheet.reading.setting import setting_of
from tripsheet.report import Report

CASES = tomllib.loads((Path(__file__).parent / "cases_context.toml").read_text("utf-8"))
_MENTION = re.compile(r"\{(.*?)\}")


def cases(key: str) -> list[object]:
    return [
        pytest.param(text, expected, id=f"{group['what']}: {text}")
        for group in CASES[key]
        for text, expected in group["cases"]
    ]


def mention(marked: str) -> tuple[str, Document, Hit]:
    """The text without its braces, its document, and the hit that the braces hold."""
    found = _MENTION.search(marked)
    assert found is not None
    text = _MENTION.sub(r"\1", marked)
    document = reader().document(text)
    (hit, *_) = (
        hit
        for kind in ("drug", "treatment", "condition")
        for hit in document.hits(kind)
        if document.span(hit.start, hit.end).text == found[1]
        and document.span(hit.start, hit.end).start == found.start()
    )
    return text, document, hit


@pytest.mark.parametrize(("marked", "expected"), cases("decides"))
def test_decide(marked: str, expected: str) -> None:
    _, document, hit = mention(marked)
    decision = decide(document, hit.start, hit.end, finding=hit.entry.kind == "condition")
    told = f"{decision.kind} by {document.cue(decision.cue).text.strip()}" if decision else ""
    assert told == expected


@pytest.mark.parametrize(("marked", "expected"), cases("doer"))
def test_doer(marked: str, expected: str) -> None:
    text, document, hit = mention(marked)
    setting = setting_of(Report(narrative=text), document)
    who = doer(document, hit.start, hit.end, setting=setting, drug=hit.entry.kind == "drug")
    told = who.performer
    told += f" by {who.cue.text}" if who.cue is not None else ""
    told += " before" if who.prior else ""
    assert told == expected


def test_a_cue_is_an_exact_stretch_of_the_narrative() -> None:
    for group in (*CASES["decides"], *CASES["doer"]):
        for marked, _ in group["cases"]:
            text, document, hit = mention(marked)
            decision = decide(document, hit.start, hit.end, finding=hit.entry.kind == "condition")
            if decision is not None:
                cue = document.cue(decision.cue)
                assert text[cue.start : cue.end] == cue.text


def read(text: str) -> list[Medication | Intervention | Condition]:
    found = reader().read(Report(narrative=text))
    return [*found.medications, *found.interventions, *found.conditions]


def told(text: str) -> list[str]:
    """Drugs and care as "name status performer"; conditions that are present by their id."""
    return [
        one.id
        if isinstance(one, Condition)
        else f"{one.name if isinstance(one, Medication) else one.id} {one.status} {one.performer}"
        for one in read(text)
        if not isinstance(one, Condition) or one.status == "present"
    ]


def test_who_refuses_is_not_who_does() -> None:
    (refused,) = reader().read(Report(narrative="IV refused by pt.")).interventions
    assert (refused.id, refused.status) == ("iv_access", "not_performed")


IN_CONTEXT = [
    ("If seizure recurs give Versed.", ["midazolam not_given crew"]),
    ("No known seizure.", []),
    (
        "MD ordered fentanyl 50 mcg; it was given IVP.",
        ["fentanyl given crew", "oxygen_or_emergency_treatment"],
    ),
    (
        "MD ordered fentanyl 50 mcg, which was given IVP.",
        ["fentanyl given crew", "oxygen_or_emergency_treatment"],
    ),
]


@pytest.mark.parametrize(("text", "expected"), IN_CONTEXT)
def test_read_in_context(text: str, expected: list[str]) -> None:
    assert told(text) == expected
