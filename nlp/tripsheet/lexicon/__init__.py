"""The lexicons: the words of `lexicons/*.toml`, loaded, checked and compiled once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any

from tripsheet.errors import LexiconError
from tripsheet.findings import Dose
from tripsheet.lexicon.phrases import Template, expand, tidy, variants
from tripsheet.resources import LEXICONS
from tripsheet.values import value

UNFOLDED = 60
"""How many strings a phrase may stand for and still be unfolded; see `Lexicon`."""
_FEWEST_BARS = UNFOLDED.bit_length()


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
    """All lexicons: the drugs by name, the procedure codes, and every phrase with its entries.

    A phrase of more than `UNFOLDED` variants stands as it is written in `templates`, any other
    with each of its variants in `phrases`.
    """

    drugs: dict[str, Drug]
    snomed: dict[str, str]
    other_default: frozenset[str]
    phrases: dict[str, list[Entry]] = field(default_factory=dict)
    templates: dict[Template, list[Entry]] = field(default_factory=dict)

    def add(self, phrase: str, entry: Entry) -> None:
        entries = self.phrases.get(phrase)
        if entries is None:
            self.phrases[phrase] = [entry]
        elif entry not in entries:
            entries.append(entry)

    def add_all(self, written: Iterable[str], entry: Entry | Callable[[str], Entry]) -> None:
        """Phrases as they are written, each unfolded if it is short enough.

        The entry is one for all, or made for each phrase.
        """
        entry_of = entry if callable(entry) else lambda _: entry
        short, long = _by_length(written)
        for phrase in all_variants(short):
            self.add(phrase, entry_of(phrase))
        for phrase in long:
            self.add_template(phrase, entry_of(phrase))

    def add_template(self, phrase: str, entry: Entry) -> None:
        entries = self.templates.setdefault(template(phrase), [])
        if entry not in entries:
            entries.append(entry)

    def unfolded(self) -> Iterator[tuple[str, list[Entry]]]:
        """Every string that the lexicons know, those of templates too, with its entries.

        A string that several phrases stand for comes once for each.
        """
        yield from self.phrases.items()
        for one, entries in self.templates.items():
            for variant in dict.fromkeys(all_variants([one.phrase])):
                yield variant, entries


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


@cache
def template(phrase: str) -> Template:
    """The template of a phrase as it is written; made once a process."""
    from tripsheet.reading.text import plain_folded

    return Template(plain_folded(phrase))


def is_long(phrase: str) -> bool:
    """Whether a phrase as it is written stands for too many strings to unfold it."""
    # with fewer bars and no range there cannot be as many
    if phrase.count("|") < _FEWEST_BARS and ".." not in phrase:
        return False
    return variants(phrase) > UNFOLDED


def _by_length(written: Iterable[str]) -> tuple[list[str], list[str]]:
    """Phrases to unfold, and phrases to keep as templates."""
    short: list[str] = []
    long: list[str] = []
    for phrase in written:
        (long if is_long(phrase) else short).append(phrase)
    return short, long


def _tidied(phrases: Iterable[str]) -> list[str]:
    """Phrases that stand for themselves, folded."""
    return _folded_all([tidy(phrase) for phrase in phrases])


def all_variants(phrases: list[str]) -> list[str]:
    """The strings that phrases as they are written stand for, folded."""
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
    lexicon.add_all(table.get("not", []), Entry("not", "", "drug"))


@cache
def _term(kind: str, id: str, family: str, weak: bool, detail: str | None) -> Entry:
    return Entry(kind, id, family, TermInfo(weak, detail))


def _add_terms(lexicon: Lexicon, table: dict[str, Any], kind: str) -> None:
    for id, body in table.items():
        # a procedure inside another's name is not meant; conditions may share words
        family = kind if kind == "treatment" else f"{kind}:{id}"
        told = body.get("details", {})
        details = dict(zip(_tidied(told), told.values(), strict=True))
        short, long = _by_length(body["terms"])
        weak_short, weak_long = _by_length(body.get("weak", []))
        weak = set(all_variants(weak_short))
        for phrase in dict.fromkeys([*all_variants(short), *weak]):
            lexicon.add(phrase, _term(kind, id, family, phrase in weak, details.get(phrase)))
        for phrase in dict.fromkeys([*long, *weak_long]):
            lexicon.add_template(phrase, _term(kind, id, family, phrase in weak_long, None))
        lexicon.add_all(body.get("not", []), Entry("not", id, family))


# cues that begin so are the answer on a form, or a statement of their own
_ANSWERS = (":", "pt ", "patient ", "he ", "she ", "we ", "i ", "crew ")


def _cue(answer: Entry, plain: Entry, phrase: str) -> Entry:
    return answer if phrase.startswith(_ANSWERS) else plain


def _add_context(lexicon: Lexicon, table: dict[str, Any]) -> None:
    for kind in ("pseudo", "stop", "soft_stop", "act"):
        lexicon.add_all(table[kind]["phrases"], Entry(kind, kind, "cue"))
    for cue in table["cue"]:
        applies = cue.get("applies", "both")
        for direction in ("before", "after"):
            for reach, phrases in cue.get(direction, {}).items():
                info = CueInfo(direction == "before", reach, applies, cue["priority"])
                plain = Entry("cue", cue["class"], "cue", info)
                # the answer on a form (": none") must not hide a cue that it ends with
                answer = Entry("cue", cue["class"], "answer", info)
                lexicon.add_all(phrases, partial(_cue, answer, plain))


def _agent(side: str, ground: set[str], team: set[str], phrase: str) -> Entry:
    info = "ground" if phrase in ground else "team" if phrase in team else None
    return Entry("agent", side, "agent", info)


def _add_performers(lexicon: Lexicon, table: dict[str, Any]) -> None:
    ground = set(all_variants(table["other"]["ground_agents"]))
    team = set(all_variants(table["other"]["team_agents"]))
    for side in ("crew", "other"):
        lexicon.add_all(table[side]["agents"], partial(_agent, side, ground, team))
    lexicon.add_all(table["other"]["not"], Entry("not", "other", "agent"))
    lexicon.add_all(table["own"]["agents"], Entry("agent", "other", "agent", "own"))
    lexicon.add_all(table["before_crew"]["phrases"], Entry("before_crew", "other", "phase"))
    lexicon.add_all(table["hand_over"]["phrases"], Entry("hand_over", "crew", "phase"))


def _add_mobility(lexicon: Lexicon, table: dict[str, Any]) -> None:
    for prong in ("get_up", "ambulate", "sit"):
        body = table[prong]
        family = f"mobility:{prong}"
        for key in ("verbs", "acts"):
            entry = Entry("mobility", prong, family, key)
            lexicon.add_all(body[key], entry)
        for key in ("unable", "able"):
            entry = Entry("mobility", prong, family, key)
            lexicon.add_all(body["phrases"][key], entry)
        lexicon.add_all(body.get("not", []), Entry("not", prong, family))
    for key in ("unable", "able", "negated_able"):
        lexicon.add_all(table["ability"][key], Entry("ability", key, "ability"))
    for key in ("lift", "light"):
        lexicon.add_all(table["help"][key], Entry("help", key, "help"))
    lexicon.add_all(table["vague"]["phrases"], Entry("vague", "vague_necessity", "vague"))
    lexicon.add_all(table["usual"]["phrases"], Entry("usual", "usual", "usual"))


def _add_groups(
    lexicon: Lexicon, table: dict[str, Any], kind: str, *, one_family: bool = False
) -> None:
    """Plain groups of phrases: `[id] phrases = [...]`, with `not` for look-alikes.

    In `one_family` the longest phrase wins among all groups, else within its own.
    """
    for id, body in table.items():
        family = kind if one_family else f"{kind}:{id}"
        entry, hidden = Entry(kind, id, family), Entry("not", id, family)
        lexicon.add_all(body["phrases"], entry)
        lexicon.add_all(body.get("not", []), hidden)


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
