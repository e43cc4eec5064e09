"""Where sentences end and which part of the narrative a word stands in."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import NamedTuple

from tripsheet.reading.scan import Hit
from tripsheet.reading.text import Text

_STOP = re.compile(r"[.;!?]+(?=[\s\"')\]]|$)|(?<=[a-z%)])\.(?=[a-z]{3})|[|\u2022]")
_SHORTENED = frozenset(
    ["pt", "approx", "dr", "mr", "mrs", "ms", "st", "hx", "min", "mins", "hr", "hrs", "no", "vs", "sgt", "lt", "capt", "ave", "blvd", "rd", "jr", "sr", "resp", "temp", "est", "avg", "max", "pts", "amt", "wt", "ht", "dept", "inc", "ext", "e.g", "i.e", "a.m", "p.m", "u.s", "a.c", "b.i.d", "q", "c.c", "i.v", "i.m", "p.o"]
)
_STAMP = re.compile(
    r"(?:^|(?<=[\s(\[]))(?:(?:at |@ ?|t ?)?(?:[01]?\d|2[0-3]):[0-5]\d(?: ?(?:hrs?|hours|am|pm))?"
    r"|(?:at |@ ?)(?:[01]\d|2[0-3])[0-5]\d(?: ?(?:hrs?|hours))?|(?:[01]\d|2[0-3])[0-5]\d ?(?:hrs?|hours|h)\b)"
    r"(?=[\s:.,;)\]\-]|$)"
)
_LINE_STAMP = re.compile(
    r"[\[(]?(?:[01]?\d|2[0-3]):?[0-5]\d(?: ?(?:hrs?|hours|h))?[\])]?(?=[\s:.,;\-]|$)"
)
_BULLET = re.compile(r"(?:[-*>\u2022#]|\d{1,2}[.)]|\[.?\])\s")
_LETTERS = frozenset("dchartsopm")
# parts whose heading rules a list that ends with its sentence when it stands in running text
_LISTS = frozenset({"past_history", "medications", "allergies", "family_history"})


class Part(NamedTuple):
    """A part of the narrative under one heading."""

    start: int
    end: int
    kind: str


class Sentence(NamedTuple):
    """A sentence, its part's kind and the clock time that opens it, if one does."""

    start: int
    end: int
    part: str
    stamp: str | None


def _breaks(text: Text) -> list[int]:
    """Folded positions at which a sentence ends."""
    folded = text.folded
    ends: set[int] = set()
    for match in _STOP.finditer(folded):
        at = match.start()
        if folded[at] == ".":
            word = folded[folded.rfind(" ", 0, at) + 1 : at].lstrip("(\"'")
            if word in _SHORTENED or (len(word) == 1 and word.isalpha()):
                continue
        ends.add(match.end())
    previous = 0
    breaks = text.breaks
    lengths = sorted(b - a for a, b in zip([0, *breaks], breaks, strict=False))
    # lines cut at a margin are all about as long as the longest
    wrapped = (
        len(lengths) > 3
        and 50 < lengths[-1] < 120
        and lengths[len(lengths) // 4] > lengths[-1] - 10
    )
    for at in breaks:
        rest = folded[at + 1 : at + 14]
        if (
            not wrapped
            or at in text.blank_lines
            or at - previous < 50
            or _BULLET.match(rest)
            or _LINE_STAMP.match(rest)
        ):
            ends.add(at)
        previous = at
    ends.add(len(folded))
    return sorted(ends)


def layout(text: Text, hits: list[Hit]) -> list[Sentence]:
    """The sentences of a narrative, each with the part it stands in."""
    folded = text.folded
    ends = _breaks(text)
    line_starts = {0, *(at + 1 for at in text.breaks)}
    parts: list[tuple[int, int, str, bool]] = []
    for hit in hits:
        if hit.entry.kind != "heading":
            continue
        start, end = hit.start, hit.end
        after = folded[end : end + 2].lstrip()
        own_line = end in text.breaks or end == len(folded)
        before = folded[:start].rstrip()[-1:] if start else "\n"
        at_line = start in line_starts or (start > 1 and folded[start - 1] in "-*[(")
        colon = after[:1] in (":", "=") or folded[end : end + 3] in (" - ", " -- ")
        single = end - start == 1
        if single and not (at_line or (before in ".;" and folded[end : end + 1] == ":")):
            continue
        if not (
            colon or (own_line and at_line) or (single and at_line and after[:1] in (")", "-", "/"))
        ):
            continue
        if not (at_line or before in ".;,!?)]|/" or (colon and hit.entry.id in _LISTS)):
            continue
        if single and folded[start] not in _LETTERS:
            continue
        # "History: HTN, DM." in running text is a list of old illnesses
        kind = "past_history" if hit.entry.id == "history" and not at_line else hit.entry.id
        parts.append((start, end, kind, at_line))
    # sentence list, with the part that rules at its start; a heading starts a sentence
    starts = {start for start, _, _, _ in parts}
    bounds = sorted({*ends, *(s for s in starts if s)})
    sentences: list[Sentence] = []
    part_starts = [start for start, _, _, _ in parts]
    begin = 0
    main = "other"
    list_until = -1
    for bound in bounds:
        if bound <= begin:
            continue
        index = bisect_right(part_starts, begin + 1) - 1
        kind = main
        if index >= 0:
            start, end, heading, at_line = parts[index]
            if heading in _LISTS:
                first_end = next((e for e in ends if e > end + 1), len(folded))
                if at_line:
                    blank = next((b for b in sorted(text.blank_lines) if b > end), len(folded))
                    first_end = (
                        blank
                        if end + 2 >= first_end
                        else max(
                            first_end, next((b for b in text.breaks if b > end + 1), len(folded))
                        )
                    )
                kind = heading if begin < first_end else main
            elif start <= begin + 1:
                main = kind = heading
        body = folded[begin:bound]
        stripped = body.lstrip(" -*[(")
        stamp = _LINE_STAMP.match(stripped)
        offset = begin + len(body) - len(body.lstrip())
        if offset < bound:
            sentences.append(
                Sentence(offset, bound, kind, stamp.group().strip("[]() ") if stamp else None)
            )
        begin = bound
    return sentences
