"""Medical necessity: was any other means of transport contraindicated?

42 CFR 410.40(e)(1); Benefit Policy Manual ch. 10 s. 10.2, 10.2.3 and 20. The tests of emergency
and non-emergency transports are kept apart, and what speaks against is kept beside what speaks
for.
"""

from __future__ import annotations

import re

from tripsheet.coding.case import Case
from tripsheet.coding.conditions import Standing
from tripsheet.coding.trace import BPM_PRESUMPTION, CFR_NECESSITY, listing
from tripsheet.determination import Item, Line, Necessity
from tripsheet.findings import Evidence
from tripsheet.values import value
from tripsheet.vocabulary import NecessityVerdict, RuleOutcome

_NOTHING_ACUTE = "no acute condition is told"
_STOOD = "the patient stood and turned to the stretcher"
_COUNTER_STATEMENTS = (
    ("walked_to_ambulance", "the patient walked"),
    ("sat_for_transport", "the patient sat"),
    ("convenience", "another means was wanting or unwanted"),
    ("no_acute_condition", _NOTHING_ACUTE),
)
_PRONG_WORDS = (
    ("get_up", "the patient could get up", "the patient could not get up unaided"),
    ("ambulate", "the patient could walk", "the patient could not walk"),
    ("sit", "the patient could sit", "the patient could not sit"),
)
BEHAVIOR = ("behavioral_emergency", "danger_to_self_or_others", "flight_risk")
"""Conditions that describe behavior, and so the reason of a restraint."""


@value
class Weighed:
    """The verdict with what the gap rules need to know of it."""

    necessity: Necessity
    conditions: dict[str, Standing]
    acute: bool
    """A condition of acute weight stands."""
    mobility_ground: bool
    """The need of a stretcher or bed-confinement is the only ground."""


def _counter(case: Case) -> tuple[list[str], tuple[Evidence, ...]]:
    """R2.3-e: what speaks against: walked, sat, able by a prong, convenience, nothing acute."""
    words: list[str] = []
    evidence: dict[Evidence, None] = {}
    for id, sentence in _COUNTER_STATEMENTS:
        if id in case.statements:
            stood = all(one.about == "stood" for one in case.statements[id])
            words.append(_STOOD if id == "walked_to_ambulance" and stood else sentence)
            evidence.update(dict.fromkeys(case.says(id)))
    mobility = case.findings.mobility
    for name, able, _ in _PRONG_WORDS:
        prong = getattr(mobility, name)
        if prong.source == "model":
            continue
        if prong.value == "able":
            words.append(able)
            evidence.update(dict.fromkeys(prong.evidence))
        elif prong.counter:
            words.append(f"{able}, by other words")
        if prong.counter:
            evidence.update(dict.fromkeys(prong.counter))
    return list(dict.fromkeys(words)), tuple(evidence)


def bed_confinement(case: Case) -> Line:
    """R2.3-a, R2.3-b: the three prongs, each with what is told of it."""
    mobility = case.findings.mobility
    value = mobility.bed_confined
    children = []
    for name, able, unable in _PRONG_WORDS:
        prong = getattr(mobility, name)
        outcome: RuleOutcome = (
            "met" if prong.value == "unable" else "not_met" if prong.value == "able"
            else "not_documented"
        )  # fmt: skip
        sentence = (
            f"{unable[0].upper()}{unable[1:]}."
            if prong.value == "unable"
            else f"{able[0].upper()}{able[1:]}."
            if prong.value == "able"
            else f"Whether {able} is not told."
        )
        children.append(
            Line(
                f"necessity.bed_confined.{name}",
                outcome,
                sentence,
                CFR_NECESSITY,
                prong.evidence,
                not_counted=(Item(name, 1, "speaks against", prong.counter),)
                if prong.counter
                else (),
                flag=bool(prong.counter),
            )
        )
    return Line(
        "necessity.bed_confined",
        "met" if value == "yes" else "not_met" if value == "no" else "not_documented",
        "Bed-confined: all three parts of the definition are told."
        if value == "yes"
        else "Not bed-confined: the patient could do at least one of the three things."
        if value == "no"
        else "Bed-confinement is not shown: not all three parts are told.",
        f"{CFR_NECESSITY}; Benefit Policy Manual ch. 10 s. 10.2.3",
        tuple(one for line in children for one in line.evidence),
        children=tuple(children),
    )


