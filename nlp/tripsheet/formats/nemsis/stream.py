"""EMSDataSet documents record by record, in constant memory, and safe from hostile ones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO, TypeAlias

from lxml import etree

from tripsheet.errors import InputError, RecordError, TripsheetError
from tripsheet.formats.decoding import refuse_binary
from tripsheet.formats.nemsis.codes import NAMESPACE

RECORD_LIMIT = 4 * 1024 * 1024
"""Bytes of one PatientCareReport; the longest of the standard's samples has 48,000."""

_CHUNK = 1 << 16
_RECORD = f"{{{NAMESPACE}}}PatientCareReport"
_OLD = re.compile(r"3\.[0-4](?:\.\d+)*(?![\d.]*5)")
_SCHEMA_LOCATION = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"

Element: TypeAlias = Any  # lxml is not typed


def records(stream: BinaryIO, name: str) -> Iterator[tuple[Element, str | None] | TripsheetError]:
    """The PatientCareReport elements of a document in order, each with its agency's state code.

    An element is emptied when the next is asked for. A record too large is a `RecordError` in
    its place, and reading goes on. A document that breaks off or is not well-formed ends with an
    `InputError` as the last item. No entity is expanded, no DTD is accepted, nothing is fetched.

    Raises:
        InputError: no XML, an archive, a document type declaration, another root or namespace, a
            version of the standard before 3.5, no record at all.
    """
    head = stream.read(_CHUNK)
    if not head:
        raise InputError(f"{name} is empty; there is nothing to read.")
    refuse_binary(head[:4096], name)
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        raise InputError(f"{name} is not XML; give a NEMSIS v3.5 EMSDataSet document.")
    _check_head(head, name)
    count = 0
    try:
        for item in _elements(stream, head, name):
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


_SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "dtd_validation": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_STATE = f"{{{NAMESPACE}}}dAgency.04"
_HEADER = f"{{{NAMESPACE}}}Header"


def _check_head(head: bytes, name: str) -> None:
    """Check the root element, which stands in the first bytes of any sound document."""
    parser = etree.XMLPullParser(("start",), **_SAFE)
    with suppress(etree.XMLSyntaxError):  # told with its place when the whole is read
        parser.feed(head)
    for _, root in parser.read_events():
        _check_root(root, name)
        return


def _elements(
    stream: BinaryIO, data: bytes, name: str
) -> Iterator[tuple[Element, str | None] | TripsheetError]:
    # Only the few elements that matter become events: one for each element costs more than all
    # the rest of reading.
    parser = etree.XMLPullParser(("start", "end"), tag=(_RECORD, _HEADER, _STATE), **_SAFE)
    state: str | None = None
    inside: Element = None
    size = 0
    while data:
        broken: etree.XMLSyntaxError | None = None
        try:
            parser.feed(data)
        except etree.XMLSyntaxError as error:
            broken = error  # after the records that end before it
        size += len(data)
        for event, element in parser.read_events():
            if event == "start":
                if element.tag == _RECORD and inside is None:
                    inside, size = element, len(data)
            elif element is inside:
                yield (element, state) if size <= RECORD_LIMIT else _too_large(element, name)
                inside = None
                _forget(element)
            elif element.tag == _STATE:
                state = element.text
            elif element.tag == _HEADER:
                state = None
                _forget(element)
        if broken is not None:
            raise broken
        if inside is not None and size > RECORD_LIMIT:
            _prune(inside)
        data = stream.read(_CHUNK)
    parser.close()


def serialized(element: Element) -> bytes:
    """A record as XML of its own."""
    xml: bytes = etree.tostring(element, encoding="utf-8", with_tail=False)
    return xml


def parsed(xml: bytes) -> Element:
    """The record that `serialized` gave."""
    return etree.fromstring(xml, etree.XMLParser(**_SAFE))


def _too_large(element: Element, name: str) -> RecordError:
    return RecordError(
        f"{name}: the PatientCareReport at line {element.sourceline} is larger than "
        f"{RECORD_LIMIT >> 20} MB, more than any report needs, and is passed over.",
        line=element.sourceline,
    )


def _prune(element: Element) -> None:
    """Free what is finished of an element that is still being read."""
    while len(element):
        del element[:-1]
        element = element[-1]


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
