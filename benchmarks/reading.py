"""How fast one process reads, stage by stage, beside spaCy's tokenizer on the same narratives.

    python benchmarks/reading.py                     every narrative of the annotated corpus
    python benchmarks/reading.py --json result.json  the measurements as JSON, too
    python benchmarks/reading.py --quick             a few narratives, one round: does it run?

Time is processor time. A round passes all narratives through the tokenizer of `spacy.blank("en")`
and then through each stage; after a first round that is thrown away, the medians of the rounds
are shown. A ratio is a stage's time to the tokenizer's in the same round, which tells more than
seconds from one machine do. Peak memory is that of a process that reads one narrative after the
other up to and including the stage and keeps nothing; that of the tokenizer includes spaCy.

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
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tripsheet.analyzer import Analyzer

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT / "annotated_corpus"
QUICK = 12
TOKENIZER, WHOLE = "spaCy tokenizer", "whole analysis"

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


class State:
    """One narrative on its way through the stages; each stage adds what it made."""

    def __init__(self, narrative: str) -> None:
        from tripsheet.report import Report

        self.report = Report(narrative=narrative)
        self.made: dict[str, Any] = {}


Step = Callable[[State], object]


def stages(analyzer: Analyzer) -> dict[str, Step]:
    """The stages in their order: what `Analyzer.analyze_report` does, each step by itself.

    The order and the arguments are those of `Reader.read`; a test holds the results together.
    """
    from tripsheet.analysis import Analysis
    from tripsheet.coding import determine
    from tripsheet.findings import Findings
    from tripsheet.reading.call import read_call
    from tripsheet.reading.conditions import read_conditions
    from tripsheet.reading.interventions import read_interventions
    from tripsheet.reading.medications import read_medications
    from tripsheet.reading.mobility import read_mobility
    from tripsheet.reading.setting import setting_of
    from tripsheet.reading.statements import read_statements
    from tripsheet.reading.vitals import read_vitals

    reader, lexicon = analyzer.reader, analyzer.reader.lexicon

    def document(state: State) -> object:
        return reader.document(state.report.narrative)

    def setting(state: State) -> object:
        return setting_of(state.report, state.made["document"])

    def medications(state: State) -> object:
        return read_medications(state.made["document"], lexicon, state.made["setting"])

    def interventions(state: State) -> object:
        return read_interventions(state.made["document"], lexicon, state.made["setting"])

    def mobility(state: State) -> object:
        return read_mobility(state.made["document"])

    def vitals(state: State) -> object:
        return read_vitals(state.made["document"])

    def conditions(state: State) -> object:
        names = ("document", "medications", "interventions", "mobility", "vitals", "setting")
        return read_conditions(*(state.made[name] for name in names))

    def call(state: State) -> object:
        names = ("document", "interventions", "medications")
        return read_call(state.report, *(state.made[name] for name in names))

    def statements(state: State) -> object:
        return read_statements(state.made["document"])

    def coding(state: State) -> object:
        names = ("medications", "interventions", "conditions", "mobility", "vitals", "statements")
        findings = Findings(
            transport=state.made["call"], **{name: state.made[name] for name in names}
        )
        state.made["findings"] = findings
        return determine(state.report, findings, policies=analyzer.policies)

    def record(state: State) -> object:
        made = state.made
        return Analysis(state.report, made["findings"], made["coding"]).to_record()

    steps = (
        document, setting, medications, interventions, mobility, vitals, conditions, call,
        statements, coding, record,
    )  # fmt: skip
    return {step.__name__: step for step in steps}


LABELS = {
    "document": "words (fold, scan, layout)",
    "call": "call and places",
    "record": "output record",
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

    tokenize = spacy.blank("en").make_doc
    analyzer = tripsheet.load()
    steps = stages(analyzer)
    times: dict[str, list[float]] = {name: [] for name in (TOKENIZER, *steps, WHOLE)}

    def timed(name: str, step: Step) -> None:
        gc.collect()
        begun = time.process_time()
        for state in states:
            state.made[name] = step(state)
        times[name].append(time.process_time() - begun)

    for _ in range(1 + rounds):
        states = list(map(State, narratives))
        timed(TOKENIZER, lambda state: tokenize(state.report.narrative))
        for name, step in steps.items():
            timed(name, step)
        timed(WHOLE, lambda state: analyzer.analyze_report(state.report).to_record())
    return {name: values[1:] for name, values in times.items()}


def measure_memory(narratives: list[str], last: str) -> dict[str, float]:
    """Peak bytes of this process after reading all narratives up to and including a stage."""
    import resource

    if last == TOKENIZER:
        import spacy

        tokenize = spacy.blank("en").make_doc
        for narrative in narratives:
            tokenize(narrative)
    else:
        import tripsheet

        analyzer = tripsheet.load()
        steps = stages(analyzer)
        upto = list(steps)[: list(steps).index(last) + 1] if last in steps else []
        for narrative in narratives:
            state = State(narrative)
            for name in upto:
                state.made[name] = steps[name](state)
            if last == WHOLE:
                analyzer.analyze_report(state.report).to_record()
    unit = 1 if sys.platform == "darwin" else 1024
    return {"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit}


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
    done = subprocess.run(
        [sys.executable, "-c", START],
        input=narrative,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=True,
    )
    return {**json.loads(done.stdout), "fresh process": time.perf_counter() - begun}


def _in_own_process(arguments: argparse.Namespace, *asked: str) -> Any:
    options = ["--quick"] if arguments.quick else []
    command = [sys.executable, __file__, *options, "--rounds", str(arguments.rounds)]
    sources = [str(source) for source in arguments.sources]
    done = subprocess.run(
        [*command, "--one", *asked, "--", *sources],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        sys.exit(f"The measurement {' '.join(asked)} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """All measurements, as plain values."""
    narratives = read_narratives(arguments.sources, QUICK if arguments.quick else None)
    if not narratives:
        sys.exit("There are no narratives to read; name JSONL files of them.")
    start = measure_start(narratives[0], 1 if arguments.quick else 3)
    times: dict[str, list[float]] = _in_own_process(arguments, "times")
    base = times[TOKENIZER]
    weighed = (TOKENIZER, "document", WHOLE) if arguments.quick else tuple(times)
    peaks = {name: _in_own_process(arguments, "memory", name)["peak"] for name in weighed}
    rows = []
    for name, values in times.items():
        seconds = median(values)
        rows.append(
            {
                "stage": name,
                "narratives_a_second": len(narratives) / seconds,
                "milliseconds_a_narrative": 1000 * seconds / len(narratives),
                "ratio": median(one / of for one, of in zip(values, base, strict=True)),
                "peak_bytes": peaks.get(name),
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
        f"narratives of {mean:,.0f} characters on average; medians of {measured['rounds']} rounds"
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
            f"{row['peak_bytes'] / 2**20:,.0f}" if row["peak_bytes"] else "",
            style="bold" if row["stage"] in (TOKENIZER, WHOLE) else None,
        )
    console.print(table)
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
        what, *rest = arguments.one
        found: object = (
            measure_memory(narratives, *rest)
            if what == "memory"
            else measure_times(narratives, arguments.rounds)
        )
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
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    arguments.sources = arguments.sources or sorted(CORPUS.glob("*.jsonl"))
    if arguments.quick:
        arguments.rounds = 1
    return arguments


if __name__ == "__main__":
    main()
