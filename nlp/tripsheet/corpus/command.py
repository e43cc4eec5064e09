"""The command `tripsheet corpus`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tripsheet.errors import InputError

if TYPE_CHECKING:
    from tripsheet.corpus.agreement import Agreement
    from tripsheet.corpus.gold import Gold, Split
    from tripsheet.corpus.problems import Problem
    from tripsheet.corpus.stats import Stats

PROBLEMS = 1

app = typer.Typer(
    help="The annotated corpus: formats, checks, counts, agreement.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
)

Corpus = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[GOLD]...",
        show_default=False,
        help="Corpus files or folders (JSONL); default: annotated_corpus.",
    ),
]
Splits = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        show_default=False,
        help="Which author is in which split; default: the splits.toml of annotated_corpus.",
    ),
]


class Source(StrEnum):
    """What is imported."""

    draft = "draft"
    brat = "brat"
    label_studio = "label-studio"


class Target(StrEnum):
    """What is exported."""

    docbin = "docbin"
    brat = "brat"
    label_studio = "label-studio"
    draft = "draft"


@app.command("import")
def import_(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="A file or folder of the other format.")
    ],
    target: Annotated[
        Path, typer.Argument(metavar="OUT", help="A .jsonl file, or a folder: one file a split.")
    ],
    format: Annotated[Source, typer.Option("--from", help="What IN is.")],
    splits: Splits = None,
    narratives: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="GOLD",
            show_default=False,
            help="Drafts of labels only: the corpus that holds their narratives.",
        ),
    ] = None,
) -> None:
    """Turn drafts, brat standoff or a Label Studio export into a corpus.

    Nothing is written while anything is wrong; the exit status is then 1.
    """
    from tripsheet.corpus.transfer import save_corpus

    if format is Source.brat:
        from tripsheet.corpus.brat import read_brat

        golds, problems = read_brat(source)
    elif format is Source.label_studio:
        from tripsheet.corpus.label_studio import read_label_studio

        golds, problems = read_label_studio(source)
    else:
        golds, problems = _drafts(source, splits, narratives)
    _stop_at(problems)
    for path in save_corpus(golds, target):
        typer.echo(f"{path} is written.")


@app.command()
def export(
    source: Annotated[Path, typer.Argument(metavar="IN", help="A corpus file or folder (JSONL).")],
    target: Annotated[
        Path,
        typer.Argument(metavar="OUT", help="A folder (brat, draft) or a file (the others)."),
    ],
    format: Annotated[Target, typer.Option("--to", help="What OUT becomes.")],
) -> None:
    """Write a corpus for brat, Label Studio or spaCy, or as drafts to edit by hand."""
    from tripsheet.corpus.transfer import load_corpus, save_drafts

    golds = load_corpus([source])
    if format is Target.brat:
        from tripsheet.corpus.brat import save_brat

        save_brat(golds, target)
    elif format is Target.label_studio:
        from tripsheet.corpus.label_studio import save_label_studio

        save_label_studio(golds, target)
    elif format is Target.docbin:
        from tripsheet.corpus.docbin import save_docbin

        save_docbin(golds, target)
    else:
        save_drafts(golds, target)
    typer.echo(f"{target} is written: {_narratives(len(golds))}.")


@app.command("check")
def check_(gold: Corpus = None, splits: Splits = None) -> None:
    """Check every record and all of them side by side; one line a problem."""
    from tripsheet.corpus.check import check
    from tripsheet.corpus.transfer import files_of

    paths = [file for path in gold or [_default()] for file in files_of(path, ".jsonl")]
    _stop_at(check(paths, _splits(splits, gold)))
    typer.echo(f"{len(paths)} {'file holds' if len(paths) == 1 else 'files hold'} together.")


@app.command("stats")
def stats_(
    gold: Corpus = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, with every class.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Every class, not the thin ones alone.")
    ] = False,
) -> None:
    """Count what the corpus covers, and show where it is thin against its targets."""
    from tripsheet.corpus.stats import stats, to_record
    from tripsheet.corpus.transfer import load_corpus

    counted = stats(load_corpus(gold or [_default()]))
    if as_json:
        typer.echo(json.dumps(to_record(counted), indent=1))
    else:
        _show_stats(counted, everything)


@app.command("agreement")
def agreement_(
    first: Annotated[Path, typer.Argument(metavar="A", help="A corpus file or folder (JSONL).")],
    second: Annotated[
        Path,
        typer.Argument(
            metavar="B",
            help="The second annotation: JSONL, or drafts (.txt), with or without narratives.",
        ),
    ],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    splits: Splits = None,
) -> None:
    """Show how far two annotations of the same narratives agree."""
    from tripsheet.corpus.agreement import agreement, to_record
    from tripsheet.corpus.transfer import load_corpus

    mine = load_corpus([first])
    drafted = second.suffix == ".txt" or (second.is_dir() and any(second.glob("*.txt")))
    if drafted:
        yours, problems = _drafts(second, splits, [first])
        _stop_at(problems)
    else:
        yours = list(load_corpus([second]))
    agreed = agreement(mine, yours)
    if as_json:
        typer.echo(json.dumps(to_record(agreed), indent=1))
    else:
        _show_agreement(agreed)


def _default() -> Path:
    from tripsheet.corpus.gold import CORPUS

    if not CORPUS.is_dir():
        raise InputError("This installation carries no corpus; name the corpus files.")
    return CORPUS


def _splits(path: Path | None, gold: list[Path] | None = None) -> Mapping[str, Split] | None:
    """The fixed splits; for files of one's own, none unless a file is named or lies beside."""
    from tripsheet.corpus.splits import read_splits

    if path is not None:
        return read_splits(path)
    for folder in gold or [_default()]:
        beside = (folder if folder.is_dir() else folder.parent) / "splits.toml"
        if beside.exists():
            return read_splits(beside)
    return None


