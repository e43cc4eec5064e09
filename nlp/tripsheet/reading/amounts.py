"""Doses, routes and counts as crews write them: shapes shared by the medication extractor."""

from __future__ import annotations

import re
from functools import lru_cache

from tripsheet.reading.patterns import guarded
from tripsheet.vocabulary import Route

# spoken numbers are digits here already (`dictation.py`)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|1/2(?= )|\d+(?:\.\d+)?|\.\d+)"
UNITS = (
    r"(?:mcgs?|ug|mkg|micrograms?|mics?|microgs?|mikes|mg|mgs|milligrams?|milligrammes?"
    r"|milli grams?|gms?|grams?|g|meqs?|"
    r"milliequivalents?|mmol|units?|u|iu|amps?|puffs?|sprays?|tabs?|tablets?|drops|vials?"
    r"|unit|nebs?|ml|cc)"
)
PER = (
    r"(?:\s?/\s?(?:kg|min|minute|hr|hour|h)|\s?per\s(?:kilo(?:gram)?|kg|minute|min|hour|hr)"
    r"|\san?\s(?:minute|min|hour|hr)\b){1,2}"
)
DOSE = guarded(
    rf"(?<![\d./])(?P<number>{_NUMBER})\s?(?P<unit>{UNITS}(?:{PER})?)\b(?!\s?/\s?(?:ml"
    rf"|cc|l|dl)\b)"
)

_UNIT_NAMES = {
    "ug": "mcg", "mkg": "mcg", "microgram": "mcg", "mic": "mcg", "microg": "mcg", "mike": "mcg",
    "milligram": "mg", "milligramme": "mg", "milli gram": "mg", "gm": "g", "gram": "g",
    "meq": "mEq",
    "milliequivalent": "mEq", "u": "units", "unit": "units", "iu": "units", "amp": "amp",
    "puff": "puff", "spray": "spray", "tab": "tab", "tablet": "tab", "vial": "vial", "neb": "neb",
    "cc": "mL", "ml": "mL",
}  # fmt: skip


def number(text: str) -> float:
    """A number in digits as a float."""
    return 0.5 if text == "1/2" else float(text.replace(",", ""))


@lru_cache(maxsize=256)
def unit(text: str) -> str:
    """A unit in its standard writing: "micrograms per minute" is "mcg/min"."""
    head, *rest = re.split(r"\s?/\s?|\s(?:per|an?)\s", text.strip())
    base = (
        head if head in ("mcg", "mg", "g", "units") else head.rstrip("s") if len(head) > 1 else head
    )
    name = _UNIT_NAMES.get(base, base)
    tails = {"minute": "min", "hour": "hr", "h": "hr", "kilo": "kg", "kilogram": "kg"}
    return "/".join([name, *(tails.get(tail, tail) for tail in rest)])


