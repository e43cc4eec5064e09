"""Chart: what the structured part of an electronic record says, in the names of the vocabulary."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from tripsheet.findings import Dose
from tripsheet.report import Report
from tripsheet.vocabulary import (
    InterventionId,
    InterventionStatus,
    MedicationStatus,
    Performer,
    Route,
    VitalKind,
)


@dataclass(frozen=True, slots=True)
class ChartedMedication:
    """One administration (one eMedications.MedicationGroup), or a drug considered and not given.

    `name` is None where the code is not certainly one of the vocabulary's drugs. `method_stated`
    is false for plain intravenous, which the standard does not part into push and infusion.
    `reason` is the pertinent negative of a drug not given ("refused", "allergy").
    """

    name: str | None
    code: str
    status: MedicationStatus = "given"
    performer: Performer = "crew"
    route: Route = "unknown"
    method_stated: bool = True
    dose: Dose | None = None
    time: str | None = None
    response: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ChartedIntervention:
    """One procedure (one eProcedures.ProcedureGroup), or oxygen, fluid or blood charted as a drug.

    `id` is None where the code is not certainly one of the vocabulary's interventions.
    """

    id: InterventionId | None
    code: str
    status: InterventionStatus = "performed"
    performer: Performer = "crew"
    detail: str | None = None
    attempts: int | None = None
    time: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ChartedVital:
    """One measured value of one eVitals.VitalGroup; units as in `findings.Vital`."""

    kind: VitalKind
    value: float
    unit: str = ""
    detail: str | None = None
    performer: Performer = "crew"
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """The billing section: the charted level and the certification with its reasons.

    `level` is the HCPCS code of ePayment.50; `reasons`, `assessment`, `conditions`, `transport`
    and `indicators` are the standard's words or codes in the order of the record.
    """

    level: str | None = None
    certified: bool | None = None
    certified_on: dt.date | None = None
    certified_by: str | None = None
    reasons: tuple[str, ...] = ()
    assessment: tuple[str, ...] = ()
    transport: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    stretcher_purpose: str | None = None
    round_trip_purpose: str | None = None
    als_assessment: bool | None = None
    closest_hospital_miles: float | None = None
    authorization: bool = False


@dataclass(frozen=True, slots=True)
class Chart:
    """The structured part of one PatientCareReport.

    `times` maps eTimes elements to their date-times as written; `disposition` holds labels of
    eDisposition elements. Values that are nil (not recorded, not applicable) are left out.
    """

    number: str
    uuid: str | None = None
    service: str | None = None
    response_mode: str | None = None
    unit: str | None = None
    crew: tuple[str, ...] = ()
    times: Mapping[str, str] = field(default_factory=dict)
    disposition: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    payment: Payment = Payment()
    medications: tuple[ChartedMedication, ...] = ()
    interventions: tuple[ChartedIntervention, ...] = ()
    vitals: tuple[ChartedVital, ...] = ()


@dataclass(frozen=True, slots=True)
class ChartedReport:
    """One PatientCareReport: the report to read and the chart beside it."""

    report: Report
    chart: Chart
