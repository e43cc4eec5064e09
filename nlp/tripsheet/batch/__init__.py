"""Many reports: read in chunks by many workers, written in order, resumed where it stopped."""

from __future__ import annotations

from tripsheet.batch.run import BatchResult, run_batch
from tripsheet.batch.summary import Summary

__all__ = ["BatchResult", "Summary", "run_batch"]
