"""NEMSIS v3.5.1 EMSDataSet in: the narrative as a `Report`, the structured facts as a `Chart`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

from tripsheet.errors import RecordError, TripsheetError
from tripsheet.findings import Dose
from tripsheet.formats.entry import Entry, Failure, Notify, Once, warn
from tripsheet.formats.nemsis.chart import (
    Chart,
    ChartedIntervention,
    ChartedMedication,
    ChartedReport,
    ChartedVital,
    Payment,
)
from tripsheet.formats.nemsis.codes import (
    MMHG,
    NAMESPACE,
    NO,
    YES,
    is_snomed,
    label,
    medication_names,
    named,
    tables,
)
from tripsheet.formats.nemsis.stream import Element, parsed, records, serialized
from tripsheet.formats.opening import opened
from tripsheet.formats.record import NARRATIVE_LIMIT
from tripsheet.report import Report
from tripsheet.vocabulary import CREW_LEVELS, InterventionId, Performer, Route, VitalKind

_VITAL_UNITS: dict[str, str] = {
    "systolic_bp": "mmHg",
    "diastolic_bp": "mmHg",
    "heart_rate": "/min",
    "respiratory_rate": "/min",
    "spo2": "%",
    "glucose": "mg/dL",
    "etco2": "mmHg",
    "temperature": "C",
}
_RATE = re.compile(r"/(?:hr|min)$")


def read_nemsis(path: Path | str, *, notify: Notify = warn) -> Iterator[ChartedReport | Failure]:
    """The reports of an EMSDataSet document in order, each with its chart.

    The id is the report's number (eRecord.01). A report without narrative text, which the
    standard allows, has the narrative "" and its chart; a notice tells so once.

    Raises:
        InputError: the document as a whole cannot be read (see `stream.records`).
    """
    path = Path(path)
    with opened(path) as stream:
        yield from read_nemsis_stream(stream, name=str(path), notify=notify)


def read_nemsis_stream(
    stream: BinaryIO, *, name: str = "Standard input", notify: Notify = warn
) -> Iterator[ChartedReport | Failure]:
    """As `read_nemsis`, from an open stream of bytes."""
    once = Once(notify)
    for number, item in enumerate(records(stream, name), 1):
        if isinstance(item, TripsheetError):
            yield Failure(str(number), item, item.line)
            continue
        element, state = item
        line = element.sourceline
        yield charted(element, state=state, number=number, line=line, name=name, notify=once)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """One PatientCareReport as XML, to be read elsewhere (see `read_raw`)."""

    xml: bytes
    state: str | None
    number: int
    line: int
    name: str


def raw_records(path: Path | str) -> Iterator[RawRecord | Failure]:
    """The records of a document in order, cut out and not read yet.

    Cutting costs a third of reading, so that many workers can be kept busy by one process.

    Raises:
        InputError: as `read_nemsis`.
    """
    path = Path(path)
    name = str(path)
    with opened(path) as stream:
        for number, item in enumerate(records(stream, name), 1):
            if isinstance(item, TripsheetError):
                yield Failure(str(number), item, item.line)
            else:
                element, state = item
                xml, line = serialized(element), element.sourceline
                yield RawRecord(xml, state, number, line, name)


def read_raw(record: RawRecord, notify: Once) -> ChartedReport | Failure:
    """The report and chart of a record that `raw_records` cut out."""
    return charted(
        parsed(record.xml),
        state=record.state,
        number=record.number,
        line=record.line,
        name=record.name,
        notify=notify,
    )


def reports(entries: Iterator[ChartedReport | Failure]) -> Iterator[Entry]:
    """The reports alone, without their charts."""
    for entry in entries:
        yield entry if isinstance(entry, Failure) else entry.report


def charted(
    element: Element, *, state: str | None, number: int, line: int, name: str, notify: Once
) -> ChartedReport | Failure:
    """One PatientCareReport element as report and chart."""
    view = _View(element)
    own = view.text("eRecord.01") or str(number)
    where = f"{name}: the PatientCareReport at line {line}"
    if view.find("eDisposition.12") is not None or view.find("eResponse.15") is not None:
        old = RecordError(
            f"{where} is of NEMSIS v3.4, whose codes mean other things; export it as v3.5.",
            line=line,
        )
        return Failure(own, old, line)
    narrative = view.text("eNarrative.01", strip=False) or ""
    if len(narrative) > NARRATIVE_LIMIT:
        long = RecordError(
            f"{where} has a narrative of {len(narrative):,} characters, and one report may have "
            f"{NARRATIVE_LIMIT:,}.",
            line=line,
            field="eNarrative.01",
        )
        return Failure(own, long, line)
    if not narrative.strip():
        notify(
            f"{where} has no narrative (eNarrative.01); only its structured facts are read, "
            "and so for others like it.",
            key="no narrative",
        )
    chart = _chart(view, own)
    return ChartedReport(_report(view, chart, narrative, state), chart)


class _View:
    """A PatientCareReport as lists of elements by their name without namespace."""

    def __init__(self, element: Element) -> None:
        self.uuid: str | None = element.get("UUID")
        self._children: dict[str, list[Element]] = {}
        prefix = f"{{{NAMESPACE}}}"
        for child in element.iter():
            if isinstance(child.tag, str):
                self._children.setdefault(child.tag.removeprefix(prefix), []).append(child)

    def all(self, name: str) -> list[Element]:
        return self._children.get(name, [])

    def find(self, name: str) -> Element | None:
        found = self.all(name)
        return found[0] if found else None

    def text(self, name: str, *, strip: bool = True) -> str | None:
        """The first value of an element; None where it is absent, nil or empty."""
        found = self.find(name)
        if found is None or found.text is None or found.get("PN") or found.get("NV"):
            return None
        return str(found.text).strip() if strip else str(found.text)

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of a repeating element."""
        return tuple(
            found.text.strip()
            for found in self.all(name)
            if found.text and not found.get("PN") and not found.get("NV")
        )

    def labels(self, name: str) -> tuple[str, ...]:
        """All values of a coded element in the standard's words; an unknown code as it is."""
        return tuple(label(name, code) or code for code in self.texts(name))


