"""The shipped reader on the gold narratives of the dev split: no figure falls unseen."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tripsheet.learning.command import app

ROOT = Path(__file__).parents[1]


@pytest.mark.slow
def test_the_dev_split_is_read_no_worse_than_the_floor(tmp_path: Path) -> None:
    floor = tmp_path / "floor.toml"
    floor.write_text(
        "level = 0.89\nnecessity = 0.84\nupcodes = 2\n\n[f1]\nadministrations = 0.86\n"
        "medications = 0.83\ninterventions = 0.85\nperformer = 0.86\n"
        "qualifying_conditions = 0.87\nmobility = 0.91\nvitals = 0.93\n",
        encoding="utf-8",
    )
    dev = ROOT / "annotated_corpus" / "dev.jsonl"
    result = CliRunner().invoke(app, [str(dev), "--floor", str(floor)])
    assert result.exit_code == 0, result.output[-800:]


@pytest.mark.slow
def test_traps_lift_no_level(tmp_path: Path) -> None:
    """Words of a higher level that the narrative does not support: hardly one is taken in."""
    floor = tmp_path / "floor.toml"
    floor.write_text("level = 0.84\nupcodes = 3\n", encoding="utf-8")
    traps = ROOT / "annotated_corpus" / "traps" / "narratives.jsonl"
    result = CliRunner().invoke(app, [str(traps), "--floor", str(floor)])
    assert result.exit_code == 0, result.output[-800:]
