"""Vital signs: measured values, in every way that crews write them.

The words come from the one scan (`lexicons/vitals.toml`); at each the number that follows is
read where it stands. Two shapes carry their own meaning without a word: a blood pressure
("156/90", with the bare numbers of a vitals line after it) and a score out of ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tripsheet.findings import Vital
from tripsheet.reading.document import Document
from tripsheet.reading.patterns import guarded
from tripsheet.reading.scan import Hit
from tripsheet.vocabulary import VitalKind

_UNITS: dict[VitalKind, str] = {
    "systolic_bp": "mmHg", "diastolic_bp": "mmHg", "heart_rate": "/min",
    "respiratory_rate": "/min", "spo2": "%", "glucose": "mg/dL", "etco2": "mmHg",
}  # fmt: skip
# the values that a living (or dying) patient can have; anything else is another number
_RANGES: dict[str, tuple[float, float]] = {
    "systolic_bp": (30, 300), "diastolic_bp": (10, 200), "heart_rate": (10, 320),
    "respiratory_rate": (0, 80), "spo2": (40, 100), "gcs": (3, 15), "glucose": (10, 1500),
    "etco2": (4, 150), "temperature": (24, 112), "pain_score": (0, 11), "stroke_score": (0, 42),
}  # fmt: skip

# what may stand between a vital's word and its value
_LINK = re.compile(
    r"(?:[\s:;=~@#\"'\[\]({*-]|\(?[01](?: ?- ?| to | )10\)"
    r"|\b(?:in the|low|mid|high|upper|said|now|then|was|is|of|at|to|reads|reading|read|ran|up"
    r"|down|came|went|dropped|dropping|rose|improved|coming|going|jumped|fell|climbed|improving"
    r"|increased|decreased|initially|initial|currently|only|repeat|recheck|after|from|found"
    r"|noted|of a|started|about|approx(?:imately)?|maybe|rate|level|scale|score|scored|wnl|rated"
    r"|as|a|her|his|waveform|nasal|positive|pos|weak|regular|stable|by|ears?|oral|axillary"
    r"|rectal|temporal|holding|remained|consistently|measured|obtained|with|good|via nc|showed"
    r"|shows|returned|just|being|but|had|been|systolic|on (?:room air|ra)|manual|co2|n/c"
    r"|on (?:the )?monitor|drops|also|today|given as|in place|back|were|are|around|remains?"
    r"|hovering)\b)*"
)
_NUMBER = re.compile(r"\d{1,4}(?:\.\d+)?")
_PRESSURE = re.compile(
    r"(?<![\d/.])(\d{2,3}) ?(?:/|\\| over ) ?(?:(\d{2,3})(?![\d/.]*[\d/])|(p\b|palp\w*|doppler))"
)
# from its slash on: `re` then leaps from slash to slash
_BARE_PRESSURE = re.compile(r"/(?<=\d\d/)(?:\d{2,3}(?!\d|/|\.\d| ?%| ?mc?g)|p(?:alp\w*)?\b)")
_NO_START = re.compile(r"[\w:$]")
_SINGLE_PRESSURE = re.compile(r"(\d{2,3})(?!\d)(?: ?(?:systolic|sys\b|palp\w*))?")
_OUT_OF_TEN = re.compile(
    r"(\d(?<![\d/.]\d)\d?)(?: ?- ?\d{1,2})? ?(?:/| out of | of | on a scale of ) ?10(?![\d/]|\.\d)"
)
_GCS_PARTS = re.compile(
    r"e ?([1-4])[ ,/]*v ?([1-5])t?[ ,/]*m ?([1-6])|([1-4])[ ,/]+([1-5])[ ,/]+([1-6])(?!\d)"
)
_CHAIN = re.compile(
    r" ?%?(?:\s|[\])])*(?:->|-+>|=>|>|→|\bto\b|,? (?:then|now|up to|down to|came up to"
    r"|came to|improved to|increased to)) ?"
    r"(?:(?:up|down|now|to|about|came|went)\b ?)*[\[(\"]?(\d{1,3}(?:\.\d)?)(?![\d/:]"
    r"| ?(?:min|mg|mcg|lpm|l\b|mi\b|ml|hr|g\b))"
)
_LIST_STEP = re.compile(
    r" ?(?:[,;/-]|\s)\s*(?:-\s*)?(\d{2,3})(?! ?%? ?(?:g|ga|gauge|mg|mcg|ml|cc|l|lpm|lead"
    r"|mi|miles?|min|mins|minutes?|hrs?|y/?o|yo[mf]?|j|units?|fr|lbs?|kg|f|x)\b|[\d/:]"
    r"|\.\d)"
)
# "BP:110/70HR:88RR:16": the next word stands against the number
_NEXT_VITAL = re.compile(r"(?:bp|hr|p|rr|r|resp|spo2|sat|gcs|t|temp|bgl|bg)[: ]? ?\d")
# a later value told in the same breath: "34 mg/dL on arrival, 128 after D10", "12, jumped to 44"
_LATER = re.compile(
    r"(?: ?(?:mmhg|mg/dl|bpm|%))?(?: (?:on|at|with|en|in|upon|per|by|initially|prior|before)"
    r"(?: (?!\d)[a-z/]+){0,3})?[,;] ?(?:and |but )?(?:"
    r"(?:(?:it |now )?(?:was|is|then|now|came|went|rose|climbed|jumped|dropped|fell|improved"
    r"|increased|decreased|up|down|back)\b ?)(?:(?:back |up |down |only )?to |up |down |at )?"
    r"(\d{1,3}(?:\.\d)?)(?![\d/:.]| ?(?:min|mg(?!/)|mcg|lpm|l\b|mi\b|ml|hr|g\b|y/?o|j\b))"
    r"|(\d{1,3}(?:\.\d)?)(?= (?:after|post|following|on (?:arrival|scene|recheck|our)|en ?route"
    r"|at (?:scene|hospital|ed|er|transfer|arrival|rosc|recheck)|now|at the (?:hospital|scene))\b))"
)
_RHYTHM = re.compile(r" (?:irreg\w*|reg\w*|strong|weak|thready)")
_NEXT_PERCENT = re.compile(r"(?: ?irreg\w*| ?reg\w*)?[,;]? ?(\d{2,3}) ?%")
_AIR = re.compile(r" ?%?[\])]* ?(?:\(?on |of )?(?:ra\b|r/a\b|room air|rm air)")
_OXYGEN = re.compile(
    r" ?%?[\])]* ?(?:(?:on|with|w/|via|by|o2 at) (?:his |her |usual |home |the "
    r"|a )?(?:\d+(?:\.\d)? ?(?:l\b|lpm|liters?)|nrb|nc\b|bvm|cpap|bipap|o2\b|oxygen|non"
    r"|vent\b|neb\b)"
    r"|\d+ ?l(?:pm)?\b|nrb\b)"
)
_ON_OXYGEN = re.compile(
    r"(\d(?<![\d/.]\d)\d{1,2}) ?% ?(?:on|with|w/) (?:his |her |home |usual |a "
    r"|the )?(?:\d+(?:\.\d)? ?(?:l\b|lpm|liters?)|nrb|nc\b|bvm|cpap|bipap|o2\b|oxygen|non"
    r"|vent\b|neb\b|blow)"
)
_BEFORE_AIR = re.compile(r"(?<![\d/.-])(\d{2,3}) ?%? ?(?:\(?on |of |-? ?)?\(?$")
_BEFORE_AIR_RANGE = re.compile(r"(?<![\d/.])(\d{2,3}) ?(?:-|to) ?\d{2,3} ?%? ?(?:on )?$")
_NOT_MEASURED = guarded(
    r"(?:\btarget(?:ing)?|\bgoal|\bkeep(?:ing)?|\bmaintain(?:ing)?|\bif|\btitrated? (?:to"
    r"|for)|\bparameters|\bholds? for|\bnormal)"
    r"(?: (?:an?|the|his|her|for|of|to|map|o2|for an?))*\s*$"
)
_UNIT_AFTER = re.compile(
    r" ?(?:mg|mcg|ml|g\b|gm\b|grams?|mins?\b|minutes?|hours?|hrs\b|hr\b(?! ?[\d:])|h\b"
    r"|days?|d\b|wks?\b|weeks?|months?|yrs?|years?|lpm|l\b|liters?|ga\b|gauge|mi\b|miles?"
    r"|y/?o|yo\b|am\b|pm\b|joules|times\b(?! (?:a|per) min)|cm\b|mm\b|deg|beats?\b(?! (?:per"
    r"|a) min)|fr\b|/hr"
    r"|/min/|more\b)"
)
# a plain "rate" under this is as likely a ventilator's or a pump's
_SLOWEST_PLAIN_RATE = 45
# what may follow a bare score behind "CP" or "HA"
_CLOSED = re.compile(r" ?(?:[.,;)]|$|at \d|now\b|on arrival)")
# the numbers of a spoken pressure are digits here already (`dictation.py`)
_OVER = re.compile(r"(\d(?<![\d/.]\d)(?<!\w\d)\d{1,2}) ?over (\d{2,3})(?![\d/:])")
# a saturation told by its sign alone: "He was 96%", "came up to 94%, 102/60"
_PERCENT = re.compile(r"(?P<n>[17-9](?<![\d./-].)(?:(?<=1)00|(?<!1)\d)) ?%")
_OTHER_PERCENT_BEFORE = re.compile(
    r"(?:fi ?o ?2|tbsa|\bef|lad|rca|dextrose|stenos\w*|block\w*|occlu\w*|burn\w*|humidity|mask"
    r"|oxygen|o2|full|goal|target|keep|above|over|under|below|less than|>|<)[ :=]*"
    r"(?:of |at |to |about |approx\w* )*$"
)
_OTHER_PERCENT_AFTER = re.compile(
    r" ?(?:tbsa|body|burn\w*|stenos\w*|occlu\w*|block\w*|lesion|of\b|fi ?o2|o2\b|oxygen|complian\w*"
    r"|captur\w*|paced|pacing|full|certain|sure|better|improved|relief|resol\w*|humid\w*|charge\w*"
    r"|battery|flow|disab\w*|weight|non ?rebreather)"
)
# "from an 8 to a 2", "rated it a 9": scores of pain without its name before them; the word first:
# `re` then leaps from one to the next
_PAIN_FROM_TO = re.compile(
    r"from (?<!\wfrom )(?:an? )?(?P<a>10|\d)(?: out of 10|/10)? (?:down |up )?to (?:an? )?"
    r"(?P<b>10|\d)\b(?! ?(?:mm|mg|mcg|l\b|lpm|%|min|hour|day|week|year|feet|ft|steps|stairs"
    r"|o'?clock|am\b|pm\b))"
)
_PAIN_RATED = re.compile(
    r"rate(?<!\wrate)[sd]? (?:it|this|that|(?:the|his|her) pain)(?: as| at)? (?:an? )?(?P<n>10"
    r"|\d)\b(?!/|\.\d)"
)
# before a number of a home
_ADDRESS = re.compile(r"(?<![a-z])(?:apt\.?|apartment|lot|suite|ste|room|rm) $")
# the three scores of a coma scale, told without its name
_EYES = re.compile(r"\be([1-4])[ ,/]*v([1-5])t?[ ,/]*m([1-6])(?!\d)")
_LINE_KINDS: tuple[VitalKind, ...] = ("heart_rate", "respiratory_rate", "spo2")


def read_vitals(document: Document) -> tuple[Vital, ...]:
    """The measured values of a narrative, in its order; ranges count by their first value."""
    found: dict[tuple[int, VitalKind], Vital] = {}
    for at, vital in _read(document):
        found.setdefault((at, vital.kind), vital)
    # a number speaks once for each kind, whichever word led to it
    return tuple(found[key] for key in sorted(found))


def _read(document: Document) -> Iterator[tuple[int, Vital]]:
    folded = document.folded
    last: VitalKind | None = None
    sugar = False
    taken: set[int] = set()
    for hit in document.hits("vital"):
        id = hit.entry.id
        if hit.start in taken or id == "apgar":
            continue
        if hit.end - hit.start == 1 and folded[hit.start - 1 : hit.start] == "/":
            continue  # the P of "88/P"
        if id == "room_air":
            yield from _before_room_air(document, hit)
            continue
        if folded[hit.end + 1 : hit.end + 2].isdigit() and folded[hit.end] in " :":
            at = hit.end + 1
        elif hit.end - hit.start == 1 and not folded[hit.end + 2 : hit.end + 3].isdigit():
            continue
        else:
            link = _LINK.match(folded, hit.end)
            at = link.end() if link is not None else hit.end
        if at > hit.end and _NOT_MEASURED.search(folded, max(0, hit.start - 32), hit.start):
            continue
        if at == hit.end and hit.end - hit.start == 1:
            continue  # "P2", "R4" are no vital signs
        if id == "recheck":
            checked = last == "glucose" or (sugar and folded.startswith("recheck", hit.start))
            if not checked or not _NUMBER.match(folded, at):
                continue
            id = "glucose"
        produced = list(_at(document, hit, id, at))
        yield from produced
        if produced:
            last = produced[-1][1].kind
            taken.add(at)
        # "BGL lo", told without a number, can still be rechecked
        sugar = sugar or id == "glucose"
    yield from _pressures(document)
    if any(hint in folded for hint in ("e1", "e2", "e3", "e4")):
        for match in _EYES.finditer(folded):
            total = sum(map(int, match.groups()))
            yield from _vital(document, "gcs", str(total), *match.span(), match.start())
    if "/10" in folded or "/ 10" in folded or "of 10" in folded:
        yield from _scores_of_ten(document)
    if "pain" in folded:
        yield from _told_pain(document)
    if "%" in folded:
        for match in _PERCENT.finditer(folded):
            if not _OTHER_PERCENT_BEFORE.search(
                folded, max(0, match.start() - 26), match.start()
            ) and not _OTHER_PERCENT_AFTER.match(folded, match.end()):
                detail, close = _breathing(folded, match.end("n"))
                at = match.start()
                yield from _vital(document, "spo2", match["n"], at, close, at, detail=detail)
        for match in _ON_OXYGEN.finditer(folded):
            if "fio2" in folded[max(0, match.start() - 16) : match.start()]:
                continue
            yield from _vital(
                document, "spo2", match.group(1), match.start(), match.end(), match.start(1),
                detail="on_oxygen",
            )  # fmt: skip


def _at(document: Document, hit: Hit, id: str, at: int) -> Iterator[tuple[int, Vital]]:
    """The vital that a word names, read from where its number should stand."""
    folded = document.folded
    if id == "gcs":
        parts = _GCS_PARTS.match(folded, at)
        if parts is not None:
            total = sum(int(part) for part in parts.groups() if part)
            yield from _vital(document, "gcs", str(total), hit.start, parts.end(), at)
            return
    number = _NUMBER.match(folded, at)
    if number is None:
        return
    if id == "blood_pressure":
        pressure = _PRESSURE.match(folded, at)
        if pressure is not None:
            yield from _pressure(document, hit.start, pressure)
            return
        single = _SINGLE_PRESSURE.match(folded, at)
        if (
            single is None
            or folded[single.end() : single.end() + 1] in ("/", ":")
            or _UNIT_AFTER.match(folded, single.end())
        ):
            return
        detail = "palpated" if "palp" in single.group() else None
        if float(single.group(1)) >= 40 and folded[single.end() : single.end() + 1] not in (
            "s",
            "'",
        ):
            yield from _vital(
                document, "systolic_bp", single.group(1), hit.start, single.end(), at, detail=detail
            )
        return
    kind: VitalKind = id  # type: ignore[assignment]
    if folded[hit.start : hit.end] == "rate" and float(number.group()) < _SLOWEST_PLAIN_RATE:
        return
    end = number.end()
    after = folded[end : end + 2]
    if after == "'s" or (after[:1] in ("s", "'") and not after[1:2].isalpha()):
        return  # "in the 80s" is no number
    if kind == "pain_score":
        ten = _OUT_OF_TEN.match(folded, at)
        if ten is not None:
            yield from _vital(document, kind, ten.group(1), hit.start, ten.end(), at)
            yield from _chain(document, kind, ten.end())
            return
        sure = folded.startswith(("pain", "flacc", "face"), hit.start)
        if not sure and _CHAIN.match(folded, end) is None and not _CLOSED.match(folded, end):
            return
    if (
        (
            after[:1] == "/"
            and kind
            not in ("gcs", "stroke_score", "respiratory_rate", "heart_rate", "glucose", "etco2")
        )
        or after[:1] == ":"
        or (
            after[:1].isalpha()
            and kind != "temperature"
            and not folded.startswith(
                ("mmhg", "mg/dl", "ra", "bpm", "rpm", "on", "tymp", "t "), end
            )
            and not _NEXT_VITAL.match(folded, end)
        )
    ):
        return
    if after[:1] == "/" and after[1:2].isdigit() and kind not in ("gcs", "stroke_score"):
        return
    if (
        kind
        in (
            "pain_score",
            "glucose",
            "heart_rate",
            "respiratory_rate",
            "etco2",
            "gcs",
            "stroke_score",
            "spo2",
        )
        and _UNIT_AFTER.match(folded, end)
        and not folded.startswith((" mg/dl", "mg/dl"), end)
    ):
        return
    if (
        kind == "temperature"
        and not 24 <= float(number.group()) <= 45
        and not 80 <= float(number.group()) <= 112
    ):
        return
    if (
        kind == "temperature"
        and hit.end - hit.start == 1
        and "." not in number.group()
        and float(number.group()) < 95
    ):
        return
    if kind == "spo2":
        detail, end = _breathing(folded, end)
    else:
        detail = None
    yield from _vital(document, kind, number.group(), hit.start, end, at, detail=detail)
    yield from _chain(document, kind, number.end())
    if kind in ("heart_rate", "respiratory_rate"):
        yield from _percent(document, number.end())


def _chain(document: Document, kind: VitalKind, end: int) -> Iterator[tuple[int, Vital]]:
    """The values that follow by an arrow or "then": "79 -> 95", "pain 10 to 4"."""
    folded = document.folded
    while (match := _CHAIN.match(folded, end)) is not None:
        value, at = match.group(1), match.start(1)
        end = match.end()
        if folded[end : end + 1] in ("s", "'"):
            return
        detail = None
        if kind == "spo2":
            detail, close = _breathing(folded, end)
        else:
            close = end
        produced = _vital(document, kind, value, at, close, at, detail=detail)
        if not produced:
            return
        yield from produced
    if kind in ("glucose", "etco2", "gcs"):
        later = _LATER.match(folded, end)
        if later is not None:
            group = later.lastindex or 1
            value, at = later.group(group), later.start(group)
            yield from _vital(document, kind, value, at, later.end(group), at)


def _percent(document: Document, end: int) -> Iterator[tuple[int, Vital]]:
    """A saturation told by its sign alone behind another vital: "P 44, R 18, 94%"."""
    match = _NEXT_PERCENT.match(document.folded, end)
    if match is not None:
        detail, close = _breathing(document.folded, match.end(1))
        at = match.start(1)
        yield from _vital(document, "spo2", match.group(1), at, close, at, detail=detail)


def _breathing(folded: str, end: int) -> tuple[str | None, int]:
    """What a saturation was measured on, and where those words end."""
    match = _AIR.match(folded, end)
    if match is not None:
        return "room_air", match.end()
    match = _OXYGEN.match(folded, end)
    if match is not None:
        return "on_oxygen", match.end()
    return None, end + 1 if folded[end : end + 1] == "%" else end


def _before_room_air(document: Document, hit: Hit) -> Iterator[tuple[int, Vital]]:
    """ "94% RA", "97 on room air": the number stands before the words."""
    folded = document.folded
    low = max(0, hit.start - 14)
    match = _BEFORE_AIR_RANGE.search(folded, low, hit.start) or _BEFORE_AIR.search(
        folded, low, hit.start
    )
    if match is not None:
        yield from _vital(
            document, "spo2", match.group(1), match.start(), hit.end, match.start(1),
            detail="room_air",
        )  # fmt: skip


def _pressures(document: Document) -> Iterator[tuple[int, Vital]]:
    """Pressures told without their word, and the bare numbers of a vitals line behind any."""
    folded = document.folded
    if " over " in folded:
        yield from _pressures_over(document)
    if "/" not in folded:
        return
    for match in _BARE_PRESSURE.finditer(folded):
        slash = match.start()
        start = slash - (3 if folded[max(0, slash - 3)].isdigit() else 2)
        pressure = _PRESSURE.match(folded, start)
        if pressure is None or _NO_START.match(folded[start - 1 : start]):
            continue
        if _ADDRESS.search(folded, max(0, start - 11), start):
            continue
        produced = list(_pressure(document, start, pressure))
        yield from produced
        if produced:
            yield from _line(document, pressure.end())


def _pressures_over(document: Document) -> Iterator[tuple[int, Vital]]:
    """Pressures told without their word and with "over": "132 over 78", "one ten over sixty"."""
    folded = document.folded
    for match in _OVER.finditer(folded):
        if _UNIT_AFTER.match(folded, match.end()):
            continue
        systolic, diastolic = (float(part) for part in match.groups())
        if systolic < 50 or diastolic < 20 or not 6 <= systolic - diastolic <= 200:
            continue
        start, end = match.span()
        yield from _vital(document, "systolic_bp", match[1], start, end, start)
        yield from _vital(document, "diastolic_bp", match[2], start, end, match.start(2))
        yield from _line(document, end)


def _pressure(document: Document, start: int, match: re.Match[str]) -> Iterator[tuple[int, Vital]]:
    systolic, diastolic, palpated = match.groups()
    at = match.start(1)
    if palpated:
        if 30 <= int(systolic) <= 300:
            yield from _vital(
                document, "systolic_bp", systolic, start, match.end(), at, detail="palpated"
            )
        return
    if (
        not (30 <= int(systolic) <= 300 and 10 <= int(diastolic) < int(systolic))
        or int(systolic) - int(diastolic) < 6
    ):
        return
    yield from _vital(document, "systolic_bp", systolic, start, match.end(), at)
    yield from _vital(document, "diastolic_bp", diastolic, start, match.end(), match.start(2))


def _line(document: Document, end: int) -> Iterator[tuple[int, Vital]]:
    """ "156/90, 102, 20, 94%": pulse, breathing and saturation by their order and size."""
    folded = document.folded
    close = document.folded[end : end + 1]
    if close in ")]":
        end += 1
    values: list[tuple[int, int, str]] = []
    while len(values) < 3 and (match := _LIST_STEP.match(folded, end)) is not None:
        values.append((match.start(1), match.end(1), match.group(1)))
        end = match.end(1)
        rhythm = _RHYTHM.match(folded, end)
        if rhythm is not None:
            end = rhythm.end()
        if folded[end : end + 1] == "%" or _AIR.match(folded, end):
            break
    if not values:
        return
    if len(values) == 1:
        # a single number after a pressure is a pulse only where the list ends with it
        after = folded[values[0][1] : values[0][1] + 2]
        if not (after == "" or after[0] in ".,;)]" or after == " " or after == "% "):
            return
        if folded[values[0][0] - 2] not in ",-;/":
            return
    position = 0
    for at, stop, digits in values:
        value = int(digits)
        saturation = folded[stop : stop + 1] == "%" or _AIR.match(folded, stop) is not None
        if saturation or (position >= 1 and 60 <= value <= 100):
            kind: VitalKind = "spo2"
            position = 3
        elif position < 2:
            kind = _LINE_KINDS[position]
            position += 1
        else:
            return
        if kind == "respiratory_rate" and value > 60:
            return
        detail = None
        if kind == "spo2":
            detail, stop = _breathing(folded, stop)
        yield from _vital(document, kind, digits, at, stop, at, detail=detail)


def _scores_of_ten(document: Document) -> Iterator[tuple[int, Vital]]:
    folded = document.folded
    others = [hit.end for hit in document.hits("vital") if hit.entry.id == "apgar"]
    for match in _OUT_OF_TEN.finditer(folded):
        if any(0 <= match.start() - end < 24 for end in others):
            continue
        yield from _vital(
            document, "pain_score", match.group(1), match.start(), match.end(), match.start(1)
        )
        yield from _chain(document, "pain_score", match.end())


def _told_pain(document: Document) -> Iterator[tuple[int, Vital]]:
    folded = document.folded
    for pattern in (_PAIN_FROM_TO, _PAIN_RATED):
        for match in pattern.finditer(folded):
            sentence = document.sentence_at(match.start())
            before = document.sentences[max(0, document.sentence_index(match.start()) - 1)]
            if "pain" not in folded[before.start : sentence.end]:
                continue
            for group in match.groupdict():
                at, close = match.span(group)
                yield from _vital(document, "pain_score", match[group], at, close, at)


def _vital(
    document: Document,
    kind: VitalKind,
    digits: str,
    start: int,
    end: int,
    at: int,
    *,
    detail: str | None = None,
) -> tuple[tuple[int, Vital], ...]:
    """The value with its place, or nothing where no patient can have it."""
    value = float(digits)
    low, high = _RANGES[kind]
    if not low <= value <= high:
        return ()
    if value != int(value) and kind not in ("temperature", "glucose", "etco2"):
        return ()
    unit = ("F" if value > 60 else "C") if kind == "temperature" else _UNITS.get(kind, "")
    return ((at, Vital(kind, value, unit, detail, (document.span(start, end),))),)
