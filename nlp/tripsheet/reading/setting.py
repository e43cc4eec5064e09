"""What kind of call a narrative tells of, as far as the reading of its words depends on it."""

from __future__ import annotations

import re
from typing import NamedTuple

from tripsheet.reading.document import Document
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.units import find_members, find_units
from tripsheet.report import Report
from tripsheet.vocabulary import TransportMode

# words of a crew that flies; one kind of them is enough where nobody was handed over
_OWN_FLIGHT = Pattern(
    r"\b(?P<team>f[np] ?(?:/|\+|&|and|,) ?(?:f[np]|rt|emt ?p|rn)|by f[np]|f[np] (?:and|at|on"
    r"|to|gave|found|\d)|(?:i|me|myself|we) (?:and|with|\+|&) (?:the |my )?flight (?:nurse"
    r"|paramedic|rn|medic)|flight (?:rn|nurse) ?/ ?(?:fp|flight|paramedic|medic)|this flight"
    r"|flight crew (?:chart|report|narrative|record))\b"
    r"|\b(?P<member>flight (?:nurse|paramedic|rn|medic|team) ?(?:/|,|\d|placed"
    r"|gave(?! (?:him|her|them)\b)|intubated|started|at))\b"
    r"|\b(?P<craft>rotor(?: ?wing)?|rotorcraft|(?:via |by |in (?:the )?|into (?:the )?|our "
    r"|aboard (?:the )?|to (?:the )?|inside (?:the )?)(?:helicopter|aircraft|helo)"
    r"|(?:helicopter|aircraft|helo) (?:direct|to|transport|crew of|from base)"
    r"|ec ?1[34]\d|bell ?4\d\d|bk ?117|as ?350|a ?star|aw ?1[0-9]9|airframe)\b"
    r"|\b(?P<plane>fixed ?wing|fw(?=[,:])|king ?air|lear ?jet|pilatus|pc ?12|turboprop"
    r"|cessna|citation"
    r"|airplane|airstair|fw (?:med|transport|turboprop|flight|tx|trip|transfer)|med ?jet"
    r"|jet (?:transport|team)|wheels (?:up|down)|tarmac|fbo|runway|airstrip)\b"
    r"|\b(?P<moves>lift(?:ed)? ?off|lifted(?= (?:at|from|for|with|\d|\.|,))|lift at|skids"
    r"|(?:un)?loaded hot|hot (?:off ?)?(?:un)?load(?:ed)?|cold (?:off ?)?(?:un)?load(?:ed)?"
    r"|we (?:landed"
    r"|lifted|launched|flew)|landed (?:at|on|near|in) (?:the )?(?:scene|lz|pad|roof|helipad"
    r"|field|\d)|launch(?:ed)?(?= (?:to|for|at|from))|scene fl(?:igh)?t|flt (?:to|\d)"
    r"|rw (?:launch\w*|flight|transport|mission)|landed (?=\d{3,4}\b)|on (?:climb|descent)"
    r"|flight \d+|hems|in flight|inflight|uneventful flight|flight time|cabin alt\w*"
    r"|ft cabin|altitude|in cruise|cruise|airborne|statute|nautical|nm\b|\d+ nm|\d+ sm"
    r"|fl(?:y|ew|own|ying) \d+ ?(?:statute |nautical |air )?(?:miles?|mi|nm|min\w*)\b"
    r"|landing (?=\d)"
    r"|air mi(?:les)?|took me (?:with|along)|by air vs|(?:\d+ )?min(?:ute)? flight|flown"
    r"|offload(?:ed)? (?:at"
    r"|on) (?:the )?(?:pad|roof)|(?:at|on|to) (?:the )?(?:roof ?pad|pad|helipad)|wx check)\b"
)
# words of a ground crew that hands over to one, calls one or does without
_HANDED = Pattern(
    r"\b(?:(?:handed|transferred|turned|given|care|report|pt|patient) (?:\w+ ){0,4}?(?:to"
    r"|over to|with) (?:the |a )?(?:flight|helicopter|air ?\w*|hems|life ?\w*|med ?flight"
    r"|chopper|helo)|flight (?:crew|team|nurse|rn|medic) (?:took|assumed|accepted|received"
    r"|arrived|landed|started|there|met)|(?:flight|helicopter|hems|chopper|air \w+"
    r"|life ?flight|rotor|aircraft|helo) (?:was |is )?(?:would(?:n'?t)?|will not|won'?t"
    r"|could(?:n'?t)?|can ?not|did(?:n'?t)?|unable"
    r"|never|n/a|no go|requested|cancel+ed|declined|unavailable|grounded"
    r"|on standby|not|stood|weather\w*|offered|took|eta|too far|down|busy|en ?route to"
    r"|considered|refused|launched to meet|put on)|(?:met|meet|meeting"
    r"|rendezvous\w*) (?:with )?(?:the |a )?(?:flight|helicopter|hems|air|chopper|helo)"
    r"|(?:we |crew )?drove (?:\w+ )?(?:\d+(?:\.\d+)? miles )?to (?:the )?(?:lz|landing)"
    r"|set (?:up )?(?:an |the )?lz|lz (?:set|secured|at|established)|(?:to"
    r"|at) (?:the )?(?:lz|landing zone)|no (?:helicopter|flight|rotor)|left (?:with"
    r"|w/) (?:the )?(?:flight|helicopter|hems)|(?:asked|called|calling|requested|wanted"
    r"|tried) (?:for )?(?:the |a |an )?(?:helicopter|helo"
    r"|chopper|flight|air|bird)|drove|medic unit|ground (?:transport"
    r"|unit) (?:by us|instead)|by ground (?:instead|due)|flight .{0,20}(?:wx|weather))\b"
)
_CRAFT = Pattern(
    r"\b(?:helicopter|chopper|helo|aircraft|air ?(?:med|ambulance|care|evac)|hems|lz"
    r"|life ?(?:flight|star|net)|med ?flight|flight|bird|mission|launch(?:ed)?)\b"
)
_CALLED_OFF = Pattern(
    r"\b(?:cancel\w*|cancl\w*|called (?:it |them |him |her )?off|turned (?:back|around|home)"
    r"|abort\w*|waved (?:it |them )?off|stood (?:it |them )?down|scrubbed|sent (?:it |them )?"
    r"(?:back|home)|never (?:came|landed|arrived|lifted|launched)|no pt contact|returned to base)\b"
)
_BY_ROAD = Pattern(
    r"\b(?:(?:by|via|took|went|go|gone|with) (?:the |a )?(?:ground|road)|ground (?:rig|ambulance"
    r"|unit|truck|crew|transport|cct)|drove)\b"
)
_TRANSFER = Pattern(
    r"\b(?:ift|interfacility|inter facility|inter hospital|sending|receiving (?:facility"
    r"|hospital|rn|icu|physician)|referring|accepting (?:md|physician|dr|facility|hospital"
    r"|provider|doctor)|(?<!care )(?<!care was )transfer(?:red|ring)? (?:to|from|of pt from"
    r"|for)|cct"
    r"|critical care transport|higher level of care|micu|sicu|cvicu|nicu|picu|icu|ccu"
    r"|step ?down|transport team|bedside report|report (?:received )?from (?:rn|nurse|icu|ed"
    r"|er|staff|sending|charge)|drips? (?:transferred|switched|moved)|outlying|transferring"
    r"|osh)\b"
)
_NURSE = Pattern(
    r"\b(?:cct|transport|flight|our|crew|team|riding|accompanying|specialty|nicu team"
    r"|ccu team|critical care) (?:rn|nurse|rt|respiratory therapist)\b|\b(?:crew|team"
    r"|staff(?:ed|ing)?|unit|attendants?)\b[^.;]{0,40}\b(?:rn|ccrn|cfrn|rt|nurse"
    r"|respiratory therapist|perfusionist)\b|\b(?:rn|rt)\s?[/+&]\s?(?:rt|emt|medic|ccp"
    r"|paramedic|pmd|emtp|emt p|rrt|ccemtp|fp c)|\b(?:emt|medic|ccp|paramedic"
    r"|pmd)\s?[/+&,]\s?(?:rn|rt|ccrn)\b|\brn (?:on ?board|aboard|rode|attended|attending"
    r"|narrative)\b|\bccrn\b|\bcfrn\b"
    r"|\b(?:truck|rig|unit) (?:w/|with) (?:\w+ )?(?:rn|rrt|rt|nurse|perfusionist)\b"
    r"|\bperfusionist\b[^.;]{0,30}\b(?:console|aboard|on ?board|rode|riding|titrat\w*)"
    r"|\b(?:neo|neonatal|nicu|picu|ecmo) team ?:|\b(?:rn|rrt|rt"
    r"|nurse)\b[^.;]{0,24}\bin (?:our (?:rig|unit|truck)|(?:the )?back)\b"
    r"|\b(?:rn|nurse) \(me\)|\brn(?: \(me\))? and (?:rt|rrt)\b"
    r"|\b(?:rn|rt), ?(?:rn|rt),? ?(?:and |& )?(?:emt|medic|paramedic|ccp)\b"
    r"|\b(?:rn|rt|nurse|respiratory therapist) from (?:the |their )?\w+ (?:rode|riding"
    r"|came along|accompanied)\b"
)
_FIELD = frozenset({"airstrip", "runway", "tarmac", "fbo"})
_STRONG = frozenset({"team", "plane"})


