"""The trail of an analysis as text, and what names mean."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tripsheet.analysis import Analysis
from tripsheet.findings import Cue, Findings, Intervention
from tripsheet.views.explain import define, explain
from tripsheet.vocabulary import GAPS, HCPCS, PLACES


@pytest.mark.parametrize(
    "words",
    [
        "run 17: A0427 ALS1, emergency, by the rules of 2026-01",
        "fentanyl 50 mcg ×2, IV push words: “Fentanyl 50mcg SIVP, repeated x1” (362-394)",
        "met response.emergency: An immediate response",
        "does not count: ondansetron, given by mouth words: “Zofran 4mg ODT”",
        "silent: a further dose by vein",
        "against: “Pt ambulated to cot”",
        "iv_method: A dose is given by IV",
        "ask: How was the ketorolac given, and over what time?",
        "words: the record's loaded_miles",
    ],
)
def test_the_trail_tells_each_finding_and_rule_with_its_words(
    analysis: Analysis, words: str
) -> None:
    assert words in " ".join(explain(analysis).split())


def test_the_trail_names_the_cue_that_decided(analysis: Analysis) -> None:
    start = analysis.report.narrative.index("deferred")
    deferred = Intervention(
        "endotracheal_intubation",
        status="not_performed",
        cues=(Cue("refused", start, start + 8, "deferred"),),
        doubts=("The tube is named once more further on.",),
    )
    text = explain(replace(analysis, findings=Findings(interventions=(deferred,))))
    assert f"cue: refused by “deferred” ({start}-{start + 8})" in text
    assert "doubt: The tube is named once more further on." in text


@pytest.mark.parametrize("name", [*HCPCS, *GAPS, *PLACES])
def test_every_level_gap_and_place_has_a_meaning(name: str) -> None:
    assert define(name)


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("A0433", "Level A0433: ALS2."),
        ("oxygen_reason", "Ask: "),
        ("cardiac_distress", "acute cardiac distress"),
        ("dextrose_counts", "default false"),
        ("cardioversion", "ALS2 procedure"),
    ],
)
def test_a_name_is_defined_by_the_tables(name: str, part: str) -> None:
    assert part in (define(name) or "")


def test_an_unknown_name_has_no_meaning() -> None:
    assert define("no_such_name") is None
