"""One small corpus, written as drafts, that every test of the corpus starts from."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripsheet.corpus.drafts import read_drafts
from tripsheet.corpus.gold import Gold

SPLITS = {"night_medic": "train", "day_emt": "dev"}

NIGHT = """\
@@@ night-1
author: night_medic
kind: medical_911
record: claimed_hcpcs=A0433; loaded_miles=4.5; pcs_on_file=false
traps: home_list, prior_care
misspelled: yes
---
Pt c/o SOB, tripod, 86% on RA. Duoneb, solu medrol 125 mg IV push.
Wife gave her own albuterol before we came. Takes metoprolol.
Levo gtt at 8 mcg/min by sending, continued
by us. 86% again at the door, then 94% on 15 L.
---
med albuterol_ipratropium | route=nebulized count=1 status=given by=crew | Duoneb
med methylprednisolone | route=iv_push dose=125_mg status=given by=crew | solu medrol 125 mg IV push
med albuterol | route=inhaled status=given by=other | her own albuterol
med metoprolol | route=unknown status=not_given by=other reason=home_list | metoprolol
med norepinephrine | route=iv_infusion dose=8_mcg/min status=given by=crew maintained | Levo gtt ;; continued by us
int oxygen | performed crew | 15 L
cond respiratory_distress | SOB, tripod ;; 86% on RA
vital spo2 | 86 % | 86%
vital spo2 | 94 % | 94%
mob sit | able | tripod
call | response=emergency transported=true origin=R destination=H loaded_miles=4.5
say medication_response | then 94%
say oxygen_reason
level | A0427 | One push; the drip was another's.
necessity | supported | respiratory_distress
gap medication_dose | Duoneb
gap signature
"""  # noqa: E501

DAY = """\
@@@ day-1
author: day_emt
kind: nonemergency
---
Return trip from dialysis to home, walked to the stretcher, no complaints. No PCS seen by this crew.
---
mob ambulate | able | walked to the stretcher
call | response=non_emergency transported=true origin=J destination=R pcs=false patients=2
say walked_to_ambulance | walked to the stretcher
level | A0428 | No care.
necessity | not_supported |
gap necessity_reason
gap pcs
"""


def read(tmp_path: Path, text: str, name: str = "drafts.txt") -> tuple[list[Gold], list[str]]:
    """The gold of a draft text and its problems as text."""
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    golds, problems = read_drafts(path, SPLITS)
    return golds, [str(problem) for problem in problems]


@pytest.fixture
def golds(tmp_path: Path) -> list[Gold]:
    """The two records, one a split."""
    found, problems = read(tmp_path, NIGHT + "\n" + DAY)
    assert problems == []
    return found
