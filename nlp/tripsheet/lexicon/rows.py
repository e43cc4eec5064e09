"""The lexicon files as they are written: every phrase with the file and the list it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

FILES = (
    "medications.toml",
    "interventions.toml",
    "conditions.toml",
    "context.toml",
    "performers.toml",
    "mobility.toml",
    "statements.toml",
    "call.toml",
    "places.toml",
    "vitals.toml",
    "headings.toml",
)
"""The files that hold phrases, in the order in which they are read."""

QUALIFIERS = {
    "needs_dose": ("name", "brands", "abbreviations", "misspellings", "forms"),
    "details": ("terms", "weak"),
    "ground_agents": ("agents",),
    "team_agents": ("agents",),
}
"""Lists whose phrases say more of phrases that stand in another list, and those lists."""

DRUG_LISTS = ("brands", "abbreviations", "misspellings", "needs_dose")


class Row(NamedTuple):
    """One phrase of a lexicon, as written.

    `entry` is the drug, id or group that it stands under ("" for the head of a file) and `slot`
    the list in it ("brands", "terms", "before.clause").
    """

    file: str
    entry: str
    slot: str
    phrase: str

    @property
    def place(self) -> str:
        """The list as a person finds it in the file: "fentanyl.brands"."""
        return f"{self.entry}.{self.slot}" if self.entry else self.slot


def rows(file: str, table: dict[str, Any]) -> Iterator[Row]:
    """Every phrase of a lexicon file in its order; what is no text is left out."""
    for entry, slot, phrases in _lists(file, table):
        for phrase in phrases:
            if isinstance(phrase, str):
                yield Row(file, entry, slot, phrase)


def _lists(file: str, table: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for entry, body in table.items():
        if isinstance(body, list) and body and isinstance(body[0], dict):
            for one in body:
                yield from _drug_lists(one) if file == "medications.toml" else _cue_lists(one)
        elif isinstance(body, list):
            yield "", entry, body
        elif isinstance(body, dict):
            yield from _group_lists(entry, body)


def _drug_lists(drug: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    name = str(drug.get("name", ""))
    yield name, "name", [name.replace("_", " ")]
    for slot in (*DRUG_LISTS, "forms"):
        if isinstance(drug.get(slot), (list, dict)):
            yield name, slot, drug[slot]


def _cue_lists(cue: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for direction in ("before", "after"):
        for reach, phrases in cue.get(direction, {}).items():
            yield str(cue.get("class", "")), f"{direction}.{reach}", phrases


def _group_lists(entry: str, body: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    for slot, value in body.items():
        if isinstance(value, list) or slot == "details":
            yield entry, slot, value
        elif isinstance(value, dict):
            for part, phrases in value.items():
                yield entry, f"{slot}.{part}", phrases
