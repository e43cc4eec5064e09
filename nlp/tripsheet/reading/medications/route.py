"""Which way a drug went in."""

from __future__ import annotations

import re

from tripsheet.findings import Dose
from tripsheet.reading import amounts
from tripsheet.reading.document import Document
from tripsheet.reading.medications.event import Event
from tripsheet.reading.patterns import guarded
from tripsheet.reading.scan import Hit

_THEN_ROUTE = guarded(
    r"(?:,|;|\bthen|\band|\+|&|followed by|\blater)\s*(?:then |later |and |another |a "
    r"|again |followed by )*(?P<rest>(?:(?P<number>\d+(?:\.\d+)?|\.\d+) ?(?P<unit>mg|mcg|g"
    r"|units)? ?)?(?:more |of )?(?:slow |rapid )?(?:ivp|sivp|iv push|io|im|in|sl"
    r"|iv(?! (?:then|was|line|access|obtained|est\w*|started|in place)))\b"
    r"|(?:\d+|1/2|one|half an|an) inch(?:es)? (?:of )?paste\b)"
)
_THROUGH_BONE = guarded(r"\b(?:io|intraosseous)\b")


def other_routes(document: Document, hit: Hit, event: Event, until: int) -> list[Event]:
    """The doses of the same telling that went another way: "2 mg IN, then 0.4 mg IVP"."""
    if event.status != "given" or not event.route_told or event.count < 1:
        return []
    right = amounts.plain_window(document.folded[hit.end : until])
    found: list[Event] = []
    for match in _THEN_ROUTE.finditer(right):
        told = amounts.route_of(right[match.start("rest") : match.start("rest") + 26])
        if told is None or told[2] > 16 or told[0] in (event.route, "iv_infusion", "oral"):
            continue
        start, end = hit.end + match.start("rest"), hit.end + match.start("rest") + told[3]
        times = amounts.MULTIPLE.search(right, match.start("rest"), match.start("rest") + 40)
        count = (
            (amounts.how_often(times["x"] or times["times"] or times["after"]) or 1) if times else 1
        )
        dose = event.dose
        if match["number"]:
            unit = match["unit"]
            named = event.dose.unit if event.dose and not unit else amounts.unit(unit or "")
            dose = Dose(float(match["number"]), named)
        other = Event(
            event.name, start, end, route=told[0], method_stated=told[1], route_told=True,
            dose=dose,
            count=count, counted=True, performer=event.performer, clock=event.clock, act=event.act,
            home=event.home, cues=list(event.cues), spans=[(start, end)], reason=event.reason,
        )  # fmt: skip
        found.append(other)
        if match["number"] and event.counted and event.count > 1:
            event.count = max(1, event.count - count)
    return found


_FEW_TIMES = re.compile(r"\bx ?[2-4]\b")


def read_route(
    event: Event,
    implied: str | None,
    form_route: str | None,
    left: str,
    right: str,
    since: int,
    end: int,
) -> None:
    """Reads the route of one telling, from the words before and behind the drug.

    `form_route` is that of the name itself ("nitro paste"), `implied` the drug's only one.
    """
    if form_route is not None:
        event.route = form_route  # type: ignore[assignment]
        event.route_told = True
    found = amounts.route_of(right[:110])
    where = end
    if found is None or (found[2] > 60 and event.dose is None):
        near = left[-22:]
        if len(left) > len(near) and left[-len(near) - 1].isalnum():
            near = near.partition(" ")[2]  # not half a word: the "im" of "him"
        near = near[near.rfind(",") + 1 :]
        before = amounts.route_of(near)
        if (
            before is not None
            and not near[before[2] : before[3]].startswith(("titrat", "bolus"))
            and not (near[before[2] : before[3]].startswith("push") and before[3] < len(near) - 1)
        ):
            found, where = before, since + len(left) - len(near)
    if found is not None:
        route, stated, start, stop = found
        if form_route is None or route in ("iv_push", "iv_infusion", "io", "im", "intranasal"):
            if not (form_route == "iv_infusion" and route == "iv_push" and not stated):
                event.route, event.method_stated = route, stated
            event.route_told = True
            event.spans.append((where + start, where + stop))
    if (
        event.dose is not None
        and "/" in event.dose.unit
        and event.dose.unit.split("/")[-1] in ("min", "hr")
    ):
        if event.route in ("unknown", "iv_push"):
            event.route, event.method_stated = "iv_infusion", True
        event.route_told = True
    if event.route == "unknown" and implied is not None:
        event.route = implied  # type: ignore[assignment]
    if event.route == "iv_infusion" and _THROUGH_BONE.search(right[:90]):
        event.route = "io"
    if event.route == "iv_infusion":
        # one infusion is one administration, whatever its rate changes
        event.count = 1 if not _FEW_TIMES.search(right[:60]) else event.count
