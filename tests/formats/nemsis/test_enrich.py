"""EMSDataSet out: still valid, nothing else changed, nothing of the standard filled unasked."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from lxml import etree

from tripsheet.analysis import Analysis, error_record
from tripsheet.determination import Determination, Gap, Necessity
from tripsheet.errors import InputError
from tripsheet.findings import Findings, Medication
from tripsheet.formats.nemsis.chart import Chart
from tripsheet.formats.nemsis.enrich import Enrichment, enrich, enrichment
from tripsheet.formats.nemsis.reconcile import reconcile
from tripsheet.report import Report

from .documents import NIL, document, record

NS = "{http://www.nemsis.org}"


def analysis() -> Analysis:
    gap = Gap("stretcher_reason", "m", "a", "c")
    about = Gap("medication_dose", "m", "a", "c", about="fentanyl")
    decided = Determination("2026-01", "A0429", (), Necessity("supported"), gaps=(gap, about))
    findings = Findings(medications=(Medication("fentanyl"),))
    return Analysis(Report(narrative="a"), findings, decided)


def full(suggest: bool = False) -> Enrichment | None:
    found = analysis()
    compared = reconcile(found.findings, Chart(number="1")).to_record()
    return enrichment({**found.to_record(), "reconciliation": compared}, suggest_level=suggest)


def test_report_that_was_not_read_gets_nothing() -> None:
    assert enrichment(error_record("1", "record", "m", 1)) is None


@pytest.fixture(scope="module")
def schema(nemsis: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(nemsis / "xsd-3.5.1" / "EMSDataSet_v3.xsd")))


@pytest.mark.parametrize("suggest", [False, True], ids=["as asked of none", "level suggested"])
def test_every_valid_sample_stays_valid(
    nemsis: Path, schema: etree.XMLSchema, tmp_path: Path, suggest: bool
) -> None:
    files = sorted((nemsis / "samples").glob("*/*.xml"))
    valid = [file for file in files if schema.validate(etree.parse(str(file)))]
    assert len(valid) > 30
    for file in valid:
        before = file.read_bytes()
        target = tmp_path / file.name
        assert enrich(file, target, [full(suggest)]) == 1
        tree = etree.parse(str(target))
        assert schema.validate(tree), (file.name, schema.error_log.last_error)
        assert tree.xpath("count(//*[local-name()='eCustomResults.02'][.='tripsheet.level'])") == 1
        assert file.read_bytes() == before


def test_only_additions_distinguish_the_result(nemsis: Path, tmp_path: Path) -> None:
    file = nemsis / "samples/compliance-2026/full__2026-EMS-1-RespiratoryTransfer_v351.xml"
    target = tmp_path / "out.xml"
    enrich(file, target, [full()])
    tree = etree.parse(str(target))
    for name in ("eCustomResults.ResultsGroup", "eCustomConfiguration.CustomGroup"):
        for group in tree.iter(f"{NS}{name}"):
            if any("tripsheet." in text for text in (*group.itertext(), *group.attrib.values())):
                parent, tail = group.getparent(), group.tail
                before = group.getprevious()
                parent.remove(group)
                before.tail = (before.tail or "") + (tail or "")
    plain = etree.tostring(etree.parse(str(file)), method="c14n")
    assert etree.tostring(tree, method="c14n") == plain


def test_without_additions_the_result_is_the_source(tmp_path: Path) -> None:
    file, target = tmp_path / "in.xml", tmp_path / "out.xml"
    file.write_bytes(document(record("1"), record("2")))
    # The header's definitions are the one addition that stands there in any case.
    enrich(file, target, [None, None])
    added = target.read_bytes()
    start = added.index(b"<eCustomConfiguration>")
    end = added.index(b"</eCustomConfiguration>") + len(b"</eCustomConfiguration>")
    assert added[:start] + added[end:] == file.read_bytes()


LEVELS = {
    "nil and asked": (f"<ePayment.50 {NIL}/>", True, "2650009", None),
    "nil with an end tag and asked": (f"<ePayment.50 {NIL}></ePayment.50>", True, "2650009", None),
    "nil and not asked": (f"<ePayment.50 {NIL}/>", False, None, "7701003"),
    "filled and asked": ("<ePayment.50>2650007</ePayment.50>", True, "2650007", None),
}


@pytest.mark.parametrize(("element", "asked", "value", "nil"), LEVELS.values(), ids=LEVELS.keys())
def test_level_is_suggested_only_where_empty_and_asked(
    tmp_path: Path, element: str, asked: bool, value: str | None, nil: str | None
) -> None:
    file, target = tmp_path / "in.xml", tmp_path / "out.xml"
    file.write_bytes(document(record(body=f"<ePayment>{element}</ePayment>")))
    enrich(file, target, [full(asked)])
    found = etree.parse(str(target)).find(f".//{NS}ePayment.50")
    assert (found.text, found.get("NV")) == (value, nil)


SECTIONS = {
    "an empty section": "<eCustomResults/>",
    "a section with a result": (
        "<eCustomResults><eCustomResults.ResultsGroup><eCustomResults.01>x</eCustomResults.01>"
        "<eCustomResults.02>own</eCustomResults.02></eCustomResults.ResultsGroup></eCustomResults>"
    ),
    "no section before others": "<eOther></eOther>",
    "no section at the end": "",
}


@pytest.mark.parametrize("section", SECTIONS.values(), ids=SECTIONS.keys())
def test_results_stand_in_one_section(tmp_path: Path, section: str) -> None:
    file, target = tmp_path / "in.xml", tmp_path / "out.xml"
    file.write_bytes(document(record(body=section)))
    enrich(file, target, [full()])
    [results] = etree.parse(str(target)).iter(f"{NS}eCustomResults")
    values = {
        group.find(f"{NS}eCustomResults.02").text: [
            value.text for value in group.iter(f"{NS}eCustomResults.01")
        ]
        for group in results
    }
    values.pop("own", None)
    assert values == {
        "tripsheet.level": ["A0429"],
        "tripsheet.rules": ["2026-01"],
        "tripsheet.necessity": ["supported"],
        "tripsheet.gap": ["stretcher_reason", "medication_dose: fentanyl"],
        "tripsheet.reconciliation": ["fentanyl: in the narrative, not in the chart."],
    }


def test_prefix_encoding_and_marks_of_the_document_are_kept(tmp_path: Path) -> None:
    file, target = tmp_path / "in.xml", tmp_path / "out.xml"
    text = (
        '<?xml version="1.0" encoding="ISO-8859-1"?><n:EMSDataSet xmlns:n="http://www.nemsis.org">'
        "<n:Header><n:DemographicGroup></n:DemographicGroup><!-- a > b --><n:PatientCareReport>"
        '<n:eNarrative><n:eNarrative.01 a="/>">caf\xe9 &#13;</n:eNarrative.01></n:eNarrative>'
        "</n:PatientCareReport></n:Header></n:EMSDataSet>"
    )
    file.write_bytes(text.encode("latin-1"))
    enrich(file, target, [Enrichment((("tripsheet.level", ("né < \x0b",)),))])
    tree = etree.parse(str(target))
    assert tree.find(f".//{NS}eCustomResults.01").text == "né <  "
    assert tree.find(f".//{NS}eNarrative.01").text == "caf\xe9 \r"
    assert b'a="/>">caf\xe9 &#13;<' in target.read_bytes()


def test_many_records_and_headers_keep_their_order(tmp_path: Path) -> None:
    file, target = tmp_path / "in.xml", tmp_path / "out.xml"
    header = document(*[record(str(n), "Pt in bed. " * 50) for n in range(500)]).decode()
    second = header[header.index("<Header>") : header.index("</EMSDataSet>")]
    file.write_text(header.replace("</EMSDataSet>", f"{second}</EMSDataSet>"))
    levels = [f"level {n}" for n in range(1000)]
    enrich(file, target, (Enrichment((("tripsheet.level", (level,)),)) for level in levels))
    tree = etree.parse(str(target))
    assert [item.text for item in tree.iter(f"{NS}eCustomResults.01")] == levels
    assert len(list(tree.iter(f"{NS}eCustomConfiguration"))) == 2


@pytest.mark.parametrize("size", [1, 7, 64, 1000])
def test_place_in_the_file_does_not_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    file = tmp_path / "in.xml"
    sections = [f"<ePayment><ePayment.50 {NIL}/></ePayment>{part}" for part in SECTIONS.values()]
    file.write_bytes(document(*[record(str(n), body=body) for n, body in enumerate(sections)]))
    results = [full(True)] * len(sections)
    enrich(file, tmp_path / "whole.xml", results)
    monkeypatch.setattr("tripsheet.formats.nemsis.enrich._CHUNK", size)
    enrich(file, tmp_path / "pieces.xml", results)
    assert (tmp_path / "pieces.xml").read_bytes() == (tmp_path / "whole.xml").read_bytes()


BAD = {
    "fewer results than records": (document(record(), record()), [None], "more records than"),
    "more results than records": (document(record()), [None, None], "fewer records than"),
    "breaks off": (document(record())[:-30], [None], "not well-formed XML at line"),
    "UTF-16": (document(record()).decode().encode("utf-16"), [None], "convert it to UTF-8"),
    "a document type": (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", [], "document type"),
}


@pytest.mark.parametrize(("data", "results", "said"), BAD.values(), ids=BAD.keys())
def test_what_goes_wrong_leaves_no_file(
    tmp_path: Path, data: bytes, results: list[Enrichment | None], said: str
) -> None:
    file = tmp_path / "in.xml"
    file.write_bytes(data)
    with pytest.raises(InputError, match=said):
        enrich(file, tmp_path / "out.xml", results)
    assert os.listdir(tmp_path) == ["in.xml"]


def test_enriching_twice_is_refused(tmp_path: Path) -> None:
    file, once = tmp_path / "in.xml", tmp_path / "once.xml"
    file.write_bytes(document(record()))
    enrich(file, once, [full()])
    with pytest.raises(InputError, match="enrich the original"):
        enrich(once, tmp_path / "twice.xml", [full()])


def test_source_is_never_the_target(tmp_path: Path) -> None:
    file = tmp_path / "in.xml"
    file.write_bytes(document(record()))
    with pytest.raises(InputError, match="is the source itself"):
        enrich(file, file, [full()])
