"""Which author is in which split: whole hands are held out, so scores tell of new writers."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from tripsheet.corpus.gold import SPLITS, Split
from tripsheet.errors import CorpusError, InputError


def read_splits(path: Path | str) -> Mapping[str, Split]:
    """Each author's split, from a TOML file with one list of authors a split.

    Raises:
        InputError: the file is missing or no TOML.
        CorpusError: an unknown split, or an author in two.
    """
    try:
        with open(path, "rb") as stream:
            table = tomllib.load(stream)
    except OSError:
        raise InputError(
            f"{path} cannot be read; it says which author is in which split."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path} is not TOML: {error}.") from None
    result: dict[str, Split] = {}
    for split, authors in table.items():
        if split not in SPLITS or not isinstance(authors, list):
            raise CorpusError(
                f"{path}: {split}: a split is one of {', '.join(SPLITS)}, each a list of authors.",
                field=split,
            )
        for author in authors:
            if author in result:
                raise CorpusError(
                    f"{path}: {author} is in two splits, {result[author]} and {split}; "
                    "leave it in one.",
                    field=split,
                )
            result[str(author)] = split
    return result
