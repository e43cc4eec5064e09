"""The command `tripsheet batch`."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tripsheet.errors import TripsheetError
from tripsheet.options import PolicyOption, ProfileOption

SOME_FAILED, STOPPED, USAGE = 1, 130, 2

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)


class Engine(StrEnum):
    """What the work runs on."""

    pool = "pool"
    ray = "ray"


@app.command()
def batch(
    source: Annotated[
        Path,
        typer.Argument(
            metavar="IN",
            show_default=False,
            help="JSONL, CSV, TSV, Parquet, Excel, NEMSIS XML, text, a folder of text files, -.",
        ),
    ],
    target: Annotated[
        Path,
        typer.Argument(
            metavar="OUT",
            show_default=False,
            help="A file that ends in .jsonl, .csv, .parquet, .xlsx or .xml, or a folder of pages.",
        ),
    ],
    workers: Annotated[
        int,
        typer.Option("--workers", "-w", min=1, help="Processes; default: one a processor."),
    ] = os.cpu_count() or 1,
    engine: Annotated[
        Engine, typer.Option(help="pool: this machine; ray: a Ray cluster (extra `cluster`).")
    ] = Engine.pool,
    resume: Annotated[
        bool,
        typer.Option("--resume/--no-resume", help="Go on with an unfinished run, or start afresh."),
    ] = True,
    fail_fast: Annotated[
        bool, typer.Option("--fail-fast", help="Stop at the first report that cannot be read.")
    ] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the output if it exists.")
    ] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Unknown fields and columns are errors.")
    ] = False,
    columns: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Column mapping (TOML); read if it exists, else the guess is saved there.",
        ),
    ] = None,
    column: Annotated[
        list[str] | None,
        typer.Option(metavar="FIELD=COLUMN", help="One column of a table, such as narrative=Text."),
    ] = None,
    suggest_level: Annotated[
        bool,
        typer.Option("--suggest-level", help="NEMSIS output: fill an empty ePayment.50."),
    ] = False,
    policy: PolicyOption = None,
    profile: ProfileOption = "default",
    summary: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the summary as JSON, too.")
    ] = None,
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="No summary, no progress, no notes.")
    ] = False,
) -> None:
    """Read many reports and write one output, in the order of the input.

    A run that was stopped goes on where it was when started again with the same command. The
    exit status is 1 when a report could not be read, 2 when the batch could not run.
    """
    from tripsheet.batch.run import run_batch
    from tripsheet.formats.atomic import write_whole

    def notify(message: str) -> None:
        if not quiet:
            typer.echo(f"tripsheet: note: {message}", err=True)

    try:
        mapping = _columns(source, columns, column or [], notify)
        with _progress(quiet) as advance:
            result = run_batch(
                source,
                target,
                workers=workers,
                engine=engine.value,
                resume=resume,
                fail_fast=fail_fast,
                replace=force,
                strict=strict,
                columns=mapping,
                suggest_level=suggest_level,
                notify=notify,
                **_reader(policy, profile),
                advance=advance,
            )
        record = result.summary.to_record()
        if summary is not None:
            write_whole(summary, json.dumps(record, indent=2).encode("ascii") + b"\n")
    except TripsheetError as error:
        typer.echo(f"tripsheet: {error.message}", err=True)
        raise typer.Exit(SOME_FAILED if fail_fast and error.kind == "record" else USAGE) from None
    except KeyboardInterrupt:
        typer.echo("tripsheet: stopped; the same command goes on from here.", err=True)
        raise typer.Exit(STOPPED) from None
    if not quiet:
        _show(result.summary.rows())
    if result.summary.failed:
        raise typer.Exit(SOME_FAILED)


def _reader(pairs: list[str] | None, profile: str) -> dict[str, Any]:
    """The reader that policies and profile ask for, and what tells its runs from others."""
    if not pairs and profile == "default":
        return {}
    from functools import partial

    from tripsheet.batch.reader import load_reader, policies_from

    policies = policies_from(pairs or [])
    load_reader(policies, profile)  # an unknown profile is told before the run
    return {"loader": partial(load_reader, policies, profile), "label": f"{policies!r} {profile}"}


def _columns(
    source: Path, file: Path | None, pairs: list[str], notify: Callable[[str], None]
) -> Any:
    """The mapping that the options give; None for a source that needs or names none."""
    if file is None and not pairs:
        return None
    from tripsheet.formats.source import table_headers
    from tripsheet.formats.tables.columns import load_columns, settle_columns, with_pairs

    headers = table_headers(source)
    known = load_columns(file) if file is not None and file.exists() else None
    mapping = settle_columns(with_pairs(known, pairs, headers), headers, str(source))
    if file is not None and known is None:
        mapping.save(file)
        notify(f"{source}: read {mapping.describe()}; the mapping is saved in {file}.")
    return mapping


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """A line on standard error with reports, rate and time left; only on a terminal."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from time import monotonic

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    shown = (BarColumn(), TextColumn("{task.description}"), TimeRemainingColumn())
    begun = monotonic()
    with Progress(*shown, console=console, transient=True) as progress:
        task = progress.add_task("starting", total=None)

        def advance(summary: Any, amount: int, total: int | None) -> None:
            rate = summary.reports / max(monotonic() - begun, 1e-9)
            failed = f", {summary.failed:,} failed" if summary.failed else ""
            text = f"{summary.reports:,} reports, {rate:,.0f} a second{failed}"
            progress.update(task, description=text, completed=amount if total else 0, total=total)

        yield advance


def _show(rows: list[tuple[str, str, int]]) -> None:
    """The summary as plain lines in columns."""
    from rich.console import Console
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_header=False)
    table.add_column()
    table.add_column()
    table.add_column(justify="right")
    before = ""
    for heading, name, count in rows:
        table.add_row("" if heading == before else heading, name, f"{count:,}")
        before = heading
    Console(highlight=False).print(table)
