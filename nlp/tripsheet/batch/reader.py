"""What a batch needs of a reader of reports."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from tripsheet.analysis import Analysis
from tripsheet.errors import RecordError
from tripsheet.report import Report

if TYPE_CHECKING:
    from tripsheet.coding import Policies

_WORDS = {"true": True, "yes": True, "false": False, "no": False}


class Analyzes(Protocol):
    """Anything that reads and codes one report, such as `tripsheet.load()`."""

    def analyze_report(self, report: Report) -> Analysis:
        """The analysis of one report."""
        ...


Loader = Callable[[], Analyzes]
"""Makes the reader inside a worker; a function of a module, so that workers can import it."""


def load_reader(policies: Policies | None = None, profile: str = "default") -> Analyzes:
    """The reader of this package; with default policies where none are given."""
    import tripsheet

    return tripsheet.load(policies=policies, profile=profile)


def policies_from(pairs: Iterable[str]) -> Policies:
    """The policies that NAME=VALUE pairs of a command line set.

    Raises:
        RecordError: a pair has no "=", or names no policy, or a value that it does not take.
    """
    from tripsheet.coding import Policies

    switches: dict[str, object] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise RecordError("--policy takes NAME=VALUE, such as dextrose_counts=true.")
        switches[name.strip()] = _WORDS.get(value.strip().lower(), value.strip())
    return Policies.from_mapping(switches)
