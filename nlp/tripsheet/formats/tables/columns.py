"""Which column of a table holds which field of a report: guessed, shown, kept in a small file."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tripsheet.errors import InputError, RecordError
from tripsheet.formats.atomic import write_whole
from tripsheet.formats.opening import input_error
from tripsheet.formats.record import FIELDS, shown

# Column names of exports that are not the field's own name; compared without case, spaces and
# signs. The first of a list that a table has is taken.
_ALSO: dict[str, tuple[str, ...]] = {
    "narrative": (
        "pcr narrative", "epcr narrative", "patient care narrative", "narrative text",
        "eNarrative.01", "report narrative", "run narrative", "text", "note", "notes", "note text",
        "report text", "comments", "remarks",
    ),
    "id": (
        "report id", "record id", "pcr", "pcr id", "pcr number", "eRecord.01", "run number",
        "run id", "incident number", "incident id", "call number", "trip number", "case number",
        "case id", "uuid",
    ),
    "transport": ("transport mode", "transport type", "vehicle type"),
    "response": ("response type", "response urgency", "call type", "urgency"),
    "crew_level": ("level of crew", "highest crew level", "crew certification", "provider level"),
    "origin": ("origin modifier", "origin code", "pickup modifier", "from modifier"),
    "destination": ("destination modifier", "destination code", "dropoff modifier", "to modifier"),
    "loaded_miles": ("mileage", "miles", "loaded mileage", "patient miles", "transport miles"),
    "date_of_service": ("dos", "service date", "call date", "run date", "incident date", "date"),
    "claimed_hcpcs": (
        "hcpcs", "hcpcs code", "billed hcpcs", "claimed code", "procedure code", "billed code",
        "level billed", "base code", "base rate code",
    ),
    "pcs_on_file": ("pcs", "pcs obtained", "physician certification", "has pcs"),
    "signature_on_file": ("signature", "signature obtained", "has signature"),
    "dispatch_complaint": (
        "dispatch reason", "chief complaint at dispatch", "nature of call", "dispatched as",
        "complaint reported by dispatch",
    ),
    "state": ("scene state", "incident state"),
    "patients": ("patients transported", "number of patients"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Columns:
    """Field of a report to column of a table; `values` translates a column's own words.

    `values["response"]["911"] = "emergency"` reads the cell "911" as `emergency`.
    """

    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def describe(self) -> str:
        """One line for a person: what is read from where."""
        return ", ".join(f"{name} from {shown(column)}" for name, column in self.columns.items())

    def to_toml(self) -> str:
        """The text of a mapping file."""
        lines = [
            "# Which column of the table holds which field of a report, and what the words in a",
            '# column mean: under [values.response], "911" = "emergency".',
            "",
            "[columns]",
            *(f"{name} = {_quoted(column)}" for name, column in self.columns.items()),
        ]
        for name, words in self.values.items():
            lines += ["", f"[values.{name}]"]
            lines += [f"{_quoted(word)} = {_quoted(value)}" for word, value in words.items()]
        return "\n".join(lines) + "\n"

    def save(self, path: Path | str) -> None:
        """Write the mapping file.

        Raises:
            OutputError: it cannot be written.
        """
        write_whole(path, self.to_toml().encode("utf-8"))


def load_columns(path: Path | str) -> Columns:
    """The mapping in a file that `Columns.save` or a person wrote.

    Raises:
        InputError: the file is missing, not TOML, or names an unknown field.
    """
    path = Path(path)
    try:
        found = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise input_error(path, error) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a mapping file in TOML: {error}.") from None
    columns, values = found.get("columns"), found.get("values", {})
    if not isinstance(columns, dict) or not all(isinstance(v, str) for v in columns.values()):
        raise InputError(f'{path} needs a table [columns] with lines such as narrative = "Text".')
    if not isinstance(values, dict) or not all(isinstance(v, dict) for v in values.values()):
        raise InputError(f"{path}: [values] holds one table a field, such as [values.response].")
    unknown = [name for name in (*columns, *values) if name not in FIELDS]
    if unknown:
        raise InputError(
            f"{path} names {shown(unknown[0])}, which is no field of a report; "
            "`tripsheet schema` lists them."
        )
    return Columns(columns, {k: {w: str(x) for w, x in v.items()} for k, v in values.items()})


def guess_columns(headers: Iterable[str]) -> Columns:
    """The mapping that the names of the columns suggest; a field's own name comes first."""
    by_key: dict[str, str] = {}
    for header in headers:
        by_key.setdefault(_key(header), header)
    found: dict[str, str] = {}
    for name in FIELDS:
        for candidate in (name, *_ALSO.get(name, ())):
            column = by_key.get(_key(candidate))
            if column is not None and column not in found.values():
                found[name] = column
                break
    return Columns(found)


def settle_columns(columns: Columns | None, headers: Sequence[str], where: str) -> Columns:
    """The mapping to read a table with: the one given, held against its header, or the guess.

    Raises:
        InputError: a column of the mapping is not there, or no column holds the narrative.
    """
    settled = columns or guess_columns(headers)
    for name, column in settled.columns.items():
        if column not in headers:
            raise InputError(
                f"{where} has no column {shown(column)}, which the mapping names for `{name}`; "
                f"its columns are {_listed(headers)}."
            )
    if "narrative" not in settled.columns:
        raise InputError(
            f"{where} has no column that is surely the narrative; name it with "
            f"--column narrative=NAME. Its columns are {_listed(headers)}."
        )
    return settled


def unused(columns: Columns, headers: Iterable[str]) -> list[str]:
    """The columns that the mapping does not read."""
    used = set(columns.columns.values())
    return [header for header in headers if header and header not in used]


def with_pairs(columns: Columns | None, pairs: Iterable[str], headers: Sequence[str]) -> Columns:
    """A mapping (default: the guess) changed by FIELD=COLUMN pairs from the command line.

    Raises:
        RecordError: a pair has no "=" or names an unknown field.
    """
    settled = dict((columns or guess_columns(headers)).columns)
    for pair in pairs:
        name, equals, column = pair.partition("=")
        if not equals or name not in FIELDS:
            raise RecordError(
                f"--column takes FIELD=COLUMN, such as narrative=Text; {shown(name)} is no field "
                "of a report."
            )
        settled = {other: value for other, value in settled.items() if value != column}
        settled[name] = column
    return Columns(settled, columns.values if columns else {})


def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", name.casefold())


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is a TOML basic string


def _listed(headers: Sequence[str]) -> str:
    names = [shown(header) for header in headers if header]
    more = f" and {len(names) - 30} more" if len(names) > 30 else ""
    return (", ".join(names[:30]) or "none") + more
