"""Determination: what the findings support, why, why not more, and what is missing."""

from __future__ import annotations

from typing import Literal

from tripsheet.findings import Evidence
from tripsheet.values import value
from tripsheet.vocabulary import ClaimVerdict, GapId, Hcpcs, NecessityVerdict, RuleOutcome


@value
class Item:
    """A finding as a counting rule saw it: its name, how many, and why it counts or not."""

    name: str
    count: int
    reason: str
    evidence: tuple[Evidence, ...] = ()


@value
class Line:
    """One line of the explanation: a rule, what it decided, and the words it rests on.

    `counted` and `not_counted` set side by side what a counting rule took and what it left,
    each with its reason. `policy` names the switch of `lexicons/rules/policies.toml` that would
    decide otherwise. `children` are the rules that this one rests on.
    """

    rule: str
    outcome: RuleOutcome
    statement: str
    citation: str
    evidence: tuple[Evidence, ...] = ()
    counted: tuple[Item, ...] = ()
    not_counted: tuple[Item, ...] = ()
    policy: str | None = None
    flag: bool = False
    """True where competent coders disagree and a person should look."""
    children: tuple[Line, ...] = ()


@value
class Missing:
    """A fact that would have made a higher level: the narrative is silent or speaks against."""

    fact: str
    stance: Literal["silent", "against"]
    evidence: tuple[Evidence, ...] = ()


@value
class NotAssigned:
    """A level above the assigned one: why not, and the shortest set of facts it lacks."""

    hcpcs: Hcpcs
    reason: str
    citation: str = ""
    missing: tuple[Missing, ...] = ()
    lines: tuple[Line, ...] = ()


@value
class Necessity:
    """The verdict, the conditions it rests on, and what speaks against it."""

    verdict: NecessityVerdict
    basis: tuple[str, ...] = ()
    statement: str = ""
    citation: str = "42 CFR 410.40(e)(1)"
    evidence: tuple[Evidence, ...] = ()
    counter: tuple[Evidence, ...] = ()
    lines: tuple[Line, ...] = ()


@value
class Mileage:
    """The mileage line: code, billable units (rounded as the payer asks), modifiers."""

    hcpcs: str
    units: float
    loaded_miles: float
    statement: str = ""
    citation: str = ""


@value
class Claim:
    """A claimed code held against what the narrative supports. No amounts of money."""

    hcpcs: str
    verdict: ClaimVerdict
    risk: Literal["none", "low", "moderate", "high"] = "none"
    statement: str = ""
    evidence: tuple[Evidence, ...] = ()


@value
class Diagnosis:
    """A suggested sign or symptom code; a suggestion only, for a coder to confirm."""

    code: str
    title: str
    condition: str = ""
    evidence: tuple[Evidence, ...] = ()


@value
class Gap:
    """What the narrative lacks, and an open, non-leading question for the crew."""

    id: GapId
    message: str
    ask: str
    citation: str
    about: str | None = None
    evidence: tuple[Evidence, ...] = ()


@value
class Determination:
    """The coded result of one report under one dated rule set."""

    rules: str
    hcpcs: Hcpcs
    modifiers: tuple[str, ...]
    necessity: Necessity
    explanation: tuple[Line, ...] = ()
    not_assigned: tuple[NotAssigned, ...] = ()
    mileage: Mileage | None = None
    claimed: Claim | None = None
    diagnoses: tuple[Diagnosis, ...] = ()
    indicators: tuple[Diagnosis, ...] = ()
    """Transportation indicators (C1 to C7, D1 to D4), each with its meaning as title."""
    checks: tuple[Line, ...] = ()
    """Coverage checks beside the level: certification, signature, destination, staffing."""
    contradictions: tuple[Line, ...] = ()
    review: tuple[str, ...] = ()
    """What a person should check by hand, one sentence each; names no word of the narrative."""
    gaps: tuple[Gap, ...] = ()
