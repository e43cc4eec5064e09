"""How much of a drug, and how many times: what the words before and behind its name tell."""

from __future__ import annotations

import re

from tripsheet.findings import Dose
from tripsheet.reading import amounts
from tripsheet.reading.medications.event import Event
from tripsheet.reading.patterns import guarded

# what makes later times those of something else
_OTHER_TIMES = guarded(
    r"total|recheck|re ?check|bgl|\bbp\b|glucose|vitals?|reassess|pain|relief|improv|resol"
    r"|until|arriv|transport"
)
DOSES_BEFORE = guarded(
    r"(?P<n>\d|one|two|three|four|five|six|a|another|couple|2nd|3rd|second|third)(?: total"
    r"| separate| more| additional)?(?: \d+ ?(?:mcg|mg|g|units?))? (?:doses?|rounds?|nebs?"
    r"|amps?|boluses|pushes|tabs?|tablets?|sprays?|treatments?)(?: of)?(?: his"
    r"| her)?(?: own)? $"
    r"|total of (?P<t>\d|one|two|three|four|five|six) $"
    r"|(?P<o>\d|one|two|three|four|five|six) of (?:his|her|their)(?: own)?(?: home)? $"
    r"|(?P<x>\d) ?x ?$"
)
_SEVERAL = re.compile(r"\b(?P<n>two|three|four|2|3|4) $")
_BEFORE = guarded(
    rf"(?:{amounts.DOSE.pattern})(?: (?:total )?(?:dose )?(?:of |iv |ivp |im |in |io |po "
    rf"|sl |odt |slow |neb |nebulized |iv push |bolus |bolus of )*)?$"
)
NOT_A_DRUG_REPEAT = guarded(
    r"\b(?:vitals?|v/s|vs|12 lead|ekg|ecg|assessment|exam|bp|bgl|attempt|attempts|unit|crew"
    r"|iv(?! ?p(?:ush)?\b)|strips?|stroke|shock|shocked|joules?|defib|cardiovert\w*|scale"
    r"|bolus of (?:ns|lr"
    r"|fluid)|ml|cc|liter)\b"
)
_WASTED = re.compile(r" ?(?:ivp? |of it |was |were )*(?:wasted?|discarded)\b")
# so many tablets of this strength are one dose
_TABLETS = frozenset({("aspirin", 81.0)})
_GAUGE = re.compile(r"(?:14|16|18|20|22|24) ?g")
_BARE_BEHIND = re.compile(
    r"[ :\-]{1,3}(?!(?!1000|2000)[012]\d[0-5]\d\b)(?P<number>\d+(?:\.\d+)?|\.\d+)"
    r"(?= ?(?:then|\+|plus|followed|more|iv|ivp|sivp|im|in|io|po|sl"
    r"|odt|pr|sq|x ?\d|given|and|neb|push|slow|rapid|fast|at|@|q ?\d|over|gtt|drip"
    r"|by|/|cont|to|had|sub ?ling\w*|intra\w+|->|$|[,;]|\.(?!\d)))"
)
_BARE_BEFORE = re.compile(r"(?:^|\s)(?P<number>\d+(?:\.\d+)?|\.\d+)(?: of)? ?$")
_LEADS_TO_DOSE = guarded(r"\b(?:given|administered|dose|at)\b")
_JOINS_DOSE = re.compile(r"(?:\band\b|\+|,|/|&|;)\s*(?:a |an )?(?:iv |ivp )?$|(?:at|@) \d{4},? *$")
# what tells that a number behind it counts something else, or is counted already
_NOT_COUNTED = re.compile(
    r"(?:attempts?|tries|unsuccess\w*) ?$"
    r"|\b(?:repeat\w*|rpt|again) ?(?:dose |doses |same )?$"
)
_ADDED = re.compile(r"\b(?:additional|more|further)\b")
_MAY_BE = re.compile(r"\b(?:may|will|can|if|to|not|prn|could) (?:be )?$")
_THEN = re.compile(r"\b(?:and|then|with|,|a|by)\s*(?:a |the )?$")
# "Total fentanyl on board: 100 mcg"
_TOTAL_OF = re.compile(r"\btotal (?:dose of |of |iv )?$")


