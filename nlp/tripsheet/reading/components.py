"""spaCy components over the same pure reader, for anybody's pipeline.

>>> import spacy
>>> nlp = spacy.blank("en")
>>> _ = nlp.add_pipe("tripsheet_mentions")
>>> _ = nlp.add_pipe("tripsheet_context")
>>> doc = nlp("Fentanyl 50 mcg IVP x2. Intubation deferred.")
>>> [(span.text, span.kb_id_, span._.tripsheet_status) for span in doc.spans["tripsheet"]]
[('Fentanyl', 'fentanyl', 'given'), ('Intubation', 'endotracheal_intubation', 'not_performed')]

What they write on a Doc is plain (strings, numbers, lists, dicts), so that `Doc.to_bytes` and
pickling keep it.
"""

from __future__ import annotations

from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Span

from tripsheet.analysis import plain
from tripsheet.reading import Reader, reader
from tripsheet.reading.context import decide, doer
from tripsheet.reading.document import Document
from tripsheet.reading.setting import Setting, setting_of
from tripsheet.report import Report

_LABELS = {"drug": "MEDICATION", "treatment": "INTERVENTION", "condition": "CONDITION"}
_FINDING_STATUS = {"negated": "absent", "refused": "absent", "history": "history"}


def _set_extensions() -> None:
    for name in ("tripsheet_status", "tripsheet_performer"):
        if not Span.has_extension(name):
            Span.set_extension(name, default=None)
    if not Span.has_extension("tripsheet_cues"):
        Span.set_extension("tripsheet_cues", default=None)
    if not Doc.has_extension("tripsheet"):
        Doc.set_extension("tripsheet", default=None)


class _Component:
    """A component that holds no state but its group's name; the reader is the process's own."""

    def __init__(self, name: str, spans_key: str) -> None:
        self.name = name
        self.spans_key = spans_key
        _set_extensions()

    @property
    def reader(self) -> Reader:
        return reader()

    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _bytes: bytes, **_: Any) -> _Component:
        return self

    def to_disk(self, _path: Any, **_: Any) -> None:
        return None

    def from_disk(self, _path: Any, **_: Any) -> _Component:
        return self


class Mentions(_Component):
    """Writes the drugs, procedures and conditions named in a Doc to `doc.spans[spans_key]`.

    A span's label is MEDICATION, INTERVENTION or CONDITION, its `kb_id_` the vocabulary's name.
    """

    def __call__(self, doc: Doc) -> Doc:
        document = self.reader.document(doc.text)
        spans = []
        for kind, label in _LABELS.items():
            for hit in document.hits(kind):
                words = document.span(hit.start, hit.end)
                span = doc.char_span(
                    words.start, words.end, label=label, kb_id=hit.entry.id,
                    alignment_mode="expand",
                )  # fmt: skip
                if span is not None:
                    spans.append(span)
        spans.sort(key=lambda span: (span.start, -span.end, span.label_, span.kb_id_))
        doc.spans[self.spans_key] = spans
        return doc


class Context(_Component):
    """Writes status, performer and deciding cues on the spans that `tripsheet_mentions` found.

    Medications are "given" or "not_given", interventions "performed", "attempted" or
    "not_performed", conditions "present", "absent" or "history"; the cues are the words.
    """

    def __call__(self, doc: Doc) -> Doc:
        if self.spans_key not in doc.spans:
            return doc
        document = self.reader.document(doc.text)
        setting = setting_of(Report(narrative=doc.text), document)
        places = {
            (document.span(hit.start, hit.end).start, kind, hit.entry.id): hit
            for kind in _LABELS
            for hit in document.hits(kind)
        }
        kinds = {label: kind for kind, label in _LABELS.items()}
        for span in doc.spans[self.spans_key]:
            hit = next(
                (
                    hit
                    for (start, kind, id), hit in places.items()
                    if kind == kinds.get(span.label_)
                    and id == span.kb_id_
                    and span.start_char <= start < span.end_char
                ),
                None,
            )
            if hit is not None:
                _write(document, span, hit.start, hit.end, setting=setting)
        return doc


def _write(document: Document, span: Span, start: int, end: int, *, setting: Setting) -> None:
    finding = span.label_ == "CONDITION"
    decision = decide(document, start, end, finding=finding)
    kind = decision.kind if decision is not None else None
    cues = [document.cue(decision.cue).text] if decision is not None else []
    if finding:
        span._.tripsheet_status = _FINDING_STATUS.get(kind or "", "present")
    else:
        who = doer(document, start, end, setting=setting)
        span._.tripsheet_performer = who.performer
        if who.cue is not None:
            cues.append(who.cue.text)
        if span.label_ == "MEDICATION":
            span._.tripsheet_status = "given" if kind in (None, "succeeded") else "not_given"
        elif kind == "attempted":
            span._.tripsheet_status = "attempted"
        else:
            span._.tripsheet_status = (
                "performed" if kind in (None, "succeeded") else "not_performed"
            )
    span._.tripsheet_cues = cues


class Reading(_Component):
    """Writes everything that the reader finds to `doc._.tripsheet`, as the output's `findings`."""

    def __call__(self, doc: Doc) -> Doc:
        doc._.tripsheet = plain(self.reader.read(Report(narrative=doc.text)))
        return doc


@Language.factory("tripsheet_mentions", default_config={"spans_key": "tripsheet"})
def make_mentions(nlp: Language, name: str, spans_key: str) -> Mentions:
    return Mentions(name, spans_key)


@Language.factory("tripsheet_context", default_config={"spans_key": "tripsheet"})
def make_context(nlp: Language, name: str, spans_key: str) -> Context:
    return Context(name, spans_key)


@Language.factory("tripsheet_reading", default_config={"spans_key": "tripsheet"})
def make_reading(nlp: Language, name: str, spans_key: str) -> Reading:
    return Reading(name, spans_key)
