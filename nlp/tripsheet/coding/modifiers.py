"""Modifiers: the pair of origin and destination, and the others that facts decide.

42 CFR 410.40(f); Claims Processing Manual ch. 15 s. 30; Benefit Policy Manual ch. 10 s. 10.3.
"""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.vocabulary import Hcpcs


def pair(case: Case) -> str | None:
    """R3.1: the two letters, or None where one is not told."""
    if case.origin is None or case.destination is None:
        return None
    return case.origin + case.destination


def modifiers(case: Case, hcpcs: Hcpcs) -> tuple[str, ...]:
    """R3.1-a, R1.13-a, R1.11, R3.1-b, R1.12-b: in the order in which a claim carries them."""
    if hcpcs in ("none", "undetermined"):
        return ()
    if hcpcs == "A0998":
        return ("GY",)
    made: list[str] = []
    letters = pair(case)
    dead = case.death == "before_loading"
    if letters is not None and not dead:
        made.append(letters)
    if case.patients > 1 and not dead:
        made.append("GM")
    if dead:
        made.append("QL")
    if case.report.institutional_provider:
        made.append("QN")
    if letters is not None and not dead and case.rules.pairs[letters] == "N":
        made.append("GY")
    return tuple(made)
