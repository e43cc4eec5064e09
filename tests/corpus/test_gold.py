"""Corpus files: one line a record, every class checked, the same bytes each time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tripsheet.corpus.gold import Gold, canonical, from_line, load_gold, save_gold, to_line
from tripsheet.errors import CorpusError


def test_a_line_reads_back_to_the_same_gold(golds: list[Gold]) -> None:
    assert [from_line(to_line(gold)) for gold in golds] == golds


def test_canonical_order_does_not_depend_on_the_order_of_writing(golds: list[Gold]) -> None:
    record = json.loads(to_line(golds[0]))
    for items in (*record["findings"].values(), record["gaps"]):
        if isinstance(items, list):
            items.reverse()
    assert canonical(from_line(json.dumps(record))) == golds[0]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        (("level", "hcpcs"), "A0499", "level.hcpcs"),
        (("kind",), "air", "kind"),
        (("findings", "interventions", 0, "id"), "o2", "findings.interventions.0.id"),
        (("findings", "interventions", 0, "colour"), "red", "findings.interventions.0.colour"),
        (("findings", "medications", 0, "count"), "2", "findings.medications.0.count"),
        (("gaps", 0, "id"), "autograph", "gaps.0.id"),
        (("record", "loaded_miles"), "far", "record.loaded_miles"),
        (("record", "claim"), "A0433", "record.claim"),
    ],
)
def test_a_wrong_value_is_refused_by_its_place_alone(
    golds: list[Gold], path: tuple[str | int, ...], value: str, field: str
) -> None:
    record = json.loads(to_line(golds[0]))
    place = record
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    with pytest.raises(CorpusError) as error:
        from_line(json.dumps(record))
    assert error.value.field == field
    assert "tripod" not in error.value.message


def test_loading_names_file_and_line(golds: list[Gold], tmp_path: Path) -> None:
    path = tmp_path / "train.jsonl"
    save_gold(golds, path)
    assert load_gold(path) == tuple(golds)
    with path.open("a", encoding="utf-8") as stream:
        stream.write('{"id": "half\n')
    with pytest.raises(CorpusError, match=r"train\.jsonl:3"):
        load_gold(path)
