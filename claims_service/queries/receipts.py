"""What a payment paid: each visit with its cents, what was taken off for paying early, and what is kept for the patient."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.patient.prompt_pay import Policy, taken_cents
from claims_service.store import bills, card_returns, journal, payments, prompt_pay
from claims_service.store.connection import in_parts, marks, opened, run


@dataclass(frozen=True, slots=True)
class PaidVisit:
    """cents of a payment that stand on a visit now, less what was given back."""

    served_on: date
    provider: str
    cents: int


@dataclass(frozen=True, slots=True)
class PaidFor:
    """kept_cents: not used for any visit yet, the patient's credit. off_cents: taken off for paying early."""

    visits: tuple[PaidVisit, ...] = ()
    kept_cents: int = 0
    off_cents: int = 0

    @property
    def rows(self) -> tuple[tuple[date, str, int], ...]:
        """Day, provider and cents of each visit, as a receipt on paper lists them."""
        return tuple((visit.served_on, visit.provider, visit.cents) for visit in self.visits)


def charged_back_cents(payment: int) -> int:
    """What the patient's bank took back of a payment and did not return."""
    return card_returns.taken_by_bank_cents(payment)


def prompt_pay_policy(practice: int) -> Policy:
    """What new statements promise for paying early."""
    return prompt_pay.policy(practice)


def paid_for(practice: int, payment: int) -> PaidFor:
    """What a settled payment stands for now; visits in the order of service.

    Raises:
        NotFound: no such payment of this practice.
    """
    with opened():
        found = payments.get(practice, payment)
        shares = payments.shares_of(practice, [payment])[payment]
        by_visit: dict[int, int] = {}
        encounters = encounters_of(practice, [share.claim for share in shares])
        for share in shares:
            encounter = encounters[share.claim]
            by_visit[encounter] = by_visit.get(encounter, 0) + share.cents
        facts = bills.visits(practice, sorted(by_visit))
        off = taken_cents(entry for _, entry in journal.entries_of(practice, "payment", payment))
    visits = tuple(PaidVisit(visit.served_on, visit.provider, by_visit[key]) for key, visit in facts.items())
    put = sum(share.cents for share in shares)
    kept = found.cents - found.refunded_cents - put if found.settled_at else 0
    return PaidFor(tuple(one for one in visits if one.cents), kept, off)


def encounters_of(practice: int, claims: list[int]) -> dict[int, int]:
    """The visit of each claim."""
    found: dict[int, int] = {}
    for part in in_parts(claims):
        sql = f"select id, encounter_id from claim where +practice_id = ? and id in ({marks(part)})"
        found.update(run(sql, (practice, *part)).fetchall())
    return found