def _drafts(
    source: Path, splits: Path | None, narratives: list[Path] | None
) -> tuple[list[Gold], list[Problem]]:
    from tripsheet.corpus.transfer import import_drafts, load_corpus

    known = {gold.id: gold for gold in load_corpus(narratives or [])}
    return import_drafts(source, _splits(splits) or {}, known)


def _stop_at(problems: list[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem))
    if problems:
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        typer.echo(f"tripsheet: {count}.", err=True)
        raise typer.Exit(PROBLEMS)


def _narratives(count: int) -> str:
    return "1 narrative" if count == 1 else f"{count} narratives"


def _show_stats(counted: Stats, everything: bool) -> None:
    from tripsheet.corpus.stats import GAP_TEXTS, HANDS, TEXTS
    from tripsheet.corpus.tables import show, table

    words = counted.words
    share = counted.misspelled / counted.records if counted.records else 0
    typer.echo(f"{_narratives(counted.records)}: {_listed(counted.splits)}")
    typer.echo(f"hands: {_listed(counted.authors)}")
    typer.echo(f"words: {words['least']} to {words['most']}, median {words['median']}")
    typer.echo(f"misspelled: {counted.misspelled} ({share:.0%})")
    kinds = list(counted.kinds)
    crossed = table("levels and verdicts by kind of call", "", *kinds, "all")
    for rows in (counted.levels, counted.verdicts):
        for name, own in rows.items():
            cells = (str(own.get(kind, 0)) for kind in kinds)
            crossed.add_row(name, *cells, str(sum(own.values())))
    show(crossed)
    thin = list(counted.thin())
    title = (
        f"thin: {len(thin)} classes in fewer than {TEXTS} texts or of fewer than {HANDS} hands "
        f"(gaps: {GAP_TEXTS} texts)"
    )
    thin_table = table(title, "", "class", "texts", "hands", texts=2)
    for kind, name, cover in thin:
        thin_table.add_row(kind, name, str(cover.texts), str(cover.hands))
    show(thin_table)
    if not everything:
        return
    for kind, classes in {**counted.cover, "medication": counted.medications}.items():
        own_table = table(kind, "class", "texts", "hands")
        for name, cover in classes.items():
            own_table.add_row(name, str(cover.texts), str(cover.hands))
        show(own_table)


def _show_agreement(agreed: Agreement) -> None:
    from tripsheet.corpus.tables import show, table

    items = table(
        f"{_narratives(agreed.records)} annotated twice",
        "items",
        "F1",
        "shared",
        "only A",
        "only B",
    )
    for field, own in agreed.items.items():
        counts = (str(n) for n in (own.shared, own.first_only, own.second_only))
        items.add_row(field, f"{own.f1:.3f}", *counts)
    show(items)
    choices = table("", "choice", "kappa", "same", "of")
    for name, choice in agreed.choices.items():
        kappa = "undefined" if choice.kappa is None else f"{choice.kappa:.3f}"
        choices.add_row(name, kappa, str(choice.same), str(choice.total))
    show(choices)


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items())
