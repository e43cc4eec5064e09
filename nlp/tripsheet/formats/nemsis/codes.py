"""The code tables of the NEMSIS standard, loaded once from `codes.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from tripsheet.resources import LEXICONS

NAMESPACE = "http://www.nemsis.org"
YES, NO = "9923003", "9923001"
RXNORM, SNOMED = "9924003", "9924005"
MMHG = "3340001"

# The codes that a sender may write with or without a type; by the standard's own list of
# medications the numbers of the two systems do not overlap in length.
_SNOMED_LENGTH = 8


@cache
def tables() -> dict[str, dict[str, Any]]:
    """All tables of `codes.toml` by name."""
    return tomllib.loads((Path(__file__).parent / "codes.toml").read_text("utf-8"))


def named(table: str, code: str | None) -> Any:
    """What a table calls a code; None for no code and for one that the table leaves out."""
    return tables()[table].get(code) if code else None


def label(element: str, code: str | None) -> str | None:
    """The standard's own words for a code of an element; None for an unknown code."""
    known: dict[str, dict[str, str]] = tables()["label"]
    return known.get(element, {}).get(code) if code else None


@cache
def medication_names() -> dict[str, str]:
    """RxNorm number to generic name: the lexicon's ingredients and the standard's products."""
    names: dict[str, str] = dict(tables()["rxnorm_medication"])
    lexicon = tomllib.loads((LEXICONS / "medications.toml").read_text("utf-8"))
    for drug in lexicon["drug"]:
        if "rxcui" in drug:
            names[drug["rxcui"]] = drug["name"]
    return names


def is_snomed(code: str, code_type: str | None) -> bool:
    """Whether a medication code is SNOMED CT; without a type, by its length."""
    if code_type is None:
        return len(code) >= _SNOMED_LENGTH
    return code_type == SNOMED
