"""An EMSDataSet out again, every byte as it was, with the results in custom elements.

The standard gives agencies `eCustomConfiguration` and `eCustomResults` for data that it does not
define; the results go there. The one element of the standard that a result may fill is
ePayment.50, only where it is empty and only when asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO
from xml.parsers import expat
from xml.sax.saxutils import escape

from tripsheet.errors import InputError, TripsheetError
from tripsheet.formats.atomic import written_whole
from tripsheet.formats.decoding import byte_order_mark, refuse_binary
from tripsheet.formats.nemsis.codes import NO, YES, tables
from tripsheet.formats.opening import opened

_CHUNK = 1 << 16
_MOST = 64 * 1024 * 1024
"""Bytes of one record, or of what stands before the first."""
_TEXT, _OPTIONAL = "9902009", "9903007"
_ELEMENTS = (
    # id, repeats, title, definition
    ("tripsheet.level", False, "Supported level of service",
     "HCPCS code of the level that the narrative supports"),
    ("tripsheet.rules", False, "Rule set", "Dated rule set under which the level was decided"),
    ("tripsheet.necessity", False, "Medical necessity",
     "Verdict on medical necessity from the narrative: supported, not_supported, insufficient"),
    ("tripsheet.gap", True, "Missing documentation",
     "Identifier of a fact that the narrative lacks"),
    ("tripsheet.reconciliation", True, "Narrative and chart",
     "A difference between the narrative and the structured record"),
)  # fmt: skip
_NOT_ASCII_COMPATIBLE = re.compile(rb"""encoding\s*=\s*["'](?:utf-?16|utf-?32|ucs)""", re.I)


@dataclass(frozen=True, slots=True)
class Enrichment:
    """What one record gets: its results by element id, and a level for an empty ePayment.50."""

    results: tuple[tuple[str, tuple[str, ...]], ...] = ()
    service_level: str | None = None


def enrichment(record: Mapping[str, Any], *, suggest_level: bool = False) -> Enrichment | None:
    """The results of one report as custom elements; None for a report that was not read.

    Args:
        record: its output object; the flags of a `reconciliation` in it are added.
        suggest_level: fill ePayment.50 with the supported level where the document has none.
    """
    if "error" in record:
        return None
    coding = record["coding"]
    values: dict[str, tuple[str, ...]] = {
        "tripsheet.level": (coding["hcpcs"],),
        "tripsheet.rules": (record["rules"],),
        "tripsheet.necessity": (coding["necessity"]["verdict"],),
        "tripsheet.gap": tuple(
            f"{gap['id']}: {gap['about']}" if gap.get("about") else gap["id"]
            for gap in record["gaps"]
        ),
        "tripsheet.reconciliation": tuple(record.get("reconciliation", {}).get("flags", ())),
    }
    by_hcpcs = {hcpcs: code for code, hcpcs in tables()["service_level"].items()}
    return Enrichment(
        tuple((name, found) for name, found in values.items() if any(found)),
        by_hcpcs.get(coding["hcpcs"]) if suggest_level else None,
    )


def enrich(
    source: Path | str,
    target: Path | str,
    enrichments: Iterable[Enrichment | None],
    *,
    beside: Path | None = None,
) -> int:
    """Copy a document with each record's enrichment in it; the number of records.

    The source is only read. Everything but the additions is copied byte for byte. Memory holds
    one record. The target appears whole or not at all.

    Args:
        source: a document that `read_nemsis` reads.
        target: the file to write.
        enrichments: one for each PatientCareReport in order; None leaves a record as it is.
        beside: where the unfinished target stands (see `atomic.written_whole`).

    Raises:
        InputError: the source cannot be read, is not in an encoding that extends ASCII, is
            enriched already, or has more or fewer records than there are enrichments.
        OutputError: the target cannot be written.
    """
    source, target = Path(source), Path(target)
    if source.exists() and target.exists() and source.samefile(target):
        raise InputError(f"{target} is the source itself; name another file for the result.")
    pending = iter(enrichments)
    with opened(source) as stream, written_whole(target, beside=beside) as out:
        return _Splicer(stream, out, str(source), pending).run()


