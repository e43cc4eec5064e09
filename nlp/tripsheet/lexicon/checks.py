"""What is wrong with the lexicons, told in sentences for the person who edits them."""

from __future__ import annotations

import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tripsheet.lexicon import UNFOLDED, all_variants, folded, is_long, template
from tripsheet.lexicon.phrases import expand, variants
from tripsheet.lexicon.rows import DRUG_LISTS, FILES, QUALIFIERS, Row, rows
from tripsheet.lexicon.words import KEY_WORDS, PLAIN_WORDS, plain_words
from tripsheet.resources import LEXICONS
from tripsheet.vocabulary import CONDITIONS, INTERVENTIONS, PLACES, ROUTES, STATEMENTS, VITALS

CODES = "interventions_codes.toml"
MOST_VARIANTS = 5_000
"""How many strings one phrase may stand for."""

# names that the reader decides without a word of their own: from other findings, from a `_cue`
# group, or (X) from the record alone
_DERIVED = frozenset(
    {"oxygen_or_emergency_treatment", "bed_confined", "airway_confirmation", "transfer_reason", "X"}
)
_VOCABULARIES: dict[str, tuple[str, frozenset[str]]] = {
    "interventions.toml": ("intervention", frozenset(INTERVENTIONS)),
    CODES: ("intervention", frozenset(INTERVENTIONS)),
    "conditions.toml": ("condition", frozenset(CONDITIONS)),
    "statements.toml": ("statement", frozenset(STATEMENTS)),
    "places.toml": ("place letter", frozenset(PLACES)),
    "vitals.toml": (
        "vital sign",
        frozenset(VITALS) - {"systolic_bp", "diastolic_bp"} | {"blood_pressure"},
    ),
}
# groups that help to read others and name nothing by themselves
_HELPERS = frozenset({"room_air", "recheck", "apgar", "scene_event"})
_HELPER_ENDS = ("_cue", "_hint")

_DRUG_KEYS = frozenset(
    {"name", "class", "rxcui", "routes", "implied_route", "home", "usual_dose", "forms"}
).union(DRUG_LISTS)
_DRUG_NEEDS = ("name", "class", "routes")
_GROUP_KEYS = {
    "interventions.toml": frozenset({"terms", "weak", "not", "details", "other_default"}),
    "conditions.toml": frozenset({"terms", "weak", "not"}),
    **dict.fromkeys(
        ("statements.toml", "call.toml", "places.toml", "vitals.toml", "headings.toml"),
        frozenset({"phrases", "not"}),
    ),
}
_REACHES = frozenset({"next", "near", "clause", "list", "sentence"})
_APPLIES = frozenset({"both", "treatment", "finding"})
_BY_VEIN = frozenset({"iv_push", "iv_infusion"})

_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_RXCUI = re.compile(r"[1-9]\d{0,7}")
_SNOMED = re.compile(r"[1-9]\d{5,17}")
# words of everyday English that no drug may be named by; longer ones stand in plain_words.txt
_EVERYDAY_WORDS = (
    "a able about after again air all also am an and any arm as ask at away back bag be bed been "
    "best blood both but by call came can care chair chest child clear cold come cut day did do "
    "does done door down dry each eat even ever eye face fall far fast feel feet felt few find "
    "fine fire food foot for found from front full gave get give go good got had half hand hard "
    "has have he head heart help her here him his home hot hour how if in into is it just keep "
    "leg less let life light like line long look lot low mad made make man many may me mean men "
    "met more most much must my near neck new next night no nor not now of off old on once one "
    "only open or our out over own pain part past place push put ran rate rest room run safe said "
    "same sat saw say see seen set she short side sit skin slow small so some soon stand step "
    "still stop such take tell than that the them then there they this time to told too took top "
    "tube turn two under until up us use very walk wall warm was water way we weak week well were "
    "wet what when where while who why will wish with woman word work worn year yes yet you"
)
_EVERYDAY = frozenset(_EVERYDAY_WORDS.split())

