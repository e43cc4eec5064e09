"""Reading: from a narrative to Findings. Knows language and nothing of billing."""

from __future__ import annotations

from functools import cache

from tripsheet.findings import Findings
from tripsheet.lexicon import Lexicon, load
from tripsheet.reading.call import read_call
from tripsheet.reading.conditions import read_conditions
from tripsheet.reading.corrections import without_corrected
from tripsheet.reading.document import Document
from tripsheet.reading.interventions import read_interventions
from tripsheet.reading.medications import read_medications
from tripsheet.reading.mobility import read_mobility
from tripsheet.reading.scan import Scanner
from tripsheet.reading.setting import setting_of
from tripsheet.reading.spelling import Speller, plain_words
from tripsheet.reading.statements import read_statements
from tripsheet.reading.vitals import read_vitals
from tripsheet.report import Report


class Reader:
    """Reads narratives; one a process is enough. Holds no state of the reports it reads."""

    def __init__(self, lexicon: Lexicon | None = None) -> None:
        self.lexicon = lexicon if lexicon is not None else load()
        self.scanner = Scanner(self.lexicon)
        self.speller = Speller(self.lexicon, plain_words())

    def document(self, narrative: str) -> Document:
        """The narrative scanned and laid out, before anything is read from it."""
        return Document(narrative, self.scanner, self.speller)

    def read(self, report: Report) -> Findings:
        """Everything one report says, each item with its words."""
        document = self.document(report.narrative)
        setting = setting_of(report, document)
        medications = read_medications(document, self.lexicon, setting)
        interventions = read_interventions(document, self.lexicon, setting)
        mobility = read_mobility(document)
        vitals = without_corrected(document, read_vitals(document))
        conditions = read_conditions(
            document, medications, interventions, mobility, vitals, setting
        )
        return Findings(
            medications=medications,
            interventions=interventions,
            conditions=conditions,
            mobility=mobility,
            vitals=vitals,
            transport=read_call(report, document, interventions, medications, setting),
            statements=read_statements(document),
        )


@cache
def reader() -> Reader:
    """The reader with the shipped lexicons, built once a process."""
    return Reader()
