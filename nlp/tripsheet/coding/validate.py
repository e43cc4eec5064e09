"""Checks a Report and a Findings value made by hand before any rule looks at them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import get_args

from tripsheet import vocabulary as v
from tripsheet.errors import FindingsError
from tripsheet.findings import Findings
from tripsheet.report import Report

_ROUTES = frozenset(v.ROUTES)
_MEDICATION_STATUS = frozenset(get_args(v.MedicationStatus))
_PERFORMERS = frozenset(get_args(v.Performer))
_SOURCES = frozenset(get_args(v.Source))
_INTERVENTIONS = frozenset(v.INTERVENTIONS)
_INTERVENTION_STATUS = frozenset(get_args(v.InterventionStatus))
_CONDITIONS = frozenset(v.CONDITIONS)
_CONDITION_STATUS = frozenset(get_args(v.ConditionStatus))
_PRONGS = frozenset(get_args(v.ProngValue))
_VITALS = frozenset(v.VITALS)
_STATEMENTS = frozenset(v.STATEMENTS)
_MODES = frozenset(get_args(v.TransportMode))
_RESPONSES = frozenset(get_args(v.Response))
_PLACES = frozenset(v.PLACES)
_CREW = frozenset(v.CREW_LEVELS)
_DEATHS = frozenset(get_args(v.Death))


def _known(value: object, names: Collection[object], field: str) -> None:
    if value not in names:
        known = ", ".join(sorted(map(str, names))) if len(names) < 20 else "see vocabulary.py"
        raise FindingsError(
            f"{field} is a name that the vocabulary does not have; the known ones: {known}.",
            field=field,
        )


def validate(report: Report, findings: Findings) -> None:
    """Raise FindingsError, naming the field, for an unknown name or an impossible value.

    Impossible: a count below 1, negative mileage or dose, fewer than one patient, a scene as
    destination or a stop on the way as origin (42 CFR 410.40(f); HCPCS modifier letters).
    """
    for place, one in enumerate(findings.medications):
        if one.route not in _ROUTES or one.status not in _MEDICATION_STATUS:
            at = f"medications[{place}]"
            _known(one.route, _ROUTES, f"{at}.route")
            _known(one.status, _MEDICATION_STATUS, f"{at}.status")
        if one.performer not in _PERFORMERS or one.source not in _SOURCES or one.count < 1:
            at = f"medications[{place}]"
            _known(one.performer, _PERFORMERS, f"{at}.performer")
            _known(one.source, _SOURCES, f"{at}.source")
            raise FindingsError(
                f"{at}.count is {one.count}; a medication has at least one administration.",
                field=f"{at}.count",
            )
        if not one.name:
            raise FindingsError(
                f"medications[{place}].name is empty.", field=f"medications[{place}].name"
            )
        if one.dose is not None and not one.dose.value >= 0:
            raise FindingsError(
                f"medications[{place}].dose is negative or no number.",
                field=f"medications[{place}].dose",
            )
    for place, act in enumerate(findings.interventions):
        if act.id not in _INTERVENTIONS or act.status not in _INTERVENTION_STATUS:
            _known(act.id, _INTERVENTIONS, f"interventions[{place}].id")
            _known(act.status, _INTERVENTION_STATUS, f"interventions[{place}].status")
        if act.performer not in _PERFORMERS or act.source not in _SOURCES:
            _known(act.performer, _PERFORMERS, f"interventions[{place}].performer")
            _known(act.source, _SOURCES, f"interventions[{place}].source")
    for place, condition in enumerate(findings.conditions):
        if (
            condition.id not in _CONDITIONS
            or condition.status not in _CONDITION_STATUS
            or condition.source not in _SOURCES
        ):
            _known(condition.id, _CONDITIONS, f"conditions[{place}].id")
            _known(condition.status, _CONDITION_STATUS, f"conditions[{place}].status")
            _known(condition.source, _SOURCES, f"conditions[{place}].source")
    for name in ("get_up", "ambulate", "sit"):
        value = getattr(findings.mobility, name).value
        if value not in _PRONGS:
            _known(value, _PRONGS, f"mobility.{name}")
    for place, vital in enumerate(findings.vitals):
        if vital.kind not in _VITALS:
            _known(vital.kind, _VITALS, f"vitals[{place}].kind")
    for place, statement in enumerate(findings.statements):
        if statement.id not in _STATEMENTS:
            _known(statement.id, _STATEMENTS, f"statements[{place}].id")
    transport = findings.transport
    _call(
        (("transport.mode", transport.mode, _MODES), ("transport", report.transport, _MODES)),
        (
            ("transport.response", transport.response, _RESPONSES),
            ("response", report.response, _RESPONSES),
            ("transport.origin", transport.origin, _PLACES),
            ("origin", report.origin, _PLACES),
            ("transport.destination", transport.destination, _PLACES),
            ("destination", report.destination, _PLACES),
            ("transport.crew_level", transport.crew_level, _CREW),
            ("crew_level", report.crew_level, _CREW),
            ("transport.specialist_aboard", transport.specialist_aboard, _CREW),
            ("transport.death", transport.death, _DEATHS),
        ),
    )
    for field, origin in (("transport.origin", transport.origin), ("origin", report.origin)):
        if origin == "X":
            raise FindingsError(
                f"{field} is X, a stop on the way to the hospital, which is a destination only.",
                field=field,
            )
    for field, destination in (
        ("transport.destination", transport.destination),
        ("destination", report.destination),
    ):
        if destination == "S":
            raise FindingsError(
                f"{field} is S, the scene of an event, which is an origin only.", field=field
            )
    for field, miles in (
        ("transport.loaded_miles", transport.loaded_miles),
        ("loaded_miles", report.loaded_miles),
    ):
        if miles is not None and not 0 <= miles < float("inf"):
            raise FindingsError(f"{field} is {miles}; miles are 0 or more.", field=field)
    for field, patients in (("transport.patients", transport.patients),
                            ("patients", report.patients)):  # fmt: skip
        if patients is not None and patients < 1:
            raise FindingsError(
                f"{field} is {patients}; a call has at least one patient.", field=field
            )
    if report.round_trips_last_10_days is not None and report.round_trips_last_10_days < 0:
        raise FindingsError(
            "round_trips_last_10_days is negative.", field="round_trips_last_10_days"
        )


def _call(*groups: Iterable[tuple[str, object, Collection[object]]]) -> None:
    for group in groups:
        for field, value, names in group:
            if value is not None and value not in names:
                _known(value, names, field)
