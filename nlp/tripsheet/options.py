"""Options that several commands take."""

from __future__ import annotations

from typing import Annotated

import typer

PolicyOption = Annotated[
    list[str] | None,
    typer.Option(metavar="NAME=VALUE", help="A coding policy other than its default."),
]
ProfileOption = Annotated[
    str, typer.Option(help="default, or accurate: a trained second reader adds doubts.")
]
