"""The form that every exchange format shares: a narrative, its labels, and the call's settings.

A `Label` says with plain words what a finding says with types, so that the draft format, brat
and Label Studio each need only to place and print labels. Turning labels into gold checks them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, cast, get_args

from tripsheet.corpus.gold import (
    KINDS,
    PRONGS,
    TRANSPORT_FIELDS,
    CallKind,
    Gold,
    GoldGap,
    Level,
    Need,
    Split,
    canonical,
)
from tripsheet.errors import CorpusError, RecordError
from tripsheet.findings import (
    Condition,
    Dose,
    Evidence,
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
from tripsheet.formats.record import FIELDS
from tripsheet.vocabulary import (
    CONDITIONS,
    CREW_LEVELS,
    GAPS,
    HCPCS,
    INTERVENTIONS,
    PLACES,
    ROUTES,
    STATEMENTS,
    VITALS,
    Death,
    InterventionStatus,
    MedicationStatus,
    NecessityVerdict,
    Performer,
    Response,
    TransportMode,
)

LabelKind = Literal[
    "medication", "intervention", "condition", "mobility", "vital", "statement", "gap"
]
LABEL_KINDS: tuple[LabelKind, ...] = get_args(LabelKind)

REASONS = (
    "refused", "withheld", "considered", "contraindicated", "ordered", "allergy", "home_list",
    "plan", "drawn_up", "condition", "not_indicated",
)  # fmt: skip
"""Why a drug that the text names was not given."""

_DRUG = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
_DOSE = re.compile(r"(\d+(?:\.\d+)?)_([A-Za-z/%]+)")

CHOICES: Mapping[str, tuple[str, ...]] = {
    "route": ROUTES,
    "medication status": get_args(MedicationStatus),
    "intervention status": get_args(InterventionStatus),
    "by": get_args(Performer),
    "reason": REASONS,
    "prong": ("unable", "able"),
    "level": HCPCS,
    "verdict": get_args(NecessityVerdict),
}
"""The closed lists that a label's settings choose from."""

NAMES: Mapping[LabelKind, tuple[str, ...]] = {
    "intervention": INTERVENTIONS,
    "condition": CONDITIONS,
    "mobility": PRONGS,
    "vital": VITALS,
    "statement": STATEMENTS,
    "gap": GAPS,
}
"""The names a label may have, by kind; a medication's is any drug in lower snake_case."""

_CALL: Mapping[str, tuple[str, ...] | type] = {
    "mode": get_args(TransportMode),
    "response": get_args(Response),
    "transported": bool,
    "origin": PLACES,
    "destination": PLACES,
    "loaded_miles": float,
    "crew_level": CREW_LEVELS,
    "specialist_aboard": CREW_LEVELS,
    "interfacility": bool,
    "scheduled": bool,
    "pcs": bool,
    "signature": bool,
    "death": get_args(Death),
    "patients": int,
}


Finding = Medication | Intervention | Condition | Prong | Vital | Statement | GoldGap


