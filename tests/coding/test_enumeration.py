"""Every combination of facts against decision tables that were written from the rules.

The tables (`level_table.csv`, `pair_matrix.csv`) restate the regulation and the manuals; the code
is held to them, first the bare level decision with all its inputs, then whole calls told in
findings.
"""

from __future__ import annotations

import csv
import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import scenario

from tripsheet.coding import LevelFacts, Policies, decide_level, determine
from tripsheet.errors import TripsheetError

HERE = Path(__file__).parent
BOTH = (False, True)
MODES = ("ground", "rotary_wing", "fixed_wing")
OUTCOMES = ("dead_before_call", "dead_before_loading", "not_carried", "carried")


class Facts(NamedTuple):
    """The columns of `level_table.csv` before the code; yes and no are True and False."""

    told: bool = True
    outcome: str = "carried"
    treated: bool = True
    mode: str = "ground"
    intercept: bool = False
    specialty: bool = False
    als_staffed: bool = True
    als2: bool = False
    intervention: bool = False
    assessment: bool = False
    emergency: bool = False
    ql_by_response: bool = True


def _rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def _holds(cell: str, value: bool | str) -> bool:
    told = value if isinstance(value, str) else ("yes" if value else "no")
    return cell == "-" or told in cell.split("|")


def _fits(row: dict[str, str], facts: Facts) -> bool:
    return all(_holds(row[name], value) for name, value in zip(facts._fields, facts, strict=True))


def _every_fact() -> Iterator[Facts]:
    values = [OUTCOMES if name == "outcome" else MODES if name == "mode" else BOTH
              for name in Facts._fields]  # fmt: skip
    return (Facts(*combination) for combination in itertools.product(*values))


@cache
def table() -> dict[Facts, str]:
    """The code for every combination of the table's columns."""
    rows = _rows("level_table.csv")
    made: dict[Facts, str] = {}
    for facts in _every_fact():
        codes = [
            row["code"]
            for row in rows
            if all(
                _holds(row[name], value) for name, value in zip(facts._fields, facts, strict=True)
            )
        ]
        assert len(codes) == 1, f"{facts}: {len(codes)} rows hold"
        made[facts] = codes[0]
    return made


def outcome(death: str | None, transported: bool) -> str:
    """How a call ended: pronouncement decides first, then whether anybody was carried."""
    if death == "before_dispatch":
        return "dead_before_call"
    if death == "before_loading":
        return "dead_before_loading"
    return "carried" if transported or death == "after_loading" else "not_carried"


def test_exactly_one_row_of_the_table_holds_for_every_combination() -> None:
    assert len(table()) == len(OUTCOMES) * len(MODES) * 2 ** (len(Facts._fields) - 2)


def test_every_row_of_the_table_is_used() -> None:
    for row in _rows("level_table.csv"):
        assert any(_fits(row, facts) for facts in table()), row["why"]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("death", [None, "before_dispatch", "before_loading", "after_loading"])
def test_the_level_decision_is_the_table(mode: str, death: str | None) -> None:
    """All other inputs in all combinations, 0 to 4 administrations among them."""
    codes = table()
    names = (
        "told", "transported", "emergency", "treated", "als_staffed", "als_intervention",
        "als_assessment", "als2_procedure", "facilities_at_both_ends", "critical",
        "beyond_paramedic", "specialist", "intercept", "ql_by_response",
    )  # fmt: skip
    for values in itertools.product(BOTH, repeat=len(names)):
        (told, transported, emergency, treated, staffed, act, assessed, procedure,
         ends, critical, beyond, specialist, intercept, ql) = values  # fmt: skip
        for administrations in range(5):
            facts = LevelFacts(
                mode=mode,  # type: ignore[arg-type]
                death=death,  # type: ignore[arg-type]
                als2_administrations=administrations,
                **dict(zip(names, values, strict=True)),  # type: ignore[arg-type]
            )
            wanted = codes[
                Facts(
                    told, outcome(death, transported), treated, mode, intercept,
                    ends and critical and beyond and specialist, staffed,
                    procedure or administrations >= 3, act, assessed, emergency, ql,
                )
            ]  # fmt: skip
            assert decide_level(facts) == wanted, facts


# Whole calls: what is told, and which facts of the table it makes.

CREWS = {"emt": False, "aemt": True, "paramedic": True, "critical_care_paramedic": True, None: True}
"""Crew level: whether ALS personnel may be aboard; an untold crew that gives ALS care is ALS."""
RESPONSES = {"emergency": True, "non_emergency": False, None: False}
DRUGS = ("fentanyl", "ondansetron", "ketorolac", "famotidine")
SENT: dict[str, tuple[str | None, list[str], bool]] = {
    "for chest pain": ("chest_pain", [], True),
    "on a low code": ("26-A-1", ["cond cardiac_distress"], False),
    "for an ALS crew by name": (None, ["say dispatched_als"], True),
    "untold, to an acute condition": (None, ["cond cardiac_distress"], True),
    "untold, to nothing acute": (None, [], False),
}
"""How the unit was sent: complaint, findings, and whether that called for an ALS assessment."""


