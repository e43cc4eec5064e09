"""Reports in from any file, results out to any file."""

from __future__ import annotations

from tripsheet.formats.entry import Entry, Failure, InputWarning, Notify
from tripsheet.formats.jsonl import read_jsonl, read_jsonl_stream, write_jsonl
from tripsheet.formats.record import report_from_mapping
from tripsheet.formats.source import read_source, read_sources
from tripsheet.formats.text import read_text, read_text_stream

__all__ = [
    "Entry",
    "Failure",
    "InputWarning",
    "Notify",
    "read_jsonl",
    "read_jsonl_stream",
    "read_source",
    "read_sources",
    "read_text",
    "read_text_stream",
    "report_from_mapping",
    "write_jsonl",
]
