"""Parts of the corpus by author, so that what is learnt is measured on hands it has not seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from tripsheet.corpus.gold import Gold


def author_parts(authors: Sequence[str], parts: int) -> list[int]:
    """The part (0 and up) that each text is held out in, one number a text.

    Authors are dealt out by the number of their texts, the largest first, each to the part that
    has the fewest so far; ties go by name. All texts of an author stand in one part.
    """
    sizes = [0] * parts
    part_of: dict[str, int] = {}
    for author, count in sorted(Counter(authors).items(), key=lambda pair: (-pair[1], pair[0])):
        smallest = sizes.index(min(sizes))
        part_of[author] = smallest
        sizes[smallest] += count
    return [part_of[author] for author in authors]


def author_folds(
    golds: Sequence[Gold], parts: int
) -> Iterator[tuple[tuple[Gold, ...], tuple[Gold, ...]]]:
    """For each part the gold of all other authors, and the part's own."""
    numbers = author_parts([gold.author for gold in golds], parts)
    for part in range(parts):
        yield (
            tuple(gold for gold, n in zip(golds, numbers, strict=True) if n != part),
            tuple(gold for gold, n in zip(golds, numbers, strict=True) if n == part),
        )
