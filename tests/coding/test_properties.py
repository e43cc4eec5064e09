"""Properties of `determine` over many calls that nobody wrote down."""

from __future__ import annotations

import dataclasses
import random
from typing import Any

import scenario
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tripsheet import vocabulary as v
from tripsheet.coding import determine
from tripsheet.findings import (
    Condition,
    Dose,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    Span,
    Statement,
    Transport,
    Vital,
)
from tripsheet.report import Report

RANK = {
    "none": 0, "undetermined": 0, "A0998": 0, "A0428": 1, "A0429": 1, "A0426": 2, "A0427": 2,
    "A0433": 3, "A0434": 4, "A0430": 5, "A0431": 5, "A0432": 5,
}  # fmt: skip
DRUGS = ("fentanyl", "epinephrine", "adenosine", "dextrose", "heparin", "naloxone", "mannitol")
LISTED = ("endotracheal_intubation", "io_access", "blood_transfusion", "chest_decompression")


def doses() -> st.SearchStrategy[Dose | None]:
    sizes = st.sampled_from([0.01, 0.25, 0.5, 1.0, 6.0, 12.0, 50.0])
    return st.none() | st.builds(Dose, sizes, st.sampled_from(["mg", "mcg", "g", "mcg/kg/min"]))


medications = st.builds(
    Medication,
    st.sampled_from(DRUGS),
    route=st.sampled_from(v.ROUTES),
    status=st.sampled_from(["given", "given", "given", "not_given"]),
    performer=st.sampled_from(["crew", "crew", "other"]),
    count=st.integers(1, 4),
    dose=doses(),
    maintained=st.booleans(),
    method_stated=st.booleans(),
    detail=st.sampled_from([None, None, "fractions", "autoinjector", "lock_flush"]),
    source=st.sampled_from(["text", "text", "record", "model"]),
)
interventions = st.builds(
    Intervention,
    st.sampled_from(v.INTERVENTIONS),
    status=st.sampled_from(["performed", "performed", "attempted", "not_performed"]),
    performer=st.sampled_from(["crew", "crew", "other"]),
    maintained=st.booleans(),
    detail=st.sampled_from([None, "interpreted", "whole_blood", "platelets", "saline_lock"]),
    source=st.sampled_from(["text", "text", "model"]),
)
conditions = st.builds(
    Condition,
    st.sampled_from(v.CONDITIONS),
    status=st.sampled_from(["present", "present", "absent", "history"]),
    source=st.sampled_from(["text", "text", "model"]),
)
statements = st.builds(
    Statement,
    st.sampled_from(v.STATEMENTS),
    about=st.sampled_from([None, "bed_confined", "stretcher_used", "iv_access"]),
)
vitals = st.builds(
    Vital, st.sampled_from(v.VITALS), st.sampled_from([3.0, 8.0, 88.0, 120.0]), st.just("")
)
prongs = st.builds(Prong, st.sampled_from(["unable", "able", "not_documented"]))
transports = st.builds(
    Transport,
    mode=st.sampled_from(["ground", "ground", "ground", "rotary_wing", "fixed_wing"]),
    response=st.sampled_from(["emergency", "non_emergency", "unknown"]),
    transported=st.sampled_from([True, True, True, False, None]),
    origin=st.sampled_from([None, "R", "H", "N", "S", "I"]),
    destination=st.sampled_from([None, "H", "N", "R", "J", "P"]),
    loaded_miles=st.sampled_from([None, 0.0, 0.05, 8.4, 99.91, 250.0]),
    crew_level=st.sampled_from([None, *v.CREW_LEVELS]),
    specialist_aboard=st.sampled_from([None, None, "nurse", "respiratory_therapist"]),
    dispatch_complaint=st.sampled_from([None, "chest pain", "fall", "10-D-1"]),
    interfacility=st.sampled_from([None, True, False]),
    scheduled=st.sampled_from([None, True, False]),
    death=st.sampled_from([None, None, None, None, *v.get_args(v.Death)]),
    patients=st.integers(1, 3),
)


def placed(parts: dict[str, list[Any]]) -> dict[str, tuple[Any, ...]]:
    """Each finding with a span of its own, in the order given."""
    at = 0
    made: dict[str, tuple[Any, ...]] = {}
    for name, items in parts.items():
        rows = []
        for item in items:
            rows.append(dataclasses.replace(item, evidence=(Span(at, at + 3, "abc"),)))
            at += 4
        made[name] = tuple(rows)
    return made


@st.composite
def calls(draw: st.DrawFn) -> Findings:
    parts = {
        "medications": draw(st.lists(medications, max_size=5)),
        "interventions": draw(st.lists(interventions, max_size=5)),
        "conditions": draw(st.lists(conditions, max_size=3)),
        "vitals": draw(st.lists(vitals, max_size=3)),
        "statements": draw(st.lists(statements, max_size=3)),
    }
    return Findings(
        mobility=Mobility(draw(prongs), draw(prongs), draw(prongs)),
        transport=draw(transports),
        **placed(parts),
    )


