"""How fast one process reads, stage by stage, beside spaCy's tokenizer on the same narratives.

    python benchmarks/reading.py                     every narrative of the annotated corpus
    python benchmarks/reading.py --json result.json  the measurements as JSON, too
    python benchmarks/reading.py --quick             a few narratives, one round: does it run?

Time is processor time. A round passes all narratives through the tokenizer of `spacy.blank("en")`,
through the whole analysis, and through the analysis again with a watch on each stage. After a first
round that is thrown away, the medians of the rounds are shown. A ratio is a stage's time to the
tokenizer's in the same round, which tells more than seconds from one machine do. Memory is the peak
of a process that reads one narrative after the other and keeps nothing; of a stage, what it added
to that peak. The tokenizer's includes spaCy, which an analysis does not load.

Everything is measured in processes of its own, started from this small one: a process inherits
the peak of the one that starts it.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from statistics import median
from types import FunctionType
from typing import Any
from unittest.mock import patch

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "annotated_corpus"
QUICK = 12
TOKENIZER, LOADED, WHOLE = "spaCy tokenizer", "lexicons loaded", "whole analysis"

START = """
import json, sys, time
narrative = sys.stdin.read()
begun = time.perf_counter()
import tripsheet.analyzer
imported = time.perf_counter()
analyzer = tripsheet.load()
loaded = time.perf_counter()
analyzer.analyze(narrative).to_json()
ended = time.perf_counter()
print(json.dumps({"imports": imported - begun, "lexicons": loaded - imported,
                  "first report": ended - loaded}))
