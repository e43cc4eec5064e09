"""The analyzer: one report in, one analysis out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any, Literal, get_args

from tripsheet.analysis import Analysis
from tripsheet.coding import Policies, determine
from tripsheet.errors import RecordError
from tripsheet.reading import Reader, accurate_reader, reader
from tripsheet.report import Report

Profile = Literal["default", "accurate"]
PROFILES: tuple[Profile, ...] = get_args(Profile)


class Analyzer:
    """Reads reports and codes them; holds no state of the reports that pass through.

    `policies` decides what the rules leave open (default: the cautious choice each). The profile
    "accurate" has a trained second reader review the findings: it adds doubts and suggestions,
    never a level. Raises RecordError for an unknown profile.
    """

    def __init__(
        self,
        *,
        policies: Policies | None = None,
        reader_: Reader | None = None,
        profile: Profile = "default",
    ) -> None:
        if profile not in PROFILES:
            raise RecordError(f"Unknown profile {profile!r}; use {' or '.join(PROFILES)}.")
        self.policies = policies
        if reader_ is None:
            reader_ = accurate_reader() if profile == "accurate" else reader()
        self.reader = reader_

    def analyze(self, narrative: str, **record: Any) -> Analysis:
        """The analysis of a narrative, with the record's fields as keywords.

        Raises RecordError for an unknown field or a wrong type.
        """
        from tripsheet.formats.record import report_from_mapping

        values: dict[str, Any] = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in record.items()
            if value is not None
        }
        return self.analyze_report(
            report_from_mapping({"narrative": narrative, **values}, line=None, strict=True)
        )

    def analyze_report(self, report: Report) -> Analysis:
        """The analysis of one report."""
        findings = self.reader.read(report)
        return Analysis(report, findings, determine(report, findings, policies=self.policies))

    def analyze_many(self, reports: Iterable[Report]) -> Iterator[Analysis]:
        """The analyses of many reports, in their order."""
        return map(self.analyze_report, reports)
