"""The engine of one machine: a pool of processes, or this process alone for one worker.

Workers write their parts themselves and return only counts: a process that collects results
spends as long on unpickling them as a worker on making them.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from itertools import islice
from multiprocessing.connection import wait as wait_for
from pathlib import Path

from tripsheet.batch.chunks import Chunk
from tripsheet.batch.reader import Analyzes
from tripsheet.batch.work import Done, Work, work_on
from tripsheet.errors import TripsheetError

_AHEAD = 2
"""Chunks a worker that wait for it; more would only hold memory."""


def run_here(chunks: Iterator[Chunk], work: Work) -> Iterator[Done]:
    """Work on the chunks in this process, one after the other."""
    reader: Analyzes | None = None
    for chunk in chunks:
        reader = reader or work.loader()
        yield work_on(chunk, reader, work)


def run_pool(chunks: Iterator[Chunk], work: Work, workers: int) -> Iterator[Done]:
    """Work on the chunks in processes; they come back in any order.

    A worker that dies (killed, out of memory) costs no report: its chunk is done again alone, and
    a report that ends its worker again is a failure in its place.
    """
    left = iter(chunks)
    while True:
        pool = _pool(work, workers)
        running: dict[Future[Done], Chunk] = {}
        untaken: list[Chunk] = []

        def submit(
            count: int,
            pool: ProcessPoolExecutor = pool,
            running: dict[Future[Done], Chunk] = running,
            untaken: list[Chunk] = untaken,
        ) -> None:
            for chunk in islice(left, count):
                untaken.append(chunk)
                running[pool.submit(_work, chunk)] = chunk
                untaken.pop()

        try:
            submit(workers * _AHEAD)
            while running:
                finished, _ = wait(running, return_when=FIRST_COMPLETED)
                for future in finished:
                    # First the result: a broken pool must leave its chunk among the running.
                    done = future.result()
                    del running[future]
                    submit(1)
                    yield done
            pool.shutdown(wait=True)
            return
        except BrokenProcessPool:
            pool.shutdown(wait=True)
            lost = [*running.values(), *untaken]
            for chunk in sorted(lost, key=lambda chunk: chunk.number):
                yield work.finished(chunk.number) or _alone(chunk, work)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _alone(chunk: Chunk, work: Work) -> Done:
    """A chunk in a process of its own, until the reports that end it are known."""
    doomed: frozenset[int] = frozenset()
    marker = work.parts.folder / f"reading-{chunk.number}"
    while True:
        with suppress(OSError):
            marker.unlink()
        pool = _pool(work, 1)
        try:
            return pool.submit(_work, chunk, doomed, marker).result()
        except BrokenProcessPool:
            try:
                place = int(marker.read_bytes())
            except (OSError, ValueError):
                raise TripsheetError(
                    "A worker ended before it read a report, most likely for want of memory; "
                    "start again with fewer workers."
                ) from None
            doomed |= {place}
        finally:
            pool.shutdown(wait=True, cancel_futures=True)
            with suppress(OSError):
                marker.unlink()


def _pool(work: Work, workers: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_begin,
        initargs=(work,),
    )


# What stands in a worker process: the work, and the reader once it is made.
_work_here: Work | None = None
_reader_here: Analyzes | None = None


def _begin(work: Work) -> None:
    global _work_here
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent tells when to stop
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _work_here = work


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait_for([parent.sentinel])
        os._exit(1)


def _work(chunk: Chunk, doomed: frozenset[int] = frozenset(), marker: Path | None = None) -> Done:
    global _reader_here
    assert _work_here is not None
    if _reader_here is None:
        # Not in the initializer, whose errors a pool does not hand on.
        _reader_here = _work_here.loader()
        # the lexicons live as long as the process: no collection of garbage need look at them
        gc.freeze()
    return work_on(chunk, _reader_here, _work_here, doomed=doomed, marker=marker)
