"""Where sentences end and which part of the narrative a word stands in."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from tripsheet.reading.scan import Hit
from tripsheet.reading.text import Text
from tripsheet.values import value

# the sign first: `re` then leaps from sign to sign
_STOP = re.compile(
    r"[.;!?|\u2022/](?:(?<=[.;!?])[.;!?]*(?=[\s\"')\]]|$)|(?<=[a-z%)]\.)(?=[a-z]{3})|(?<=[|\u2022])"
    r"|(?<= /)(?= [a-z][a-z ]{0,20}:))"
)
# a field of the entry before it: "Drug: ketamine; Route: IN; Given by: crew"
_FIELD = re.compile(
    r" ?\[?(?:route|dose|dosage|amount|qty|quantity|given by|administered by|performed by|by"
    r"|provider|performer|crew member|site|time given|success(?:ful)?|size|depth|gauge"
    r"|# of attempts|attempts) ?[:=?]"
)
_UNIT_NEXT = re.compile(r" ?(?:mc?g|ml|cc|units?|grams?|gm?|joules|j|lpm|l|liters?|%|amps?)\b")
_SHORTENED = frozenset({
    "pt", "approx", "dr", "mr", "mrs", "ms", "st", "hx", "min", "mins", "hr", "hrs", "vs",
    "sgt", "lt", "capt", "ave", "blvd", "rd", "jr", "sr", "resp", "temp", "est", "avg", "max",
    "pts", "amt", "wt", "ht", "dept", "inc", "ext", "e.g", "i.e", "a.m", "p.m", "u.s", "a.c",
    "b.i.d", "q", "c.c", "i.v", "i.m", "p.o",
})  # fmt: skip
# "bagged on 15 L." ends a sentence, "Dr. L. Reyes" does not
_UNITS = frozenset("lgfcj")
_LONGEST_SENTENCE = 2000
_LINE_STAMP = re.compile(
    r"[\[(]?(?:(?:[01]?\d|2[0-3]):?[0-5]\d|(?:[01]\d|2[0-3])\.[0-5]\d)"
    r"(?: ?(?:hrs?|hours|h))?[\])]?(?=[\s:.,;\-]|$)"
    # "324 mg ASA" opens a line with a dose
    r"(?! ?(?:mg|mcg|ml|cc|gm?|grams?|units?|meq|mics?|j|joules?|lpm)\b)"
)
_BULLET = re.compile(r"(?:[-*>\u2022#]|\d{1,2}[.)]|\[.?\])\s")
_LETTERS = frozenset("dchartsopm")
# parts whose heading rules a list that ends with its sentence when it stands in running text
_LISTS = frozenset({"past_history", "medications", "allergies", "family_history"})


@value
class Part:
    """A part of the narrative: where its heading stands, its kind, whether at a line's start."""

    start: int
    end: int
    kind: str
    at_line: bool


@value
class Sentence:
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
            measured = word in _UNITS and folded[at - 3 : at - 2].isdecimal()
            if word in _SHORTENED or (
                len(word) == 1
                and word.isalpha()
                and not measured
                and not folded.endswith("emt p", 0, at)
            ):
                continue
            if word == "no" and folded[match.end() : match.end() + 1].isdecimal():
                continue
        elif folded[at] in ";|" and _FIELD.match(folded, match.end()):
            continue
        ends.add(match.end())
    ends.update(at for at in text.fields if not _FIELD.match(folded, at))
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
        if _FIELD.match(folded, at + 1) or (
            folded[at - 1 : at].isdigit() and _UNIT_NEXT.match(folded, at + 1)
        ):
            continue
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
    return _cut(folded, sorted(ends))


def _cut(folded: str, ends: list[int]) -> list[int]:
    """The same ends, with an endless sentence cut at a space, so that time grows with length."""
    start, cuts = 0, []
    for end in ends:
        while end - start > _LONGEST_SENTENCE:
            space = folded.rfind(" ", start, start + _LONGEST_SENTENCE)
            start = space + 1 if space > start else start + _LONGEST_SENTENCE
            cuts.append(start)
        cuts.append(end)
        start = end
    return cuts


