"""The whole trail of an analysis as plain text, and what a name of the vocabulary means."""

from __future__ import annotations

import textwrap
import tomllib
from collections.abc import Iterable, Iterator
from typing import Any

from tripsheet.analysis import Analysis
from tripsheet.coding.rules import Rules, load_rules
from tripsheet.determination import Line
from tripsheet.findings import Cue, Evidence, Span
from tripsheet.resources import RULES
from tripsheet.views import wording
from tripsheet.views.marks import item_label, quote, safe

_WIDTH = 96


def explain(analysis: Analysis) -> str:
    """Every finding with its words and the cues that decided it, then every rule and outcome."""
    decided = analysis.determination
    answer = f"{decided.hcpcs} {wording.level(decided.hcpcs)}".strip()
    lines = [f"{quote(analysis.id)}: {answer}, by the rules of {decided.rules}", ""]
    lines += ["FINDINGS, with the words they rest on and the cues that decided them"]
    lines += _findings(analysis)
    lines += ["", "RULES of the level"]
    lines += _rules(decided.explanation, 1)
    for higher in decided.not_assigned:
        head = f"{higher.hcpcs} {wording.level(higher.hcpcs)}"
        lines += ["", f"WHY NOT {head.strip()}", *_wrapped(1, higher.reason, higher.citation)]
        lines += _rules(higher.lines, 1)
        for missing in higher.missing:
            lines += [*_wrapped(1, f"{missing.stance}: {missing.fact}")]
            lines += _evidence(missing.evidence, 2)
    necessity = decided.necessity
    lines += ["", f"NECESSITY: {wording.name(necessity.verdict)}"]
    lines += _wrapped(1, necessity.statement, necessity.citation)
    lines += _evidence(necessity.evidence, 2, "for")
    lines += _evidence(necessity.counter, 2, "against")
    lines += _rules(necessity.lines, 1)
    for title, rules in (
        ("BESIDE THE LEVEL", decided.checks),
        ("WHERE RECORD AND NARRATIVE DIFFER", decided.contradictions),
    ):
        if rules:
            lines += ["", title, *_rules(rules, 1)]
    if decided.gaps:
        lines += ["", "MISSING"]
        for gap in decided.gaps:
            lines += [*_wrapped(1, f"{gap.id}: {gap.message}", gap.citation)]
            lines += [*_wrapped(2, f"ask: {gap.ask}"), *_evidence(gap.evidence, 2)]
    if decided.review:
        lines += ["", "CHECK BY HAND"]
        for sentence in decided.review:
            lines += _wrapped(1, sentence)
    return "\n".join(lines) + "\n"


def define(name: str) -> str | None:
    """What a level, gap, condition, policy, place letter or indicator is; None if it is none.

    Raises:
        LexiconError: a rule table cannot be read.
    """
    rules = load_rules()
    found = [text for make in _MAKERS if (text := make(name, rules))]
    if name in rules.letters:
        found.append(f"Place {name}: {rules.letters[name]}.")
    if name in rules.indicators:
        found.append(f"Indicator {name}: {rules.indicators[name]}.")
    return "\n\n".join(found) + "\n" if found else None


def _level(name: str, rules: Rules) -> str | None:
    level = rules.levels.get(name.upper()) or rules.levels.get(name)
    return f"Level {name}: {level.name}." if level else None


def _gap(name: str, rules: Rules) -> str | None:
    gap = rules.gaps.get(name)
    if gap is None:
        return None
    return f"Gap {name}: {gap.message}\nAsk: {gap.ask}\nSource: {gap.citation}"


def _condition(name: str, rules: Rules) -> str | None:
    condition = rules.conditions.get(name)
    if condition is None:
        return None
    codes = ", ".join(f"{code} {rules.titles.get(code, '')}".strip() for code in condition.codes)
    suggests = f"\nSuggested codes: {codes}" if codes else ""
    return f"Condition {name}: {condition.name}.{suggests}\nSource: {condition.citation}"


def _procedure(name: str, rules: Rules) -> str | None:
    procedure = rules.als2_procedures.get(name)
    if procedure is None:
        return None
    since = f"since {procedure.since.isoformat()}"
    return f"ALS2 procedure {name}: {procedure.name}, {since}.\nSource: {procedure.citation}"


def _policy(name: str, _rules: Rules) -> str | None:
    table = tomllib.loads((RULES / "policies.toml").read_text("utf-8"))
    policy = table.get(name)
    if policy is None:
        return None
    default = str(policy["default"]).lower()
    source = f"Source: {policy['citation']}"
    return f"Policy {name} (default {default}): {policy['switches']}\n{source}"


_MAKERS = (_level, _gap, _condition, _procedure, _policy)


def _findings(analysis: Analysis) -> Iterator[str]:
    found = analysis.findings
    for medication in found.medications:
        yield from _finding(f"medication {wording.medication(medication)}", medication)
    for intervention in found.interventions:
        yield from _finding(f"intervention {wording.intervention(intervention)}", intervention)
    for condition in found.conditions:
        yield from _finding(f"condition {wording.condition(condition)}", condition)
    for prong in ("get_up", "ambulate", "sit"):
        value = getattr(found.mobility, prong)
        yield from _finding(f"mobility {wording.name(prong)}: {wording.name(value.value)}", value)
        yield from _evidence(value.counter, 2, "against")
    for vital in found.vitals:
        yield from _finding(f"vital sign {wording.vital(vital)}", vital)
    for field, evidence in found.transport.evidence.items():
        told = wording.told(field, getattr(found.transport, field, None))
        yield from _wrapped(1, f"call {told}")
        yield from _evidence(evidence, 2)
    for statement in found.statements:
        yield from _finding(f"statement {wording.statement(statement)}", statement)


def _finding(title: str, finding: Any) -> Iterator[str]:
    yield from _wrapped(1, title)
    yield from _evidence(finding.evidence, 2)
    for cue in getattr(finding, "cues", ()):
        yield from _wrapped(2, _cue(cue))
    for doubt in getattr(finding, "doubts", ()):
        yield from _wrapped(2, f"doubt: {doubt}")


def _cue(cue: Cue) -> str:
    return f"cue: {wording.name(cue.kind)} by “{quote(cue.text)}” ({cue.start}-{cue.end})"


def _rules(lines: Iterable[Line], depth: int) -> Iterator[str]:
    for line in lines:
        said = f"{wording.OUTCOMES[line.outcome]}  {line.rule}: {line.statement}"
        yield from _wrapped(depth, said, line.citation)
        yield from _evidence(line.evidence, depth + 1)
        for word, items in (("counts", line.counted), ("does not count", line.not_counted)):
            for item in items:
                yield from _wrapped(depth + 1, f"{word}: {item_label(item)}, {item.reason}")
                yield from _evidence(item.evidence, depth + 2)
        doubt = wording.doubt(line)
        if doubt:
            yield from _wrapped(depth + 1, doubt)
        yield from _rules(line.children, depth + 1)


def _evidence(evidence: Iterable[Evidence], depth: int, word: str = "words") -> Iterator[str]:
    for item in evidence:
        if isinstance(item, Span):
            yield from _wrapped(depth, f"{word}: “{quote(item.text)}” ({item.start}-{item.end})")
        else:
            yield from _wrapped(depth, f"{word}: the record's {item.field}")


def _wrapped(depth: int, text: str, citation: str = "") -> Iterator[str]:
    whole = "".join(safe(f"{text} ({citation})" if text and citation else text or citation))
    indent = "  " * depth
    yield from textwrap.wrap(
        whole,
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=f"{indent}    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