class Setting(NamedTuple):
    """How the crew travels, whether the call is a transfer between facilities, and whether the
    crew has its own nurse or therapist."""

    mode: TransportMode
    transfer: bool
    nurse_aboard: bool = False
    engine: bool = False
    """Whether the report is a fire company's, which need not be the unit that transports."""
    flight_words: tuple[tuple[int, int], ...] = ()
    """Where the narrative tells of its own flight (folded positions)."""

    @property
    def air(self) -> bool:
        return self.mode != "ground"


def setting_of(report: Report, document: Document) -> Setting:
    """The setting that the record tells, else the narrative; makes its units known as agents."""
    words: tuple[tuple[int, int], ...] = ()
    if report.transport is not None:
        mode = report.transport
    else:
        mode, words = _mode(document)
    if report.origin is not None and report.destination is not None:
        transfer = report.origin in "HN" and report.destination in "HN"
    else:
        transfer = document.search(_TRANSFER) is not None
    units = find_units(document, air=mode != "ground")
    document.add_agents([*units.hits, *find_members(document, engine=units.engine)])
    nurse = mode != "ground" or document.search(_NURSE) is not None
    return Setting(mode, transfer, nurse, units.engine, words)


def _kind(match: re.Match[str]) -> str | None:
    """The kind of a word of flight; a field alone is where a ground crew drives to as well."""
    return "field" if match.group() in _FIELD else match.lastgroup


