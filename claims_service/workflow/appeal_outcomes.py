"""Recognises in a remittance how an appeal ended: what was refused is paid now. Not a step itself."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.appeal import PARTLY, WON
from claims_service.domain.ledger.accounts import IN_REVIEW
from claims_service.store import appeals, audit, claims, journal
from claims_service.store.appeals import Event


def note_outcomes(
    practice: int, heads: Sequence[claims.Head], remittance: int, *, by: Actor, now: datetime, today: date
) -> None:
    """For claims a remittance decided: an appeal that is with the insurer is won once nothing is refused any more, won in part
    while less is. A new refusal of all of it is left to a person: it may be the old one told again."""
    listed = appeals.of_claims(practice, [head.id for head in heads])
    waiting = {claim: a[-1] for claim, a in listed.items() if a[-1].sent_on and a[-1].is_open}
    if not waiting:
        return
    balances = journal.claim_balances(practice, list(waiting))
    events, trail, patients = [], [], {head.id: head.patient for head in heads}
    for claim, appeal in waiting.items():
        refused = max(balances[claim].get(IN_REVIEW, 0), 0)
        if refused >= appeal.cents:
            continue
        kind = PARTLY if refused else WON
        events.append(
            Event(appeal.id, kind, today, appeal.cents - refused, remittance, "Read in the insurer's remittance.")
        )
        trail.append(audit.Event(f"appeal.{kind}", patients[claim], f"appeal:{appeal.id}"))
    appeals.add_events(practice, events, by=by.name, at=now)
    audit.record(practice, trail, by=by, at=now)
