"""What a batch came to: levels, verdicts, gaps, claims above support, errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tripsheet.determination import Determination

_COUNTERS = ("levels", "necessity", "claims", "gaps", "errors")


@dataclass(slots=True)
class Summary:
    """Counts over output objects. `reports` counts all of them, failures included."""

    reports: int = 0
    failed: int = 0
    levels: Counter[str] = field(default_factory=Counter)
    necessity: Counter[str] = field(default_factory=Counter)
    claims: Counter[str] = field(default_factory=Counter)
    gaps: Counter[str] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)

    def count(self, coding: Determination) -> None:
        """Add one report."""
        self.reports += 1
        self.levels[coding.hcpcs] += 1
        self.necessity[coding.necessity.verdict] += 1
        if coding.claimed:
            self.claims[coding.claimed.verdict] += 1
        self.gaps.update({gap.id for gap in coding.gaps})

    def count_failed(self, kind: str) -> None:
        """Add one report that could not be read, with the kind of its error."""
        self.reports += 1
        self.failed += 1
        self.errors[kind] += 1

    def add(self, other: Summary) -> None:
        """Add the counts of another summary."""
        self.reports += other.reports
        self.failed += other.failed
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def to_record(self) -> dict[str, Any]:
        """As plain values, names in order."""
        counters = {name: dict(sorted(getattr(self, name).items())) for name in _COUNTERS}
        return {"reports": self.reports, "failed": self.failed, **counters}

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Summary:
        """The summary that `to_record` wrote."""
        counters = {name: Counter(record[name]) for name in _COUNTERS}
        return cls(record["reports"], record["failed"], **counters)

    def rows(self) -> list[tuple[str, str, int]]:
        """Heading, name and count for a table; the most frequent first."""
        headings = {
            "levels": "level supported",
            "necessity": "medical necessity",
            "claims": "claimed against supported",
            "gaps": "reports with the gap",
            "errors": "error",
        }
        rows = [("all", "reports", self.reports), ("all", "failed", self.failed)]
        for name, heading in headings.items():
            counter: Counter[str] = getattr(self, name)
            ordered = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
            rows += [(heading, key, count) for key, count in ordered]
        return rows
