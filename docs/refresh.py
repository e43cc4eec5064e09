"""Make anew whatever README.md and these pages hold of the program's own output.

    python docs/refresh.py                                  after every change of what is shown
    python docs/refresh.py --check                          only say what is out of date
    python docs/refresh.py --accuracy RUN --speed MEASURED  fill in numbers that were measured

Made are `docs/policies.md`, `docs/analysis.svg`, and the parts of pages between `<!-- run -->` (or
another of the words below) and `<!-- end -->`. The numbers come from `tripsheet evaluate --json`
and `python benchmarks/reading.py --json`; without these files their parts stay as they are.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = (
    ROOT / "README.md",
    DOCS / "README.md",
    DOCS / "add-a-drug-or-a-phrase.md",
    DOCS / "architecture.md",
    DOCS / "limits.md",
)
POLICIES_PAGE = DOCS / "policies.md"
PICTURE = DOCS / "analysis.svg"
PICTURED = ROOT / "examples" / "calls.jsonl"
"""Its first report is the one in the picture."""
PICTURED_SECTIONS = ("WHY THIS LEVEL", "WHY NOT HIGHER", "THE NARRATIVE")
WIDTH = 88

_PART = re.compile(
    r"(?P<head><!-- (?P<kind>run|policies|sources|accuracy|speed)(?:: (?P<about>[^>]*?))? -->\n)"
    r"(?P<body>.*?)(?P<tail><!-- end -->)",
    re.DOTALL,
)
_CONSOLE = re.compile(r"```console\n(?P<text>.*?)```\n", re.DOTALL)
_PYTHON = re.compile(
    r"(?P<head>```python\n(?P<code>.*?)```\n(?:[^`]*?)```text\n).*?(?P<tail>```\n)", re.DOTALL
)
_TITLE = re.compile(r"(?P<title>[A-Z][A-Z ,]+?)(?: \(.*?\))? +─{3,}$")
LEFT_OUT = "[…]"


def refreshed(page: Path, measured: Mapping[str, Any]) -> str:
    """A page with its made parts made anew; `measured` holds the files of numbers, by kind."""
    policies_link = Path(os.path.relpath(POLICIES_PAGE, page.parent)).as_posix()

    def part(match: re.Match[str]) -> str:
        kind, about, body = match["kind"], match["about"] or "", match["body"]
        if kind == "run":
            body = _run(body, sections=_list(about))
        elif kind == "policies":
            body = _policy_table(_list(about), policies_link)
        elif kind == "sources":
            body = _sources_table()
        elif kind in measured:
            body = _NUMBERS[kind](measured[kind])
        return f"{match['head']}{body}{match['tail']}"

    return _PART.sub(part, page.read_text("utf-8"))


def _list(about: str) -> tuple[str, ...]:
    return tuple(filter(None, (item.strip() for item in about.split(","))))


# --- commands and programs -------------------------------------------------------------------


def _run(body: str, sections: tuple[str, ...]) -> str:
    """The part with the output of its commands, or of its Python program, put in anew."""

    def console(match: re.Match[str]) -> str:
        parts: list[str] = []
        for command in _commands(match["text"]):
            output = _output_of(["bash", "-c", command.replace("\\\n", " ")])
            parts.append(f"$ {command}\n{_only(output, sections)}")
        return f"```console\n{''.join(parts)}```\n"

    def program(match: re.Match[str]) -> str:
        output = _output_of([sys.executable, "-c", match["code"]])
        return f"{match['head']}{output}{match['tail']}"

    return _PYTHON.sub(program, _CONSOLE.sub(console, body))


def _commands(text: str) -> Iterator[str]:
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command += f"\n{next(lines)}"
            yield command


def _output_of(command: list[str]) -> str:
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ.get("PATH", "")))
    done = subprocess.run(
        command,
        capture_output=True,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PATH": path, "COLUMNS": str(WIDTH), "PYTHONUTF8": "1"},
        check=False,
    )
    if done.returncode:
        sys.exit(f"An example does not run: {' '.join(command)}\n{done.stderr}")
    return "".join(f"{line.rstrip()}\n" for line in done.stdout.rstrip().splitlines())


def _only(output: str, sections: tuple[str, ...]) -> str:
    """What stands before the first title, and the sections named; all if none is named."""
    if not sections:
        return output
    kept: list[str] = []
    shown = True
    for line in output.splitlines():
        title = _TITLE.match(line)
        if title:
            shown = title["title"].startswith(sections)
        if shown:
            kept.append(line)
        elif kept[-1:] != [LEFT_OUT]:
            kept.append(LEFT_OUT)
    return "".join(f"{line}\n" for line in kept)


# --- policies --------------------------------------------------------------------------------


def policies() -> dict[str, dict[str, Any]]:
    """The table of `lexicons/rules/policies.toml`."""
    return tomllib.loads((ROOT / "lexicons/rules/policies.toml").read_text("utf-8"))


def _edge_cases() -> dict[int, list[str]]:
    """The names of the scenarios that show each edge case, by its number."""
    path = ROOT / "tests/coding/scenarios/edge_cases.toml"
    names: dict[int, list[str]] = {}
    for scenario in tomllib.loads(path.read_text("utf-8"))["scenario"]:
        for number in scenario.get("cases", ()):
            names.setdefault(number, []).append(scenario["name"])
    return names


def _value(value: object) -> str:
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _policy_table(names: Iterable[str], link: str) -> str:
    known = policies()
    rows = ["| policy | default | what it decides |", "| --- | --- | --- |"]
    for name in names:
        policy = known[name]
        rows.append(
            f"| [`{name}`]({link}#{name}) | {_value(policy['default'])} | {policy['switches']} |"
        )
    return "\n".join(rows) + "\n"


_POLICIES_HEAD = """\
# Policies: where coders differ

