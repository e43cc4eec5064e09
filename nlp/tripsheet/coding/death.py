"""Death of the patient: when it was pronounced decides what can be claimed.

Benefit Policy Manual ch. 10 s. 10.2.6 (ground) and s. 10.4.9 (air).
"""

from __future__ import annotations

from tripsheet.coding.case import Case
from tripsheet.determination import Line

_SENTENCES = {
    "before_dispatch": "Pronounced dead before the call: nothing can be claimed.",
    "before_loading": "Pronounced dead after dispatch and before loading: the base of the response "
    "with modifier QL, without mileage; care on scene does not lift it.",
    "after_loading": "Pronounced dead after loading: coded as if alive, with mileage.",
}


def death(case: Case) -> Line | None:
    """R1.11, R1.11-b, R1.11-c: the line on the patient's death, if there was one."""
    if case.death is None:
        return None
    return Line(
        "death",
        "met",
        _SENTENCES[case.death],
        "Benefit Policy Manual ch. 10 s. 10.2.6"
        if case.mode == "ground"
        else "Benefit Policy Manual ch. 10 s. 10.4.9",
        case.field("death"),
        policy="ql_base" if case.death == "before_loading" and case.mode == "ground" else None,
        flag=case.death == "before_loading" and case.response == "unknown",
    )
