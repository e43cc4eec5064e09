"""The shipped examples through the real command: what a newcomer sees first."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from tripsheet.views.schema import input_schema, output_schema

EXAMPLES = Path(__file__).parents[1] / "examples"
SOURCES = [EXAMPLES / "calls.jsonl", EXAMPLES / "hip_fracture.txt", EXAMPLES / "overdose.txt"]


def command(*arguments: object, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tripsheet", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def narratives() -> dict[str, str]:
    lines = SOURCES[0].read_text("utf-8").splitlines()
    found = {record["id"]: record["narrative"] for record in map(json.loads, lines)}
    return found | {path.stem: path.read_text("utf-8") for path in SOURCES[1:]}


NARRATIVES = narratives()


@pytest.fixture(scope="module")
def records() -> dict[str, dict[str, Any]]:
    done = command("analyze", *SOURCES, "--format", "jsonl")
    assert done.returncode == 0, done.stderr
    return {record["id"]: record for record in map(json.loads, done.stdout.splitlines())}


def test_the_examples_are_valid_inputs() -> None:
    validator = jsonschema.Draft202012Validator(input_schema())
    for line in SOURCES[0].read_text("utf-8").splitlines():
        validator.validate(json.loads(line))


def test_every_example_is_analysed(records: dict[str, dict[str, Any]]) -> None:
    assert list(records) == list(NARRATIVES)


@pytest.mark.parametrize("id", NARRATIVES)
def test_every_record_fits_the_schema(records: dict[str, dict[str, Any]], id: str) -> None:
    jsonschema.validate(records[id], output_schema())


def spans(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if set(value) == {"start", "end", "text"}:
            yield value
        for part in value.values():
            yield from spans(part)
    elif isinstance(value, list):
        for part in value:
            yield from spans(part)


@pytest.mark.parametrize("id", NARRATIVES)
def test_all_evidence_stands_in_the_narrative(records: dict[str, dict[str, Any]], id: str) -> None:
    found = list(spans(records[id]))
    assert found
    for span in found:
        assert NARRATIVES[id][span["start"] : span["end"]] == span["text"]


LEVELS = [
    # id, level, necessity, claim
    ("chest-pain", "A0427", "supported", "higher_than_supported"),
    ("dialysis-supported", "A0428", "supported", None),
    ("dialysis-bare", "A0428", "insufficient", "equal"),
    ("critical-care", "A0434", "supported", None),
    ("refusal", "A0998", None, "higher_than_supported"),
    ("needle-decompression", "A0433", "supported", None),
    ("helicopter", "A0431", "supported", None),
    ("pronounced-on-scene", "A0429", None, None),
    ("psychiatric-restraint", "A0427", "supported", None),
    ("discharge-walked", "A0428", "not_supported", "equal"),
    ("hip_fracture", "A0427", "supported", None),
    ("overdose", "A0427", "supported", None),
]


@pytest.mark.parametrize(("id", "hcpcs", "necessity", "claim"), LEVELS)
def test_each_example_shows_what_it_is_there_to_show(
    records: dict[str, dict[str, Any]],
    id: str,
    hcpcs: str,
    necessity: str | None,
    claim: str | None,
) -> None:
    coding = records[id]["coding"]
    assert coding["hcpcs"] == hcpcs
    if necessity:
        assert coding["necessity"]["verdict"] == necessity
    if claim:
        assert coding["claimed"]["verdict"] == claim


def gaps(record: dict[str, Any]) -> set[str]:
    return {gap["id"] for gap in record["gaps"]}


@pytest.mark.parametrize(
    ("id", "gap"),
    [
        ("dialysis-bare", "bed_confinement_specifics"),
        ("dialysis-bare", "necessity_reason"),
        ("discharge-walked", "necessity_reason"),
        ("hip_fracture", "iv_method"),
        ("needle-decompression", "iv_method"),
    ],
)
def test_what_an_example_lacks_is_asked(
    records: dict[str, dict[str, Any]], id: str, gap: str
) -> None:
    assert gap in gaps(records[id])


def test_two_doses_by_push_are_counted_and_others_are_not(
    records: dict[str, dict[str, Any]],
) -> None:
    doses = {
        (drug["name"], drug["route"], drug["count"], drug["status"], drug["performer"])
        for drug in records["chest-pain"]["findings"]["medications"]
    }
    assert ("fentanyl", "iv_push", 2, "given", "crew") in doses
    assert ("nitroglycerin", "sublingual", 1, "given", "crew") in doses
    assert any(dose[0] == "aspirin" and dose[4] == "other" for dose in doses)
    assert not any(dose[0] == "morphine" and dose[3] == "given" for dose in doses)


def test_death_on_scene_is_billed_with_ql_and_no_mileage(
    records: dict[str, dict[str, Any]],
) -> None:
    coding = records["pronounced-on-scene"]["coding"]
    assert "QL" in coding["modifiers"]
    assert coding["mileage"] is None


def test_the_same_input_gives_the_same_bytes(records: dict[str, dict[str, Any]]) -> None:
    again = command("analyze", *SOURCES, "--format", "jsonl")
    assert {
        record["id"]: record for record in map(json.loads, again.stdout.splitlines())
    } == records


@pytest.mark.parametrize("format", ["terminal", "json", "jsonl", "html"])
def test_every_format_holds_every_example(format: str) -> None:
    done = command("analyze", *SOURCES, "--format", format)
    assert done.returncode == 0
    assert done.stderr == ""
    for id in NARRATIVES:
        assert id in done.stdout


def test_explain_tells_the_trail_of_an_example() -> None:
    done = command("explain", SOURCES[0], "--id", "chest-pain")
    assert done.returncode == 0
    assert done.stdout.startswith("chest-pain: A0427 ALS1, emergency")
    assert "WHY NOT A0433" in done.stdout


WORD = re.compile(r"[a-z]{6,}")


@pytest.mark.parametrize("asked", [("analyze", "-f", "jsonl"), ("explain",)])
def test_no_word_of_a_narrative_reaches_the_log(asked: tuple[str, ...]) -> None:
    planted = "zyxwvut qponmlk jihgfed"
    narrative = f"Medic 4 emergent for chest pain. {planted} fentanyl 50 mcg IVP zyxwvut. qponmlk"
    name, *options = asked
    done = command("--log-level", "debug", name, "-", *options, stdin=narrative)
    assert done.returncode == 0
    assert not set(planted.split()) & set(WORD.findall(done.stderr.lower()))
    assert "fentanyl 50 mcg" not in done.stderr


def test_no_word_of_a_broken_record_reaches_an_error() -> None:
    broken = '{"narrative": "zyxwvut qponmlk", "transport": "jihgfed"}\n{"narrative": "zyxwvut'
    done = command("--log-level", "debug", "analyze", "-", "-f", "jsonl", stdin=broken)
    assert done.returncode == 1
    assert not re.search("zyxwvut|qponmlk|jihgfed", done.stdout + done.stderr)
