"""The coding room stands alone: plain Python, quick to import."""

from __future__ import annotations

import subprocess
import sys

FORBIDDEN = ("spacy", "sklearn", "pydantic", "scispacy", "numpy", "rapidfuzz", "tripsheet.reading")


def test_importing_and_using_it_needs_no_language_pipeline() -> None:
    code = (
        "import sys\n"
        "from tripsheet.coding import determine\n"
        "from tripsheet.findings import Findings\n"
        "from tripsheet.report import Report\n"
        "determine(Report(narrative=''), Findings())\n"
        f"print([name for name in {FORBIDDEN!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"
