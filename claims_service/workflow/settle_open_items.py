"""Places what an insurer holds or paid outside of claims, where no later remittance will: on a claim, as income, as a cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.ledger.accounts import IN_REVIEW, INSURER_INCOME, PENALTIES, PROVIDER_BALANCE
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.domain.money import spoken
from claims_service.domain.remittance.open_items import Item
from claims_service.store import audit, claims, counters, journal, open_items
from claims_service.store.connection import write
from claims_service.workflow.cleared_items import close_cleared, items_of

CLAIM, INCOME, COST = "claim", "income", "cost"
ACCOUNTS = {CLAIM: IN_REVIEW, INCOME: INSURER_INCOME, COST: PENALTIES}


@dataclass(frozen=True, slots=True)
class Settlement:
    """cents > 0 of what is left of an adjustment go to a claim, to income or to costs. why: without patient data."""

    adjustment: int
    cents: int
    way: str
    why: str
    claim: int | None = None


def settle_open_items(
    practice: int, wanted: Sequence[Settlement], *, by: Actor, now: datetime, today: date
) -> tuple[int, ...]:
    """All or none; gives the journal entries. What is left can still be cleared by a later remittance.

    Raises:
        NotFound: an adjustment or claim is not of this practice.
        Rejected: more than is left, nothing, no reason, or a claim of another insurer.
    """
    made = []
    with write(practice):
        for n, one in enumerate(wanted):
            payer = open_items.payer_of(practice, one.adjustment)
            if payer is None:
                raise NotFound("open item")
            made.append(_settle(practice, n, one, payer, by=by, now=now, today=today))
            close_cleared(practice, payer, by=by.name, now=now)
    return tuple(made)


def _settle(practice: int, n: int, one: Settlement, payer: int, *, by: Actor, now: datetime, today: date) -> int:
    head = claims.heads(practice, [one.claim]).get(one.claim) if one.claim else None
    if one.claim and head is None:
        raise NotFound("claim")
    item = items_of(practice, payer).get(one.adjustment)
    if problems := _problems(n, one, item, head, payer):
        raise Rejected(problems)
    assert item is not None, "an item that is missing is a problem"
    cents = one.cents if item.left_cents > 0 else -one.cents
    claim, patient = (head.id, head.patient) if head else (None, None)
    transfers = moved(
        ACCOUNTS[one.way], PROVIDER_BALANCE, cents, claim, None, patient, payer or None, item.adjustment.reason
    )
    number = counters.next_values(practice, "open_item", 1)[0]
    entry = Entry(today, "open_item", f"open_item:{number}", "open_item", one.adjustment, transfers)
    (key,) = journal.post(practice, [entry], by=by.name, at=now)
    assert key is not None, "the number is new"
    settled = open_items.Settled(one.adjustment, cents, one.way, one.claim, key, one.why.strip())
    open_items.add_settlements(practice, [settled], by=by.name, at=now)
    subject = f"open_item:{one.adjustment}"
    audit.record(
        practice,
        [audit.Event("open_item.settle", head.patient if head else None, subject, one.why.strip())],
        by=by,
        at=now,
    )
    return key


def _problems(n: int, one: Settlement, item: Item | None, head: claims.Head | None, payer: int) -> list[Problem]:
    if item is None or item.adjustment.account != PROVIDER_BALANCE:
        return [Problem(f"[{n}].adjustment", "This item stands on a claim already: settle it there.")]
    found = []
    if one.way not in ACCOUNTS:
        found.append(Problem(f"[{n}].way", "Choose where it belongs."))
    if not 0 < one.cents <= abs(item.left_cents):
        found.append(Problem(f"[{n}].cents", f"Place more than $0.00 and at most {spoken(abs(item.left_cents))}."))
    if not one.why.strip():
        found.append(Problem(f"[{n}].why", "Say why it belongs there."))
    if one.way == CLAIM and head is None:
        found.append(Problem(f"[{n}].claim", "Name the claim it belongs to."))
    if one.way != CLAIM and head is not None:
        found.append(Problem(f"[{n}].claim", "Only what goes to a claim names one."))
    if head and head.payer != payer:
        found.append(Problem(f"[{n}].claim", "This claim went to another insurer."))
    return found
