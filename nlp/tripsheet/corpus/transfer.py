"""Corpus files of any format in and out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from tripsheet.corpus.drafts import read_drafts, write_draft
from tripsheet.corpus.gold import SPLITS, Gold, Split, load_gold, save_gold
from tripsheet.corpus.problems import Problem
from tripsheet.errors import InputError


def import_drafts(
    source: Path, splits: Mapping[str, Split], narratives: Mapping[str, Gold] | None = None
) -> tuple[list[Gold], list[Problem]]:
    """The gold of a draft file, or of every `.txt` of a folder, and what is wrong with it.

    Raises InputError when there is nothing to read.
    """
    golds: list[Gold] = []
    problems: list[Problem] = []
    for path in files_of(source, ".txt"):
        more, wrong = read_drafts(path, splits, narratives)
        golds += more
        problems += wrong
    return golds, problems


def save_corpus(golds: Iterable[Gold], target: Path) -> list[Path]:
    """Write gold to one file (`.jsonl`), or to a folder, one file a split; what was written.

    Within a file the records are sorted by author and id.
    """
    ordered = sorted(golds, key=lambda gold: (gold.author, gold.id))
    if target.suffix == ".jsonl":
        save_gold(ordered, target)
        return [target]
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for split in SPLITS:
        part = [gold for gold in ordered if gold.split == split]
        if part:
            written.append(target / f"{split}.jsonl")
            save_gold(part, written[-1])
    return written


def save_drafts(golds: Iterable[Gold], target: Path) -> list[Path]:
    """Write gold as drafts into a folder, one file an author."""
    from tripsheet.formats.atomic import write_whole

    target.mkdir(parents=True, exist_ok=True)
    by_author: dict[str, list[str]] = {}
    for gold in golds:
        by_author.setdefault(gold.author, []).append(write_draft(gold))
    written = []
    for author, drafts in sorted(by_author.items()):
        written.append(target / f"{author}.txt")
        write_whole(written[-1], "\n".join(drafts).encode("utf-8"), durable=False)
    return written


def load_corpus(paths: Sequence[Path]) -> tuple[Gold, ...]:
    """The gold of JSONL files and of folders of them, in order."""
    return load_gold(*(file for path in paths for file in files_of(path, ".jsonl")))


def files_of(path: Path, suffix: str) -> list[Path]:
    """The file itself, or a folder's files of this suffix in order of their names.

    Raises InputError when there is none.
    """
    if path.is_dir():
        files = sorted(path.glob(f"*{suffix}"))
        if not files:
            raise InputError(f"{path} holds no {suffix} file; name the folder that does.")
        return files
    if not path.exists():
        raise InputError(f"{path} does not exist; name a file or a folder.")
    return [path]
