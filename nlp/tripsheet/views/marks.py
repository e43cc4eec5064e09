"""Which words of the narrative carry a finding: numbered marks, laid out in place.

The pure core of the terminal and HTML views. A mark is a stretch of the narrative on which one
finding or more rests; its number ties it to the lines that quote it. Marks may nest and overlap:
the narrative is cut at every boundary, and each piece knows the marks it lies in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, get_args

from tripsheet.analysis import Analysis
from tripsheet.coding.trace import walk
from tripsheet.determination import Determination, Item, Line
from tripsheet.errors import FindingsError
from tripsheet.findings import Evidence, Findings, Span
from tripsheet.views import wording

Kind = Literal[
    "medication", "intervention", "condition", "mobility", "vital", "transport", "statement",
    "gap", "counter",
]  # fmt: skip
"""What a mark's words are; `gap` asks a question about them, `counter` speaks against."""

KINDS: tuple[Kind, ...] = get_args(Kind)

TITLES: dict[Kind, str] = {
    "medication": "medication",
    "intervention": "intervention",
    "condition": "condition",
    "mobility": "mobility",
    "vital": "vital sign",
    "transport": "call",
    "statement": "statement",
    "gap": "asked",
    "counter": "against",
}
"""The classes as a reader sees them."""


@dataclass(frozen=True, slots=True)
class Note:
    """What one finding says of marked words.

    `asserted` is false where the words name a thing that does not count as this crew's care or
    this patient's state: not given, done by others, denied, a history.
    """

    kind: Kind
    label: str
    asserted: bool = True


@dataclass(frozen=True, slots=True)
class Mark:
    """A numbered stretch of the narrative: `narrative[start:end]`, in characters."""

    number: int
    start: int
    end: int
    notes: tuple[Note, ...]

    @property
    def kind(self) -> Kind:
        """The class that the words are shown as: what they are, before what is asked of them."""
        return min((note.kind for note in self.notes), key=KINDS.index)

    @property
    def asserted(self) -> bool:
        """Whether any finding counts these words as this crew's care or this patient's state."""
        return any(note.asserted for note in self.notes)

    @property
    def questioned(self) -> bool:
        """Whether a gap asks about these words."""
        return any(note.kind == "gap" for note in self.notes)

    @property
    def against(self) -> bool:
        """Whether these words speak against another finding."""
        return any(note.kind == "counter" for note in self.notes)


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of the narrative between two boundaries of marks.

    `text` is safe to show (see `safe`); `start` and `end` are offsets of the narrative itself.
    `inside` names the marks it lies in, the longest first; `opens` and `closes` those that
    begin with it and end with it.
    """

    start: int
    end: int
    text: str
    inside: tuple[Mark, ...] = ()
    opens: tuple[Mark, ...] = ()
    closes: tuple[Mark, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A narrative with its marks, in the order in which they begin."""

    marks: tuple[Mark, ...]
    segments: tuple[Segment, ...]

    def of(self, evidence: Iterable[Evidence]) -> tuple[Mark, ...]:
        """The marks of some evidence, each once, in the order of the narrative."""
        wanted = {(item.start, item.end) for item in evidence if isinstance(item, Span)}
        return tuple(mark for mark in self.marks if (mark.start, mark.end) in wanted)

    def legend(self) -> Iterator[tuple[Kind, str, tuple[Mark, ...]]]:
        """Each class, what its findings say, and the marks that say it, in the order of `KINDS`."""
        for kind in KINDS:
            said: dict[str, list[Mark]] = {}
            for mark in self.marks:
                for note in mark.notes:
                    if note.kind == kind:
                        said.setdefault(note.label, []).append(mark)
            for label, marks in said.items():
                yield kind, label, tuple(marks)


def marked(analysis: Analysis) -> Marked:
    """Every piece of evidence of an analysis, numbered and laid out in its narrative.

    Raises:
        FindingsError: evidence outside the narrative, or with other words than stand there.
    """
    narrative = analysis.report.narrative
    notes: dict[tuple[int, int], list[Note]] = {}
    for evidence, note in _notes(analysis.findings, analysis.determination):
        for span in evidence:
            if isinstance(span, Span):
                known = notes.setdefault(_checked(span, narrative), [])
                if note not in known:
                    known.append(note)
    for line_evidence, note in _decided(analysis.determination):
        for span in line_evidence:
            if isinstance(span, Span):
                notes.setdefault(_checked(span, narrative), [note])
    order = sorted(notes, key=lambda place: (place[0], -place[1]))
    marks = tuple(
        Mark(number, start, end, tuple(notes[start, end]))
        for number, (start, end) in enumerate(order, 1)
    )
    return Marked(marks, layout(narrative, marks))


