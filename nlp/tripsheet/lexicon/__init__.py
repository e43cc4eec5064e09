"""The lexicons: the words of `lexicons/*.toml`, loaded, checked and compiled once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from tripsheet.errors import LexiconError
from tripsheet.findings import Dose
from tripsheet.lexicon.phrases import expand, tidy
from tripsheet.resources import LEXICONS
from tripsheet.values import value


@value
class Entry:
    """What a phrase stands for: its kind ("drug", "treatment", "cue" ...), id and details.

    `family` groups the entries among which the longest phrase wins.
    """

    kind: str
    id: str
    family: str
    info: Any = None


@value
class CueInfo:
    """How a context cue works; see `lexicons/context.toml`."""

    before: bool
    reach: str
    applies: str
    priority: int


@value
class DrugForm:
    """How a surface form names its drug: the route it settles, and whether it needs a dose."""

    route: str | None
    needs_dose: bool
    home: bool


@value
class TermInfo:
    """How a term names its finding: whether it needs support, and the detail it settles."""

    weak: bool
    detail: str | None


@dataclass(frozen=True, slots=True)
class Drug:
    """One drug of `lexicons/medications.toml`."""

    name: str
    rxcui: str | None = None
    drug_class: str = ""
    routes: tuple[str, ...] = ()
    implied_route: str | None = None
    home: bool = False
    usual_dose: Dose | None = None
    forms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All lexicons: the drugs by name, the procedure codes, and every phrase with its entries."""

    drugs: dict[str, Drug]
    snomed: dict[str, str]
    other_default: frozenset[str]
    phrases: dict[str, list[Entry]] = field(default_factory=dict)

    def add(self, phrase: str, entry: Entry) -> None:
        entries = self.phrases.get(phrase)
        if entries is None:
            self.phrases[phrase] = [entry]
        elif entry not in entries:
            entries.append(entry)


def _read(name: str, folder: Path) -> dict[str, Any]:
    path = folder / name
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except FileNotFoundError:
        raise LexiconError(f"The lexicon {name} is missing; reinstall tripsheet.") from None
    except tomllib.TOMLDecodeError as error:
        raise LexiconError(f"The lexicon {name} is not valid TOML: {error}.") from None


def folded(phrase: str) -> str:
    """A phrase as the folded text has it: lower case, hyphens inside words as spaces."""
    from tripsheet.reading.text import Text

    return Text(phrase.strip()).folded


def _folded_all(phrases: list[str]) -> list[str]:
    """Tidy phrases as `folded` gives them, in one pass where they have no spoken numbers."""
    from tripsheet.reading.dictation import spoken_numbers
    from tripsheet.reading.text import plain_folded

    together = plain_folded("\n".join(phrases))
    lines = together.split("\n") if phrases else []
    line = at = 0
    for number in spoken_numbers(together):
        line += together.count("\n", at, number.start)
        at = number.start
        for touched in range(line, line + together.count("\n", at, number.end) + 1):
            lines[touched] = folded(phrases[touched])
    return lines


def _tidied(phrases: Iterable[str]) -> list[str]:
    """Phrases that stand for themselves, folded."""
    return _folded_all([tidy(phrase) for phrase in phrases])


def _variants(phrases: list[str]) -> list[str]:
    """The strings that phrases stand for, folded."""
    return _folded_all([variant for phrase in phrases for variant in expand(phrase)])


def _add_drugs(lexicon: Lexicon, table: dict[str, Any]) -> None:
    for drug in table["drug"]:
        name = drug["name"]
        if name in lexicon.drugs:
            raise LexiconError(f"medications.toml has two entries for the drug {name}; merge them.")
        home = bool(drug.get("home", False))
        needs_dose = set(_tidied(drug.get("needs_dose", ())))
        usual = drug.get("usual_dose")
        forms = [name.replace("_", " ")]
        for key in ("brands", "abbreviations", "misspellings"):
            forms.extend(drug.get(key, ()))
        routes = drug.get("forms", {})
        routed = dict(zip(_tidied(routes), routes.values(), strict=True))
        surface = dict.fromkeys([*_tidied(forms), *routed])
        lexicon.drugs[name] = Drug(
            name=name,
            rxcui=drug.get("rxcui"),
            drug_class=drug.get("class", ""),
            routes=tuple(drug.get("routes", ())),
            implied_route=drug.get("implied_route"),
            home=home,
            usual_dose=Dose(float(usual["value"]), usual["unit"]) if usual else None,
            forms=tuple(surface),
        )
        for form in surface:
            info = DrugForm(routed.get(form), form in needs_dose, home)
            lexicon.add(form, Entry("drug", name, "drug", info))
    for phrase in _variants(table.get("not", [])):
        lexicon.add(phrase, Entry("not", "", "drug"))


@cache
def _term(kind: str, id: str, family: str, weak: bool, detail: str | None) -> Entry:
    return Entry(kind, id, family, TermInfo(weak, detail))


def _add_terms(lexicon: Lexicon, table: dict[str, Any], kind: str) -> None:
    for id, body in table.items():
        # a procedure inside another's name is not meant; conditions may share words
        family = kind if kind == "treatment" else f"{kind}:{id}"
        told = body.get("details", {})
        details = dict(zip(_tidied(told), told.values(), strict=True))
        weak = set(_variants(body.get("weak", [])))
        for phrase in dict.fromkeys([*_variants(body["terms"]), *weak]):
            lexicon.add(phrase, _term(kind, id, family, phrase in weak, details.get(phrase)))
        hidden = Entry("not", id, family)
        for phrase in _variants(body.get("not", [])):
            lexicon.add(phrase, hidden)


