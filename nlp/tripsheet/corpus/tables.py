"""Plain tables for the terminal."""

from __future__ import annotations

import sys

from rich import box
from rich.console import Console
from rich.table import Table


def table(title: str, *columns: str, texts: int = 1) -> Table:
    """A table whose first columns (`texts`) are text and whose others are numbers."""
    made = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    made.min_width = len(title)  # a title is not broken over lines
    for number, column in enumerate(columns):
        made.add_column(column, justify="left" if number < texts else "right")
    return made


def show(shown: Table) -> None:
    """Print a table; into a pipe or a file as wide as it needs, not cut at a terminal's width."""
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(shown)
