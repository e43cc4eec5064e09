"""ALS, level 2: three administrations by vein, or one listed procedure.

42 CFR 414.605; Benefit Policy Manual ch. 10 s. 30.1.1; the counting rules M1 to M15.
"""

from __future__ import annotations

from dataclasses import dataclass

from tripsheet.coding.als import route_name
from tripsheet.coding.case import Case
from tripsheet.coding.rules import UsualDose
from tripsheet.coding.trace import BPM_LEVELS, evidence_of, label, listing, tally, times
from tripsheet.determination import Item, Line
from tripsheet.findings import Evidence, Medication


@dataclass(slots=True)
class Administrations:
    """How many administrations count, and by how much a policy or a doubt could move it."""

    total: int
    line: Line
    candidate: bool
    """True where what was left out by a policy would reach the number."""
    against: tuple[Evidence, ...]
    """Words that speak against a further dose by vein: refused, withheld, held."""


@dataclass(slots=True)
class _Left:
    """What a policy leaves out of the count."""

    name: str
    count: int
    policy: str


def medications(case: Case) -> Administrations:
    """R1.6-b: at least three separate administrations by IV push, bolus or infusion."""
    rules, policies = case.rules, case.policies
    counted: list[Item] = []
    not_counted: list[Item] = []
    left: list[_Left] = []
    pushes: dict[str, list[Medication]] = {}
    policy: str | None = None
    flag = False
    notes: list[str] = []
    total = 0
    for drug in case.given:
        name, count = drug.name, drug.count
        excluded = rules.exclusions.get(name)
        if excluded is not None:  # M6, M6a, M6b, M11
            if drug.route in rules.als2_routes and excluded.policy:
                if getattr(policies, excluded.policy):
                    policy, flag = excluded.policy, True
                else:
                    left.append(_Left(name, count, excluded.policy))
                    not_counted.append(Item(name, count, excluded.why, drug.evidence))
                    continue
            else:
                not_counted.append(Item(name, count, excluded.why, drug.evidence))
                continue
        if drug.detail == "lock_flush":  # M10
            not_counted.append(Item(name, count, "a flush of a lock", drug.evidence))
        elif drug.route == "iv_push":  # M1
            pushes.setdefault(name, []).append(drug)
        elif drug.route == "iv_infusion":
            if drug.maintained and not policies.hospital_infusions_count:  # M13
                left.append(_Left(name, 1, "hospital_infusions_count"))
                not_counted.append(
                    Item(name, 1, "an infusion that somebody else began", drug.evidence)
                )
                continue
            if drug.maintained:
                policy, flag = "hospital_infusions_count", True
            number = _infusions(drug)
            if count > 1:
                flag = True
                notes.append(
                    f"The infusion of {label(name)} counts {times(number)}; check whether it was "
                    "begun anew or its rate changed."
                )
            total += number
            counted.append(Item(name, number, "by infusion", drug.evidence))
        elif drug.route == "io":  # M9
            if policies.io_push_counts:
                policy, flag = "io_push_counts", True
                pushes.setdefault(name, []).append(drug)
            else:
                left.append(_Left(name, count, "io_push_counts"))
                not_counted.append(Item(name, count, "by IO, not by vein", drug.evidence))
        else:  # M7, M8
            not_counted.append(Item(name, count, route_name(drug.route), drug.evidence))
    for name, drugs in pushes.items():
        number, why, switch, note = _separate(case, name, drugs)
        told = sum(drug.count for drug in drugs)
        evidence = tuple(one for drug in drugs for one in drug.evidence)
        if switch is not None:
            policy, flag = policy or switch, True
        if note:
            notes.append(note)
        total += number
        how = listing(dict.fromkeys(route_name(drug.route) for drug in drugs))
        counted.append(Item(name, number, why or how, evidence))
        if told > number:
            not_counted.append(Item(name, told - number, "a part of one dose", evidence))
            if switch is not None:
                left.append(_Left(name, told - number, switch))
        if any(not drug.method_stated for drug in drugs):
            flag = True
    needed = rules.als2_needed
    reachable = total + sum(one.count for one in left)
    candidate = total < needed <= reachable
    if candidate:
        flag = True
        policy = policy or left[0].policy
        notes.append("A candidate for ALS2 by a policy.")
    for drug in case.medications:
        if drug.performer == "other" and drug.status == "given":  # M12
            not_counted.append(Item(drug.name, drug.count, "given by somebody else", drug.evidence))
        elif drug.source == "model":
            not_counted.append(
                Item(drug.name, drug.count, "suggested by the model only", drug.evidence)
            )
    against = tuple(
        one
        for drug in case.medications
        if drug.status == "not_given" and drug.performer == "crew" and drug.reason != "home_list"
        for one in drug.evidence
    )
    made, other = tuple(counted), tuple(not_counted)
    if total >= needed:
        start = (
            f"{total} separate administrations by IV push or infusion, of {needed} that ALS2 needs"
        )
    elif total:
        start = f"{total} of the {needed} administrations by IV push or infusion that ALS2 needs"
    else:
        start = f"None of the {needed} administrations by IV push or infusion that ALS2 needs"
    sentence = f"{start}: {tally(made)}." if made else f"{start}."
    if other:
        seen = dict.fromkeys(f"{label(item.name)} ({item.reason})" for item in other)
        sentence += f" Not counted: {listing(seen)}."
    if notes:
        sentence += " " + " ".join(notes)
    line = Line(
        "als2.medications",
        "met" if total >= needed else "not_met",
        sentence,
        rules.als2_citation,
        evidence_of(made),
        made,
        other,
        policy,
        flag,
    )
    return Administrations(total, line, candidate, against)


