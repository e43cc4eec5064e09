"""The `tripsheet` command: thin, quick to start, one clear sentence for every error.

Exit statuses: 0 all fine; 1 some records failed; 2 the command could not run as it was asked
(wrong usage, a file that cannot be read or written).
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from tripsheet.errors import TripsheetError

if TYPE_CHECKING:
    from tripsheet.formats import Entry
    from tripsheet.report import Report
    from tripsheet.views.write import Result

SOME_FAILED, USAGE = 1, 2

app = typer.Typer(
    name="tripsheet",
    help="Reads ambulance patient care reports: which level each supports, why, what is missing.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """How an analysis is shown."""

    terminal = "terminal"
    json = "json"
    jsonl = "jsonl"
    html = "html"


class LogLevel(StrEnum):
    """How much is logged, to standard error; a narrative never is."""

    debug = "debug"
    info = "info"
    warning = "warning"
    error = "error"


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        typer.echo(f"tripsheet {version('tripsheet')}")
        raise typer.Exit


@app.callback()
def _options(
    log_level: Annotated[
        LogLevel, typer.Option(help="What to log, to standard error.")
    ] = LogLevel.warning,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and rules."
        ),
    ] = False,
) -> None:
    logging.basicConfig(
        level=log_level.upper(), stream=sys.stderr, format="%(levelname)s %(name)s: %(message)s"
    )


@app.command()
def analyze(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILES]...",
            show_default=False,
            help="Text files, folders of text files, JSONL; - or none reads standard input.",
        ),
    ] = None,
    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            show_default=False,
            help="Default: terminal; with --output, what the file's ending says.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="Write this file instead of standard output."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Replace the output if it exists.")
    ] = False,
    brief: Annotated[bool, typer.Option("--brief", help="Terminal: one line a report.")] = False,
    claimed: Annotated[str | None, typer.Option(help="The code to audit, such as A0433.")] = None,
    date: Annotated[
        str | None, typer.Option(metavar="YYYY-MM-DD", help="Date of service; picks the rules.")
    ] = None,
    transport: Annotated[
        str | None, typer.Option(help="ground, rotary_wing or fixed_wing.")
    ] = None,
    response: Annotated[str | None, typer.Option(help="emergency or non_emergency.")] = None,
    crew_level: Annotated[
        str | None, typer.Option(help="The highest aboard: emt, aemt, paramedic, nurse, …")
    ] = None,
    origin: Annotated[str | None, typer.Option(help="Modifier letter of the origin.")] = None,
    destination: Annotated[
        str | None, typer.Option(help="Modifier letter of the destination.")
    ] = None,
    miles: Annotated[float | None, typer.Option(help="Loaded miles.")] = None,
    pcs: Annotated[
        bool | None, typer.Option("--pcs/--no-pcs", help="Physician certification on file.")
    ] = None,
    signature: Annotated[
        bool | None, typer.Option("--signature/--no-signature", help="Signature on file.")
    ] = None,
    other_fields: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="FIELD=VALUE", help="Any other field of the record."),
    ] = None,
    policy: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="A coding policy other than its default."),
    ] = None,
) -> None:
    """Read reports and show what each supports, why, and what is missing.

    The record options hold for every report that does not itself say otherwise.
    """
    import tripsheet
    from tripsheet.views.write import write_results

    options = {
        "claimed_hcpcs": claimed,
        "date_of_service": date,
        "transport": transport,
        "response": response,
        "crew_level": crew_level,
        "origin": origin,
        "destination": destination,
        "loaded_miles": miles,
        "pcs_on_file": pcs,
        "signature_on_file": signature,
    }
    given = _given(options, other_fields or [])
    format = format or _format_of(output)
    entries = _read_all(files or [Path("-")])
    analyzer = tripsheet.load(policies=dict(_pair(text, "--policy") for text in policy or []))
    results = _analyzed(entries, analyzer.analyze_report, given)
    if output is None:
        failed = write_results(results, format, sys.stdout.buffer, brief=brief)
    else:
        from tripsheet.formats.atomic import written_whole

        with written_whole(output, replace=force) as stream:
            failed = write_results(results, format, stream, brief=brief)
    if failed:
        raise typer.Exit(SOME_FAILED)


def _given(options: dict[str, Any], settings: list[str]) -> dict[str, Any]:
    """The record fields named on the command line, checked and typed as in a record."""
    from tripsheet.formats.record import FIELDS, report_from_mapping

    values = {name: value for name, value in options.items() if value is not None}
    for name, text in (_pair(setting, "--set") for setting in settings):
        if name not in FIELDS or name == "narrative":
            raise typer.BadParameter(
                f"--set {name}: not a field of a record; `tripsheet schema --in` lists them."
            )
        values[name] = _typed(text, FIELDS[name][0])
    report = report_from_mapping({**values, "narrative": "-"}, line=None, strict=True)
    return {name: getattr(report, name) for name in values}


def _typed(text: str, kind: type) -> Any:
    """A value from the command line as the type of its field; what does not fit stays text."""
    if kind is bool:
        return {"true": True, "yes": True, "false": False, "no": False}.get(text.lower(), text)
    if kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            return text
    return text


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name:
        raise typer.BadParameter(f"{option} {text}: write it as NAME=VALUE.")
    return name.strip(), value.strip()


def _format_of(output: Path | None) -> Format:
    endings = {".json": Format.json, ".jsonl": Format.jsonl, ".ndjson": Format.jsonl}
    endings |= {".html": Format.html, ".htm": Format.html}
    return endings.get(output.suffix.lower(), Format.terminal) if output else Format.terminal


def _read_all(paths: list[Path]) -> Iterator[Entry]:
    for path in paths:
        yield from _read(path)


def _read(path: Path) -> Iterator[Entry]:
    from tripsheet import formats

    if str(path) == "-":
        return formats.read_text_stream(sys.stdin.buffer, notify=_notify)
    if path.suffix.lower() in (".jsonl", ".ndjson", ".json"):
        return formats.read_jsonl(path, notify=_notify)
    return formats.read_text(path, notify=_notify)


def _notify(message: str) -> None:
    typer.echo(f"tripsheet: note: {message}", err=True)


def _analyzed(
    entries: Iterable[Entry], analyze: Callable[[Report], Any], given: dict[str, Any]
) -> Iterator[Result]:
    from tripsheet.formats import Failure

    for entry in entries:
        if isinstance(entry, Failure):
            yield entry
            continue
        unsaid = {name: value for name, value in given.items() if getattr(entry, name) is None}
        try:
            yield analyze(replace(entry, **unsaid) if unsaid else entry)
        except TripsheetError as error:
            yield Failure(entry.id, error, error.line)


def main() -> NoReturn:
    """Run the command and exit with its status."""
    try:
        app()
    except TripsheetError as error:
        print(f"tripsheet: {error.message}", file=sys.stderr)
    sys.exit(USAGE)
