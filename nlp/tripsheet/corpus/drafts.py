"""Drafts: narratives with their labels in a form that people write by hand.

A draft file holds any number of narratives::

    @@@ night-017
    author: rural_volunteer_emt
    kind: medical_911
    record: claimed_hcpcs=A0427; loaded_miles=12.3
    traps: home_list, prior_care
    misspelled: yes
    ---
    the narrative, any number of lines, exactly as it was typed
    ---
    med fentanyl | route=iv_push count=2 dose=50_mcg status=given by=crew | Fentanyl 50mcg SIVP
    med norepinephrine | route=iv_infusion status=given by=crew maintained | levo gtt continued
    med metoprolol | route=unknown status=not_given by=other reason=home_list | metoprolol
    int iv_access | performed crew | 20g L AC
    cond respiratory_distress | tripod position ;; 86% on RA
    mob get_up | unable | max assist of two to stand
    vital spo2 | 86 % | 86% on RA
    call | response=emergency transported=true origin=R destination=H crew_level=paramedic
    say transfer_reason | no cath lab at sending facility
    level | A0427 | One sentence: why this level and not the next.
    necessity | supported | respiratory_distress
    gap iv_method | Toradol 15mg IV
    gap signature

The words after the last ``|`` are evidence: exact words of the narrative (a line break may be
written as a space), several pieces parted by `` ;; ``. Where the words stand more than once, the
first place is meant, or with ``#2`` the second; a place inside a longer word is taken only where
no other is left. `record`, `traps` and `misspelled` may be left out. A second annotator's file
leaves out the narrative (the line ``---`` follows the head directly, or is missing); it is then
taken from the corpus by its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tripsheet.corpus.gold import Gold, Split
from tripsheet.corpus.labels import Label, LabelKind, Sheet, finding_of, gold_of, sheet_of
from tripsheet.corpus.problems import Problem
from tripsheet.errors import CorpusError, InputError
from tripsheet.findings import Span

_KEYWORDS: Mapping[str, LabelKind] = {
    "med": "medication",
    "int": "intervention",
    "cond": "condition",
    "mob": "mobility",
    "vital": "vital",
    "say": "statement",
    "gap": "gap",
}
_WORDS: Mapping[LabelKind, str] = {kind: word for word, kind in _KEYWORDS.items()}
_HEAD = ("author", "kind", "record", "traps", "misspelled")
_EVIDENCE_NEEDED = ("medication", "intervention", "condition", "mobility", "vital")
_PLACE = re.compile(r"(.*?)\s*#(\d+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Line:
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class _Block:
    id: str
    line: int
    head: tuple[_Line, ...]
    narrative: str
    labels: tuple[_Line, ...]


def read_drafts(
    path: Path | str,
    splits: Mapping[str, Split],
    narratives: Mapping[str, Gold] | None = None,
) -> tuple[list[Gold], list[Problem]]:
    """The gold of a draft file, and what is wrong with it; a narrative with a fault is left out.

    Args:
        path: the draft file, UTF-8.
        splits: each author's split.
        narratives: gold by id, for files that hold labels only.

    Raises:
        InputError: the file cannot be read.
    """
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(f"{path} cannot be read as UTF-8 text; name a draft file.") from None
    golds: list[Gold] = []
    problems: list[Problem] = []
    known: set[str] = set()
    for block in _blocks(text):
        reader = _Reader(str(path), block, splits, narratives or {})
        gold = reader.gold()
        if block.id in known:
            reader.problem(block.line, "id", f"the id {block.id} stands twice; give each its own.")
        known.add(block.id)
        problems += reader.problems
        if gold is not None and not reader.problems:
            golds.append(gold)
    if not known:
        problems.append(
            Problem(str(path), 1, "id", "no line begins with @@@; each narrative does.")
        )
    return golds, problems


def _blocks(text: str) -> Iterator[_Block]:
    lines = [_Line(number, line) for number, line in enumerate(text.split("\n"), 1)]
    starts = [index for index, line in enumerate(lines) if line.text.startswith("@@@")]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        inside = lines[start + 1 : end]
        rules = [index for index, line in enumerate(inside) if line.text == "---"]
        if len(rules) >= 2:
            head, body = inside[: rules[0]], inside[rules[0] + 1 : rules[1]]
            labels = inside[rules[1] + 1 :]
        else:
            cut = rules[0] if rules else _first_label(inside)
            head, body, labels = inside[:cut], [], inside[cut + len(rules) :]
        yield _Block(
            id=lines[start].text[3:].strip(),
            line=lines[start].number,
            head=tuple(line for line in head if line.text.strip()),
            narrative="\n".join(line.text for line in body).strip("\n"),
            labels=tuple(line for line in labels if line.text.strip()),
        )


def _first_label(lines: list[_Line]) -> int:
    head = re.compile(rf"({'|'.join(_HEAD)}):")
    return next((n for n, line in enumerate(lines) if not head.match(line.text)), len(lines))


class _Reader:
    """Reads one block and collects what is wrong with it."""

    def __init__(
        self, file: str, block: _Block, splits: Mapping[str, Split], narratives: Mapping[str, Gold]
    ) -> None:
        self.file = file
        self.block = block
        self.splits = splits
        self.known = narratives.get(block.id)
        self.narrative = block.narrative or (self.known.narrative if self.known else "")
        self.flat = self.narrative.replace("\n", " ")
        self.problems: list[Problem] = []
        self.lines: dict[str, int] = {}
        """Where each part stands that is checked once the whole is there: head, call, level."""

    def problem(self, line: int, field: str, message: str) -> None:
        self.problems.append(Problem(self.file, line, field, f"{message} ({self.block.id})"))

    def gold(self) -> Gold | None:
        """The block's gold; None where it cannot be made."""
        head = self._head()
        author = head.get("author", "")
        if author not in self.splits:
            self.problem(
                self.lines.get("author", self.block.line),
                "author",
                "the author is in no split; add it to splits.toml.",
            )
        if not self.narrative:
            self.problem(
                self.block.line,
                "narrative",
                "no narrative here and none of this id in the corpus; write it between two ---.",
            )
        labels: list[Label] = []
        call: dict[str, str] = {}
        level: tuple[str, str] | None = None
        necessity: tuple[str, tuple[str, ...]] | None = None
        for line in self.block.labels:
            parts = [part.strip() for part in line.text.strip().removesuffix(" |").split(" | ")]
            word = parts[0].split()[0]
            self.lines.setdefault(word, line.number)
            if word in _KEYWORDS:
                label = self._label(line.number, _KEYWORDS[word], parts)
                if label is not None:
                    labels.append(label)
            elif word == "call":
                call |= self._pairs(line.number, "call", parts[1] if len(parts) > 1 else "")
            elif word == "level" and len(parts) == 3:
                level = (parts[1], parts[2])
            elif word == "necessity" and len(parts) in (2, 3):
                necessity = (parts[1], tuple(parts[2].split()) if len(parts) == 3 else ())
            else:
                self.problem(
                    line.number,
                    "line",
                    "not a line of a draft; begin with med, int, cond, mob, vital, call, say, "
                    "gap, level | code | reason, or necessity | verdict | basis.",
                )
        for field, value in (("level", level), ("necessity", necessity)):
            if value is None:
                self.problem(self.block.line, field, f"no line for {field}; add one.")
        if self.problems or level is None or necessity is None:
            return None
        record = self._pairs(
            self.lines.get("record", self.block.line), "record", head.get("record", ""), ";"
        )
        sheet = Sheet(
            id=self.block.id,
            author=author,
            kind=head.get("kind", ""),
            split=self.splits[author],
            narrative=self.narrative,
            level=level,
            necessity=necessity,
            labels=tuple(labels),
            call=call,
            record=record,
            traps=tuple(trap.strip() for trap in head.get("traps", "").split(",") if trap.strip()),
            misspelled=head.get("misspelled", "no").split()[:1] == ["yes"],
        )
        try:
            return gold_of(sheet)
        except CorpusError as error:
            field = error.field or "line"
            part = field.split()[0]
            self.problem(self.lines.get(part, self.block.line), field, error.message)
            return None

    def _head(self) -> dict[str, str]:
        head: dict[str, str] = {}
        if self.known is not None:
            head |= {"author": self.known.author, "kind": self.known.kind}
        for line in self.block.head:
            name, colon, value = line.text.partition(":")
            if not colon or name.strip() not in _HEAD:
                self.problem(
                    line.number, "head", f"not a line of the head; use {', '.join(_HEAD)}."
                )
            else:
                head[name.strip()] = value.strip()
                self.lines[name.strip()] = line.number
        return head

    def _label(self, line: int, kind: LabelKind, parts: list[str]) -> Label | None:
        words = parts[0].split()
        field = " ".join(words)
        settled = kind in ("medication", "intervention", "mobility", "vital")
        most = 3 if settled else 2
        if len(words) != 2 or len(parts) > most or (kind in _EVIDENCE_NEEDED and len(parts) < most):
            shape = "name | settings | evidence" if settled else "name | evidence"
            self.problem(line, field, f"write it as {words[0]} {shape}.")
            return None
        settings = self._settings(line, kind, field, parts[1]) if settled else {}
        spans = self._evidence(line, field, parts[-1]) if len(parts) > 1 else ()
        label = Label(kind, words[1], settings, spans)
        try:
            finding_of(label)
        except CorpusError as error:
            self.problem(line, error.field or field, error.message)
            return None
        return label

    def _settings(self, line: int, kind: LabelKind, field: str, text: str) -> dict[str, str]:
        words = text.split()
        if kind == "medication":
            if "maintained" in words:
                words[words.index("maintained")] = "maintained=true"
            return self._pairs(line, field, " ".join(words))
        names = {
            "intervention": ("status", "by"),
            "mobility": ("value",),
            "vital": ("value", "unit"),
        }[kind]
        if len(words) > len(names):
            self.problem(line, field, f"between the bars stand {' and '.join(names)}, no more.")
        return dict(zip(names, words, strict=False))

    def _pairs(
        self, line: int, field: str, text: str, between: str | None = None
    ) -> dict[str, str]:
        pairs: dict[str, str] = {}
        for item in text.split(between):
            name, equals, value = item.strip().partition("=")
            if item.strip() and not (equals and name and value):
                self.problem(line, field, "write each setting as name=value.")
            elif item.strip():
                pairs[name] = value
        return pairs

    def _evidence(self, line: int, field: str, text: str) -> tuple[Span, ...]:
        spans: list[Span] = []
        for piece in filter(None, (part.strip() for part in text.split(" ;; "))):
            start = find(self.flat, piece)
            words = piece
            numbered = _PLACE.fullmatch(piece)
            if start < 0 and numbered:
                words = numbered[1]
                start = find(self.flat, words, int(numbered[2]))
            if start < 0:
                self.problem(
                    line,
                    field,
                    "the words of the evidence are not in the narrative; copy them exactly as "
                    "they stand there.",
                )
                continue
            end = start + len(words)
            spans.append(Span(start, end, self.narrative[start:end]))
        return tuple(spans)


