"""The corpus that is shipped holds together and covers what it says it covers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tripsheet.corpus.brat import read_brat, save_brat
from tripsheet.corpus.check import check
from tripsheet.corpus.gold import CORPUS, SPLITS, Gold, from_line, load_gold, to_line
from tripsheet.corpus.label_studio import read_label_studio, save_label_studio
from tripsheet.corpus.splits import read_splits
from tripsheet.corpus.stats import stats

PATHS = [CORPUS / f"{split}.jsonl" for split in SPLITS]


@pytest.fixture(scope="module")
def shipped() -> tuple[Gold, ...]:
    return load_gold(*PATHS)


def test_the_shipped_corpus_passes_its_check() -> None:
    assert check(PATHS, read_splits(CORPUS / "splits.toml")) == []


def test_the_files_are_in_canonical_form(shipped: tuple[Gold, ...]) -> None:
    lines = "".join(path.read_text(encoding="utf-8") for path in PATHS).splitlines()
    assert [to_line(gold) for gold in shipped] == lines
    assert from_line(lines[0]) == shipped[0]


def test_brat_and_label_studio_give_the_dev_split_back(
    shipped: tuple[Gold, ...], tmp_path: Path
) -> None:
    dev = [gold for gold in shipped if gold.split == "dev"]
    save_brat(dev, tmp_path / "brat")
    save_label_studio(dev, tmp_path / "tasks.json")
    for again, problems in (
        read_brat(tmp_path / "brat"),
        read_label_studio(tmp_path / "tasks.json"),
    ):
        assert problems == []
        assert {gold.id: gold for gold in again} == {gold.id: gold for gold in dev}


def test_every_intervention_gap_and_qualifying_condition_occurs(shipped: tuple[Gold, ...]) -> None:
    cover = stats(shipped).cover
    for kind in ("intervention", "qualifying_condition", "gap", "vital", "mobility"):
        assert [name for name, own in cover[kind].items() if own.texts < 5] == []
