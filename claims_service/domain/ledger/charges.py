"""What a visit's charges do to the books."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from claims_service.domain.claim.building import PricedLine
from claims_service.domain.ledger.accounts import (
    BETWEEN_PLANS,
    IN_REVIEW,
    NEXT_PAYER_OWES,
    PATIENT_OWES,
    PAYER_OWES,
    REVENUE,
)
from claims_service.domain.ledger.journal import Entry, Transfer, moved, transfer

ASIDE = (IN_REVIEW, NEXT_PAYER_OWES)  # receivables of a claim that no longer stands, which nobody is asked for


def charge(
    claim: int, version: int, lines: Iterable[PricedLine], *, patient: int, payer: int | None, posted_on: date
) -> Entry:
    """The first plan owes the charges, or the patient where there is no plan. One transfer a line."""
    account = PAYER_OWES if payer else PATIENT_OWES
    transfers = tuple(
        transfer(account, REVENUE, line.charge_cents, claim, line.number, patient, payer)
        for line in lines
        if line.charge_cents
    )
    return Entry(posted_on, "charge", f"charge:{claim}:{version}", "claim", claim, transfers)


def moved_on(
    first: int,
    following: int,
    shares: Iterable[tuple[int | None, int]],
    *,
    patient: int,
    payers: tuple[int, int],
    posted_on: date,
) -> Entry:
    """What the first plan left goes from waiting to the next plan's claim. shares: (line number, cents) > 0.

    It passes through BETWEEN_PLANS, so that each claim's own balances stay whole.
    """
    transfers = []
    for line, cents in shares:
        transfers.append(Transfer(BETWEEN_PLANS, NEXT_PAYER_OWES, cents, first, line, patient, payers[0]))
        transfers.append(Transfer(PAYER_OWES, BETWEEN_PLANS, cents, following, line, patient, payers[1]))
    return Entry(posted_on, "moved_on", f"moved_on:{first}:{following}", "claim", following, tuple(transfers))


def set_aside(
    claim: int,
    number: int,
    shares: Iterable[tuple[str, int | None, int]],
    *,
    patient: int,
    payer: int | None,
    posted_on: date,
) -> Entry:
    """What was denied or left to a next plan on a claim that another version replaced. shares: (account of ASIDE, line, cents).

    With the charge reversed, PAYER_OWES then lacks what the insurer settled: its reversal (CLP02 = 22) brings it to zero.
    """
    transfers = [
        transfer
        for account, line, cents in shares
        for transfer in moved(PAYER_OWES, account, cents, claim=claim, line=line, patient=patient, payer=payer)
    ]
    return Entry(posted_on, "set_aside", f"set_aside:{claim}:{number}", "claim", claim, tuple(transfers))


def again(entry: Entry, number: int, *, posted_on: date) -> Entry:
    """An entry that was reversed is booked once more, under a key of its own."""
    return replace(entry, key=f"{entry.key.partition(':again:')[0]}:again:{number}", posted_on=posted_on, reverses=None)
