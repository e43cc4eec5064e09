"""Rules: the dated tables of `lexicons/rules/`, read once and compiled for one day of service."""

from __future__ import annotations

import datetime as dt
import tomllib
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from tripsheet.errors import LexiconError, RecordError
from tripsheet.resources import RULES

PairKind = Literal["C", "L", "N", "-"]
ScopeLevel = Literal["emr", "emt", "aemt", "paramedic", "beyond"]
_FOREVER = dt.date.max
ALS_SCOPE: frozenset[str] = frozenset({"aemt", "paramedic", "beyond"})


@dataclass(frozen=True, slots=True)
class Procedure:
    """One ALS2 procedure; `details` narrows it to named kinds, `since` is its first day."""

    id: str
    name: str
    since: dt.date
    until: dt.date
    details: frozenset[str]
    citation: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why a drug never counts to the three administrations, and the switch that lets it."""

    why: str
    citation: str
    policy: str | None


@dataclass(frozen=True, slots=True)
class UsualDose:
    """A usual single adult dose in the base unit of its family (see `doses.toml`)."""

    dose: float
    family: str
    always: bool
    smallest: float
    push_dose: float | None


@dataclass(frozen=True, slots=True)
class Skill:
    """The lowest level that may give a kind of care, with the text that says so."""

    level: ScopeLevel
    citation: str
    mark: str
    endorsement: bool = False
    als_crew: bool = False
    als: bool = False
    """Whether the care is reserved to ALS personnel."""
    why: str = ""
    """The reason as an item of an explanation tells it."""


_WHO = {
    "emr": "an EMR",
    "emt": "an EMT",
    "aemt": "an AEMT",
    "paramedic": "a paramedic",
    "beyond": "a specialist",
}


def _skill(row: Mapping[str, Any], source: Mapping[str, Any], where: str) -> Skill:
    level: ScopeLevel = row["level"]
    endorsement = row.get("endorsement", False)
    if level in ALS_SCOPE:
        why = f"needs {_WHO[level]} ({where})"
    elif endorsement:
        why = f"open to an EMT by endorsement ({where})"
    else:
        why = f"within the scope of {_WHO[level]} ({where})"
    return Skill(
        level,
        row.get("citation", source["citation"]),
        row.get("mark", source.get("mark", "")),
        endorsement,
        row.get("als_crew", False),
        level in ALS_SCOPE,
        why,
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """One state's scope of practice over the national model: care key to `Skill`."""

    state: str | None
    skills: Mapping[str, Skill]
    als_by_every_route: frozenset[str]

    def intervention(self, id: str, detail: str | None, maintained: bool) -> Skill | None:
        """The skill of an intervention; the narrowest key that fits decides."""
        if maintained and (skill := self.skills.get(f"{id}:maintained")):
            return skill
        if detail is not None and (skill := self.skills.get(f"{id}:{detail}")):
            return skill
        return self.skills.get(id)

    def medication(self, name: str, route: str, detail: str | None) -> Skill | None:
        """The skill of giving a drug by a route; None for an untold route."""
        key = f"med:{route}:{name}"
        if detail is not None and (skill := self.skills.get(f"{key}:{detail}")):
            return skill
        return self.skills.get(key) or self.skills.get(f"med:{route}")


@dataclass(frozen=True, slots=True)
class ConditionRule:
    """What a condition carries (see `conditions.toml`)."""

    name: str
    presumptive: int
    emergency: Literal["acute", "listed", "minor"]
    other_times: str
    als: bool
    critical: bool
    codes: tuple[str, ...]
    citation: str


@dataclass(frozen=True, slots=True)
class Refinement:
    """A more specific diagnosis code where further findings stand beside the condition."""

    condition: str
    code: str
    interventions: tuple[str, ...]
    vital: str | None
    below: float


@dataclass(frozen=True, slots=True)
class GapText:
    """Message, open question and citation of one gap."""

    message: str
    ask: str
    citation: str


@dataclass(frozen=True, slots=True)
class Level:
    """A service level: its name, its kind of vehicle, its rank among ground levels."""

    name: str
    mode: str
    rank: int
    emergency: bool | None


