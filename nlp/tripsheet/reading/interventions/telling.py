"""One telling of a procedure, and what is known of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tripsheet.findings import Cue
from tripsheet.vocabulary import InterventionId, InterventionStatus, Performer


@dataclass(slots=True)
class Telling:
    """One telling of a procedure: where it stands and what the words around it say."""

    id: InterventionId
    start: int
    end: int
    status: InterventionStatus
    performer: Performer
    maintained: bool = False
    detail: str | None = None
    reason: str | None = None
    cues: list[Cue] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)
