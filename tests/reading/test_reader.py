"""The reader: the same findings every time, words that stand in the narrative, any text at all."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tripsheet.analysis import plain
from tripsheet.findings import Cue, Findings, RecordField, Span
from tripsheet.reading import Reader, reader
from tripsheet.reading.sceptic import Sceptic
from tripsheet.report import Report

CORPUS = Path(__file__).parents[2] / "annotated_corpus"
FILES = sorted(CORPUS.glob("*.jsonl"))


@cache
def narratives(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["narrative"] for line in lines]


def read(narrative: str) -> Findings:
    return reader().read(Report(narrative=narrative))


def told(narrative: str, by: Reader | None = None) -> str:
    return json.dumps(plain((by or reader()).read(Report(narrative=narrative))))


def words_of(value: Any) -> Iterator[Span | Cue]:
    """Every span and cue of a findings value, wherever it stands."""
    if isinstance(value, (Span, Cue)):
        yield value
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from words_of(getattr(value, field.name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from words_of(item)
    elif isinstance(value, tuple):
        for item in value:
            yield from words_of(item)


def assert_exact(narrative: str) -> None:
    found = read(narrative)
    for one in words_of(found):
        assert narrative[one.start : one.end] == one.text, one
    for finding in (*found.medications, *found.interventions, *found.conditions, *found.vitals):
        assert finding.evidence, finding
        assert all(span.text for span in finding.evidence if isinstance(span, Span))
        # no field of the record was given
        assert not any(isinstance(item, RecordField) for item in finding.evidence)


# --- words that stand in the narrative ---


def test_the_corpus_is_there() -> None:
    assert sum(len(narratives(path)) for path in FILES) >= 600


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_finding_rests_on_exact_words(path: Path) -> None:
    for narrative in narratives(path):
        assert_exact(narrative)


@pytest.mark.parametrize("change", [str.upper, lambda text: text.replace("\n", "\r\n")])
def test_words_stay_exact_in_capitals_and_with_other_line_ends(change: Any) -> None:
    for narrative in narratives(CORPUS / "dev.jsonl"):
        assert_exact(change(narrative))


def test_words_stay_exact_when_blanks_are_widened() -> None:
    for narrative in narratives(CORPUS / "dev.jsonl"):
        assert_exact("\ufeff" + narrative.replace(" ", "\t \u00a0").replace("-", "\u2011"))


# --- the same every time ---


def test_a_second_run_finds_the_same() -> None:
    for narrative in narratives(CORPUS / "dev.jsonl"):
        assert told(narrative) == told(narrative)


def test_the_order_of_reports_makes_no_difference() -> None:
    listed = narratives(CORPUS / "dev.jsonl")
    first = {narrative: told(narrative) for narrative in listed}
    shuffled = random.Random(7).sample(listed, len(listed))
    fresh = Reader(sceptic=Sceptic.load())
    assert {narrative: told(narrative, fresh) for narrative in shuffled} == first


def test_two_processes_find_the_same_under_any_hash_seed() -> None:
    code = (
        "import hashlib, json, sys\n"
        "from tripsheet.analysis import plain\n"
        "from tripsheet.reading import reader\n"
        "from tripsheet.report import Report\n"
        "digest = hashlib.sha256()\n"
        "for line in open(sys.argv[1], encoding='utf-8'):\n"
        "    report = Report(narrative=json.loads(line)['narrative'])\n"
        "    digest.update(json.dumps(plain(reader().read(report))).encode())\n"
        "print(digest.hexdigest())\n"
    )
    path = CORPUS / "dev.jsonl"
    digests = {
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            capture_output=True, text=True, check=True, timeout=120,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout.strip()
        for seed in ("1", "2")
    }  # fmt: skip
    here = hashlib.sha256()
    for narrative in narratives(path):
        here.update(told(narrative).encode())
    assert digests == {here.hexdigest()}


# --- any text at all ---


NOTHING = [
    *("", " ", "\n", "\r\n\t \u00a0", "\u200b", ".", "...", "-", "?!", "0"),
    *("\x00", "\U0001f691"),
]


@pytest.mark.parametrize("narrative", NOTHING, ids=[repr(text) for text in NOTHING])
def test_nothing_is_found_in_nothing(narrative: str) -> None:
    found = read(narrative)
    kinds = ("medications", "interventions", "conditions", "vitals", "statements")
    assert {kind: getattr(found, kind) for kind in kinds} == dict.fromkeys(kinds, ())
    assert list(words_of(found)) == []
    assert found.mobility.bed_confined == "not_documented"


CONTROLS = "".join(map(chr, (*range(32), 127, *range(128, 160), 0x2028, 0x2029, 0xFEFF, 0xFFFF)))


@pytest.mark.parametrize("control", CONTROLS, ids=[f"U+{ord(one):04X}" for one in CONTROLS])
def test_control_characters_are_harmless(control: str) -> None:
    text = f"Gave fentanyl 50 mcg IVP.{control}{control} Denies SOB.{control}HR 80."
    assert_exact(text)
    assert [one.name for one in read(text).medications] == ["fentanyl"]


WORDS = (
    "Fentanyl 50mcg IVP x2 x3 no denies IV O2 4L NC by FD PTA . , ; ( ) [ ] [x] : - / BP 120/80 "
    "HR HX: MEDS: 14:02 unable to walk not given if and or gave we intubated CPR"
)
PIECES = st.lists(
    st.sampled_from([*WORDS.split(" "), "\n", "\r\n"]) | st.text(max_size=5), max_size=60
).map(" ".join)


@given(PIECES)
@settings(max_examples=200, deadline=None)
@example("no no (no) [no] {no} no")
@example("[x [ ] x] IV {O2}{")
@example("x0 x99999999999999999999 fentanyl 1e999 mg " + "9" * 400 + " mcg IVP BP " + "9" * 400)
def test_any_words_in_any_order_are_read(narrative: str) -> None:
    assert_exact(narrative)


# a piece, how often it is repeated, and the seconds that reading it may take
HUGE = {
    "blanks": (" ", 200_000, 20),
    "line ends": ("\n", 200_000, 20),
    "opening brackets": ("(", 200_000, 20),
    "no": ("no ", 333_000, 20),
    "one word": ("a", 1_000_000, 20),
    "digits": ("1", 1_000_000, 20),
    "stops": (". ", 500_000, 20),
    "commas": ("a, ", 100_000, 20),
    "null characters": ("\x00", 1_000_000, 20),
    "boxes": ("[ ] cpap ", 30_000, 20),
    "clock times": ("1402 ", 200_000, 20),
    "headings": ("meds: ", 50_000, 20),
    "pressures": ("bp 120/80 ", 50_000, 20),
    "doses in sentences": ("Fentanyl 50 mcg IVP x2. ", 8_000, 20),
    "hyphens": ("a-", 500_000, 20),
    "prongs": ("unable to walk ", 5_000, 20),
    "doses without a stop": ("fentanyl 50 mcg ivp x2 ", 8_000, 20),
    "one endless denial": ("chest pain, ", 16_000, 20),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HUGE)
def test_a_huge_narrative_is_read_in_time(name: str) -> None:
    piece, times, seconds = HUGE[name]
    code = (
        "from tripsheet.reading import reader\n"
        "from tripsheet.report import Report\n"
        f"reader().read(Report(narrative='denies ' + {piece!r} * {times}))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=seconds)