# in the order in which they settle a route that several words touch
_ROUTES: tuple[tuple[str, str], ...] = (
    ("iv_infusion", (
        r"iv ?pb|ivpb|piggy ?back|gtts?|drips?|drip rate|infus(?:ion|ions|ing|ed|e)|iv ?pump"
        r"|pump|alaris|titrat(?:ed|ing|e)|(?:mcg|mg|units?|u|ml|cc)(?:\s?/\s?kg)?\s?(?:/"
        r"|per)\s?(?:min|minute|hr|hour|h)\b|(?:mcg|mg) (?:per )?(?:kilo|kg) per (?:min|minute"
        r"|hour)|over (?:10|15|20|30|45|60|ten|fifteen|twenty|thirty|sixty)(?: ?(?:min|minutes"
        r"|mins))?(?! ?(?:sec|seconds))|wide open|over (?:1|one|an|2|4|two|four) ?(?:hr|hour"
        r"|hours|hrs)|over 5 ?(?:min|minutes|mins)|kvo"
    )),
    ("io", (
        r"io|in the bone|i/o|io push|iop|intraosseous|tibial io|humeral io|i\.o\.|via io"
        r"|intra osseous"
    )),
    ("iv_push", (
        r"s?ivp|rivp|siv|slow ivp?|iv ?push|i\.?v\.? ?p(?:ush)?|slow push|rapid push|fast push"
        r"|pushed|slow iv push|rapid iv|iv bolus|bolus(?:ed)?|i v push|i ?v ?p|eye vee push"
        r"|rsivp|push|iv slam|flush(?:ed)? rapidly"
    )),
    ("iv_plain", (
        r"iv(?! ?(?:access|start|est|x ?\d|#|(?:14|16|18|20|22|24)(?: ?g\b| ?ga|\b)|lock|attempt"
        r"|line est|established|unsuccess|site|catheter))|i\.v\.|i v|intravenous(?:ly)?|iv line"
        r"|eye vee|ivs|per iv|via iv|thru iv|(?:through|thru|via) (?:the |his |her )?(?:saline )?"
        r"(?:iv|lock|line|port)|(?:in|into|by|through|via) (?:(?:the |his |her |a )?veins?"
        r"|(?:the|his|her) line)"
    )),
    ("im", (
        r"im|i\.m\.|intramuscular(?:ly)?|i m|deltoid|vastus(?: lateralis)?|lateral thigh|thigh"
        r"|auto ?injector|glut(?:e|eus)?|eye em|in (?:the |his |her )?(?:leg|thigh|arm|shoulder"
        r"|butt\w*|hip)|anterolateral thigh|dorsogluteal"
    )),
    ("intranasal", (
        r"intra ?nasal(?:ly)?|intranasaly|i\.n\.|mad|nares?|nostrils?|atomi[sz](?:er|ed)"
        r"|nasal(?:ly)?(?! cannula| canula| airway| trumpet| prongs)|per nare|each nare"
        r"|in (?:the|his|her|each) nose|up (?:the|his|her) nose|i n|up the nose|via nose"
        r"|nasal spray|nasaly"
    )),
    ("sublingual", r"sl|s\.l\.|sub ?lingual(?:ly)?|under (?:the |his |her )?tongue|s l"),
    ("buccal", r"buccal(?:ly)?|in (?:his|her|the) cheek|cheek"),
    ("nebulized", (
        r"neb(?:s|uli[sz]ed|uli[sz]er|ulized|uliser|ulizer treatment|bed|ulation)?|nebs|svn|hhn"
        r"|updraft|up draft|neb tx|nebuliser|neb treatment|in ?line neb|knee bulizer"
        r"|knee bulized|neubulizer|nebulised"
    )),
    ("inhaled", r"mdi|inhaler|inhaled|inhal(?:ation|e)|puffs?|self administered mask|nitronox"),
    ("oral", (
        r"po|p\.o\.|oral(?:ly)?|by mouth|odt|o\.d\.t\.|chewed|chew(?:able)?|swallowed|p o"
        r"|disintegrating|orally|drank|to chew|sips"
    )),
    ("rectal", r"pr|p\.r\.|rectal(?:ly)?|per rectum"),
    ("subcutaneous", r"sq|sc|s\.c\.|s\.q\.|sub ?q|sub ?cut(?:aneous(?:ly)?)?|subq|subcu"),
    ("topical", (
        r"topical(?:ly)?|paste|patch|transdermal|td|ointment|to (?:the )?chest wall|inch(?:es)?"
    )),
    ("endotracheal", r"down (?:the )?(?:tube|ett?)|via ett?|per ett?|endotracheal(?:ly)?|ett"),
)  # fmt: skip
ROUTE = guarded(
    rf"(?<![a-z])(?:{'|'.join(rf'(?P<{name}>{words})' for name, words in _ROUTES)})(?![a-z])"
)
# "2 mg IN" is a route, "in 100 mL" is not
ROUTE_IN = guarded(
    r"(?<=[a-z0-9:] )(?<!run )(?<!ran )(?<!put )in(?=\s*(?:[.,;)]|$|x\s?\d|@|at \d|via|by"
    r"|with|per|w/|given|divided"
    r"|split|to (?:each|both|l|r)|each|both|and|prior|pta|at|[01]\d[0-5]\d|2[0-3][0-5]\d"
    r"|(?:r|l|left|right|one)(?: |/)(?:nare|naris|nostril|side|and|&|l\b|r\b)|nare|nose|@"
    r"|for|without|w/o|\(|no |then|by\b|followed by"
    r"|adm(?:in)?(?:istered)?\b|repeat|q ?\d))"
)
SHORT_OVER = guarded(
    r"over (?:1|2|3|4|one|two|three|1 ?2|2 ?3|1 to 2|2 to 3|3 5|3 to 5|2 5|4 5) ?(?:min|minutes"
    r"|mins)|over (?:30|60|90) ?(?:sec|seconds)"
)

