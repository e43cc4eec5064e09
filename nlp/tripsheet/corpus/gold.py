"""The gold record: a narrative with everything a careful reader finds in it, and what follows.

The findings are the same values that the reader makes (`tripsheet.findings`), so gold and
reading compare item by item. One JSON object a line; the files in `annotated_corpus/` are the
source of truth.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeVar, get_args

from tripsheet.errors import CorpusError, InputError, RecordError
from tripsheet.findings import (
    Condition,
    Dose,
    Evidence,
    Findings,
    Intervention,
    Medication,
    Mobility,
    Prong,
    Span,
    Statement,
    Transport,
    Vital,
)
from tripsheet.formats.atomic import written_whole
from tripsheet.formats.record import report_from_mapping
from tripsheet.resources import LEXICONS
from tripsheet.vocabulary import GAPS, GapId, Hcpcs, NecessityVerdict

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from tripsheet.report import Report

CORPUS = LEXICONS.parent / "annotated_corpus"
"""Where the corpus lives in a checkout; an installed package does not carry it."""

CallKind = Literal["medical_911", "trauma_911", "nonemergency", "interfacility"]
Split = Literal["train", "dev", "test"]
KINDS: tuple[CallKind, ...] = get_args(CallKind)
SPLITS: tuple[Split, ...] = get_args(Split)
PRONGS = ("get_up", "ambulate", "sit")


@dataclass(frozen=True, slots=True)
class Level:
    """The level that the narrative supports, and in one sentence why not another."""

    hcpcs: Hcpcs
    reason: str


@dataclass(frozen=True, slots=True)
class Need:
    """The verdict on medical necessity and the conditions or statements it rests on."""

    verdict: NecessityVerdict
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GoldGap:
    """What the narrative lacks; evidence where words of the narrative raise the question."""

    id: GapId
    evidence: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """One annotated narrative.

    `author` is the hand that wrote it; `record` holds fields of a `Report` that come beside the
    text; `traps` are free tags of what makes the text hard; `misspelled` says that it has slips
    of the keyboard or of speech recognition; `split` is the author's.
    """

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid", "strict": True}

    id: str
    author: str
    kind: CallKind
    split: Split
    narrative: str
    level: Level
    necessity: Need
    findings: Findings = field(default_factory=Findings)
    gaps: tuple[GoldGap, ...] = ()
    record: Mapping[str, Any] = field(default_factory=dict)
    traps: tuple[str, ...] = ()
    misspelled: bool = False

    def report(self) -> Report:
        """The report that a reader is given: the narrative and the record's own fields.

        Raises RecordError for a field that a report does not have or of a wrong type.
        """
        mapping = {**self.record, "id": self.id, "narrative": self.narrative}
        return report_from_mapping(mapping, line=None, strict=True)


_ANNOTATED: dict[type, tuple[str, ...]] = {
    Medication: (
        "name", "route", "count", "dose", "status", "performer", "maintained", "reason",
        "evidence",
    ),
    Dose: ("value", "unit"),
    Intervention: ("id", "status", "performer", "evidence"),
    Condition: ("id", "evidence"),
    Prong: ("value", "evidence"),
    Vital: ("kind", "value", "unit", "evidence"),
    Transport: (
        "mode", "response", "transported", "origin", "destination", "loaded_miles", "crew_level",
        "specialist_aboard", "interfacility", "scheduled", "pcs", "signature", "death",
        "patients",
    ),
    Statement: ("id", "evidence"),
    Span: ("start", "end", "text"),
    Level: ("hcpcs", "reason"),
    Need: ("verdict", "basis"),
    GoldGap: ("id", "evidence"),
}  # fmt: skip
"""What the annotation says of each item; the rest of a finding is the reader's own."""

TRANSPORT_FIELDS = _ANNOTATED[Transport]


def canonical(gold: Gold) -> Gold:
    """The same gold in the one order that files keep: findings by place, gaps by vocabulary.

    Spans of one item are sorted, and two that only a line break parts become one.
    """

    def spans(evidence: tuple[Evidence, ...]) -> tuple[Span, ...]:
        return canonical_spans(evidence, gold.narrative)

    found = gold.findings
    mobility = {
        name: Prong(value=prong.value, evidence=spans(prong.evidence))
        for name in PRONGS
        for prong in (getattr(found.mobility, name),)
    }
    findings = replace(
        found,
        medications=_by_place(replace(m, evidence=spans(m.evidence)) for m in found.medications),
        interventions=_by_place(
            replace(i, evidence=spans(i.evidence)) for i in found.interventions
        ),
        conditions=_by_place(replace(c, evidence=spans(c.evidence)) for c in found.conditions),
        mobility=Mobility(**mobility),
        vitals=_by_place(replace(v, evidence=spans(v.evidence)) for v in found.vitals),
        statements=_by_place(replace(s, evidence=spans(s.evidence)) for s in found.statements),
    )
    gaps = [GoldGap(gap.id, spans(gap.evidence)) for gap in gold.gaps]
    return replace(
        gold, findings=findings, gaps=tuple(sorted(gaps, key=lambda gap: GAPS.index(gap.id)))
    )


