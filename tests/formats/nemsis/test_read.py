"""EMSDataSet in: samples of the standard, what each element means, and hostile documents."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from tripsheet.errors import InputError
from tripsheet.findings import Dose
from tripsheet.formats.entry import Failure, Once
from tripsheet.formats.nemsis.chart import ChartedReport
from tripsheet.formats.nemsis.read import (
    RawRecord,
    raw_records,
    read_nemsis,
    read_nemsis_stream,
    read_raw,
)

from .documents import HEAD, NIL, TAIL, document, medication, procedure, record


def read(data: bytes, notices: list[str] | None = None) -> list[ChartedReport | Failure]:
    said = [] if notices is None else notices
    return list(read_nemsis_stream(io.BytesIO(data), name="calls.xml", notify=said.append))


def one(body: str = "", narrative: str = "Pt in bed.") -> ChartedReport:
    [entry] = read(document(record(narrative=narrative, body=body)))
    assert isinstance(entry, ChartedReport)
    return entry


def test_every_sample_of_the_standard_is_read(nemsis: Path) -> None:
    files = sorted((nemsis / "samples").glob("*/*.xml"))
    assert len(files) > 30
    for file in files:
        entries = list(read_nemsis(file, notify=lambda _: None))
        assert entries, file.name
        assert not any(isinstance(entry, Failure) for entry in entries), file.name


def test_compliance_case_is_read_whole(nemsis: Path) -> None:
    case = "samples/compliance-2026/full__2026-EMS-1-RespiratoryTransfer_v351.xml"
    [entry] = read_nemsis(nemsis / case)
    assert isinstance(entry, ChartedReport)
    report, chart = entry.report, entry.chart
    assert report.narrative.startswith("Transported respiratory patient")
    assert report.narrative.endswith("during transport.")
    assert (report.transport, report.response, report.transported) == (
        "ground", "non_emergency", True,
    )  # fmt: skip
    assert (report.origin, report.destination, report.crew_level) == ("H", "H", "nurse")
    assert (report.claimed_hcpcs, report.date_of_service) == ("A0434", dt.date(2025, 10, 26))
    assert (report.pcs_on_file, report.pcs_date) == (True, dt.date(2025, 10, 25))
    assert report.loaded_miles == 100.9
    assert report.state == "DE"
    assert [item.id for item in chart.interventions] == [
        "oxygen", "iv_fluid_bolus", "mechanical_ventilation", "iv_access",
    ]  # fmt: skip
    assert [item.performer for item in chart.interventions][-1] == "other"
    assert chart.payment.indicators == ("C1", "C7")
    assert "IV medications/fluids required during transport" in chart.payment.reasons
    assert {vital.kind for vital in chart.vitals} >= {"systolic_bp", "spo2", "gcs"}


def test_records_cut_out_are_read_as_in_their_document(nemsis: Path, tmp_path: Path) -> None:
    files = sorted((nemsis / "samples").glob("*/*.xml"))
    breaks = tmp_path / "breaks.xml"
    breaks.write_bytes(document(record("1", "a &amp; b&#13;&#10;c\n d"), record("2"))[:-60])
    for file in [*files, breaks]:
        whole = list(read_nemsis(file, notify=lambda _: None))
        notify = Once(lambda _: None)
        cut = [
            read_raw(item, notify) if isinstance(item, RawRecord) else item
            for item in raw_records(file)
        ]
        assert len(cut) == len(whole)
        for one, other in zip(whole, cut, strict=True):
            if isinstance(one, Failure):
                assert isinstance(other, Failure)
                assert one.to_record() == other.to_record()
            else:
                assert one == other


def test_narrative_keeps_its_line_breaks_and_entities() -> None:
    told = "BP &lt; 90&#13;&#10;O2 &amp; fluids.\n<![CDATA[a < b]]><!-- note --> end"
    assert one(narrative=told).report.narrative == "BP < 90\r\nO2 & fluids.\na < b end"


MEDICATIONS = {
    "plain intravenous is a push with its method open": (
        medication(), ("fentanyl", "given", "crew", "iv_push", False),
    ),
    "an intravenous rate is an infusion": (
        medication("3628", unit="3706017"), ("dopamine", "given", "crew", "iv_infusion", True),
    ),
    "a pump is an infusion": (
        medication(route="9927069"), ("fentanyl", "given", "crew", "iv_infusion", True),
    ),
    "prior to arrival is another's": (
        medication("1191", route="9927035", prior="9923003"),
        ("aspirin", "given", "other", "oral", True),
    ),
    "a pertinent negative is not given": (
        medication("1191", route="9927035", negative="8801019"),
        ("aspirin", "not_given", "crew", "oral", True),
    ),
    "a strength of epinephrine is epinephrine": (
        medication("317361"), ("epinephrine", "given", "crew", "iv_push", False),
    ),
    "an unknown code has no name": (
        medication("2573160"), (None, "given", "crew", "iv_push", False),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), MEDICATIONS.values(), ids=MEDICATIONS.keys())
def test_medication(body: str, expected: tuple[object, ...]) -> None:
    [drug] = one(body).chart.medications
    assert (drug.name, drug.status, drug.performer, drug.route, drug.method_stated) == expected


def test_medication_has_its_dose_and_the_reason_it_was_not_given() -> None:
    [drug] = one(medication(negative="8801007")).chart.medications
    assert (drug.dose, drug.reason) == (Dose(50, "mcg"), "allergy")


INTERVENTIONS = {
    "a tube placed": (procedure(), ("endotracheal_intubation", "performed", "crew")),
    "a tube missed": (
        procedure(success="9923001"), ("endotracheal_intubation", "attempted", "crew"),
    ),
    "CPR without a pulse regained was done": (
        procedure("89666000", success="9923001"), ("cpr", "performed", "crew"),
    ),
    "a procedure refused": (
        procedure("386423001", negative="8801019"), ("physical_restraint", "not_performed", "crew"),
    ),
    "a procedure before arrival": (
        procedure("20655006", prior="9923003"), ("tourniquet", "performed", "other"),
    ),
    "oxygen charted as a drug": (medication("7806"), ("oxygen", "performed", "crew")),
    "saline charted as a drug": (medication("313002"), ("iv_fluid_bolus", "performed", "crew")),
    "blood charted as a drug": (
        medication("33389009", kind="9924005"), ("blood_transfusion", "performed", "crew"),
    ),
    "an unknown code": (procedure("999999999"), (None, "performed", "crew")),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), INTERVENTIONS.values(), ids=INTERVENTIONS.keys())
def test_intervention(body: str, expected: tuple[object, ...]) -> None:
    entry = one(body)
    assert entry.chart.medications == ()
    [act] = entry.chart.interventions
    assert (act.id, act.status, act.performer) == expected


def test_nil_values_are_no_facts() -> None:
    entry = one(
        f"<eVitals><eVitals.VitalGroup><eVitals.12 {NIL}/><eVitals.14>18</eVitals.14>"
        f"<eVitals.18>High</eVitals.18></eVitals.VitalGroup></eVitals>"
        f"<eMedications><eMedications.MedicationGroup><eMedications.03 {NIL}/>"
        f"</eMedications.MedicationGroup></eMedications>"
        f"<eDisposition><eDisposition.16 {NIL}/><eDisposition.30 {NIL}/></eDisposition>"
    )
    assert entry.chart.medications == ()
    assert [(vital.kind, vital.value) for vital in entry.chart.vitals] == [("respiratory_rate", 18)]
    assert entry.report.transport is None
    assert entry.report.transported is None


def test_glasgow_score_is_summed_and_a_palpated_pressure_marked() -> None:
    vitals = one(
        "<eVitals><eVitals.VitalGroup><eVitals.06>80</eVitals.06><eVitals.07>P</eVitals.07>"
        "<eVitals.19>1</eVitals.19><eVitals.20>2</eVitals.20><eVitals.21>4</eVitals.21>"
        '<eVitals.16 ETCO2Type="3340005">5</eVitals.16></eVitals.VitalGroup></eVitals>'
    ).chart.vitals
    assert [(vital.kind, vital.value, vital.detail) for vital in vitals] == [
        ("systolic_bp", 80, "palpated"),
        ("gcs", 7, None),
    ]


RESPONSES = {
    "billing says immediate": ("<ePayment.40>2640001</ePayment.40>", "emergency"),
    "emergency service and mode": (
        "<eResponse.05>2205001</eResponse.05><eResponse.23>2223001</eResponse.23>", "emergency",
    ),
    "routine service and mode": (
        "<eResponse.05>2205005</eResponse.05><eResponse.23>2223005</eResponse.23>",
        "non_emergency",
    ),
    "service and mode differ": (
        "<eResponse.05>2205001</eResponse.05><eResponse.23>2223005</eResponse.23>", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), RESPONSES.values(), ids=RESPONSES.keys())
def test_response(body: str, expected: str | None) -> None:
    assert one(body).report.response == expected


def test_record_without_narrative_is_read_with_one_notice() -> None:
    notices: list[str] = []
    entries = read(document(*[record(str(n), None, medication()) for n in range(3)]), notices)
    assert [entry.report.narrative for entry in entries if isinstance(entry, ChartedReport)] == [
        "", "", "",
    ]  # fmt: skip
    assert len(notices) == 1
    assert "no narrative (eNarrative.01)" in notices[0]


def test_record_of_version_3_4_is_a_failure_and_the_rest_is_read() -> None:
    old = record("old", body="<eDisposition><eDisposition.12>1</eDisposition.12></eDisposition>")
    first, bad, last = read(document(record("1"), old, record("3")))
    assert isinstance(first, ChartedReport)
    assert isinstance(last, ChartedReport)
    assert isinstance(bad, Failure)
    assert (bad.id, bad.line) == ("old", 5)
    assert "v3.4" in bad.error.message


def test_document_that_breaks_off_tells_where_after_what_could_be_read() -> None:
    data = document(record("1"), record("2", narrative="A secret word."))
    *read_first, broken = read(data[: data.index(b"secret") + 3])
    assert [entry.chart.number for entry in read_first if isinstance(entry, ChartedReport)] == ["1"]
    assert isinstance(broken, Failure)
    assert "breaks off at line 5" in broken.error.message
    assert "secret" not in broken.error.message


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"""
EXTERNAL = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>"""
BODY = document(record()).split(b"?>\n", 1)[1]

REFUSED = {
    "nothing": (b"", "is empty"),
    "a line of text": (b"Pt in bed.", "is not XML"),
    "JSON": (b'{"narrative": "a"}', "is not XML"),
    "a gzip bomb": (b"\x1f\x8b\x08\x00" + b"\x00" * 100, "gzip archive; unpack it first"),
    "a ZIP archive": (b"PK\x03\x04", "ZIP archive"),
    "another root": (b'<DEMDataSet xmlns="http://www.nemsis.org"/>', "is not a NEMSIS EMSDataSet"),
    "another namespace": (b'<EMSDataSet xmlns="urn:x"/>', "not in the namespace"),
    "version 3.4": (
        HEAD.replace(
            "<EMSDataSet ",
            '<EMSDataSet xsi:schemaLocation="http://www.nemsis.org '
            'http://nemsis.org/media/nemsis_v3/release-3.4.0/XSDs/EMSDataSet_v3.xsd" ',
        ).encode()
        + TAIL.encode(),
        "version before 3.5",
    ),
    "no record": ((HEAD + TAIL).encode(), "holds no PatientCareReport"),
    "entities that expand": (LAUGHS + BODY, "document type"),
    "an external entity": (EXTERNAL + BODY, "document type"),
}


@pytest.mark.parametrize(("data", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_document_refused_as_a_whole(data: bytes, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        read(data)
    assert caught.value.message.startswith("calls.xml")


def test_undeclared_entity_quotes_no_word() -> None:
    [broken] = read(document(record(narrative="chest &pain; here")))
    assert isinstance(broken, Failure)
    assert "pain" not in broken.error.message


def test_depth_beyond_reason_ends_reading() -> None:
    [broken] = read(document(record(body="<a>" * 5000 + "</a>" * 5000)))
    assert isinstance(broken, Failure)


def test_record_of_a_million_elements_is_passed_over_in_little_memory() -> None:
    def pieces() -> Iterator[bytes]:
        yield (HEAD + record("1")).encode()
        yield b'<PatientCareReport UUID="u">'
        for _ in range(1000):
            yield b"<eOther.01/>" * 1000
        yield b"</PatientCareReport>\n" + record("3").encode() + TAIL.encode()

    resource = pytest.importorskip("resource")
    source = io.BytesIO(b"".join(pieces()))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    first, bad, last = read_nemsis_stream(source, name="calls.xml")
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert isinstance(first, ChartedReport)
    assert isinstance(last, ChartedReport)
    assert isinstance(bad, Failure)
    assert "line 5 is larger than 4 MB" in bad.error.message
    assert grown < 60_000  # kilobytes; a tree of a million elements takes several hundred thousand


def test_memory_does_not_grow_with_the_number_of_records(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource")
    file = tmp_path / "calls.xml"
    with file.open("wb") as out:
        out.write(HEAD.encode())
        for number in range(20_000):
            out.write(record(f"PCR-{number}", "Pt in bed. " * 100, medication()).encode())
        out.write(TAIL.encode())
    read_some = iter(read_nemsis(file))
    for _ in range(1000):
        next(read_some)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert sum(1 for _ in read_some) == 19_000
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20_000  # kilobytes; the document has 35,000