def coded(call: str, find: list[str], **policies: Any) -> str:
    row = {"name": "enumerated", "base": "als_911", "call": call, "find": find}
    return determine(*scenario.build(row), policies=Policies.from_mapping(policies)).hcpcs


def pushes(number: int) -> list[str]:
    return [f"med {name} | route=iv_push dose=4_mg" for name in DRUGS[:number]]


def call(**fields: str | None) -> str:
    return " ".join(
        f"{name}={'none' if value is None else value}" for name, value in fields.items()
    )


@pytest.mark.parametrize("sent", SENT)
@pytest.mark.parametrize("crew", CREWS)
def test_every_ground_transport_is_coded_by_the_table(crew: str | None, sent: str) -> None:
    complaint, said, called = SENT[sent]
    for response, access, procedure, number in itertools.product(RESPONSES, BOTH, BOTH, range(5)):
        find = [
            "vital systolic_bp | 128 mmHg",
            *said,
            *(["int iv_access"] if access else []),
            *(["int chest_decompression"] if procedure else []),
            *pushes(number),
        ]
        wanted = table()[
            Facts(
                als_staffed=CREWS[crew],
                als2=procedure or number >= 3,
                intervention=access or procedure or number > 0,
                assessment=called and crew not in ("emt", None),
                emergency=RESPONSES[response],
            )
        ]
        made = coded(call(response=response, crew_level=crew, dispatch_complaint=complaint), find)
        assert made == wanted, (response, access, procedure, number)


CARE = {
    "none": [],
    "a splint": ["int splinting"],
    "a line": ["int iv_access"],
    "a tube": ["int endotracheal_intubation"],
    "three drugs": pushes(3),
}
NOBODY = "transported=false destination=none loaded_miles=none"
ENDINGS = {
    "carried": "transported=true",
    "not told": "transported=none",
    "not carried": NOBODY,
    "dead before the call": f"{NOBODY} death=before_dispatch",
    "dead before loading": f"{NOBODY} death=before_loading",
    "dead after loading": "death=after_loading",
}


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("mode", MODES)
def test_every_mode_and_ending_is_coded_by_the_table(mode: str, ending: str) -> None:
    for response, care, by_response in itertools.product(RESPONSES, CARE, BOTH):
        ended = {
            "dead before the call": "dead_before_call",
            "dead before loading": "dead_before_loading",
            "not carried": "not_carried",
        }.get(ending, "carried")
        wanted = table()[
            Facts(
                outcome=ended,
                treated=care != "none",
                mode=mode,
                als2=care in ("a tube", "three drugs"),
                intervention=care in ("a line", "a tube", "three drugs"),
                emergency=RESPONSES[response],
                ql_by_response=by_response,
            )
        ]
        made = coded(
            f"mode={mode} {ENDINGS[ending]} {call(response=response)}",
            CARE[care],
            ql_base="response" if by_response else "A0428",
        )
        assert made == wanted, (response, care, by_response)


FACILITIES = {
    "HH": True, "HN": True, "NH": True, "NN": True,
    "RH": False, "SH": False, "HR": False, "HJ": False, "EH": False, "HE": False, "DH": False,
    "PH": False, "IH": False, "HI": False,
}  # fmt: skip
"""Ends of a transfer, and whether both are a hospital or skilled nursing facility."""


def transfer(
    ends: str, crew: str, nurse: bool, critical: bool, beyond: bool, response: str | None
) -> tuple[str, str]:
    """The code of a transfer, and the code that the table gives.

    Who rides on a balloon pump is critically ill, whatever else is told.
    """
    find = [
        *(["cond unconscious_or_shock"] if critical else []),
        *(["int balloon_pump | maintained"] if beyond else ["int iv_access"]),
    ]
    specialist = nurse or crew == "critical_care_paramedic"
    wanted = table()[
        Facts(
            specialty=FACILITIES[ends] and specialist and beyond,
            als_staffed=crew != "emt",
            intervention=True,
            emergency=RESPONSES[response],
        )
    ]
    told = call(
        response=response,
        crew_level=crew,
        origin=ends[0],
        destination=ends[1],
        specialist_aboard="nurse" if nurse else None,
        interfacility="true" if FACILITIES[ends] else None,
    )
    return coded(told, find), wanted


@pytest.mark.parametrize("ends", FACILITIES)
def test_specialty_care_needs_its_ends_its_person_its_patient_and_its_care(ends: str) -> None:
    for crew, *others in itertools.product(
        ("emt", "paramedic", "critical_care_paramedic"), BOTH, BOTH, BOTH, RESPONSES
    ):
        nurse, critical, beyond, response = others
        made, wanted = transfer(ends, crew, nurse, critical, beyond, response)
        assert made == wanted, (crew, *others)


# Scope of practice: what an emergency by a crew of unknown level comes to by one act alone.

