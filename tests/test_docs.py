"""The pages are true: examples run, made parts are current, links and names lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

import pytest
import typer.main

import tripsheet
from tripsheet.cli import app
from tripsheet.lexicon import load
from tripsheet.reading import Reader
from tripsheet.report import Report
from tripsheet.resources import LEXICONS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


def _refresh() -> ModuleType:
    spec = importlib.util.spec_from_file_location("docs_refresh", DOCS / "refresh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


refresh = _refresh()
OWN = [*refresh.PAGES, refresh.POLICIES_PAGE, ROOT / "CHANGELOG.md"]
"""The pages whose examples are held true here."""
ALL = sorted({*OWN, *DOCS.glob("*.md")})


def named(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def made() -> dict[Path, str]:
    return dict(refresh.made())


# --- what is made ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*refresh.PAGES, refresh.POLICIES_PAGE, refresh.PICTURE], ids=named
)
def test_what_the_program_made_is_current(made: dict[Path, str], path: Path) -> None:
    assert path.read_text("utf-8") == made[path], "run `python docs/refresh.py`"


def test_every_policy_has_a_section() -> None:
    titles = re.findall(r"^## (\w+)$", refresh.POLICIES_PAGE.read_text("utf-8"), re.MULTILINE)
    assert titles == list(refresh.policies())


def test_the_picture_is_small_and_loads_nothing() -> None:
    text = refresh.PICTURE.read_text("utf-8")
    assert len(text.encode()) < 200_000
    ElementTree.fromstring(text)
    assert set(re.findall(r"https?://[^\"' )]+", text)) == {"http://www.w3.org/2000/svg"}
    assert "url(http" not in text
    assert "A0433" in text


@pytest.mark.parametrize(
    ("kind", "measured", "expected"),
    [
        (
            "accuracy",
            {
                "records": 8,
                "level": {"right": 7, "total": 8, "accuracy": 0.875},
                "necessity": {"right": 6, "total": 8, "accuracy": 0.75},
                "upcodes": [{"id": "a", "gold": "A0427", "found": "A0433"}],
                "fields": {"listed_conditions": {"precision": 0.5, "recall": 1.0, "f1": 2 / 3}},
            },
            ["| level of service | 7 | 8 | 0.875 |", "| level higher than gold | 1 | 8 | |",
             "| listed conditions | 0.500 | 1.000 | 0.667 |"],
        ),
        (
            "speed",
            {
                "machine": {"python": "CPython 3.11.7", "system": "Linux x86_64"},
                "narratives": 4,
                "characters": 2000,
                "seconds_to_first_result": {"fresh process": 1.04},
                "stages": [
                    {"stage": "whole analysis", "narratives_a_second": 512.4, "ratio": 9.96,
                     "peak_bytes": 150 * 2**20},
                    {"stage": "coding", "narratives_a_second": 1, "ratio": 1, "peak_bytes": None},
                ],
            },
            ["4 narratives of 500 characters", "| whole analysis | 512 | 10.0 | 150 MB |",
             "first result after 1.0 s."],
        ),
    ],
)  # fmt: skip
def test_measured_numbers_are_filled_in(
    tmp_path: Path, kind: str, measured: dict[str, Any], expected: list[str]
) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n<!-- {kind} -->\nOLD\n<!-- end -->\nafter\n", "utf-8")
    kept, filled = refresh.refreshed(page, {}), refresh.refreshed(page, {kind: measured})
    assert kept == page.read_text("utf-8")
    assert filled.startswith(f"before\n<!-- {kind} -->\n")
    assert filled.endswith("<!-- end -->\nafter\n")
    assert "OLD" not in filled
    for line in expected:
        assert line in filled


# --- examples --------------------------------------------------------------------------------


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", page.read_text("utf-8"), re.M | re.S)


PROGRAMS = [
    pytest.param(code, id=f"{named(page)}-{number}")
    for page in OWN
    for number, code in enumerate(blocks(page, "python"), 1)
]


@pytest.mark.parametrize("code", PROGRAMS)
def test_every_python_example_runs(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", ALL, ids=named)
def test_every_toml_example_is_toml(page: Path) -> None:
    for text in blocks(page, "toml"):
        assert tomllib.loads(text)


def test_the_drug_of_the_example_is_read_once_it_is_added(tmp_path: Path) -> None:
    drug, cases = blocks(DOCS / "add-a-drug-or-a-phrase.md", "toml")
    name = tomllib.loads(drug)["drug"][0]["name"]
    folder = tmp_path / "lexicons"
    shutil.copytree(LEXICONS, folder)
    with (folder / "medications.toml").open("a", encoding="utf-8") as file:
        file.write(f"\n{drug}")
    before, after = Reader(load(LEXICONS)), Reader(load(folder))
    for case in tomllib.loads(cases)["case"]:
        (mark,) = re.findall(r"\[([^|]*)\|([^]]*)\]", case["text"])
        label = mark[1].split(":")
        narrative = case["text"].replace(f"[{mark[0]}|{mark[1]}]", mark[0])
        found = after.read(Report(narrative=narrative)).medications
        assert [(drug.name, drug.status) for drug in found] == [(name, label[1])]
        if len(label) > 2:
            assert [found[0].performer, found[0].route, str(found[0].count)] == label[2:]
        assert not before.read(Report(narrative=narrative)).medications


# --- commands --------------------------------------------------------------------------------


def mentions(page: Path) -> Iterator[str]:
    """Every call of the command on a page: in code spans and after the prompt in blocks."""
    text = page.read_text("utf-8")
    spans = re.findall(r"(?<!`)`(tripsheet [^`]+)`(?!`)", text)
    for block in blocks(page, "console"):
        for line in block.splitlines():
            if line.startswith("$ "):
                spans += re.findall(r"\btripsheet [^|]*", line)
    yield from dict.fromkeys(span.strip() for span in spans)


CALLS = [pytest.param(call, id=f"{named(page)}: {call}") for page in ALL for call in mentions(page)]
_PLACEHOLDER = re.compile(r"[A-Z]{2,}")


@pytest.mark.parametrize("call", CALLS)
def test_every_command_and_option_named_exists(call: str) -> None:
    command: Any = typer.main.get_command(app)
    options = set()
    words = call.split()[1:]
    while True:
        context = command.make_context("tripsheet", [], resilient_parsing=True)
        options |= {name for each in command.get_params(context) for name in
                    (*each.opts, *each.secondary_opts)}  # fmt: skip
        if not words or not hasattr(command, "get_command") or words[0].startswith("-"):
            break
        if _PLACEHOLDER.fullmatch(words[0]):
            words = [word for word in words if word == "--help"]
            break
        name = words.pop(0)
        command = command.get_command(context, name)
        assert command is not None, f"there is no command {name}"
    used = [word.partition("=")[0] for word in words if word.startswith("-") and word != "-"]
    for option in used:
        assert option in options, f"{call}: no option {option}"


@pytest.mark.parametrize("page", ALL, ids=named)
def test_every_make_target_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    used = re.findall(r"(?:`|^\$ )make ([a-z]+)", page.read_text("utf-8"), re.M)
    assert set(used) <= targets


# --- links and names -------------------------------------------------------------------------


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    text = re.sub(r"^```.*?^```$", "", page.read_text("utf-8"), flags=re.M | re.S)
    titles = re.findall(r"^#+ (.+)$", text, re.M)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", ALL, ids=named)
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text("utf-8")
    links = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'src="([^"]+)"', text)]
    for link in links:
        if link.startswith("https://"):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{named(page)} links to {link}"
        if anchor and target.suffix == ".md":
            assert anchor in anchors(target), f"{named(page)} links to {link}"


TOP = ("nlp/", "lexicons/", "tests/", "docs/", "examples/", "benchmarks/", "annotated_corpus/")


@pytest.mark.parametrize("page", ALL, ids=named)
def test_every_path_named_exists(page: Path) -> None:
    for span in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", page.read_text("utf-8")):
        if span.startswith(TOP) and " " not in span:
            assert (ROOT / span).exists(), f"{named(page)} names {span}"


def test_every_page_stands_in_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    for page in DOCS.glob("*.md"):
        assert page.name == "README.md" or f"]({page.name})" in index


def test_the_version_is_the_same_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    readme, changes = ((ROOT / name).read_text("utf-8") for name in ("README.md", "CHANGELOG.md"))
    assert project["version"] == tripsheet.__version__
    assert f"version = {{{tripsheet.__version__}}}" in readme
    assert re.findall(r"^## \[(\d[^]]*)\]", changes, re.M)[0] == tripsheet.__version__
    versions = [line.rpartition(" ")[2] for line in project["classifiers"] if "3." in line]
    for version in versions:
        assert version in readme
