"""Every exchange format gives back the same gold, and says what it cannot read."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tripsheet.corpus.brat import configuration, read_brat, save_brat
from tripsheet.corpus.docbin import save_docbin
from tripsheet.corpus.gold import Gold, from_line
from tripsheet.corpus.label_studio import configuration as label_studio_configuration
from tripsheet.corpus.label_studio import read_label_studio, save_label_studio
from tripsheet.errors import InputError


def by_id(golds: list[Gold]) -> dict[str, Gold]:
    return {gold.id: gold for gold in golds}


def test_brat_gives_the_same_gold(golds: list[Gold], tmp_path: Path) -> None:
    folder = tmp_path / "brat"
    assert save_brat(golds, folder) == 2
    again, problems = read_brat(folder)
    assert problems == []
    assert by_id(again) == by_id(golds)


def test_brat_annotates_no_line_break_and_quotes_the_text(
    golds: list[Gold], tmp_path: Path
) -> None:
    save_brat(golds, tmp_path)
    text = (tmp_path / "night-1.txt").read_text(encoding="utf-8")
    lines = (tmp_path / "night-1.ann").read_text(encoding="utf-8").splitlines()
    bound = [line.split("\t") for line in lines if line.startswith("T")]
    assert len(bound) > 10
    for _, place, words in bound:
        pieces = [piece.split(" ") for piece in place.split(" ", 1)[1].split(";")]
        covered = [text[int(start) : int(end)] for start, end in pieces]
        assert " ".join(covered) == words
        assert not any("\n" in piece for piece in covered)


def test_every_type_and_value_that_is_written_is_configured(
    golds: list[Gold], tmp_path: Path
) -> None:
    save_brat(golds, tmp_path)
    known = configuration()
    for path in tmp_path.glob("*.ann"):
        for line in path.read_text(encoding="utf-8").splitlines():
            parts = line.split("\t")
            if line.startswith("T"):
                assert f"{parts[1].split(' ')[0]}\n" in known
            if line.startswith("A"):
                name, _, *value = parts[1].split(" ")
                (row,) = (row for row in known.splitlines() if row.startswith(f"{name}\t"))
                assert not value or value[0] in row.split("Value:")[1].split("|")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Level T1 A0427", "Level T1 A0499", "is no level"),
        ("intervention-oxygen", "intervention-air", "is no intervention"),
        ("intervention-oxygen", "colour-red", "is no type of this corpus"),
        ("\treport ", "\tcondition-fall ", "one annotation of the type report"),
        ("A1\tLevel T1", "A1\tLevel T99", "is not annotated"),
    ],
)
def test_brat_says_what_it_cannot_read(
    golds: list[Gold], tmp_path: Path, old: str, new: str, said: str
) -> None:
    save_brat(golds[:1], tmp_path)
    path = tmp_path / "night-1.ann"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    again, (problem,) = read_brat(tmp_path)
    assert again == []
    assert said in problem.message


def test_an_edit_in_brat_arrives(golds: list[Gold], tmp_path: Path) -> None:
    save_brat(golds[:1], tmp_path)
    path = tmp_path / "night-1.ann"
    text = path.read_text(encoding="utf-8").replace("name=albuterol_ipratropium", "name=albuterol")
    path.write_text(text, encoding="utf-8")
    (gold,), problems = read_brat(tmp_path)
    assert problems == []
    assert "albuterol_ipratropium" not in {m.name for m in gold.findings.medications}


def test_label_studio_gives_the_same_gold(golds: list[Gold], tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    assert save_label_studio(golds, path) == 2
    again, problems = read_label_studio(path)
    assert problems == []
    assert again == golds


def test_label_studio_configuration_knows_every_control(golds: list[Gold], tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    save_label_studio(golds, path)
    root = ElementTree.fromstring(label_studio_configuration())
    controls = {node.get("name"): node for node in root.iter() if node.get("toName")}
    used = [
        (item["from_name"], item["value"])
        for task in json.loads(path.read_text(encoding="utf-8"))
        for item in task["annotations"][0]["result"]
        if "from_name" in item
    ]
    assert len(used) > 30
    for name, value in used:
        for chosen in (*value.get("choices", ()), *value.get("labels", ())):
            assert chosen in {node.get("value") for node in controls[name]}


def test_label_studio_names_the_task_it_cannot_read(golds: list[Gold], tmp_path: Path) -> None:
    path = tmp_path / "tasks.json"
    save_label_studio(golds, path)
    tasks = json.loads(path.read_text(encoding="utf-8"))
    tasks[1]["annotations"] = []
    path.write_text(json.dumps(tasks), encoding="utf-8")
    again, (problem,) = read_label_studio(path)
    assert [gold.id for gold in again] == ["night-1"]
    assert (problem.line, problem.field) == (2, "task")
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match="no JSON list of tasks"):
        read_label_studio(path)


def test_docbin_holds_spans_levels_and_the_exact_record(golds: list[Gold], tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    path = tmp_path / "corpus.spacy"
    assert save_docbin(golds, path) == 2
    docs = list(
        DocBin(store_user_data=True).from_bytes(path.read_bytes()).get_docs(spacy.blank("en").vocab)
    )
    night = docs[0]
    assert night.text == golds[0].narrative
    assert "oxygen|performed|crew" in {span.label_ for span in night.spans["interventions"]}
    assert (night.cats["level:A0427"], night.cats["level:A0428"]) == (1.0, 0.0)
    assert [from_line(doc.user_data["gold"]) for doc in docs] == golds
