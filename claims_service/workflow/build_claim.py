"""Prices recorded visits and builds the first claim of each, checks it and books the charge."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.building import control_number, priced_lines
from claims_service.domain.coverage import Coverage, in_order
from claims_service.domain.encounter import NO_VISIT
from claims_service.domain.ledger import charges
from claims_service.domain.pricing.price_book import PriceBook
from claims_service.domain.quick import bulk
from claims_service.store import (
    audit,
    claim_values,
    claims,
    counters,
    encounters,
    fees,
    journal,
    patients,
    plan_restrictions,
)
from claims_service.store.claim_values import Assembled
from claims_service.store.connection import opened, write
from claims_service.workflow.checked import Checked, checked

NO_PLAN = "N"
_BATCH = 1000


@dataclass(frozen=True, slots=True)
class Outcome:
    """claims: checked, with an insurer; self_pay: claims that the patient pays. Visits that had a claim are left out."""

    claims: tuple[Checked, ...]
    self_pay: tuple[int, ...]
    charge_cents: int

    def count(self, state: str) -> int:
        return sum(made.state == state for made in self.claims)


class _Built(NamedTuple):
    claims: dict[int, claims.NewClaim]
    insured: list[Assembled]
    charge_cents: int


def build_claims(
    practice: int, visits: Sequence[int] | None = None, *, by: Actor, now: datetime, today: date
) -> Outcome:
    """A claim to the first plan of each visit (None: all that wait); without a plan the patient owes the charge.

    The charge is booked once every line has a price (PAYER_OWES <- REVENUE). Some hundred visits a transaction, all that a
    patient has among these in one, as what one visit is told may depend on another: what is left of a batch that was cut off
    waits as before.
    """
    with opened():
        wanted = encounters.waiting(practice) if visits is None else list(visits)
        book = fees.book(practice, encounters.procedures(practice, wanted))
        parts = encounters.with_their_patients(practice, wanted, _BATCH)
    found: list[Checked] = []
    self_pay: list[int] = []
    charge_cents = 0
    for part in parts:
        with write(practice), bulk():
            made = _build(practice, part, book, by=by, now=now, today=today)
            insured = [c.id for c in made.insured]
            found += checked(practice, insured, by=by.name, now=now, today=today, listed=made.insured)
        self_pay += [key for key, c in made.claims.items() if not c.payer]
        charge_cents += made.charge_cents
    return Outcome(tuple(found), tuple(self_pay), charge_cents)


def _build(practice: int, visits: Sequence[int], book: PriceBook, *, by: Actor, now: datetime, today: date) -> _Built:
    loaded = encounters.load(practice, visits)
    recorded = {key: loaded[key] for key in visits if key in loaded and loaded[key].state == "recorded"}
    people = patients.people(practice, list({r.encounter.patient_id for r in recorded.values()}))
    plans = patients.coverages(practice, list(people), people)
    hidden = {one.encounter for one in plan_restrictions.holding(practice, list(recorded))}  # no plan is told of them
    numbers = counters.next_values(practice, "claim", len(recorded))
    new = [
        _new_claim(r, () if r.id in hidden else plans[r.encounter.patient_id], book, control_number(practice, n))
        for r, n in zip(recorded.values(), numbers, strict=True)
    ]
    made = dict(zip(claims.add_many(practice, new, at=now), new, strict=True))
    encounters.set_state(practice, list(recorded), "billed")
    entries = [
        charges.charge(key, 1, c.lines, patient=c.patient, payer=c.payer, posted_on=today)
        for key, c in made.items()
        if all(line.priced for line in c.lines)
    ]
    journal.post(practice, entries, by=by.name, at=now)
    claims.add_events(practice, [claims.Event(key, "built", _story(c)) for key, c in made.items()], by=by.name, at=now)
    audit.record(
        practice, [audit.Event("claim.build", c.patient, f"claim:{key}") for key, c in made.items()], by=by, at=now
    )
    built = [(key, c, r) for (key, c), r in zip(made.items(), recorded.values(), strict=True)]
    insured = claim_values.from_visits(practice, built, people, plans)
    return _Built(made, insured, sum(entry.total_cents for entry in entries))


def _new_claim(r: encounters.Recorded, plans: Sequence[Coverage], book: PriceBook, control: str) -> claims.NewClaim:
    visit = r.encounter
    if visit.kind == NO_VISIT:
        plans = ()
    active = in_order(plans, visit.served_on)
    # A patient whose only plan has ended still gets a claim: the check says so, and a person asks for the new plan.
    plan = active[0] if active else (min(plans, key=lambda p: (p.rank, p.id)) if plans else None)
    lines = priced_lines(visit, book, plan.payer_id if plan else None)
    return claims.NewClaim(
        r.id, visit.patient_id, plan.id if plan else None, plan.payer_id if plan else None, "P" if plan else NO_PLAN, control,
        lifecycle.READY if plan else lifecycle.PATIENT, min(line.served_on for line in lines), lines,
    )  # fmt: skip


def _story(c: claims.NewClaim) -> str:
    count = len(c.lines)
    services = "1 service" if count == 1 else f"{count} services"
    return (
        f"Built from the visit with {services}."
        if c.payer
        else f"{services.capitalize()}; no plan is billed, the patient pays."
    )
