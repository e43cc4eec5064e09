"""Reading: from a narrative to Findings. Knows language and nothing of billing."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from tripsheet.findings import Findings
from tripsheet.lexicon import Lexicon, load
from tripsheet.lexicon.words import key_words, plain_words
from tripsheet.reading.call import read_call
from tripsheet.reading.conditions import read_conditions
from tripsheet.reading.corrections import without_corrected
from tripsheet.reading.document import Document
from tripsheet.reading.interventions import read_interventions
from tripsheet.reading.medications import read_medications
from tripsheet.reading.mobility import read_mobility
from tripsheet.reading.scan import Scanner
from tripsheet.reading.sceptic import Sceptic
from tripsheet.reading.setting import setting_of
from tripsheet.reading.spelling import Speller
from tripsheet.reading.statements import read_statements
from tripsheet.reading.vitals import read_vitals
from tripsheet.report import Report

if TYPE_CHECKING:
    from tripsheet.reading.second_reader import SecondReader


@contextmanager
def _uncollected() -> Iterator[None]:
    """No search for garbage meanwhile: the lexicons make many objects, and all of them stay."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


class Reader:
    """Reads narratives; one a process is enough. Holds no state of the reports it reads.

    A `sceptic` takes deeds from this crew that the rules alone would hold for its own.
    With a `second` reader what the rules found is reviewed: doubts are added, and suggestions
    marked `source="model"`, which no coding rule counts.
    """

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        *,
        sceptic: Sceptic | None = None,
        second: SecondReader | None = None,
    ) -> None:
        with _uncollected():
            self.lexicon = lexicon if lexicon is not None else load()
            self.scanner = Scanner(self.lexicon)
            self.speller = Speller(self.lexicon, plain_words(), key_words())
        self.sceptic = sceptic
        self.second = second

    def document(self, narrative: str) -> Document:
        """The narrative scanned and laid out, before anything is read from it."""
        return Document(narrative, self.scanner, self.speller)

    def read(self, report: Report) -> Findings:
        """Everything one report says, each item with its words."""
        document = self.document(report.narrative)
        setting = setting_of(report, document)
        medications = read_medications(document, self.lexicon, setting, self.sceptic)
        interventions = read_interventions(document, self.lexicon, setting, self.sceptic)
        mobility = read_mobility(document)
        vitals = without_corrected(document, read_vitals(document))
        conditions = read_conditions(
            document, medications, interventions, mobility, vitals, setting
        )
        findings = Findings(
            medications=medications,
            interventions=interventions,
            conditions=conditions,
            mobility=mobility,
            vitals=vitals,
            transport=read_call(report, document, interventions, medications, setting),
            statements=read_statements(document),
        )
        return self.second.review(document, findings) if self.second is not None else findings


@cache
def reader() -> Reader:
    """The reader with the shipped lexicons and the sceptic, built once a process.

    Raises InputError when the model file is missing or malformed.
    """
    return Reader(sceptic=Sceptic.load())


@cache
def accurate_reader() -> Reader:
    """The reader with the second reader beside it, built once a process.

    Raises InputError when a model file is missing or malformed.
    """
    from tripsheet.reading.second_reader import SecondReader

    return Reader(sceptic=Sceptic.load(), second=SecondReader.load())
