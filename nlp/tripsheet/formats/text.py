"""Plain text in: one file is one narrative; a folder is its text files in order of name."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from tripsheet.errors import InputError, TripsheetError
from tripsheet.formats.decoding import decode, refuse_binary
from tripsheet.formats.entry import Entry, Failure, Notify, Once, warn
from tripsheet.formats.opening import input_error, opened
from tripsheet.formats.record import NARRATIVE_LIMIT, checked_narrative
from tripsheet.report import Report

TEXT_ENDINGS = (".txt", ".text")
_BYTE_LIMIT = 4 * NARRATIVE_LIMIT + 4  # no encoding needs more bytes a character
_READ_AT_MOST = _BYTE_LIMIT + 1


def read_text(path: Path | str, *, notify: Notify = warn) -> Iterator[Entry]:
    """The report in one text file, or those of all text files below a folder.

    The id of a file is its name without `.txt`; in a folder, its path from there. A file of a
    folder that cannot be read is a `Failure` in its place.

    Raises:
        InputError: the path is missing or may not be read, or the folder has no text file.
    """
    path = Path(path)
    if path.is_dir():
        yield from _read_folder(path, Once(notify))
        return
    with opened(path) as stream:
        data = stream.read(_READ_AT_MOST)
    yield _entry(data, _id(Path(path.name)), str(path), notify)


def read_text_stream(
    stream: BinaryIO, *, id: str = "1", name: str = "Standard input", notify: Notify = warn
) -> Iterator[Entry]:
    """The one report that a stream (standard input) holds as plain text."""
    yield _entry(stream.read(_READ_AT_MOST), id, name, notify)


def text_files(folder: Path) -> list[Path]:
    """The text files below a folder, sorted by their path from there; hidden ones left out.

    Raises:
        InputError: the folder or one below it may not be listed.
    """

    def refuse(error: OSError) -> None:
        raise input_error(Path(error.filename or folder), error)

    found: list[Path] = []
    for parent, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [
            Path(parent, name)
            for name in names
            if name.lower().endswith(TEXT_ENDINGS) and not name.startswith(".")
        ]
    return sorted(found, key=lambda path: path.relative_to(folder).as_posix())


def read_folder_file(path: Path, folder: Path, notify: Notify) -> Entry:
    """One text file of a folder; whatever is wrong with it is a `Failure`."""
    id = _id(path.relative_to(folder))
    try:
        with opened(path) as stream:
            data = stream.read(_READ_AT_MOST)
    except TripsheetError as error:
        return Failure(id, error)
    return _entry(data, id, str(path), notify)


def _read_folder(folder: Path, notify: Notify) -> Iterator[Entry]:
    files = text_files(folder)
    if not files:
        raise InputError(
            f"{folder} holds no text file; narratives are read from files that end in .txt."
        )
    for path in files:
        yield read_folder_file(path, folder, notify)


def _id(relative: Path) -> str:
    text = relative.as_posix().encode("utf-8", "replace").decode("utf-8")
    return text.removesuffix(".txt") or text


def _entry(data: bytes, id: str, where: str, notify: Notify) -> Entry:
    try:
        refuse_binary(data[:4096], where)
        if len(data) > _BYTE_LIMIT:
            raise InputError(
                f"{where} is larger than any report: a narrative may have "
                f"{NARRATIVE_LIMIT:,} characters; give many reports as JSONL or as a table."
            )
        if not data:
            raise InputError(f"{where} is empty; there is nothing to read.")
        return Report(narrative=checked_narrative(decode(data, where, notify), where), id=id)
    except TripsheetError as error:
        return Failure(id, error)
