"""Gives up what can't be collected, and settles denials: always with a reason and a name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem, Rejected
from claims_service.domain.ledger.accounts import BY_NAME, IN_REVIEW, PATIENT_OWES, PAYER_OWES, WRITE_OFF
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.money import spoken
from claims_service.store import audit, claims, counters, journal
from claims_service.store.connection import write

FROM = (IN_REVIEW, PATIENT_OWES, PAYER_OWES)


@dataclass(frozen=True, slots=True)
class WriteOff:
    """cents > 0 of what a claim has open on an account are given up; why: in a person's words, without patient data."""

    claim: int
    account: str
    cents: int
    why: str


def write_off(practice: int, wanted: Sequence[WriteOff], *, by: Actor, now: datetime, today: date) -> tuple[int, ...]:
    """WRITE_OFF <- the account, for each; all or none. Gives the journal entries.

    Raises:
        NotFound: a claim is not of this practice.
        Rejected: more than is open, nothing, or no reason.
    """
    with write(practice):
        heads = claims.heads(practice, [w.claim for w in wanted])
        balances = journal.claim_balances(practice, list(heads))
        problems = []
        for i, w in enumerate(wanted):
            if w.claim not in heads:
                raise NotFound("claim")
            open_cents = balances[w.claim].get(w.account, 0)
            if w.account not in FROM:
                problems.append(Problem(f"[{i}].account", "This money can't be written off here."))
            elif not 0 < w.cents <= open_cents:
                name = BY_NAME[w.account].label
                problems.append(
                    Problem(f"[{i}].cents", f"Write off more than $0.00 and at most {spoken(open_cents)} ({name}).")
                )
            if not w.why.strip():
                problems.append(Problem(f"[{i}].why", "Say why this is written off."))
        if problems:
            raise Rejected(problems)
        numbers = counters.next_values(practice, "write_off", len(wanted))
        entries = [_entry(w, heads[w.claim], n, today) for w, n in zip(wanted, numbers, strict=True)]
        ids = journal.post(practice, entries, by=by.name, at=now)
        events = [claims.Event(w.claim, "note", f"{spoken(w.cents)} written off.") for w in wanted]
        claims.add_events(practice, events, by=by.name, at=now)
        trail = [
            audit.Event("claim.write_off", heads[w.claim].patient, f"claim:{w.claim}", w.why.strip()) for w in wanted
        ]
        audit.record(practice, trail, by=by, at=now)
    return tuple(key for key in ids if key)


def _entry(w: WriteOff, head: claims.Head, number: int, today: date) -> Entry:
    transfer = Transfer(WRITE_OFF, w.account, w.cents, w.claim, None, head.patient, head.payer, "write-off")
    return Entry(today, "write_off", f"write_off:{number}", "claim", w.claim, (transfer,))