# what a dose, a count or a repetition has in it, and "metoprolol, lisinopril" has not
AMOUNT = guarded(
    r"\d|\b(?:a|another|one|two|three|four|five|six|couple|second|third|fourth|fifth|single|twice"
    r"|thrice)\b|\b(?:repeat|repeted|rpt|re ?dosed)"
)

_TIMES = {
    "once": 1, "one": 1, "couple": 2, "a": 1, "another": 1, "twice": 2, "two": 2, "to": 2,
    "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5,
    "6": 6, "7": 7, "8": 8, "i": 1, "ii": 2, "iii": 3,
}  # fmt: skip
_HOW_OFTEN = r"(?:\d|once|one|twice|two|three|thrice|four|five|six|i{1,3})"
REPEATED = guarded(
    rf"\b(?:repeat(?:ed|s|ing)?(?: doses?| dosing)?|re ?dosed|rpt(?:'d|d)?|repeted"
    rf"|repeatd)\b(?:\s(?:same|again|dose|dosing|it|the dose|at same dose))?"
    rf"(?:,? ?(?:x|times)\s?(?P<n>{_HOW_OFTEN})\b(?! ?(?:min|hr|hour))| (?P<m>once|twice"
    rf"|one time|two times|three times|1 time|2 times|3 times|(?:two|three|four"
    rf"|\d) more times?)\b| a (?P<o>second|third|2nd"
    rf"|3rd) time)?"
)
MULTIPLE = guarded(
    r"(?:(?<![a-z0-9])x\s?(?P<x>\d|one|two|three|four|five|six)\b(?! ?(?:mins?|minutes?"
    r"|hrs?|hours?|days?|d|wks?|weeks?|months?|yrs?|years?|l|lpm|mg|mcg|sec|seconds|person"
    r"|people|crew|staff|attempts?|unsuccessful|4x?\d|liters?)\b)"
    r"|\b(?P<times>two|three|four|five|2|3|4|5) (?:more )?times\b|\btimes (?P<after>two"
    r"|three|four|five|\d)\b|\b(?P<w>twice|thrice)\b"
    r"|\b(?P<doses>\d|one|two|three|four|five|six|a single|single) (?:separate "
    r"|divided |equal |total |more |additional |consecutive |back to back |rapid |slow |iv "
    r"|iv push |ivp |im |io |in |sl |\d+ ?(?:mcg|mg) ){0,3}(?:doses?|injections?|boluses"
    r"|pushes|rounds|increments|administrations|nebs"
    r"|treatments|aliquots|sprays? sl|tabs? sl)\b)"
)
TOTAL = guarded(
    r"\b(?:total(?:ing|led|ed|s)?(?: dose| amount)?(?: of| given| was| is|:)?"
    r"|for a total(?: of)?|cumulative(?:ly)?(?: of)?|in total|max(?:imum)?(?: of| dose)?"
    r"|up to|not to exceed|altogether)\s*$"
)
TOTAL_AFTER = guarded(
    r"^\s?(?:iv |ivp |in |im |io )?(?:in )?(?:total|altogether|cumulative|all together|tot\b|max)"
)
AGAIN = guarded(
    r"\b(?:(?:a |the )?(?:second|third|fourth|2nd|3rd|4th|next|final|last|additional|another"
    r"|repeat(?:ed)?|more|plus)(?: and (?:third|final|3rd))?(?: (?:dose|round|neb|treatment"
    r"|bolus|push|one|amp|spray|tab|tablet|nitro|time|dose of))?|again|followed (?:by|with)"
    r"|then|(?:and )?(?:\d+|five|ten|fifteen) ?(?:min|mins|minutes) later|later)\b"
)
ORDINAL = guarded(
    r"\b(?P<n>second|third|fourth|fifth|2nd|3rd|4th|5th) (?:and (?:third|final|3rd) )?(?:dose"
    r"|round|neb|bolus|push|treatment|amp|epi|nitro|one|tab|spray)\b"
)
# a clock time near a dose: "14:32", "@ 0212", "IVP 0212", or an interval ("q5 min", "later")
CLOCK = guarded(
    r"(?<![\d/.])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d/])"
    r"|(?<![\d.$#:/-])(?:[01]\d|2[0-3])[0-5]\dz?(?!\d|\.\d| ?(?:mg|mcg|mls?|cc|g\b|gm|units?"
    r"|u\b|u/|meq|/|%|j\b|rpm|feet|ft|psi|statute|miles|mi\b|block|cal))"
    r"|\bq ?\d+(?: ?(?:-|to) ?\d+)? ?(?:min|m\b)|\bq ?\d{1,2}(?:-\d{1,2})?(?=$|[ ,.;)] ?(?!h"
    r"|d|hours?))|(?:\d+|five|ten|fifteen|few) ?(?:min|mins"
    r"|minutes) (?:later|after|apart|prior)|every \w+ min"
)


