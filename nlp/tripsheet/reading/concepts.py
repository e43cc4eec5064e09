"""Concepts: which RxNorm, SNOMED CT or ICD-10-CM concept a crew's words mean.

Three lookups, each asked only where the one before left the words open: the lexicons' own forms
letter for letter, then the form that differs by the fewest letters (rapidfuzz), then scispaCy's
candidate generator, which shares runs of three letters between words in any order. All three know
the lexicons' concepts and no others.

`link_open` asks them for the drugs that a reading left open. Nothing here is part of the default
reading; `docs/learning.md` tells what each lookup earns and costs.

scispaCy is imported when the third lookup is first asked. It has no build for Python 3.13; there
the first two lookups work and the third raises MissingExtraError.
"""

from __future__ import annotations

import re
import tomllib
import warnings
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from rapidfuzz import process
from rapidfuzz.distance import OSA

from tripsheet.errors import LexiconError, MissingExtraError
from tripsheet.findings import Findings, Medication
from tripsheet.lexicon import Lexicon, folded, load
from tripsheet.lexicon.words import plain_words
from tripsheet.reading.context import decide
from tripsheet.reading.document import Document
from tripsheet.reading.spelling import allowed_edits
from tripsheet.resources import LEXICONS

if TYPE_CHECKING:
    from scispacy.candidate_generation import CandidateGenerator

Kind = Literal["drug", "treatment", "condition"]
System = Literal["RxNorm", "SNOMED CT", "ICD-10-CM"]
How = Literal["exact", "spelling", "similar"]

KINDS: tuple[Kind, ...] = ("drug", "treatment", "condition")
_TRIGRAM = 3
SIMILAR = 0.7
"""Least cosine similarity of a candidate; below it two words that share an ending would do."""
_NEIGHBOURS = 10
_DRUGS: tuple[Kind, ...] = ("drug",)


@dataclass(frozen=True, slots=True, order=True)
class Concept:
    """One drug, procedure or condition of the vocabulary with its code, where one is certain."""

    kind: Kind
    id: str
    """The vocabulary's name: `fentanyl`, `iv_access`, `respiratory_distress`."""
    system: System
    code: str | None
    title: str
    """What the code's system calls it; the id in words where there is no code."""


@dataclass(frozen=True, slots=True)
class Link:
    """The concept that words were linked to, by which lookup, and how sure it is (0 to 1)."""

    concept: Concept
    how: How
    form: str
    """The lexicon's form that the words were linked by."""
    score: float


