"""What kind of call a narrative tells of, as far as the reading of its words depends on it."""

from __future__ import annotations

import re
from typing import NamedTuple

from tripsheet.reading.document import Document
from tripsheet.report import Report

_AIR = re.compile(
    r"\b(?:helicopter|rotor|rotary|flight (?:nurse|crew|team|paramedic|medic|rn)|aircraft|lifted off|lift off|liftoff|fixed wing|airborne|in flight|inflight|skids|helipad|ec ?1[34]5|bell 4\d\d|bk117|as350|king air|pilatus|learjet|wheels up|air medical|hot load|hot off ?load|enroute by air|aw ?1[0-9]9|tail number)\b"
)
_AIR_OWN = re.compile(
    r"\b(?:we (?:landed|lifted|launched)|lifted off|lift off|liftoff|launched|flight (?:nurse|crew|team|rn|paramedic)|this flight|our (?:helicopter|aircraft)|in flight|inflight|wheels up|loaded (?:in|into|to) (?:the )?(?:aircraft|helicopter)|hot load(?:ed)?|secured in (?:the )?aircraft|fixed wing|rotor wing|patient compartment of (?:the )?aircraft|flown|departed .{0,30} by air)\b"
)
_TRANSFER = re.compile(
    r"\b(?:ift|interfacility|inter facility|inter hospital|sending|receiving (?:facility|hospital|rn|icu|physician)|referring|accepting (?:md|physician|dr|facility|hospital|provider|doctor)|transfer(?:red|ring)? (?:to|from|of pt from|for)|cct|critical care transport|higher level of care|micu|sicu|cvicu|nicu|picu|icu|ccu|step ?down|transport team|bedside report|report (?:received )?from (?:rn|nurse|icu|ed|er|staff|sending|charge)|drips? (?:transferred|switched|moved)|outlying|transferring)\b"
)


_NURSE = re.compile(
    r"\b(?:cct|transport|flight|our|crew|team|riding|accompanying|specialty|nicu team|ccu team|critical care) (?:rn|nurse|rt|respiratory therapist)\b|\b(?:crew|team|staff(?:ed|ing)?|unit|attendants?)\b[^.;]{0,40}\b(?:rn|ccrn|cfrn|rt|nurse|respiratory therapist|perfusionist)\b|\b(?:rn|rt)\s?[/+&]\s?(?:rt|emt|medic|ccp|paramedic|pmd|emtp|emt p|rrt|ccemtp|fp c)|\b(?:emt|medic|ccp|paramedic|pmd)\s?[/+&,]\s?(?:rn|rt|ccrn)\b|\brn (?:on ?board|aboard|rode|attended|attending|narrative)\b|\bccrn\b|\bcfrn\b"
)


class Setting(NamedTuple):
    """Whether the unit flies, whether the call is a transfer between facilities, and whether the
    crew has its own nurse or therapist."""

    air: bool
    transfer: bool
    nurse_aboard: bool = False


def setting_of(report: Report, document: Document) -> Setting:
    """The setting that the record tells, else the narrative."""
    folded = document.folded
    if report.transport is not None:
        air = report.transport != "ground"
    else:
        air = len(_AIR.findall(folded)) > 1 and bool(_AIR_OWN.search(folded))
    if report.origin is not None and report.destination is not None:
        transfer = report.origin in "HN" and report.destination in "HN"
    else:
        transfer = bool(_TRANSFER.search(folded))
    return Setting(air, transfer, air or bool(_NURSE.search(folded)))
