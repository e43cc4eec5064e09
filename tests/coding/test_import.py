"""The coding room stands alone: plain Python, quick to import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def test_the_same_calls_give_the_same_bytes_under_any_hash_seed() -> None:
    code = (
        "import hashlib, json, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import scenario\n"
        "from tripsheet.analysis import plain\n"
        "from tripsheet.coding import Policies, determine\n"
        "digest = hashlib.sha256()\n"
        "for row in scenario.load_all():\n"
        "    if 'error' not in row:\n"
        "        made = determine(*scenario.build(row))\n"
        "        digest.update(json.dumps(plain(made)).encode())\n"
        "print(digest.hexdigest())\n"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(digests) == 1
