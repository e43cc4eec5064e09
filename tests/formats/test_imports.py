"""Reading and writing need no language model, and an extra only where its format is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("spacy", "sklearn", "pyarrow", "openpyxl", "pandas", "ray", "numpy")


@pytest.mark.parametrize(
    "module", ["tripsheet.formats", "tripsheet.batch", "tripsheet.batch.command"]
)
def test_import_is_light(module: str) -> None:
    code = f"import sys, {module}; print([name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


EXTRAS = {
    "pyarrow": ("calls.parquet", "tripsheet[tables]"),
    "openpyxl": ("calls.xlsx", "tripsheet[tables]"),
}


@pytest.mark.parametrize("module", EXTRAS)
def test_missing_extra_is_one_sentence_before_any_work(module: str, tmp_path: object) -> None:
    name, extra = EXTRAS[module]
    code = (
        f"import sys; sys.modules[{module!r}] = None\n"
        "from tripsheet.batch.command import app\n"
        f"sys.argv = ['batch', 'calls.jsonl', {name!r}]\napp()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=str(tmp_path)
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert f"pip install '{extra}'" in done.stderr
