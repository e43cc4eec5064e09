"""What the tests of the batch share."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

# Worker processes must be able to import the reader by its name.
sys.path.insert(0, str(Path(__file__).parent))

from tripsheet.batch import chunks


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten reports a chunk, so that small sources have many chunks."""
    monkeypatch.setattr(chunks, "REPORTS_A_CHUNK", 10)


@pytest.fixture
def source(tmp_path: Path) -> Callable[..., Path]:
    """Writes a JSONL source of a number of reports, with lines replaced by number."""

    def write(count: int, **lines: str) -> Path:
        path = tmp_path / "in.jsonl"
        with path.open("w", encoding="utf-8") as out:
            for number in range(1, count + 1):
                bed = "bed " if number % 3 else ""
                drug = "Fentanyl 50 mcg. " if number % 2 else ""
                record: dict[str, Any] = {"id": f"r{number}", "narrative": f"{drug}Pt in {bed}é."}
                if number % 5 == 0:
                    record["claimed_hcpcs"] = "A0433"
                out.write(lines.get(f"line{number}", json.dumps(record)) + "\n")
        return path

    return write