def _report(view: _View, chart: Chart, narrative: str, state: str | None) -> Report:
    transported = named("transport_disposition", view.text("eDisposition.30"))
    if transported is None and view.text("eDisposition.27") not in (None, "4227001"):
        transported = False
    patients = view.text("eDisposition.11")
    scene_state = view.text("eScene.18") or (state or "").strip()
    return Report(
        narrative=narrative,
        id=chart.number,
        transport=named("transport_method", view.text("eDisposition.16"))
        or named("unit_transport", view.text("eResponse.07")),
        response=_response(view),
        crew_level=_crew_level(view),
        origin=named("scene_place", view.text("eScene.09")),
        destination=named("destination_place", view.text("eDisposition.21")),
        loaded_miles=_loaded_miles(view) if transported else None,
        date_of_service=_date_of_service(view),
        claimed_hcpcs=chart.payment.level,
        pcs_on_file=chart.payment.certified,
        pcs_date=chart.payment.certified_on,
        pcs_signer=chart.payment.certified_by,
        dispatch_complaint=label("eDispatch.01", view.text("eDispatch.01")),
        transported=transported,
        patients=int(patients) if patients and patients.isdigit() else None,
        state=named("state", scene_state),
    )


def _response(view: _View) -> Any:
    """The urgency that billing states, else that of service and mode where the two agree."""
    stated = named("response_urgency", view.text("ePayment.40"))
    if stated:
        return stated
    service = named("service_response", view.text("eResponse.05"))
    mode = named("response_mode", view.text("eResponse.23"))
    return service if service == mode else None


def _crew_level(view: _View) -> Any:
    levels = {named("crew_level", code) for code in view.texts("eCrew.02")}
    return next((level for level in reversed(CREW_LEVELS) if level in levels), None)


