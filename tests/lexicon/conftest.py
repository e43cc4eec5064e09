"""A private copy of the shipped lexicons, to break."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tripsheet.resources import LEXICONS


@pytest.fixture
def lexicons(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LEXICONS, tmp_path / "lexicons"))
