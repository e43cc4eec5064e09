"""A narrative ready for the extractors: its text, phrases found, sentences and parts."""

from __future__ import annotations

from bisect import bisect_left, bisect_right

from tripsheet.findings import Cue, Span
from tripsheet.reading.layout import Sentence, layout
from tripsheet.reading.scan import Hit, Scanner
from tripsheet.reading.spelling import Speller
from tripsheet.reading.text import Text

# what decides how a mention is read, against what is a mention
_GUIDES = frozenset({"cue", "stop", "soft_stop", "act", "pseudo"})
_AGENTS = frozenset({"agent", "before_crew", "hand_over"})


class Document:
    """One narrative, scanned and laid out. Positions are those of the folded text."""

    __slots__ = (
        "_agent_starts", "_guide_starts", "_sentence_starts", "agents", "by_kind", "folded",
        "guides", "sentences", "text", "treatment_starts", "treatments",
    )  # fmt: skip

    def __init__(self, narrative: str, scanner: Scanner, speller: Speller | None = None) -> None:
        text = Text(narrative)
        hits = scanner.scan(text.folded)
        misspelled = speller.hits(text.folded) if speller is not None else []
        if misspelled:
            hits = sorted([*hits, *misspelled], key=lambda hit: (hit.start, -hit.end))
        self.text = text
        self.folded = text.folded
        self.sentences: list[Sentence] = layout(text, hits)
        self._sentence_starts = [sentence.start for sentence in self.sentences]
        self.guides = [hit for hit in hits if hit.entry.kind in _GUIDES]
        self.agents = [hit for hit in hits if hit.entry.kind in _AGENTS]
        self.by_kind: dict[str, list[Hit]] = {}
        for hit in hits:
            self.by_kind.setdefault(hit.entry.kind, []).append(hit)
        self.treatments = sorted(
            [*self.by_kind.get("drug", ()), *self.by_kind.get("treatment", ())],
            key=lambda hit: (hit.start, -hit.end),
        )
        self.treatment_starts = [hit.start for hit in self.treatments]
        self._guide_starts = [hit.start for hit in self.guides]
        self._agent_starts = [hit.start for hit in self.agents]

    def hits(self, kind: str) -> list[Hit]:
        """The hits of one kind, by place."""
        return self.by_kind.get(kind, [])

    def sentence_at(self, at: int) -> Sentence:
        """The sentence that a position stands in."""
        return self.sentences[self.sentence_index(at)]

    def sentence_index(self, at: int) -> int:
        return max(0, bisect_right(self._sentence_starts, at) - 1)

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
            self.agents = sorted([*self.agents, *hits], key=lambda hit: (hit.start, -hit.end))
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
