"""What a batch needs of a reader of reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from tripsheet.analysis import Analysis
from tripsheet.report import Report


class Analyzes(Protocol):
    """Anything that reads and codes one report, such as `tripsheet.load()`."""

    def analyze_report(self, report: Report) -> Analysis:
        """The analysis of one report."""
        ...


Loader = Callable[[], Analyzes]
"""Makes the reader inside a worker; a function of a module, so that workers can import it."""


def load_reader() -> Analyzes:
    """The reader of this package with its default policies."""
    import tripsheet

    reader: Analyzes = tripsheet.load()
    return reader