def _add_context(lexicon: Lexicon, table: dict[str, Any]) -> None:
    for kind in ("pseudo", "stop", "soft_stop", "act"):
        guide = Entry(kind, kind, "cue")
        for phrase in _variants(table[kind]["phrases"]):
            lexicon.add(phrase, guide)
    for cue in table["cue"]:
        applies = cue.get("applies", "both")
        for direction in ("before", "after"):
            for reach, phrases in cue.get(direction, {}).items():
                info = CueInfo(direction == "before", reach, applies, cue["priority"])
                plain = Entry("cue", cue["class"], "cue", info)
                # the answer on a form (": none") must not hide a cue that it ends with
                answer = Entry("cue", cue["class"], "answer", info)
                for phrase in _variants(phrases):
                    answers = phrase.startswith(
                        (":", "pt ", "patient ", "he ", "she ", "we ", "i ", "crew ")
                    )
                    lexicon.add(phrase, answer if answers else plain)


def _agent_info(phrase: str, ground: set[str], team: set[str]) -> str | None:
    if phrase in ground:
        return "ground"
    return "team" if phrase in team else None


def _add_performers(lexicon: Lexicon, table: dict[str, Any]) -> None:
    ground = set(_variants(table["other"]["ground_agents"]))
    team = set(_variants(table["other"]["team_agents"]))
    for side in ("crew", "other"):
        for phrase in _variants(table[side]["agents"]):
            lexicon.add(phrase, Entry("agent", side, "agent", _agent_info(phrase, ground, team)))
    for phrase in _variants(table["other"]["not"]):
        lexicon.add(phrase, Entry("not", "other", "agent"))
    for phrase in _variants(table["own"]["agents"]):
        lexicon.add(phrase, Entry("agent", "other", "agent", "own"))
    for phrase in _variants(table["before_crew"]["phrases"]):
        lexicon.add(phrase, Entry("before_crew", "other", "phase"))
    for phrase in _variants(table["hand_over"]["phrases"]):
        lexicon.add(phrase, Entry("hand_over", "crew", "phase"))


def _add_mobility(lexicon: Lexicon, table: dict[str, Any]) -> None:
    for prong in ("get_up", "ambulate", "sit"):
        body = table[prong]
        family = f"mobility:{prong}"
        for key in ("verbs", "acts"):
            entry = Entry("mobility", prong, family, key)
            for phrase in _variants(body[key]):
                lexicon.add(phrase, entry)
        for key in ("unable", "able"):
            entry = Entry("mobility", prong, family, key)
            for phrase in _variants(body["phrases"][key]):
                lexicon.add(phrase, entry)
        for phrase in _variants(body.get("not", [])):
            lexicon.add(phrase, Entry("not", prong, family))
    for key in ("unable", "able", "negated_able"):
        for phrase in _variants(table["ability"][key]):
            lexicon.add(phrase, Entry("ability", key, "ability"))
    for key in ("lift", "light"):
        for phrase in _variants(table["help"][key]):
            lexicon.add(phrase, Entry("help", key, "help"))
    for phrase in _variants(table["vague"]["phrases"]):
        lexicon.add(phrase, Entry("vague", "vague_necessity", "vague"))
    for phrase in _variants(table["usual"]["phrases"]):
        lexicon.add(phrase, Entry("usual", "usual", "usual"))


def _add_groups(
    lexicon: Lexicon, table: dict[str, Any], kind: str, *, one_family: bool = False
) -> None:
    """Plain groups of phrases: `[id] phrases = [...]`, with `not` for look-alikes.

    In `one_family` the longest phrase wins among all groups, else within its own.
    """
    for id, body in table.items():
        family = kind if one_family else f"{kind}:{id}"
        entry, hidden = Entry(kind, id, family), Entry("not", id, family)
        for phrase in _variants(body["phrases"]):
            lexicon.add(phrase, entry)
        for phrase in _variants(body.get("not", [])):
            lexicon.add(phrase, hidden)


@cache
def load(folder: Path = LEXICONS) -> Lexicon:
    """The lexicons of a folder, checked and compiled; loaded once a process.

    Raises LexiconError where a file is missing or malformed.
    """
    interventions = _read("interventions.toml", folder)
    codes = _read("interventions_codes.toml", folder)
    lexicon = Lexicon(
        drugs={},
        snomed={id: body["snomed"] for id, body in codes.items() if "snomed" in body},
        other_default=frozenset(
            id for id, body in interventions.items() if body.get("other_default")
        ),
    )
    _add_drugs(lexicon, _read("medications.toml", folder))
    _add_terms(lexicon, interventions, "treatment")
    _add_terms(lexicon, _read("conditions.toml", folder), "condition")
    _add_context(lexicon, _read("context.toml", folder))
    _add_performers(lexicon, _read("performers.toml", folder))
    _add_mobility(lexicon, _read("mobility.toml", folder))
    _add_groups(lexicon, _read("statements.toml", folder), "statement")
    _add_groups(lexicon, _read("call.toml", folder), "call")
    _add_groups(lexicon, _read("places.toml", folder), "place", one_family=True)
    _add_groups(lexicon, _read("vitals.toml", folder), "vital", one_family=True)
    _add_groups(lexicon, _read("headings.toml", folder), "heading")
    return lexicon


from tripsheet.lexicon.checks import check as check  # noqa: E402
from tripsheet.lexicon.search import Found as Found  # noqa: E402
from tripsheet.lexicon.search import find as find  # noqa: E402
