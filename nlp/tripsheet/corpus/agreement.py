"""How far two annotators agree over the same narratives."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tripsheet.corpus.gold import PRONGS, Gold
from tripsheet.corpus.items import FIELDS, items
from tripsheet.errors import CorpusError


@dataclass(frozen=True, slots=True)
class ItemAgreement:
    """Items of one field: shared, only the first's, only the second's."""

    shared: int
    first_only: int
    second_only: int

    @property
    def f1(self) -> float:
        """The same whichever of the two is held to be right; 1.0 where neither has any."""
        whole = 2 * self.shared + self.first_only + self.second_only
        return 2 * self.shared / whole if whole else 1.0


@dataclass(frozen=True, slots=True)
class ChoiceAgreement:
    """One choice a narrative: how often both chose the same, and Cohen's kappa.

    `kappa` is None where both always chose one and the same value, so that chance agreement is
    complete and kappa is not defined.
    """

    same: int
    total: int
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement over the narratives that both annotated."""

    records: int
    items: Mapping[str, ItemAgreement]
    choices: Mapping[str, ChoiceAgreement]
    """Level, necessity, and each mobility prong with `not_documented` as a value."""


def agreement(first: Sequence[Gold], second: Sequence[Gold]) -> Agreement:
    """Compare two annotations by id.

    Raises CorpusError when they share no id, or a shared id has two different texts.
    """
    other = {gold.id: gold for gold in second}
    pairs = [(gold, other[gold.id]) for gold in first if gold.id in other]
    if not pairs:
        raise CorpusError("The two files share no id; annotate the same narratives.", field="id")
    for one, two in pairs:
        if one.narrative != two.narrative:
            raise CorpusError(
                f"{one.id} has two different texts; agreement is over the same narratives.",
                field="narrative",
            )
    return Agreement(
        records=len(pairs),
        items=_items(pairs),
        choices={
            name: _choice(
                [_chosen(one, name) for one, _ in pairs], [_chosen(two, name) for _, two in pairs]
            )
            for name in ("level", "necessity", *PRONGS)
        },
    )


def to_record(agreed: Agreement) -> dict[str, Any]:
    """The agreement as plain values for JSON."""
    return {
        "records": agreed.records,
        "items": {
            field: {
                "f1": round(own.f1, 4),
                "shared": own.shared,
                "first_only": own.first_only,
                "second_only": own.second_only,
            }
            for field, own in agreed.items.items()
        },
        "choices": {
            name: {
                "kappa": None if own.kappa is None else round(own.kappa, 4),
                "same": own.same,
                "total": own.total,
            }
            for name, own in agreed.choices.items()
        },
    }


def _items(pairs: Sequence[tuple[Gold, Gold]]) -> dict[str, ItemAgreement]:
    shared = dict.fromkeys(FIELDS, 0)
    first_only = dict.fromkeys(FIELDS, 0)
    second_only = dict.fromkeys(FIELDS, 0)
    for one, two in pairs:
        mine = items(one.findings, (gap.id for gap in one.gaps))
        yours = items(two.findings, (gap.id for gap in two.gaps))
        for field in FIELDS:
            shared[field] += (mine[field] & yours[field]).total()
            first_only[field] += (mine[field] - yours[field]).total()
            second_only[field] += (yours[field] - mine[field]).total()
    return {
        field: ItemAgreement(shared[field], first_only[field], second_only[field])
        for field in FIELDS
    }


def _chosen(gold: Gold, name: str) -> str:
    if name == "level":
        return gold.level.hcpcs
    if name == "necessity":
        return gold.necessity.verdict
    return str(getattr(gold.findings.mobility, name).value)


def _choice(first: list[str], second: list[str]) -> ChoiceAgreement:
    same = sum(a == b for a, b in zip(first, second, strict=True))
    if len({*first, *second}) == 1:
        return ChoiceAgreement(same, len(first), None)
    from sklearn.metrics import cohen_kappa_score

    kappa = float(cohen_kappa_score(first, second))
    return ChoiceAgreement(same, len(first), None if math.isnan(kappa) else kappa)
