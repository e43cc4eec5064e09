"""A small reader for the tests of the batch: honest, quick, and with faults on demand.

It finds the drug "fentanyl" and the words "bed", and codes by them; a narrative may ask it to
fail. It stands in for the real reader where a test is about files and processes.
"""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

from tripsheet.analysis import Analysis
from tripsheet.determination import Claim, Determination, Gap, Necessity
from tripsheet.findings import Findings, Medication, Span
from tripsheet.report import Report


class FakeReader:
    """Reads one report; made once a worker."""

    def __init__(self, pause: float = 0.0, killed: Path | None = None) -> None:
        self._pause = pause
        self._killed = killed

    def analyze_report(self, report: Report) -> Analysis:
        """Findings and determination by a few words."""
        text = report.narrative
        if "RAISE" in text:
            raise ValueError(f"cannot read {text}")
        if "KILL" in text and "KILL ONCE" not in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "KILL ONCE" in text and self._killed is not None and not self._killed.exists():
            self._killed.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if self._pause:
            time.sleep(self._pause)
        drugs = tuple(
            Medication("fentanyl", "iv_push", evidence=(Span(*found.span(), found.group()),))
            for found in re.finditer("fentanyl", text, re.I)
        )
        level = "A0427" if drugs else "A0429"
        claim = report.claimed_hcpcs
        above = claim is not None and claim > level
        gaps = () if "bed" in text else (Gap("stretcher_reason", "m", "Describe.", "c"),)
        return Analysis(
            report,
            Findings(medications=drugs),
            Determination(
                rules="2026-01",
                hcpcs=level,  # type: ignore[arg-type]
                modifiers=("RH",),
                necessity=Necessity("supported" if drugs else "insufficient"),
                claimed=Claim(claim, "higher_than_supported" if above else "equal")
                if claim
                else None,
                gaps=gaps,  # type: ignore[arg-type]
            ),
        )


def load() -> FakeReader:
    """The reader as it is."""
    return FakeReader()


def load_slow() -> FakeReader:
    """A reader that takes its time, so that a run can be stopped in the middle."""
    return FakeReader(pause=0.004)


def load_killed_once() -> FakeReader:
    """A reader whose process is killed at the first report that asks for it, and then no more."""
    return FakeReader(killed=Path(os.environ["FAKE_READER_KILLED"]))
