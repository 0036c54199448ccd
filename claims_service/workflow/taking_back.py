"""Takes a claim out of the books when another version stands for it, and brings it back. Not a step itself.

Charges are reversed, never edited. What an insurer already settled stays with its remittance: PAYER_OWES of the old claim then
shows it as negative, until the insurer's own reversal (CLP02 = 22) brings it to zero.
"""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import VOID
from claims_service.domain.ledger import charges
from claims_service.domain.ledger.journal import Entry, reversal
from claims_service.domain.remittance.advice import ClaimPayment
from claims_service.store import claims, journal

BOOKED = ("charge", "moved_on", "write_off")


def take_back(practice: int, heads: Sequence[claims.Head], *, memo: str, by: str, now: datetime, today: date) -> None:
    """Reverse what was booked for these claims and set aside what nobody is asked for any more."""
    entries = [
        reversal(entry, key, posted_on=today, memo=memo)
        for head in heads
        for key, entry in _standing(practice, head, BOOKED)
    ]
    journal.post(practice, entries, by=by, at=now)
    set_aside(practice, heads, by=by, now=now, today=today)


def set_aside(practice: int, heads: Sequence[claims.Head], *, by: str, now: datetime, today: date) -> None:
    """Money in review or for a next plan on a claim that was replaced is not waited for; twice changes nothing."""
    entries = []
    for head in heads:
        shares = journal.line_shares(practice, head.id, charges.ASIDE)
        if shares:
            number = len(journal.entries_of(practice, "claim", head.id)) + 1
            entries.append(
                charges.set_aside(head.id, number, shares, patient=head.patient, payer=head.payer, posted_on=today)
            )
    journal.post(practice, entries, by=by, at=now)


def settle_replaced(
    practice: int,
    placed: Sequence[tuple[ClaimPayment, claims.Head]],
    *,
    file: int | None,
    remittance: int | None,
    by: str,
    now: datetime,
    today: date,
) -> None:
    """What arrives for a claim that was replaced leaves nothing to be asked for on it; a void it answers is answered."""
    replaced = {head.id: head for _, head in placed if head.state == lifecycle.REPLACED}
    if not replaced:
        return
    set_aside(practice, list(replaced.values()), by=by, now=now, today=today)
    chains = claims.versions(practice, list(replaced.values()))
    taken_back = {head.id for payment, head in placed if payment.is_reversal}
    voids = [
        version
        for claim, chain in chains.items()
        for version in chain
        if version.frequency == VOID
        and version.replaces == claim
        and claim in taken_back
        and version.state in lifecycle.WITH_INSURER
    ]
    states = [(version.id, lifecycle.moved(version.state, lifecycle.DECIDED)) for version in voids]
    claims.set_states(practice, states, at=now)
    story = "The insurer took back what it had decided."
    events = [claims.Event(version.id, "posted", story, file, remittance) for version in voids]
    claims.add_events(practice, events, by=by, at=now)


def bring_back(practice: int, head: claims.Head, *, memo: str, by: str, now: datetime, today: date) -> None:
    """Book a claim again whose next version was given up: what take_back() reversed, and what it set aside."""
    booked = journal.entries_of(practice, "claim", head.id)
    entries = [reversal(e, key, posted_on=today, memo=memo) for key, e in _standing(practice, head, ("set_aside",))]
    last = _last_undone(booked)
    entries += [charges.again(entry, len(booked) + n, posted_on=today) for n, entry in enumerate(last, 1)]
    journal.post(practice, entries, by=by, at=now)


def _standing(practice: int, head: claims.Head, kinds: Sequence[str]) -> list[tuple[int, Entry]]:
    """Entries of these kinds that no other has reversed."""
    posted = journal.entries_of(practice, "claim", head.id)
    undone = {entry.reverses for _, entry in posted}
    return [(key, e) for key, e in posted if e.kind in kinds and e.reverses is None and key not in undone]


def _last_undone(booked: Sequence[tuple[int, Entry]]) -> list[Entry]:
    """What the last take_back() reversed: the run of reversals since the claim was last booked, by their originals."""
    by_key = dict(booked)
    last: list[Entry] = []
    for _, entry in booked:
        if entry.kind in BOOKED and entry.reverses is None:
            last = []
        elif entry.kind in BOOKED and entry.reverses is not None:
            last.append(by_key[entry.reverses])
    return last
