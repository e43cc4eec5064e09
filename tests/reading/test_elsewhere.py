"""What is told of no care of this patient today."""

from __future__ import annotations

import pytest

from tripsheet.reading import reader
from tripsheet.report import Report


def done(text: str) -> list[str]:
    """The care of this crew that a text tells as done."""
    found = reader().read(Report(narrative=text))
    return [
        *(one.id for one in found.interventions if (one.status, one.performer) == _OURS),
        *(one.name for one in found.medications if (one.status, one.performer) == _GIVEN),
    ]


_OURS = ("performed", "crew")
_GIVEN = ("given", "crew")


@pytest.mark.parametrize(
    "text",
    [
        "On the way in I drilled an EZ-IO on the manikin and cardioverted the simulator.",
        'Protocol 3 reads: "atropine 1 mg IVP, if no response transcutaneous pacing at 80 mA".',
        "The other driver was intubated and given TXA 2 g IV.",
        "The second patient got an IO in the left tibia.",
        "Yesterday he was paced at 80 mA and given atropine 1 mg IVP x3.",
        "On the previous call she was cardioverted at 100 J.",
        "We cardioverted scratch that.",
        "We did not cardiovert.",
        "I did not intubate.",
    ],
)
def test_no_care_of_this_patient_today(text: str) -> None:
    assert done(text) == []


@pytest.mark.parametrize(
    ("text", "care"),
    [
        ("Yesterday he fell; today we started an IO.", ["io_access"]),
        ("Per protocol gave atropine 1 mg IVP.", ["atropine"]),
        ("Our patient was cardioverted at 100 J; the other driver walked.", ["cardioversion"]),
        ("Intubated with a King LT size 4, tube secured.", ["supraglottic_airway"]),
        ("Paced at 80 mA rate 70.", ["transcutaneous_pacing"]),
        ("His own pacemaker: vent paced 50.", []),
        ("Alert, oriented x4, pacing, guarded.", []),
        ("Pads on, pacing at 70, femoral pulse with each.", ["transcutaneous_pacing"]),
    ],
)
def test_what_stands_beside_it_is_kept(text: str, care: list[str]) -> None:
    assert [one for one in done(text) if one != "cardiac_monitoring"] == care


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Fentanyl 50 mcg IVP 0233. Fentanyl 50 mcg IVP 0243. Total fentanyl: 100 mcg IVP.", 2),
        (
            "Gave diltiazem 20 mg IVP, then 25 mg IVP.\nLOG\n1310 diltiazem 20 mg IVP\n"
            "1326 diltiazem 25 mg IVP",
            2,
        ),
        ("Metoprolol 5 mg IVP given x3. Error. Vial log shows 5 mg IVP at 1640 and 1646.", 2),
        ("Morphine 4 mg IVP at 1310. Repeat dose morphine 4 mg IVP at 1326.", 2),
    ],
)
def test_a_dose_told_twice_is_one_dose(text: str, count: int) -> None:
    found = reader().read(Report(narrative=text)).medications
    assert sum(one.count for one in found) == count


@pytest.mark.parametrize(
    "text",
    [
        "Interfacility. Running on arrival, none started by us: heparin 1000 units/hr.",
        "Heparin 1000 units/hr found running and left untouched.",
    ],
)
def test_a_drip_found_running_is_kept(text: str) -> None:
    (found,) = reader().read(Report(narrative=text)).medications
    assert (found.route, found.maintained) == ("iv_infusion", True)
