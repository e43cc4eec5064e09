"""What a narrative tells of the call, gathered field by field with its words."""

from __future__ import annotations

from typing import Any

from tripsheet.findings import Evidence
from tripsheet.reading.document import Document
from tripsheet.reading.scan import Hit


class Told:
    """What the narrative tells, by field, with its words."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.values: dict[str, Any] = {}
        self.evidence: dict[str, tuple[Evidence, ...]] = {}
        self.groups: dict[str, list[Hit]] = {}
        for hit in document.hits("call"):
            self.groups.setdefault(hit.entry.id, []).append(hit)

    def hits(self, id: str) -> list[Hit]:
        return self.groups.get(id, [])

    def put(self, name: str, value: Any, *hits: Hit) -> None:
        """A field's value with the words that tell it (three at most)."""
        self.values[name] = value
        places = dict.fromkeys((hit.start, hit.end) for hit in hits[:3])
        self.evidence[name] = tuple(self.document.span(start, end) for start, end in places)

    def put_span(self, name: str, value: Any, start: int, end: int) -> None:
        self.values[name] = value
        self.evidence[name] = (self.document.span(start, end),)
