"""Every phrase is found on its borders, the longest of a family alone, and nothing else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tripsheet.lexicon import Entry, Lexicon, load
from tripsheet.reading import reader
from tripsheet.reading.scan import Hit, Scanner
from tripsheet.reading.text import Text


def lexicon(**phrases: str) -> Lexicon:
    """A lexicon of phrases written as "kind id family", several parted by commas."""
    made = Lexicon(drugs={}, snomed={}, other_default=frozenset())
    for phrase, entries in phrases.items():
        for entry in entries.split(", "):
            kind, id, family = entry.split(" ")
            made.add(phrase.replace("_", " "), Entry(kind, id, family))
    return made


def told(scanner: Scanner, text: str) -> list[str]:
    return [f"{text[hit.start : hit.end]}={hit.entry.id}" for hit in scanner.scan(text)]


WORDS = lexicon(
    iv="treatment iv treatment",
    iv_push="treatment push treatment",
    no="cue negated cue",
    no_relief="pseudo pseudo cue",
    nitro="drug nitroglycerin drug",
    nitro_paste="drug nitroglycerin drug",
    paste_gun="drug glue drug",
    nitro_patient="not - drug",
    fall="condition fall condition:fall, statement fall statement:fall",
    fall_risk="not fall condition:fall",
    nc="treatment oxygen treatment",
    b2="treatment b2 treatment",
)
SMALL = Scanner(WORDS)

CASES = {
    "iv": ["iv=iv"],
    "iv, iv": ["iv=iv", "iv=iv"],
    # letters of a longer word are no border, digits and signs are
    "ivy given div": [],
    "20iv/no": ["iv=iv", "no=negated"],
    "4nc": ["nc=oxygen"],
    # a digit at the end of a phrase asks for a border against a digit
    "b2": ["b2=b2"],
    "b22": [],
    "b2x": ["b2=b2"],
    # within a family the longest phrase wins
    "iv push": ["iv push=push"],
    "no relief": ["no relief=pseudo"],
    "no nitro paste": ["no=negated", "nitro paste=nitroglycerin"],
    # a drug's name that overlaps an earlier one is part of it
    "nitro paste gun": ["nitro paste=nitroglycerin"],
    # a look-alike hides what it contains, in its own family only
    "nitro patient": [],
    "fall risk": ["fall=fall"],
    "fall": ["fall=fall", "fall=fall"],
    "": [],
    " ": [],
}


@pytest.mark.parametrize("text", CASES)
def test_scan(text: str) -> None:
    assert told(SMALL, text) == CASES[text]


def test_a_look_alike_hides_only_its_own_family() -> None:
    (hit,) = SMALL.scan("fall risk")
    assert hit.entry.kind == "statement"


TEMPLATES = lexicon(fell="cue fell cue", fell_12_feet="condition high condition:high")
TEMPLATES.add_all(
    ["fell (about |)(10..90) (ft|feet)"], Entry("condition", "high", "condition:high")
)
TEMPLATES.add_all(["fell (1..90|ten) (ft|feet) on ice"], Entry("not", "high", "condition:high"))
TEMPLATE_CASES = {
    "fell 20 feet": ["fell 20 feet=high", "fell=fell"],
    # what two rows tell is told once
    "fell 12 feet": ["fell 12 feet=high", "fell=fell"],
    # borders, numbers out of the range
    "befell 20 feet": [],
    "fell 20 feets": ["fell=fell"],
    "fell 9 feet": ["fell=fell"],
    "fell 200 feet": ["fell=fell"],
    # a longer look-alike hides it
    "fell 20 feet on ice": ["fell=fell"],
    "fell about 20 ft, fell 30 ft": [
        "fell about 20 ft=high", "fell=fell", "fell 30 ft=high", "fell=fell",
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", TEMPLATE_CASES)
def test_templates(text: str) -> None:
    assert len(TEMPLATES.templates) == 2
    assert told(Scanner(TEMPLATES), text) == TEMPLATE_CASES[text]


SHIPPED = [
    ("4l nc, sats 98% ra", "treatment", ["oxygen"]),
    ("asa324 po", "drug", ["aspirin"]),
    ("heparin lock", "drug", []),
    ("ms change", "drug", []),
    ("o2 sats 94%", "treatment", []),
    ("non emergent", "call", ["non_emergency"]),
]


@pytest.mark.parametrize(("text", "kind", "ids"), SHIPPED)
def test_scan_with_the_shipped_lexicons(text: str, kind: str, ids: list[str]) -> None:
    hits = reader().scanner.scan(text)
    assert [hit.entry.id for hit in hits if hit.entry.kind == kind] == ids


def slow_scan(phrases: dict[str, list[Entry]], text: str) -> list[tuple[int, int, str]]:
    """The same by one pattern a phrase, without families: what stands on its borders."""
    found = []
    for phrase in phrases:
        start = r"(?<![^\W\d_])" if phrase[0].isalpha() else ""
        start = r"(?<!\d)" if phrase[0].isdigit() else start
        end = r"(?![^\W\d_])" if phrase[-1].isalpha() else ""
        end = r"(?!\d)" if phrase[-1].isdigit() else end
        pattern = re.compile(f"(?={start}{re.escape(phrase)}{end})")
        found += [
            (match.start(), match.start() + len(phrase), phrase) for match in pattern.finditer(text)
        ]
    return found


PIECES = "iv push no relief nitro paste gun fall risk nc b2 b 2 x , 4 -"


@given(
    st.lists(st.sampled_from(PIECES.split(" ")), max_size=12).map(" ".join)
    | st.text("ivnocb2 fal", max_size=20)
)
def test_hits_are_the_longest_of_all_that_stand_on_their_borders(text: str) -> None:
    phrases = WORDS.phrases
    everything = slow_scan(phrases, text)
    hits = SMALL.scan(text)
    places = {(hit.start, hit.end) for hit in hits}
    assert places <= {(start, end) for start, end, _ in everything}
    for start, end, phrase in everything:
        for entry in phrases[phrase]:
            if entry.kind == "not" or Hit(start, end, entry) in hits:
                continue
            # what is left out stands inside, or behind the start of, another of its family
            assert any(
                other_start <= start
                and (end <= other_end or (entry.family == "drug" and start < other_end))
                and (other_start, other_end) != (start, end)
                for other_start, other_end, other in everything
                if any(one.family == entry.family for one in phrases[other])
            ), (phrase, hits)


def test_every_phrase_of_the_lexicons_is_found_in_itself() -> None:
    scanner = reader().scanner
    for phrase, entries in load().unfolded():
        assert Text(phrase).folded == phrase, "phrases are kept as the folded text has them"
        if any(entry.kind == "not" for entry in entries):
            continue
        found = {hit.entry.id for hit in scanner.scan(phrase) if hit.end - hit.start == len(phrase)}
        assert {entry.id for entry in entries} <= found, phrase


def test_hits_come_in_the_order_of_the_text_and_twice_the_same() -> None:
    text = "no cp, iv push fentanyl 50 mcg, no relief after nitro; iv tko"
    hits = reader().scanner.scan(text)
    assert [hit.start for hit in hits] == sorted(hit.start for hit in hits)
    assert hits == Scanner(load()).scan(text)
