"""The engine beyond one machine: Ray actors that do the same work as the pool's processes.

The parts' folder, and for JSONL and folders the source, must be on storage that all nodes see
under the same path. Needs the extra `cluster`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any

from tripsheet.batch.chunks import Chunk
from tripsheet.batch.reader import Analyzes
from tripsheet.batch.work import Done, Work, work_on
from tripsheet.errors import MissingExtraError, TripsheetError

_TRIES = 3
"""Times that a chunk may lose its actor before the run stops."""


class Worker:
    """What an actor runs: a reader made once, and the work on one chunk after another."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._reader: Analyzes | None = None

    def work_on(self, chunk: Chunk) -> Done:
        """Work on a chunk (see `work.work_on`)."""
        self._reader = self._reader or self._work.loader()
        return work_on(chunk, self._reader, self._work)

    def pid(self) -> int:
        """The process of the actor."""
        return os.getpid()


def run_ray(chunks: Iterator[Chunk], work: Work, workers: int) -> Iterator[Done]:
    """Work on the chunks in Ray actors; they come back in any order.

    Joins the cluster that `RAY_ADDRESS` names or a program has joined, else starts one here. An
    actor that dies is made anew and its chunk done again.

    Raises:
        MissingExtraError: Ray is not installed.
        TripsheetError: a chunk lost its actor several times.
    """
    ray = _ray()
    started = not ray.is_initialized()
    if started:
        ray.init(
            address=os.environ.get("RAY_ADDRESS"),
            logging_level="ERROR",
            log_to_driver=False,
            include_dashboard=False,
        )
    actor_class = ray.remote(num_cpus=1)(Worker)
    left = iter(chunks)
    idle = [actor_class.remote(work) for _ in range(workers)]
    running: dict[Any, tuple[Any, Chunk]] = {}
    lost: dict[int, int] = {}
    again: list[Chunk] = []
    try:
        while True:
            while idle:
                chunk = again.pop() if again else next(islice(left, 1), None)
                if chunk is None:
                    break
                actor = idle.pop()
                running[actor.work_on.remote(chunk)] = (actor, chunk)
            if not running:
                return
            [ready], _ = ray.wait(list(running), num_returns=1)
            actor, chunk = running.pop(ready)
            try:
                done: Done = ray.get(ready)
            except ray.exceptions.RayActorError:
                lost[chunk.number] = lost.get(chunk.number, 0) + 1
                if lost[chunk.number] == _TRIES:
                    raise TripsheetError(
                        f"A worker died {_TRIES} times over the same reports, most likely for "
                        "want of memory; run them with the pool, which finds the one that does it."
                    ) from None
                again.append(chunk)
                idle.append(actor_class.remote(work))
                continue
            except ray.exceptions.RayTaskError as error:
                raise _cause(error) from None
            idle.append(actor)
            yield done
    finally:
        for actor in (*idle, *(actor for actor, _ in running.values())):
            with suppress(Exception):  # one that is gone already
                ray.kill(actor)
        if started:
            ray.shutdown()


def _cause(error: Any) -> BaseException:
    cause = getattr(error, "cause", None)
    if isinstance(cause, TripsheetError):
        return type(cause)(cause.message, line=cause.line, field=cause.field)
    return TripsheetError(
        f"A worker failed ({type(cause).__name__}); run the batch with the pool to see where."
    )


def _ray() -> Any:
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # no word leaves the machine
    try:
        import ray
    except ImportError:
        raise MissingExtraError(
            "The engine ray needs Ray; install it with: pip install 'tripsheet[cluster]'."
        ) from None
    return ray
