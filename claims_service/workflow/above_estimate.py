"""Which bills are far above their estimate: they wait for a person, and tell the patient of the right to dispute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.estimate.over import billed_cents, dispute_until, estimate_for, is_far_above
from claims_service.domain.patient import frozen
from claims_service.domain.patient.invoice import line_money
from claims_service.domain.patient.statement import AboveEstimate
from claims_service.store import audit, bills, estimates
from claims_service.store.bills import VisitFacts
from claims_service.store.estimates import Hold

SELF_PAY = "N"


@dataclass(frozen=True, slots=True)
class Compared:
    """held: visits whose bill waits. above: by visit that goes out, what the bill says of its estimate."""

    held: frozenset[int] = frozenset()
    above: Mapping[int, AboveEstimate] | None = None


def compare(practice: int, ready: Sequence[VisitFacts], *, by: Actor, now: datetime, today: date) -> Compared:
    """Hold self-pay visits back that are $400.00 or more above one provider's estimate, unless a person let them go.

    All visits of an estimate count together. What was billed before stays billed. Inside write().
    """
    alone = {v.encounter: v for v in ready if v.claims and all(claim.sequence == SELF_PAY for claim in v.claims)}
    spoken_of = _linked(practice, list(alone.values()), by=by, now=now)
    if not spoken_of:
        return Compared()
    others = estimates.visits_of(practice, sorted(set(spoken_of.values())))
    missing = sorted(others.keys() - alone.keys())
    facts = {**alone, **(bills.visits(practice, missing) if missing else {})}
    billed: dict[int, int] = {}
    for encounter, estimate in others.items():
        if encounter in facts:
            billed[estimate] = billed.get(estimate, 0) + _billed(facts[encounter])
    given = estimates.by_ids(practice, sorted(billed))
    far = {key for key, cents in billed.items() if is_far_above(cents, given[key][1])}
    concerned = [encounter for encounter, estimate in spoken_of.items() if estimate in far]
    held = _hold(practice, concerned, spoken_of, alone, given, billed, by=by, now=now, today=today)
    first = estimates.first_billed(practice, concerned)
    above = {
        encounter: AboveEstimate(
            given[spoken_of[encounter]][0], given[spoken_of[encounter]][1], billed[spoken_of[encounter]],
            dispute_until(first.get(encounter, today)),
        )
        for encounter in concerned
        if encounter not in held
    }  # fmt: skip
    return Compared(held, above)


def _linked(practice: int, alone: Sequence[VisitFacts], *, by: Actor, now: datetime) -> dict[int, int]:
    """visit -> estimate; whichever fits a visit now stays with it."""
    if not alone:
        return {}
    known = estimates.linked(practice, [v.encounter for v in alone])
    fresh = [v for v in alone if v.encounter not in known]
    given = estimates.given(practice, sorted({v.patient for v in fresh}))
    wanted = [v for v in fresh if v.patient in given]
    providers = estimates.renderings(practice, [v.encounter for v in wanted])
    found = {}
    for visit in wanted:
        done = [service.procedure for service in visit.services]
        fits = estimate_for(visit.served_on, providers[visit.encounter], done, given[visit.patient])
        if fits:
            found[visit.encounter] = fits.id
    estimates.link(practice, [(estimate, encounter) for encounter, estimate in found.items()], by=by.name, at=now)
    return known | found


def _billed(visit: VisitFacts) -> int:
    lines = line_money(visit.movements).values()
    return sum(line.charge_cents - line.discount_cents - line.forgiven_cents for line in lines)


def _hold(
    practice: int,
    concerned: Sequence[int],
    spoken_of: Mapping[int, int],
    visits: Mapping[int, VisitFacts],
    given: Mapping[int, tuple[str, int]],
    billed: Mapping[int, int],
    *,
    by: Actor,
    now: datetime,
    today: date,
) -> frozenset[int]:
    before = bills.current_invoices(practice, concerned)
    known = estimates.holds(practice, concerned)
    held, new = set(), []
    for encounter in concerned:
        estimate, cents = spoken_of[encounter], billed[spoken_of[encounter]]
        out = encounter in before and billed_cents(frozen.invoice(before[encounter][1])) >= _billed(visits[encounter])
        if out or any(hold.why and hold.billed_cents >= cents for hold in known.get(encounter, ())):
            continue
        held.add(encounter)
        if all(hold.billed_cents != cents for hold in known.get(encounter, ())):
            new.append(Hold(0, estimate, encounter, given[estimate][1], cents, ""))
    estimates.add_holds(practice, new, on=today, at=now)
    events = [audit.Event("bill.hold", visits[h.encounter].patient, f"encounter:{h.encounter}") for h in new]
    audit.record(practice, events, by=by, at=now)
    return frozenset(held)
