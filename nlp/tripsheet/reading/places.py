"""Places: where the patient was taken up and where to, as the letters of the modifiers."""

from __future__ import annotations

import re

from tripsheet.findings import Span
from tripsheet.reading.document import Document
from tripsheet.reading.scan import Hit
from tripsheet.vocabulary import PlaceLetter

_LETTERS = frozenset("RNEHJGPDSI")
# the preposition that governs a place, nearest first, with no more than a few words between
_GOVERNED = re.compile(
    r"(?:^|[\s\[({:;,.>/-])(from|to|at|into|for|of|in|off|near|outside|via|by|per|with|w/"
    r"|back|leaving|on|inside|behind|arrived?|arrives|arriving|arr|txp|transport|tx|xport"
    r"|dest(?:ination)?|drop|delivered|origin|sending|receiving|returned|d/t|disp"
    r"|dispatched|pickup|p/u|enroute|route|trans|was|called|her|his|and|door|@|->|-+>|=>|>"
    r"|→)"
    r"[\s:=\[({\"'-]*((?:(?!(?:from|to|at|for|by)\b)(?:st\.|[a-z0-9'#&/-]+"
    r"|\d+\.\d+)[\s\[({\"]+){0,4})$"
)
_CALLED_TO = re.compile(
    r"\b(?:dispatched|dispatch|called|respond\w*|response|resp|paged|toned|sent|disp"
    r"|requested|assigned|basic unit|summoned|got|hiked|emerg\w*|emergent"
    r"|code 3|911|ems)\b(?:(?!\bto\b|\bfor\b(?! (?:a|an)\b)|\bfrom\b|\btransport\b"
    r"|\btransfer\b|[.;]).){0,40}$"
)
_ONWARD = re.compile(
    r"^(?: ?(?:rm|room|bed|unit|floor|icu|ed|er|hosp\w*|dept|inpt|facility|campus|cvicu"
    r"|inpatient)\b ?#?(?:[\w-]{1,4}\b)?)?[\s\])]*(?:to\b|->|-+>|=>|>|→|for (?:discharge"
    r"|return|transfer|transport|tx|txp))(?! (?:the |our |a |her |his )?(?:stretcher|cot"
    r"|gurney|rig|ambulance|unit|evaluate|take|be\b|find|check|stand|pick|assist|\d))"
)
# "home" alone is a word of many uses; it needs a word that leads to it
_BARE_HOME = re.compile(
    r"(?<!\bat )(?<!\bto )(?<!\bfrom )(?<!\bhis )(?<!\bher )(?<!\bprivate )(?<!\bfor )"
    r"(?<!\bback )(?<!\bown )(?<!\ba )(?<!\bthe )(?<!\bdc'd )(?<!\bd/c )(?<!\bcharge )"
    r"(?<!> )(?<!\bretirement )\bhome$"
)
_OTHER_TO = re.compile(
    r"\b(?:report(?: given)?|care|given|due|able|refused|according|admitted|secondary"
    r"|walk\w*|ambulat\w*|close\w*|next|called|call|assist\w*|transfer\w* (?:himself"
    r"|herself)|want\w*|wish\w*|hx|led|signals?|alert\w*|sent|radio\w*|notif\w*)\s*$"
)
_OTHER_FROM = re.compile(
    r"\b(?:discharged|away|fell|per|report|received|nurse|rn|information|packet|years"
    r"|since|off|fall)\s*$"
)
_GOING = frozenset(
    [
        "dest",
        "destination",
        "drop",
        "delivered",
        "receiving",
        "txp",
        "transport",
        "tx",
        "xport",
        "trans",
        "enroute",
        "route",
        "returned",
    ]
)
_ARRIVED = re.compile(r"\b(?:arr(?:ived|ive|ival|iving)?|dropped(?: off)?|delivered|left)\s*$")
_TRIP = re.compile(r"run|trip|appoint|appt|pickup|transport|tx\b|visit|f/u|follow")
_LOADING = (
    "transport", "txp", "en route", "enroute", "loaded", "xport",
)  # fmt: skip
_ONTO = re.compile(r"\bto (?:the |our )?$")
_NAMED_HOSPITAL = re.compile(
    r"(?:\b(?:to|at|from|arrived?|arr|arrives|txp|miles|enroute|route)|->"
    r"|>) ?(?:the )?(?:st\.?|saint|sts?) (?!elev|dep|ele|on\b|\d|changes|seg"
    r"|with\b)[a-z][a-z']{2,}"
)
_NAMED_TO = re.compile(
    r"\b(?:[Tt]ransport(?:ed|ing)?|[Tt]xp|[Tt]aken|[Ee]n ?route|[Dd]rove|[Mm]iles"
    r"|[Aa]rriv(?:e|ed|al)|[Ww]ent)\b(?:[^.;\n]{0,45}?\b(?:to"
    r"|at))?,? (?:the )?([A-Z][a-z]{3,}(?: [A-Z][a-z]+)*)"
)
_NO_HOSPITAL = frozenset(
    [
        "residence",
        "home",
        "dialysis",
        "cot",
        "stretcher",
        "nursing",
        "skilled",
        "care",
        "rehab",
        "manor",
        "villa",
        "clinic",
        "street",
    ]
)