class Concepts:
    """All concepts of the lexicons with their surface forms; build one a process.

    `without` leaves surface forms out, so that a measurement can hold them back.
    """

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        folder: Path = LEXICONS,
        *,
        without: Collection[str] = (),
    ) -> None:
        lexicon = lexicon if lexicon is not None else load(folder)
        self._concepts = _concepts(lexicon, folder)
        forms: dict[str, set[Concept]] = {}
        for phrase, entries in lexicon.unfolded():
            for entry in entries:
                concept = self._concepts.get((entry.kind, entry.id))
                if concept is not None and phrase not in without:
                    forms.setdefault(phrase, set()).add(concept)
        self._forms = {form: tuple(sorted(found)) for form, found in sorted(forms.items())}
        self.known_words: frozenset[str] = plain_words().union(
            (word for phrase in lexicon.phrases for word in re.findall("[a-z]+", phrase)),
            *(template.words for template in lexicon.templates),
        )
        """Every word that some lexicon has in some phrase, and the listed plain words."""
        self._by_letter: dict[str, list[str]] = {}
        for form in self._forms:
            self._by_letter.setdefault(form[0], []).append(form)

    def __iter__(self) -> Iterator[Concept]:
        return iter(sorted(self._concepts.values()))

    def get(self, kind: Kind, id: str) -> Concept | None:
        """The concept of a vocabulary name."""
        return self._concepts.get((kind, id))

    def link(self, words: str, kinds: Collection[Kind] = KINDS) -> Link | None:
        """The concept that words mean: letter for letter, else misspelled, else similar.

        Raises MissingExtraError where scispaCy is needed and not installed.
        """
        return self.exact(words, kinds) or self.spelling(words, kinds) or self.similar(words, kinds)

    def exact(self, words: str, kinds: Collection[Kind] = KINDS) -> Link | None:
        """The concept that has these words as a form."""
        form = folded(words)
        return self._link(form, kinds, "exact", 1.0)

    def spelling(self, words: str, kinds: Collection[Kind] = KINDS) -> Link | None:
        """The concept of the form with the same first letter that differs by the fewest letters."""
        form = folded(words)
        edits = allowed_edits(len(form))
        if edits == 0:
            return None
        near = process.extract(
            form,
            self._by_letter.get(form[0], ()),
            scorer=OSA.distance,
            score_cutoff=edits,
            limit=_NEIGHBOURS,
        )
        for other, distance, _ in near:
            link = self._link(other, kinds, "spelling", 1 - distance / len(form))
            if link is not None:
                return link
        return None

    def similar(
        self, words: str, kinds: Collection[Kind] = KINDS, *, least: float = SIMILAR
    ) -> Link | None:
        """The concept of scispaCy's most similar candidate, if it is similar enough.

        Raises MissingExtraError where scispaCy is not installed.
        """
        best: tuple[float, str] | None = None
        if len(folded(words)) < _TRIGRAM:
            return None
        for candidate in self._generator([folded(words)], _NEIGHBOURS)[0]:
            kind = candidate.concept_id.partition(":")[0]
            if kind not in kinds:
                continue
            for form, score in zip(candidate.aliases, candidate.similarities, strict=True):
                # ties go to the form that comes first in the alphabet
                if best is None or (-score, form) < (-best[0], best[1]):
                    best = (score, form)
        if best is None or best[0] < least:
            return None
        return self._link(best[1], kinds, "similar", min(1.0, round(best[0], 4)))

    def _link(self, form: str, kinds: Collection[Kind], how: How, score: float) -> Link | None:
        concepts = [one for one in self._forms.get(form, ()) if one.kind in kinds]
        return Link(concepts[0], how, form, score) if concepts else None

    @cached_property
    def _generator(self) -> CandidateGenerator:
        """scispaCy's candidate generator over these concepts.

        Its own index builder refuses scipy 1.11 and later, so the index is built here: TF-IDF over
        runs of three letters as scispaCy has them, but of every run (its `min_df=10` is for
        millions of names), and an exact search instead of an approximate one.
        """
        try:
            from scispacy.candidate_generation import CandidateGenerator
            from scispacy.linking_utils import Entity, KnowledgeBase
        except ImportError:
            raise MissingExtraError(
                "Linking of free descriptions needs scispacy, which has no build for Python 3.13; "
                "run it on Python 3.11 or 3.12, or use the exact and spelling lookups alone."
            ) from None
        from sklearn.feature_extraction.text import TfidfVectorizer

        aliases: dict[Concept, list[str]] = {}
        for form, concepts in self._forms.items():
            for concept in concepts:
                aliases.setdefault(concept, []).append(form)
        base = KnowledgeBase(
            Entity(f"{concept.kind}:{concept.id}", forms[0], forms, [concept.system])
            for concept, forms in aliases.items()
        )
        vectorizer = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 3))
        names = list(self._forms)
        vectors = vectorizer.fit_transform(names)
        return CandidateGenerator(_ExactIndex(vectors), vectorizer, names, base)


class _ExactIndex:
    """Stands in for scispaCy's nmslib index: the same call, nearest neighbours without misses.

    Over some 18,000 forms it is built in a quarter of a second (nmslib's graph takes half a
    minute), so that nothing needs to be kept on disk; it answers as fast, and the same every time.
    """

    def __init__(self, vectors: Any) -> None:
        self._columns = vectors.T.tocsr()

    def knnQueryBatch(self, queries: Any, k: int) -> list[tuple[Any, Any]]:  # noqa: N802
        """The `k` nearest rows for each query, with their cosine distances, nearest first."""
        import numpy as np

        products = (queries @ self._columns).tocsr()
        found = []
        for row in range(products.shape[0]):
            begin, end = products.indptr[row], products.indptr[row + 1]
            numbers, likeness = products.indices[begin:end], products.data[begin:end]
            order = np.lexsort((numbers, -likeness))[:k]
            found.append((numbers[order], 1 - likeness[order]))
        return found