SCOPE: dict[str, str] = {
    **dict.fromkeys(
        (
            "oxygen", "bag_valve_mask", "oropharyngeal_airway", "nasopharyngeal_airway", "suction",
            "cpap", "tracheostomy_care", "cardiac_monitoring", "ecg_12_lead", "aed_defibrillation",
            "cpr", "mechanical_cpr", "hemorrhage_control", "tourniquet", "wound_care", "splinting",
            "traction_splint", "spinal_motion_restriction", "pelvic_binder", "chest_seal",
            "burn_care", "blood_glucose", "physical_restraint", "stroke_scale",
            "childbirth_delivery", "patient_warming", "patient_cooling",
        ),
        "A0429",
    ),
    **dict.fromkeys(
        (
            "supraglottic_airway", "mechanical_ventilation", "chest_tube_monitoring",
            "vagal_maneuver", "balloon_pump", "ecmo", "arterial_line_monitoring",
            "ventricular_assist_device", "iv_access", "iv_fluid_bolus", "gastric_tube",
            "ecg_12_lead | detail=interpreted", "cardiac_monitoring | detail=interpreted",
            "iv_access | detail=external_jugular", "iv_access | detail=saline_lock",
            "iv_fluid_bolus | detail=kvo", "blood_transfusion | detail=platelets",
        ),
        "A0427",
    ),
    **dict.fromkeys(
        (
            "manual_defibrillation", "cardioversion", "endotracheal_intubation", "ett_maintenance",
            "central_line", "transcutaneous_pacing", "chest_decompression", "surgical_airway",
            "io_access", "blood_transfusion | detail=whole_blood",
        ),
        "A0433",
    ),
}  # fmt: skip
DRUG_SCOPE: dict[str, str] = {
    **dict.fromkeys(
        (
            "albuterol | route=nebulized", "albuterol | route=inhaled",
            "albuterol_ipratropium | route=nebulized", "ipratropium | route=nebulized",
            "levalbuterol | route=nebulized", "aspirin | route=oral", "oral_glucose | route=oral",
            "acetaminophen | route=oral", "ibuprofen | route=oral", "diphenhydramine | route=oral",
            "naloxone | route=intranasal", "naloxone | route=im detail=autoinjector",
            "epinephrine | route=im detail=autoinjector", "atropine | route=im detail=autoinjector",
            "pralidoxime | route=im detail=autoinjector",
            "nitroglycerin | route=sublingual detail=patients_own",
        ),
        "A0429",
    ),
    **dict.fromkeys(
        (
            "fentanyl | route=intranasal", "ketamine | route=im", "midazolam | route=im",
            "midazolam | route=intranasal", "naloxone | route=iv_push", "epinephrine | route=im",
            "glucagon | route=im", "diphenhydramine | route=im", "ketorolac | route=im",
            "terbutaline | route=subcutaneous", "diazepam | route=rectal",
            "nitroglycerin | route=sublingual", "nitroglycerin | route=topical",
            "nitroglycerin | route=iv_infusion", "nitrous_oxide | route=inhaled",
            "dextrose | route=iv_push", "dextrose | route=iv_infusion",
            "ondansetron | route=iv_push",
            "epinephrine | route=endotracheal", "epinephrine | route=io",
            "heparin | route=iv_infusion maintained", "haloperidol | route=im",
            "racemic_epinephrine | route=nebulized",
        ),
        "A0427",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("act", "code"), SCOPE.items())
def test_each_act_alone_has_its_level(act: str, code: str) -> None:
    row = {"name": "enumerated", "base": "unknown_crew_911", "find": [f"int {act}"]}
    assert determine(*scenario.build(row)).hcpcs == code


@pytest.mark.parametrize(("act", "code"), DRUG_SCOPE.items())
def test_each_drug_by_its_route_alone_has_its_level(act: str, code: str) -> None:
    row = {"name": "enumerated", "base": "unknown_crew_911", "find": [f"med {act}"]}
    assert determine(*scenario.build(row)).hcpcs == code


PAIRS = {row["from"] + to: kind for row in _rows("pair_matrix.csv") for to, kind in row.items()
         if to != "from"}  # fmt: skip


@pytest.mark.parametrize("pair", PAIRS)
def test_every_pair_of_ends_is_covered_limited_not_covered_or_refused(pair: str) -> None:
    row = {
        "name": "enumerated",
        "base": "bls_transfer",
        "call": f"origin={pair[0]} destination={pair[1]}",
    }
    if PAIRS[pair] == "-":
        with pytest.raises(TripsheetError):
            determine(*scenario.build(row))
        return
    made = determine(*scenario.build(row))
    line = next(one for one in scenario.all_lines(made) if one.rule == "check.destination")
    outcome = {"C": "met", "L": "not_documented", "N": "not_met"}[PAIRS[pair]]
    assert line.outcome == outcome
    assert line.flag == (PAIRS[pair] == "L")
    assert list(made.modifiers) == ([pair, "GY"] if PAIRS[pair] == "N" else [pair])


def test_the_pair_matrix_holds_every_pair() -> None:
    assert len(PAIRS) == 121
