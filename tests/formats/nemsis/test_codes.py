"""The code tables hold names of the vocabulary only, and agree with the lexicons."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from tripsheet.formats.nemsis.codes import medication_names, tables
from tripsheet.formats.record import FIELDS
from tripsheet.resources import LEXICONS, RULES
from tripsheet.vocabulary import CREW_LEVELS, HCPCS, INTERVENTIONS, PLACES, ROUTES, VITALS

NAMES: dict[str, tuple[Any, ...]] = {
    "transport_method": FIELDS["transport"][1],
    "unit_transport": FIELDS["transport"][1],
    "response_urgency": FIELDS["response"][1],
    "service_response": FIELDS["response"][1],
    "response_mode": FIELDS["response"][1],
    "crew_level": CREW_LEVELS,
    "scene_place": PLACES,
    "destination_place": PLACES,
    "transport_disposition": (True, False),
    "service_level": HCPCS,
    "route": ROUTES,
    "rxnorm_intervention": INTERVENTIONS,
    "snomed_procedure": INTERVENTIONS,
    "vital": VITALS,
}


@pytest.mark.parametrize("table", NAMES)
def test_values_are_names_of_the_vocabulary(table: str) -> None:
    assert set(tables()[table].values()) <= set(NAMES[table])


def test_what_is_placed_are_interventions() -> None:
    assert set(tables()["placed"]["ids"]) <= set(INTERVENTIONS)


def test_products_are_drugs_of_the_lexicon() -> None:
    lexicon = tomllib.loads((LEXICONS / "medications.toml").read_text("utf-8"))
    drugs = {drug["name"] for drug in lexicon["drug"]}
    assert set(tables()["rxnorm_medication"].values()) <= drugs
    assert medication_names()["4337"] == "fentanyl"


def test_procedures_agree_with_the_lexicon() -> None:
    lexicon = tomllib.loads((LEXICONS / "interventions_codes.toml").read_text("utf-8"))
    ours = tables()["snomed_procedure"]
    codes = {found["snomed"]: id for id, found in lexicon.items() if "snomed" in found}
    assert codes
    for code, id in codes.items():
        assert ours.get(code, id) == id, code


def test_signers_are_titles_of_the_rules() -> None:
    rules = tomllib.loads((RULES / "certification.toml").read_text("utf-8"))
    titles = {title for signer in rules["signer"] for title in signer["titles"]}
    known = titles | set(rules["physician"])
    told = set(tables()["certificate_signer"].values())
    assert told <= known
