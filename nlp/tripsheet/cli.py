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
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, NoReturn

import typer
import typer.main
from typer.core import TyperGroup

from tripsheet.errors import TripsheetError
from tripsheet.options import PolicyOption, ProfileOption

if TYPE_CHECKING:
    from tripsheet.analysis import Analysis
    from tripsheet.formats import Entry
    from tripsheet.report import Report
    from tripsheet.views.write import Result

SOME_FAILED, USAGE = 1, 2


class _Commands(TyperGroup):
    """The commands of this file, and those of other rooms, imported when they are asked for."""

    elsewhere: ClassVar[dict[str, str]] = {
        "batch": "tripsheet.batch.command",
        "evaluate": "tripsheet.learning.command",
        "corpus": "tripsheet.corpus.command",
        "train": "tripsheet.learning.train",
    }

    def list_commands(self, ctx: Any) -> list[str]:
        return [*super().list_commands(ctx), *filter(self._present, self.elsewhere)]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in self.elsewhere or not self._present(cmd_name):
            return super().get_command(ctx, cmd_name)
        command = typer.main.get_command(import_module(self.elsewhere[cmd_name]).app)
        command.name = cmd_name
        return command

    def _present(self, name: str) -> bool:
        room, _, _ = self.elsewhere[name].rpartition(".")
        return bool(find_spec(room) and find_spec(self.elsewhere[name]))


app = typer.Typer(
    name="tripsheet",
    cls=_Commands,
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


class Side(StrEnum):
    """Which schema."""

    input = "input"
    output = "output"


class LogLevel(StrEnum):
    """How much is logged, to standard error; a narrative never is."""

    debug = "debug"
    info = "info"
    warning = "warning"
    error = "error"


def _show_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        from tripsheet.coding.rules import load_rules

        typer.echo(f"tripsheet {version('tripsheet')}, rules {load_rules().name}")
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
            help="Text, folders of text, JSONL, tables, NEMSIS XML; - or none: standard input.",
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
    policy: PolicyOption = None,
    profile: ProfileOption = "default",
) -> None:
    """Read reports and show what each supports, why, and what is missing.

    The record options hold for every report that does not itself say otherwise.
    """
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
    if not files and sys.stdin.isatty():
        raise typer.BadParameter("name a file or a folder, or pipe a narrative in.")
    given = _given(options, other_fields or [])
    format = format or _format_of(output)
    entries = _read(files or [Path("-")])
    results = _analyzed(entries, _analyzer(policy, profile), given)
    if output is not None or not sys.stdout.isatty():
        results = _counted_aloud(results)
    if output is None:
        failed = write_results(results, format, sys.stdout.buffer, brief=brief)
    else:
        from tripsheet.formats.atomic import written_whole

        with written_whole(output, replace=force) as stream:
            failed = write_results(results, format, stream, brief=brief)
    if failed:
        reports = "1 report" if failed == 1 else f"{failed} reports"
        typer.echo(f"tripsheet: {reports} could not be analysed.", err=True)
        raise typer.Exit(SOME_FAILED)


