"""Findings: what a narrative says, each item with the words it rests on.

`reading` makes this value and `coding` consumes it; neither knows more of the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field

from tripsheet.values import value
from tripsheet.vocabulary import (
    BedConfined,
    ConditionId,
    ConditionStatus,
    CrewLevel,
    Death,
    InterventionId,
    InterventionStatus,
    MedicationStatus,
    Performer,
    PlaceLetter,
    ProngValue,
    Response,
    Route,
    Source,
    StatementId,
    TransportMode,
    VitalKind,
)


@value
class Span:
    """A stretch of the narrative: `narrative[start:end] == text`, in characters."""

    start: int
    end: int
    text: str


@value
class RecordField:
    """A field of the record that a finding comes from instead of the narrative."""

    field: str


Evidence = Span | RecordField


@value
class Cue:
    """The words that decided how a mention was read, and what they decided.

    `kind` is a cue class of `lexicons/context.toml` ("negated", "history", "other_performer").
    """

    kind: str
    start: int
    end: int
    text: str


@value
class Dose:
    """An amount and its unit as written ("mcg", "mg", "g", "mEq", "units", "mcg/kg/min")."""

    value: float
    unit: str


@value
class Medication:
    """A medication the narrative names, and how often it was given in this way.

    `count` is the number of separate administrations; an infusion is one. `dose` is one
    administration's dose where the narrative tells it. `total_only` marks a dose told as a total
    with no number of doses. `method_stated` is false for a plain "IV", where push or infusion is
    not said. `maintained` is an infusion that somebody else started and the crew kept running.
    """

    name: str
    route: Route = "unknown"
    status: MedicationStatus = "given"
    performer: Performer = "crew"
    count: int = 1
    dose: Dose | None = None
    maintained: bool = False
    method_stated: bool = True
    total_only: bool = False
    time_stated: bool = False
    reason: str | None = None
    """Why it is `not_given` or another's: the deciding cue's class ("refused", "home_list")."""
    rxcui: str | None = None
    evidence: tuple[Evidence, ...] = ()
    cues: tuple[Cue, ...] = ()
    doubts: tuple[str, ...] = ()
    source: Source = "text"
    probability: float | None = None
    detail: str | None = None
    """What a rule needs beyond name and route: `autoinjector`, `fractions` (told as parts of one
    ordered dose), `patients_own` (the patient's supply, the crew assisted), `lock_flush`."""


@value
class Intervention:
    """A procedure, its outcome and who did it.

    `detail` narrows the id where a rule needs it: oxygen `home_rate` or `high_flow`; cpap
    `bipap`; blood_transfusion `whole_blood`, `packed_red_cells`, `plasma`, `platelets`,
    `cryoprecipitate`; iv_access `external_jugular`, `saline_lock`; cardiac_monitoring and
    ecg_12_lead `interpreted`; iv_fluid_bolus `kvo`; surgical_airway `needle`.
    """

    id: InterventionId
    status: InterventionStatus = "performed"
    performer: Performer = "crew"
    maintained: bool = False
    detail: str | None = None
    reason: str | None = None
    snomed: str | None = None
    evidence: tuple[Evidence, ...] = ()
    cues: tuple[Cue, ...] = ()
    doubts: tuple[str, ...] = ()
    source: Source = "text"
    probability: float | None = None


@value
class Condition:
    """A condition of this patient on this call (`present`), denied (`absent`) or `history`."""

    id: ConditionId
    status: ConditionStatus = "present"
    evidence: tuple[Evidence, ...] = ()
    cues: tuple[Cue, ...] = ()
    doubts: tuple[str, ...] = ()
    source: Source = "text"
    probability: float | None = None


@value
class Prong:
    """One prong of bed-confinement with what speaks for its value and what against it.

    Source: 42 CFR 410.40(e)(1); Benefit Policy Manual, ch. 10, s. 10.2.3.
    """

    value: ProngValue = "not_documented"
    evidence: tuple[Evidence, ...] = ()
    counter: tuple[Evidence, ...] = ()
    cues: tuple[Cue, ...] = ()
    doubts: tuple[str, ...] = ()
    source: Source = "text"
    probability: float | None = None


@value
class Mobility:
    """The three prongs: get up from bed unaided, walk, sit in a chair or wheelchair."""

    get_up: Prong = Prong()
    ambulate: Prong = Prong()
    sit: Prong = Prong()

    @property
    def bed_confined(self) -> BedConfined:
        """`yes` when all three prongs are `unable`, `no` when one is `able`."""
        values = (self.get_up.value, self.ambulate.value, self.sit.value)
        if "able" in values:
            return "no"
        return "yes" if all(value == "unable" for value in values) else "not_documented"


@value
class Vital:
    """One measured value. Units: mmHg, /min, %, mg/dL, F or C; scores have unit ""."""

    kind: VitalKind
    value: float
    unit: str = ""
    detail: str | None = None
    """What the value was measured on: `room_air`, `on_oxygen`; or `palpated`."""
    evidence: tuple[Evidence, ...] = ()


@value
class Statement:
    """What the narrative says that decides coverage or closes a gap (see `StatementId`).

    `about` names the medication or intervention that the statement speaks of, if one.
    """

    id: StatementId
    about: str | None = None
    evidence: tuple[Evidence, ...] = ()
    cues: tuple[Cue, ...] = ()


@value
class Transport:
    """The call: how the unit came, who rode, from where to where, and how it ended.

    A field that neither the narrative nor the record tells is None (`response`: "unknown").
    `evidence` maps a field's name to its words; a field taken from the record has a
    `RecordField`. `contradictions` names the fields in which record and narrative differ, with
    the narrative's words; the record's value stands.
    """

    mode: TransportMode = "ground"
    response: Response = "unknown"
    transported: bool | None = None
    origin: PlaceLetter | None = None
    destination: PlaceLetter | None = None
    loaded_miles: float | None = None
    crew_level: CrewLevel | None = None
    specialist_aboard: CrewLevel | None = None
    """A nurse, respiratory therapist or physician who rode along, beside the crew's own level."""
    dispatch_complaint: str | None = None
    interfacility: bool | None = None
    scheduled: bool | None = None
    pcs: bool | None = None
    signature: bool | None = None
    death: Death | None = None
    patients: int = 1
    evidence: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)
    contradictions: Mapping[str, tuple[Evidence, ...]] = field(default_factory=dict)


@value
class Findings:
    """Everything that one report says, in the order of the narrative."""

    medications: tuple[Medication, ...] = ()
    interventions: tuple[Intervention, ...] = ()
    conditions: tuple[Condition, ...] = ()
    mobility: Mobility = Mobility()
    vitals: tuple[Vital, ...] = ()
    transport: Transport = Transport()
    statements: tuple[Statement, ...] = ()
