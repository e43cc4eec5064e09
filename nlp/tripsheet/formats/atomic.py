"""Files that appear whole or not at all: written beside their place, then renamed into it."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from tripsheet.errors import OutputError

_UMASK = os.umask(0o077)  # the only way to read it is to set it
os.umask(_UMASK)


@contextmanager
def written_whole(
    path: Path | str,
    *,
    replace: bool = True,
    beside: Path | None = None,
    durable: bool = True,
) -> Iterator[BinaryIO]:
    """A stream whose bytes become `path` when the block ends well.

    When the block raises, nothing stays behind and an older file keeps its content. The bytes
    reach the disk before the name does, so a power cut leaves the old file or the new one.

    Args:
        path: the file to write; its folder must exist.
        replace: whether an existing file may be replaced.
        beside: a folder on the same file system for the unfinished file; default: the target's.
        durable: wait for the disk; without it a power cut, but no killed program, may lose it.

    Raises:
        OutputError: the folder is missing or read-only, the disk is full, the file exists.
    """
    path = Path(path)
    if not replace and path.exists():
        raise OutputError(f"{path} exists already; name another file or allow replacing it.")
    try:
        handle, name = tempfile.mkstemp(
            prefix=f".{path.name[:100]}.", suffix=".part", dir=beside or path.parent
        )
    except OSError as error:
        raise output_error(path, error) from None
    try:
        with os.fdopen(handle, "wb") as stream:
            if hasattr(os, "fchmod"):
                os.fchmod(handle, 0o666 & ~_UMASK)
            yield stream
            stream.flush()
            if durable:
                os.fsync(handle)
        os.replace(name, path)
        if durable:
            _sync_folder(path.parent)
    except OSError as error:
        _remove(name)
        raise output_error(path, error) from None
    except BaseException:
        _remove(name)
        raise


def write_whole(path: Path | str, data: bytes, *, durable: bool = True) -> None:
    """Write `data` as a whole file (see `written_whole`)."""
    with written_whole(path, durable=durable) as stream:
        stream.write(data)


def output_error(path: Path, error: OSError) -> OutputError:
    """What went wrong with a target, in one sentence."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return OutputError(f"{path} is not written: the disk is full; make room and start again.")
    if isinstance(error, FileNotFoundError):
        return OutputError(f"{path} is not written: the folder {path.parent} does not exist.")
    if isinstance(error, PermissionError) or error.errno == errno.EROFS:
        return OutputError(f"{path} is not written: {path.parent} may not be written to.")
    if isinstance(error, (IsADirectoryError, NotADirectoryError)):
        return OutputError(f"{path} is not written: it is a folder, or a file stands in its path.")
    reason = error.strerror or "the system gives no reason"
    return OutputError(f"{path} is not written: {reason}.")


def _sync_folder(folder: Path) -> None:
    with suppress(OSError):  # some file systems cannot
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _remove(name: str) -> None:
    with suppress(OSError):
        os.unlink(name)
