"""Bytes as text: which encoding, and whether it is text at all."""

from __future__ import annotations

import codecs

from tripsheet.errors import InputError
from tripsheet.formats.entry import Notify

_BOMS = (  # UTF-32 first: its little-endian mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SIGNATURES = (
    (b"%PDF", "a PDF file; extract its text first"),
    (b"PK\x03\x04", "a ZIP archive or an office document; unpack or export it first"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BZh", "a bzip2 archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7-Zip archive; unpack it first"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive; unpack it first"),
    (b"\xd0\xcf\x11\xe0", "an old office document; export it as text first"),
    (b"{\\rtf", "an RTF document; save it as plain text first"),
    (b"\x89PNG", "an image; it has no text to read"),
    (b"\xff\xd8\xff", "an image; it has no text to read"),
    (b"PAR1", "a Parquet file; name it with the ending .parquet"),
)
_TEXT_CONTROLS = frozenset(b"\t\n\r\x0b\x0c\x1a\x1b\x85")


def byte_order_mark(head: bytes) -> tuple[str, int] | None:
    """The encoding that a byte order mark names and the mark's length; None without one."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    return None


def refuse_binary(head: bytes, where: str) -> None:
    """Raise unless the first bytes of a source look like text.

    Raises:
        InputError: a known archive, document or image, a NUL byte, or many control characters.
    """
    for signature, what in _SIGNATURES:
        if head.startswith(signature):
            raise InputError(f"{where} is {what}.")
    if byte_order_mark(head):
        return
    controls = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in head)
    if b"\x00" in head or controls * 50 > len(head):
        raise InputError(
            f"{where} is not text; give a text file in UTF-8, UTF-16 with a byte order mark, "
            "or Windows-1252."
        )


def decode(data: bytes, where: str, notify: Notify) -> str:
    """The text of a whole source, line ends and all, without its byte order mark.

    UTF-8, UTF-16 and UTF-32 by their marks, then UTF-8, then Windows-1252 with a notice.

    Raises:
        InputError: not text, or in none of these encodings.
    """
    refuse_binary(data[:4096], where)
    marked = byte_order_mark(data)
    if marked:
        encoding, length = marked
        try:
            return data[length:].decode(encoding)
        except UnicodeDecodeError as error:
            raise InputError(
                f"{where} begins as {encoding.upper()} and breaks off or changes at byte "
                f"{error.start + length}; export it again as UTF-8."
            ) from None
    return decode_unmarked(data, where, notify)


def decode_unmarked(data: bytes, where: str, notify: Notify) -> str:
    """As `decode`, for a part of a source (one line) that cannot carry a mark."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        place = error.start
    if b"\x00" not in data:
        try:
            text = data.decode("cp1252")
        except UnicodeDecodeError:
            pass
        else:
            notify(f"{where} is not UTF-8 and is read as Windows-1252.")
            return text
    raise InputError(
        f"{where} is neither UTF-8 (byte {place} does not fit) nor Windows-1252; "
        "export it again as UTF-8."
    )
