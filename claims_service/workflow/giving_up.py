"""How a write-off stands in the books; shared by the step that makes one and the one that agrees to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import NotFound, Problem
from claims_service.domain.ledger.accounts import BY_NAME, IN_REVIEW, PATIENT_OWES, PAYER_OWES, WRITE_OFF
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.ledger.second_person import REASONS
from claims_service.domain.money import spoken
from claims_service.store import audit, claims, counters, journal

FROM = (IN_REVIEW, PATIENT_OWES, PAYER_OWES)


@dataclass(frozen=True, slots=True)
class WriteOff:
    """cents > 0 of what a claim has open on an account are given up. reason: of REASONS; why: in a person's words, without patient data."""

    claim: int
    account: str
    cents: int
    why: str
    reason: str = "administrative"


def problems(practice: int, wanted: Sequence[WriteOff]) -> list[Problem]:
    """What stops write-offs, each with its place.

    Raises:
        NotFound: a claim is not of this practice.
    """
    heads = claims.heads(practice, [w.claim for w in wanted])
    balances = journal.claim_balances(practice, list(heads))
    found = []
    for i, w in enumerate(wanted):
        if w.claim not in heads:
            raise NotFound("claim")
        open_cents = balances[w.claim].get(w.account, 0)
        if w.account not in FROM:
            found.append(Problem(f"[{i}].account", "This money can't be written off here."))
        elif not 0 < w.cents <= open_cents:
            name = BY_NAME[w.account].label
            most = spoken(max(open_cents, 0))
            found.append(Problem(f"[{i}].cents", f"Write off more than $0.00 and at most {most} ({name})."))
        if w.reason not in REASONS:
            found.append(Problem(f"[{i}].reason", "Choose one of the reasons."))
        if not w.why.strip():
            found.append(Problem(f"[{i}].why", "Say why this is written off."))
    return found


def book(practice: int, wanted: Sequence[WriteOff], *, by: Actor, now: datetime, today: date) -> tuple[int, ...]:
    """WRITE_OFF <- the account, for each; gives the journal entries. Inside write(), after `problems`."""
    heads = claims.heads(practice, [w.claim for w in wanted])
    numbers = counters.next_values(practice, "write_off", len(wanted)) if wanted else range(0)
    entries = [_entry(w, heads[w.claim], n, today) for w, n in zip(wanted, numbers, strict=True)]
    ids = journal.post(practice, entries, by=by.name, at=now)
    events = [
        claims.Event(w.claim, "note", f"{spoken(w.cents)} written off: {REASONS[w.reason].lower()}.") for w in wanted
    ]
    claims.add_events(practice, events, by=by.name, at=now)
    trail = [audit.Event("claim.write_off", heads[w.claim].patient, f"claim:{w.claim}", w.why.strip()) for w in wanted]
    audit.record(practice, trail, by=by, at=now)
    return tuple(key for key in ids if key)


def _entry(w: WriteOff, head: claims.Head, number: int, today: date) -> Entry:
    transfer = Transfer(WRITE_OFF, w.account, w.cents, w.claim, None, head.patient, head.payer, w.reason)
    return Entry(today, "write_off", f"write_off:{number}", "claim", w.claim, (transfer,))
