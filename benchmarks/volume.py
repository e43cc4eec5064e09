"""How many narratives a second, how much memory, and how both grow with the number of reports.

    python benchmarks/volume.py                      quick: 2,000 reports
    python benchmarks/volume.py --sizes 1000,10000,100000 --json result.json
    python benchmarks/volume.py --compare            medspaCy and EDS-NLP on the same narratives

Each measurement runs in a process of its own, so that its peak memory is its own. The reports are
the narratives of `--from` (default: the annotated corpus), repeated with new ids. A comparison
makes its own environment below `--environments` and installs the other library there; where that
fails, the table says so. The other library gets the same terms (every name of a drug, a procedure
and a condition in the lexicons) and decides for each mention on negation, history, family and
hypothesis with its own rules; it does no more than that, so it does less than an analysis.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
CORPUS = tuple(
    ROOT / "annotated_corpus" / name
    for name in ("train.jsonl", "dev.jsonl", "test.jsonl", "fresh/narratives.jsonl")
)
TERM_KINDS = ("drug", "treatment", "condition")

MEDSPACY = """
import json, resource, sys, time
import medspacy
from medspacy.target_matcher import TargetRule
texts, terms = (json.load(open(name)) for name in sys.argv[1:3])
nlp = medspacy.load()
nlp.get_pipe("medspacy_target_matcher").add(
    [TargetRule(term, kind.upper()) for kind in terms for term in terms[kind]]
)
"""
EDSNLP = """
import json, resource, sys, time
import edsnlp, edsnlp.pipes as eds
texts, terms = (json.load(open(name)) for name in sys.argv[1:3])
nlp = edsnlp.blank("eds")
nlp.add_pipe(eds.sentences())
nlp.add_pipe(eds.matcher(terms=terms, attr="LOWER"))
nlp.add_pipe(eds.negation())
nlp.add_pipe(eds.history())
nlp.add_pipe(eds.family())
nlp.add_pipe(eds.hypothesis())
"""
TIMED = """
for text in texts[:20]:
    nlp(text)