_NO_BED = Line(
    "necessity.bed_confined",
    "not_documented",
    "Bed-confinement is not shown: nothing is told of getting up, walking or sitting.",
    f"{CFR_NECESSITY}; Benefit Policy Manual ch. 10 s. 10.2.3",
)


def weigh(case: Case, conditions: dict[str, Standing]) -> Weighed:
    """The verdict by R2.1-a with R2.4 on an emergency and R2.3-d otherwise."""
    counter, against = _counter(case)
    rules = case.rules.conditions
    acute = any(rules[id].emergency == "acute" for id in conditions)
    if not case.is_transport:
        return Weighed(_nobody(case, against), conditions, acute, False)
    emergency = case.response == "emergency"
    basis = (
        _emergency(case, conditions, counter) if emergency else _other(case, conditions, counter)
    )
    verdict: NecessityVerdict
    if basis:
        verdict = "supported"
    elif against_transport(counter, emergency):
        verdict = "not_supported"
    else:
        verdict = "insufficient"
    lines = _lines(case, conditions, basis, emergency)
    evidence: dict[Evidence, None] = {}
    for id in basis:
        evidence.update(
            dict.fromkeys(conditions[id].evidence if id in conditions else case.says(id))
        )
    mobility_ground = bool(basis) and all(id in _MOBILITY for id in basis)
    statement = _sentence(case, basis, counter, verdict)
    return Weighed(
        Necessity(verdict, basis, statement, CFR_NECESSITY, tuple(evidence), against, lines),
        conditions,
        acute,
        mobility_ground,
    )


def against_transport(counter: list[str], emergency: bool) -> bool:
    """Whether what is told speaks against an ambulance.

    That nothing acute is told speaks against an emergency only: a booked trip needs no acute
    condition.
    """
    return any(emergency or words != _NOTHING_ACUTE for words in counter)


_MOBILITY = frozenset(
    {"bed_confined", "stretcher_only", "stretcher_reason", "special_handling", "contracture",
     "decubitus"}
)  # fmt: skip


def _emergency(case: Case, conditions: dict[str, Standing], counter: list[str]) -> tuple[str, ...]:
    """R2.4: an acute condition supports an emergency and outweighs walking (case 94)."""
    rules = case.rules.conditions
    strong = [id for id in conditions if rules[id].emergency == "acute"]
    listed = [id for id in conditions if rules[id].emergency == "listed"]
    if strong:
        return tuple(strong + listed)
    if listed and not counter:
        return tuple(listed)
    if "necessity_reason" in case.statements:
        return (*listed, "necessity_reason")
    return ()


# signs that may be of another day or long standing; on a planned trip they do not outweigh words
# against them (walked, sat, nothing acute, convenience)
_PASSING = frozenset({"respiratory_distress", "cardiac_distress", "possible_stroke"})


def _other(case: Case, conditions: dict[str, Standing], counter: list[str]) -> tuple[str, ...]:
    """R2.3-d: bed-confined, or a clinical reason that made other transport unsafe."""
    rules = case.rules.conditions
    moved = "walked_to_ambulance" in case.statements or "sat_for_transport" in case.statements
    booked = bool(case.scheduled) or "repetitive_transport" in case.statements
    cannot_sit = case.findings.mobility.sit.value == "unable"
    can_sit = case.findings.mobility.sit.value == "able"
    said_why = "stretcher_reason" in case.statements or "stretcher_only" in conditions
    behavior = "restraint_reason" in case.statements or any(id in conditions for id in BEHAVIOR)
    general = "vague_necessity" in case.statements or "no_acute_condition" in case.statements
    # With the response untold, an acute condition outweighs walking as it does on an emergency.
    outweighed = general if case.response == "unknown" else bool(counter)
    drips = _drips(case)
    firm = not moved and not general and "convenience" not in case.statements
    found: list[str] = []
    for id in conditions:
        kind = rules[id].other_times
        if (
            (kind == "reason" and (firm or id not in _PASSING))
            or (kind == "stretcher" and not moved and not can_sit)
            or (kind == "immobile" and not moved)
            or (kind == "restraint" and behavior)
            or (kind == "unscheduled" and not booked and not outweighed)
            or (kind == "cannot_sit" and (cannot_sit or said_why) and not moved)
            or (
                kind == "monitored"
                and "vague_necessity" not in case.statements
                and ("cardiac_monitoring" in case.performed or drips)
            )
        ):
            found.append(id)
    if "necessity_reason" in case.statements:
        found.append("necessity_reason")
    if "stretcher_reason" in case.statements and not moved and not can_sit:
        found.append("stretcher_reason")
    if drips and not general and not moved:
        found.append("oxygen_or_emergency_treatment")
    return tuple(dict.fromkeys(found))