On some points the rules leave room, and competent coders, contractors and auditors differ. Each
such point is a switch. The default is the cautious reading, with one exception: where the plain
words of the rule carry a count, the switch is on and the line is flagged for a person. A line that
a switch decides names it in the explanation, so nobody has to guess which reading was used.

Set one for a run, or for an analyzer:

```console
$ tripsheet analyze calls.jsonl --policy dextrose_counts=true --policy ql_base=A0428
$ tripsheet batch calls.jsonl results.csv --policy attempted_procedures_lift=true
$ tripsheet explain dextrose_counts
```

```python
import tripsheet
from tripsheet.coding import Policies

analyzer = tripsheet.load(policies=Policies(dextrose_counts=True, ql_base="A0428"))
```

This page is made from `lexicons/rules/policies.toml` and the scenarios of
`tests/coding/scenarios/edge_cases.toml` by `python docs/refresh.py`. The mark says how sure the
source is: an *argued* reading is one for which a good case can be made either way. Ask your
Medicare contractor before you rely on one.

| policy | default |
| --- | --- |
"""


def policies_page() -> str:
    """`docs/policies.md`."""
    known, names = policies(), _edge_cases()
    parts = [_POLICIES_HEAD]
    parts += [
        f"| [`{name}`](#{name}) | {_value(row['default'])} |\n" for name, row in known.items()
    ]
    for name, row in known.items():
        values = row.get("values", (True, False))
        parts.append(f"\n## {name}\n\n{row['switches']}\n\n")
        parts.append(f"- Default: {_value(row['default'])}; ")
        parts.append(f"values: {', '.join(map(_value, values))}.\n")
        parts.append(f"- Source: {row['citation']} ({row['mark']}).\n")
        shown = dict.fromkeys(chain.from_iterable(names.get(case, ()) for case in row["cases"]))
        if shown:
            parts.append("- Cases that turn on it:\n")
            parts += [f"  - {case}\n" for case in shown]
    return "".join(parts)


# --- sources ---------------------------------------------------------------------------------

MARKS = ("verified", "derived", "argued", "memory", "unverified")


def _marks(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if "mark" in value:
            yield value["mark"]
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _marks(item)


def _sources_table() -> str:
    """How many entries of each table of the rules stand on a source of each kind."""
    rows = [f"| table | {' | '.join(MARKS)} |", f"| --- |{' ---: |' * len(MARKS)}"]
    for path in sorted((ROOT / "lexicons/rules").glob("*.toml")):
        found = Counter(_marks(tomllib.loads(path.read_text("utf-8"))))
        if found.keys() - set(MARKS):
            sys.exit(f"{path.name} has a mark that is none of {', '.join(MARKS)}.")
        if found:
            counts = " | ".join(str(found[mark] or "") for mark in MARKS)
            rows.append(f"| [{path.stem}](../lexicons/rules/{path.name}) | {counts} |")
    return "\n".join(rows) + "\n"


# --- numbers ---------------------------------------------------------------------------------


def _accuracy(run: Mapping[str, Any]) -> str:
    level, necessity = run["level"], run["necessity"]
    rows = [
        f"{run['records']} narratives.",
        "",
        "| decision | right | of | accuracy |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | {row['right']} | {row['total']} | {row['accuracy']:.3f} |"
            for name, row in (("level of service", level), ("medical necessity", necessity))
        ),
        f"| level higher than gold | {len(run['upcodes'])} | {run['records']} | |",
        "",
        "| findings | precision | recall | F1 |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name.replace('_', ' ')} | {row['precision']:.3f} | {row['recall']:.3f} "
            f"| {row['f1']:.3f} |"
            for name, row in run["fields"].items()
        ),
    ]
    return "\n".join(rows) + "\n"


def _speed(measured: Mapping[str, Any]) -> str:
    machine, start = measured["machine"], measured["seconds_to_first_result"]
    rows = {row["stage"]: row for row in measured["stages"]}
    mean = measured["characters"] / measured["narratives"]
    lines = [
        f"{machine['python']} on {machine['system']}, one process, {measured['narratives']} "
        f"narratives of {mean:,.0f} characters on average:",
        "",
        "| | narratives a second | time, tokenizer = 1 | peak memory |",
        "| --- | ---: | ---: | ---: |",
        *(
            f"| {name} | {row['narratives_a_second']:,.0f} | {row['ratio']:.1f} "
            f"| {row['peak_bytes'] / 2**20:,.0f} MB |"
            for name, row in rows.items()
            if name in ("spaCy tokenizer", "whole analysis")
        ),
        "",
        f"A fresh process gives its first result after {start['fresh process']:.1f} s.",
    ]
    return "\n".join(lines) + "\n"


_NUMBERS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "accuracy": _accuracy,
    "speed": _speed,
}


# --- the picture -----------------------------------------------------------------------------

# As rich's own, without the web font that it would fetch.
_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>
.{unique_id}-matrix {{
  font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace;
  font-size: {char_height}px; line-height: {line_height}px; font-variant-east-asian: full-width;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def picture() -> str:
    """The terminal view of one example as SVG: its answer and the sections that say why."""
    from rich.console import Console
    from rich.segment import Segment

    import tripsheet
    from tripsheet.formats import Failure, read_source
    from tripsheet.views import terminal

    report = next(iter(read_source(PICTURED)))
    assert not isinstance(report, Failure)
    console = Console(
        record=True, file=io.StringIO(), width=terminal.WIDEST, force_terminal=True,
        color_system="truecolor", legacy_windows=False, highlight=False, _environ={},
    )  # fmt: skip
    page = terminal.page(tripsheet.load().analyze_report(report))
    shown = True
    for line in console.render_lines(page, pad=False):
        title = _TITLE.match("".join(segment.text for segment in line))
        if title:
            shown = title["title"].startswith(PICTURED_SECTIONS)
        if shown:
            console.print(_Line([*line, Segment.line()]), end="")
    return console.export_svg(
        title=f"tripsheet analyze: {report.id}", code_format=_SVG, unique_id="tripsheet"
    )


class _Line:
    """A rendered line, to be printed as it is."""

    def __init__(self, segments: list[Any]) -> None:
        self.segments = segments

    def __rich_console__(self, console: Any, options: Any) -> Iterator[Any]:
        yield from self.segments


# --- all of it -------------------------------------------------------------------------------


def made(measured: Mapping[str, Any] | None = None) -> dict[Path, str]:
    """Every file that this program makes or refreshes, with what it should hold."""
    files = {page: refreshed(page, measured or {}) for page in PAGES}
    return {**files, POLICIES_PAGE: policies_page(), PICTURE: picture()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; say what is old")
    parser.add_argument("--accuracy", type=Path, help="a run of `tripsheet evaluate --json`")
    parser.add_argument("--speed", type=Path, help="of `python benchmarks/reading.py --json`")
    arguments = parser.parse_args()
    measured = {
        kind: json.loads(path.read_text("utf-8"))
        for kind, path in (("accuracy", arguments.accuracy), ("speed", arguments.speed))
        if path
    }
    fresh = made(measured)
    old = [
        path for path, text in fresh.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    for path in old:
        print(f"{path.relative_to(ROOT)}: {'out of date' if arguments.check else 'made anew'}")
    if arguments.check:
        sys.exit(bool(old))
    for path in old:
        path.write_text(fresh[path], "utf-8")


if __name__ == "__main__":
    main()