_CLOCK_TIME = r"(?:(?:[01]?\d|2[0-3]):[0-5]\d|(?:[01]\d|2[0-3])[0-5]\d)"
_TIME = rf"(?:at |@ ?)?{_CLOCK_TIME}(?: ?(?:hrs?|hours|z))?"
TIMES = guarded(
    rf"(?<![\d.:/]){_TIME}(?:(?:\s*(?:,|;|&|/|\band\b|\bthen\b|\bagain\b|\brepeated\b"
    rf"|\brepeat\b|\bsecond\b|\b2nd\b|\bthird\b|\b3rd\b|\bfourth\b|\b4th\b)\s*)+{_TIME}"
    rf"|\s+{_TIME})+(?![\d:/%])(?! ?(?:mg|mcg|ml|cc|g|mi)\b)"
)
ONE_TIME = guarded(_CLOCK_TIME)
NUMBER_IN_ALL = guarded(
    r"\btotal(?:ing)?(?: of)? (?:x ?)?(?P<n>\d)(?: doses?| times| rounds)?(?! ?(?:mg|mcg|g\b"
    r"|gm|ml|cc|units?|u\b|meq|l\b|\d|\.))|\bx ?(?P<m>\d) total\b"
    r"|\b(?P<w>two|three|four|five|six|\d(?= (?:doses|rounds)))(?: doses"
    r"| rounds)?,? (?:in )?total\b"
    r"(?! (?:dose|of))"
)
# "adenosine 6/12/12 rapid IVP"
SLASHED = re.compile(
    r"[ :]*(?P<doses>\d+(?:\.\d+)?(?:/\d+(?:\.\d+)?){1,3}) ?(?:mg |mcg )?"
    r"(?=(?:rapid |slow |fast )?(?:[sr]?ivp|iv|io|im|in|sl)\b)"
)
# a further dose told by number and route alone: ", 50 iv @ 0219", "then another 0.5 ivp"
FURTHER = guarded(
    r"(?:,|;|/|\bthen|\band|\+|&|\banother|\bagain|\bmore|\]|\bfollowed by)\s*(?:another "
    r"|again |a second |2nd |second |then |repeat(?:ed)? )*(?P<number>\d+(?:\.\d+)?"
    r"|\.\d+)(?: more)? (?:rapid |slow |slow iv |fast )?(?:(?:ivp|sivp|io|im|in|sl|po|push"
    r"|rivp)\b|iv\b(?! ?(?:g|ga|gauge|l\b|lpm|r\b|ac|ns|access|est)))(?! (?:tibia|hum|line"
    r"|access))"
)
# a further dose told by its number alone: "another 4", ", 5 more", "then 12 with conversion"
ELIDED = guarded(
    r"(?:\b(?:another|an additional|additional|a further)\s(?:(?:dose|push|bolus) of )?"
    r"(?P<another>\d+(?:\.\d+)?|\.\d+)"
    r"|(?:,|;|\band|\bthen|\bplus|\+|&)\s*(?P<more>\d+(?:\.\d+)?|\.\d+) more\b"
    r"|(?:\bthen|\bfollowed by|\bplus|(?<![a-z])\+)\s*(?P<then>\d+(?:\.\d+)?|\.\d+)"
    r"(?=\s*(?:[.,;)+]|$|with\b|more\b|both\b|of\b|rapid\b|slow\b|fast\b|push\b|at \d{2}|@|no\b"
    r"|without\b|and\b|ivp?\b|after\b)))"
    r"(?![\d:/%]|\.\d| ?(?:mins?|minutes?|secs?|seconds?|hours?|hrs?|l\b|lpm|liters?|ml\b|cc\b|x\b"
    r"|times|doses|rounds|years?|y/?o|miles?|mi\b|j\b|joules|people|person|attempts?|units? of)\b)"
)
_BRACKETS = str.maketrans("[]{}", "    ")


