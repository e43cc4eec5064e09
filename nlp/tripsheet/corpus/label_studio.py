"""Label Studio: one JSON file of tasks, and the labelling configuration that fits them.

Each task's `data` holds the narrative and what is known of it; its annotation holds one region a
span, labelled with kind and name (`intervention-oxygen`; a medication is `medication`). Settings
from a closed list are choices of the region, the others (a drug's name, count, dose; a vital's
value) one line of `name=value` in a text area of the region. An item of several spans is a chain
of regions with the relation `continues`. What is said of the whole call are choices and text
areas of the task.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast
from xml.sax.saxutils import quoteattr

from tripsheet.corpus.gold import Gold
from tripsheet.corpus.labels import (
    CHOICES,
    LABEL_KINDS,
    NAMES,
    Label,
    Sheet,
    gold_of,
    sheet_of,
)
from tripsheet.corpus.problems import Problem
from tripsheet.errors import CorpusError, InputError
from tripsheet.findings import Span
from tripsheet.formats.atomic import write_whole

_REGION_CHOICES: Mapping[str, tuple[str, ...]] = {
    "route": CHOICES["route"],
    "status": (*CHOICES["medication status"], *CHOICES["intervention status"]),
    "by": CHOICES["by"],
    "reason": CHOICES["reason"],
    "maintained": ("true",),
}
_PRONG = "prong"
_TASK_CHOICES = {"level": CHOICES["level"], "necessity": CHOICES["verdict"]}
_TASK_TEXTS = ("level_reason", "necessity_basis", "call", "without_words")


def save_label_studio(golds: Iterable[Gold], path: Path) -> int:
    """Write gold as tasks to import, and `<name>.xml` beside it, the configuration; how many."""
    tasks = [_task(number, sheet_of(gold)) for number, gold in enumerate(golds, 1)]
    text = json.dumps(tasks, ensure_ascii=False, indent=1)
    write_whole(path, text.encode("utf-8") + b"\n", durable=False)
    write_whole(path.with_suffix(".xml"), configuration().encode("ascii"), durable=False)
    return len(tasks)


def read_label_studio(path: Path) -> tuple[list[Gold], list[Problem]]:
    """The gold of a Label Studio export (JSON), and what is wrong with it.

    Of a task's annotations the last that was not cancelled holds.

    Raises InputError when the file is no list of tasks.
    """
    try:
        tasks = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        tasks = None
    if not isinstance(tasks, list):
        raise InputError(f"{path} is no JSON list of tasks; export the project as JSON.")
    golds: list[Gold] = []
    problems: list[Problem] = []
    for number, task in enumerate(tasks, 1):
        try:
            golds.append(gold_of(_sheet(task)))
        except CorpusError as error:
            problems.append(Problem(str(path), number, error.field or "task", error.message))
        except (KeyError, TypeError, IndexError, ValueError, AttributeError):
            message = "the task is not in the shape that the export writes; export it anew."
            problems.append(Problem(str(path), number, "task", message))
    return golds, problems


def configuration() -> str:
    """The labelling configuration (XML) for a project with these tasks."""
    lines = ["<View>", '  <Labels name="label" toName="text">']
    lines += [f"    <Label value={quoteattr(name)}/>" for name in _label_names()]
    lines.append("  </Labels>")
    lines.append('  <Text name="text" value="$text" granularity="symbol"/>')
    lines.append('  <Relations><Relation value="continues"/></Relations>')
    for name, values in {**_REGION_CHOICES, _PRONG: CHOICES["prong"]}.items():
        lines += _choices(name, values, ' perRegion="true"')
    lines.append('  <TextArea name="settings" toName="text" perRegion="true"/>')
    for name, values in _TASK_CHOICES.items():
        lines += _choices(name, values, "")
    lines += [f'  <TextArea name="{name}" toName="text"/>' for name in _TASK_TEXTS]
    return "\n".join([*lines, "</View>", ""])


def _choices(name: str, values: Iterable[str], more: str) -> list[str]:
    inside = [f"    <Choice value={quoteattr(value)}/>" for value in values]
    return [f'  <Choices name="{name}" toName="text"{more}>', *inside, "  </Choices>"]


def _label_names() -> Iterator[str]:
    yield "medication"
    for kind, names in NAMES.items():
        yield from (f"{kind}-{name}" for name in names)


def _task(number: int, sheet: Sheet) -> dict[str, Any]:
    placeless = [f"{label.kind}-{label.name}" for label in sheet.labels if not label.spans]
    texts = {
        "level_reason": sheet.level[1],
        "necessity_basis": " ".join(sheet.necessity[1]),
        "call": " ".join(f"{name}={value}" for name, value in sheet.call.items()),
        "without_words": " ".join(placeless),
    }
    result: list[dict[str, Any]] = [
        _result(name, "choices", {"choices": [value]})
        for name, value in (("level", sheet.level[0]), ("necessity", sheet.necessity[0]))
    ]
    result += [_result(name, "textarea", {"text": [text]}) for name, text in texts.items() if text]
    labels = [label for label in sheet.labels if label.spans]
    for place, label in enumerate(labels, 1):
        result += _regions(f"r{place}", label)
    return {
        "id": number,
        "data": {
            "text": sheet.narrative,
            "id": sheet.id,
            "author": sheet.author,
            "kind": sheet.kind,
            "split": sheet.split,
            "record": dict(sheet.record),
            "traps": list(sheet.traps),
            "misspelled": sheet.misspelled,
        },
        "annotations": [{"result": result}],
    }


def _result(name: str, type: str, value: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"from_name": name, "to_name": "text", "type": type, "value": value, **more}


def _regions(id: str, label: Label) -> Iterator[dict[str, Any]]:
    medication = label.kind == "medication"
    name = "medication" if medication else f"{label.kind}-{label.name}"
    for number, span in enumerate(label.spans):
        own = id if number == 0 else f"{id}.{number}"
        place = {"start": span.start, "end": span.end, "text": span.text}
        yield _result("label", "labels", {**place, "labels": [name]}, id=own)
        if number:
            before = id if number == 1 else f"{id}.{number - 1}"
            yield {
                "type": "relation",
                "from_id": before,
                "to_id": own,
                "direction": "right",
                "labels": ["continues"],
            }
            continue
        rest = [f"name={label.name}"] if medication else []
        for setting, value in label.settings.items():
            if label.kind == "mobility":
                yield _result(_PRONG, "choices", {**place, "choices": [value]}, id=own)
            elif setting in _REGION_CHOICES:
                yield _result(setting, "choices", {**place, "choices": [value]}, id=own)
            else:
                rest.append(f"{setting}={value}")
        if rest:
            text = {**place, "text": [" ".join(rest)]}
            yield _result("settings", "textarea", text, id=own)


def _sheet(task: Mapping[str, Any]) -> Sheet:
    data = task["data"]
    narrative = data["text"]
    kept = [one for one in task["annotations"] if not one.get("was_cancelled")]
    if not kept:
        raise CorpusError("the task has no annotation; label it or leave it out.", field="task")
    whole: dict[str, str] = {}
    regions: dict[str, Label] = {}
    settings: dict[str, dict[str, str]] = {}
    follows: dict[str, str] = {}
    for item in kept[-1]["result"]:
        if item["type"] == "relation":
            follows[item["from_id"]] = item["to_id"]
            continue
        name, value = item["from_name"], item["value"]
        if item["type"] == "labels":
            regions[item["id"]] = _region(value, narrative)
            continue
        told = value["choices"][0] if item["type"] == "choices" else " ".join(_texts(value))
        if name in _TASK_CHOICES or name in _TASK_TEXTS:
            whole[name] = told
        elif name == "settings":
            own = settings.setdefault(item["id"], {})
            own |= dict(cast("tuple[str, str]", pair.split("=", 1)) for pair in told.split())
        else:
            settings.setdefault(item["id"], {})["value" if name == _PRONG else name] = told
    chained = set(follows.values())
    labels = [
        _joined(id, region, regions, settings.get(id, {}), follows)
        for id, region in regions.items()
        if id not in chained
    ]
    labels += [_named(name, ()) for name in whole.get("without_words", "").split()]
    call = dict(
        cast("tuple[str, str]", pair.split("=", 1)) for pair in whole.get("call", "").split()
    )
    return Sheet(
        id=data["id"],
        author=data["author"],
        kind=data["kind"],
        split=data["split"],
        narrative=narrative,
        level=(whole.get("level", ""), whole.get("level_reason", "")),
        necessity=(whole.get("necessity", ""), tuple(whole.get("necessity_basis", "").split())),
        labels=tuple(labels),
        call=call,
        record=data["record"],
        traps=tuple(data["traps"]),
        misspelled=data["misspelled"],
    )


def _texts(value: Mapping[str, Any]) -> list[str]:
    text = value["text"]
    return [text] if isinstance(text, str) else list(text)


def _region(value: Mapping[str, Any], narrative: str) -> Label:
    start, end = int(value["start"]), int(value["end"])
    if not 0 <= start < end <= len(narrative):
        raise CorpusError(
            "the offsets lie outside the narrative; was the text changed after labelling?",
            field=value["labels"][0],
        )
    return _named(value["labels"][0], (Span(start, end, narrative[start:end]),))


def _named(label: str, spans: tuple[Span, ...]) -> Label:
    kind, _, name = label.partition("-")
    if kind not in LABEL_KINDS:
        raise CorpusError(f"{label} is no label of this corpus.", field=label)
    return Label(kind, name, {}, spans)


def _joined(
    id: str,
    region: Label,
    regions: Mapping[str, Label],
    settings: dict[str, str],
    follows: Mapping[str, str],
) -> Label:
    spans = list(region.spans)
    here = id
    while follows.get(here) in regions:
        here = follows[here]
        spans += regions[here].spans
    name = settings.pop("name", region.name)
    return Label(region.kind, name, settings, tuple(spans))
