"""brat standoff: one `.txt` and one `.ann` a narrative, and an `annotation.conf` for brat.

Each item is a text-bound annotation `T` whose type is the kind and the name
(`intervention-oxygen`; a medication is `medication`, its drug stands in the note). Settings from
a closed list are attributes `A`; a drug's name, count and dose, a vital's value are an
`AnnotatorNotes` line of `name=value`. brat has no labels for a whole document: those stand on a
`report` annotation over the narrative's first word, as attributes and a note in JSON.

brat allows no line break inside an annotated stretch: such a span is written as two pieces and
joined again on reading.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from tripsheet.corpus.gold import Gold
from tripsheet.corpus.labels import (
    CHOICES,
    LABEL_KINDS,
    NAMES,
    Label,
    LabelKind,
    Sheet,
    gold_of,
    sheet_of,
)
from tripsheet.corpus.problems import Problem
from tripsheet.errors import CorpusError, InputError
from tripsheet.findings import Span
from tripsheet.formats.atomic import write_whole

REPORT = "report"

# settings from a closed list become attributes, by this name in brat
_ATTRIBUTES: Mapping[tuple[str, str], str] = {
    ("medication", "route"): "Route",
    ("medication", "status"): "Given",
    ("medication", "by"): "By",
    ("medication", "reason"): "Reason",
    ("intervention", "status"): "Outcome",
    ("intervention", "by"): "By",
    ("mobility", "value"): "Value",
}
_SETTINGS = {(kind, name): setting for (kind, setting), name in _ATTRIBUTES.items()}
_LISTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "Route": (CHOICES["route"], "medication"),
    "Given": (CHOICES["medication status"], "medication"),
    "Reason": (CHOICES["reason"], "medication"),
    "By": (CHOICES["by"], "medication|<intervention>"),
    "Outcome": (CHOICES["intervention status"], "<intervention>"),
    "Value": (CHOICES["prong"], "<mobility>"),
    "Level": (CHOICES["level"], REPORT),
    "Necessity": (CHOICES["verdict"], REPORT),
}
_SAFE = re.compile(r"[A-Za-z0-9._-]+")


def save_brat(golds: Iterable[Gold], folder: Path) -> int:
    """Write gold into a folder for brat; how many narratives.

    Raises CorpusError for an id that cannot be a file's name.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "annotation.conf", configuration().encode("ascii"), durable=False)
    count = 0
    for gold in golds:
        if not _SAFE.fullmatch(gold.id):
            raise CorpusError(
                "an id must be of letters, digits, dots and hyphens to be a file's name; "
                f"rename {gold.id}.",
                field="id",
            )
        sheet = sheet_of(gold)
        text, lines = sheet.narrative, "\n".join(_annotations(sheet))
        write_whole(folder / f"{gold.id}.txt", text.encode("utf-8"), durable=False)
        write_whole(folder / f"{gold.id}.ann", lines.encode("utf-8") + b"\n", durable=False)
        count += 1
    return count


def read_brat(folder: Path) -> tuple[list[Gold], list[Problem]]:
    """The gold of a brat folder, and what is wrong with it.

    Raises InputError when the folder holds no `.ann` file or one cannot be read.
    """
    golds: list[Gold] = []
    problems: list[Problem] = []
    files = sorted(folder.glob("*.ann"))
    if not files:
        raise InputError(f"{folder} holds no .ann file; name a folder of brat standoff.")
    for path in files:
        try:
            narrative = path.with_suffix(".txt").read_bytes().decode("utf-8")
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError):
            raise InputError(f"{path} or its .txt cannot be read as UTF-8 text.") from None
        try:
            golds.append(gold_of(_sheet(lines, narrative)))
        except CorpusError as error:
            problems.append(
                Problem(str(path), error.line or 1, error.field or "line", error.message)
            )
    return golds, problems


def configuration() -> str:
    """brat's `annotation.conf`: the types, as a tree, and the attributes with their lists."""
    entities = [REPORT, "medication"]
    for kind, names in NAMES.items():
        entities.append(f"!{kind}")
        entities += [f"\t{kind}-{name}" for name in names]
    attributes = [
        f"{name}\tArg:{_targets(targets)}, Value:{'|'.join(values)}"
        for name, (values, targets) in _LISTS.items()
    ]
    attributes.append("Maintained\tArg:medication")
    overlap = "<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>"
    sections = {
        "entities": entities,
        "relations": [overlap],
        "events": [],
        "attributes": attributes,
    }
    parts = (
        f"[{name}]\n" + "".join(f"{line}\n" for line in lines) for name, lines in sections.items()
    )
    return "\n".join(parts)


def _targets(targets: str) -> str:
    names = []
    for target in targets.split("|"):
        kind = target.strip("<>")
        own = NAMES.get(cast(LabelKind, kind), ())
        names += [f"{kind}-{name}" for name in own] if target.startswith("<") else [kind]
    return "|".join(names)


