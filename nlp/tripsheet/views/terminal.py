"""An analysis as a page in the terminal: the answer, the reasons, what is missing, the words.

Nothing depends on colour: outcomes are words, marks are brackets whose shape tells what they
hold, and a number after each bracket ties it to the lines that quote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.panel import Panel
from rich.rule import Rule
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from tripsheet.analysis import Analysis
from tripsheet.determination import Diagnosis, Item, Line, Necessity, NotAssigned
from tripsheet.findings import Evidence, RecordField, Span
from tripsheet.formats import Failure
from tripsheet.views import wording
from tripsheet.views.marks import TITLES, Kind, Mark, Marked, item_label, marked, quote, safe

WIDEST = 100
"""Columns. Longer lines are hard to read, however wide the terminal."""

_KIND_STYLE: dict[Kind, str] = {
    "medication": "bold cyan",
    "intervention": "bold blue",
    "condition": "bold magenta",
    "mobility": "bold yellow",
    "vital": "green",
    "transport": "italic",
    "statement": "italic",
    "gap": "bold yellow",
    "counter": "bold red",
}
_BRACKETS: dict[Kind, tuple[str, str]] = {
    "medication": ("[", "]"),
    "intervention": ("[", "]"),
    "condition": ("{", "}"),
    "mobility": ("{", "}"),
    "vital": ("{", "}"),
    "transport": ("<", ">"),
    "statement": ("<", ">"),
    "gap": ("<", ">"),
    "counter": ("<", ">"),
}
_OUTCOME_STYLE = {
    "met": "bold green",
    "not_met": "bold red",
    "not_documented": "bold yellow",
    "not_applicable": "dim",
    "supported": "bold green",
    "not_supported": "bold red",
    "insufficient": "bold yellow",
    "higher_than_supported": "bold red",
    "lower_than_supported": "bold yellow",
    "equal": "bold green",
    "not_comparable": "bold",
}
_SUPERSCRIPTS = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass(frozen=True, slots=True)
class Glyphs:
    """The few signs beyond ASCII; `PLAIN` stands in where the terminal has none."""

    dot: str = "·"
    opening: str = "“"
    closing: str = "”"
    raised: bool = True

    def numbered(self, mark: Mark) -> str:
        """A mark's number with its signs: `-` does not count, `!` speaks against, `?` asked."""
        text = f"{mark.number}{'' if mark.asserted else '-'}"
        text = text.translate(_SUPERSCRIPTS) if self.raised else f"^{text}"
        return text + "!" * mark.against + "?" * mark.questioned


RICH = Glyphs()
PLAIN = Glyphs("|", '"', '"', raised=False)


def page(analysis: Analysis) -> RenderableType:
    """An analysis as one renderable for a rich console."""
    return _Page(analysis)


def failure(failed: Failure) -> Text:
    """The line that stands where a report could not be read."""
    return Text.assemble((f"{quote(failed.id)}  not read: ", "bold red"), failed.error.message)


