"""Report: one patient care report as it comes in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from tripsheet.vocabulary import CrewLevel, PlaceLetter, Response, TransportMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A narrative and what the record says beside it; only the narrative is required.

    A field of the record outranks what the narrative says of the same thing.
    """

    narrative: str
    id: str = "1"
    transport: TransportMode | None = None
    response: Response | None = None
    crew_level: CrewLevel | None = None
    origin: PlaceLetter | None = None
    destination: PlaceLetter | None = None
    loaded_miles: float | None = None
    date_of_service: dt.date | None = None
    claimed_hcpcs: str | None = None
    pcs_on_file: bool | None = None
    signature_on_file: bool | None = None
    dispatch_complaint: str | None = None
    # facts that decide a claim and that a narrative seldom tells
    transported: bool | None = None
    state: str | None = None
    """Two-letter postal code; picks the scope-of-practice table (default: national model)."""
    patients: int | None = None
    pcs_date: dt.date | None = None
    pcs_signer: str | None = None
    round_trips_last_10_days: int | None = None
    prior_authorization: bool | None = None
    snf_part_a: bool | None = None
    hospice: bool | None = None
    joint_response_agreement: bool | None = None
    institutional_provider: bool | None = None
    rural: bool | None = None
    volunteer_barred_from_billing: bool | None = None
    """State law bars the transporting volunteer service from billing (paramedic intercept)."""