Tables = dict[str, dict[str, Any]]


def check(folder: Path = LEXICONS) -> list[str]:
    """Every problem of the lexicons of a folder, one sentence each; empty where they hold together.

    A file that cannot be read is told and left out; nothing is raised.
    """
    problems: list[str] = []
    tables: Tables = {}
    for file in (*FILES, CODES):
        table = _table(folder / file, file, problems)
        if table is not None:
            tables[file] = table
    for path in sorted((folder / "rules").glob("*.toml")):
        _table(path, f"rules/{path.name}", problems)
    all_rows = [row for file in FILES if file in tables for row in rows(file, tables[file])]
    sound = []
    for row in all_rows:
        fault = _fault(row.phrase)
        if fault is None:
            sound.append(row)
        else:
            problems.append(f'{row.file}, {row.place}: "{row.phrase}" {fault}.')
    problems += _vocabulary(tables)
    problems += _groups(tables)
    problems += _cues(tables.get("context.toml", {}))
    problems += _drugs(tables.get("medications.toml", {}))
    problems += [
        f"{name} is missing; put it back from the distribution."
        for name in (PLAIN_WORDS, KEY_WORDS)
        if not (folder / name).is_file()
    ]
    problems += _surface_forms(sound, _EVERYDAY | plain_words(folder))
    problems += _repeats(all_rows)
    problems += _clashes(sound)
    problems += _qualifiers(sound)
    problems += _long_rows(sound)
    problems += _codes(tables.get(CODES, {}))
    return list(dict.fromkeys(problems))


