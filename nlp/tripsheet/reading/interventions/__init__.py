"""Interventions: each procedure named, whether it was done, and who did it."""

from __future__ import annotations

from tripsheet.findings import Intervention
from tripsheet.lexicon import Lexicon
from tripsheet.reading.document import Document
from tripsheet.reading.interventions.deed import denied, goes_on, implied_by, is_ours, read_deed
from tripsheet.reading.interventions.mentions import find_mentions
from tripsheet.reading.interventions.merge import merged
from tripsheet.reading.interventions.rhythms import read_rhythms
from tripsheet.reading.interventions.settle import settle_oxygen, settle_states
from tripsheet.reading.interventions.shocks import settle_shocks
from tripsheet.reading.interventions.telling import Telling
from tripsheet.reading.interventions.tubes import abandoned_tubes, settle_rescue, settle_tubes
from tripsheet.reading.scan import Hit
from tripsheet.reading.sceptic import Sceptic
from tripsheet.reading.setting import Setting
from tripsheet.vocabulary import InterventionId


def read_interventions(
    document: Document, lexicon: Lexicon, setting: Setting, sceptic: Sceptic | None = None
) -> tuple[Intervention, ...]:
    """Every intervention the narrative names, one item for each id, status and performer."""
    tellings: list[Telling] = []
    claims: dict[InterventionId, list[tuple[Telling, Hit]]] = {}
    for hit, status in find_mentions(document):
        telling = read_deed(document, lexicon, setting, hit, status)
        if telling is not None:
            if tellings and goes_on(document, tellings[-1], telling):
                telling.performer, telling.cues = "other", list(tellings[-1].cues)
            tellings.append(telling)
            if sceptic is not None and is_ours(telling):
                claims.setdefault(telling.id, []).append((telling, hit))
            tellings.extend(implied_by(document, telling))
    if sceptic is not None:
        tellings = denied(document, setting, sceptic, claims, tellings)
    read_rhythms(document, setting, tellings)
    tellings = settle_tubes(document, setting, abandoned_tubes(document, tellings))
    settle_rescue(document, tellings)
    tellings = settle_shocks(document, tellings)
    tellings = settle_oxygen(document, tellings)
    tellings = settle_states(document, tellings)
    return merged(document, lexicon, tellings)
