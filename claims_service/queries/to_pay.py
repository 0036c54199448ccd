"""What may be paid of a bill in this moment: each visit, what is left out and why, and what paying early saves."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from claims_service.queries import payment_plans
from claims_service.queries.bills import Bill
from claims_service.store import bills, prompt_pay
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class VisitToPay:
    """A visit with something to pay. on_plan: a payment plan that is kept pays it."""

    encounter: int
    served_on: date
    provider: str
    cents: int
    on_plan: bool


@dataclass(frozen=True, slots=True)
class ToPay:
    """due_cents: without what a plan pays. off_cents: taken off when everything is paid by off_until; 0 for no offer."""

    visits: tuple[VisitToPay, ...]
    off_cents: int
    off_until: date | None

    @property
    def asked_cents(self) -> int:
        return sum(visit.cents for visit in self.visits)

    @property
    def due_cents(self) -> int:
        return sum(visit.cents for visit in self.visits if not visit.on_plan)

    @property
    def planned_cents(self) -> int:
        return self.asked_cents - self.due_cents

    @property
    def due_visits(self) -> tuple[int, ...]:
        return tuple(visit.encounter for visit in self.visits if not visit.on_plan)

    def cents_of(self, encounters: tuple[int, ...]) -> int:
        """What chosen visits cost together."""
        return sum(visit.cents for visit in self.visits if visit.encounter in encounters)


def to_pay(practice: int, patient: int, bill: Bill, *, today: date) -> ToPay:
    """What of a bill may be paid, in the order of service; what is disputed is no part of it."""
    with opened():
        account = bills.accounts(practice, [patient])[patient]
        plan = payment_plans.on_bill(practice, patient, bill, today=today)
        own = bill.statement.confidential
        offer = prompt_pay.standing(practice, patient, today, own=own) if bill.newest else None
    owed: dict[int, int] = defaultdict(int)
    for encounter, _, cents in account.claims.values():
        owed[encounter] += cents
    planned = plan.plan.open_cents if plan else {}
    found = []
    for invoice in (visit.invoice for visit in bill.statement.visits):
        cents = owed[invoice.encounter] - account.held_of(invoice.encounter)
        if cents > 0:
            on_plan = planned.get(invoice.encounter, 0) > 0
            found.append(VisitToPay(invoice.encounter, invoice.served_on, invoice.provider, cents, on_plan))
    return ToPay(tuple(found), offer.cents if offer else 0, offer.until if offer else None)
