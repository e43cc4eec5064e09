"""The annotated corpus: its records, the formats they are written in, checks and counts."""

from tripsheet.corpus.gold import Gold, Level, Need, load_gold, save_gold
from tripsheet.corpus.problems import Problem

__all__ = ["Gold", "Level", "Need", "Problem", "load_gold", "save_gold"]