def _concepts(lexicon: Lexicon, folder: Path) -> dict[tuple[str, str], Concept]:
    """The concepts of the lexicons by kind and id."""
    made: dict[tuple[str, str], Concept] = {}
    for name, drug in lexicon.drugs.items():
        made["drug", name] = Concept("drug", name, "RxNorm", drug.rxcui, _in_words(name))
    acts = _table(folder / "interventions_codes.toml")
    for id, body in acts.items():
        title = body.get("title", _in_words(id))
        made["treatment", id] = Concept("treatment", id, "SNOMED CT", body.get("snomed"), title)
    rules = _table(folder / "rules" / "conditions.toml")
    titles = rules["titles"]
    for id, body in rules["conditions"].items():
        code = next(iter(body.get("codes", ())), None)
        title = titles[code] if code is not None else _in_words(id)
        made["condition", id] = Concept("condition", id, "ICD-10-CM", code, title)
    return made


def _in_words(id: str) -> str:
    return id.replace("_", " ")


def _table(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as stream:
            return tomllib.load(stream)
    except (OSError, tomllib.TOMLDecodeError):
        raise LexiconError(
            f"The lexicon {path.name} is missing or malformed; reinstall tripsheet."
        ) from None


@cache
def concepts() -> Concepts:
    """The concepts of the shipped lexicons, built once a process."""
    return Concepts()


_UNKNOWN_DRUG = re.compile(
    r"(?<![a-z])(?P<name>[a-z]{4,})(?: (?:drip|gtt|infusion|at|of|was|iv|im|po|sl|io|in))* "
    r"\d[\d.,]* ?(?:mg|mcg|grams?|gm|meq|units?|milligrams?|micrograms?)\b"
)


def link_open(document: Document, findings: Findings, linker: Concepts) -> Findings:
    """The findings, and drugs whose names the reading did not know: a strange word with a dose.

    Each is `source="model"` with the link's score as probability, so that no rule counts it.

    Raises MissingExtraError where such a word is there and scispaCy is not installed.
    """
    drugs = document.hits("drug")
    found: list[Medication] = []
    for match in _UNKNOWN_DRUG.finditer(document.folded):
        start, end = match.span("name")
        if match["name"] in linker.known_words or any(
            hit.start < match.end() and start < hit.end for hit in drugs
        ):
            continue
        link = linker.spelling(match["name"], _DRUGS) or linker.similar(match["name"], _DRUGS)
        if link is None:
            continue
        decision = decide(document, start, end, finding=False)
        given = decision is None or decision.kind == "succeeded"
        found.append(
            Medication(
                link.concept.id,
                status="given" if given else "not_given",
                rxcui=link.concept.code,
                evidence=(document.span(*match.span()),),
                source="model",
                probability=round(link.score, 4),
            )
        )
    return replace(findings, medications=(*findings.medications, *found)) if found else findings


_SHORT_FORM = re.compile(r"\([A-Za-z][A-Za-z0-9./-]{1,9}\)")


def abbreviations(narrative: str) -> dict[str, str]:
    """Short forms that a narrative explains itself, "deep vein thrombosis (DVT)", with the words.

    scispaCy's detector (after Schwartz and Hearst, 2003); it is not asked where no short form
    stands in parentheses.

    Raises MissingExtraError where scispaCy is not installed.
    """
    if not _SHORT_FORM.search(narrative):
        return {}
    with warnings.catch_warnings():
        # the detector's own matcher warns where it ends up with nothing to look for
        warnings.simplefilter("ignore", UserWarning)
        found = _abbreviation_pipeline()(narrative)._.abbreviations
    return {short.text: short._.long_form.text for short in found}


@cache
def _abbreviation_pipeline() -> Any:
    import spacy

    try:
        from scispacy.abbreviation import AbbreviationDetector
    except ImportError:
        raise MissingExtraError(
            "Abbreviation detection needs scispacy, which has no build for Python 3.13; run it on "
            "Python 3.11 or 3.12."
        ) from None
    assert AbbreviationDetector is not None  # importing it registers the component
    nlp = spacy.blank("en")
    nlp.add_pipe("abbreviation_detector")
    return nlp
