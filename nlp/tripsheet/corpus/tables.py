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


def show(shown: Table, *, markdown: bool = False) -> None:
    """Print a table; into a pipe or a file as wide as it needs, not cut at a terminal's width."""
    if markdown:
        print(as_markdown(shown))
        return
    Console(highlight=False, width=None if sys.stdout.isatty() else 200).print(shown)


def as_markdown(shown: Table) -> str:
    """The table in Markdown, with its title, if it has one, above it."""
    heads = [str(column.header) for column in shown.columns]
    marks = ["---:" if column.justify == "right" else "---" for column in shown.columns]
    rows = [
        heads,
        marks,
        *([str(c) for c in row] for row in zip(*(c.cells for c in shown.columns), strict=True)),
    ]
    lines = (f"| {' | '.join(row)} |" for row in rows)
    title = [f"{shown.title}:", ""] if shown.title else []
    return "\n".join([*title, *lines, ""])