def _table(path: Path, name: str, problems: list[str]) -> dict[str, Any] | None:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        problems.append(f"{name} is missing; put it back from the distribution.")
    except UnicodeDecodeError:
        problems.append(f"{name} is not UTF-8 text; save it as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        problems.append(f"{name} is not valid TOML: {error}.")
    return None


def _fault(phrase: str) -> str | None:
    """What is wrong with the writing of one phrase, as the end of a sentence."""
    if not phrase.strip():
        return "is empty; remove it"
    if "\\" in phrase:
        return "has a backslash, but phrases are plain words and no patterns"
    if "|" in phrase and phrase.count("(") != phrase.count(")"):
        return "has a choice whose parentheses do not balance"
    number = variants(phrase)
    if number > MOST_VARIANTS:
        return f"stands for {number:,} strings, more than {MOST_VARIANTS:,}; split it"
    made = expand(phrase)
    if any("|" in variant for variant in made):
        return "has a bar outside of parentheses; write (a|b)"
    if "" in made:
        return "can be left out as a whole; make a part of it required"
    return None


def _vocabulary(tables: Tables) -> Iterator[str]:
    for file, (what, known) in _VOCABULARIES.items():
        if file not in tables:
            continue
        for id in tables[file]:
            if id not in known and id not in _HELPERS and not id.endswith(_HELPER_ENDS):
                yield f"{file}, {id}: the vocabulary has no {what} of this name."
        for id in sorted(known - tables[file].keys() - _DERIVED):
            yield f"{file}: the {what} {id} of the vocabulary has no entry."


def _groups(tables: Tables) -> Iterator[str]:
    """Groups of plain lists: their keys are known and their lists hold text."""
    for file, keys in _GROUP_KEYS.items():
        for id, body in tables.get(file, {}).items():
            if not isinstance(body, dict):
                yield f"{file}, {id}: is no table; write [{id}] and its lists below."
                continue
            for key in body.keys() - keys:
                yield f"{file}, {id}.{key}: no such key; known are {', '.join(sorted(keys))}."
            needed = "terms" if "terms" in keys else "phrases"
            if not body.get(needed):
                yield f"{file}, {id}: has no {needed}."
            for key in sorted(body.keys() & {"terms", "weak", "not", "phrases"}):
                if not _texts(body[key]):
                    yield f"{file}, {id}.{key}: is not a list of phrases."


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _cues(table: dict[str, Any]) -> Iterator[str]:
    for cue in table.get("cue", []):
        name = cue.get("class")
        if not isinstance(name, str) or not isinstance(cue.get("priority"), int):
            yield f"context.toml, cue {name}: a cue needs a class and a whole number as priority."
        if cue.get("applies", "both") not in _APPLIES:
            yield f"context.toml, {name}.applies: is one of {', '.join(sorted(_APPLIES))}."
        for direction in ("before", "after"):
            for reach in cue.get(direction, {}).keys() - _REACHES:
                yield (
                    f"context.toml, {name}.{direction}.{reach}: no such reach; "
                    f"known are {', '.join(sorted(_REACHES))}."
                )


def _drugs(table: dict[str, Any]) -> Iterator[str]:
    seen: set[str] = set()
    for drug in table.get("drug", []):
        name = drug.get("name")
        where = f"medications.toml, {name}"
        for key in _DRUG_NEEDS:
            if not drug.get(key):
                yield f"{where}: has no {key}."
        if not isinstance(name, str):
            continue
        if name in seen:
            yield f"{where}: the drug stands twice; merge the two entries."
        seen.add(name)
        if not _NAME.fullmatch(name):
            yield f"{where}: a name is the generic name in lower snake_case."
        for key in sorted(drug.keys() - _DRUG_KEYS):
            yield f"{where}.{key}: no such key; known are {', '.join(sorted(_DRUG_KEYS))}."
        for key in DRUG_LISTS:
            if not _texts(drug.get(key, [])):
                yield f"{where}.{key}: is not a list of words."
        if "rxcui" in drug and not _RXCUI.fullmatch(str(drug["rxcui"])):
            yield f"{where}.rxcui: {drug['rxcui']} is not an RxNorm number of up to 8 digits."
        yield from _routes(drug, where)


def _routes(drug: dict[str, Any], where: str) -> Iterator[str]:
    routes, implied = drug.get("routes", []), drug.get("implied_route")
    told = [("routes", route) for route in routes]
    told += [("implied_route", implied)] if implied is not None else []
    told += [(f'forms."{form}"', route) for form, route in drug.get("forms", {}).items()]
    for key, route in told:
        if route not in ROUTES:
            yield f"{where}.{key}: {route} is not a route of the vocabulary."
    if implied in _BY_VEIN and any(route != implied for route in routes):
        yield (
            f"{where}.implied_route: {implied} may be implied only for a drug given in no other "
            "way, because a dose by vein can lift the level."
        )


def _surface_forms(all_rows: list[Row], plain: frozenset[str]) -> Iterator[str]:
    """Words that name two drugs, and plain English words that name one, without a dose."""
    drugs = [row for row in all_rows if row.file == "medications.toml" and row.slot != "not"]
    careful = {(row.entry, folded(row.phrase)) for row in drugs if row.slot == "needs_dose"}
    owners: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in drugs:
        if row.slot != "needs_dose":
            owners[folded(row.phrase)][row.entry] = None
    for form, names in owners.items():
        bare = [name for name in names if (name, form) not in careful]
        if len(names) > 1 and bare:
            yield (
                f'medications.toml: "{form}" names {" and ".join(names)}; '
                f"keep it under one, or list it in needs_dose of {' and '.join(bare)}."
            )
        if form in plain:
            for name in bare:
                yield (
                    f'medications.toml, {name}: "{form}" is a plain English word; '
                    "remove it, or list it in needs_dose."
                )


def _repeats(all_rows: list[Row]) -> Iterator[str]:
    for row, number in Counter(all_rows).items():
        if number > 1:
            yield f'{row.file}, {row.place}: "{row.phrase}" stands {number} times; keep one.'


def _clashes(all_rows: list[Row]) -> Iterator[str]:
    """Phrases that an entry takes for its own and, in `not`, for something else."""
    own: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in all_rows:
        if row.slot not in ("not", *QUALIFIERS):
            for variant in all_variants([row.phrase]):
                own[row.file, row.entry].setdefault(variant, row.slot)
    for row in all_rows:
        if row.slot == "not":
            mine = own[row.file, row.entry]
            for variant in all_variants([row.phrase]):
                if variant in mine:
                    yield (
                        f'{row.file}, {row.entry}: "{variant}" stands in {mine[variant]} '
                        "and in not; keep one."
                    )


def _qualifiers(all_rows: list[Row]) -> Iterator[str]:
    """Phrases in a list that says more of phrases which no list holds."""
    held: defaultdict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in all_rows:
        # who belongs to a team may stand on either side
        entry = "" if row.slot == "agents" else row.entry
        held[row.file, entry, row.slot].update(all_variants([row.phrase]))
    for row in all_rows:
        for variant in all_variants([row.phrase] if row.slot in QUALIFIERS else []):
            entry = "" if row.slot.endswith("_agents") else row.entry
            if not any(variant in held[row.file, entry, slot] for slot in QUALIFIERS[row.slot]):
                yield (
                    f'{row.file}, {row.place}: "{variant}" has no effect, because '
                    f"{' and '.join(QUALIFIERS[row.slot])} do not hold it."
                )


def _long_rows(all_rows: list[Row]) -> Iterator[str]:
    """Long phrases that a text would not be compared with in full, or that one of their strings
    is told of by itself."""
    told: dict[tuple[str, str, str], str] = {}
    for row in all_rows:
        if (row.slot in QUALIFIERS or row.slot == "weak") and not is_long(row.phrase):
            for variant in all_variants([row.phrase]):
                told[row.file, row.entry, variant] = row.slot
    for row in all_rows:
        if not is_long(row.phrase):
            continue
        known = template(row.phrase)
        for variant in all_variants([row.phrase]):
            slot = told.get((row.file, row.entry, variant), row.slot)
            if slot != row.slot:
                yield (
                    f'{row.file}, {row.place}: "{row.phrase}" stands for more than {UNFOLDED} '
                    f'strings, among them "{variant}" of {slot}; write that one by itself.'
                )
                break
            if known.end(variant, 0) != len(variant):
                yield (
                    f'{row.file}, {row.place}: "{row.phrase}" stands for more than {UNFOLDED} '
                    f'strings, but "{variant}" would not be found; write its choices with one '
                    "space between words, whichever are taken, and numbers as digits, too."
                )
                break


def _codes(table: dict[str, Any]) -> Iterator[str]:
    for id, body in table.items():
        for place, one in [(id, body), *(_detail(id, body))]:
            code = one.get("snomed")
            if code is not None and not is_snomed(str(code)):
                yield f"{CODES}, {place}.snomed: {code} is not a SNOMED CT concept identifier."
            if (code is None) != ("title" not in one):
                yield f"{CODES}, {place}: a code and its title go together."


def _detail(id: str, body: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for detail, one in body.get("details", {}).items():
        yield f"{id}.details.{detail}", one


_DIHEDRAL = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PERMUTED = (
    "0123456789", "1576283094", "5803796142", "8916043527",
    "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def is_snomed(code: str) -> bool:
    """Whether a code has the form of a SNOMED CT concept identifier.

    Six to eighteen digits: the item, the partition (00 international, 10 an extension, as the
    United States edition) and the Verhoeff check digit (SNOMED CT Release File Specification).
    """
    if not _SNOMED.fullmatch(code) or code[-3:-1] not in ("00", "10"):
        return False
    state = 0
    for place, digit in enumerate(reversed(code)):
        state = int(_DIHEDRAL[state][int(_PERMUTED[place % 8][int(digit)])])
    return state == 0
