"""Narrative against chart: each kind of difference, and what is none."""

from __future__ import annotations

import pytest

from tripsheet.findings import Findings, Intervention, Medication, Span, Vital
from tripsheet.formats.nemsis.chart import (
    Chart,
    ChartedIntervention,
    ChartedMedication,
    ChartedVital,
)
from tripsheet.formats.nemsis.reconcile import reconcile

TOLD = Medication("fentanyl", "iv_push", count=2, evidence=(Span(0, 8, "Fentanyl"),))
PUSH = ChartedMedication("fentanyl", "4337", route="iv_push", method_stated=False)
TUBE = Intervention("endotracheal_intubation")
CHARTED_TUBE = ChartedIntervention("endotracheal_intubation", "232674004")

MEDICATIONS: dict[str, tuple[list[Medication], list[ChartedMedication], str, list[str]]] = {
    "two told, two charted": ([TOLD], [PUSH, PUSH], "agreed", []),
    "two told, one charted": (
        [TOLD], [PUSH], "contradicted",
        ["fentanyl: count 2 in the narrative, 1 in the chart."],
    ),
    "told only": ([TOLD], [], "only_told", ["fentanyl: in the narrative, not in the chart."]),
    "charted only": ([], [PUSH], "only_charted", ["fentanyl: in the chart, not in the narrative."]),
    "told as given, charted as refused": (
        [TOLD], [ChartedMedication("fentanyl", "4337", "not_given", reason="refused")],
        "contradicted", ["fentanyl: status given in the narrative, not_given in the chart."],
    ),
    "refused in both": (
        [Medication("fentanyl", status="not_given")],
        [ChartedMedication("fentanyl", "4337", "not_given")], "agreed", [],
    ),
    "charted as refused, not told": (
        [], [ChartedMedication("fentanyl", "4337", "not_given")], "only_charted", [],
    ),
    "told of the crew, charted before arrival": (
        [Medication("fentanyl", "iv_push")],
        [ChartedMedication("fentanyl", "4337", performer="other", route="iv_push")],
        "contradicted", ["fentanyl: performer crew in the narrative, other in the chart."],
    ),
    "told into the nose, charted into a vein": (
        [Medication("fentanyl", "intranasal")], [PUSH], "contradicted",
        ["fentanyl: route intranasal in the narrative, iv in the chart."],
    ),
    "told as a drip, charted as plain intravenous": (
        [Medication("fentanyl", "iv_infusion")], [PUSH], "agreed", [],
    ),
    "route not told": ([Medication("fentanyl")], [PUSH], "agreed", []),
    "a total without its doses": (
        [Medication("fentanyl", "iv_push", total_only=True)], [PUSH, PUSH], "agreed", [],
    ),
    "an infusion charted at each rate": (
        [Medication("fentanyl", "iv_infusion")], [PUSH, PUSH, PUSH], "agreed", [],
    ),
    "a model's suggestion is not told": (
        [Medication("fentanyl", source="model")], [PUSH], "only_charted",
        ["fentanyl: in the chart, not in the narrative."],
    ),
}  # fmt: skip

INTERVENTIONS: dict[str, tuple[list[Intervention], list[ChartedIntervention], str, list[str]]] = {
    "both performed": ([TUBE], [CHARTED_TUBE], "agreed", []),
    "told as done, charted as failed": (
        [TUBE], [ChartedIntervention("endotracheal_intubation", "232674004", "attempted")],
        "contradicted",
        ["endotracheal intubation: status performed in the narrative, attempted in the chart."],
    ),
    "failed, then placed, in both": (
        [Intervention("endotracheal_intubation", "attempted"), TUBE],
        [ChartedIntervention("endotracheal_intubation", "1", "attempted"), CHARTED_TUBE],
        "agreed", [],
    ),
    "told of the crew, charted before arrival": (
        [TUBE], [ChartedIntervention("endotracheal_intubation", "1", performer="other")],
        "contradicted",
        ["endotracheal intubation: performer crew in the narrative, other in the chart."],
    ),
    "neither done": (
        [Intervention("oxygen", "not_performed", "other")],
        [ChartedIntervention("oxygen", "1", "not_performed")], "agreed", [],
    ),
}  # fmt: skip

VITALS: dict[str, tuple[list[Vital], list[float], str, list[str]]] = {
    "one of the charted": ([Vital("spo2", 86, "%")], [86, 97], "agreed", []),
    "none of the charted": (
        [Vital("spo2", 86, "%")], [97, 98], "contradicted",
        ["spo2: value 86 in the narrative, 97, 98 in the chart."],
    ),
    "charted only is no flag": ([], [97], "only_charted", []),
    "told only is no flag": ([Vital("spo2", 86, "%")], [], "only_told", []),
}  # fmt: skip


@pytest.mark.parametrize(
    ("told", "charted", "verdict", "flags"), MEDICATIONS.values(), ids=MEDICATIONS.keys()
)
def test_medication(
    told: list[Medication], charted: list[ChartedMedication], verdict: str, flags: list[str]
) -> None:
    found = reconcile(
        Findings(medications=tuple(told)), Chart(number="1", medications=tuple(charted))
    )
    [item] = found.comparisons
    assert (item.kind, item.name, item.verdict) == ("medication", "fentanyl", verdict)
    assert list(found.flags) == flags


@pytest.mark.parametrize(
    ("told", "charted", "verdict", "flags"), INTERVENTIONS.values(), ids=INTERVENTIONS.keys()
)
def test_intervention(
    told: list[Intervention], charted: list[ChartedIntervention], verdict: str, flags: list[str]
) -> None:
    found = reconcile(
        Findings(interventions=tuple(told)), Chart(number="1", interventions=tuple(charted))
    )
    [item] = found.comparisons
    assert item.verdict == verdict
    assert list(found.flags) == flags


@pytest.mark.parametrize(
    ("told", "charted", "verdict", "flags"), VITALS.values(), ids=VITALS.keys()
)
def test_vital(told: list[Vital], charted: list[float], verdict: str, flags: list[str]) -> None:
    chart = Chart(number="1", vitals=tuple(ChartedVital("spo2", value, "%") for value in charted))
    found = reconcile(Findings(vitals=tuple(told)), chart)
    [item] = found.comparisons
    assert item.verdict == verdict
    assert list(found.flags) == flags


def test_temperature_in_fahrenheit_agrees_with_celsius() -> None:
    chart = Chart(number="1", vitals=(ChartedVital("temperature", 37.0, "C"),))
    found = reconcile(Findings(vitals=(Vital("temperature", 98.6, "F"),)), chart)
    assert found.comparisons[0].verdict == "agreed"


def test_home_medications_and_care_not_given_are_not_compared() -> None:
    told = Findings(
        medications=(Medication("lisinopril", status="not_given", reason="home_list"),),
        interventions=(Intervention("cpap", "not_performed"),),
    )
    assert reconcile(told, Chart(number="1")).comparisons == ()


def test_codes_without_a_name_are_listed_and_not_judged() -> None:
    chart = Chart(number="1", medications=(ChartedMedication(None, "2573160"),))
    found = reconcile(Findings(), chart)
    assert (found.comparisons, found.unmapped, found.flags) == ((), ("2573160",), ())


def test_words_of_the_narrative_are_kept_as_evidence() -> None:
    found = reconcile(Findings(medications=(TOLD,)), Chart(number="1"))
    assert found.to_record()["comparisons"][0]["evidence"] == [
        {"start": 0, "end": 8, "text": "Fentanyl"}
    ]
