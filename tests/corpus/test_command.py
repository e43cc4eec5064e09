"""`tripsheet corpus`: formats in and out, checks with an exit status, tables and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tripsheet.corpus.command import app
from tripsheet.corpus.gold import Gold, load_gold
from tripsheet.corpus.transfer import save_corpus

from .conftest import DAY, NIGHT

run = CliRunner()


@pytest.fixture
def corpus(golds: list[Gold], tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    save_corpus(golds, folder)
    (folder / "splits.toml").write_text('train = ["night_medic"]\ndev = ["day_emt"]\n')
    return folder


def test_drafts_become_one_file_a_split(corpus: Path, golds: list[Gold], tmp_path: Path) -> None:
    drafts = tmp_path / "in"
    drafts.mkdir()
    (drafts / "a.txt").write_text(NIGHT)
    (drafts / "b.txt").write_text(DAY)
    splits = str(corpus / "splits.toml")
    out = tmp_path / "out"
    result = run.invoke(
        app, ["import", "--from", "draft", str(drafts), str(out), "--splits", splits]
    )
    assert result.exit_code == 0, result.output
    assert load_gold(out / "train.jsonl") == (golds[0],)
    assert load_gold(out / "dev.jsonl") == (golds[1],)


def test_nothing_is_written_while_anything_is_wrong(corpus: Path, tmp_path: Path) -> None:
    draft = tmp_path / "wrong.txt"
    draft.write_text(NIGHT.replace("| Duoneb", "| nowhere"))
    out = tmp_path / "out.jsonl"
    splits = str(corpus / "splits.toml")
    result = run.invoke(
        app, ["import", "--from", "draft", str(draft), str(out), "--splits", splits]
    )
    assert result.exit_code == 1
    assert "wrong.txt:13: med albuterol_ipratropium" in result.output
    assert not out.exists()


@pytest.mark.parametrize(
    ("format", "name"), [("brat", "brat"), ("label-studio", "tasks.json"), ("draft", "drafts")]
)
def test_out_and_in_again_gives_the_same_files(
    corpus: Path, tmp_path: Path, format: str, name: str
) -> None:
    there, back = tmp_path / name, tmp_path / "back"
    assert run.invoke(app, ["export", "--to", format, str(corpus), str(there)]).exit_code == 0
    splits = ["--splits", str(corpus / "splits.toml")]
    result = run.invoke(app, ["import", "--from", format, str(there), str(back), *splits])
    assert result.exit_code == 0, result.output
    for file in ("train.jsonl", "dev.jsonl"):
        assert (back / file).read_bytes() == (corpus / file).read_bytes()


def test_check_exits_with_one_on_a_problem(corpus: Path) -> None:
    assert run.invoke(app, ["check", str(corpus)]).exit_code == 0
    path = corpus / "dev.jsonl"
    path.write_text(path.read_text().replace('"A0428"', '"A0499"'))
    result = run.invoke(app, ["check", str(corpus)])
    assert result.exit_code == 1
    assert "dev.jsonl:1: level.hcpcs:" in result.output


def test_stats_as_tables_and_as_json(corpus: Path) -> None:
    shown = run.invoke(app, ["stats", "--all", str(corpus)]).output
    assert "2 narratives: dev 1, train 1" in shown
    assert "metoprolol" in shown
    record = json.loads(run.invoke(app, ["stats", "--json", str(corpus)]).output)
    assert record["cover"]["intervention"]["oxygen"]["texts"] == 1


def test_agreement_reads_a_second_annotation_without_narratives(
    corpus: Path, tmp_path: Path
) -> None:
    second = tmp_path / "second.txt"
    second.write_text("@@@ day-1\nlevel | A0429 | x\nnecessity | not_supported\n")
    splits = ["--splits", str(corpus / "splits.toml")]
    asked = ["agreement", str(corpus), str(second), *splits]
    record = json.loads(run.invoke(app, [*asked, "--json"]).output)
    assert record["records"] == 1
    assert record["choices"]["level"] == {"kappa": 0.0, "same": 0, "total": 1}
    assert "1 narrative annotated twice" in run.invoke(app, asked).output
