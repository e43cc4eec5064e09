"""The terminal page: answer first, nothing by colour alone, whole at 80 columns."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from tripsheet.analysis import Analysis
from tripsheet.determination import Claim, Determination, Gap, Line, Necessity
from tripsheet.errors import RecordError
from tripsheet.findings import Findings
from tripsheet.formats import Failure
from tripsheet.report import Report
from tripsheet.views.terminal import failure, overview, page


def shown(analysis: Analysis, width: int = 80, encoding: str = "utf-8") -> str:
    """The page without any colour or style, as a file or NO_COLOR shows it."""
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    Console(file=file, width=width, color_system=None, highlight=False).print(page(analysis))
    return raw.getvalue().decode(encoding)


def lined(text: str) -> str:
    """Text with all runs of spaces and line ends as one space."""
    return " ".join(text.split())


@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_terminal(analysis: Analysis, width: int) -> None:
    assert max(cell_len(line) for line in shown(analysis, width).splitlines()) <= width


def test_the_answer_comes_first(analysis: Analysis) -> None:
    top = lined("\n".join(shown(analysis).splitlines()[:10]))
    for part in (
        "run 17",
        "2026-02-11",
        "rules 2026-01",
        "A0427 ALS1, emergency",
        "RH",
        "8.4 mi (A0425 × 8.4)",
        "necessity supported",
        "claimed A0433: higher than the narrative supports (risk high)",
    ):
        assert part in top


def test_sections_stand_in_the_order_of_a_coders_questions(analysis: Analysis) -> None:
    text = shown(analysis)
    titles = (
        "WHY THIS LEVEL",
        "WHY NOT HIGHER",
        "NECESSITY",
        "MISSING (2)",
        "CHECK BY HAND (1)",
        "BESIDE THE LEVEL",
        "CODES TO CONFIRM",
        "THE NARRATIVE",
        "WHAT IS MARKED",
    )
    places = [text.index(title) for title in titles]
    assert places == sorted(places)


@pytest.mark.parametrize(
    "words",
    [
        "met An immediate response to an emergency call. (42 CFR 414.605)",
        "“dispatched priority 1 for chest pain”¹",
        "counts fentanyl ×2 given by IV push",
        "does not ondansetron given by mouth “Zofran 4mg ODT”¹⁷",
        "ketorolac push or infusion is not told “Toradol 15mg IV”¹⁸?",
        "silent on a further dose by vein",
        "against an endotracheal intubation “Intubation deferred”²¹⁻",
        "Coders may disagree here",
        "count_plain_iv",
        "against “Pt ambulated to cot”⁶!",
        "ask How was the ketorolac given, and over what time?",
        "look Who gave the naloxone",
        "silent No signature is told.",
        "R07.2 Precordial pain",
        "record: crew level",
    ],
)
def test_each_line_carries_its_words_and_its_source(analysis: Analysis, words: str) -> None:
    assert words in lined(shown(analysis, 100))


def test_the_narrative_marks_findings_in_place_with_brackets_and_numbers(
    analysis: Analysis,
) -> None:
    text = lined(shown(analysis))
    assert "[Fentanyl 50mcg SIVP, repeated x1]¹⁶" in text  # care
    assert "{10/10 crushing substernal CP, {diaphoretic}⁴, pale}⁵" in text  # patient, crossing
    assert "<Pt {ambulated}⁷ to cot>⁶!" in text  # call, nested, counter-evidence
    assert "[naloxone 2 mg IN by FD]²⁻" in text  # named only
    assert "[O2 4L NC]²⁰?" in text  # asked


def test_a_plain_terminal_gets_plain_signs(analysis: Analysis) -> None:
    text = lined(shown(analysis, encoding="ascii"))  # raises where a sign does not fit
    assert "[Fentanyl 50mcg SIVP, repeated x1]^16" in text
    assert '"Pt ambulated to cot"^6!' in text


def test_colour_adds_nothing_to_the_text(analysis: Analysis) -> None:
    console = Console(
        file=io.StringIO(), width=80, force_terminal=True, color_system="truecolor", record=True
    )
    console.print(page(analysis))
    assert console.export_text() == shown(analysis)


def test_a_narrative_cannot_move_the_cursor_nor_style_the_page() -> None:
    hostile = "pt \x1b[2J\x1b]0;title\x07 [bold]not bold[/bold] \u202e\x9b31m"
    text = shown(
        Analysis(
            Report(narrative=hostile, id="\x1b[31mx"),
            Findings(),
            Determination(
                "2026-01",
                "undetermined",
                (),
                Necessity("insufficient", statement=hostile),
                (Line("a.rule", "met", hostile, hostile, policy=hostile),),
                claimed=Claim(hostile, "not_comparable", statement=hostile),
                review=(hostile,),
                gaps=(Gap("pcs", hostile, hostile, "42 CFR 410.40", hostile),),
            ),
        )
    )
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)
    assert "[bold]not bold[/bold]" in text


def test_a_report_with_nothing_found_still_has_an_answer() -> None:
    empty = Analysis(
        Report(narrative="Pt transported."),
        Findings(),
        Determination("2026-01", "undetermined", (), Necessity("insufficient")),
    )
    text = lined(shown(empty))
    assert "undetermined" in text
    assert "No rule speaks for any level." in text
    assert "MISSING (0)" in text


def test_the_overview_has_one_line_a_report(analysis: Analysis) -> None:
    failed = Failure("18", RecordError("Line 18 is not JSON.", line=18), 18)
    file = io.StringIO()
    console = Console(file=file, width=80, color_system=None)
    console.print(overview([analysis, replace(analysis, report=analysis.report), failed]))
    text = file.getvalue()
    assert text.count("A0427 ALS1-E") == 2
    assert "A0433 too high" in text
    assert "not read" in text


def test_a_failure_is_one_line() -> None:
    failed = Failure("18", RecordError("Line 18 is not JSON.", line=18), 18)
    assert failure(failed).plain == "18  not read: Line 18 is not JSON."