@app.command()
def explain(
    what: Annotated[
        str,
        typer.Argument(
            help="A file of reports, - for standard input, or a name: a level, gap, condition, "
            "policy, place letter, indicator."
        ),
    ],
    id: Annotated[str | None, typer.Option(help="Only the report with this id.")] = None,
    policy: PolicyOption = None,
    profile: ProfileOption = "default",
) -> None:
    """Show the whole trail of a report's analysis, or what a name means."""
    from tripsheet.formats import Failure
    from tripsheet.views import explain as views
    from tripsheet.views.marks import quote

    path = Path(what)
    if what != "-" and not path.exists():
        meaning = views.define(what)
        if meaning is None:
            raise typer.BadParameter(f"{what} is neither a file nor a name of the vocabulary.")
        typer.echo(meaning, nl=False)
        return
    entries = (entry for entry in _read([path]) if id in (None, entry.id))
    shown = failed = 0
    for result in _analyzed(entries, _analyzer(policy, profile), {}):
        shown += 1
        if isinstance(result, Failure):
            failed += 1
            typer.echo(f"tripsheet: {quote(result.id)}: {result.error.message}", err=True)
            continue
        typer.echo(("\n" if shown > 1 else "") + views.explain(result), nl=False)
    if not shown:
        raise typer.BadParameter(f"{what} holds no report with the id {id}.")
    if failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def schema(
    side: Annotated[
        Side | None, typer.Argument(show_default=False, help="Which one; default: both.")
    ] = None,
    page: Annotated[
        bool, typer.Option("--page", help="As a page for people, docs/output-schema.md.")
    ] = False,
) -> None:
    """Print the JSON Schema of what goes in and what comes out."""
    import json

    from tripsheet.views.schema import input_schema, output_schema, schema_page

    if page:
        typer.echo(schema_page(), nl=False)
        return
    makers = {Side.input: input_schema, Side.output: output_schema}
    shown = makers[side]() if side else {side.value: make() for side, make in makers.items()}
    typer.echo(json.dumps(shown, indent=2, ensure_ascii=False))


lexicon_app = typer.Typer(
    help="The words that tripsheet knows.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(lexicon_app, name="lexicon")


@lexicon_app.command("check")
def lexicon_check() -> None:
    """Check every lexicon; one line a problem."""
    from tripsheet import lexicon

    problems = lexicon.check()
    for problem in problems:
        typer.echo(problem)
    if problems:
        raise typer.Exit(SOME_FAILED)
    typer.echo("The lexicons hold together.")


@lexicon_app.command("find")
def lexicon_find(word: Annotated[str, typer.Argument(help="A word or phrase.")]) -> None:
    """Show what the lexicons know a word or phrase as."""
    from tripsheet import lexicon

    entries = lexicon.find(word)
    for entry in entries:
        details: dict[str, Any] = getattr(entry.info, "_asdict", dict)()
        shown = ", ".join(f"{name} {value}" for name, value in details.items() if value)
        how = "" if entry.match == "exact" else f"({entry.match})"
        place = f"{entry.file} [{entry.place}]"
        named = (entry.phrase, how, entry.kind, entry.id, place, shown)
        typer.echo("  ".join(filter(None, named)))
    if not entries:
        typer.echo(f"tripsheet: the lexicons do not hold {word}.", err=True)
        raise typer.Exit(SOME_FAILED)


def _analyzer(settings: list[str] | None, profile: str) -> Callable[[Report], Analysis]:
    from tripsheet.batch.reader import load_reader, policies_from

    return load_reader(policies_from(settings or []), profile).analyze_report


def _given(options: dict[str, Any], settings: list[str]) -> dict[str, Any]:
    """The record fields named on the command line, checked and typed as in a record."""
    from tripsheet.formats.record import FIELDS, report_from_mapping

    values = {name: value for name, value in options.items() if value is not None}
    for name, text in (_pair(setting, "--set") for setting in settings):
        if name not in FIELDS or name == "narrative":
            raise typer.BadParameter(
                f"--set {name}: not a field of a record; `tripsheet schema input` lists them."
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


def _read(paths: list[Path]) -> Iterator[Entry]:
    from tripsheet.formats import read_sources

    return read_sources(paths, notify=_notify)


def _notify(message: str) -> None:
    typer.echo(f"tripsheet: note: {message}", err=True)


def _analyzed(
    entries: Iterable[Entry], analyze: Callable[[Report], Analysis], given: dict[str, Any]
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


def _counted_aloud(results: Iterable[Result]) -> Iterator[Result]:
    """Pass results on; in a terminal, a long run shows its progress on standard error."""
    if not sys.stderr.isatty():
        yield from results
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} reports"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("reports", total=None)
        for result in results:
            yield result
            progress.advance(task)


def main() -> NoReturn:
    """Run the command and exit with its status."""
    try:
        app()
    except TripsheetError as error:
        print(f"tripsheet: {error.message}", file=sys.stderr)
    sys.exit(USAGE)
