"""Coding: findings and record to a determination, by dated and cited rules.

Pure functions over plain values; needs no language pipeline and imports in milliseconds.

>>> from tripsheet.coding import determine
>>> from tripsheet.findings import Findings
>>> from tripsheet.report import Report
>>> determine(Report(narrative=""), Findings()).hcpcs
'undetermined'
"""

from tripsheet.coding.determine import determine
from tripsheet.coding.facts import LevelFacts, decide_level
from tripsheet.coding.policies import Policies
from tripsheet.coding.rules import Rules, load_rules
from tripsheet.coding.validate import validate

__all__ = [
    "LevelFacts",
    "Policies",
    "Rules",
    "decide_level",
    "determine",
    "load_rules",
    "validate",
]
