"""The sceptic: a small trained model that may take a deed from this crew and never gives it one.

The rules read what is told in ways that they know; what crews write in other ways looks to them
like this crew's own care, and care that is not its own makes a level too high. So each deed that
the rules hold for done by this crew is shown to the sceptic, which has learnt from the annotated
corpus what the words around such a deed sound like. Where it strongly disagrees the deed becomes
another's, or a drug one not given, with a doubt that says so; a procedure that sounds like none is
left out.

The model is three logistic regressions over words (`models/sceptic/weights.tsv`), a weighted sum
that needs no library.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from math import exp, sqrt
from pathlib import Path
from typing import Literal

from tripsheet.errors import InputError
from tripsheet.reading.document import Document
from tripsheet.reading.scan import Hit
from tripsheet.resources import MODELS

FOLDER = MODELS / "sceptic"
LABELS = ("crew", "other", "not_done")
DENIES = {"drug": 0.12, "treatment": 0.05}
"""Below this probability a drug or a procedure is not believed to be this crew's. Chosen on
held-out authors of the training data; the model card counts what is rightly and wrongly denied.
Procedures are the surer of the two to be told by the rules, and dearer to lose."""

_WORD = re.compile(r"[a-z']+|\d+(?:\.\d+)?|[^\sa-z\d]")
_FAR = 10
_PLACES = tuple((place, f"before {place}", f"after {place}") for place in (1, 2, 3))
GROUPS = (
    "call", "sentence", "left", "right", "before", "after",
    *(name for _, *names in _PLACES for name in names),
)  # fmt: skip
"""What a feature can belong to: the call, the sentence, cues and agents, the words beside."""

Verdict = Literal["other", "not_done"]
DENIED: dict[Verdict, str] = {
    "other": "no rule says who did it; a trained model takes it for another's doing",
    "not_done": "no rule says that it was left out; a trained model takes it for not done",
}
Weights = tuple[float, float, float, float]
"""What a feature says for each label, and what it adds to the squared length of a text."""


def words(text: str) -> list[str]:
    """Words, numbers and signs of a folded text; a number above 20 keeps its length alone."""
    return [
        word if not word[0].isdecimal() or (len(word) < 3 and int(word) <= 20)
        else "0" * len(word.partition(".")[0])
        for word in _WORD.findall(text)
    ]  # fmt: skip


Features = list[tuple[str, Collection[str]]]
"""Groups of features by name, each with its words once."""


def _named(guide: Hit) -> str:
    return f"{guide.entry.kind} {guide.entry.id}"


def deed_features(document: Document, hit: Hit, *, transfer: bool) -> Features:
    """What a deed is judged by: the words of its sentence, the nearer ones with their side and
    the nearest with their distance, and the cues and agents on either side."""
    folded = document.folded
    sentence = document.sentence_at(hit.start)
    start, end = sentence.start, sentence.end
    before, after = words(folded[start : hit.start]), words(folded[hit.end : end])
    guides = [*document.agents_between(start, end), *document.guides_between(start, end)]
    # in the order of the text, so that sums come out the same everywhere
    left = dict.fromkeys(_named(one) for one in guides if one.start < hit.start)
    right = dict.fromkeys(_named(one) for one in guides if one.start >= hit.start)
    call = (hit.entry.kind, hit.entry.id, str(sentence.part), "transfer" if transfer else "scene")
    features: Features = [
        ("call", call), ("sentence", dict.fromkeys([*before, *after])),
        ("left", left), ("right", right),
        ("before", dict.fromkeys(before[-_FAR:])), ("after", dict.fromkeys(after[:_FAR])),
    ]  # fmt: skip
    for place, name_before, name_after in _PLACES:
        features.append((name_before, (before[-place] if place <= len(before) else "",)))
        features.append((name_after, (after[place - 1] if place <= len(after) else "",)))
    return features


@dataclass(frozen=True, slots=True)
class Sceptic:
    """Weights of features for each label, by group and word; a text's features are scaled to
    length 1."""

    bias: tuple[float, float, float]
    weights: Mapping[str, Mapping[str, Weights]]

    def probability(self, features: Features, label: int = 0) -> float:
        """How probable a label of `LABELS` is, between 0 and 1."""
        score, square = 0.0, 1e-12
        for group, told in features:
            weights = self.weights[group]
            for word in told:
                found = weights.get(word)
                if found is not None:
                    score += found[label]
                    square += found[3]
        return 1 / (1 + exp(-(score / sqrt(square) + self.bias[label])))

    def verdict(self, document: Document, hit: Hit, *, transfer: bool) -> Verdict | None:
        """What a deed held for this crew's is instead, or None where that is not denied."""
        features = deed_features(document, hit, transfer=transfer)
        if self.probability(features) >= DENIES[hit.entry.kind]:
            return None
        other, not_done = (self.probability(features, label) for label in (1, 2))
        return "other" if other >= not_done else "not_done"

    @classmethod
    def load(cls, path: Path = FOLDER / "weights.tsv") -> Sceptic:
        """The shipped model.

        Raises InputError when the file is missing or no such model.
        """
        try:
            first, *rows = path.read_text(encoding="utf-8").splitlines()
            crew, other, not_done = map(float, first.split("\t")[2:])
            weights: dict[str, dict[str, Weights]] = {group: {} for group in GROUPS}
            for row in rows:
                group, word, *numbers = row.split("\t")
                one, two, three, square = map(float, numbers)
                weights[group][word] = (one, two, three, square)
            return cls((crew, other, not_done), weights)
        except (OSError, ValueError, KeyError):
            raise InputError(
                f"{path} is no model of the sceptic; rebuild it with "
                "`python -m tripsheet.learning.sceptic`."
            ) from None

    def save(self, path: Path) -> None:
        """Write the model as a table that a person can read; the same model, same bytes."""
        lines = [_row("", "", self.bias)]
        lines += [
            _row(group, word, numbers)
            for group in GROUPS
            for word, numbers in sorted(self.weights[group].items())
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(group: str, word: str, numbers: tuple[float, ...]) -> str:
    return "\t".join([group, word, *(f"{number:.4f}" for number in numbers)])
