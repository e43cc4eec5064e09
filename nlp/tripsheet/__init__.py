"""tripsheet reads ambulance patient care reports and shows what they support.

>>> import tripsheet
>>> analyzer = tripsheet.load()
>>> analysis = analyzer.analyze("Dispatched emergent for chest pain. 12-lead NSR.")
>>> analysis.determination.hcpcs
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tripsheet.analyzer import Analyzer

__version__ = "0.1.0"
__all__ = ["__version__", "load"]


def load(**options: Any) -> Analyzer:
    """An analyzer with the shipped lexicons and rules; see `tripsheet.analyzer.Analyzer`.

    The import is late so that `import tripsheet.coding` stays light.
    """
    from tripsheet.analyzer import Analyzer

    return Analyzer(**options)
