"""The cluster engine on a local cluster: the same bytes, also when a worker is killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import fake_reader
import pytest

from tripsheet.batch import run_batch
from tripsheet.batch.parts import Parts

ray = pytest.importorskip("ray", reason="Ray is not installed: pip install 'tripsheet[cluster]'")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def cluster() -> Iterator[None]:
    here = str(Path(__file__).parent)
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(
        address="local", num_cpus=2, include_dashboard=False, log_to_driver=False,
        logging_level="ERROR", runtime_env={"env_vars": {"PYTHONPATH": here}},
    )  # fmt: skip
    yield
    ray.shutdown()


def actors() -> list[int]:
    """The processes of the workers, which Ray names after their class."""
    found = []
    for line in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            text = line.read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
        if text.startswith(b"ray::Worker"):
            found.append(int(line.parent.name))
    return found


def test_cluster_writes_the_bytes_of_the_pool(
    cluster: None, source: Callable[..., Path], tmp_path: Path
) -> None:
    file = source(60, line7="{", line26='{"narrative": "RAISE"}')
    pool, ours = tmp_path / "pool.jsonl", tmp_path / "ray.jsonl"
    run_batch(file, pool, loader=fake_reader.load, workers=2)
    result = run_batch(file, ours, loader=fake_reader.load, engine="ray", workers=2)
    assert ours.read_bytes() == pool.read_bytes()
    assert (result.summary.reports, result.summary.failed) == (60, 2)


def test_worker_killed_in_the_middle_changes_no_byte(
    cluster: None, source: Callable[..., Path], tmp_path: Path
) -> None:
    if not Path("/proc/self/cmdline").exists():
        pytest.skip("workers are found through /proc, which this system lacks")
    file = source(600)
    pool, ours = tmp_path / "pool.jsonl", tmp_path / "ray.jsonl"
    run_batch(file, pool, loader=fake_reader.load, workers=1)
    killed: list[int] = []

    def kill_one() -> None:
        parts = Parts.of(ours)
        while len(list(parts.folder.glob("*/*.json"))) < 5:
            time.sleep(0.01)
        killed.extend(actors()[:1])
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill_one, daemon=True)
    killer.start()
    result: Any = run_batch(file, ours, loader=fake_reader.load_slow, engine="ray", workers=2)
    killer.join(timeout=5)
    assert len(killed) == 1
    assert ours.read_bytes() == pool.read_bytes()
    assert (result.summary.reports, result.summary.failed) == (600, 0)
