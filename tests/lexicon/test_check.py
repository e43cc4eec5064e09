"""Each fault put into the lexicons is told in one sentence that names the file and the entry."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tripsheet.lexicon import check
from tripsheet.lexicon.checks import is_snomed

DRUG = '[[drug]]\nname = "testamine"\nclass = "test"\nroutes = ["oral"]\n'
# what is written at the end of a file, and the sentence that must tell of it
ADDED = [
    ("medications.toml", DRUG + DRUG, "medications.toml, testamine: the drug stands twice"),
    (
        "medications.toml",
        DRUG + 'brands = ["Zofran"]\n',
        'medications.toml: "zofran" names ondansetron and testamine',
    ),
    (
        "medications.toml",
        DRUG.replace("testamine", "Testa-Mine"),
        "medications.toml, Testa-Mine: a name is the generic name in lower snake_case",
    ),
    (
        "medications.toml",
        DRUG.replace("oral", "by_mouth"),
        "medications.toml, testamine.routes: by_mouth is not a route",
    ),
    (
        "medications.toml",
        DRUG + 'implied_route = "swallowed"\n',
        "medications.toml, testamine.implied_route: swallowed is not a route",
    ),
    (
        "medications.toml",
        DRUG + 'implied_route = "iv_push"\n',
        "medications.toml, testamine.implied_route: iv_push may be implied only for",
    ),
    (
        "medications.toml",
        DRUG + 'forms = { "testa patch" = "skin" }\n',
        'medications.toml, testamine.forms."testa patch": skin is not a route',
    ),
    (
        "medications.toml",
        DRUG + 'abbreviations = ["Water"]\n',
        'medications.toml, testamine: "water" is a plain English word',
    ),
    (
        "medications.toml",
        DRUG + 'brands = ["Abominate"]\n',
        'medications.toml, testamine: "abominate" is a plain English word',
    ),
    (
        "medications.toml",
        DRUG + 'needs_dose = ["tst"]\n',
        'medications.toml, testamine.needs_dose: "tst" has no effect',
    ),
    (
        "medications.toml",
        DRUG + 'misspelings = ["testamin"]\n',
        "medications.toml, testamine.misspelings: no such key",
    ),
    (
        "medications.toml",
        DRUG + 'brands = "Testa"\n',
        "medications.toml, testamine.brands: is not a list of words",
    ),
    (
        "medications.toml",
        DRUG + 'rxcui = "12x4"\n',
        "medications.toml, testamine.rxcui: 12x4 is not an RxNorm number",
    ),
    (
        "medications.toml",
        DRUG + 'rxcui = "123456789"\n',
        "medications.toml, testamine.rxcui: 123456789 is not an RxNorm number",
    ),
    (
        "medications.toml",
        '[[drug]]\nname = "testamine"\nclass = "test"\n',
        "medications.toml, testamine: has no routes",
    ),
    (
        "medications.toml",
        DRUG + 'brands = ["Testa", "Testa"]\n',
        'medications.toml, testamine.brands: "Testa" stands 2 times',
    ),
    (
        "interventions.toml",
        '[juggling]\nterms = ["juggled"]\n',
        "interventions.toml, juggling: the vocabulary has no intervention of this name",
    ),
    (
        "conditions.toml",
        '[joyful]\nterms = ["joyfully"]\n',
        "conditions.toml, joyful: the vocabulary has no condition of this name",
    ),
    (
        "statements.toml",
        '[promise]\nphrases = ["promised"]\n',
        "statements.toml, promise: the vocabulary has no statement of this name",
    ),
    (
        "places.toml",
        '[Z]\nphrases = ["zoological garden"]\n',
        "places.toml, Z: the vocabulary has no place letter of this name",
    ),
    (
        "vitals.toml",
        '[mood]\nphrases = ["mood"]\n',
        "vitals.toml, mood: the vocabulary has no vital sign of this name",
    ),
    ("headings.toml", '[a1]\nphrases = ["", "a"]\n', 'headings.toml, a1.phrases: "" is empty'),
    ("headings.toml", '[a1]\nphrases = [" "]\n', 'headings.toml, a1.phrases: " " is empty'),
    ("headings.toml", "[a1]\nphrases = []\n", "headings.toml, a1: has no phrases"),
    ("headings.toml", "[a1]\nphrases = [1]\n", "headings.toml, a1.phrases: is not a list of"),
    (
        "headings.toml",
        '[a1]\nphrases = ["(x|y"]\n',
        'headings.toml, a1.phrases: "(x|y" has a choice whose parentheses do not balance',
    ),
    (
        "headings.toml",
        '[a1]\nphrases = ["x|y"]\n',
        'headings.toml, a1.phrases: "x|y" has a bar outside of parentheses',
    ),
    (
        "headings.toml",
        '[a1]\nphrases = ["(x|)"]\n',
        'headings.toml, a1.phrases: "(x|)" can be left out as a whole',
    ),
    (
        "headings.toml",
        "[a1]\nphrases = ['x\\b']\n",
        'headings.toml, a1.phrases: "x\\b" has a backslash',
    ),
    (
        "headings.toml",
        f'[a1]\nphrases = ["{"(a|b)" * 13}"]\n',
        "stands for 8,192 strings, more than 5,000; split it",
    ),
    (
        "headings.toml",
        '[a1]\nphrases = ["same( word|)"]\nnot = ["same word"]\n',
        'headings.toml, a1: "same word" stands in phrases and in not',
    ),
    (
        "headings.toml",
        '[a1]\nphrases = ["(1..99) (a |b)(c|)"]\n',
        'but "1 a" would not be found; write its choices with one space between words',
    ),
    (
        "headings.toml",
        '[a1]\nphrases = ["assist of (one|two|three) (1..50)"]\n',
        'but "assist of 1 1" would not be found; write its choices with',
    ),
    (
        "interventions.toml",
        '[a1]\nterms = ["grade (1..99)"]\nweak = ["grade 4"]\n',
        'stands for more than 60 strings, among them "grade 4" of weak; write that one by itself',
    ),
    ("headings.toml", '[a1]\nphrase = ["x"]\n', "headings.toml, a1.phrase: no such key"),
    (
        "context.toml",
        '[[cue]]\nclass = "odd"\npriority = 1\nbefore.far = ["oddly"]\n',
        "context.toml, odd.before.far: no such reach",
    ),
    (
        "context.toml",
        '[[cue]]\nclass = "odd"\npriority = 1\napplies = "all"\nbefore.near = ["oddly"]\n',
        "context.toml, odd.applies: is one of",
    ),
    (
        "context.toml",
        '[[cue]]\nclass = "odd"\nbefore.near = ["oddly"]\n',
        "context.toml, cue odd: a cue needs a class and a whole number as priority",
    ),
    (
        "interventions_codes.toml",
        '[juggling]\nsnomed = "57485006"\ntitle = "Juggling"\n',
        "interventions_codes.toml, juggling.snomed: 57485006 is not a SNOMED CT",
    ),
    (
        "interventions_codes.toml",
        '[juggling]\nsnomed = "57485005"\n',
        "interventions_codes.toml, juggling: a code and its title go together",
    ),
]


@pytest.mark.parametrize(("file", "text", "told"), ADDED, ids=[told for _, _, told in ADDED])
def test_a_fault_is_told_once(lexicons: Path, file: str, text: str, told: str) -> None:
    before = Counter(check(lexicons))
    with (lexicons / file).open("a", encoding="utf-8") as stream:
        stream.write("\n" + text)
    new = Counter(check(lexicons)) - before
    assert [told in sentence for sentence in new].count(True) == 1, list(new)
    for sentence in new:
        assert sentence.startswith(file)
        assert sentence.endswith(".")
        assert "\n" not in sentence


def test_an_entry_that_the_vocabulary_asks_for_is_missed(lexicons: Path) -> None:
    path = lexicons / "interventions.toml"
    text = path.read_text(encoding="utf-8")
    cut = re.sub(r"\[tourniquet\].*?(?=\n\[)", "", text, flags=re.DOTALL)
    assert cut != text
    path.write_text(cut, encoding="utf-8")
    told = "interventions.toml: the intervention tourniquet of the vocabulary has no entry."
    assert told in check(lexicons)


@pytest.mark.parametrize("file", ["medications.toml", "context.toml", "interventions_codes.toml"])
def test_a_missing_file_is_told_and_the_rest_is_checked(lexicons: Path, file: str) -> None:
    (lexicons / file).unlink()
    (lexicons / "headings.toml").write_text("[a1]\nphrases = []\n", encoding="utf-8")
    problems = check(lexicons)
    assert f"{file} is missing; put it back from the distribution." in problems
    assert "headings.toml, a1: has no phrases." in problems


@pytest.mark.parametrize("file", ["plain_words.txt", "key_words.txt"])
def test_a_missing_word_list_is_told(lexicons: Path, file: str) -> None:
    (lexicons / file).unlink()
    assert f"{file} is missing; put it back from the distribution." in check(lexicons)


@pytest.mark.parametrize("file", ["medications.toml", "rules/als2.toml"])
def test_broken_toml_is_told_with_its_place(lexicons: Path, file: str) -> None:
    (lexicons / file).write_text('[a\nb = "c"\n', encoding="utf-8")
    told = [problem for problem in check(lexicons) if problem.startswith(f"{file} is not valid")]
    assert len(told) == 1
    assert "line 1" in told[0]


def test_text_that_is_not_utf_8_is_told(lexicons: Path) -> None:
    (lexicons / "call.toml").write_bytes(b'[emergency]\nphrases = ["\xff"]\n')
    assert "call.toml is not UTF-8 text; save it as UTF-8." in check(lexicons)


def test_a_word_may_name_two_drugs_that_both_need_a_dose(lexicons: Path) -> None:
    before = check(lexicons)
    with (lexicons / "medications.toml").open("a", encoding="utf-8") as stream:
        for name in ("testamine", "testosamine"):
            stream.write(
                DRUG.replace("testamine", name)
                + 'abbreviations = ["tstm"]\nneeds_dose = ["tstm"]\n'
            )
    assert check(lexicons) == before


def test_the_shipped_lexicons_hold_together() -> None:
    assert check() == []


@pytest.mark.parametrize(
    ("code", "good"),
    [
        ("57485005", True),
        ("450661000124102", True),  # of the United States extension
        ("57485006", False),  # the check digit
        ("54785005", False),  # two digits exchanged
        ("57485015", False),  # a description, no concept
        ("057485005", False),
        ("5005", False),
        ("57485005x", False),
    ],
)
def test_the_form_of_a_snomed_concept(code: str, good: bool) -> None:
    assert is_snomed(code) is good
