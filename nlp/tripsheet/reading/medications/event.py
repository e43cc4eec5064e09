"""One telling of a drug, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tripsheet.findings import Cue, Dose
from tripsheet.vocabulary import MedicationStatus, Performer, Route


@dataclass(slots=True)
class Event:
    """One telling of a drug: where it stands and what the words around it say."""

    name: str
    start: int
    end: int
    route: Route = "unknown"
    method_stated: bool = True
    route_told: bool = False
    dose: Dose | None = None
    count: int = 1
    counted: bool = False
    """Whether the words tell a number of doses themselves ("x2", "three doses")."""
    status: MedicationStatus = "given"
    performer: Performer = "crew"
    maintained: bool = False
    kept: bool = False
    """Whether words tell that it was kept running, not only the setting."""
    total_only: bool = False
    reason: str | None = None
    clock: bool = False
    stamp: str | None = None
    """The clock time that stands beside the drug, if one does."""
    trailing: bool = False
    """Whether that time stands behind the drug."""
    act: bool = False
    reference: bool = False
    home: bool = False
    tablets: bool = False
    """Whether a bare number before the name counts doses ("took 2 nitro")."""
    plural: bool = False
    """Whether the name stands in the plural ("two epis")."""
    in_all: bool = False
    """Whether the words tell the number of all doses ("total epi x3")."""
    mute: bool = False
    """A name that tells nothing of this patient's drugs ("no allergy to aspirin")."""
    cues: list[Cue] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
    spans: list[tuple[int, int]] = field(default_factory=list)

    def extent(self) -> tuple[int, int]:
        """Where the first of its words begin and the last end."""
        starts, ends = zip(*self.spans, strict=True)
        return min(starts), max(ends)


def not_given(event: Event, reason: str, by: Performer, cue: Cue | None = None) -> None:
    """Puts down that a drug was not given, why, and by whom it was left out."""
    event.status, event.reason, event.performer, event.maintained = "not_given", reason, by, False
    if cue is not None:
        event.cues.append(cue)
