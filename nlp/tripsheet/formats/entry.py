"""What a reader yields: a report, or the failure that stands in its place."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tripsheet.analysis import error_record
from tripsheet.errors import TripsheetError
from tripsheet.report import Report


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that could not be read, in the place where its report would have been.

    `id` is the record's own id where it has one, else its number in the source. `line` is the
    line in the source, counted from 1, or None for a source without lines.
    """

    id: str
    error: TripsheetError
    line: int | None = None

    def to_record(self) -> dict[str, Any]:
        """The output object that takes the place of the result."""
        return error_record(self.id, self.error.kind, self.error.message, self.line)


Entry = Report | Failure

Notify = Callable[[str], None]
"""Receives one sentence about an input that was read, but not quite as its author may think."""


class InputWarning(UserWarning):
    """An input was read with an assumption: an encoding, a field passed over."""


def warn(message: str) -> None:
    """The default `Notify`: a Python warning."""
    warnings.warn(message, InputWarning, stacklevel=3)


class Once:
    """Passes each different notice on once, and at most `limit` of them.

    A file with a million unknown fields must not write a million notices.
    """

    def __init__(self, notify: Notify, limit: int = 20) -> None:
        self._notify = notify
        self._limit = limit
        self._seen: set[str] = set()

    def __call__(self, message: str, key: str | None = None) -> None:
        """Pass `message` on unless one with the same `key` (default: itself) went before."""
        key = message if key is None else key
        if key in self._seen or len(self._seen) > self._limit:
            return
        self._seen.add(key)
        if len(self._seen) > self._limit:
            message = "More notices of this kind follow and are not shown."
        self._notify(message)
