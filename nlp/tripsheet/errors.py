"""Every error that tripsheet raises on purpose; each message is one sentence for a person.

A message says what is wrong, where, and what to do. It never quotes a narrative.
"""

from __future__ import annotations


class TripsheetError(Exception):
    """Base of all errors raised on purpose. `kind` is the stable name used in JSON output."""

    kind = "error"

    def __init__(self, message: str, *, line: int | None = None, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.line = line
        self.field = field


class InputError(TripsheetError):
    """A file or stream cannot be read: missing, no permission, not text, wrong encoding."""

    kind = "input"


class RecordError(TripsheetError):
    """One record is wrong: half a JSON line, no narrative, an unknown field, a wrong type."""

    kind = "record"


class FindingsError(TripsheetError):
    """A Findings value made by hand holds an unknown name or an impossible value."""

    kind = "findings"


class LexiconError(TripsheetError):
    """A file in `lexicons/` is malformed or contradicts another."""

    kind = "lexicon"


class CorpusError(TripsheetError):
    """A gold record is wrong: words not in the text, an unknown class, a duplicate id."""

    kind = "corpus"


class OutputError(TripsheetError):
    """A result cannot be written: no permission, disk full, the target exists."""

    kind = "output"


class MissingExtraError(TripsheetError):
    """An optional part is not installed; the message names the extra to install."""

    kind = "missing_extra"
