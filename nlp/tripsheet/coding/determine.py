"""From findings and record to a determination: the one entry of this package."""

from __future__ import annotations

from collections.abc import Iterable

from tripsheet.coding.audit import claim
from tripsheet.coding.case import Case, prepare
from tripsheet.coding.checks import checks
from tripsheet.coding.conditions import standing
from tripsheet.coding.contradictions import contradictions
from tripsheet.coding.diagnoses import diagnoses, indicators
from tripsheet.coding.gaps import gaps
from tripsheet.coding.level import level
from tripsheet.coding.mileage import mileage
from tripsheet.coding.modifiers import modifiers
from tripsheet.coding.necessity import weigh
from tripsheet.coding.policies import DEFAULT, Policies
from tripsheet.coding.rules import Rules, load_rules
from tripsheet.coding.trace import label
from tripsheet.coding.validate import validate
from tripsheet.determination import Determination, Line
from tripsheet.findings import Findings
from tripsheet.report import Report


def determine(
    report: Report,
    findings: Findings,
    *,
    rules: Rules | None = None,
    policies: Policies | None = None,
) -> Determination:
    """Code one report: level, necessity, claim line, explanation, checks and gaps.

    The date of service picks the rules unless they are given; without a date the newest stand.
    The same values give the same determination, in whatever order the findings come.

    Raises FindingsError for an unknown name or an impossible value, RecordError for a date of
    service before the ambulance fee schedule (2002-04-01); both name the field.
    """
    validate(report, findings)
    if rules is None:
        rules = load_rules(report.date_of_service)
    case = prepare(report, findings, rules, policies or DEFAULT)
    conditions = standing(case)
    decided = level(case, conditions)
    weighed = weigh(case, conditions)
    against = contradictions(case, weighed, decided)
    checked = checks(case, weighed, decided)
    return Determination(
        rules.name,
        decided.hcpcs,
        modifiers(case, decided.hcpcs),
        weighed.necessity,
        decided.lines,
        decided.not_assigned,
        mileage(case),
        claim(case, decided),
        diagnoses(case, conditions),
        indicators(case, conditions, decided),
        checked,
        against,
        review(case, (decided.lines, weighed.necessity.lines, checked, against)),
        gaps(case, weighed, decided),
    )


def review(case: Case, groups: Iterable[tuple[Line, ...]]) -> tuple[str, ...]:
    """What a person should check by hand: doubtful findings first, then flagged rules.

    The sentences name findings by their vocabulary, never a word of the narrative.
    """
    made: dict[str, None] = {}
    findings = case.findings
    for drug in case.medications:
        for doubt in drug.doubts:
            made[f"The reading of {label(drug.name)} is doubtful: {label(doubt)}."] = None
        if drug.source == "model":
            made[f"A model alone suggests {label(drug.name)}; it counts for nothing."] = None
    for act in case.interventions:
        for doubt in act.doubts:
            made[f"The reading of {label(act.id)} is doubtful: {label(doubt)}."] = None
        if act.source == "model":
            made[f"A model alone suggests {label(act.id)}; it counts for nothing."] = None
    for condition in sorted(findings.conditions, key=lambda one: (one.id, one.doubts)):
        for doubt in condition.doubts:
            made[f"The reading of {label(condition.id)} is doubtful: {label(doubt)}."] = None
        if condition.source == "model":
            made[f"A model alone suggests {label(condition.id)}; it supports nothing."] = None
    for name in ("get_up", "ambulate", "sit"):
        for doubt in getattr(findings.mobility, name).doubts:
            made[f"The reading of {label(name)} is doubtful: {label(doubt)}."] = None
    for lines in groups:
        _flagged(lines, made)
    return tuple(made)


def _flagged(lines: tuple[Line, ...], made: dict[str, None]) -> None:
    """Adds the statements of all flagged lines of a tree, parents first."""
    for line in lines:
        if line.flag:
            made[line.statement] = None
        if line.children:
            _flagged(line.children, made)