def _infusions(drug: Medication) -> int:
    """M2: one infusion is one administration, whatever its hours and rate changes.

    Repeats count only where each is a finite amount (a bag of 2 g twice), not a rate.
    """
    if drug.maintained or drug.dose is None or "/" in drug.dose.unit:
        return 1
    return drug.count


def _separate(case: Case, name: str, drugs: list[Medication]) -> tuple[int, str, str | None, str]:
    """M4, M5: how many of the pushes of one drug are separate full doses.

    Returns the number, a reason where it is not simply the count, the policy that decided, and
    a note for a person.
    """
    number, told = 0, 0
    open_doses: list[Medication] = []
    for drug in drugs:
        told += drug.count
        if drug.detail == "fractions":  # M5: told as parts of one ordered dose
            number += 1
        else:
            number += drug.count
            open_doses.append(drug)
    if told == 1:
        return 1, "", None, ""
    if number < told and not open_doses:
        return number, "parts of one ordered dose, counted once", None, ""
    usual = case.rules.doses.get(name)
    open_count = sum(drug.count for drug in open_doses)
    if usual is None or open_count < 2:
        return number, "", None, ""
    amounts = _amounts(case, open_doses, usual)
    if amounts is None:
        return number, "", None, ""
    rest = number - open_count
    sizes, sum_given = amounts
    if usual.push_dose is not None and max(sizes) <= usual.push_dose:  # case 23
        if case.policies.push_dose_pressors_count:
            return (
                number,
                "",
                "push_dose_pressors_count",
                (f"The doses of {label(name)} are push-doses of a vasopressor."),
            )
        return rest + 1, "push-doses, counted once", "push_dose_pressors_count", ""
    if sum_given > usual.dose * 1.0001:
        return number, "", None, ""
    if usual.always and min(sizes) >= usual.smallest:  # M5a: the manual's own examples
        return (
            rest + 1,
            "parts of one usual dose, counted once",
            None,
            (f"The doses of {label(name)} add up to no more than one usual dose."),
        )
    if case.policies.fractions_by_table:
        return rest + 1, "no more than one usual dose, counted once", "fractions_by_table", ""
    if number < case.rules.als2_needed:
        return number, "", None, ""
    return (
        number,
        "",
        "fractions_by_table",
        (
            f"{label(name).capitalize()}, given {times(open_count)}, adds up to no more than one "
            "usual dose; check that each was a dose of its own."
        ),
    )


