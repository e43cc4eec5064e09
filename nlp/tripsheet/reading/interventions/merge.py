"""From tellings to findings: one item for each procedure, status and performer."""

from __future__ import annotations

from tripsheet.findings import Evidence, Intervention
from tripsheet.lexicon import Lexicon
from tripsheet.reading.document import Document
from tripsheet.reading.interventions.telling import Telling
from tripsheet.values import each_once
from tripsheet.vocabulary import InterventionId, InterventionStatus, Performer

_RANK = {"performed": 0, "attempted": 1, "not_performed": 2}


def merged(
    document: Document, lexicon: Lexicon, tellings: list[Telling]
) -> tuple[Intervention, ...]:
    """One finding for each procedure, status and performer, with the words of all its tellings."""
    best: dict[tuple[str, Performer], int] = {}
    for telling in tellings:
        key = (telling.id, telling.performer)
        best[key] = min(best.get(key, 9), _RANK[telling.status])
    groups: dict[tuple[InterventionId, InterventionStatus, Performer], list[Telling]] = {}
    for telling in sorted(tellings, key=lambda item: item.start):
        # what was done in the end stands over a refusal before it; a failed try stands beside it
        if telling.status == "not_performed" and best[(telling.id, telling.performer)] < 2:
            continue
        if (
            telling.status == "not_performed"
            and (telling.id, "other") in best
            and best[(telling.id, "other")] == 0
        ) and telling.performer == "other":
            continue
        groups.setdefault((telling.id, telling.status, telling.performer), []).append(telling)
    found: list[Intervention] = []
    for (id, status, performer), group in groups.items():
        spans: list[Evidence] = [document.span(t.start, t.end) for t in group]
        details = [t.detail for t in group if t.detail is not None]
        detail = details[0] if details and (id != "oxygen" or len(details) == len(group)) else None
        found.append(
            Intervention(
                id=id,
                status=status,
                performer=performer,
                maintained=any(t.maintained for t in group),
                detail=detail,
                reason=group[0].reason,
                snomed=lexicon.snomed.get(id),
                evidence=each_once(spans),
                cues=each_once([cue for t in group for cue in t.cues]),
                doubts=each_once([doubt for t in group for doubt in t.doubts]),
            )
        )
    return tuple(found)
