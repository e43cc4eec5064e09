"""Phrases as the lexicons write them, and the spelling variants that they stand for."""

from __future__ import annotations

from itertools import pairwise, product


def expand(phrase: str) -> list[str]:
    """All strings of a phrase in which `(a|b)` is a choice and `(a|)` may be left out.

    Parentheses without a bar of their own stand for themselves; "n't" may be written "nt".

    >>> expand("unable to (walk|stand( up|))")
    ['unable to walk', 'unable to stand up', 'unable to stand']
    >>> expand("(-)")
    ['(-)']
    """
    variants = ["".join(parts) for parts in product(*_parts(phrase))] if "(" in phrase else [phrase]
    # crews leave the apostrophe of "didn't" out
    plain = [variant.replace("n't", "nt") for variant in variants if "n't" in variant]
    return list(dict.fromkeys(map(tidy, (*variants, *plain))))


def tidy(phrase: str) -> str:
    """A phrase with single spaces and none at its ends."""
    return " ".join(phrase.split())


def _parts(phrase: str) -> list[list[str]]:
    """A phrase as a row of choices; plain text is a choice of one."""
    parts: list[list[str]] = []
    plain = 0
    at = phrase.find("(")
    while at >= 0:
        close, bars = _group(phrase, at)
        if close < 0:
            at = phrase.find("(", at + 1)
            continue
        if not bars:
            at = phrase.find("(", at + 1)
            continue
        parts.append([phrase[plain:at]])
        edges = [at, *bars, close]
        parts.append(
            [
                variant
                for left, right in pairwise(edges)
                for variant in ("".join(row) for row in product(*_parts(phrase[left + 1 : right])))
            ]
        )
        plain = close + 1
        at = phrase.find("(", plain)
    parts.append([phrase[plain:]])
    return parts


def _group(phrase: str, start: int) -> tuple[int, list[int]]:
    """Where the parenthesis that opens at `start` closes (-1: never), and its own bars."""
    depth = 0
    bars: list[int] = []
    for at in range(start, len(phrase)):
        character = phrase[at]
        if character == "(":
            depth += 1
        elif character == ")":
            depth -= 1
            if depth == 0:
                return at, bars
        elif character == "|" and depth == 1:
            bars.append(at)
    return -1, bars


def variants(phrase: str) -> int:
    """How many strings `expand` would make, counted without making them (repeats included).

    >>> variants("unable to (walk|stand( up|))")
    3
    """
    total, at = 1, phrase.find("(")
    while at >= 0:
        close, bars = _group(phrase, at)
        if close < 0 or not bars:
            at = phrase.find("(", at + 1)
            continue
        edges = [at, *bars, close]
        total *= sum(variants(phrase[left + 1 : right]) for left, right in pairwise(edges))
        at = phrase.find("(", close + 1)
    return total
