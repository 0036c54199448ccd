"""How old what is owed is, and what each kind of movement did to it. Told from the journal alone, so that any day can be told again."""

from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.ledger.accounts import (
    BETWEEN_PLANS,
    CONTRACTUAL,
    PATIENT_OWES,
    RECEIVABLES,
    REVENUE,
    WRITE_OFF,
)

BUCKETS = ("0 to 30", "31 to 60", "61 to 90", "91 to 120", "Over 120")
PATIENTS = 0  # in place of an insurer's id
KINDS = ("charges", "discounts", "payments", "write_offs", "transfers")
_WITHIN = {BETWEEN_PLANS, *RECEIVABLES}
_KIND = {REVENUE: "charges", CONTRACTUAL: "discounts", WRITE_OFF: "write_offs"}


@dataclass(frozen=True, slots=True)
class Moved:
    """What a receivable account gained (cents > 0) or lost. owner: an insurer's id, PATIENTS, or None where none is named."""

    owner: int | None
    kind: str
    cents: int


def owner(account: str, payer: int | None) -> int | None:
    """Who owes what stands on a receivable account."""
    return PATIENTS if account == PATIENT_OWES else payer


def movements(debit: str, credit: str, payer: int | None, cents: int) -> tuple[Moved, ...]:
    """What a transfer did to receivables: nothing, one side, or from one to another."""
    found = []
    for account, other, signed in ((debit, credit, cents), (credit, debit, -cents)):
        if account in RECEIVABLES:
            kind = "transfers" if other in _WITHIN else _KIND.get(other, "payments")
            found.append(Moved(owner(account, payer), kind, signed))
    return tuple(found)


def bucket(since: date, on: date) -> int:
    """Place in BUCKETS: 30 days are still in the first one, 31 in the second."""
    return min(max((on - since).days - 1, 0) // 30, len(BUCKETS) - 1)


def since_at_least(on: date) -> tuple[date, ...]:
    """The first day of each place in BUCKETS but the last, which has none: what is owed since that day or later is no older."""
    return tuple(on - timedelta(days=30 * place) for place in range(1, len(BUCKETS)))
