"""The HTML page: one file, nothing loaded, everything escaped, every link with a target."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.analysis import Analysis
from tripsheet.determination import Determination, Gap, Necessity
from tripsheet.errors import RecordError
from tripsheet.findings import Findings, Medication, Span
from tripsheet.formats import Failure
from tripsheet.report import Report
from tripsheet.views import html
from tripsheet.views.html import page, report
from tripsheet.views.marks import KINDS, safe


class Parsed(HTMLParser):
    """A page's elements, and the text of its narratives without the numbers."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.narrative = ""
        self.open: list[str] = []
        self._inside = 0
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.append(tag)
        self.ids += [found["id"]] if "id" in found else []
        if tag == "a":
            self.links.append(found["href"])
        elif "src" in found or "href" in found:
            self.loads.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if found.get("class") == "narrative":
            self._inside = len(self.open)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        if len(self.open) < self._inside:
            self._inside = 0

    def handle_data(self, data: str) -> None:
        if self._inside and "sup" not in self.open:
            self.narrative += data


def test_the_page_is_well_formed_and_whole(analysis: Analysis) -> None:
    parsed = Parsed(page(analysis))
    assert parsed.open == []
    assert parsed.narrative == analysis.report.narrative
    assert parsed.tags.count("article") == 1
    assert parsed.tags.count("h1") == 1


def test_nothing_is_loaded_from_anywhere(analysis: Analysis) -> None:
    text = page(analysis)
    parsed = Parsed(text)
    assert parsed.loads == []
    assert all(link.startswith("#") for link in parsed.links)
    assert not re.search(r"https?:|@import|url\(", text)


def test_the_policy_allows_this_script_and_no_other(analysis: Analysis) -> None:
    text = page(analysis)
    script = re.search(r"<script[^>]*>(.*?)</script>", text, re.S)
    assert script
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in text
    assert "default-src 'none'" in text
    assert text.count("<script") == 1


def test_every_link_has_a_target_and_every_id_is_its_own(analysis: Analysis) -> None:
    parsed = Parsed("".join(report([analysis, analysis])))
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {link[1:] for link in parsed.links} <= set(parsed.ids)


def test_many_reports_have_an_index_and_failures_keep_their_place(analysis: Analysis) -> None:
    failed = Failure("<18>", RecordError("Line 18 is not JSON.", line=18), 18)
    text = "".join(report([analysis, failed, analysis]))
    assert text.index("<nav") < text.index('id="r1"') < text.index('id="r2"')
    assert "3 reports" in text
    assert "&lt;18&gt;: not read" in text
    assert Parsed(text).tags.count("article") == 3


def test_no_report_at_all_is_still_a_page() -> None:
    assert Parsed("".join(report([]))).open == []


def test_crossing_marks_are_cut_and_keep_one_anchor_each(analysis: Analysis) -> None:
    text = page(analysis)
    crushing = re.findall(r'data-m="4"[^>]*>([^<]*)<', text)
    assert text.count('id="r1-m4"') == 1
    assert "10/10 crushing substernal CP, " in crushing


def test_the_same_analysis_gives_the_same_bytes(analysis: Analysis) -> None:
    assert page(analysis) == page(replace(analysis))


@given(text=st.text(min_size=1, max_size=60), id=st.text(min_size=1, max_size=20))
def test_hostile_text_stays_text(text: str, id: str) -> None:
    middle = len(text) // 2
    span = Span(middle, len(text), text[middle:])
    analysis = Analysis(
        Report(narrative=text, id=id, dispatch_complaint=text),
        Findings((Medication(text, evidence=(span,)),)),
        Determination(
            "2026-01",
            "A0429",
            (text,),
            Necessity("supported", (text,), text, evidence=(span,)),
            review=(text,),
            gaps=(Gap("iv_method", text, text, text, text, (span,)),),
        ),
    )
    parsed = Parsed(page(analysis))
    assert parsed.open == []
    assert parsed.narrative == "".join(safe(text))
    assert parsed.tags.count("script") == 1
    known = {"html", "head", "meta", "title", "style", "script", "body", "a", "main", "h1", "h2"}
    known |= {"h3", "h4", "article", "header", "p", "div", "span", "dl", "dt", "dd", "section"}
    known |= {"cite", "sup", "mark", "table", "tbody", "tr", "th", "td", "b"}
    assert set(parsed.tags) <= known


def test_markup_in_a_narrative_is_shown_and_not_run() -> None:
    hostile = '<img src=x onerror="alert(1)"> & <script>alert(2)</script>'
    text = page(
        Analysis(
            Report(narrative=hostile, id="</title><script>"),
            Findings(),
            Determination("2026-01", "undetermined", (), Necessity("insufficient")),
        )
    )
    parsed = Parsed(text)
    assert "img" not in parsed.tags
    assert parsed.tags.count("script") == 1
    assert parsed.narrative == hostile


def themes() -> dict[str, dict[str, str]]:
    """The colours of the page by their names, light and dark."""
    style = (Path(html.__file__).parent / "page.css").read_text("utf-8")
    blocks = re.findall(r":root \{(.*?)\}", style, re.S)
    light, dark = (dict(re.findall(r"--([\w-]+): (#\w{6});", block)) for block in blocks)
    return {"light": light, "dark": light | dark}


def contrast(first: str, second: str) -> float:
    """The contrast of two colours after WCAG 2, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (
            part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
        )
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    lighter, darker = sorted((luminance(first), luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


PAIRS = [
    *((text, ground) for text in ("ink", "soft", "link") for ground in ("card", "ground")),
    *((kind, "card") for kind in KINDS),
    *((kind, f"{kind}-ground") for kind in ("medication", "intervention", "condition", "mobility")),
    ("vital", "vital-ground"),
    ("counter", "counter-ground"),
    ("transport", "call-ground"),
    ("statement", "call-ground"),
    ("gap", "open-ground"),
    *((verdict, f"{verdict}-ground") for verdict in ("good", "bad", "open")),
    *(("ink", f"{kind}-ground") for kind in ("medication", "condition", "counter", "open")),
    *(("card", kind) for kind in KINDS),  # a mark that is lit up
]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), PAIRS)
def test_text_stands_out_from_its_ground(theme: str, text: str, ground: str) -> None:
    colours = themes()[theme]
    assert contrast(colours[text], colours[ground]) >= 4.5