def _annotations(sheet: Sheet) -> Iterator[str]:
    first = re.search(r"\S+", sheet.narrative)
    start, end = first.span() if first else (0, 0)
    number = 1
    attribute = 1
    placeless = [[label.kind, label.name] for label in sheet.labels if not label.spans]
    whole = {
        "id": sheet.id,
        "author": sheet.author,
        "kind": sheet.kind,
        "split": sheet.split,
        "record": sheet.record,
        "traps": sheet.traps,
        "misspelled": sheet.misspelled,
        "call": sheet.call,
        "reason": sheet.level[1],
        "basis": sheet.necessity[1],
        "without_words": placeless,
    }
    yield f"T1\t{REPORT} {start} {end}\t{sheet.narrative[start:end]}"
    yield f"A1\tLevel T1 {sheet.level[0]}"
    yield f"A2\tNecessity T1 {sheet.necessity[0]}"
    yield f"#1\tAnnotatorNotes T1\t{json.dumps(whole, ensure_ascii=False)}"
    attribute = 3
    for label in sheet.labels:
        if not label.spans:
            continue
        number += 1
        pieces = list(_pieces(label.spans, sheet.narrative))
        places = ";".join(f"{a} {b}" for a, b in pieces)
        words = " ".join(sheet.narrative[a:b] for a, b in pieces)
        kind = label.kind if label.kind == "medication" else f"{label.kind}-{label.name}"
        yield f"T{number}\t{kind} {places}\t{words}"
        note = [f"name={label.name}"] if label.kind == "medication" else []
        for setting, value in label.settings.items():
            name = _ATTRIBUTES.get((label.kind, setting))
            if name is not None:
                yield f"A{attribute}\t{name} T{number} {value}"
                attribute += 1
            elif setting == "maintained":
                yield f"A{attribute}\tMaintained T{number}"
                attribute += 1
            else:
                note.append(f"{setting}={value}")
        if note:
            yield f"#{number}\tAnnotatorNotes T{number}\t{' '.join(note)}"


def _pieces(spans: Iterable[Span], narrative: str) -> Iterator[tuple[int, int]]:
    for span in spans:
        start = span.start
        for line in narrative[span.start : span.end].split("\n"):
            if line:
                yield start, start + len(line)
            start += len(line) + 1


class _Item:
    """A text-bound annotation with its attributes and its note."""

    def __init__(self, line: int, type: str, spans: tuple[Span, ...]) -> None:
        self.line = line
        self.type = type
        self.spans = spans
        self.attributes: dict[str, str] = {}
        self.note = ""


def _sheet(lines: list[str], narrative: str) -> Sheet:
    items: dict[str, _Item] = {}
    for number, line in enumerate(lines, 1):
        parts = line.split("\t")
        if line.startswith("T") and len(parts) == 3:
            type, _, places = parts[1].partition(" ")
            items[parts[0]] = _Item(number, type, _spans(places, narrative, number))
    for number, line in enumerate(lines, 1):
        parts = line.split("\t")
        if line[:1] in ("A", "M") and len(parts) == 2:
            name, target, *value = parts[1].split(" ")
            _target(items, target, number).attributes[name] = value[0] if value else "true"
        elif line.startswith("#") and len(parts) == 3:
            _target(items, parts[1].split(" ")[-1], number).note = parts[2]
        elif line and line[:1] not in ("T", "R", "*", "E"):
            raise CorpusError("not a line of brat standoff; mend or remove it.", line=number)
    reports = [item for item in items.values() if item.type == REPORT]
    if len(reports) != 1:
        raise CorpusError(
            "one annotation of the type report is needed, over the first word.", field=REPORT
        )
    whole = _whole(reports[0])
    labels = [_label(item) for item in items.values() if item.type != REPORT]
    labels += [Label(kind, name) for kind, name in whole["without_words"]]
    return Sheet(
        id=whole["id"],
        author=whole["author"],
        kind=whole["kind"],
        split=whole["split"],
        narrative=narrative,
        level=(reports[0].attributes.get("Level", ""), whole["reason"]),
        necessity=(reports[0].attributes.get("Necessity", ""), tuple(whole["basis"])),
        labels=tuple(labels),
        call=whole["call"],
        record=whole["record"],
        traps=tuple(whole["traps"]),
        misspelled=whole["misspelled"],
    )


_WHOLE = (
    "id", "author", "kind", "split", "record", "traps", "misspelled", "call", "reason", "basis",
    "without_words",
)  # fmt: skip


def _whole(report: _Item) -> dict[str, Any]:
    try:
        whole = json.loads(report.note)
    except ValueError:
        whole = None
    if not isinstance(whole, dict) or any(name not in whole for name in _WHOLE):
        raise CorpusError(
            f"the note of the report is JSON with {', '.join(_WHOLE)}.",
            line=report.line,
            field=REPORT,
        )
    return whole


def _spans(places: str, narrative: str, line: int) -> tuple[Span, ...]:
    spans = []
    for place in places.split(";"):
        ends = place.split(" ")
        if len(ends) != 2 or not all(end.isdigit() for end in ends):
            raise CorpusError("the offsets are not two numbers a piece.", line=line, field="T")
        start, end = int(ends[0]), int(ends[1])
        if not start < end <= len(narrative):
            raise CorpusError(
                "the offsets lie outside the narrative; was the text changed after labelling?",
                line=line,
                field="T",
            )
        spans.append(Span(start, end, narrative[start:end]))
    return tuple(spans)


def _target(items: Mapping[str, _Item], name: str, line: int) -> _Item:
    if name not in items:
        raise CorpusError(f"{name} is not annotated; remove this line.", line=line, field=name)
    return items[name]


def _label(item: _Item) -> Label:
    kind, _, name = item.type.partition("-")
    if kind not in LABEL_KINDS:
        raise CorpusError(
            f"{item.type} is no type of this corpus; see annotation.conf.",
            line=item.line,
            field=item.type,
        )
    settings: dict[str, str] = {}
    for word in item.note.split():
        setting, _, value = word.partition("=")
        settings[setting] = value
    name = settings.pop("name", name)
    for attribute, value in item.attributes.items():
        settings[_SETTINGS.get((kind, attribute), attribute.lower())] = value
    return Label(kind, name, settings, item.spans)