@dataclass(frozen=True, slots=True)
class Certification:
    """Who may sign a physician certification statement, and when (42 CFR 410.40)."""

    citation: str
    days_before_repetitive: int
    hours_after: int
    good_faith_days: int
    repetitive_round_trips: int
    review_from_trip: int
    physician: frozenset[str]
    others: frozenset[str]
    not_yet: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rules:
    """Every table as it stands on the days of one rule set; `name` is its year and month."""

    name: str
    als2_needed: int
    als2_citation: str
    als2_routes: Mapping[str, str]
    als2_procedures: Mapping[str, Procedure]
    als2_not_in_force: Mapping[str, Procedure]
    als2_resembles: Mapping[str, str]
    exclusions: Mapping[str, Exclusion]
    doses: Mapping[str, UsualDose]
    units: Mapping[str, tuple[str, float]]
    conditions: Mapping[str, ConditionRule]
    refinements: Mapping[str, tuple[Refinement, ...]]
    titles: Mapping[str, str]
    fiscal_year: int
    als_terms: tuple[str, ...]
    bls_terms: tuple[str, ...]
    determinants: Mapping[str, bool]
    letters: Mapping[str, str]
    pairs: Mapping[str, PairKind]
    limited: Mapping[str, str]
    mileage_codes: Mapping[str, str]
    whole_miles_from: float
    mileage_citation: str
    indicators: Mapping[str, str]
    facilities: frozenset[str]
    specialists: frozenset[str]
    beyond_in_transfer: frozenset[str]
    infusions: int
    vasoactive_or_sedative: frozenset[str]
    certification: Certification
    levels: Mapping[str, Level]
    gaps: Mapping[str, GapText]
    signature_exception_any_trip: bool
    dialysis_reduction: bool
    prior_authorization: bool
    scopes: dict[tuple[str, dt.date] | None, Scope] = field(
        default_factory=dict, compare=False, repr=False
    )
    scope_tables: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    def scope(self, state: str | None, day: dt.date | None) -> Scope:
        """The scope of practice of a state (two-letter code) on a day, or the national model."""
        own = state is not None and state in self.scope_tables["states"]
        key = (state, day or dt.date.max) if own and state is not None else None
        found = self.scopes.get(key)
        if found is None:
            found = self.scopes[key] = _scope(self.scope_tables, key)
        return found


def load_rules(day: dt.date | None = None, folder: Path = RULES) -> Rules:
    """The rules in force on a day of service; without one, the newest.

    Raises RecordError for a day before the first rule set (2002-04-01), LexiconError for a
    table that cannot be read.
    """
    starts = _starts(folder)
    if day is None:
        return _compiled(folder, len(starts) - 1)
    position = bisect_right(starts, day) - 1
    if position < 0:
        raise RecordError(
            f"date_of_service is {day.isoformat()}, before the ambulance fee schedule of "
            f"{starts[0].isoformat()}; no rule set covers it.",
            field="date_of_service",
        )
    return _compiled(folder, position)


@cache
def _table(folder: Path, name: str) -> dict[str, Any]:
    path = folder / f"{name}.toml"
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"The rule table {path} cannot be read: {error}.") from error


@cache
def _starts(folder: Path) -> tuple[dt.date, ...]:
    starts = tuple(row["from"] for row in _table(folder, "rulesets")["ruleset"])
    if list(starts) != sorted(set(starts)):
        raise LexiconError("The rule sets of rulesets.toml are not in the order of their days.")
    return starts


def _scope(tables: Mapping[str, Any], key: tuple[str, dt.date] | None) -> Scope:
    national = tables["national"]
    state, day = key or (None, _FOREVER)
    where = state or "national model"
    skills = {care: _skill(row, national, where) for care, row in national["skills"].items()}
    own = tables["states"][state] if state else None
    if own and own["from"] <= day:
        for care, row in own["skills"].items():
            if row.get("from", day) <= day <= row.get("until", _FOREVER):
                skills[care] = _skill(row, own, where)
    return Scope(state if own else None, skills, frozenset(national["als_by_every_route"]))


def _condition(row: Mapping[str, Any], table: Mapping[str, Any]) -> ConditionRule:
    presumptive = row.get("presumptive", 0)
    return ConditionRule(
        row["name"],
        presumptive,
        row["emergency"],
        row["other_times"],
        row["als"],
        row.get("critical", False),
        tuple(row.get("codes", ())),
        table["presumptive_citation"] if presumptive else table["citation"],
    )


def _refinements(table: Mapping[str, Any]) -> dict[str, tuple[Refinement, ...]]:
    found: dict[str, tuple[Refinement, ...]] = {}
    for row in table["refine"]:
        vital, below = None, 0.0
        if "with_low_systolic" in row:
            vital, below = "systolic_bp", row["with_low_systolic"]
        elif "with_low_spo2" in row:
            vital, below = "spo2", row["with_low_spo2"]
        made = Refinement(
            row["condition"], row["code"], tuple(row.get("with_interventions", ())), vital, below
        )
        found[made.condition] = (*found.get(made.condition, ()), made)
    return found


