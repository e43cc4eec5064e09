"""Narrative and chart side by side: what both say, what one alone says, where they differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from tripsheet.analysis import plain
from tripsheet.findings import Evidence, Findings, Intervention, Medication, Vital
from tripsheet.formats.nemsis.chart import (
    Chart,
    ChartedIntervention,
    ChartedMedication,
    ChartedVital,
)
from tripsheet.vocabulary import Performer

Kind = Literal["medication", "intervention", "vital"]
Verdict = Literal["agreed", "only_told", "only_charted", "contradicted"]

_RANK = {"performed": 2, "attempted": 1, "not_performed": 0}
_INTRAVENOUS = frozenset({"iv_push", "iv_infusion"})
_NEAR = {"temperature": 0.2}
"""Degrees C that a value told in Fahrenheit may be off."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One aspect in which the two differ, each side in the vocabulary's names."""

    aspect: Literal["status", "performer", "count", "route", "value"]
    told: str
    charted: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """One medication, intervention or kind of vital sign, compared.

    `done` is false where neither side says that it was given, performed or tried.
    """

    kind: Kind
    name: str
    verdict: Verdict
    done: bool = True
    differences: tuple[Difference, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Everything that narrative and chart name, in the order of the narrative, then the chart.

    `unmapped` lists charted codes that are not certainly one of the vocabulary's names; nothing
    is said of them.
    """

    comparisons: tuple[Comparison, ...] = ()
    unmapped: tuple[str, ...] = ()

    @property
    def flags(self) -> tuple[str, ...]:
        """One sentence for each thing that a person should look at; no words of the narrative.

        Vital signs that only the chart holds raise none, since few narratives repeat them all, nor
        does what was not done.
        """
        return tuple(flag for item in self.comparisons if (flag := _flag(item)))

    def to_record(self) -> dict[str, Any]:
        """As plain values for JSON."""
        return {
            "comparisons": plain(self.comparisons),
            "unmapped": list(self.unmapped),
            "flags": list(self.flags),
        }


def reconcile(findings: Findings, chart: Chart) -> Reconciliation:
    """Compare what a narrative tells with what the chart beside it holds.

    Medications are contradicted by another status (given or not), performer, number of
    administrations or route; interventions by another status or performer; vital signs by a
    value that the chart does not have. What is not told (a route, the method of an intravenous
    dose, the number of doses behind a total) contradicts nothing. Findings that a model alone
    suggests are left out, and so is what the narrative alone names as not given or not done: a
    list of home medications has no place among the administrations of a chart.
    """
    drugs = [item for item in chart.medications if item.name]
    acts = [item for item in chart.interventions if item.id]
    entered = {item.name for item in drugs} | {item.id for item in acts}
    told = [
        item
        for item in findings.medications
        if item.source != "model" and (item.status == "given" or item.name in entered)
    ]
    done = [
        item
        for item in findings.interventions
        if item.source != "model" and (item.status != "not_performed" or item.id in entered)
    ]
    comparisons = [
        *(
            _medication(
                name, [m for m in told if m.name == name], [m for m in drugs if m.name == name]
            )
            for name in _names([m.name for m in told], [str(m.name) for m in drugs])
        ),
        *(
            _intervention(
                name, [i for i in done if i.id == name], [i for i in acts if i.id == name]
            )
            for name in _names([i.id for i in done], [str(i.id) for i in acts])
        ),
        *(
            _vital(
                name,
                [v for v in findings.vitals if v.kind == name],
                [v for v in chart.vitals if v.kind == name],
            )
            for name in _names([v.kind for v in findings.vitals], [v.kind for v in chart.vitals])
        ),
    ]
    unmapped = [item.code for item in chart.medications if not item.name]
    unmapped += [item.code for item in chart.interventions if not item.id]
    return Reconciliation(tuple(comparisons), tuple(dict.fromkeys(unmapped)))


def _names(told: Iterable[str], charted: Iterable[str]) -> list[str]:
    return list(dict.fromkeys([*told, *charted]))


def _evidence(items: Iterable[Medication | Intervention | Vital]) -> tuple[Evidence, ...]:
    return tuple(dict.fromkeys(span for item in items for span in item.evidence))


def _compared(
    kind: Kind,
    name: str,
    told: Sequence[Medication | Intervention | Vital],
    charted: Sequence[object],
    differences: Sequence[Difference],
) -> Comparison:
    verdict: Verdict
    if not charted:
        verdict = "only_told"
    elif not told:
        verdict = "only_charted"
    else:
        verdict = "contradicted" if differences else "agreed"
    done = kind == "vital" or any(
        getattr(item, "status", "") not in ("not_given", "not_performed")
        for item in (*told, *charted)
    )
    return Comparison(kind, name, verdict, done, tuple(differences), _evidence(told))


def _medication(name: str, told: list[Medication], charted: list[ChartedMedication]) -> Comparison:
    differences: list[Difference] = []
    if told and charted:
        given = [item for item in told if item.status == "given"]
        entered = [item for item in charted if item.status == "given"]
        if bool(given) != bool(entered):
            differences.append(
                Difference(
                    "status",
                    "given" if given else "not_given",
                    "given" if entered else "not_given",
                )
            )
        elif given:
            differences += _administrations(given, entered)
    return _compared("medication", name, told, charted, differences)


def _administrations(given: list[Medication], entered: list[ChartedMedication]) -> list[Difference]:
    differences: list[Difference] = []
    performers = _performers(item.performer for item in given)
    charted_performers = _performers(item.performer for item in entered)
    if performers != charted_performers:
        differences.append(
            Difference("performer", ", ".join(performers), ", ".join(charted_performers))
        )
    else:
        for performer in performers:
            mine = [item for item in given if item.performer == performer]
            count = sum(item.count for item in mine)
            charted_count = sum(item.performer == performer for item in entered)
            # A total does not tell its doses, and a running infusion may be charted at each
            # change of its rate.
            open_count = any(
                item.total_only or item.maintained or item.route == "iv_infusion" for item in mine
            )
            if count != charted_count and not open_count:
                differences.append(Difference("count", str(count), str(charted_count)))
    routes, charted_routes = _routes(given, entered)
    if routes and charted_routes and routes != charted_routes:
        differences.append(
            Difference("route", ", ".join(sorted(routes)), ", ".join(sorted(charted_routes)))
        )
    return differences


def _performers(values: Iterable[Performer]) -> list[Performer]:
    return sorted(set(values))


def _routes(given: list[Medication], entered: list[ChartedMedication]) -> tuple[set[str], set[str]]:
    """The routes of both sides; intravenous is one where either leaves the method open."""
    items: list[Medication | ChartedMedication] = [*given, *entered]
    open_method = any(item.route == "iv_push" and not item.method_stated for item in items)

    def known(side: Iterable[Medication | ChartedMedication]) -> set[str]:
        return {
            "iv" if open_method and item.route in _INTRAVENOUS else item.route
            for item in side
            if item.route != "unknown"
        }

    if any(item.route == "unknown" for item in items):
        return set(), set()
    return known(given), known(entered)


def _intervention(
    name: str, told: list[Intervention], charted: list[ChartedIntervention]
) -> Comparison:
    differences: list[Difference] = []
    if told and charted:
        status = max((item.status for item in told), key=_RANK.__getitem__)
        charted_status = max((item.status for item in charted), key=_RANK.__getitem__)
        if status != charted_status:
            differences.append(Difference("status", status, charted_status))
        elif status != "not_performed":
            performers = _performers(item.performer for item in told if item.status == status)
            charted_performers = _performers(
                item.performer for item in charted if item.status == status
            )
            if performers != charted_performers:
                differences.append(
                    Difference("performer", ", ".join(performers), ", ".join(charted_performers))
                )
    return _compared("intervention", name, told, charted, differences)


def _vital(name: str, told: list[Vital], charted: list[ChartedVital]) -> Comparison:
    differences: list[Difference] = []
    if told and charted:
        values = [item.value for item in charted]
        for item in told:
            value = (item.value - 32) / 1.8 if item.unit == "F" else item.value
            if all(abs(value - other) > _NEAR.get(name, 0) for other in values):
                known = ", ".join(f"{other:g}" for other in dict.fromkeys(values))
                differences.append(Difference("value", f"{item.value:g}", known))
    return _compared("vital", name, told, charted, differences)


def _flag(item: Comparison) -> str | None:
    name = item.name.replace("_", " ")
    if item.verdict == "contradicted":
        parts = "; ".join(
            f"{difference.aspect} {difference.told} in the narrative, "
            f"{difference.charted} in the chart"
            for difference in item.differences
        )
        return f"{name}: {parts}."
    if item.kind == "vital" or not item.done:
        return None
    if item.verdict == "only_told":
        return f"{name}: in the narrative, not in the chart."
    if item.verdict == "only_charted":
        return f"{name}: in the chart, not in the narrative."
    return None
