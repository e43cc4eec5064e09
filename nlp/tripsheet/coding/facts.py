"""The level decision: a pure function of a few facts, so that all of them can be enumerated."""

from __future__ import annotations

from tripsheet.values import value
from tripsheet.vocabulary import Death, Hcpcs, TransportMode


@value
class LevelFacts:
    """Every fact that the level turns on, after the counting rules and the policies.

    `emergency` is false also where the response is not told. `treated` is care or an assessment
    by the crew. `als_staffed` is false only for a crew known not to hold ALS personnel.
    `als2_administrations` are those that count; `ql_by_response` is the policy `ql_base`.
    """

    told: bool = True
    mode: TransportMode = "ground"
    transported: bool = True
    death: Death | None = None
    emergency: bool = False
    treated: bool = False
    als_staffed: bool = True
    als_intervention: bool = False
    als_assessment: bool = False
    als2_administrations: int = 0
    als2_needed: int = 3
    als2_procedure: bool = False
    facilities_at_both_ends: bool = False
    critical: bool = False
    beyond_paramedic: bool = False
    specialist: bool = False
    intercept: bool = False
    ql_by_response: bool = True


def decide_level(facts: LevelFacts) -> Hcpcs:
    """The base code that the facts support, by the order of 42 CFR 414.605 and its gates."""
    if not facts.told:
        return "undetermined"
    if facts.death == "before_dispatch":  # R1.11: pronounced before the call, no payment
        return "none"
    if facts.death == "before_loading":  # R1.11, R1.11-b: the base of the response, QL
        if facts.mode == "rotary_wing":
            return "A0431"
        if facts.mode == "fixed_wing":
            return "A0430"
        return "A0429" if facts.emergency and facts.ql_by_response else "A0428"
    if not facts.transported and facts.death is None:  # R1.12-a: the benefit is a transport
        return "A0998" if facts.treated else "none"
    if facts.mode == "rotary_wing":  # R1.10-g: no ground level on an air claim
        return "A0431"
    if facts.mode == "fixed_wing":
        return "A0430"
    if facts.intercept:  # R1.8-a
        return "A0432"
    if (  # R1.7-a
        facts.facilities_at_both_ends
        and facts.critical
        and facts.beyond_paramedic
        and facts.specialist
    ):
        return "A0434"
    if facts.als_staffed:  # R1.2-b
        if (  # R1.6-b
            facts.als2_procedure or facts.als2_administrations >= facts.als2_needed
        ):
            return "A0433"
        if facts.als_intervention:  # R1.5-a, R1.5-e
            return "A0427" if facts.emergency else "A0426"
        if facts.emergency and facts.als_assessment:  # R1.5-b, R1.5-d
            return "A0427"
    return "A0429" if facts.emergency else "A0428"