class Route:
    """Where a call began and ended, and the words that tell it.

    `settle` decides once the response is known; before it, the plain roles are there.
    """

    def __init__(self, document: Document) -> None:
        self.document = document
        self.origin: PlaceLetter | None = None
        self.destination: PlaceLetter | None = None
        self.origin_hit: Hit | None = None
        self.destination_hit: Hit | None = None
        self.destination_span: Span | None = None
        self.scene: Hit | None = None
        self.home: Hit | None = None
        self.hospital_hint: Hit | None = None
        self.facility_start: Hit | None = None
        self.booked_place: Hit | None = None
        self.facilities: list[Hit] = []
        self.loaded_at = len(document.folded)
        self.from_: list[tuple[float, Hit]] = []
        self.to: list[tuple[float, Hit]] = []
        self.hints: dict[str, Hit] = {}

    @property
    def to_hospital(self) -> Hit | None:
        """The hospital that the call went to, if one is told."""
        hits = [hit for weight, hit in self.to if _letter(hit) == "H" and weight >= 1]
        return hits[-1] if hits else None

    @property
    def from_hospital(self) -> Hit | None:
        """The hospital that the call came from, if one is told."""
        hits = [hit for weight, hit in self.from_ if _letter(hit) == "H" and weight >= 1.8]
        return hits[0] if hits else None

    def settle(self, *, emergency: bool, air: bool = False) -> None:
        """Choose origin and destination among all that was told."""
        origins = self._origins(emergency, air)
        if origins:
            hit = max(origins, key=lambda found: (origins[found], -found.start))
            self.origin_hit, self.origin = hit, _letter(hit)
        target = self._target(emergency, air)
        if target is not None:
            self.destination_hit, self.destination = target, _letter(target)
        self._hints(emergency)
        if self.destination is None and emergency:
            self._named()

    def _origins(self, emergency: bool, air: bool) -> dict[Hit, float]:
        """The places at which the call can have begun, with their weights."""
        result: dict[Hit, float] = {}
        hospital = "sending_hint" in self.hints or self.from_hospital is not None
        half = 0.5 * len(self.document.folded)
        for weight, hit in self.from_:
            letter = _letter(hit)
            if emergency and letter == "H" and (weight < 2.5 or hit.start > half):
                continue
            if emergency and letter in "DJGP" and weight < 1.5:
                continue
            if not emergency and letter == "S":
                weight -= 3
            if not emergency and letter == "R" and weight < 2.6 and hospital:
                continue
            if letter == "I" and not air:
                continue
            if weight > 0:
                result[hit] = max(weight, result.get(hit, 0))
        return result

    def _target(self, emergency: bool, air: bool) -> Hit | None:
        """The place to which the call went."""
        targets = [
            (weight - (2 if hit is self.origin_hit else 0), hit)
            for weight, hit in self.to
            if not emergency or _letter(hit) in "HIP"
        ]
        if not air:
            targets += [(3.2, hit) for _, hit in self.from_ if _letter(hit) == "I"]
        if emergency and any(_letter(hit) != "P" for _, hit in targets):
            targets = [item for item in targets if _letter(item[1]) != "P"]
        if targets:
            best = max(targets, key=lambda item: (item[0], item[1].start))
            if best[0] > 0.4:
                return best[1]
        if emergency:
            return None
        # "Doctor's office visit from residence": the other place that a booked trip names
        others = [
            hit
            for _, hit in self.from_
            if hit is not self.origin_hit and _letter(hit) not in ("S", self.origin)
        ]
        trips = [hit for hit in others if _letter(hit) in "JGDP"]
        return trips[0] if trips else None

    def _hints(self, emergency: bool) -> None:
        """Ends that are told only by what stands around: a recliner, a charge nurse."""
        if self.origin is None and "snf_hint" in self.hints and self.destination != "N":
            self.origin_hit, self.origin = self.hints["snf_hint"], "N"
        if self.origin is None and "sending_hint" in self.hints and not emergency:
            self.origin_hit, self.origin = self.hints["sending_hint"], "H"
        if self.origin is None and self.home is not None and self.destination != "R":
            self.origin_hit, self.origin = self.home, "R"
        hint = self.hospital_hint
        if self.destination is None and hint is not None and (emergency or self.origin == "H"):
            self.destination_hit, self.destination = hint, "H"

    def _named(self) -> None:
        """A hospital by its proper name alone: "5.0 miles to Baptist"."""
        text = self.document.text
        match = _NAMED_HOSPITAL.search(self.document.folded, self.document.folded.find(" "))
        if match is not None:
            self.destination = "H"
            self.destination_span = self.document.span(match.start(), match.end())
            return
        narrative = text.narrative
        if narrative.isupper():
            return
        for found in _NAMED_TO.finditer(narrative):
            if not _NO_HOSPITAL & set(found.group(1).lower().split()):
                self.destination = "H"
                start, end = found.span(1)
                self.destination_span = Span(start, end, narrative[start:end])


