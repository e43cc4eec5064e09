"""Mutation testing of the coding module: a few thousand small changes, each to be noticed.

    python tests/coding/mutation/run.py [FOLDER] [--processes N] [--every N] [--again]

mutmut (3.8) makes the mutants; they and the tests are written to FOLDER (default
`build/mutation`). Each mutant then runs in a forked process of its own, with just the tests that
reach the changed function. Sentences for people are not changed: a string with a blank in it,
unless it is a citation. Survivors are written to FOLDER/survivors.txt as differences, without
those that `equivalent.txt` lists with the reason why no test can notice them.
"""

from __future__ import annotations

import argparse
import ast
import collections
import difflib
import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[2]
CITATION = re.compile(r"""^f?["'](\d+ (CFR|FR)\b|.*Manual ch\.)""")
SECONDS = 20
"""A mutant that runs longer has been noticed."""
SLOW = 0.03
"""Cases that take longer, in seconds, are left out: others see the same."""


def leave_sentences(mutators: Any) -> None:
    """Keeps mutmut from changing the wording of sentences."""
    change = mutators.operator_string

    def words(node: Any) -> Iterable[Any]:
        text = node.value if isinstance(getattr(node, "value", None), str) else ""
        if " " in text.strip("\"' ") and not CITATION.match(text):
            return
        yield from change(node)

    mutators.mutation_operators[:] = [
        (kind, words if operator is change else operator)
        for kind, operator in mutators.mutation_operators
    ]


def prepare(folder: Path, only: list[str]) -> list[str]:
    """Copy the package with every mutant written into it; the names of the mutants."""
    ignore = shutil.ignore_patterns("__pycache__")
    for source, target in (
        ("nlp/tripsheet", "src/tripsheet"),
        ("lexicons", "lexicons"),
        ("tests/coding", "tests"),
        ("docs", "docs"),
    ):
        shutil.rmtree(folder / target, ignore_errors=True)
        shutil.copytree(ROOT / source, folder / target, ignore=ignore)
    (folder / "models").mkdir(exist_ok=True)
    (folder / "pyproject.toml").write_text('[tool.mutmut]\nsource_paths = ["src"]\n')
    os.chdir(folder)
    from mutmut.mutation import mutators
    from mutmut.mutation.file_mutation import mutate_file_contents

    leave_sentences(mutators)
    names = []
    for path in sorted(Path("src/tripsheet/coding").glob("*.py")):
        if only and path.stem not in only:
            continue
        made = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
        path.write_text(made.code, encoding="utf-8")
        names += [f"tripsheet.coding.{path.stem}.{name}" for name in made.mutant_names]
    return names


def reached(cases: list[Any]) -> dict[str, list[int]]:
    """Which cases reach which function; the cases must all hold on the code unchanged."""
    from mutmut.mutation import trampoline

    seen: set[str] = set()
    trampoline.record_trampoline_hit = lambda name, caller=None: seen.add(name)
    found: dict[str, list[int]] = collections.defaultdict(list)
    os.environ["MUTANT_UNDER_TEST"] = "stats"
    for number, case in enumerate(cases):
        seen.clear()
        start = time.perf_counter()
        case()
        if time.perf_counter() - start < SLOW:
            for name in seen:
                found[name].append(number)
    os.environ["MUTANT_UNDER_TEST"] = ""
    return found


def survives(name: str, chosen: list[Any], cached: bool, forget: Any) -> bool:
    """In a child: whether every chosen case holds on the mutant."""
    os.environ["MUTANT_UNDER_TEST"] = name
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(SECONDS)
    if cached:
        forget()
    try:
        for case in chosen:
            case()
    except BaseException:
        return False
    return True


def judge(names: list[str], processes: int) -> Iterator[tuple[str, bool]]:
    """Each mutant and whether it survived."""
    sys.path[:0] = [str(Path("src").resolve()), str(HERE)]
    from cases import cases as every_case
    from cases import forget

    cases = every_case(Path("tests").resolve())
    by_function = reached(cases)
    running: dict[int, str] = {}
    todo = iter(names)
    silent = os.open(os.devnull, os.O_WRONLY)
    while True:
        while len(running) < processes and (name := next(todo, None)) is not None:
            function = name.rpartition("__mutmut_")[0]
            cached = ".rules." in name  # tables are read once: any case may show it
            chosen = cases if cached else [cases[one] for one in by_function.get(function, ())]
            child = os.fork()
            if child == 0:
                os.dup2(silent, 1)
                os.dup2(silent, 2)
                os._exit(0 if survives(name, chosen, cached, forget) else 1)
            running[child] = name
        if not running:
            return
        child, status = os.wait()
        yield running.pop(child), status == 0


def difference(name: str) -> str:
    """What a mutant changed, as a short difference."""
    _, _, module, function = name.split(".")
    text = Path(f"src/tripsheet/coding/{module}.py").read_text(encoding="utf-8")
    original = f"{function.rpartition('__mutmut_')[0]}__mutmut_orig"
    parts = {
        node.name: ast.unparse(node).splitlines()[1:]
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.name in (function, original)
    }
    lines = difflib.unified_diff(parts[original], parts[function], lineterm="", n=1)
    return "\n".join([name, *list(lines)[2:]])


@cache
def equivalent() -> frozenset[str]:
    """The differences of `equivalent.txt`; a line with # gives the reason of those below it."""
    lines = (HERE / "equivalent.txt").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    return frozenset(block.strip("\n") for block in text.split("\n\n"))


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "build" / "mutation")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", nargs="*", default=[], metavar="MODULE")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only one in N mutants")
    parser.add_argument("--again", action="store_true", help="only what survived the last time")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    names = prepare(options.folder, options.only)[:: options.every]
    found = Path("survivors.names")
    todo = found.read_text(encoding="utf-8").split() if options.again else names
    found.unlink(missing_ok=True)
    survivors: list[str] = []
    for number, (name, survived) in enumerate(judge(todo, options.processes), 1):
        if survived:
            survivors.append(name)
            with found.open("a", encoding="utf-8") as file:
                file.write(f"{name}\n")
        if number % 100 == 0:
            print(f"{number} of {len(todo)}, {len(survivors)} survive", flush=True)
    told = [difference(name) for name in sorted(survivors)]
    left = [one for one in told if one.partition("\n")[2] not in equivalent()]
    Path("survivors.txt").write_text("\n\n".join(left) + "\n", encoding="utf-8")
    same = len(told) - len(left)
    score = 100 * (1 - len(left) / (len(names) - same))
    print(
        f"{len(names)} mutants, {same} of them equivalent, {len(left)} survive: "
        f"{score:.1f} % of the others are noticed."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
