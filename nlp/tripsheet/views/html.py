"""Analyses as one HTML page that needs nothing else: no network, no fonts, no other file.

Every text is escaped. The page's own policy forbids it to load anything or to run any script
but the few lines that light up words and the lines that quote them.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources

from tripsheet.analysis import Analysis
from tripsheet.determination import Diagnosis, Gap, Item, Line, Necessity, NotAssigned
from tripsheet.findings import Evidence, RecordField, Span
from tripsheet.formats import Failure
from tripsheet.views import wording
from tripsheet.views.marks import TITLES, Mark, Marked, item_label, marked, quote
from tripsheet.views.markup import Content, Markup, join
from tripsheet.views.markup import element as el


def page(analysis: Analysis) -> str:
    """One analysis as a whole document."""
    return "".join(report([analysis]))


def report(results: Iterable[Analysis | Failure]) -> Iterator[str]:
    """Many results as one document, piece by piece: an index, then each report."""
    results = list(results)
    title = quote(results[0].id) if len(results) == 1 else f"{len(results)} reports"
    yield _head(f"tripsheet: {title}")
    yield _index(results) if len(results) != 1 else el("h1", title, class_="unseen")
    for number, result in enumerate(results, 1):
        key = f"r{number}"
        yield _failed(result, key) if isinstance(result, Failure) else _Article(result, key).whole()
    yield "</main></body></html>\n"


@cache
def _resource(name: str) -> str:
    return resources.files("tripsheet.views").joinpath(name).read_text("utf-8")


def _head(title: str) -> str:
    style, script = _resource("page.css"), _resource("page.js")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; "
        "base-uri 'none'; form-action 'none'"
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="referrer" content="no-referrer"><meta name="robots" content="noindex">'
        + el("title", title)
        + f"<style>{style}</style><script defer>{script}</script></head>"
        + '<body><a class="skip unseen" href="#r1">Skip to the first report</a><main>\n'
    )


def _index(results: list[Analysis | Failure]) -> Markup:
    head = ("report", "date", "level", "necessity", "claimed", "missing", "check by hand")
    rows: list[Markup] = []
    for number, result in enumerate(results, 1):
        link = el("td", el("a", quote(result.id), href=f"#r{number}"))
        if isinstance(result, Failure):
            message = el("td", result.error.message, colspan=5)
            rows.append(el("tr", link, el("td"), message))
            continue
        decided = result.determination
        verdict = decided.necessity.verdict
        claim = decided.claimed
        rows.append(
            el(
                "tr",
                link,
                el("td", str(result.report.date_of_service or ""), class_="whole"),
                el("td", el("b", decided.hcpcs), " ", wording.level(decided.hcpcs)),
                el("td", _pill(verdict, wording.NECESSITY_IN_SHORT[verdict])),
                el(
                    "td",
                    _pill(claim.verdict, f"{claim.hcpcs} {wording.CLAIM_IN_SHORT[claim.verdict]}"),
                )
                if claim
                else el("td"),
                el("td", str(len(decided.gaps)), class_="n"),
                el("td", str(_by_hand(result)), class_="n"),
            )
        )
    columns = (
        el("th", name, scope="col", class_="n" if place > 4 else None)
        for place, name in enumerate(head)
    )
    table = el("table", el("thead", el("tr", columns)), el("tbody", rows))
    return el("nav", el("h1", f"{len(results)} reports"), table, aria_label="Index of reports")


def _by_hand(analysis: Analysis) -> int:
    return len(analysis.determination.review) + len(analysis.determination.contradictions)


def _failed(failed: Failure, key: str) -> Markup:
    told = el("p", failed.error.message)
    return el("article", el("h2", quote(failed.id), ": not read"), told, id=key)


class _Article:
    """One report; `key` keeps its anchors apart from those of other reports on the page."""

    def __init__(self, analysis: Analysis, key: str) -> None:
        self.analysis = analysis
        self.marked = marked(analysis)
        self.key = key

    def whole(self) -> Markup:
        decided = self.analysis.determination
        suggested = (*decided.diagnoses, *decided.indicators)
        by_hand = [
            *(
                el("div", _tag("look", "silent"), el("div", text), class_="row")
                for text in decided.review
            ),
            *map(self.line, decided.contradictions),
        ]
        reasons = (
            self.section("Why this level", map(self.line, decided.explanation)),
            self.section("Why not higher", map(self.higher, decided.not_assigned)),
            self.section("Necessity", self.necessity(decided.necessity)),
            self.section(
                f"Missing ({len(decided.gaps)})",
                map(self.gap, decided.gaps),
                "Nothing that the rules ask for.",
            ),
            self.section(f"Check by hand ({len(by_hand)})", by_hand),
            self.section("Beside the level", map(self.line, decided.checks)),
            self.section("Codes to confirm (suggestions only)", map(self.diagnosis, suggested)),
        )
        words = (
            self.section("The narrative, each finding marked", [self.narrative()]),
            self.section("What is marked", [self.legend()]),
        )
        return el(
            "article",
            self.answer(),
            el("div", el("div", reasons), el("div", words, class_="words"), class_="columns"),
            "\n",
            id=self.key,
            aria_labelledby=f"{self.key}-h",
        )

    def answer(self) -> Markup:
        report, decided = self.analysis.report, self.analysis.determination
        date = str(report.date_of_service) if report.date_of_service else "no date of service"
        billed = [" ".join(decided.modifiers)]
        if decided.mileage:
            billed.append(wording.mileage(decided.mileage))
        necessity = decided.necessity.verdict
        verdicts: list[Content] = [
            el("dt", "necessity"),
            el("dd", _pill(necessity, wording.name(necessity))),
        ]
        if decided.claimed:
            claim = decided.claimed
            risk = f" (risk {claim.risk})" if claim.risk != "none" else ""
            shown = _pill(claim.verdict, f"{claim.hcpcs}: {wording.name(claim.verdict)}")
            told = (shown, risk, " ", claim.statement)
            verdicts += [el("dt", "claimed"), el("dd", told)]
        return el(
            "header",
            el("p", f"{quote(report.id)} · {date} · rules {decided.rules}", class_="soft"),
            el(
                "div",
                el(
                    "h2",
                    el("span", decided.hcpcs, class_="code"),
                    wording.level(decided.hcpcs),
                    id=f"{self.key}-h",
                ),
                el("span", " · ".join(filter(None, billed)), class_="billed"),
                class_="answer",
            ),
            el("dl", verdicts, class_="verdicts"),
        )

    def section(self, title: str, parts: Iterable[Markup], none: str = "") -> Markup:
        body = list(parts)
        if not body and not none:
            return Markup()
        return el("section", el("h3", title), body or el("p", none, class_="soft"))

    def line(self, line: Line) -> Markup:
        """A rule's outcome, its sentence with source and words, what it counted, what is below."""
        items = (*line.counted, *line.not_counted)
        itemised = {evidence for item in items for evidence in item.evidence}
        words = self.words(evidence for evidence in line.evidence if evidence not in itemised)
        doubt = wording.doubt(line)
        body = (
            el("p", line.statement, " ", _cited(line.citation)),
            el("p", words) if words else None,
            self.counting(line.counted, line.not_counted) if items else None,
            el("p", doubt, class_="doubt") if doubt else None,
        )
        tag = _tag(wording.OUTCOMES[line.outcome], line.outcome)
        row = el("div", tag, el("div", body), class_="row")
        below = el("div", map(self.line, line.children), class_="below") if line.children else None
        return join((row, below))

    def counting(self, counted: Iterable[Item], left: Iterable[Item]) -> Markup:
        rows = [
            el(
                "tr",
                el("th", word if place == 0 else "", scope="row", class_=class_),
                el("td", el("b", item_label(item))),
                el("td", item.reason, " ", self.words(item.evidence)),
            )
            for word, class_, items in (("counts", "for", counted), ("does not", "against", left))
            for place, item in enumerate(items)
        ]
        return el("table", el("tbody", rows), class_="counting")

    def higher(self, higher: NotAssigned) -> Markup:
        missing = (
            el(
                "div",
                _tag(gap.stance, gap.stance),
                el(
                    "div",
                    "on " if gap.stance == "silent" else "",
                    gap.fact,
                    " ",
                    self.words(gap.evidence),
                ),
                class_="row",
            )
            for gap in higher.missing
        )
        return el(
            "div",
            el("h4", higher.hcpcs, " ", wording.level(higher.hcpcs)),
            el("p", wording.reason(higher), " ", _cited(higher.citation)),
            map(self.line, higher.lines),
            missing,
            class_="higher",
        )

    def necessity(self, necessity: Necessity) -> Iterator[Markup]:
        verdict = _tag(wording.name(necessity.verdict), necessity.verdict)
        told = el("div", necessity.statement, " ", _cited(necessity.citation))
        yield el("div", verdict, told, class_="row")
        basis = ", ".join(map(wording.name, necessity.basis))
        if not necessity.lines and (basis or necessity.evidence):
            body = el("div", el("p", basis), self.words(necessity.evidence))
            yield el("div", _tag("for", "for"), body, class_="row")
        if necessity.counter:
            body = el("div", self.words(necessity.counter))
            yield el("div", _tag("against", "against"), body, class_="row")
        yield from map(self.line, necessity.lines)

    def gap(self, gap: Gap) -> Markup:
        about = f" ({wording.name(gap.about)})" if gap.about else ""
        return el(
            "div",
            el("h4", wording.name(gap.id), about),
            el("p", gap.message, " ", _cited(gap.citation), " ", self.words(gap.evidence)),
            el("p", gap.ask, class_="ask"),
            class_="gap",
        )

    def diagnosis(self, diagnosis: Diagnosis) -> Markup:
        told = el("div", diagnosis.title, " ", self.words(diagnosis.evidence))
        return el("div", _tag(diagnosis.code, ""), told, class_="row")

    def words(self, evidence: Iterable[Evidence]) -> Markup:
        """The quoted words, each a link to its place in the narrative."""
        items = list(dict.fromkeys(evidence))
        fields = (
            el("small", f"record: {wording.name(item.field)} ")
            for item in items
            if isinstance(item, RecordField)
        )
        spans = {(item.start, item.end): item for item in items if isinstance(item, Span)}
        links = (
            el(
                "a",
                f"“{quote(spans[mark.start, mark.end].text)}”",
                el("sup", _numbered(mark)),
                href=f"#{self.key}-m{mark.number}",
                class_=_classes(mark, "q"),
                data_m=mark.number,
            )
            + " "
            for mark in self.marked.of(items)
        )
        return join((fields, map(Markup, links)))

    def narrative(self) -> Markup:
        depths = _depths(self.marked)
        pieces: list[Markup] = []
        for segment in self.marked.segments:
            piece = join(segment.text)
            for mark in reversed(segment.inside):
                first = mark in segment.opens
                piece = el(
                    "mark",
                    piece,
                    id=f"{self.key}-m{mark.number}" if first else None,
                    class_=_classes(mark, "first") if first else _classes(mark),
                    style=f"--d:{depths[mark.number]}" if depths[mark.number] else None,
                    title="; ".join(note.label for note in mark.notes),
                    data_m=mark.number,
                )
            pieces.append(piece)
            for mark in segment.closes:
                link = el(
                    "a",
                    _numbered(mark),
                    href=f"#{self.key}-k{mark.number}",
                    class_=_classes(mark),
                    aria_label=f"mark {mark.number}: {mark.notes[0].label}",
                    data_m=mark.number,
                )
                pieces.append(el("sup", link))
        return el("p", pieces, class_="narrative")

    def legend(self) -> Markup:
        signs = "⁻ named, not counted · ! speaks against · ? a question is open"
        rows: list[Markup] = []
        anchored: set[int] = set()
        before = ""
        for kind, label, marks in self.marked.legend():
            links = [
                el(
                    "a",
                    str(mark.number),
                    href=f"#{self.key}-m{mark.number}",
                    id=None if mark.number in anchored else f"{self.key}-k{mark.number}",
                    data_m=mark.number,
                )
                + " "
                for mark in marks
            ]
            anchored.update(mark.number for mark in marks)
            title = TITLES[kind] if kind != before else ""
            cells = (
                el("th", title, scope="row"),
                el("td", map(Markup, links)),
                el("td", label),
            )
            rows.append(el("tr", cells, class_=f"k-{kind}"))
            before = kind
        table = el("table", el("tbody", rows), class_="legend")
        return join((el("p", signs, class_="soft"), table))


