"""What a corpus covers, and how far two annotators agree."""

from __future__ import annotations

import dataclasses

import pytest

from tripsheet.corpus import stats as counting
from tripsheet.corpus.agreement import agreement, to_record
from tripsheet.corpus.gold import Gold, Level
from tripsheet.errors import CorpusError
from tripsheet.findings import Intervention, Mobility, Prong


def test_texts_and_hands_are_counted_once_each(golds: list[Gold]) -> None:
    twin = dataclasses.replace(golds[0], id="night-2")
    other = dataclasses.replace(golds[0], id="night-3", author="another")
    counted = counting.stats([*golds, twin, other])
    assert counted.cover["intervention"]["oxygen"] == counting.Cover(3, 2, thin=True)
    assert counted.cover["vital"]["spo2"].texts == 3  # two values in one text are one text
    assert counted.medications["metoprolol"] == counting.Cover(3, 2, thin=False)
    assert counted.levels["A0428"] == {"nonemergency": 1}
    assert counted.verdicts["supported"] == {"medical_911": 3}
    assert counted.misspelled == 3


def test_the_targets_decide_what_is_thin(golds: list[Gold]) -> None:
    many = [dataclasses.replace(golds[0], id=f"n-{n}", author=f"hand {n % 3}") for n in range(5)]
    thin = {(kind, name) for kind, name, _ in counting.stats(many).thin()}
    assert ("intervention", "oxygen") not in thin
    assert ("gap", "signature") in thin  # a gap wants more texts
    assert ("intervention", "ecmo") in thin  # never there
    record = counting.to_record(counting.stats(many))
    assert record["cover"]["intervention"]["ecmo"] == {"texts": 0, "hands": 0, "thin": True}


def test_the_same_annotation_twice_agrees_wholly(golds: list[Gold]) -> None:
    agreed = agreement(golds, golds)
    assert {own.f1 for own in agreed.items.values()} == {1.0}
    assert agreed.choices["level"].kappa == 1.0
    assert agreed.choices["get_up"].kappa is None  # neither ever says anything else


def test_one_item_more_and_one_less(golds: list[Gold]) -> None:
    found = golds[0].findings
    acts = (Intervention("capnography", evidence=found.interventions[0].evidence),)
    second = dataclasses.replace(
        golds[0], findings=dataclasses.replace(found, interventions=acts), level=Level("A0433", "")
    )
    agreed = agreement(golds, [second, golds[1]])
    own = agreed.items["interventions"]
    assert (own.shared, own.first_only, own.second_only, own.f1) == (0, 1, 1, 0.0)
    assert (agreed.choices["level"].same, agreed.choices["level"].total) == (1, 2)
    assert to_record(agreed)["choices"]["level"]["same"] == 1


def test_kappa_corrects_for_chance(golds: list[Gold]) -> None:
    def sitting(number: int, value: str) -> Gold:
        mobility = Mobility(sit=Prong(value=value))  # type: ignore[arg-type]
        found = dataclasses.replace(golds[1].findings, mobility=mobility)
        return dataclasses.replace(golds[1], id=str(number), findings=found)

    first = [sitting(n, v) for n, v in enumerate(["able", "able", "unable", "unable"])]
    second = [sitting(n, v) for n, v in enumerate(["able", "unable", "unable", "unable"])]
    # observed 3/4, by chance (2*1 + 2*3) / 16
    assert agreement(first, second).choices["sit"].kappa == pytest.approx(0.5)


def test_only_the_same_narratives_are_compared(golds: list[Gold]) -> None:
    assert agreement(golds, golds[:1]).records == 1
    with pytest.raises(CorpusError, match="share no id"):
        agreement(golds[:1], golds[1:])
    changed = dataclasses.replace(golds[0], narrative=golds[0].narrative + "!")
    with pytest.raises(CorpusError, match="two different texts"):
        agreement(golds, [changed])