def plain_window(text: str) -> str:
    """A stretch with the brackets of a form taken for spaces, at the same length."""
    return text.translate(_BRACKETS)


def how_often(text: str | None) -> int | None:
    """A small count in digits or words."""
    if text is None:
        return None
    word = text.split()[0] if text not in ("a single",) else "one"
    if word == "single":
        return 1
    return _TIMES.get(word, int(word) if word.isdigit() else None)


def route_of(window: str) -> tuple[Route, bool, int, int] | None:
    """The route a stretch tells: (route, method stated, start, end), or None.

    A push word beside a vein settles a push even with "over 2 min"; a drip, pump, piggyback,
    rate or ten minutes and more settle an infusion.
    """
    first: tuple[str, int, int] | None = None
    plain: tuple[str, int, int] | None = None
    for match in ROUTE.finditer(window):
        name = match.lastgroup or ""
        if name == "iv_plain":
            plain = plain or (name, match.start(), match.end())
            continue
        if first is None:
            first = (name, match.start(), match.end())
        elif name in ("iv_infusion", "iv_push") and first[0] in ("iv_push", "iv_infusion"):
            words = window[match.start() : match.end()]
            earlier = window[first[1] : first[2]]
            if (name == "iv_infusion" and not words.startswith(("over", "titrat"))) or (
                name == "iv_push" and earlier.startswith("titrat")
            ):
                first = (name, match.start(), match.end())
    found_in = ROUTE_IN.search("x" + window)
    if (
        found_in
        and (first is None or found_in.start() < first[1])
        and (plain is None or found_in.start() < plain[1])
    ):
        return "intranasal", True, found_in.start() - 1, found_in.end() - 1
    if plain is not None:
        if (
            first is not None
            and first[0] in ("iv_push", "iv_infusion")
            and first[1] - plain[2] < 60
        ):
            return first[0], True, min(plain[1], first[1]), max(plain[2], first[2])  # type: ignore[return-value]
        if first is None or plain[1] < first[1]:
            short = SHORT_OVER.search(window)
            return "iv_push", bool(short), plain[1], short.end() if short else plain[2]
    if first is None:
        return None
    return first[0], True, first[1], first[2]  # type: ignore[return-value]