def _depths(marked: Marked) -> dict[int, int]:
    """How far below its words each mark draws its line, so that none covers another's."""
    inside: dict[int, set[int]] = {mark.number: set() for mark in marked.marks}
    for segment in marked.segments:
        for place, mark in enumerate(segment.inside):
            inside[mark.number].update(other.number for other in segment.inside[place + 1 :])
    depths: dict[int, int] = {}
    for mark in sorted(marked.marks, key=lambda mark: (mark.end - mark.start, -mark.number)):
        depths[mark.number] = 1 + max((depths[other] for other in inside[mark.number]), default=-1)
    return depths


def _numbered(mark: Mark) -> str:
    signs = ("" if mark.asserted else "⁻") + "!" * mark.against + "?" * mark.questioned
    return f"{mark.number}{signs}"


def _classes(mark: Mark, *more: str) -> str:
    kind = "counter" if mark.against else mark.kind
    return " ".join((*more, f"k-{kind}", *(() if mark.asserted else ("named",))))


def _cited(citation: str) -> Markup | None:
    return el("cite", f"({citation})") if citation else None


def _tag(word: str, class_: str) -> Markup:
    return el("span", word, class_=f"tag {class_}".strip())


def _pill(id: str, text: str) -> Markup:
    return el("span", text, class_=f"pill {id}")