def _drips(case: Case) -> bool:
    """Care on the way that only an ambulance crew can give: a medicated drip kept running."""
    return any(drug.route == "iv_infusion" for drug in case.given)


def _sentence(
    case: Case, basis: tuple[str, ...], counter: list[str], verdict: NecessityVerdict
) -> str:
    against = f" Against it: {listing(counter)}." if counter else ""
    if verdict == "supported":
        return f"Supported by {listing(_name(case, id) for id in basis)}.{against}"
    if verdict == "not_supported":
        return f"Not supported: {listing(counter)}."
    if "vague_necessity" in case.statements:
        return "Insufficient: only general words are told, no finding behind them."
    return "Insufficient: nothing told shows why another means of transport was unsafe."


_STATEMENT_NAMES = {
    "necessity_reason": "a clinical reason told for the ambulance",
    "stretcher_reason": "a clinical reason told for the stretcher",
}


_PLURAL = re.compile(r"(?<!with )\b(?:signs|symptoms|palpitations|ulcers)\b")
_PRONOUN = {"is": "it is", "are": "they are"}


def _verb(name: str) -> str:
    return "are" if _PLURAL.search(name) else "is"


def _name(case: Case, id: str) -> str:
    rule = case.rules.conditions.get(id)
    return rule.name if rule is not None else _STATEMENT_NAMES[id]


def _lines(
    case: Case, conditions: dict[str, Standing], basis: tuple[str, ...], emergency: bool
) -> tuple[Line, ...]:
    made: list[Line] = []
    for id in basis:
        if id == "bed_confined":
            continue  # told below, with its three parts
        found = conditions.get(id)
        rule = case.rules.conditions.get(id)
        name = _name(case, id)
        in_words = found is None or found.told
        made.append(
            Line(
                f"necessity.{id}",
                "met",
                f"{name[0].upper()}{name[1:]} "
                f"{_verb(name) + ' told' if in_words else 'follows from the findings'}.",
                rule.citation if rule is not None else CFR_NECESSITY,
                found.evidence if found is not None else case.says(id),
            )
        )
    for id, found in conditions.items():
        if id not in basis and id != "bed_confined":
            name = _name(case, id)
            made.append(
                Line(
                    f"necessity.{id}",
                    "not_met",
                    f"{name[0].upper()}{name[1:]} {_verb(name)} told; alone "
                    f"{_PRONOUN[_verb(name)]} not enough here.",
                    case.rules.conditions[id].citation,
                    found.evidence,
                )
            )
    if not emergency or "bed_confined" in case.present or "bed_confined" in conditions:
        mobility = case.findings.mobility
        told = (mobility.get_up.value, mobility.ambulate.value, mobility.sit.value)
        if told == ("not_documented", "not_documented", "not_documented"):
            made.append(_NO_BED)
        else:
            made.append(bed_confinement(case))
    if "vague_necessity" in case.statements:
        made.append(
            Line(
                "necessity.vague",
                "not_documented",
                "General words stand for a reason; a finding behind them is needed.",
                BPM_PRESUMPTION,
                case.says("vague_necessity"),
            )
        )
    return tuple(made)


def _nobody(case: Case, against: tuple[Evidence, ...]) -> Necessity:
    return Necessity(
        "not_supported",
        (),
        "Nobody was transported, so there is no transport whose necessity could be supported.",
        CFR_NECESSITY,
        case.field("transported") + case.field("death"),
        against,
        (
            Line(
                "necessity.transport",
                "not_met",
                "No transport took place.",
                "42 CFR 410.40",
                case.field("transported") + case.field("death"),
            ),
        ),
    )
