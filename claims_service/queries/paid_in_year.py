"""What a patient paid in a calendar year, by day and visit, for a tax return or a savings account: the journal's own days and cents."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.ledger.accounts import CARD_CLEARING, DESK_CLEARING
from claims_service.queries.receipts import PaidVisit, encounters_of
from claims_service.queries.rows import known_day, rows
from claims_service.store import bills, confidential, payments
from claims_service.store.connection import opened
from claims_service.store.payments import PaymentRecord

_TILL = (CARD_CLEARING, DESK_CLEARING)
_PAID = (
    "select e.posted_on, e.source_id, sum(case when t.debit in (?, ?) then t.cents else -t.cents end)"
    " from journal_transfer t join journal_entry e on e.id = t.entry_id"
    " where +t.practice_id = ? and t.patient = ? and e.source = 'payment' and (t.debit in (?, ?)) <> (t.credit in (?, ?))"
    " group by e.id, e.posted_on, e.source_id order by e.posted_on, e.id"
)
_OWN_BILLS = "select id from statement where practice_id = ? and patient_id = ? and confidential"


@dataclass(frozen=True, slots=True)
class PaidRow:
    """A day's payment, or below zero what was given back of one. visits: what a payment stands for today; kept_cents: for the next bill.

    own: for confidential visits.
    """

    on: date
    payment: int
    receipt_number: str
    method: str
    cents: int
    visits: tuple[PaidVisit, ...] = ()
    kept_cents: int = 0
    own: bool = False


@dataclass(frozen=True, slots=True)
class YearPaid:
    """rows: by day, the oldest first."""

    year: int
    rows: tuple[PaidRow, ...]

    @property
    def cents(self) -> int:
        """Paid less given back."""
        return sum(row.cents for row in self.rows)

    @property
    def own(self) -> bool:
        """Whether something of confidential visits is among it."""
        return any(row.own for row in self.rows)

    def without_own(self) -> "YearPaid":
        """As one may hand it to others."""
        return YearPaid(self.year, tuple(row for row in self.rows if not row.own))


def years_paid(practice: int, patient: int) -> list[YearPaid]:
    """Every year in which money came in or went back, the newest first; in the clinic's days."""
    with opened():
        found = rows(_PAID, *_TILL, practice, patient, *_TILL, *_TILL)
        settled = payments.many(practice, sorted({payment for _, payment, _ in found}))
        stands = _stands_for(practice, list(settled))
        own = confidential.visits_of(practice, [patient]).get(patient, frozenset())
        hidden = {key for (key,) in rows(_OWN_BILLS, practice, patient)}
    years: dict[int, list[PaidRow]] = {}
    for posted_on, payment, cents in found:
        day, one = known_day(posted_on), settled[payment]
        years.setdefault(day.year, []).append(_row(day, one, int(cents), stands[payment], own, one.statement in hidden))
    return [YearPaid(year, tuple(told)) for year, told in sorted(years.items(), reverse=True)]


def _row(
    day: date, one: PaymentRecord, cents: int, visits: dict[int, PaidVisit], own: frozenset[int], hidden: bool
) -> PaidRow:
    hidden = hidden or not own.isdisjoint(visits)
    number = one.receipt_number or ""
    if cents <= 0:
        return PaidRow(day, one.id, number, one.method, cents, own=hidden)
    kept = one.cents - one.refunded_cents - sum(visit.cents for visit in visits.values())
    return PaidRow(day, one.id, number, one.method, cents, tuple(visits.values()), kept, hidden)


def _stands_for(practice: int, listed: Sequence[int]) -> dict[int, dict[int, PaidVisit]]:
    """By payment and visit what it pays today, in the order of service."""
    shares = payments.shares_of(practice, listed)
    encounters = encounters_of(practice, sorted({share.claim for found in shares.values() for share in found}))
    facts = bills.visits(practice, sorted(set(encounters.values())))
    stands: dict[int, dict[int, PaidVisit]] = {}
    for payment, found in shares.items():
        by_visit = dict.fromkeys(facts, 0)
        for share in found:
            by_visit[encounters[share.claim]] += share.cents
        stands[payment] = {
            visit: PaidVisit(facts[visit].served_on, facts[visit].provider, cents)
            for visit, cents in by_visit.items()
            if cents
        }
    return stands