def _loaded_miles(view: _View) -> float | None:
    """Odometer at the destination less odometer at the scene."""
    scene, end = _number(view.text("eResponse.20")), _number(view.text("eResponse.21"))
    if scene is None or end is None or end < scene:
        return None
    return round(end - scene, 1)


def _date_of_service(view: _View) -> dt.date | None:
    """The day the loaded unit left, else the day it was sent.

    Source: Medicare Claims Processing Manual, ch. 15, s. 30.
    """
    for name in ("eTimes.09", "eTimes.03"):
        found = _date(view.text(name))
        if found:
            return found
    return None


def _chart(view: _View, number: str) -> Chart:
    drugs, fluids = _medications(view)
    times = {
        f"eTimes.{place:02}": value
        for place in range(1, 18)
        if (value := view.text(f"eTimes.{place:02}"))
    }
    disposition = {
        name: found
        for place in (13, 14, 21, 27, 30, 32)
        if (found := view.labels(name := f"eDisposition.{place}"))
    }
    return Chart(
        number=number,
        uuid=view.uuid,
        service=label("eResponse.05", view.text("eResponse.05")),
        response_mode=label("eResponse.23", view.text("eResponse.23")),
        unit=label("eResponse.07", view.text("eResponse.07")),
        crew=tuple(
            level
            for code in view.texts("eCrew.02")
            if (level := named("crew_level", code)) is not None
        ),
        times=times,
        disposition=disposition,
        payment=_payment(view),
        medications=drugs,
        interventions=tuple(chain(fluids, _procedures(view))),
        vitals=tuple(chain.from_iterable(_vitals(group) for group in _groups(view, "eVitals"))),
    )


def _payment(view: _View) -> Payment:
    certified = {"9922005": True, "9922001": False}.get(view.text("ePayment.02") or "")
    assessed = {YES: True, NO: False}.get(view.text("ePayment.49") or "")
    return Payment(
        level=named("service_level", view.text("ePayment.50")),
        certified=certified,
        certified_on=_date(view.text("ePayment.03")),
        certified_by=named("certificate_signer", view.text("ePayment.05")),
        reasons=view.labels("ePayment.04"),
        assessment=view.labels("ePayment.41"),
        transport=view.texts("ePayment.44"),
        conditions=view.texts("ePayment.47"),
        indicators=view.texts("ePayment.52"),
        stretcher_purpose=view.text("ePayment.46"),
        round_trip_purpose=view.text("ePayment.45"),
        als_assessment=assessed,
        closest_hospital_miles=_number(view.text("ePayment.48")),
        authorization=view.text("ePayment.53") is not None,
    )


_GROUPS = {
    "eMedications": "eMedications.MedicationGroup",
    "eProcedures": "eProcedures.ProcedureGroup",
    "eVitals": "eVitals.VitalGroup",
}


def _groups(view: _View, section: str) -> list[_View]:
    return [_View(group) for group in view.all(_GROUPS[section])]


def _coded(view: _View, name: str) -> tuple[str, Element] | None:
    """The code of an element that may carry a pertinent negative; None where it is nil."""
    found = view.find(name)
    if found is None or found.get("NV") or not (found.text or "").strip():
        return None
    return str(found.text).strip(), found


def _performer(view: _View, prior: str, role: str, another_unit: str) -> Performer:
    if YES in (view.text(prior), view.text(another_unit)):
        return "other"
    return "other" if view.text(role) in tables()["other_role"] else "crew"