def overview(results: Sequence[Analysis | Failure]) -> RenderableType:
    """Many results as a table, one line each."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, padding=(0, 1, 0, 0))
    table.add_column("report", ratio=1, min_width=16, overflow="fold")
    table.add_column("level", no_wrap=True)
    table.add_column("necessity", no_wrap=True)
    table.add_column("claimed")
    table.add_column("missing", justify="right", no_wrap=True)
    table.add_column("check", justify="right", no_wrap=True)
    for result in results:
        if isinstance(result, Failure):
            table.add_row(quote(result.id), Text("not read", "bold red"))
        else:
            table.add_row(*_overview_row(result))
    return table


def _overview_row(analysis: Analysis) -> list[RenderableType]:
    decided = analysis.determination
    claim, necessity = decided.claimed, decided.necessity.verdict
    return [
        quote(analysis.id),
        Text.assemble((decided.hcpcs, "bold"), " ", wording.LEVELS_IN_SHORT.get(decided.hcpcs, "")),
        Text(wording.NECESSITY_IN_SHORT[necessity], _OUTCOME_STYLE[necessity]),
        Text(
            f"{quote(claim.hcpcs)} {wording.CLAIM_IN_SHORT[claim.verdict]}",
            _OUTCOME_STYLE[claim.verdict],
        )
        if claim
        else Text("-", "dim"),
        str(len(decided.gaps)),
        str(len(decided.review)),
    ]


class _Page:
    """Draws itself with the signs that its console can show."""

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.marked = marked(analysis)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        glyphs = PLAIN if options.ascii_only else RICH
        for part in _Draw(self.marked, glyphs).page(self.analysis):
            for segment in console.render(part, options):
                # a sentence may carry a value of the record, and with it whatever stands in there
                text = segment.text if segment.text.isprintable() else "".join(safe(segment.text))
                yield Segment(text, segment.style)


class _Draw:
    def __init__(self, marked: Marked, glyphs: Glyphs) -> None:
        self.marked = marked
        self.glyphs = glyphs

    def page(self, analysis: Analysis) -> Iterable[RenderableType]:
        decided = analysis.determination
        yield self.answer(analysis)
        why = map(self.line, decided.explanation)
        yield self.section("WHY THIS LEVEL", *why, none="No rule speaks for any level.")
        if decided.not_assigned:
            yield self.section("WHY NOT HIGHER", *map(self.higher, decided.not_assigned))
        yield self.section("NECESSITY", *self.necessity(decided.necessity))
        title = f"MISSING ({len(decided.gaps)})"
        yield self.section(title, *self.gaps(analysis), none="Nothing that the rules ask for.")
        by_hand = [*map(self.bullet, decided.review), *map(self.line, decided.contradictions)]
        if by_hand:
            yield self.section(f"CHECK BY HAND ({len(by_hand)})", *by_hand)
        if decided.checks:
            yield self.section("BESIDE THE LEVEL", *map(self.line, decided.checks))
        suggested = [*decided.diagnoses, *decided.indicators]
        if suggested:
            yield self.section(
                "CODES TO CONFIRM (suggestions only)", *map(self.diagnosis, suggested)
            )
        yield self.section("THE NARRATIVE, EACH FINDING MARKED", self.narrative())
        yield self.section("WHAT IS MARKED", self.key(), self.legend())
        yield Text()

    def answer(self, analysis: Analysis) -> RenderableType:
        report, decided = analysis.report, analysis.determination
        date = str(report.date_of_service) if report.date_of_service else "no date of service"
        between = f"  {self.glyphs.dot}  "
        about = between.join((quote(analysis.id), date, f"rules {decided.rules}"))
        level = Text.assemble(
            (decided.hcpcs, "bold reverse"), "  ", (wording.level(decided.hcpcs), "bold")
        )
        billed = [" ".join(decided.modifiers)]
        if decided.mileage:
            billed.append(self.fitting(wording.mileage(decided.mileage)))
        head = Table.grid(expand=True, padding=(0, 2, 0, 0))
        head.add_column(ratio=1)
        head.add_column(justify="right")
        head.add_row(level, Text(between.join(filter(None, billed)), "bold"))
        verdicts = Table.grid(padding=(0, 2, 0, 0))
        verdicts.add_row("necessity", _styled(decided.necessity.verdict))
        if decided.claimed:
            claim = decided.claimed
            verdict = Text(f"{quote(claim.hcpcs)}: {wording.name(claim.verdict)}")
            verdict.stylize(_OUTCOME_STYLE[claim.verdict])
            if claim.risk != "none":
                verdict.append(f" (risk {claim.risk})")
            verdicts.add_row("claimed", verdict)
            if claim.statement:
                verdicts.add_row("", self.fitting(claim.statement))
        return Panel(
            Group(Text(about, "dim"), Text(), head, Text(), verdicts),
            box=box.HEAVY,
            padding=(0, 1),
        )

    def section(self, title: str, *parts: RenderableType, none: str = "") -> RenderableType:
        rule = Rule(Text(f"{title} ", "bold"), align="left", style="dim")
        body = parts or (Text(none, "dim"),)
        return Group(Text(), rule, Padding(Group(*body), (0, 0, 0, 2)))

    def line(self, line: Line) -> RenderableType:
        """A rule's outcome, its sentence with source and words, what it counted, what is below."""
        items = (*line.counted, *line.not_counted)
        itemised = {evidence for item in items for evidence in item.evidence}
        words = [evidence for evidence in line.evidence if evidence not in itemised]
        below: list[RenderableType] = [*self.told(line.statement, line.citation, words)]
        if items:
            below.append(self.counting(line.counted, line.not_counted))
        doubt = wording.doubt(line)
        if doubt:
            below.append(Text(doubt, "italic"))
        tag = Text(wording.OUTCOMES[line.outcome], _OUTCOME_STYLE[line.outcome])
        row = _row(tag, Group(*below))
        if not line.children:
            return row
        return Group(row, Padding(Group(*map(self.line, line.children)), (0, 0, 0, 2)))

    def counting(self, counted: Iterable[Item], left: Iterable[Item]) -> RenderableType:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(no_wrap=True)
        table.add_column(max_width=22)
        table.add_column(ratio=1)
        for word, style, items in (("counts", "green", counted), ("does not", "red", left)):
            for item in items:
                label = self.fitting(item_label(item))
                reason = self.beside(item.reason, item.evidence)
                table.add_row(Text(word, style), Text(label, "bold"), reason)
                word = ""
        return table

    def higher(self, higher: NotAssigned) -> RenderableType:
        head = Text(f"{higher.hcpcs}  {wording.level(higher.hcpcs)}", "bold")
        reason = wording.reason(higher)
        if not reason:
            head.append(f"  ({higher.citation})", "not bold dim")
        parts: list[RenderableType] = [*self.told(reason, higher.citation if reason else "", ())]
        parts += map(self.line, higher.lines)
        for missing in higher.missing:
            if missing.stance == "silent":
                tag, fact = Text("silent", "bold yellow"), f"on {missing.fact}"
            else:
                tag, fact = Text("against", "bold red"), missing.fact
            parts.append(_row(tag, self.beside(fact, missing.evidence)))
        return Group(head, Padding(Group(*parts), (0, 0, 0, 2)))

    def necessity(self, necessity: Necessity) -> Iterable[RenderableType]:
        verdict = Text(
            wording.NECESSITY_IN_SHORT[necessity.verdict], _OUTCOME_STYLE[necessity.verdict]
        )
        told = self.told(necessity.statement, necessity.citation, ())
        yield _row(verdict, Group(*told), width=13)
        basis = ", ".join(map(wording.name, necessity.basis))
        if not necessity.lines and (basis or necessity.evidence):
            told = self.told(basis, "", necessity.evidence)
            yield _row(Text("for", "bold green"), Group(*told), width=13)
        if necessity.counter:
            against = self.beside("", necessity.counter)
            yield _row(Text("against", "bold red"), against, width=13)
        yield from map(self.line, necessity.lines)

    def gaps(self, analysis: Analysis) -> Iterable[RenderableType]:
        for gap in analysis.determination.gaps:
            title = wording.name(gap.id)
            if gap.about:
                title += f" ({wording.name(gap.about)})"
            yield Text(title, "bold yellow")
            asked = _row(Text("ask", "bold"), Text(self.fitting(gap.ask), "bold italic"), width=3)
            told = self.told(gap.message, gap.citation, gap.evidence)
            yield Padding(Group(*told, asked), (0, 0, 0, 2))

    def diagnosis(self, diagnosis: Diagnosis) -> RenderableType:
        return _row(Text(diagnosis.code, "bold"), self.beside(diagnosis.title, diagnosis.evidence))

    def bullet(self, sentence: str) -> RenderableType:
        return _row(Text("look", "bold yellow"), Text(self.fitting(sentence)))

    def told(self, statement: str, citation: str, evidence: Iterable[Evidence]) -> Iterable[Text]:
        """A sentence with its source; below it the words it rests on, with their numbers."""
        text = Text(self.fitting(statement))
        if citation:
            text.append(f" ({citation})" if statement else citation, "dim")
        if text:
            yield text
        words = self.beside("", evidence)
        if words:
            yield words

    def beside(self, statement: str, evidence: Iterable[Evidence]) -> Text:
        """A short statement with the words it rests on in the same line."""
        parts = [Text(self.fitting(statement))] if statement else []
        return Text("  ").join([*parts, *self.words(evidence)])

    def words(self, evidence: Iterable[Evidence]) -> Iterable[Text]:
        items = list(dict.fromkeys(evidence))
        for item in items:
            if isinstance(item, RecordField):
                yield Text(f"record: {wording.name(item.field)}", "dim")
        spans = {(item.start, item.end): item for item in items if isinstance(item, Span)}
        for mark in self.marked.of(items):
            text = Text(self.glyphs.opening, "dim")
            text.append(quote(spans[mark.start, mark.end].text), _style(mark))
            text.append(self.glyphs.closing, "dim")
            text.append(self.glyphs.numbered(mark), "bold")
            yield text

    def narrative(self) -> Text:
        text = Text()
        for segment in self.marked.segments:
            for mark in segment.opens:
                text.append(_BRACKETS[mark.kind][0], "bold")
            text.append(segment.text, " ".join(_style(mark) for mark in segment.inside))
            for mark in segment.closes:
                text.append(_BRACKETS[mark.kind][1], "bold")
                text.append(self.glyphs.numbered(mark), "bold")
        text.rstrip()
        return text

    def key(self) -> Text:
        raised = "³" if self.glyphs.raised else "^3"
        minus = "³⁻" if self.glyphs.raised else "^3-"
        shapes = f"[care]{raised}  {{patient}}{raised}  <call>{raised}"
        signs = (
            f"{minus} named, not counted  {raised}! speaks against  {raised}? a question is open"
        )
        return Text(f"{shapes}   a number ties words to lines\n{signs}", "dim")

    def legend(self) -> RenderableType:
        table = Table.grid(padding=(0, 2, 0, 0))
        table.add_column(style="bold", no_wrap=True)
        table.add_column(max_width=12)
        table.add_column(ratio=1)
        before = ""
        for kind, label, marks in self.marked.legend():
            title = Text(TITLES[kind] if kind != before else "", _KIND_STYLE[kind])
            numbers = " ".join(str(mark.number) for mark in marks)
            table.add_row(title, numbers, self.fitting(label))
            before = kind
        return table

    def fitting(self, text: str) -> str:
        """Text of our own in the signs that the terminal can show."""
        if self.glyphs.raised:
            return text
        return text.replace("×", "x").replace("₂", "2").replace("…", "...")


def _row(tag: RenderableType, body: RenderableType, width: int = 9) -> RenderableType:
    """A short word at the left and what it is about beside it, in one column on every page."""
    table = Table.grid(padding=(0, 1, 0, 0))
    table.add_column(min_width=width)
    table.add_column(ratio=1)
    table.add_row(tag, body)
    return table


def _styled(id: str) -> Text:
    return Text(wording.name(id), _OUTCOME_STYLE[id])


def _style(mark: Mark) -> str:
    if mark.against:
        return _KIND_STYLE["counter"] + " underline"
    style = _KIND_STYLE[mark.kind]
    return f"{style} underline" if mark.asserted else style.replace("bold", "italic")
