"""The audit of a claimed code against what the narrative supports; no amounts of money."""

from __future__ import annotations

from typing import Literal

from tripsheet.coding.case import Case
from tripsheet.coding.level import LevelResult
from tripsheet.coding.rules import Level
from tripsheet.determination import Claim
from tripsheet.findings import Evidence
from tripsheet.vocabulary import ClaimVerdict

Risk = Literal["none", "low", "moderate", "high"]


def _compare(claimed: Level, supported: Level) -> tuple[int, int] | None:
    """Steps of care, and of response, that the claim stands above; None if not comparable."""
    if claimed.mode != supported.mode or claimed.mode not in ("ground", "none"):
        return None
    if claimed.emergency is None or supported.emergency is None:
        return claimed.rank - supported.rank, 0
    return claimed.rank - supported.rank, int(claimed.emergency) - int(supported.emergency)


def claim(case: Case, decided: LevelResult) -> Claim | None:
    """Held against the supported level on two axes, care and response, never by payment.

    Risk classes: none (equal), low (below what is supported, or above it by an argued point
    only), moderate (above by one step on which the narrative is silent), high (above by more, or
    against what is told).
    """
    raw = case.report.claimed_hcpcs
    if raw is None or not raw.strip():
        return None
    code = raw.strip().upper()[:5] if raw.strip().lower() != "none" else "none"
    supported_code = decided.hcpcs
    levels = case.rules.levels
    claimed, supported = levels.get(code), levels[supported_code]
    if claimed is None or code == "undetermined":
        return Claim(code, "not_comparable", "low",
                     f"{code} is no ambulance base code.")  # fmt: skip
    if supported_code == "undetermined":
        return Claim(code, "not_comparable", "high",
                     f"{code} is claimed; the report tells too little for any level.")  # fmt: skip
    if code == supported_code:
        return Claim(code, "equal", "none", f"{code} is what the report supports.")
    if supported.mode == "none" and claimed.mode != "none":
        return _made(code, supported_code, "higher_than_supported", "high",
                     "nobody was transported", decided)  # fmt: skip
    if claimed.mode == "none" and supported.mode != "none":
        return _made(code, supported_code, "lower_than_supported", "low", "", decided)
    if supported.mode == "none":
        above = code == "A0998"
        return _made(
            code,
            supported_code,
            "higher_than_supported" if above else "lower_than_supported",
            "moderate" if above else "low",
            "",
            decided,
        )
    steps = _compare(claimed, supported)
    if steps is None:
        return Claim(
            code,
            "not_comparable",
            "high",
            f"{code} ({claimed.name}) is claimed; the report tells of {supported.name}.",
        )
    care, response = steps
    if care >= 0 and response >= 0:
        silent = case.response == "unknown" and care == 0
        risk: Risk = "moderate" if silent or care + response == 1 else "high"
        why = ""
        missing = next((one for one in decided.not_assigned if one.hcpcs == code), None)
        if missing is not None:
            why = f"it would take {missing.reason}"
            if any(fact.stance == "against" for fact in missing.missing):
                risk = "high"
        elif response > 0 and not silent:
            why = "no emergency response is told"
            risk = "high" if case.response == "non_emergency" else "moderate"
        if care == 1 and response == 0 and _argued(case, decided, code):
            risk = "low"
            why = "an argued point decides it"
        return _made(code, supported_code, "higher_than_supported", risk, why, decided)
    if care <= 0 and response <= 0:
        return _made(code, supported_code, "lower_than_supported", "low", "", decided)
    return Claim(
        code,
        "not_comparable",
        "moderate",
        f"{code} is claimed and {supported_code} is supported: one tells more of the response, "
        "the other more of the care.",
        _evidence(decided),
    )


def _argued(case: Case, decided: LevelResult, code: str) -> bool:
    """Whether a policy switch alone would make the claimed ALS2."""
    return code == "A0433" and (decided.medications.candidate or decided.procedures.candidate)


def _evidence(decided: LevelResult) -> tuple[Evidence, ...]:
    return decided.lines[0].evidence if decided.lines else ()


def _made(
    code: str, supported: str, verdict: ClaimVerdict, risk: Risk, why: str, decided: LevelResult
) -> Claim:
    direction = "more" if verdict == "higher_than_supported" else "less"
    tail = f": {why}" if why else ""
    shown = "no claim" if supported == "none" else supported
    return Claim(
        code,
        verdict,
        risk,
        f"{code} is claimed, {direction} than the report supports ({shown}){tail}.",
        _evidence(decided),
    )
