"""Phrases as the lexicons write them, and the spelling variants that they stand for."""

from __future__ import annotations

import re

_GROUP = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
_SPACES = re.compile(r" {2,}")


def expand(phrase: str) -> list[str]:
    """All strings of a phrase in which `(a|b)` is a choice and `(a|)` may be left out.

    Parentheses without a bar stand for themselves.

    >>> expand("unable to (walk|stand( up|))")
    ['unable to walk', 'unable to stand up', 'unable to stand']
    >>> expand("(-)")
    ['(-)']
    """
    group = _GROUP.search(phrase)
    if group is None:
        return [_SPACES.sub(" ", phrase).strip()]
    variants: list[str] = []
    for choice in group.group(1).split("|"):
        for variant in expand(phrase[: group.start()] + choice + phrase[group.end() :]):
            if variant not in variants:
                variants.append(variant)
    return variants
