"""NEMSIS v3.5.1: the national standard of electronic patient care reports, in and out."""

from __future__ import annotations

from tripsheet.formats.nemsis.chart import Chart, ChartedReport
from tripsheet.formats.nemsis.read import read_nemsis, read_nemsis_stream

__all__ = ["Chart", "ChartedReport", "read_nemsis", "read_nemsis_stream"]
