"""The quick tests of the coding module as plain calls: a mutant costs no pytest session."""

from __future__ import annotations

import functools
import gc
import importlib
import inspect
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

MODULES = (
    "test_approved",
    "test_scenarios",
    "test_shape",
    "test_dates",
    "test_explanation",
    "test_tables",
    "test_gaps",
    "test_enumeration",
    "test_level_decision",
)
SKIPPED = {
    "test_scenarios_are_enough",
    "test_a_typical_report_is_coded_well_within_a_millisecond",
    "test_examples_in_docstrings_run",
    "test_the_level_decision_is_the_table",
}
"""No statement on what the code does, upset by the bookkeeping of mutants, or slow."""

Case = Callable[[], None]


def _arguments(test: Callable[..., Any]) -> Iterator[dict[str, Any]]:
    axes = []
    for mark in getattr(test, "pytestmark", ()):
        if mark.name != "parametrize":
            continue
        names = mark.args[0]
        names = [one.strip() for one in names.split(",")] if isinstance(names, str) else names
        axis = []
        for value in mark.args[1]:
            if isinstance(value, type(pytest.param(1))):
                if any(each.name == "xfail" for each in value.marks):
                    continue
                value = value.values if len(names) > 1 else value.values[0]
            axis.append(dict(zip(names, value if len(names) > 1 else (value,), strict=True)))
        axes.append(axis)
    for combination in itertools.product(*axes):
        yield {name: value for part in combination for name, value in part.items()}


def cases(folder: Path) -> list[Case]:
    """The tests of `folder` with their arguments; those that need fixtures are left out."""
    sys.path.insert(0, str(folder))
    made: list[Case] = []
    for module in MODULES:
        for name, test in vars(importlib.import_module(module)).items():
            expected_failure = any(mark.name == "xfail" for mark in getattr(test, "pytestmark", ()))
            if not name.startswith("test_") or name in SKIPPED or expected_failure:
                continue
            made.extend(
                functools.partial(test, **arguments)
                for arguments in _arguments(test)
                if set(inspect.signature(test).parameters) == set(arguments)
            )
    return made


def forget() -> None:
    """Empty the caches of the package, so that a forked mutant shows its own work."""
    for one in gc.get_objects():
        if isinstance(one, functools._lru_cache_wrapper) and one.__module__.startswith("tripsheet"):
            one.cache_clear()
