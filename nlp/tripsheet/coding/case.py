"""Case: the findings and the record of one report, merged and indexed for the rules.

A field of the record outranks the narrative's; findings are put in one order, so that the order
in which a reader found them cannot change a result; what only a model suggests is set apart and
never reaches a rule that raises a level.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol, TypeVar

from tripsheet.coding.policies import Policies
from tripsheet.coding.rules import Rules, Scope
from tripsheet.findings import (
    Condition,
    Evidence,
    Findings,
    Intervention,
    Medication,
    RecordField,
    Span,
    Statement,
    Vital,
)
from tripsheet.report import Report
from tripsheet.vocabulary import CrewLevel, Death, PlaceLetter, Response, TransportMode


class _Told(Protocol):
    @property
    def evidence(self) -> tuple[Evidence, ...]: ...


T = TypeVar("T", bound=_Told)
_MERGED: tuple[tuple[str, str], ...] = (
    ("transport", "mode"),
    ("response", "response"),
    ("crew_level", "crew_level"),
    ("origin", "origin"),
    ("destination", "destination"),
    ("loaded_miles", "loaded_miles"),
    ("transported", "transported"),
    ("dispatch_complaint", "dispatch_complaint"),
    ("pcs_on_file", "pcs"),
    ("signature_on_file", "signature"),
    ("patients", "patients"),
)
"""Fields of the record, and the fields of the transport findings that they outrank."""


@dataclass(slots=True)
class Case:
    """What the rules look at; made by `prepare`, read-only by convention."""

    report: Report
    findings: Findings
    rules: Rules
    policies: Policies
    scope: Scope
    told: bool
    mode: TransportMode
    response: Response
    transported: bool | None
    origin: PlaceLetter | None
    destination: PlaceLetter | None
    loaded_miles: float | None
    crew_level: CrewLevel | None
    specialist: CrewLevel | None
    dispatch_complaint: str | None
    interfacility: bool
    scheduled: bool | None
    pcs: bool | None
    signature: bool | None
    death: Death | None
    patients: int
    day: dt.date | None
    medications: tuple[Medication, ...]
    given: tuple[Medication, ...]
    """Given by the crew, told by the text or the record."""
    interventions: tuple[Intervention, ...]
    performed: dict[str, list[Intervention]]
    """Performed by the crew, by id."""
    attempted: dict[str, list[Intervention]]
    present: dict[str, list[Condition]]
    statements: dict[str, list[Statement]]
    vitals: dict[str, list[Vital]]
    recorded: dict[str, tuple[RecordField]]
    """The fields of `Transport` that the record outranks, with the record's own."""
    differing: dict[str, tuple[Evidence, ...]]
    """Fields in which record and narrative differ, with the narrative's words."""

    def says(self, id: str) -> tuple[Evidence, ...]:
        """The evidence of a statement; empty also where it is not made (see `said`)."""
        return tuple(one for each in self.statements.get(id, ()) for one in each.evidence)

    def said(self, id: str) -> bool:
        """Whether the narrative makes a statement."""
        return id in self.statements

    def field(self, name: str) -> tuple[Evidence, ...]:
        """The evidence of a transport field, by its name in `Transport`."""
        return self.recorded.get(name) or self.findings.transport.evidence.get(name, ())

    @property
    def is_transport(self) -> bool:
        """Whether a patient was carried: untold by the policy, never after an earlier death."""
        if self.death in ("before_dispatch", "before_loading"):
            return False
        if self.transported is None:
            return self.policies.transport_assumed
        return self.transported


def start_of(evidence: Sequence[Evidence]) -> int:
    """Where the first words of some evidence stand; -1 for a field of the record."""
    for one in evidence:
        if type(one) is Span:
            return one.start
    return -1


def _in_order(items: tuple[T, ...], key: Callable[[T], tuple[Any, ...]]) -> tuple[T, ...]:
    """The items by place in the narrative; `key` breaks ties, so that their order cannot matter."""
    starts = [start_of(item.evidence) for item in items]
    order = sorted(range(len(items)), key=starts.__getitem__)
    if len(set(starts)) == len(starts):
        return tuple([items[place] for place in order])
    keys = [(start, *key(item)) for start, item in zip(starts, items, strict=True)]
    order.sort(key=keys.__getitem__)
    tied = {
        keys[one]
        for one, other in pairwise(order)
        if keys[one] == keys[other] and items[one] != items[other]
    }
    if tied:
        # Alike in all that the rules weigh: the rest of their fields settles the order.
        order.sort(
            key=lambda place: (keys[place], repr(items[place]) if keys[place] in tied else "")
        )
    return tuple(items[place] for place in order)


def _medication_key(one: Medication) -> tuple[Any, ...]:
    return (
        one.name, one.route, one.status, one.performer, one.maintained, one.count,
        (one.dose.value, one.dose.unit) if one.dose else (-1.0, ""), one.detail or "",
        one.method_stated, one.total_only, one.time_stated, one.source,
    )  # fmt: skip