def canonical_spans(evidence: Iterable[Evidence], narrative: str) -> tuple[Span, ...]:
    """Spans in order, none twice, joined where nothing but a line break lies between two."""
    result: list[Span] = []
    spans: set[Span] = {item for item in evidence if isinstance(item, Span)}
    for span in sorted(spans):
        before = result[-1] if result else None
        if before is not None and narrative[before.end : span.start] == "\n":
            result[-1] = Span(before.start, span.end, narrative[before.start : span.end])
        else:
            result.append(span)
    return tuple(result)


Item = TypeVar("Item", Medication, Intervention, Condition, Vital, Statement)


def _by_place(items: Iterable[Item]) -> tuple[Item, ...]:
    def place(item: Item) -> tuple[Any, ...]:
        first = item.evidence[0] if item.evidence else None
        told = json.dumps(_plain(item), sort_keys=True)
        return (first.start, first.end, told) if isinstance(first, Span) else (1 << 30, 0, told)

    return tuple(sorted(items, key=place))


def to_record(gold: Gold) -> dict[str, Any]:
    """The gold as plain values in the file's order; what is not told is left out."""
    found = gold.findings
    prongs = {name: getattr(found.mobility, name) for name in PRONGS}
    return {
        "id": gold.id,
        "author": gold.author,
        "kind": gold.kind,
        "split": gold.split,
        "narrative": gold.narrative,
        "record": dict(gold.record),
        "traps": list(gold.traps),
        "misspelled": gold.misspelled,
        "findings": {
            "medications": _plain(found.medications),
            "interventions": _plain(found.interventions),
            "conditions": _plain(found.conditions),
            "mobility": {
                name: _plain(prong)
                for name, prong in prongs.items()
                if prong.value != "not_documented"
            },
            "vitals": _plain(found.vitals),
            "transport": _plain(found.transport),
            "statements": _plain(found.statements),
        },
        "level": _plain(gold.level),
        "necessity": _plain(gold.necessity),
        "gaps": _plain(gold.gaps),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, (tuple, list)):
        return [_plain(item) for item in value]
    names = _ANNOTATED.get(type(value))
    if names is None:
        return value
    pairs = ((name, getattr(value, name)) for name in names)
    return {
        name: _plain(item)
        for name, item in pairs
        if item is not None and not (name == "maintained" and item is False)
    }


def to_line(gold: Gold) -> str:
    """One line of a corpus file, without its end."""
    return json.dumps(to_record(gold), ensure_ascii=False, separators=(", ", ": "))


def from_line(line: str | bytes) -> Gold:
    """The gold of one line; every class and type is checked, offsets are not (see `check`).

    Raises:
        CorpusError: not JSON, a field missing or unknown, a class outside its list; `field`
            names the place, the message never the value.
    """
    from pydantic import ValidationError

    try:
        gold = _adapter().validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        # a union tries each member and names it in the place; the file knows no members
        parts = (str(part) for part in first["loc"])
        place = ".".join(part for part in parts if not _MEMBER.match(part))
        text = str(first["msg"])
        raise CorpusError(f"{text}; mend this field.", field=place or "line") from None
    try:
        gold.report()
    except RecordError as error:
        raise CorpusError(error.message, field=f"record.{error.field}") from None
    return gold


_MEMBER = re.compile(r"Span$|RecordField$|literal\[")


@cache
def _adapter() -> TypeAdapter[Gold]:
    from pydantic import TypeAdapter

    return TypeAdapter(Gold)


def read_lines(path: Path | str) -> Iterator[tuple[int, Gold | CorpusError]]:
    """Each line of a corpus file with its number, as gold or as what is wrong with it.

    Raises InputError when the file cannot be read.
    """
    try:
        with open(path, encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if not line.strip():
                    continue
                try:
                    yield number, from_line(line)
                except CorpusError as error:
                    yield number, error
    except (OSError, UnicodeDecodeError):
        raise InputError(
            f"{path} cannot be read as UTF-8 text; name a corpus file in JSON Lines."
        ) from None


def load_gold(*paths: Path | str) -> tuple[Gold, ...]:
    """All gold of the files, in their order.

    Raises CorpusError at the first line that is wrong, naming file, line and field.
    """
    result: list[Gold] = []
    for path in paths:
        for number, gold in read_lines(path):
            if isinstance(gold, CorpusError):
                raise CorpusError(
                    f"{path}:{number}: {gold.field}: {gold.message}", line=number, field=gold.field
                )
            result.append(gold)
    return tuple(result)


def save_gold(golds: Iterable[Gold], path: Path | str) -> None:
    """Write gold as JSON Lines in canonical order; the file appears whole or not at all."""
    with written_whole(path) as stream:
        for gold in golds:
            stream.write(to_line(canonical(gold)).encode("utf-8") + b"\n")
