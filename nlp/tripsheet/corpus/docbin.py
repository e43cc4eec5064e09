"""spaCy DocBin: the corpus as training data for anybody's pipeline.

Each Doc has a span group a field (`medications`, `interventions`, `conditions`, `mobility`,
`vitals`, `statements`), one span a piece of evidence, and `cats` for level and necessity. A span
is widened to whole tokens of a blank English tokenizer. `user_data` holds id, author, split and
the exact record (`gold`, as a line of the corpus file), so that nothing is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tripsheet.corpus.gold import PRONGS, Gold, to_line
from tripsheet.findings import Evidence, Span
from tripsheet.formats.atomic import write_whole
from tripsheet.vocabulary import HCPCS


def save_docbin(golds: Iterable[Gold], path: Path) -> int:
    """Write gold as one `.spacy` file; how many narratives."""
    import spacy
    from spacy.tokens import DocBin
    from spacy.tokens import Span as DocSpan

    nlp = spacy.blank("en")
    docs = DocBin(store_user_data=True)
    count = 0
    for gold in golds:
        doc = nlp.make_doc(gold.narrative)
        groups: dict[str, list[DocSpan]] = {}
        for group, label, evidence in _labelled(gold):
            for span in evidence:
                if not isinstance(span, Span):
                    continue
                tokens = doc.char_span(span.start, span.end, label, alignment_mode="expand")
                if tokens is not None:
                    groups.setdefault(group, []).append(tokens)
        for group, spans in groups.items():
            doc.spans[group] = spans
        doc.cats = {f"level:{code}": float(code == gold.level.hcpcs) for code in HCPCS}
        for verdict in ("supported", "not_supported", "insufficient"):
            doc.cats[f"necessity:{verdict}"] = float(verdict == gold.necessity.verdict)
        doc.user_data |= {"id": gold.id, "author": gold.author, "split": gold.split}
        doc.user_data["gold"] = to_line(gold)
        docs.add(doc)
        count += 1
    write_whole(path, docs.to_bytes(), durable=False)
    return count


def _labelled(gold: Gold) -> Iterator[tuple[str, str, tuple[Evidence, ...]]]:
    """Group, label and evidence of each item; the label says who did what where that is told."""
    found = gold.findings
    for drug in found.medications:
        yield "medications", f"{drug.name}|{drug.status}|{drug.performer}", drug.evidence
    for act in found.interventions:
        yield "interventions", f"{act.id}|{act.status}|{act.performer}", act.evidence
    for condition in found.conditions:
        yield "conditions", condition.id, condition.evidence
    for name in PRONGS:
        prong = getattr(found.mobility, name)
        yield "mobility", f"{name}|{prong.value}", prong.evidence
    for vital in found.vitals:
        yield "vitals", vital.kind, vital.evidence
    for statement in found.statements:
        yield "statements", statement.id, statement.evidence
