"""A batch from source to output."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from tripsheet.batch.chunks import (
    BYTES_A_CHUNK,
    REPORTS_A_CHUNK,
    Chunk,
    FilesChunk,
    LinesChunk,
    plan,
)
from tripsheet.batch.outputs import Output, assemble, output_of, remove_target, require
from tripsheet.batch.parts import Part, Parts, fingerprint, knowledge
from tripsheet.batch.pool import run_here, run_pool
from tripsheet.batch.reader import Loader, load_reader
from tripsheet.batch.summary import Summary
from tripsheet.batch.work import Done, Work
from tripsheet.errors import InputError, OutputError, RecordError
from tripsheet.formats.atomic import output_error
from tripsheet.formats.entry import Notify, Once, warn
from tripsheet.formats.source import kind_of
from tripsheet.formats.tables.columns import Columns

Engine = Literal["pool", "ray"]

Advance = Callable[[Summary, int, int | None], None]
"""Told after each chunk: the counts so far, how much of the source is done, how much there is."""


@dataclass(frozen=True, slots=True)
class BatchResult:
    """A finished batch: its counts, its output, and how many chunks an earlier run had done."""

    summary: Summary
    target: Path
    resumed: int = 0


def run_batch(
    source: Path | str,
    target: Path | str,
    *,
    loader: Loader = load_reader,
    workers: int = 1,
    engine: Engine = "pool",
    resume: bool = True,
    fail_fast: bool = False,
    replace: bool = False,
    strict: bool = False,
    columns: Columns | None = None,
    suggest_level: bool = False,
    label: str = "",
    notify: Notify = warn,
    advance: Advance | None = None,
) -> BatchResult:
    """Read all reports of a source and write one output, in the order of the source.

    The output is the same bytes whatever the engine and the number of workers, and whether or
    not the run was stopped (at any moment, by any means) and started again in between. Finished
    parts wait in a hidden folder beside the output until all are there. Memory is bounded however
    long the source.

    Args:
        source: a file or folder that `read_source` reads, or `-` for standard input.
        target: the output; its ending tells the format (see `outputs.output_of`).
        loader: makes the reader in each worker.
        workers: processes; 1 works in this process.
        engine: `pool` on this machine, `ray` on a cluster.
        resume: go on with an unfinished run of the same source, settings and version.
        fail_fast: stop at the first chunk with a report that cannot be read.
        replace: whether an existing output may be replaced.
        strict: unknown fields and columns are errors.
        columns: for tables, which column holds which field; default: guessed.
        suggest_level: NEMSIS output: fill an empty ePayment.50 with the supported level.
        label: what else decides the output, such as the policies that `loader` sets.
        notify: receives one sentence for each thing assumed.
        advance: told of progress after each chunk.

    Raises:
        InputError: the source as a whole cannot be read, or changed since it was begun.
        OutputError: the output exists or cannot be written.
        RecordError: `fail_fast`, and a report could not be read.
        MissingExtraError: a format or the engine needs an extra that is not installed.
    """
    source, target = Path(source), Path(target)
    output = output_of(target)
    _check(source, target, output, replace)
    require(output)
    once = Once(notify)
    settings = {
        "version": version("tripsheet"),
        "knowledge": knowledge(),
        "source": fingerprint(source),
        "output": target.name,
        "pages": output == "html",
        "strict": strict,
        "columns": columns.to_toml() if columns else None,
        "chunk": [REPORTS_A_CHUNK, BYTES_A_CHUNK],
        "label": label,
    }
    parts = Parts.of(target)
    begun = plan(source, columns=columns, strict=strict, notify=once)
    with parts.begun(settings, resume=resume and str(source) != "-") as earlier:
        try:
            if output == "html" and not parts.pages.is_dir():
                earlier = False  # a run killed between setting its pages in place and its end
                parts.pages.mkdir()
            work = Work(loader, parts, pages=output == "html")
            tally = _Tally(begun.total, advance)
            chunks = _undone(begun.chunks, work, tally if earlier else None)
            chunks = tally.planned(chunks)
            for done in _engine(engine, chunks, work, workers):
                for key, message in done.notices.items():
                    once(message, key)
                tally.add(done.part)
                if fail_fast and done.part.summary.failed:
                    _stop(parts, done.part)
            if str(source) != "-" and fingerprint(source) != settings["source"]:
                raise InputError(f"{source} was changed while it was read; start again.")
            if replace and output == "html":
                remove_target(target)
            assemble(parts, tally.sizes(), target, output, source, suggest=suggest_level)
        except InputError:
            # The source must change before another try, and then these parts are of no use.
            parts.remove()
            raise
        except OSError as error:
            raise output_error(parts.folder, error) from None
        parts.remove()
    return BatchResult(tally.summary, target, tally.resumed)


class _Tally:
    """What is done: the counts, each part's size, and how far into the source."""

    def __init__(self, total: int | None, advance: Advance | None) -> None:
        self.summary = Summary()
        self.resumed = 0
        self._sizes: dict[int, int] = {}
        self._weights: dict[int, int] = {}
        self._amount = 0
        self._total = total
        self._advance = advance

    def planned(self, chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        """Pass chunks on and remember how much of the source each is."""
        for chunk in chunks:
            self._weights[chunk.number] = _weight(chunk)
            yield chunk

    def add(self, part: Part, weight: int | None = None) -> None:
        """Count a finished part."""
        self.summary.add(part.summary)
        self._sizes[part.number] = part.summary.reports
        self._amount += self._weights.pop(part.number, 0) if weight is None else weight
        if self._advance:
            self._advance(self.summary, self._amount, self._total)

    def sizes(self) -> list[int]:
        """The number of output objects of each part, in order."""
        return [self._sizes[number] for number in range(len(self._sizes))]


def _undone(chunks: Iterator[Chunk], work: Work, tally: _Tally | None) -> Iterator[Chunk]:
    """The chunks that are still to do; those done before are counted."""
    for chunk in chunks:
        done = work.finished(chunk.number) if tally else None
        if done is not None and tally is not None:
            tally.resumed += 1
            tally.add(done.part, _weight(chunk))
        else:
            yield chunk


def _weight(chunk: Chunk) -> int:
    if isinstance(chunk, LinesChunk):
        return chunk.stop - chunk.start
    return len(chunk.files) if isinstance(chunk, FilesChunk) else 0


def _engine(engine: Engine, chunks: Iterator[Chunk], work: Work, workers: int) -> Iterator[Done]:
    if engine == "ray":
        from tripsheet.batch.cluster import run_ray

        return run_ray(chunks, work, workers)
    return run_here(chunks, work) if workers == 1 else run_pool(chunks, work, workers)


def _stop(parts: Parts, part: Part) -> None:
    import json

    lines = part.path.read_bytes().splitlines()
    errors: list[dict[str, Any]] = [json.loads(line) for line in lines if b'"error"' in line]
    first = next((found["error"] for found in errors if "error" in found), None)
    # A record that cannot be read now can be read when it is mended: its chunk is not done.
    with suppress(OSError):
        part.path.with_suffix(".json").unlink()
    message = first["message"] if first else "A report could not be read."
    raise RecordError(
        f"{message} Stopped at the first failure; start again to go on from there.",
        line=first["line"] if first else None,
    )


def _check(source: Path, target: Path, output: Output, replace: bool) -> None:
    if not target.parent.is_dir():
        raise OutputError(f"{target} is not written: the folder {target.parent} does not exist.")
    if target.exists():
        if output != "html" and target.is_dir():
            raise OutputError(f"{target} is not written: it is a folder.")
        empty = target.is_dir() and not any(target.iterdir())
        if source.exists() and target.samefile(source):
            raise OutputError(f"{target} is the source itself; name another output.")
        if not replace and not empty:
            raise OutputError(
                f"{target} exists already; name another output or allow replacing it (--force)."
            )
    if output == "nemsis" and (str(source) == "-" or kind_of(source) != "nemsis"):
        raise OutputError(
            f"{target}: a NEMSIS output is the enriched copy of a NEMSIS document, and {source} "
            "is none."
        )
