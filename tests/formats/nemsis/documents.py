"""Small EMSDataSet documents, built for one case each."""

from __future__ import annotations

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<EMSDataSet xmlns="http://www.nemsis.org" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<Header><DemographicGroup><dAgency.01>a</dAgency.01><dAgency.02>a</dAgency.02>\
<dAgency.04>42</dAgency.04></DemographicGroup>
"""
TAIL = "</Header></EMSDataSet>\n"
NIL = 'xsi:nil="true" NV="7701003"'


def record(number: str = "PCR-1", narrative: str | None = "Pt in bed.", body: str = "") -> str:
    """One PatientCareReport with the sections a case needs (not complete for the schema)."""
    told = (
        ""
        if narrative is None
        else f"<eNarrative><eNarrative.01>{narrative}</eNarrative.01></eNarrative>"
    )
    return (
        f'<PatientCareReport UUID="u"><eRecord><eRecord.01>{number}</eRecord.01></eRecord>'
        f"{told}{body}</PatientCareReport>\n"
    )


def document(*records: str) -> bytes:
    """A whole document."""
    return (HEAD + "".join(records) + TAIL).encode()


def medication(
    code: str = "4337",
    *,
    route: str = "9927023",
    dose: str = "50",
    unit: str = "3706015",
    prior: str = "9923001",
    negative: str = "",
    kind: str = "9924003",
) -> str:
    """One eMedications.MedicationGroup."""
    pn = f' PN="{negative}"' if negative else ""
    return (
        "<eMedications><eMedications.MedicationGroup>"
        "<eMedications.01>2026-01-05T10:00:00-05:00</eMedications.01>"
        f"<eMedications.02>{prior}</eMedications.02>"
        f'<eMedications.03{pn} CodeType="{kind}">{code}</eMedications.03>'
        f"<eMedications.04>{route}</eMedications.04>"
        f"<eMedications.DosageGroup><eMedications.05>{dose}</eMedications.05>"
        f"<eMedications.06>{unit}</eMedications.06></eMedications.DosageGroup>"
        "</eMedications.MedicationGroup></eMedications>"
    )


def procedure(
    code: str = "232674004", *, prior: str = "9923001", success: str = "9923003", negative: str = ""
) -> str:
    """One eProcedures.ProcedureGroup."""
    pn = f' PN="{negative}"' if negative else ""
    return (
        "<eProcedures><eProcedures.ProcedureGroup>"
        f"<eProcedures.02>{prior}</eProcedures.02><eProcedures.03{pn}>{code}</eProcedures.03>"
        f"<eProcedures.05>2</eProcedures.05><eProcedures.06>{success}</eProcedures.06>"
        "</eProcedures.ProcedureGroup></eProcedures>"
    )