def layout(text: Text, headings: list[Hit], told: list[int], drugs: list[int]) -> list[Sentence]:
    """The sentences of a narrative, each with the part it stands in.

    `headings` are the hits of words that may be a heading, `told` the places of words that make
    a statement (verbs of doing, pronouns), `drugs` those of drugs; all by place.
    """
    folded = text.folded
    ends = _breaks(text)
    parts = _parts(text, headings)
    part_starts = [part.start for part in parts]
    list_ends = [
        _list_end(text, ends, part, told, drugs) if part.kind in _LISTS else 0 for part in parts
    ]
    # a heading starts a sentence
    bounds = sorted({*ends, *filter(None, part_starts)}) if parts else ends
    sentences: list[Sentence] = []
    begin = 0
    main = "other"
    for bound in bounds:
        if bound <= begin:
            continue
        index = bisect_right(part_starts, begin + 1) - 1
        kind = main
        if index >= 0:
            part = parts[index]
            if part.kind in _LISTS:
                kind = part.kind if begin < list_ends[index] else main
            elif part.start <= begin + 1:
                line = next((at for at in text.breaks if at > part.end), len(folded))
                if part.kind == "prior_care" and line > part.end + 2:
                    # "PTA: PD Narcan x2" labels its line alone
                    kind = part.kind if begin < line else main
                else:
                    main = kind = part.kind
        body = folded[begin:bound]
        offset = bound - len(body.lstrip())
        if offset < bound:
            opening = body.lstrip(" -*[(")
            stamp = _LINE_STAMP.match(opening) if opening[:1].isdigit() else None
            sentences.append(
                Sentence(offset, bound, kind, stamp.group().strip("[]() ") if stamp else None)
            )
        begin = bound
    return sentences


def _parts(text: Text, headings: list[Hit]) -> list[Part]:
    """The parts whose headings stand as headings do: at a line's start or before a colon."""
    folded, breaks = text.folded, text.breaks
    line_starts = {0, *(at + 1 for at in breaks)}
    parts: list[Part] = []
    for heading in headings:
        start, end, entry = heading.start, heading.end, heading.entry
        if parts and start < parts[-1].end:
            continue  # the "meds" of "total meds"
        at_line = start in line_starts or (start > 1 and folded[start - 1] in "-*[(")
        after = folded[end : end + 2].lstrip()[:1]
        colon = after in (":", "=") or folded.startswith(" - ", end)
        if not colon and not at_line:
            continue
        single = end - start == 1
        if single and folded[start] not in _LETTERS:
            continue
        if not at_line:
            before = folded[:start].rstrip()[-1:] if start else "\n"
            if single and not (before in ".;" and folded[end] == ":"):
                continue
            if entry.id not in _LISTS and before not in ".;,!?)]|/":
                continue
        elif not (
            colon or end in breaks or end == len(folded) or (single and after in (")", "-", "/"))
        ):
            continue
        # "History: HTN, DM." in running text is a list of old illnesses
        kind = "past_history" if entry.id == "history" and not at_line else entry.id
        parts.append(Part(start, end, kind, at_line))
    return parts


def _list_end(text: Text, ends: list[int], part: Part, told: list[int], drugs: list[int]) -> int:
    """Where the list under a heading ends: with its sentence, or at its line's or block's first
    statement.

    Under a heading alone on its line the list runs to a blank line. After a heading with a list
    behind it further sentences of the line belong to it, and further lines that name a drug.
    """
    last = len(text.folded)
    sentence = next((end for end in ends if end > part.end + 1), last)
    if not part.at_line:
        return sentence
    line = next((at for at in text.breaks if at > part.end), last)
    if line <= part.end + 2:
        block = next((blank for blank in sorted(text.blank_lines) if blank > part.end), last)
        begin = line
        for end in ends:
            if end > begin:
                if begin >= block or _any_between(told, begin, end):
                    break
                begin = end
        return begin
    for index in range(bisect_right(ends, sentence) - 1, len(ends) - 1):
        begin, end = ends[index], ends[index + 1]
        if _any_between(told, begin, end):
            return begin
        if begin >= line and (
            begin in text.blank_lines
            or part.kind != "medications"
            or not _any_between(drugs, begin, end)
            or _GIVEN_AS.search(text.folded, begin, end)
        ):
            return begin
    return last


# a line of care, not of home drugs
_GIVEN_AS = re.compile(r"\b(?:po|sl|s?ivp?|im|in|io|neb\w*|x ?\d)\b(?! (?:daily|bid|tid|qd|prn))")


def _any_between(places: list[int], start: int, end: int) -> bool:
    return bisect_left(places, start) < bisect_left(places, end)
