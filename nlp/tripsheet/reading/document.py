"""A narrative ready for the extractors: its text, phrases found, sentences and parts."""

from __future__ import annotations

import re
from bisect import bisect_left

from tripsheet.findings import Cue, Span
from tripsheet.reading.layout import Sentence, layout
from tripsheet.reading.patterns import Pattern
from tripsheet.reading.scan import Hit, Scanner, numbers
from tripsheet.reading.spelling import Speller
from tripsheet.reading.text import Text

# what decides how a mention is read, against what is a mention
_GUIDES = frozenset({"cue", "stop", "soft_stop", "act", "pseudo"})
_AGENTS = frozenset({"agent", "before_crew", "hand_over"})


def _by_place(hit: Hit) -> tuple[int, int]:
    return hit.start, -hit.end


def _makes_a_statement(hit: Hit, folded: str) -> bool:
    """Whether a word tells that something was done or is so, and ends a list of names."""
    kind = hit.entry.kind
    return kind == "act" or (
        kind == "soft_stop" and folded[hit.start : hit.end] not in ("as", "it", "i", "will", "is")
    )


class Document:
    """One narrative, scanned and laid out. Positions are those of the folded text."""

    __slots__ = (
        "_agent_starts", "_cue_starts", "_guide_starts", "_matches", "_numbers", "_openings",
        "_patterns", "_sentence_of", "agents", "by_kind", "folded", "guides", "sentences",
        "text", "treatment_starts", "treatments",
    )  # fmt: skip

    def __init__(self, narrative: str, scanner: Scanner, speller: Speller | None = None) -> None:
        text = Text(narrative)
        unknown = speller.unknown(text.folded) if speller is not None else set()
        corrections = speller.corrections(unknown) if speller is not None and unknown else {}
        if corrections:
            text = Text(narrative, corrections)
        self._patterns = scanner.patterns
        self.text = text
        self.folded = text.folded
        hits, self._openings = scanner.search(text.folded)
        misspelled = speller.hits(text.folded, unknown) if speller is not None else []
        if misspelled:
            known = [hit for hit in hits if hit.entry.kind == "drug"]
            misspelled = [
                hit
                for hit in misspelled
                if not any(hit.start < other.end and other.start < hit.end for other in known)
            ]
            hits = sorted([*hits, *misspelled], key=_by_place)
        self.by_kind: dict[str, list[Hit]] = {}
        self.guides: list[Hit] = []
        self.agents: list[Hit] = []
        by_kind, guides, agents = self.by_kind, self.guides, self.agents
        for hit in hits:
            kind = hit.entry.kind
            if kind in by_kind:
                by_kind[kind].append(hit)
            else:
                by_kind[kind] = [hit]
            if kind in _GUIDES:
                guides.append(hit)
            elif kind in _AGENTS:
                agents.append(hit)
        self.treatments = sorted(
            [*by_kind.get("drug", ()), *by_kind.get("treatment", ())], key=_by_place
        )
        self.treatment_starts = [hit.start for hit in self.treatments]
        self._cue_starts = [hit.start for hit in by_kind.get("cue", ())]
        self._guide_starts = [hit.start for hit in guides]
        self._agent_starts = [hit.start for hit in agents]
        self._numbers: list[int] | None = None
        """Where numbers begin; sought once a pattern asks."""
        self._matches: dict[Pattern, list[re.Match[str]]] = {}
        self.sentences: list[Sentence] = layout(
            text,
            by_kind.get("heading", []),
            [hit.start for hit in guides if _makes_a_statement(hit, text.folded)],
            [hit.start for hit in by_kind.get("drug", ())],
        )
        self._sentence_of: list[int] = []
        """For each position the place in `sentences` of its sentence."""
        # what stands between two sentences counts to the first, and to the first what precedes it
        ends = [*(sentence.start for sentence in self.sentences[1:]), len(text.folded) + 1]
        for index, end in enumerate(ends):
            self._sentence_of += [index] * (end - len(self._sentence_of))

    def hits(self, kind: str) -> list[Hit]:
        """The hits of one kind, by place."""
        return self.by_kind.get(kind, [])

    def sentence_at(self, at: int) -> Sentence:
        """The sentence that a position stands in."""
        return self.sentences[self._sentence_of[at]]

    def sentence_index(self, at: int) -> int:
        """The place in `sentences` of the sentence that a position stands in."""
        return self._sentence_of[at]

    def search(self, pattern: Pattern) -> re.Match[str] | None:
        """The first match of a pattern in the folded text."""
        return next(iter(self.find(pattern)), None)

    def find(self, pattern: Pattern) -> list[re.Match[str]]:
        """The matches of a pattern in the folded text, by place; sought once a narrative.

        Raises LookupError for a pattern that was made after the scanner.
        """
        matches = self._matches.get(pattern)
        if matches is None:
            if pattern not in self._patterns:
                raise LookupError(f"The scanner was built before the pattern {pattern.pattern}.")
            places = self._openings.get(pattern, [])
            if pattern.at_number:
                if self._numbers is None:
                    self._numbers = numbers(self.folded)
                places = places + self._numbers
            matches = pattern.matches(self.folded, places) if places else []
            self._matches[pattern] = matches
        return matches

    def has_cue(self, start: int, end: int) -> bool:
        """Whether a cue starts in a stretch."""
        at = bisect_left(self._cue_starts, start)
        return at < len(self._cue_starts) and self._cue_starts[at] < end

    def guides_between(self, start: int, end: int) -> list[Hit]:
        """Cues, stops and words of doing that start in a stretch."""
        return self.guides[
            bisect_left(self._guide_starts, start) : bisect_left(self._guide_starts, end)
        ]

    def agents_between(self, start: int, end: int) -> list[Hit]:
        """Agents and phases of care that start in a stretch."""
        return self.agents[
            bisect_left(self._agent_starts, start) : bisect_left(self._agent_starts, end)
        ]

    def add_agents(self, hits: list[Hit]) -> None:
        """Makes further agents known, such as the numbered units of the call."""
        if hits:
            # the number or the name makes the word sure: "FF" is a stranger's, "FF Ruiz" our own
            kept = [
                agent
                for agent in self.agents
                if not any(hit.start < agent.end and agent.start < hit.end for hit in hits)
            ]
            self.agents = sorted([*kept, *hits], key=_by_place)
            self._agent_starts = [hit.start for hit in self.agents]

    def treatments_between(self, start: int, end: int) -> list[Hit]:
        """Drug and procedure mentions that start in a stretch."""
        return self.treatments[
            bisect_left(self.treatment_starts, start) : bisect_left(self.treatment_starts, end)
        ]

    def span(self, start: int, end: int) -> Span:
        """The narrative's own words behind a folded stretch, without spaces at its ends."""
        folded = self.folded
        while start < end and folded[start] == " ":
            start += 1
        while end > start and folded[end - 1] == " ":
            end -= 1
        return self.text.span(start, end)

    def cue(self, hit: Hit, kind: str | None = None) -> Cue:
        """A hit as the cue that an output keeps."""
        span = self.text.span(hit.start, hit.end)
        return Cue(kind or hit.entry.id, span.start, span.end, span.text)