def _intervention_key(one: Intervention) -> tuple[Any, ...]:
    return (one.id, one.status, one.performer, one.maintained, one.detail or "", one.source)


def _condition_key(one: Condition) -> tuple[Any, ...]:
    return (one.id, one.status, one.source)


def _statement_key(one: Statement) -> tuple[Any, ...]:
    return (one.id, one.about or "")


def _vital_key(one: Vital) -> tuple[Any, ...]:
    return (one.kind, one.value, one.unit, one.detail or "")


def state_of(report: Report) -> str | None:
    """The state's postal code as the tables have it."""
    return report.state.strip().upper() if report.state else None


def prepare(report: Report, findings: Findings, rules: Rules, policies: Policies) -> Case:
    """Merge record and findings and index them."""
    transport = findings.transport
    medications = _in_order(findings.medications, _medication_key)
    interventions = _in_order(findings.interventions, _intervention_key)
    conditions = _in_order(findings.conditions, _condition_key)
    told_statements = _in_order(findings.statements, _statement_key)
    measured = _in_order(findings.vitals, _vital_key)

    performed: dict[str, list[Intervention]] = {}
    attempted: dict[str, list[Intervention]] = {}
    for act in interventions:
        if act.performer == "crew" and act.source != "model":
            if act.status == "performed":
                performed.setdefault(act.id, []).append(act)
            elif act.status == "attempted":
                attempted.setdefault(act.id, []).append(act)
    present: dict[str, list[Condition]] = {}
    for condition in conditions:
        if condition.status == "present" and condition.source != "model":
            present.setdefault(condition.id, []).append(condition)
    statements: dict[str, list[Statement]] = {}
    for statement in told_statements:
        statements.setdefault(statement.id, []).append(statement)
    vitals: dict[str, list[Vital]] = {}
    for vital in measured:
        vitals.setdefault(vital.kind, []).append(vital)

    differing: dict[str, tuple[Evidence, ...]] = dict(sorted(transport.contradictions.items()))
    merged: dict[str, object] = {}
    recorded: dict[str, tuple[RecordField]] = {}
    for record_name, name in _MERGED:
        record_value, told_value = getattr(report, record_name), getattr(transport, name)
        if record_value is None:
            merged[name] = told_value
            continue
        merged[name] = record_value
        recorded[name] = (RecordField(record_name),)
        if (
            record_value != told_value
            and told_value is not None
            and told_value != "unknown"
            and (name not in ("mode", "patients") or name in transport.evidence)  # with defaults
            and name != "dispatch_complaint"
            and name not in differing
        ):
            differing[name] = tuple(transport.evidence.get(name, ()))

    if merged["pcs"] is None and (report.pcs_signer or report.pcs_date):
        merged["pcs"] = True  # a certification with a signer or a date is there
    origin, destination = merged["origin"], merged["destination"]
    response: Response = merged["response"]  # type: ignore[assignment]
    if transport.scheduled and report.response is None:
        response = "non_emergency"  # R1.4-e: a trip booked ahead is no emergency response
    interfacility = transport.interfacility
    if interfacility is None:
        interfacility = origin == "H" and destination == "H"
    mobility = findings.mobility
    told = bool(
        medications or interventions or conditions or findings.vitals or findings.statements
        or merged["transported"] is not None or destination is not None
        or merged["loaded_miles"] is not None or transport.death is not None
        or any(
            prong.value != "not_documented"
            for prong in (mobility.get_up, mobility.ambulate, mobility.sit)
        )
    )  # fmt: skip
    return Case(
        report=report,
        findings=findings,
        rules=rules,
        policies=policies,
        scope=rules.scope(state_of(report), report.date_of_service),
        told=told,
        mode=merged["mode"],  # type: ignore[arg-type]
        response=response,
        transported=merged["transported"],  # type: ignore[arg-type]
        origin=origin,  # type: ignore[arg-type]
        destination=destination,  # type: ignore[arg-type]
        loaded_miles=merged["loaded_miles"],  # type: ignore[arg-type]
        crew_level=merged["crew_level"],  # type: ignore[arg-type]
        specialist=transport.specialist_aboard,
        dispatch_complaint=merged["dispatch_complaint"],  # type: ignore[arg-type]
        interfacility=interfacility,
        scheduled=transport.scheduled,
        pcs=merged["pcs"],  # type: ignore[arg-type]
        signature=merged["signature"],  # type: ignore[arg-type]
        death=transport.death,
        patients=merged["patients"],  # type: ignore[arg-type]
        day=report.date_of_service,
        medications=medications,
        given=tuple(
            one
            for one in medications
            if one.status == "given" and one.performer == "crew" and one.source != "model"
        ),
        interventions=interventions,
        performed=performed,
        attempted=attempted,
        present=present,
        statements=statements,
        vitals=vitals,
        recorded=recorded,
        differing=differing,
    )