def read_amount(
    event: Event, left: str, right: str, since: int, end: int, drug_follows: bool = False
) -> None:
    """Dose and count of one telling, from the words before and behind the drug.

    With `drug_follows`, a further dose that leads straight to the next drug is that drug's.
    """
    if not amounts.AMOUNT.search(right) and not amounts.AMOUNT.search(left):
        return
    before = _BEFORE.search(left)
    if before and not amounts.TOTAL.search(left[: before.start()]):
        event.dose = Dose(amounts.number(before["number"]), amounts.unit(before["unit"]))
        event.spans.append((since + before.start(), since + before.end()))
    elif before:
        event.dose = Dose(amounts.number(before["number"]), amounts.unit(before["unit"]))
        event.total_only = True
        event.spans.append((since + before.start(), since + before.end()))
    counted = 0
    if before and event.tablets and before["unit"].startswith(("spray", "tab", "neb")):
        counted = int(amounts.number(before["number"]))
        event.counted = counted > 0
    doses_before = DOSES_BEFORE.search(left if not before else left[: before.start()])
    several = _SEVERAL.search(left) if event.plural else None
    if doses_before:
        counted = amounts.how_often(next(filter(None, doses_before.groups()))) or counted
        event.counted = counted > 0
        event.spans.append((since + doses_before.start(), since + doses_before.end()))
    elif several:
        counted = amounts.how_often(several["n"]) or 0
        event.counted = counted > 0
        event.spans.append((since + several.start(), since + several.end()))
    if amounts.ORDINAL.search(left[-30:]):
        event.counted = True
    number_of_doses = 0
    place = 0
    if event.dose is None:
        bare = _BARE_BEHIND.match(right)
        if bare:
            event.dose = Dose(float(bare["number"]), "")
            event.spans.append((end + bare.start(), end + bare.end()))
            number_of_doses = 1
    slashed = amounts.SLASHED.match(right)
    if slashed is not None and event.dose is None:
        parts = [float(part) for part in slashed["doses"].split("/")]
        if max(parts) <= 5 * min(parts):
            event.dose, number_of_doses = Dose(parts[0], ""), len(parts)
            event.counted, place = True, slashed.end()
            event.spans.append((end + slashed.start(), end + slashed.end()))
    for match in amounts.DOSE.finditer(right, place):
        words = match["unit"]
        value = Dose(amounts.number(match["number"]), amounts.unit(words))
        gap = right[place : match.start()]
        if event.dose is not None and _GAUGE.fullmatch(match.group()):
            place = match.end()
            continue
        if (
            drug_follows
            and event.dose is not None
            and right[match.end() :].strip() in ("", "of", "of iv", "iv")
        ):
            break
        if amounts.TOTAL.search(gap) or amounts.TOTAL_AFTER.match(right[match.end() :]):
            if event.dose is None:
                event.dose, event.total_only = value, True
                event.spans.append((end + match.start(), end + match.end()))
            place = match.end()
            continue
        if _WASTED.match(right, match.end()) or gap.endswith("wasted "):
            place = match.end()
            continue
        if value.unit in ("mL", "drops") and (event.dose is not None or match.start() > 14):
            place = match.end()
            continue
        if event.dose is None and number_of_doses == 0:
            if match.start() > 60 and not _LEADS_TO_DOSE.search(gap):
                break
            event.dose = value
            event.spans.append((end + match.start(), end + match.end()))
            number_of_doses = 1
        elif event.total_only and event.dose is not None and number_of_doses == 0:
            number_of_doses = 1
            event.dose, event.total_only = value, False
        elif amounts.AGAIN.search(gap) or _JOINS_DOSE.search(gap):
            if "/" in value.unit:
                place = match.end()
                continue
            number_of_doses = max(number_of_doses, 1) + 1
            event.counted = True
            event.spans.append((end + match.start(), end + match.end()))
        place = match.end()
    if event.dose is None:
        bare = _BARE_BEFORE.search(left)
        if bare and event.tablets and float(bare["number"]) in (1, 2, 3, 4, 5, 6):
            counted = int(float(bare["number"]))
            event.counted = True
            event.spans.append((since + bare.start(), since + bare.end()))
        elif bare and not doses_before and not left[: bare.start()].endswith(("x", "q", ":", "#")):
            event.dose = Dose(float(bare["number"]), "")
            event.spans.append((since + bare.start(), since + bare.end()))
    if event.dose is not None:
        again = [
            match.span()
            for match in amounts.FURTHER.finditer(right, place if slashed else 0)
            if match.start() < 130 and not amounts.DOSE.match(right, match.start("number"))
        ]
        if not again and event.dose.unit not in ("mL", "L"):
            again = [
                match.span()
                for match in amounts.ELIDED.finditer(right[:150])
                if 0.2 <= float(match[match.lastgroup or 0]) / (event.dose.value or 1) <= 5
                and not amounts.DOSE.match(right, match.start(match.lastgroup or 0))
            ]
        if again:
            number_of_doses = max(number_of_doses, 1) + len(again)
            event.counted = True
            event.spans.extend((end + start, end + stop) for start, stop in again)
    base = max(number_of_doses, 1)
    times = 0
    more = 0
    for match in amounts.MULTIPLE.finditer(right):
        if match.start() > 110 or _NOT_COUNTED.search(right, 0, match.start()):
            continue
        often = amounts.how_often(
            match["x"] or match["times"] or match["after"] or match["w"] or match["doses"]
        )
        if often is None:
            continue
        event.counted = True
        event.spans.append((end + match.start(), end + match.end()))
        if match["doses"] and _ADDED.search(match.group()):
            more += often
        else:
            times = max(times, often)
    for match in amounts.REPEATED.finditer(right):
        often = amounts.how_often(match["n"] or match["m"])
        rest = right[match.end() : match.end() + 26]
        if NOT_A_DRUG_REPEAT.match(rest.strip()) or _MAY_BE.search(right, 0, match.start()):
            continue
        if drug_follows and right[match.end() :].strip(" ,") in ("", "as", "with", "w/", "using"):
            continue  # "repeated as dexamethasone 10 mg IM": the next telling
        if often is None and number_of_doses > 1 and amounts.DOSE.search(rest):
            continue
        event.counted = True
        event.spans.append((end + match.start(), end + match.end()))
        more += often if often is not None else 1
    in_all = amounts.NUMBER_IN_ALL.search(right)
    if in_all:
        times = max(times, int(in_all["n"] or in_all["m"]))
        event.counted = True
    ordinal = amounts.ORDINAL.search(right)
    if ordinal and number_of_doses <= 1 and not times and not more:
        if _THEN.search(right, 0, ordinal.start()):
            more += 1
            event.counted = True
    chain = amounts.TIMES.search(right[:150])
    if chain is not None and _OTHER_TIMES.search(right[: chain.start()]):
        chain = None
    if chain is not None:
        clocks = len(amounts.ONE_TIME.findall(chain.group()))
        if number_of_doses <= 1:
            base = max(base, clocks)
        else:
            base = max(base, number_of_doses + clocks - 1)
        more = 0 if base > 1 and not times else more
        event.counted = True
        event.spans.append((end + chain.start(), end + chain.end()))
    if times and number_of_doses > 1:
        # "6 mg, then 12 mg x2": the last dose is multiplied
        total = number_of_doses - 1 + times
    elif times:
        total = times
    else:
        total = max(base, counted)
    if times and chain is not None:
        total, more = max(times, total), 0
    event.count = max(1, total + more)
    if event.dose is not None and (event.name, event.dose.value) in _TABLETS:
        event.count = 1
    if event.count == 1 and _TOTAL_OF.search(left):
        event.total_only = True
    if event.total_only and event.counted and event.count > 1:
        event.total_only = False