@dataclass(slots=True)
class _Marks:
    """Byte offsets within the record (or header) being read, where something may be put."""

    insert: int | None = None
    """Before this offset the results (or the configuration) go."""
    wrapped: bool = False
    """Whether the section that holds them stands there already."""
    empty: tuple[int, int] | None = None
    """From and to, where the section is there as an empty tag."""
    level: tuple[int, int] | None = None
    """An ePayment.50 that is nil, from and to."""
    edits: list[tuple[int, int, bytes]] = field(default_factory=list)


class _Splicer:
    """Copies a document through expat, which tells the byte at which each tag stands."""

    def __init__(
        self,
        stream: BinaryIO,
        out: BinaryIO,
        name: str,
        pending: Iterator[Enrichment | None],
    ) -> None:
        self._stream = stream
        self._out = out
        self._name = name
        self._pending = pending
        self._buffer = b""
        self._base = 0
        self._path: list[str] = []
        self._prefix = ""
        self._header = _Marks()
        self._record = _Marks()
        self._opened_at: dict[str, int] = {}
        self._configured = False
        self._nil = False
        self._after: str | None = None
        self._records = 0
        self._error: TripsheetError | None = None

    def run(self) -> int:
        parser = expat.ParserCreate()
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartDoctypeDeclHandler = self._doctype
        self._parser = parser
        first = True
        while True:
            data = self._stream.read(_CHUNK)
            if first:
                self._check_encoding(data)
                first = False
            self._buffer += data
            if len(self._buffer) > _MOST:
                raise InputError(f"{self._name} holds a record of more than {_MOST >> 20} MB.")
            try:
                parser.Parse(data, not data)
            except expat.ExpatError as error:
                raise InputError(
                    f"{self._name} is not well-formed XML at line {error.lineno}; nothing is "
                    "written, export it again.",
                    line=error.lineno,
                ) from None
            if not data:
                break
        if next(self._pending, self) is not self:
            raise InputError(f"{self._name} has fewer records than there are results for it.")
        self._flush(self._base + len(self._buffer))
        return self._records

    def _check_encoding(self, data: bytes) -> None:
        refuse_binary(data[:4096], self._name)
        marked = byte_order_mark(data)
        if (marked and marked[0] != "utf-8") or _NOT_ASCII_COMPATIBLE.search(data[:200]):
            raise InputError(f"{self._name} is not in UTF-8; convert it to UTF-8 first.")

    def _doctype(self, *_: Any) -> None:
        raise InputError(f"{self._name} declares a document type (DTD); it is not read.")

    # What a tag means for the places where something is put.

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        at = self._parser.CurrentByteIndex
        prefix, _, local = name.rpartition(":")
        if not self._path:
            self._prefix = f"{prefix}:" if prefix else ""
        self._after_end(at)
        self._path.append(local)
        self._opened_at[local] = at
        if local == "PatientCareReport":
            self._write_configuration(at)
            self._record = _Marks()
        elif local == "Header":
            self._header, self._configured = _Marks(), False
        elif local == "eCustomConfiguration.CustomGroup":
            if attributes.get("CustomElementID", "").startswith("tripsheet."):
                raise InputError(
                    f"{self._name} holds results of this program already; enrich the original."
                )
        elif local == "eOther" and "PatientCareReport" in self._path:
            if self._record.insert is None:
                self._record.insert = at
        elif local == "ePayment.50":
            self._nil = any(
                key.endswith(":nil") and value in ("true", "1") for key, value in attributes.items()
            )

    def _end(self, name: str) -> None:
        at = self._parser.CurrentByteIndex
        self._after_end(at)
        local = name.rpartition(":")[2]
        self._path.pop()
        began = self._opened_at.get(local, at)
        if local in ("eCustomResults", "eCustomConfiguration"):
            marks = self._record if local == "eCustomResults" else self._header
            marks.insert, marks.wrapped = at, True
            if self._is_empty_tag(began, at):
                marks.empty = (began, at)
        elif local == "DemographicGroup":
            self._after = local
        elif local == "ePayment.50" and self._nil:
            end = at if self._is_empty_tag(began, at) else self._tag_end(at)
            self._record.level = (began, end)
        elif local == "PatientCareReport":
            if self._record.insert is None:
                self._record.insert = at
            self._write_record(at)

    def _is_empty_tag(self, began: int, at: int) -> bool:
        """Whether the element is one empty tag, whose end expat tells behind it."""
        closed = self._buffer[: at - self._base].endswith(b"/>")
        return closed and self._tag_end(began) == at

    def _after_end(self, at: int) -> None:
        if self._after and self._header.insert is None:
            self._header.insert = self._tag_end_before(at)
        self._after = None

    def _tag_end_before(self, at: int) -> int:
        """The offset behind the last tag before `at`."""
        return self._base + self._buffer.rfind(b">", 0, at - self._base) + 1

    def _tag_end(self, at: int) -> int:
        """The offset behind the tag that starts at `at`; a > inside quotes ends none."""
        quote = 0
        for offset in range(at - self._base, len(self._buffer)):
            byte = self._buffer[offset]
            if quote:
                quote = 0 if byte == quote else quote
            elif byte in b"\"'":
                quote = byte
            elif byte == ord(">"):
                return self._base + offset + 1
        return at

    # Writing.

    def _write_configuration(self, at: int) -> None:
        """The definitions, once a header, before its first record."""
        if self._configured:
            return
        marks = self._header
        if marks.insert is None:
            raise InputError(f"{self._name} has a record before its header's agency.")
        self._configured = True
        text = "".join(
            self._element(
                "eCustomConfiguration.CustomGroup",
                self._element("eCustomConfiguration.01", title)
                + self._element("eCustomConfiguration.02", definition)
                + self._element("eCustomConfiguration.03", _TEXT)
                + self._element("eCustomConfiguration.04", YES if repeats else NO)
                + self._element("eCustomConfiguration.05", _OPTIONAL),
                f' CustomElementID="{id}"',
            )
            for id, repeats, title, definition in _ELEMENTS
        )
        self._put(marks, "eCustomConfiguration", text)
        self._apply(marks, at)

    def _write_record(self, at: int) -> None:
        self._records += 1
        found = next(self._pending, self)
        if isinstance(found, _Splicer):
            raise InputError(f"{self._name} has more records than there are results for it.")
        if found is not None and found.results:
            text = "".join(
                self._element(
                    "eCustomResults.ResultsGroup",
                    "".join(
                        self._element("eCustomResults.01", _printable(value)) for value in values
                    )
                    + self._element("eCustomResults.02", name),
                )
                for name, values in found.results
            )
            self._put(self._record, "eCustomResults", text)
        if found is not None and found.service_level and self._record.level:
            start, end = self._record.level
            filled = self._element("ePayment.50", found.service_level)
            self._record.edits.append((start, end, filled.encode("ascii")))
        self._apply(self._record, at)

    def _put(self, marks: _Marks, section: str, text: str) -> None:
        assert marks.insert is not None
        start = end = marks.insert
        if marks.empty:
            start, end = marks.empty
        if marks.empty or not marks.wrapped:
            text = self._element(section, text)
        marks.edits.append((start, end, text.encode("ascii", "xmlcharrefreplace")))

    def _apply(self, marks: _Marks, until: int) -> None:
        for start, end, data in sorted(marks.edits):
            self._flush(start)
            self._out.write(data)
            self._skip(end)
        self._flush(until)

    def _flush(self, until: int) -> None:
        self._out.write(self._buffer[: until - self._base])
        self._skip(until)

    def _skip(self, until: int) -> None:
        self._buffer = self._buffer[until - self._base :]
        self._base = until

    def _element(self, name: str, content: str, attributes: str = "") -> str:
        """An element; content that is not markup of ours must be escaped already."""
        tag = f"{self._prefix}{name}"
        return f"<{tag}{attributes}>{content}</{tag}>"


def _printable(value: str) -> str:
    """A value that XML allows, escaped."""
    return escape(re.sub(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", " ", value))
