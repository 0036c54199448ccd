"""Takes off what a grant of financial assistance takes off: at once when it is given, and of later visits when they are billed."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.money import spoken
from claims_service.domain.patient.assistance import CHARITY, off_cents, spread
from claims_service.store import assistance, audit, bills, claims, journal
from claims_service.store.assistance import Grant


def take_off(
    practice: int, wanted: Mapping[int, tuple[Grant, int]], *, by: Actor, now: datetime, today: date
) -> dict[int, int]:
    """WRITE_OFF <- PATIENT_OWES, line by line, by claim: (grant, cents that are open on it); each claim of a grant once.

    Gives what was taken off each claim. Inside write().
    """
    shares, heads = assistance.shares(practice, list(wanted)), claims.heads(practice, list(wanted))
    entries, parts = [], []
    for claim, (grant, open_cents) in sorted(wanted.items()):
        cents = off_cents(open_cents, grant.percent)
        head = heads[claim]
        transfers = tuple(
            Transfer(WRITE_OFF, PATIENT_OWES, part, claim, line or None, head.patient, head.payer, CHARITY)
            for line, part in spread(cents, shares.get(claim, ()))
        )
        if transfers:
            key = f"charity:{grant.id}:{claim}"
            entries.append(Entry(today, "write_off", key, "assistance", grant.id, transfers, memo=grant.number))
            parts.append((claim, grant, sum(t.cents for t in transfers)))
    posted = journal.post(practice, entries, by=by.name, at=now)
    done = [part for part, key in zip(parts, posted, strict=True) if key is not None]
    notes = [
        claims.Event(claim, "note", f"{spoken(cents)} taken off: financial assistance {grant.number}.")
        for claim, grant, cents in done
    ]
    claims.add_events(practice, notes, by=by.name, at=now)
    trail = [
        audit.Event("assistance.take_off", heads[claim].patient, f"claim:{claim}", grant.number)
        for claim, grant, _ in done
    ]
    audit.record(practice, trail, by=by, at=now)
    return {claim: cents for claim, _, cents in done}


def take_off_later(practice: int, patients: Sequence[int], *, by: Actor, now: datetime, today: date) -> None:
    """What grants take off visits that came due since they were given; what was given for a claim is not given twice."""
    granted = assistance.grants(practice, patients)
    if not granted:
        return
    accounts = bills.accounts(practice, sorted(granted))
    open_ones = {
        claim: (grant, cents)
        for patient, account in accounts.items()
        for claim, (_, served_on, cents) in account.claims.items()
        for grant in granted[patient]
        if cents > 0 and grant.holds(served_on)
    }
    known = assistance.given(practice, list(open_ones))
    fresh = {claim: pair for claim, pair in open_ones.items() if not known.get(claim)}
    take_off(practice, fresh, by=by, now=now, today=today)