def _mode(document: Document) -> tuple[TransportMode, tuple[tuple[int, int], ...]]:
    """Ground unless this crew flew: words of its own flight, and not of a hand-over to one."""
    own = document.find(_OWN_FLIGHT)
    if not own:
        return "ground", ()
    handed = [match.span() for match in document.find(_HANDED)]
    own = [
        match
        for match in own
        if not any(start < match.end() and match.start() < end for start, end in handed)
    ]
    own = _not_called_off(document, own)
    kinds = {_kind(match) for match in own}
    distinct = {match.group() for match in own}
    enough = (
        bool(kinds & _STRONG)
        or ("member" in kinds and not handed)
        or len(kinds) >= 2
        or len(distinct) >= 2
        or (len(own) >= 1 and "craft" in kinds)
    )
    if (
        not own
        or not enough
        or (handed and len(distinct) <= len(handed) + 1 and not kinds & _STRONG)
    ):
        return "ground", ()
    plane = sum(_kind(match) == "plane" for match in own)
    rotor = sum(match.lastgroup == "craft" for match in own)
    mode: TransportMode = "fixed_wing" if plane and plane >= rotor else "rotary_wing"
    return mode, tuple(match.span() for match in own[:3])


# how far behind the craft's name the word may stand that it did not fly this patient
_SOON = 120


def _not_called_off(document: Document, own: list[re.Match[str]]) -> list[re.Match[str]]:
    """Without the flight that was called off; what flew afterwards stays, and so does a crew
    that is a flight team, unless it went by road instead."""
    crafts = [match.start() for match in document.find(_CRAFT)]
    off = next(
        (
            match.start()
            for match in document.find(_CALLED_OFF)
            if any(match.start() - _SOON <= craft < match.start() for craft in crafts)
        ),
        None,
    )
    if off is None:
        return own
    if any(match.start() > off for match in document.find(_BY_ROAD)):
        return []
    return [match for match in own if match.start() > off or match.lastgroup == "team"]