def _certification(table: Mapping[str, Any], day: dt.date) -> Certification:
    others: set[str] = set()
    not_yet: set[str] = set()
    for row in table["signer"]:
        (others if row["from"] <= day else not_yet).update(row["titles"])
    return Certification(
        table["citation"],
        table["days_before_repetitive"],
        table["hours_after"],
        table["good_faith_days"],
        table["repetitive_round_trips"],
        table["review_from_trip"],
        frozenset(table["physician"]),
        frozenset(others),
        frozenset(not_yet),
    )


def _term(term: str) -> str:
    """A dispatch term as it is looked for in a text of words set apart by single blanks."""
    return f" {term[:-1]}" if term.endswith("*") else f" {term} "


@cache
def _compiled(folder: Path, position: int) -> Rules:
    day = _starts(folder)[position]
    als2, doses = _table(folder, "als2"), _table(folder, "doses")
    conditions, dispatch = _table(folder, "conditions"), _table(folder, "dispatch")
    places, mileage = _table(folder, "places"), _table(folder, "mileage")
    special = _table(folder, "specialty_care")
    procedures = {
        row["id"]: Procedure(
            row["id"],
            row["name"],
            row["from"],
            row.get("until", _FOREVER),
            frozenset(row.get("details", ())),
            row["citation"],
        )
        for row in als2["procedure"]
    }
    in_force = {key: one for key, one in procedures.items() if one.since <= day <= one.until}
    units = {unit: (row["family"], float(row["factor"])) for unit, row in doses["units"].items()}
    order = places["order"]["columns"]
    ground = next(
        row for row in mileage["ground"] if row["from"] <= day <= row.get("until", _FOREVER)
    )
    return Rules(
        name=f"{day.year:04d}-{day.month:02d}",
        als2_needed=als2["administrations"],
        als2_citation=als2["citation"],
        als2_routes={row["route"]: row["why"] for row in als2["route"]},
        als2_procedures=in_force,
        als2_not_in_force={key: one for key, one in procedures.items() if key not in in_force},
        als2_resembles={row["id"]: row["why"] for row in als2["resembles"]},
        exclusions={
            name: Exclusion(row["why"], row["citation"], row.get("policy"))
            for row in als2["excluded"]
            for name in row["names"]
        },
        doses={
            name: UsualDose(
                row["dose"] * units[row["unit"]][1],
                units[row["unit"]][0],
                row.get("always", False),
                row.get("from", 0.0),
                row.get("push_dose"),
            )
            for name, row in doses["drugs"].items()
        },
        units=units,
        conditions={
            key: _condition(row, conditions) for key, row in conditions["conditions"].items()
        },
        refinements=_refinements(conditions),
        titles=conditions["titles"],
        fiscal_year=conditions["fiscal_year"],
        als_terms=tuple(_term(term) for term in dispatch["als"]),
        bls_terms=tuple(_term(term) for term in dispatch["bls"]),
        determinants={
            **dict.fromkeys(dispatch["als_determinants"], True),
            **dict.fromkeys(dispatch["bls_determinants"], False),
        },
        letters=places["letters"],
        pairs={
            origin + destination: kind
            for origin, row in places["pairs"].items()
            for destination, kind in zip(order, row, strict=True)
        },
        limited={pair: row["why"] for row in places["limited"] for pair in row["pairs"]},
        mileage_codes=mileage["codes"],
        whole_miles_from=ground["whole_from"],
        mileage_citation=ground["citation"],
        indicators=_table(folder, "indicators")["titles"],
        facilities=frozenset(special["facilities"]),
        specialists=frozenset(special["specialists"]),
        beyond_in_transfer=frozenset(special["beyond_in_transfer"]),
        infusions=special["infusions"],
        vasoactive_or_sedative=frozenset(special["vasoactive_or_sedative"]),
        certification=_certification(_table(folder, "certification"), day),
        levels={
            key: Level(row["name"], row["mode"], row.get("rank", -1), row.get("emergency"))
            for key, row in _table(folder, "levels")["levels"].items()
        },
        gaps={
            key: GapText(row["message"], row["ask"], row["citation"])
            for key, row in _table(folder, "gaps").items()
        },
        signature_exception_any_trip=day >= dt.date(2009, 1, 1),  # 42 CFR 424.36(b)(6)
        dialysis_reduction=day >= dt.date(2018, 10, 1),  # 42 CFR 414.610(c)(8)
        prior_authorization=day >= dt.date(2022, 8, 1),  # RSNAT in every state
        scope_tables=_table(folder, "scope_of_practice"),
    )