"""


Clock = Callable[[], float]


@contextmanager
def watched(clock: Clock) -> Iterator[dict[str, float]]:
    """While this is open, what the clock gains in each stage is added up by the stage's name.

    The stages are the functions that the reader and the analyzer call themselves, so that no
    second list of them has to be kept; they come in the order of their first call.
    """
    import tripsheet.analyzer
    import tripsheet.reading
    from tripsheet.analysis import Analysis

    places: list[tuple[Any, str]] = [(tripsheet.reading.Reader, "document")]
    places += [
        (tripsheet.reading, name)
        for name, value in vars(tripsheet.reading).items()
        if isinstance(value, FunctionType) and value.__module__.startswith("tripsheet.reading.")
    ]
    places += [(tripsheet.analyzer, "determine"), (Analysis, "to_json")]
    gained: dict[str, float] = {}

    def watching(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any, **options: Any) -> Any:
            begun = clock()
            try:
                return function(*args, **options)
            finally:
                gained[name] = gained.get(name, 0) + clock() - begun

        return call

    with ExitStack() as patches:
        for holder, name in places:
            made = watching(name.removeprefix("read_"), getattr(holder, name))
            patches.enter_context(patch.object(holder, name, made))
        yield gained


LABELS = {
    "document": "words (fold, scan, layout)",
    "setting_of": "setting",
    "without_corrected": "corrections",
    "call": "call and places",
    "determine": "coding",
    "to_json": "output as JSON",
}


def read_narratives(sources: Iterable[Path], limit: int | None = None) -> list[str]:
    """The narratives of JSONL files, in order; the first `limit` of them if it is given."""
    narratives = [
        json.loads(line)["narrative"]
        for source in sources
        for line in source.read_text("utf-8").splitlines()
    ]
    return narratives[:limit]


def measure_times(narratives: list[str], rounds: int) -> dict[str, list[float]]:
    """Processor seconds of each pass over all narratives, one value a round."""
    import spacy

    import tripsheet
    from tripsheet.report import Report

    tokenize = spacy.blank("en").make_doc
    analyzer = tripsheet.load()
    reports = [Report(narrative=narrative) for narrative in narratives]
    times: dict[str, list[float]] = {TOKENIZER: [], WHOLE: []}

    def timed(name: str, work: Callable[[Report], object]) -> None:
        gc.collect()
        begun = time.process_time()
        for report in reports:
            work(report)
        times[name].append(time.process_time() - begun)

    def whole(report: Report) -> object:
        return analyzer.analyze_report(report).to_json()

    for _ in range(1 + rounds):
        timed(TOKENIZER, lambda report: tokenize(report.narrative))
        timed(WHOLE, whole)
        gc.collect()
        with watched(time.process_time) as gained:
            for report in reports:
                whole(report)
        for name, seconds in gained.items():
            times.setdefault(name, []).append(seconds)
    return {name: values[1:] for name, values in times.items()}


def peak() -> int:
    """The most memory that this process has had so far, in bytes."""
    import resource

    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def measure_tokenizer_memory(narratives: list[str]) -> dict[str, float]:
    """The peak of a process that tokenizes all narratives."""
    import spacy

    tokenize = spacy.blank("en").make_doc
    for narrative in narratives:
        tokenize(narrative)
    return {TOKENIZER: peak()}


def measure_memory(narratives: list[str]) -> dict[str, float]:
    """The peaks of a process that analyses all narratives, and what each stage added to them."""
    import tripsheet

    analyzer = tripsheet.load()
    loaded = peak()
    with watched(peak) as gained:
        for narrative in narratives:
            analyzer.analyze(narrative).to_json()
    return {LOADED: loaded, **gained, WHOLE: peak()}


MEASUREMENTS: dict[str, Callable[[list[str], int], object]] = {
    "times": measure_times,
    "memory": lambda narratives, _: measure_memory(narratives),
    "tokenizer-memory": lambda narratives, _: measure_tokenizer_memory(narratives),
}


def measure_start(narrative: str, times: int) -> dict[str, float]:
    """Wall-clock seconds to a first result: of whole fresh processes, and of their parts."""
    usual = [_start(narrative, {}) for _ in range(times)]
    with tempfile.TemporaryDirectory() as nothing_compiled:
        first = _start(narrative, {"PYTHONPYCACHEPREFIX": nothing_compiled})
    parts = {name: median(run[name] for run in usual) for name in usual[0]}
    return {
        "fresh process, nothing compiled yet": first["fresh process"],
        "fresh process": parts.pop("fresh process"),
        "imports done": parts["lexicons"] + parts["first report"],
        **{f"of it: {name}": value for name, value in parts.items()},
    }


def _start(narrative: str, environment: dict[str, str]) -> dict[str, float]:
    begun = time.perf_counter()
    parts = _in_a_process(["-c", START], narrative, {**os.environ, **environment})
    return {**parts, "fresh process": time.perf_counter() - begun}


def _in_own_process(arguments: argparse.Namespace, asked: str) -> Any:
    options = ["--quick"] if arguments.quick else []
    options += ["--rounds", str(arguments.rounds), "--one", asked]
    return _in_a_process([__file__, *options, *map(str, arguments.sources)])


def _in_a_process(
    arguments: list[str], stdin: str | None = None, environment: dict[str, str] | None = None
) -> Any:
    done = subprocess.run(
        [sys.executable, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        env=environment,
        check=False,
    )
    if done.returncode:
        sys.exit(f"A measurement failed: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    return json.loads(done.stdout)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """All measurements, as plain values."""
    narratives = read_narratives(arguments.sources, QUICK if arguments.quick else None)
    if not narratives:
        sys.exit("There are no narratives to read; name JSONL files of them.")
    start = measure_start(narratives[0], 1 if arguments.quick else 3)
    memory: dict[str, float] = {
        **_in_own_process(arguments, "tokenizer-memory"),
        **_in_own_process(arguments, "memory"),
    }
    times: dict[str, list[float]] = _in_own_process(arguments, "times")
    base = times[TOKENIZER]
    rows = []
    for name in (TOKENIZER, *(name for name in times if name not in (TOKENIZER, WHOLE)), WHOLE):
        seconds = median(times[name])
        rows.append(
            {
                "stage": name,
                "narratives_a_second": len(narratives) / seconds,
                "milliseconds_a_narrative": 1000 * seconds / len(narratives),
                "ratio": median(one / of for one, of in zip(times[name], base, strict=True)),
                "peak_bytes" if name in (TOKENIZER, WHOLE) else "added_bytes": memory[name],
            }
        )
    return {
        "machine": {
            "python": f"{platform.python_implementation()} {platform.python_version()}",
            "system": f"{platform.system()} {platform.machine()}",
            "processors": os.cpu_count(),
        },
        "narratives": len(narratives),
        "characters": sum(map(len, narratives)),
        "rounds": len(base),
        "peak_bytes_when_loaded": memory[LOADED],
        "stages": rows,
        "seconds_to_first_result": start,
    }


def show(measured: dict[str, Any]) -> None:
    """The measurements as tables."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    machine = measured["machine"]
    mean = measured["characters"] / measured["narratives"]
    console = Console(highlight=False)
    console.print(
        f"{machine['python']}, {machine['system']}, one process; {measured['narratives']} "
        f"narratives of {mean:,.0f} characters on average; rounds: {measured['rounds']}"
    )
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("stage")
    for title in ("narratives/s", "ms each", "× tokenizer", "peak MB"):
        table.add_column(title, justify="right", no_wrap=True)
    for row in measured["stages"]:
        table.add_row(
            LABELS.get(row["stage"], row["stage"]),
            f"{row['narratives_a_second']:,.0f}",
            f"{row['milliseconds_a_narrative']:.3f}",
            f"{row['ratio']:.2f}",
            f"{row['peak_bytes'] / 2**20:,.1f}"
            if "peak_bytes" in row
            else f"+{row['added_bytes'] / 2**20:,.1f}",
            style="bold" if row["stage"] in (TOKENIZER, WHOLE) else None,
        )
    console.print(table)
    loaded = measured["peak_bytes_when_loaded"] / 2**20
    console.print(f"Once the lexicons are loaded the peak is {loaded:,.1f} MB.")
    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("time to the first result")
    table.add_column("seconds", justify="right")
    for name, seconds in measured["seconds_to_first_result"].items():
        table.add_row(name, f"{seconds:.2f}")
    console.print(table)


def main() -> None:
    arguments = _arguments()
    if arguments.one:
        narratives = read_narratives(arguments.sources, QUICK if arguments.quick else None)
        found = MEASUREMENTS[arguments.one](narratives, arguments.rounds)
        print(json.dumps(found))
        return
    measured = measure(arguments)
    show(measured)
    if arguments.json:
        arguments.json.write_text(json.dumps(measured, indent=2) + "\n", "utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "sources", nargs="*", type=Path, help="JSONL; default: annotated_corpus/*.jsonl"
    )
    parser.add_argument("--quick", action="store_true", help="a few narratives, one round")
    parser.add_argument("--rounds", type=int, default=7, help="rounds that count; default: 7")
    parser.add_argument("--json", type=Path, help="write the measurements here, too")
    parser.add_argument("--one", choices=MEASUREMENTS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.sources = arguments.sources or sorted(CORPUS.glob("*.jsonl"))
    if arguments.quick:
        arguments.rounds = 1
    return arguments


if __name__ == "__main__":
    main()