def layout(narrative: str, marks: tuple[Mark, ...]) -> tuple[Segment, ...]:
    """The narrative cut at every boundary of a mark; the pieces join to the whole.

    Args:
        narrative: the text that the marks' offsets count in.
        marks: in the order of their numbers; they may nest, overlap and touch.
    """
    edges = {edge for mark in marks for edge in (mark.start, mark.end)}
    opens: dict[int, list[Mark]] = {edge: [] for edge in edges}
    closes: dict[int, list[Mark]] = {edge: [] for edge in edges}
    for mark in marks:
        opens[mark.start].append(mark)
        closes[mark.end].insert(0, mark)
    shown = safe(narrative)
    segments: list[Segment] = []
    inside: list[Mark] = []
    for start, end in pairwise(sorted(edges | {0, len(narrative)})):
        beginning, ending = opens.get(start, []), closes.get(end, [])
        inside += beginning
        longest_first = sorted(inside, key=lambda mark: (mark.start - mark.end, mark.number))
        segments.append(
            Segment(
                start,
                end,
                "".join(shown[start:end]),
                tuple(longest_first),
                tuple(beginning),
                tuple(ending),
            )
        )
        inside = [mark for mark in inside if mark.end > end]
    return tuple(segments)


def safe(text: str) -> list[str]:
    """Each character as it may be shown: one string a character, so that offsets hold.

    Control characters become their pictures (escape is `␛`), and characters that hide, join or
    turn text around become `�`, so that no narrative can move a cursor or reorder a line. A
    line end is one `\\n` however it is written; a tab is a space.
    """
    shown = [_safe(character) for character in text]
    for place in range(len(text) - 1):
        if text[place] == "\r" and text[place + 1] == "\n":
            shown[place] = ""
    return shown


def quote(text: str, limit: int = 72) -> str:
    """Words of the narrative on one line, safely, the middle left out where they are long."""
    line = " ".join("".join(safe(text)).split())
    if len(line) <= limit:
        return line
    half = (limit - 3) // 2
    return f"{line[:half].rstrip()} … {line[-half:].lstrip()}"


def _safe(character: str) -> str:
    if character in "\n\r\u2028\u2029\x85\x0b\x0c":
        return "\n"
    if character == "\t":
        return " "
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    # Cc: controls; Cf: joiners and direction; Cs: halves of a pair; Cn: unassigned
    return "�" if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Cn") else character


def _checked(span: Span, narrative: str) -> tuple[int, int]:
    if not 0 <= span.start < span.end or narrative[span.start : span.end] != span.text:
        raise FindingsError(
            f"The evidence at characters {span.start} to {span.end} does not stand in the "
            "narrative; analyse the report again."
        )
    return span.start, span.end


_Noted = Iterator[tuple[tuple[Evidence, ...], Note]]


def _notes(found: Findings, decided: Determination) -> _Noted:
    """What each finding, counter-evidence and gap says of its words."""
    for medication in found.medications:
        label, asserted = wording.medication(medication), wording.asserted(medication)
        yield medication.evidence, Note("medication", label, asserted)
    for intervention in found.interventions:
        label, asserted = wording.intervention(intervention), wording.asserted(intervention)
        yield intervention.evidence, Note("intervention", label, asserted)
    for condition in found.conditions:
        label, asserted = wording.condition(condition), wording.asserted(condition)
        yield condition.evidence, Note("condition", label, asserted)
    for prong in ("get_up", "ambulate", "sit"):
        value = getattr(found.mobility, prong)
        label = f"{wording.name(prong)}: {wording.name(value.value)}"
        yield value.evidence, Note("mobility", label)
        yield value.counter, Note("counter", f"against {label}")
    for vital in found.vitals:
        yield vital.evidence, Note("vital", wording.vital(vital))
    for field, evidence in found.transport.evidence.items():
        told = wording.told(field, getattr(found.transport, field, None))
        yield evidence, Note("transport", told)
    for field, evidence in found.transport.contradictions.items():
        yield evidence, Note("counter", f"against the record's {wording.name(field)}")
    for statement in found.statements:
        yield statement.evidence, Note("statement", wording.statement(statement))
    yield decided.necessity.counter, Note("counter", "against medical necessity")
    for gap in decided.gaps:
        yield gap.evidence, Note("gap", f"missing: {wording.name(gap.id)}")


def _decided(decided: Determination) -> _Noted:
    """What the explanation quotes beyond the findings' own words."""
    yield decided.necessity.evidence, Note("statement", "medical necessity")
    if decided.claimed:
        yield decided.claimed.evidence, Note("statement", "the claimed level")
    for diagnosis in (*decided.diagnoses, *decided.indicators):
        yield diagnosis.evidence, Note("condition", f"{diagnosis.code} {diagnosis.title}")
    for higher in decided.not_assigned:
        for missing in higher.missing:
            kind: Kind = "counter" if missing.stance == "against" else "statement"
            yield missing.evidence, Note(kind, f"{higher.hcpcs}: {missing.fact}")
    for line in all_lines(decided):
        yield line.evidence, Note("statement", line.rule)
        for item in (*line.counted, *line.not_counted):
            yield item.evidence, Note("statement", item_label(item))


def all_lines(decided: Determination) -> Iterator[Line]:
    """Every line of a determination with all below it, each before its children."""
    yield from walk(decided.explanation)
    for higher in decided.not_assigned:
        yield from walk(higher.lines)
    yield from walk(decided.necessity.lines)
    yield from walk(decided.checks)
    yield from walk(decided.contradictions)


def item_label(item: Item) -> str:
    """A counted thing: its name and how many."""
    return " ".join(filter(None, (wording.name(item.name), wording.times(item.count))))