def _letter(hit: Hit) -> PlaceLetter:
    return {"scene_event": "S"}.get(hit.entry.id, hit.entry.id)  # type: ignore[return-value]


def read_route(document: Document, *, air: bool) -> Route:
    """The places of a narrative with their roles, before the response is known."""
    route = Route(document)
    folded = document.folded
    route.loaded_at = _loaded_at(document)
    hits = document.hits("place")
    last_from: Hit | None = None
    onward_end = -1000
    for hit in hits:
        id = hit.entry.id
        if id not in _LETTERS:
            if id == "scene_event":
                early = hit.start < 160
                route.from_.append((3.2 if early else 1.5, hit))
                if route.scene is None and early:
                    route.scene = hit
            elif id == "home_hint":
                if hit.start < route.loaded_at or route.home is None:
                    route.home = route.home or hit
            elif id == "hospital_hint":
                route.hospital_hint = hit
            else:
                route.hints.setdefault(id, hit)
            continue
        part = document.sentence_at(hit.start).part
        if id == "R" and (
            folded[hit.end : hit.end + 1] in (":", "=")
            or _BARE_HOME.search(folded, max(0, hit.start - 24), hit.end)
        ):
            continue
        if part in ("past_history", "medications", "allergies", "family_history"):
            continue
        role, weight, onward = _role(document, hit, route, part)
        if 0 <= hit.start - onward_end <= 26:
            role, weight = "to", 3.2
        if onward:
            onward_end = onward
        if role == "from":
            if id == "S":
                weight += 0.4
            weight -= min(0.6, hit.start / (2.0 * len(folded) + 1))
            route.from_.append((weight, hit))
            if id == "S" and route.scene is None and weight >= 1.8:
                route.scene = hit
            if id in "HNEJGPD":
                route.facility_start = route.facility_start or hit
            last_from = hit
        elif role == "to" and id != "S":
            weight += hit.start / (2.0 * len(folded) + 1)
            route.to.append((weight, hit))
            if id in "JGDP":
                route.booked_place = route.booked_place or hit
    if last_from is not None or route.to:
        starts = [
            hit
            for weight, hit in route.from_
            if (_letter(hit) == "H" and weight >= 1.8) or (_letter(hit) in "NE" and weight >= 2.6)
        ]
        ends = [hit for weight, hit in route.to if _letter(hit) in ("H", "N") and weight >= 1]
        if starts and ends:
            route.facilities = [starts[0], ends[-1]]
    return route


