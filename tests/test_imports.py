"""Light doors stay light, and every public name says what it is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import subprocess
import sys

import pytest

import tripsheet

HEAVY = ("spacy", "scispacy", "sklearn", "pydantic", "numpy", "rapidfuzz", "lxml", "typer", "rich")
LIGHT = {
    "tripsheet": HEAVY,
    "tripsheet.coding": HEAVY,
    "tripsheet.report": HEAVY,
    "tripsheet.findings": HEAVY,
    "tripsheet.determination": HEAVY,
    "tripsheet.analysis": HEAVY,
    "tripsheet.errors": HEAVY,
    "tripsheet.vocabulary": HEAVY,
    "tripsheet.lexicon": HEAVY,
    "tripsheet.cli": ("spacy", "scispacy", "sklearn", "pydantic", "numpy", "lxml", "pyarrow"),
    # the narrative is read without spaCy; its components are a door for others
    "tripsheet.reading": ("spacy", "scispacy", "sklearn", "pydantic", "lxml"),
}


@pytest.mark.parametrize("module", LIGHT)
def test_import_is_light(module: str) -> None:
    code = (
        f"import sys, {module}; print([name for name in {LIGHT[module]!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "[]\n"


def modules() -> list[str]:
    found = pkgutil.walk_packages(tripsheet.__path__, "tripsheet.")
    return ["tripsheet", *(one.name for one in found if not one.name.endswith("__main__"))]


SILENT = {"tripsheet.reading.components": "the three factories have no docstring"}


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(
            name,
            marks=[pytest.mark.xfail(strict=True, reason=SILENT[name])] if name in SILENT else [],
        )
        for name in modules()
    ],
)
def test_public_names_are_documented(module: str) -> None:
    try:
        made = importlib.import_module(module)
    except ImportError as error:
        pytest.skip(f"needs an extra that is not installed: {error.name}")
    assert made.__doc__, "what the module is for"
    silent = [
        name
        for name, value in vars(made).items()
        if not name.startswith("_")
        and (inspect.isclass(value) or inspect.isfunction(value))
        and value.__module__ == module
        and not _documented(value)
    ]
    assert silent == []


def _documented(value: object) -> bool:
    """Whether a person wrote a docstring; a dataclass or tuple gets one of its own otherwise."""
    text = inspect.getdoc(value) or ""
    name = getattr(value, "__name__", "")
    return bool(text) and not text.startswith(f"{name}(")


@pytest.mark.parametrize("module", modules())
def test_all_lists_names_that_exist(module: str) -> None:
    try:
        made = importlib.import_module(module)
    except ImportError as error:
        pytest.skip(f"needs an extra that is not installed: {error.name}")
    listed = getattr(made, "__all__", [])
    assert [name for name in listed if not hasattr(made, name)] == []
    assert len(listed) == len(set(listed))


def test_the_version_is_the_packages() -> None:
    from importlib.metadata import version

    assert tripsheet.__version__ == version("tripsheet")