def find(text: str, words: str, place: int = 0) -> int:
    """Where `words` stand in `text`: the `place`-th time (from 1), or by default the first.

    By default a place that cuts no word in two goes before one that does. Returns -1 where there
    is none.
    """
    starts = []
    start = text.find(words)
    while start >= 0:
        starts.append(start)
        start = text.find(words, start + len(words))
    if place:
        return starts[place - 1] if place <= len(starts) else -1
    whole = (start for start in starts if _whole(text, start, start + len(words)))
    return next(whole, starts[0] if starts else -1)


def _whole(text: str, start: int, end: int) -> bool:
    return not (start and text[start - 1].isalnum() and text[start].isalnum()) and not (
        end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    )


def write_draft(gold: Gold) -> str:
    """The gold as a draft; `read_drafts` makes the same gold of it again."""
    sheet = sheet_of(gold)
    flat = gold.narrative.replace("\n", " ")
    lines = [f"@@@ {sheet.id}", f"author: {sheet.author}", f"kind: {sheet.kind}"]
    if sheet.record:
        lines.append("record: " + "; ".join(f"{k}={v}" for k, v in sheet.record.items()))
    if sheet.traps:
        lines.append("traps: " + ", ".join(sheet.traps))
    if sheet.misspelled:
        lines.append("misspelled: yes")
    lines += ["---", sheet.narrative, "---"]
    labels = {kind: [label for label in sheet.labels if label.kind == kind] for kind in _WORDS}
    for kind in ("medication", "intervention", "condition", "mobility", "vital"):
        lines += [_label_line(label, flat) for label in labels[kind]]
    if sheet.call:
        lines.append("call | " + " ".join(f"{k}={v}" for k, v in sheet.call.items()))
    lines += [_label_line(label, flat) for label in labels["statement"]]
    lines.append(f"level | {sheet.level[0]} | {sheet.level[1]}")
    lines.append(" | ".join(["necessity", sheet.necessity[0], *[" ".join(sheet.necessity[1])]]))
    lines += [_label_line(label, flat) for label in labels["gap"]]
    return "\n".join(line.removesuffix(" | ") for line in lines) + "\n"


def _label_line(label: Label, flat: str) -> str:
    if label.kind == "medication":
        settings = [
            name if name == "maintained" else f"{name}={value}"
            for name, value in label.settings.items()
        ]
    else:
        settings = list(label.settings.values())
    parts = [f"{_WORDS[label.kind]} {label.name}"]
    if settings:
        parts.append(" ".join(settings))
    if label.spans:
        parts.append(" ;; ".join(_quoted(span, flat) for span in label.spans))
    return " | ".join(parts)


def _quoted(span: Span, flat: str) -> str:
    """The span's words, with their place where the first is not meant."""
    words = flat[span.start : span.end]
    if find(flat, words) == span.start:
        return words
    place = 1
    while find(flat, words, place) not in (span.start, -1):
        place += 1
    return f"{words}#{place}"
