"""Opening a source for reading, with one clear sentence for each way this fails."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from tripsheet.errors import InputError


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file for reading bytes.

    Raises:
        InputError: it is missing, a folder, unreadable, or fails while it is read.
    """
    try:
        with path.open("rb") as stream:
            yield stream
    except OSError as error:
        raise input_error(path, error) from None


def input_error(path: Path, error: OSError) -> InputError:
    """What went wrong with a source, in one sentence."""
    if isinstance(error, FileNotFoundError):
        return InputError(f"{path} does not exist; check the name.")
    if isinstance(error, PermissionError):
        return InputError(f"{path} may not be read; check its permissions.")
    if isinstance(error, IsADirectoryError):
        return InputError(f"{path} is a folder where a file is expected.")
    return InputError(f"{path} cannot be read: {error.strerror or 'the system gives no reason'}.")
