"""How much of a drug, and how many times: what the words before and behind its name tell."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
    r"|odt|pr|sq|before|prior|pta|chew\w*|x ?\d|given|and|neb|push|slow|rapid|fast|at|@"
    r"|q ?\d|over|gtt|drip"
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


_LEADS_TO_NEXT = frozenset({"", "as", "with", "w/", "using"})


def read_amount(
    event: Event, left: str, right: str, since: int, end: int, drug_follows: bool = False
) -> None:
    """Dose and count of one telling, from the words before and behind the drug.

    With `drug_follows`, a further dose that leads straight to the next drug is that drug's.
    """
    if not amounts.AMOUNT.search(right) and not amounts.AMOUNT.search(left):
        return
    telling = _Telling(event, left, right, since, end, drug_follows)
    told = _read_before(telling)
    _read_behind(telling)
    if event.dose is None:
        _read_bare_before(telling, told)
    _read_further(telling)
    _read_often(telling)
    if event.dose is not None and (event.name, event.dose.value) in _TABLETS:
        event.count = 1
    if event.count == 1 and _TOTAL_OF.search(left):
        event.total_only = True
    if event.total_only and event.counted and event.count > 1:
        event.total_only = False


@dataclass(slots=True)
class _Telling:
    """The words around a drug's name and what was counted in them so far."""

    event: Event
    left: str
    right: str
    since: int
    end: int
    drug_follows: bool
    before: int = 0
    """How many doses the words before the name tell of."""
    behind: int = 0
    """How many doses are told behind the name, one by one."""
    slashed: bool = False
    reached: int = 0
    """How far the words behind are read."""

    def claim_left(self, start: int, end: int) -> None:
        self.event.spans.append((self.since + start, self.since + end))

    def claim_right(self, start: int, end: int) -> None:
        self.event.spans.append((self.end + start, self.end + end))


def _dose(match: re.Match[str]) -> Dose:
    return Dose(amounts.number(match["number"]), amounts.unit(match["unit"]))


def _read_before(telling: _Telling) -> bool:
    """Reads "50 mcg of", "three doses of", "two epis"; whether a number of doses stands there."""
    event, left = telling.event, telling.left
    dose = _BEFORE.search(left)
    if dose:
        event.dose = _dose(dose)
        event.total_only = bool(amounts.TOTAL.search(left[: dose.start()]))
        telling.claim_left(dose.start(), dose.end())
        if event.tablets and dose["unit"].startswith(("spray", "tab", "neb")):
            telling.before = int(amounts.number(dose["number"]))
            event.counted = telling.before > 0
    doses = DOSES_BEFORE.search(left if not dose else left[: dose.start()])
    several = _SEVERAL.search(left) if event.plural else None
    told = doses or several
    if told:
        often = amounts.how_often(next(filter(None, told.groups())))
        telling.before = often or (telling.before if doses else 0)
        event.counted = telling.before > 0
        telling.claim_left(told.start(), told.end())
    if amounts.ORDINAL.search(left[-30:]):
        event.counted = True
    return doses is not None


def _read_behind(telling: _Telling) -> None:
    """Reads the doses behind the name, one by one: "100 mcg IVP, then 50 mcg"."""
    event, right = telling.event, telling.right
    if event.dose is None:
        _read_numbers(telling)
    for match in amounts.DOSE.finditer(right, telling.reached):
        dose, gap = _dose(match), right[telling.reached : match.start()]
        if event.dose is not None and _GAUGE.fullmatch(match.group()):
            telling.reached = match.end()
            continue
        if (
            telling.drug_follows
            and event.dose is not None
            and right[match.end() :].strip() in ("", "of", "of iv", "iv")
        ):
            return
        if amounts.TOTAL.search(gap) or amounts.TOTAL_AFTER.match(right[match.end() :]):
            if event.dose is None:
                event.dose, event.total_only = dose, True
                telling.claim_right(match.start(), match.end())
        elif (
            _WASTED.match(right, match.end())
            or gap.endswith("wasted ")
            or (dose.unit in ("mL", "drops") and (event.dose is not None or match.start() > 14))
        ):
            pass
        elif event.dose is None and telling.behind == 0:
            if match.start() > 60 and not _LEADS_TO_DOSE.search(gap):
                return
            event.dose, telling.behind = dose, 1
            telling.claim_right(match.start(), match.end())
        elif event.total_only and event.dose is not None and telling.behind == 0:
            event.dose, event.total_only, telling.behind = dose, False, 1
        elif (amounts.AGAIN.search(gap) or _JOINS_DOSE.search(gap)) and "/" not in dose.unit:
            telling.behind = max(telling.behind, 1) + 1
            event.counted = True
            telling.claim_right(match.start(), match.end())
        telling.reached = match.end()