def _medications(
    view: _View,
) -> tuple[tuple[ChartedMedication, ...], list[ChartedIntervention]]:
    drugs: list[ChartedMedication] = []
    fluids: list[ChartedIntervention] = []
    for group in _groups(view, "eMedications"):
        coded = _coded(group, "eMedications.03")
        if coded is None:
            continue
        code, element = coded
        negative = element.get("PN")
        reason = named("not_done", negative) or "not_given" if negative else None
        performer = _performer(group, "eMedications.02", "eMedications.10", "eMedications.13")
        time = group.text("eMedications.01")
        snomed = is_snomed(code, element.get("CodeType"))
        fluid: InterventionId | None = None
        detail: str | None = None
        if snomed and code in tables()["snomed_blood"]:
            fluid, detail = "blood_transfusion", tables()["snomed_blood"][code] or None
        elif not snomed:
            fluid = named("rxnorm_intervention", code)
        if fluid:
            fluids.append(
                ChartedIntervention(
                    fluid,
                    code,
                    "not_performed" if negative else "performed",
                    performer,
                    detail=detail,
                    time=time,
                    reason=reason,
                )
            )
            continue
        route_code = group.text("eMedications.04")
        dose = _dose(group)
        route: Route = named("route", route_code) or "unknown"
        plain = route_code == "9927023"
        if plain and dose and _RATE.search(dose.unit):
            # A rate is an infusion; the standard has no element for the method.
            route, plain = "iv_infusion", False
        drugs.append(
            ChartedMedication(
                name=None if snomed else medication_names().get(code),
                code=code,
                status="not_given" if negative else "given",
                performer=performer,
                route=route,
                method_stated=not plain,
                dose=dose,
                time=time,
                response={"9916001": "improved", "9916003": "unchanged", "9916005": "worse"}.get(
                    group.text("eMedications.07") or ""
                ),
                reason=reason,
            )
        )
    return tuple(drugs), fluids


def _dose(group: _View) -> Dose | None:
    value = _number(group.text("eMedications.05"))
    unit = named("dose_unit", group.text("eMedications.06"))
    return Dose(value, unit) if value is not None and unit else None


def _procedures(view: _View) -> list[ChartedIntervention]:
    found: list[ChartedIntervention] = []
    for group in _groups(view, "eProcedures"):
        coded = _coded(group, "eProcedures.03")
        if coded is None:
            continue
        code, element = coded
        negative = element.get("PN")
        id: InterventionId | None = named("snomed_procedure", code)
        # Resuscitation that did not bring a pulse back was performed; a line missed was tried.
        failed = group.text("eProcedures.06") == NO and id in tables()["placed"]["ids"]
        attempts = group.text("eProcedures.05")
        found.append(
            ChartedIntervention(
                id=id,
                code=code,
                status="not_performed" if negative else "attempted" if failed else "performed",
                performer=_performer(group, "eProcedures.02", "eProcedures.10", "eProcedures.15"),
                detail=named("snomed_detail", code),
                attempts=int(attempts) if attempts and attempts.isdigit() else None,
                time=group.text("eProcedures.01"),
                reason=named("not_done", negative) or "not_performed" if negative else None,
            )
        )
    return found


def _vitals(group: _View) -> Iterator[ChartedVital]:
    performer: Performer = "other" if group.text("eVitals.02") == YES else "crew"
    time = group.text("eVitals.01")
    elements: dict[str, VitalKind] = tables()["vital"]
    palpated = (group.text("eVitals.07") or "").upper() == "P"
    for name, kind in elements.items():
        value = _number(group.text(name))
        if kind == "gcs" and value is None:
            value = _gcs(group)
        if value is None:
            continue
        if kind == "etco2" and group.all(name)[0].get("ETCO2Type", MMHG) != MMHG:
            continue  # percent and kPa are other scales
        yield ChartedVital(
            kind,
            value,
            _VITAL_UNITS.get(kind, ""),
            "palpated" if palpated and kind == "systolic_bp" else None,
            performer,
            time,
        )


def _gcs(group: _View) -> float | None:
    """Eye, verbal and motor score together, where all three are there."""
    parts = [_number(group.text(f"eVitals.{part}")) for part in (19, 20, 21)]
    known = [part for part in parts if part is not None]
    return sum(known) if len(known) == 3 else None


def _number(text: str | None) -> float | None:
    return float(text) if text and re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text) else None


def _date(text: str | None) -> dt.date | None:
    """The day of a date-time as the sender's clock had it."""
    try:
        return dt.date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