@dataclass(frozen=True, slots=True)
class Label:
    """One labelled item.

    `settings` by kind: medication `route`, `count`, `dose`, `status`, `by`, `reason`,
    `maintained`; intervention `status`, `by`; mobility `value`; vital `value`, `unit`.
    """

    kind: LabelKind
    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A narrative with its labels and everything that is said of the whole call, as plain text."""

    id: str
    author: str
    kind: str
    split: str
    narrative: str
    level: tuple[str, str]
    necessity: tuple[str, tuple[str, ...]]
    labels: tuple[Label, ...] = ()
    call: Mapping[str, str] = field(default_factory=dict)
    record: Mapping[str, str] = field(default_factory=dict)
    traps: tuple[str, ...] = ()
    misspelled: bool = False


def gold_of(sheet: Sheet) -> Gold:
    """The gold that a sheet describes, in canonical order.

    Raises:
        CorpusError: a class outside its list or a value of a wrong form; `field` names it.
    """
    code, reason = sheet.level
    verdict, basis = sheet.necessity
    for name in basis:
        chosen("necessity basis", name, CONDITIONS + STATEMENTS)
    found: dict[LabelKind, list[Any]] = {kind: [] for kind in LABEL_KINDS}
    prongs: dict[str, Prong] = {}
    for label in sheet.labels:
        item = finding_of(label)
        if label.kind == "mobility":
            if label.name in prongs:
                raise CorpusError(
                    f"the prong {label.name} has two values; keep the one that holds at the end.",
                    field=f"mobility {label.name}",
                )
            prongs[label.name] = cast(Prong, item)
        else:
            found[label.kind].append(item)
    gold = Gold(
        id=sheet.id,
        author=sheet.author,
        kind=cast(CallKind, chosen("kind", sheet.kind, KINDS)),
        split=cast(Split, chosen("split", sheet.split, get_args(Split))),
        narrative=sheet.narrative,
        level=Level(cast(Any, chosen("level", code, HCPCS)), reason),
        necessity=Need(cast(Any, chosen("necessity", verdict, CHOICES["verdict"])), basis),
        findings=Findings(
            medications=tuple(found["medication"]),
            interventions=tuple(found["intervention"]),
            conditions=tuple(found["condition"]),
            mobility=Mobility(**prongs),
            vitals=tuple(found["vital"]),
            transport=_transport(sheet.call),
            statements=tuple(found["statement"]),
        ),
        gaps=tuple(found["gap"]),
        record={name: _record_value(name, value) for name, value in sheet.record.items()},
        traps=sheet.traps,
        misspelled=sheet.misspelled,
    )
    try:
        gold.report()
    except RecordError as error:
        raise CorpusError(error.message, field=f"record {error.field}") from None
    return canonical(gold)


def sheet_of(gold: Gold) -> Sheet:
    """The gold as a sheet; `gold_of` makes the same gold of it again."""
    call = {
        name: _text(value)
        for name in TRANSPORT_FIELDS
        for value in (getattr(gold.findings.transport, name),)
        if value is not None and (name, value) not in (("response", "unknown"), ("patients", 1))
    }
    return Sheet(
        id=gold.id,
        author=gold.author,
        kind=gold.kind,
        split=gold.split,
        narrative=gold.narrative,
        level=(gold.level.hcpcs, gold.level.reason),
        necessity=(gold.necessity.verdict, gold.necessity.basis),
        labels=tuple(_labels(gold)),
        call=call,
        record={name: _text(value) for name, value in gold.record.items()},
        traps=gold.traps,
        misspelled=gold.misspelled,
    )


def finding_of(
    label: Label,
) -> Finding:
    """The finding that a label stands for.

    Raises CorpusError for a class outside its list or a value of a wrong form.
    """
    where = f"{label.kind} {label.name}"
    if label.kind == "medication":
        if not _DRUG.fullmatch(label.name):
            raise CorpusError(
                "a drug is its generic name in lower snake_case, such as tranexamic_acid.",
                field=where,
            )
    else:
        chosen(label.kind, label.name, NAMES[label.kind])
    make: Callable[[Label, str], Finding] = _MAKERS[label.kind]
    return make(label, where)


def chosen(what: str, value: str | None, allowed: tuple[str, ...], where: str = "") -> str:
    """The value, if it is in its list.

    Raises CorpusError that names what was expected.
    """
    if value not in allowed:
        shown = ", ".join(allowed) if len(allowed) < 20 else "the names in tripsheet.vocabulary"
        given = f"{value} is no {what}" if value else f"the {what} is missing"
        raise CorpusError(f"{given}; use one of {shown}.", field=where or what)
    return value


def _medication(label: Label, where: str) -> Medication:
    given = label.settings
    _known(given, ("route", "count", "dose", "status", "by", "reason", "maintained"), where)
    status = chosen("status", given.get("status"), CHOICES["medication status"], where)
    reason = given.get("reason")
    if reason is not None:
        chosen("reason", reason, REASONS, where)
    return Medication(
        name=label.name,
        route=cast(Any, chosen("route", given.get("route", "unknown"), ROUTES, where)),
        status=cast(MedicationStatus, status),
        performer=_performer(given, where),
        count=_number(int, "count", given.get("count", "1"), where),
        dose=_dose(given.get("dose"), where),
        maintained=given.get("maintained") == "true",
        reason=reason,
        evidence=label.spans,
    )


def _intervention(label: Label, where: str) -> Intervention:
    _known(label.settings, ("status", "by"), where)
    status = chosen("status", label.settings.get("status"), CHOICES["intervention status"], where)
    return Intervention(
        id=cast(Any, label.name),
        status=cast(InterventionStatus, status),
        performer=_performer(label.settings, where),
        evidence=label.spans,
    )


def _condition(label: Label, where: str) -> Condition:
    _known(label.settings, (), where)
    return Condition(id=cast(Any, label.name), evidence=label.spans)


def _prong(label: Label, where: str) -> Prong:
    _known(label.settings, ("value",), where)
    value = chosen("value", label.settings.get("value"), CHOICES["prong"], where)
    return Prong(value=cast(Any, value), evidence=label.spans)


def _vital(label: Label, where: str) -> Vital:
    _known(label.settings, ("value", "unit"), where)
    return Vital(
        kind=cast(Any, label.name),
        value=_number(float, "value", label.settings.get("value", ""), where),
        unit=label.settings.get("unit", ""),
        evidence=label.spans,
    )


def _statement(label: Label, where: str) -> Statement:
    _known(label.settings, (), where)
    return Statement(id=cast(Any, label.name), evidence=label.spans)


def _gap(label: Label, where: str) -> GoldGap:
    _known(label.settings, (), where)
    return GoldGap(cast(Any, label.name), label.spans)


_MAKERS: Mapping[LabelKind, Callable[[Label, str], Finding]] = {
    "medication": _medication,
    "intervention": _intervention,
    "condition": _condition,
    "mobility": _prong,
    "vital": _vital,
    "statement": _statement,
    "gap": _gap,
}


def _labels(gold: Gold) -> Iterator[Label]:
    found = gold.findings
    for drug in found.medications:
        yield Label("medication", drug.name, _medication_settings(drug), _spans(drug.evidence))
    for act in found.interventions:
        settings: dict[str, str] = {"status": act.status, "by": act.performer}
        yield Label("intervention", act.id, settings, _spans(act.evidence))
    for condition in found.conditions:
        yield Label("condition", condition.id, {}, _spans(condition.evidence))
    for name in PRONGS:
        prong: Prong = getattr(found.mobility, name)
        if prong.value != "not_documented":
            yield Label("mobility", name, {"value": prong.value}, _spans(prong.evidence))
    for vital in found.vitals:
        settings = {"value": _text(vital.value)} | ({"unit": vital.unit} if vital.unit else {})
        yield Label("vital", vital.kind, settings, _spans(vital.evidence))
    for statement in found.statements:
        yield Label("statement", statement.id, {}, _spans(statement.evidence))
    for gap in gold.gaps:
        yield Label("gap", gap.id, {}, gap.evidence)


def _medication_settings(drug: Medication) -> dict[str, str]:
    settings = {"route": drug.route, "count": str(drug.count)}
    if drug.dose is not None:
        settings["dose"] = f"{_text(drug.dose.value)}_{drug.dose.unit}"
    settings |= {"status": drug.status, "by": drug.performer}
    if drug.reason is not None:
        settings["reason"] = drug.reason
    if drug.maintained:
        settings["maintained"] = "true"
    return settings


def _transport(call: Mapping[str, str]) -> Transport:
    values: dict[str, Any] = {}
    for name, text in call.items():
        if name not in _CALL:
            raise CorpusError(
                f"{name} is no setting of a call; use {', '.join(_CALL)}.", field="call"
            )
        kind = _CALL[name]
        if isinstance(kind, tuple):
            values[name] = chosen(name, text, kind, f"call {name}")
        elif kind is bool:
            values[name] = _truth(text, f"call {name}")
        else:
            values[name] = _number(kind, name, text, f"call {name}")
    return Transport(**values)


def _record_value(name: str, text: str) -> Any:
    kind = FIELDS[name][0] if name in FIELDS else str
    if kind is bool:
        return _truth(text, f"record {name}")
    return _number(kind, name, text, f"record {name}") if kind in (int, float) else text


def _truth(text: str, where: str) -> bool:
    words = {"true": True, "yes": True, "false": False, "no": False}
    if text not in words:
        raise CorpusError("write true or false.", field=where)
    return words[text]


def _number(kind: type, what: str, text: str, where: str) -> Any:
    try:
        return kind(text)
    except ValueError:
        raise CorpusError(f"the {what} is not a number; write digits.", field=where) from None


def _dose(text: str | None, where: str) -> Dose | None:
    if text is None:
        return None
    parts = _DOSE.fullmatch(text)
    if parts is None:
        raise CorpusError("a dose is number_unit, such as 50_mcg.", field=where)
    return Dose(float(parts[1]), parts[2])


def _performer(settings: Mapping[str, str], where: str) -> Performer:
    return cast(Performer, chosen("performer", settings.get("by"), CHOICES["by"], where))


def _known(settings: Iterable[str], allowed: tuple[str, ...], where: str) -> None:
    for name in settings:
        if name not in allowed:
            raise CorpusError(
                f"{name} is not said of this kind of label; "
                + (f"use {', '.join(allowed)}." if allowed else "leave it out."),
                field=where,
            )


def _spans(evidence: tuple[Evidence, ...]) -> tuple[Span, ...]:
    return tuple(item for item in evidence if isinstance(item, Span))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
