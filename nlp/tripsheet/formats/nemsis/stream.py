"""EMSDataSet documents record by record, in constant memory, and safe from hostile ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO, TypeAlias, cast

from lxml import etree

from tripsheet.errors import InputError, RecordError, TripsheetError
from tripsheet.formats.decoding import refuse_binary
from tripsheet.formats.nemsis.codes import NAMESPACE

ELEMENT_LIMIT = 100_000
"""Elements of one PatientCareReport; the longest of the standard's samples has under 1,000."""
TEXT_LIMIT = 20_000_000
"""Characters of one PatientCareReport."""

_RECORD = f"{{{NAMESPACE}}}PatientCareReport"
_OLD = re.compile(r"3\.[0-4](?:\.\d+)*(?![\d.]*5)")
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

Element: TypeAlias = Any  # lxml is not typed


class HeadedStream:
    """A stream of bytes whose first bytes were looked at already."""

    def __init__(self, stream: BinaryIO, head: bytes) -> None:
        self._stream = stream
        self._head = head

    def read(self, size: int = -1) -> bytes:
        if not self._head:
            return self._stream.read(size)
        if size < 0:
            data, self._head = self._head + self._stream.read(), b""
            return data
        data, self._head = self._head[:size], self._head[size:]
        return data


def records(stream: BinaryIO, name: str) -> Iterator[tuple[Element, str | None] | TripsheetError]:
    """The PatientCareReport elements of a document in order, each with its agency's state code.

    An element is emptied when the next is asked for. A record too large is a `RecordError` in
    its place, and reading goes on. A document that breaks off or is not well-formed ends with an
    `InputError` as the last item. No entity is expanded, no DTD is accepted, nothing is fetched.

    Raises:
        InputError: no XML, an archive, a document type declaration, another root or namespace, a
            version of the standard before 3.5, no record at all.
    """
    head = stream.read(4096)
    if not head:
        raise InputError(f"{name} is empty; there is nothing to read.")
    refuse_binary(head, name)
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        raise InputError(f"{name} is not XML; give a NEMSIS v3.5 EMSDataSet document.")
    count = 0
    try:
        for item in _elements(HeadedStream(stream, head), name):
            count += 1
            yield item
    except etree.XMLSyntaxError as error:
        line, column = error.position
        broken = InputError(
            f"{name} {_broken(error, line)} at line {line}, column {column}; the records before "
            "it are read, export it again for the rest.",
            line=line,
        )
        if not count:
            broken = InputError(
                f"{name} {_broken(error, line)} at line {line}, column {column}, before its "
                "first record ends; export it again.",
                line=line,
            )
        yield broken
        return
    if not count:
        raise InputError(f"{name} holds no PatientCareReport; there is nothing to read.")


def _elements(
    stream: HeadedStream, name: str
) -> Iterator[tuple[Element, str | None] | TripsheetError]:
    context = etree.iterparse(
        cast(BinaryIO, stream),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    root: Element = None
    state: str | None = None
    inside: Element = None
    elements = text = 0
    for event, element in context:
        if root is None:
            root = element
            _check_root(root, name)
        elif event == "start":
            if inside is not None:
                elements += 1
            elif element.tag == _RECORD:
                inside, elements, text = element, 0, 0
        elif element is inside:
            if elements > ELEMENT_LIMIT or text > TEXT_LIMIT:
                yield RecordError(
                    f"{name}: the PatientCareReport at line {element.sourceline} has more than "
                    f"{ELEMENT_LIMIT:,} elements or {TEXT_LIMIT:,} characters, more than any "
                    "report needs, and is passed over.",
                    line=element.sourceline,
                )
            else:
                yield element, state
            inside = None
            _forget(element)
        elif inside is not None:
            text += len(element.text or "")
            if elements > ELEMENT_LIMIT or text > TEXT_LIMIT:
                _forget(element)
        elif element.tag == f"{{{NAMESPACE}}}dAgency.04":
            state = element.text
        elif element.tag == f"{{{NAMESPACE}}}Header":
            state = None
            _forget(element)


def _forget(element: Element) -> None:
    """Free an element and everything before it under the same parent."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _check_root(root: Element, name: str) -> None:
    if root.getroottree().docinfo.doctype:
        raise InputError(
            f"{name} declares a document type (DTD), which no NEMSIS document has and which can "
            "hide entities; it is not read."
        )
    tag = etree.QName(root)
    if tag.localname != "EMSDataSet":
        raise InputError(
            f"{name} is not a NEMSIS EMSDataSet: its root element is another; give the EMS "
            "document, not the agency's, the state's or a web service's envelope."
        )
    if tag.namespace != NAMESPACE:
        raise InputError(
            f"{name} is not in the namespace {NAMESPACE} of NEMSIS version 3; export it as "
            "NEMSIS v3.5."
        )
    location = root.get(_SCHEMA_LOCATION, "")
    if _OLD.search(location) and "3.5" not in location:
        raise InputError(
            f"{name} is of a NEMSIS version before 3.5, whose codes mean other things; export "
            "it as v3.5."
        )


def _broken(error: etree.XMLSyntaxError, line: int) -> str:
    # The parser's own words may quote the text, so only their kind is told.
    kinds = etree.ErrorTypes
    if error.code in (
        kinds.ERR_DOCUMENT_END,
        kinds.ERR_TAG_NOT_FINISHED,
        kinds.ERR_GT_REQUIRED,
        kinds.ERR_LTSLASH_REQUIRED,
        kinds.ERR_CDATA_NOT_FINISHED,
        kinds.ERR_ATTRIBUTE_NOT_FINISHED,
    ):
        return "breaks off"
    if error.code == kinds.ERR_TAG_NAME_MISMATCH:
        return "has an end tag that does not fit its start tag"
    if error.code in (kinds.ERR_INVALID_CHAR, kinds.ERR_INVALID_ENCODING):
        return "holds a character that XML or its encoding does not allow"
    if error.code in (kinds.ERR_UNDECLARED_ENTITY, kinds.ERR_ENTITYREF_SEMICOL_MISSING):
        return "names an entity that is not declared"
    if error.code == kinds.ERR_ENTITY_LOOP:
        return "expands entities without end"
    return "is not well-formed XML"
