"""Policies: the switches for points on which competent coders differ.

Names, cautious defaults, citations and cases stand in `lexicons/rules/policies.toml`; a test
holds this class and that table together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal, get_args

from tripsheet.errors import RecordError

SceneOrNever = Literal["scene", "never"]
QlBase = Literal["response", "A0428"]
AirRounding = Literal["whole", "tenth"]

_CHOICES: dict[str, tuple[str, ...]] = {
    "als_assessment_without_dispatch": get_args(SceneOrNever),
    "ql_base": get_args(QlBase),
    "air_mileage_rounding": get_args(AirRounding),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    """Every switch with its cautious default (see `lexicons/rules/policies.toml`)."""

    attempted_procedures_lift: bool = False
    hospital_infusions_count: bool = False
    hospital_blood_counts: bool = False
    unnamed_blood_product_counts: bool = True
    dextrose_counts: bool = False
    colloids_and_mannitol_count: bool = False
    io_push_counts: bool = False
    push_dose_pressors_count: bool = True
    fractions_by_table: bool = False
    existing_central_line_counts: bool = False
    maintained_procedures_count: bool = False
    monitor_only_als: bool = False
    precautionary_care_counts: bool = True
    endorsement_skills_are_als: bool = False
    als_assessment_without_dispatch: SceneOrNever = "scene"
    transfer_point_is_facility: bool = False
    transport_assumed: bool = True
    ql_base: QlBase = "response"
    air_mileage_rounding: AirRounding = "whole"

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Policies:
        """Make policies from names and values, as a settings file gives them.

        Raises RecordError, naming the field, for a name that no policy has or a value that the
        policy does not take.
        """
        known = {field.name for field in fields(cls)}
        for name, value in values.items():
            if name not in known:
                raise RecordError(
                    f"Unknown policy {name!r}; the known ones are {', '.join(sorted(known))}.",
                    field=name,
                )
            choices = _CHOICES.get(name)
            if choices is None and not isinstance(value, bool):
                raise RecordError(f"Policy {name} takes true or false.", field=name)
            if choices is not None and value not in choices:
                raise RecordError(f"Policy {name} takes {' or '.join(choices)}.", field=name)
        return cls(**values)


DEFAULT = Policies()
