"""The command `tripsheet evaluate`."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tripsheet.errors import InputError

if TYPE_CHECKING:
    from rich.table import Table

    from tripsheet.learning.evaluate import Comparison, Counts, Decisions, Outcome, Scores

BELOW_FLOOR = 1

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


class By(StrEnum):
    """What the held-out parts are."""

    author = "author"
    kind = "kind"


@app.command()
def evaluate(
    gold: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[GOLD]...",
            show_default=False,
            help="Corpus files or folders (JSONL); default: annotated_corpus/dev.jsonl.",
        ),
    ] = None,
    by: Annotated[
        By | None, typer.Option(show_default=False, help="Score each part, held out, on its own.")
    ] = None,
    classes: Annotated[
        bool, typer.Option("--classes", help="Show every class, not the fields alone.")
    ] = False,
    json_out: Annotated[
        Path | None, typer.Option("--json", metavar="OUT", help="Write the run as JSON, too.")
    ] = None,
    runs: Annotated[
        tuple[Path, Path] | None,
        typer.Option(
            "--compare",
            metavar="RUN_A RUN_B",
            show_default=False,
            help="Compare two runs that --json wrote; nothing is read anew.",
        ),
    ] = None,
    floor: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Exit with 1 where a number is below this TOML's."),
    ] = None,
    show_errors: Annotated[
        bool,
        typer.Option("--errors", help="Print each error; this quotes the narratives."),
    ] = False,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="The tables in Markdown, for a page.")
    ] = False,
) -> None:
    """Measure the reader and the rules against gold, by field and by hand."""
    if runs is not None:
        _show_comparison(runs)
        return
    import tripsheet
    from tripsheet.corpus.gold import CORPUS
    from tripsheet.corpus.tables import show
    from tripsheet.corpus.transfer import load_corpus
    from tripsheet.learning import evaluate as measuring

    golds = load_corpus(gold or [CORPUS / "dev.jsonl"])
    analyze = tripsheet.load().analyze_report
    parts: dict[str, tuple[Outcome, ...]] | None = None
    if by is None:
        outcomes = measuring.evaluate(golds, analyze)
    else:
        # the reader has no trained part: it is the same whatever is held out
        parts = measuring.evaluate_folds(golds, lambda train: analyze, by=by.value)
        outcomes = tuple(one for part in parts.values() for one in part)
    scores = measuring.score(outcomes)
    _show_scores(scores, classes, markdown)
    if parts is not None and by is not None:
        by_part = {name: measuring.score(part) for name, part in parts.items()}
        show(_parts_table(by.value, by_part), markdown=markdown)
    if show_errors:
        for one in golds:
            for sentence in measuring.errors(one, analyze(one.report())):
                typer.echo(sentence)
    if json_out is not None:
        from tripsheet.formats.atomic import write_whole

        text = json.dumps(measuring.to_record(outcomes, parts), indent=1, ensure_ascii=False)
        write_whole(json_out, text.encode("utf-8") + b"\n")
    if floor is not None:
        below = measuring.below_floor(scores, _toml(floor))
        for sentence in below:
            typer.echo(f"tripsheet: {sentence}", err=True)
        if below:
            raise typer.Exit(BELOW_FLOOR)


def _toml(path: Path) -> Mapping[str, Any]:
    try:
        with open(path, "rb") as stream:
            return tomllib.load(stream)
    except (OSError, tomllib.TOMLDecodeError):
        raise InputError(f"{path} cannot be read as TOML; it holds the floor's numbers.") from None


def _show_comparison(runs: tuple[Path, Path]) -> None:
    from tripsheet.corpus.tables import show
    from tripsheet.learning.evaluate import compare

    loaded = []
    for path in runs:
        try:
            loaded.append(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError):
            raise InputError(f"{path} cannot be read; name two runs that --json wrote.") from None
    comparison = compare(*loaded)
    show(_comparison_table(comparison))
    for name, changes in (("better", comparison.better), ("worse", comparison.worse)):
        for change in changes:
            typer.echo(f"{name}: {change.id}: {change.field}: {change.what}")


def _comparison_table(comparison: Comparison) -> Table:
    from tripsheet.corpus.tables import table

    made = table(f"{comparison.records} narratives in both runs", "field", "better", "worse")
    fields = {change.field for change in (*comparison.better, *comparison.worse)}
    for field in sorted(fields):
        better = sum(change.field == field for change in comparison.better)
        worse = sum(change.field == field for change in comparison.worse)
        made.add_row(field, str(better), str(worse))
    made.add_row("all", str(len(comparison.better)), str(len(comparison.worse)))
    return made


def _show_scores(scores: Scores, classes: bool, markdown: bool) -> None:
    from tripsheet.corpus.tables import show, table

    narratives = "1 narrative" if scores.records == 1 else f"{scores.records} narratives"
    made = table(narratives, "field", "precision", "recall", "F1", "right", "extra", "missed")
    for field, counts in scores.fields.items():
        made.add_row(field, *_numbers(counts))
        for name, own in scores.classes[field].items() if classes else ():
            made.add_row(f"  {name}", *_numbers(own))
    show(made, markdown=markdown)
    decided = table("", "decision", "accuracy", "right", "of")
    for name, decisions in (("level", scores.level), ("necessity", scores.necessity)):
        decided.add_row(
            name, f"{decisions.accuracy:.3f}", str(decisions.right), str(decisions.total)
        )
    show(decided, markdown=markdown)
    for name, decisions in (("level", scores.level), ("necessity", scores.necessity)):
        show(_confusion(name, decisions), markdown=markdown)
    upcodes = table(f"unsupported upcodes: {len(scores.upcodes)}", "id", "gold", "found", texts=3)
    for row in scores.upcodes:
        upcodes.add_row(*row)
    show(upcodes, markdown=markdown)


def _confusion(name: str, decisions: Decisions) -> Table:
    from tripsheet.corpus.tables import table

    found = sorted({pair[1] for pair in decisions.confusion})
    made = table(f"{name}: gold down, found across", "", *found)
    for gold in sorted({pair[0] for pair in decisions.confusion}):
        cells = (decisions.confusion.get((gold, other), 0) for other in found)
        made.add_row(gold, *(str(n) if n else "·" for n in cells))
    return made


def _parts_table(by: str, parts: Mapping[str, Scores]) -> Table:
    from tripsheet.corpus.tables import table

    names = tuple(next(iter(parts.values())).fields) if parts else ()
    made = table(
        f"F1 by {by}; accuracy for level and necessity",
        by,
        "n",
        "level",
        "need",
        *(_SHORT.get(name, name) for name in names),
    )
    for name, scores in parts.items():
        f1 = (f"{counts.f1:.2f}" for counts in scores.fields.values())
        accuracy = (f"{scores.level.accuracy:.2f}", f"{scores.necessity.accuracy:.2f}")
        made.add_row(name, str(scores.records), *accuracy, *f1)
    return made


_SHORT = {
    "administrations": "doses",
    "medications": "meds",
    "interventions": "acts",
    "performer": "who",
    "qualifying_conditions": "cond",
    "listed_conditions": "listed",
    "mobility": "mob",
    "transport": "call",
}


def _numbers(counts: Counts) -> Sequence[str]:
    shares = (f"{value:.3f}" for value in (counts.precision, counts.recall, counts.f1))
    return (*shares, str(counts.right), str(counts.extra), str(counts.missed))