begun = time.perf_counter()
found = sum(len(nlp(text).ents) for text in texts)
print(json.dumps({
    "seconds": time.perf_counter() - begun,
    "found": found,
    "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    * (1 if sys.platform == "darwin" else 1024),
}))
"""
OTHERS = {"medspacy": ("medspacy", MEDSPACY), "edsnlp": ("edsnlp", EDSNLP)}


def main() -> None:
    arguments = _arguments()
    if arguments.one:
        mode, source, target, workers = arguments.one
        print(json.dumps(measure(mode, Path(source), Path(target), int(workers))))
        return
    narratives = _narratives(arguments.source or CORPUS)
    sizes = [int(size) for size in arguments.sizes.split(",")]
    results: list[dict[str, Any]] = []
    _say(
        f"{platform.python_implementation()} {platform.python_version()}, {os.cpu_count()} "
        f"processors; {len(narratives)} narratives, {_mean(narratives):,.0f} characters on average"
    )
    _say(f"{'what':<22}{'reports':>9}{'seconds':>9}{'a second':>10}{'peak MB':>9}{'worker MB':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            source = Path(folder) / f"{size}.jsonl"
            _write(source, narratives, size)
            for mode, workers in (
                ("analyze", 1), ("batch", 1), ("batch", 2), ("batch", os.cpu_count() or 1),
                ("ray", 2),
            ):  # fmt: skip
                if any((r["mode"], r["workers"], r["reports"]) == (mode, workers, size)
                       for r in results):  # fmt: skip
                    continue
                result = _run_one(mode, source, Path(folder) / "out.jsonl", workers, size)
                results.append(result)
                _say(_line(result))
        if arguments.compare:
            for name in OTHERS:
                texts = [narratives[at % len(narratives)] for at in range(sizes[0])]
                result = _compare(name, texts, Path(folder), arguments.environments)
                results.append(result)
                _say(_line(result))
            _say_ratios([result for result in results if result["reports"] == sizes[0]])
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=2) + "\n", "utf-8")


def measure(mode: str, source: Path, target: Path, workers: int) -> dict[str, Any]:
    """Run one measurement in this process; seconds without start-up, and peak memory."""
    import resource

    import tripsheet
    from tripsheet.formats.jsonl import json_line, read_jsonl
    from tripsheet.report import Report

    begun = time.perf_counter()
    if mode == "analyze":
        analyzer = tripsheet.load()
        analyzer.analyze_report(Report(narrative="Pt in bed."))  # what is loaded at first use
        ready = time.perf_counter()
        with target.open("wb") as out:
            for report in read_jsonl(source):
                assert isinstance(report, Report)
                out.write(json_line(analyzer.analyze_report(report).to_record()))
    else:
        from tripsheet.batch import run_batch

        ready = begun
        engine: Any = "ray" if mode == "ray" else "pool"
        run_batch(source, target, workers=workers, engine=engine)
    seconds = time.perf_counter() - ready
    target.unlink()
    kilobyte = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * kilobyte
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * kilobyte
    return {"seconds": seconds, "start": ready - begun, "peak": own, "worker_peak": child}


def _run_one(mode: str, source: Path, target: Path, workers: int, size: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--one", mode, str(source), str(target), str(workers)]
    name = mode if mode == "analyze" else f"{mode}, {workers} workers"
    result = {"mode": mode, "name": name, "workers": workers, "reports": size}
    if mode == "ray":
        try:
            import ray  # noqa: F401
        except ImportError:
            return {**result, "failed": "not installed: pip install 'tripsheet[cluster]'"}
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {**result, "failed": (done.stderr.strip().splitlines() or ["?"])[-1][:200]}
    return {**result, **json.loads(done.stdout.splitlines()[-1])}


def _compare(name: str, texts: list[str], folder: Path, below: Path | None) -> dict[str, Any]:
    package, script = OTHERS[name]
    place = (below or folder) / f"environment-{name}"
    result = {"mode": name, "name": name, "workers": 1, "reports": len(texts)}
    python = place / "bin" / "python"
    if not python.exists():
        venv.create(place, with_pip=True)
        made = subprocess.run(
            [str(python), "-m", "pip", "install", "-q", package], capture_output=True, text=True
        )
        if made.returncode:
            lines = made.stderr.strip().splitlines() or ["?"]
            return {**result, "failed": f"not installable: {lines[-1][:160]}"}
    (folder / "texts.json").write_text(json.dumps(texts), "utf-8")
    (folder / "terms.json").write_text(json.dumps(_terms()), "utf-8")
    (folder / "other.py").write_text(script + TIMED, "utf-8")
    command = [
        str(python),
        *(str(folder / name) for name in ("other.py", "texts.json", "terms.json")),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        return {**result, "failed": (done.stderr.strip().splitlines() or ["?"])[-1][:200]}
    return {**result, **json.loads(done.stdout.splitlines()[-1])}


def _terms() -> dict[str, list[str]]:
    """Every phrase of the lexicons that names a drug, a procedure or a condition."""
    from tripsheet.lexicon import load

    terms: dict[str, list[str]] = {kind: [] for kind in TERM_KINDS}
    for phrase, entries in load().unfolded():
        for kind in {entry.kind for entry in entries} & terms.keys():
            terms[kind].append(phrase)
    return terms


def _say_ratios(results: list[dict[str, Any]]) -> None:
    """How many times as fast each is as each of the other libraries."""
    measured = [result for result in results if "failed" not in result]
    for other in (result for result in measured if result["mode"] in OTHERS):
        ratios = ", ".join(
            f"{result['name']} {other['seconds'] / result['seconds']:.1f}"
            for result in measured
            if result is not other
        )
        _say(f"times as fast as {other['name']}: {ratios}")


def _line(result: dict[str, Any]) -> str:
    text = f"{result['name']:<22}{result['reports']:>9,}"
    if "failed" in result:
        return f"{text}  {result['failed']}"
    text += f"{result['seconds']:>9.1f}{result['reports'] / result['seconds']:>10,.0f}"
    if "peak" in result:
        text += f"{result['peak'] / 2**20:>9,.0f}"
        if result["workers"] > 1:
            text += f"{result['worker_peak'] / 2**20:>11,.0f}"
    return text


def _narratives(sources: Sequence[Path]) -> list[str]:
    """The narratives of JSONL files, in order."""
    records = (json.loads(line) for source in sources for line in source.open(encoding="utf-8"))
    return [record.get("narrative") or record["text"] for record in records]


def _write(path: Path, narratives: list[str], size: int) -> None:
    with path.open("w", encoding="utf-8") as out:
        for number in range(size):
            record = {"id": f"r{number}", "narrative": narratives[number % len(narratives)]}
            out.write(json.dumps(record) + "\n")


def _mean(narratives: list[str]) -> float:
    return sum(map(len, narratives)) / len(narratives)


def _say(text: str) -> None:
    print(text, flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--sizes", default="2000", help="numbers of reports, with commas between")
    parser.add_argument("--from", dest="source", type=Path, nargs="+", help="JSONL files")
    parser.add_argument("--compare", action="store_true", help="measure other libraries, too")
    parser.add_argument("--environments", type=Path, help="keep their environments here")
    parser.add_argument("--json", type=Path, help="write the measurements here")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
