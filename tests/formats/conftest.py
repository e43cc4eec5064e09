"""What the tests of the formats share."""

from __future__ import annotations

from pathlib import Path

import pytest

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "reference" / "nemsis"


@pytest.fixture(scope="session")
def nemsis() -> Path:
    """The standard's schemas and sample documents, which lie beside the checkout."""
    if not REFERENCE.is_dir():
        pytest.skip(f"the NEMSIS schemas and samples are not at {REFERENCE}")
    return REFERENCE