def _amounts(
    case: Case, drugs: list[Medication], usual: UsualDose
) -> tuple[list[float], float] | None:
    """Each dose and their sum in the base unit; None where one is untold or not comparable."""
    sizes: list[float] = []
    total = 0.0
    for drug in drugs:
        if drug.dose is None:
            return None
        unit = case.rules.units.get(drug.dose.unit.casefold())
        if unit is None or unit[0] != usual.family:
            return None
        size = drug.dose.value * unit[1]
        sizes.append(size)
        total += size if drug.total_only else size * drug.count
    return sizes, total


@dataclass(slots=True)
class Procedures:
    """Whether a listed procedure was done, and what came close."""

    met: bool
    line: Line
    candidate: bool
    against: tuple[Evidence, ...]


def procedures(case: Case) -> Procedures:
    """R1.6-a: one listed procedure, done by this crew, in force on the day of service."""
    rules, policies = case.rules, case.policies
    counted: list[Item] = []
    not_counted: list[Item] = []
    policy: str | None = None
    flag = candidate = False
    citation = rules.als2_citation
    for id, acts in case.performed.items():
        listed = rules.als2_procedures.get(id)
        if listed is None:
            future = rules.als2_not_in_force.get(id)
            why = rules.als2_resembles.get(id)
            if future is not None:  # R1.6-d, 8.1: dated
                why = f"counts for service from {future.since.isoformat()}"
            if why is not None:
                not_counted.append(Item(id, len(acts), why, acts[0].evidence))
            continue
        for act in acts:
            why, switch = "", None
            if act.maintained and id == "blood_transfusion":  # case 44
                why, switch = "hung by somebody else", "hospital_blood_counts"
            elif act.maintained and id == "central_line":  # case 41
                why, switch = "a line that was already there", "existing_central_line_counts"
            elif act.maintained and id not in ("ett_maintenance", "endotracheal_intubation"):
                why, switch = "begun by somebody else", "maintained_procedures_count"  # R1.6-f
            elif listed.details and act.detail is None:
                why, switch = "product not named", "unnamed_blood_product_counts"
            elif listed.details and act.detail not in listed.details:
                not_counted.append(
                    Item(id, 1, f"{label(act.detail or '')} is not listed", act.evidence)
                )
                continue
            if switch is None or getattr(policies, switch):
                counted.append(Item(id, 1, why or "listed", act.evidence))
                citation = listed.citation
            else:
                not_counted.append(Item(id, 1, why, act.evidence))
                candidate = True
            if switch is not None:
                policy, flag = policy or switch, True
    against: list[Evidence] = []
    for id, acts in case.attempted.items():
        if id not in rules.als2_procedures:
            continue
        evidence = tuple(one for act in acts for one in act.evidence)
        policy, flag = policy or "attempted_procedures_lift", True  # R1.6-e
        item = Item(id, len(acts), "tried, without success", evidence)
        if policies.attempted_procedures_lift:
            counted.append(item)
        else:
            not_counted.append(item)
            candidate = True
            against.extend(evidence)
    for act in case.interventions:
        if act.id in rules.als2_procedures:
            if act.status == "not_performed":
                against.extend(act.evidence)
                not_counted.append(Item(act.id, 1, "not done", act.evidence))
            elif act.performer == "other" and act.status == "performed":
                not_counted.append(Item(act.id, 1, "done by somebody else", act.evidence))
            elif act.source == "model":
                not_counted.append(Item(act.id, 1, "suggested by the model only", act.evidence))
    made, other = tuple(counted), tuple(not_counted)
    if made:
        names = listing(dict.fromkeys(rules.als2_procedures[item.name].name for item in made))
        sentence = f"A listed ALS2 procedure: {names}."
    elif other:
        seen = dict.fromkeys(f"{label(item.name)} ({item.reason})" for item in other)
        sentence = f"No listed ALS2 procedure counts. Not counted: {listing(seen)}."
    else:
        sentence = "No listed ALS2 procedure is told."
    return Procedures(
        bool(made),
        Line(
            "als2.procedures",
            "met" if made else "not_met",
            sentence,
            citation if made else BPM_LEVELS,
            evidence_of(made),
            made,
            other,
            policy,
            flag,
        ),
        candidate and not made,
        tuple(against),
    )