def _read_numbers(telling: _Telling) -> None:
    """Reads numbers without a unit: "fentanyl 50 ivp", "50/50/25"."""
    event, right = telling.event, telling.right
    bare = _BARE_BEHIND.match(right)
    if bare:
        event.dose, telling.behind = Dose(float(bare["number"]), ""), 1
        telling.claim_right(bare.start(), bare.end())
        return
    slashed = amounts.SLASHED.match(right)
    if slashed is not None:
        telling.slashed = True
        parts = [float(part) for part in slashed["doses"].split("/")]
        if max(parts) <= 5 * min(parts):
            event.dose, telling.behind = Dose(parts[0], ""), len(parts)
            event.counted, telling.reached = True, slashed.end()
            telling.claim_right(slashed.start(), slashed.end())


def _read_bare_before(telling: _Telling, told: bool) -> None:
    """Reads a number without a unit before the name, "2 nitro", "50 of fentanyl"; one that is
    `told` already counts doses."""
    event, left = telling.event, telling.left
    bare = _BARE_BEFORE.search(left)
    if bare is None:
        return
    number = float(bare["number"])
    if event.tablets and number in (1, 2, 3, 4, 5, 6):
        telling.before, event.counted = int(number), True
    elif told or left[: bare.start()].endswith(("x", "q", ":", "#")):
        return
    else:
        event.dose = Dose(number, "")
    telling.claim_left(bare.start(), bare.end())


def _read_further(telling: _Telling) -> None:
    """Reads further doses told by their number alone: "50 mcg, then another 25"."""
    event, right = telling.event, telling.right
    if event.dose is None:
        return
    begin = telling.reached if telling.slashed else 0
    further = [
        match.span()
        for match in amounts.FURTHER.finditer(right, begin)
        if match.start() < 130 and not amounts.DOSE.match(right, match.start("number"))
    ]
    if not further and event.dose.unit not in ("mL", "L"):
        further = [
            match.span()
            for match in amounts.ELIDED.finditer(right[:150])
            if 0.2 <= float(match[match.lastgroup or 0]) / (event.dose.value or 1) <= 5
            and not amounts.DOSE.match(right, match.start(match.lastgroup or 0))
        ]
    if further:
        telling.behind = max(telling.behind, 1) + len(further)
        event.counted = True
        for span in further:
            telling.claim_right(*span)


def _read_often(telling: _Telling) -> None:
    """Reads how often it was given, all told: "x2", "repeated once", "at 1402, 1410 and 1415"."""
    event = telling.event
    times, more = _read_multiples(telling)
    more += _read_repeats(telling)
    in_all = amounts.NUMBER_IN_ALL.search(telling.right)
    if in_all:
        times = max(times, amounts.how_often(in_all["n"] or in_all["m"] or in_all["w"]) or 1)
        event.counted = True
    ordinal = amounts.ORDINAL.search(telling.right)
    if ordinal and telling.behind <= 1 and not times and not more:
        if _THEN.search(telling.right, 0, ordinal.start()):
            more += 1
            event.counted = True
    base = max(telling.behind, 1)
    clocks = _read_times(telling)
    if clocks:
        base = max(base, clocks if telling.behind <= 1 else telling.behind + clocks - 1)
        more = 0 if base > 1 and not times else more
    if times and telling.behind > 1:
        # "6 mg, then 12 mg x2": the last dose is multiplied
        total = telling.behind - 1 + times
    elif times:
        total = times
    else:
        total = max(base, telling.before)
    if times and clocks:
        total, more = max(times, total), 0
    event.count = max(1, total + more)


def _read_multiples(telling: _Telling) -> tuple[int, int]:
    """ "x2", "two times": how often in all, and how many doses are told as added."""
    times = more = 0
    for match in amounts.MULTIPLE.finditer(telling.right):
        if match.start() > 110 or _NOT_COUNTED.search(telling.right, 0, match.start()):
            continue
        often = amounts.how_often(
            match["x"] or match["times"] or match["after"] or match["w"] or match["doses"]
        )
        if often is None:
            continue
        telling.event.counted = True
        telling.claim_right(match.start(), match.end())
        if match["doses"] and _ADDED.search(match.group()):
            more += often
        else:
            times = max(times, often)
    return times, more


def _read_repeats(telling: _Telling) -> int:
    """ "repeated once", "second dose at 1410": how many doses more."""
    right, more = telling.right, 0
    for match in amounts.REPEATED.finditer(right):
        often = amounts.how_often(match["n"] or match["m"])
        rest = right[match.end() : match.end() + 26]
        if NOT_A_DRUG_REPEAT.match(rest.strip()) or _MAY_BE.search(right, 0, match.start()):
            continue
        if telling.drug_follows and right[match.end() :].strip(" ,") in _LEADS_TO_NEXT:
            continue  # "repeated as dexamethasone 10 mg IM": the next telling
        if often is None and telling.behind > 1 and amounts.DOSE.search(rest):
            continue
        telling.event.counted = True
        telling.claim_right(match.start(), match.end())
        more += 1 if often is None else often
    return more


def _read_times(telling: _Telling) -> int:
    """How many clock times stand in a row behind a dose, each one dose; 0 for none."""
    chain = amounts.TIMES.search(telling.right[:150])
    if chain is None or _OTHER_TIMES.search(telling.right, 0, chain.start()):
        return 0
    telling.event.counted = True
    telling.claim_right(chain.start(), chain.end())
    return len(amounts.ONE_TIME.findall(chain.group()))