REPORT = Report(narrative="")
quick = settings(
    max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def rank(findings: Findings) -> int:
    return RANK[determine(REPORT, findings).hcpcs]


@quick
@given(calls())
def test_any_call_is_coded_the_same_twice(findings: Findings) -> None:
    assert determine(REPORT, findings) == determine(REPORT, findings)


@quick
@given(calls(), st.randoms(use_true_random=False))
def test_the_order_of_findings_is_immaterial(findings: Findings, shuffle: random.Random) -> None:
    def mixed(items: tuple[Any, ...]) -> tuple[Any, ...]:
        rows = list(items)
        shuffle.shuffle(rows)
        return tuple(rows)

    other = dataclasses.replace(
        findings,
        medications=mixed(findings.medications),
        interventions=mixed(findings.interventions),
        conditions=mixed(findings.conditions),
        vitals=mixed(findings.vitals),
        statements=mixed(findings.statements),
    )
    assert determine(REPORT, other) == determine(REPORT, findings)


@quick
@given(calls(), st.sampled_from(["fentanyl", "epinephrine", "adenosine"]), doses())
def test_one_more_administration_never_lowers_the_level(
    findings: Findings, drug: str, dose: Dose | None
) -> None:
    more = Medication(drug, route="iv_push", dose=dose, evidence=(Span(9_000, 9_003, "abc"),))
    raised = dataclasses.replace(findings, medications=(*findings.medications, more))
    assert rank(raised) >= rank(findings)


@quick
@given(calls(), st.sampled_from(LISTED))
def test_one_more_procedure_never_lowers_the_level(findings: Findings, id: Any) -> None:
    more = Intervention(id, evidence=(Span(9_000, 9_003, "abc"),))
    raised = dataclasses.replace(findings, interventions=(*findings.interventions, more))
    assert rank(raised) >= rank(findings)


@quick
@given(calls(), st.data())
def test_taking_evidence_away_never_raises_the_level(
    findings: Findings, data: st.DataObject
) -> None:
    name = data.draw(st.sampled_from(["medications", "interventions", "conditions", "vitals"]))
    items = getattr(findings, name)
    if not items:
        return
    place = data.draw(st.integers(0, len(items) - 1))
    less = dataclasses.replace(findings, **{name: items[:place] + items[place + 1 :]})
    assert rank(less) <= rank(findings)


@quick
@given(calls())
def test_what_only_a_model_suggests_never_changes_the_code(findings: Findings) -> None:
    def told(items: tuple[Any, ...]) -> tuple[Any, ...]:
        return tuple(item for item in items if item.source != "model")

    without = dataclasses.replace(
        findings,
        medications=told(findings.medications),
        interventions=told(findings.interventions),
        conditions=told(findings.conditions),
    )
    if determine(REPORT, without).hcpcs != "undetermined":
        assert rank(findings) == rank(without)
        assert (
            determine(REPORT, findings).necessity.verdict
            == determine(REPORT, without).necessity.verdict
        )


def evidence_in(findings: Findings) -> set[Span]:
    found: set[Span] = set()
    for group in (
        findings.medications, findings.interventions, findings.conditions, findings.vitals,
        findings.statements,
    ):  # fmt: skip
        for item in group:
            found.update(item.evidence)
    for prong in (findings.mobility.get_up, findings.mobility.ambulate, findings.mobility.sit):
        found.update(prong.evidence)
        found.update(prong.counter)
    for words in (
        *findings.transport.evidence.values(),
        *findings.transport.contradictions.values(),
    ):
        found.update(words)
    return found


@quick
@given(calls())
def test_every_line_points_at_evidence_of_the_findings(findings: Findings) -> None:
    known = evidence_in(findings)
    made = determine(REPORT, findings)
    assert {one for one in scenario.all_evidence(made) if isinstance(one, Span)} <= known


def test_every_line_of_every_scenario_points_at_evidence_of_its_findings() -> None:
    for row in scenario.load_all():
        if "error" in row:
            continue
        report, findings = scenario.build(row)
        made = determine(report, findings)
        spans = {one for one in scenario.all_evidence(made) if isinstance(one, Span)}
        assert spans <= evidence_in(findings), row["name"]


@quick
@given(calls())
def test_a_counted_administration_was_given_by_the_crew(findings: Findings) -> None:
    own = {
        span
        for drug in findings.medications
        if drug.status == "given" and drug.performer == "crew" and drug.source != "model"
        for span in drug.evidence
    }
    for line in scenario.all_lines(determine(REPORT, findings)):
        if line.rule == "als2.medications":
            assert {one for item in line.counted for one in item.evidence} <= own


@quick
@given(calls())
def test_sentences_are_sentences(findings: Findings) -> None:
    made = determine(REPORT, findings)
    for line in scenario.all_lines(made):
        assert line.statement[:1].isupper() or line.statement[:1].isdigit(), line.statement
        assert line.statement.endswith("."), line.statement
        assert "  " not in line.statement
        assert "_" not in line.statement, line.statement
        assert line.citation
    for sentence in made.review:
        assert sentence.endswith(".")


@quick
@given(calls())
def test_necessity_gaps_and_claim_line_agree(findings: Findings) -> None:
    made = determine(REPORT, findings)
    gaps = {gap.id for gap in made.gaps}
    nobody = findings.transport.transported is False or findings.transport.death in (
        "before_dispatch",
        "before_loading",
    )
    assert ("necessity_reason" in gaps) == (made.necessity.verdict != "supported" and not nobody)
    assert len(gaps) == len(made.gaps)
    if "QL" in made.modifiers or made.hcpcs in ("A0998", "none", "undetermined"):
        assert made.mileage is None or findings.transport.loaded_miles
    if made.mileage is not None:
        assert made.mileage.units >= made.mileage.loaded_miles - 1e-9