def _loaded_at(document: Document) -> int:
    """Where the narrative first tells that the patient is on the cot or under way."""
    folded = document.folded
    at = len(folded)
    for hit in document.hits("call"):
        if hit.entry.id == "transported" and folded.startswith(_LOADING, hit.start):
            at = hit.start
            break
    for hit in document.hits("statement"):
        if hit.start >= at:
            break
        if hit.entry.id == "stretcher_used" and _ONTO.search(
            folded, max(0, hit.start - 10), hit.start
        ):
            return hit.start
    return at


def _role(document: Document, hit: Hit, route: Route, part: str) -> tuple[str | None, float, int]:
    """Whether a place is where the call began or ended, how surely, and where "to" ends."""
    folded = document.folded
    onward = _ONWARD.match(folded[hit.end : hit.end + 44])
    end = hit.end + onward.end() if onward else 0
    low = max(document.sentence_at(hit.start).start, hit.start - 60)
    role, weight = _governed(folded, hit, low, onward is not None, route, part)
    return role, weight, end if role == "from" else 0


def _governed(
    folded: str, hit: Hit, low: int, onward: bool, route: Route, part: str
) -> tuple[str | None, float]:
    id = hit.entry.id
    left = folded[low : hit.start]
    length = len(folded)
    before = hit.start <= route.loaded_at and hit.start < max(0.45 * length, 160)
    governed = _GOVERNED.search(left)
    if governed is not None:
        word = governed.group(1)
        lead = left[: governed.start(1)]
        if word in ("to", "=>", "→", "into", "back") or word.endswith(">"):
            if (
                word in ("to", "into", "back")
                and before
                and part != "transport"
                and _CALLED_TO.search(lead)
            ):
                return "from", 3.5
            if word == "to" and _OTHER_TO.search(lead):
                if lead.rstrip().endswith(("report", "care", "given")):
                    return ("to", 1.5) if id in "HNJ" else (None, 0)
                return None, 0
            return "to", 3.0
        if word in ("from", "leaving", "origin", "sending", "pickup", "p/u"):
            return "from", 1.2 if _OTHER_FROM.search(lead) else 3.0
        if word in _GOING:
            return ("from", 2.2) if onward and id in "HN" else ("to", 2.6)
        if word.startswith("arr"):
            return ("from", 2.4) if before else ("to", 2.6)
        if word in ("at", "in", "inside", "on", "outside", "near", "off", "behind", "@"):
            if _ARRIVED.search(lead) and not before:
                return "to", 2.6
            if onward:
                return "from", 3.0
            if id == "H" and word != "at":
                return None, 0
            if id == "H" and not before:
                return "to", 1.6
            return "from", 2.2 if before else 1.2
        if word == "for" and id in "JGPD":
            return ("from", 2.0) if onward else ("to", 2.0)
        if word in ("disp", "dispatched", "d/t", "called"):
            return "from", 3.0
    if onward:
        return "from", 3.0
    if id in "JGPD":
        text = folded[hit.start : hit.end]
        if text.endswith("return") or left.endswith("post "):
            return "from", 2.0
        if _TRIP.search(folded, hit.start, hit.end + 16):
            return "to", 1.5
        return ("from", 1.0) if before else ("to", 0.6)
    if part == "transport" or hit.start > 0.75 * length:
        return ("to", 1.4) if id != "S" else (None, 0)
    if part == "dispatch" or hit.start < 0.35 * length:
        return "from", 2.0 if id in "SNE" else 1.5
    if id in "HNI":
        return "to", 0.5
    return "from", 1.0
