"""Places held insurer payments on the claims they belong to, and closes what a person has settled elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.ledger.accounts import INSURER_CLEARING, SUSPENSE
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.domain.money import spoken
from claims_service.domain.remittance import posting
from claims_service.formats.tables.reason_policy import reason_policy
from claims_service.store import audit, claim_values, claims, journal, patients, remittances
from claims_service.store.connection import write
from claims_service.workflow.remittance_posting import PAYABLE, target_of


@dataclass(frozen=True, slots=True)
class Placement:
    """item: a held payment of kind unknown_claim; claim: where it belongs, by its id."""

    item: int
    claim: int


def place_payments(
    practice: int, placements: Sequence[Placement], *, by: Actor, now: datetime, today: date
) -> tuple[int, ...]:
    """Post each held payment to its claim as the insurer decided it; the money comes out of SUSPENSE. Gives the claims.

    Raises:
        NotFound: no such open item or claim here.
        Conflict: the claim was never sent to an insurer.
    """
    with write(practice):
        heads = claims.heads(practice, [p.claim for p in placements])
        lines = claim_values.lines(practice, list(heads))
        plans = patients.coverages(practice, list({head.patient for head in heads.values()}))
        for placement in placements:
            held = remittances.held_payment(practice, placement.item)
            head = heads.get(placement.claim)
            if held is None or head is None or head.payer is None:
                raise NotFound("held payment or claim")
            if head.state not in PAYABLE:
                raise Conflict(f"This claim is “{lifecycle.LABELS[head.state]}”: no insurer can have paid it.")
            row, remittance, payment = held
            target = target_of(payment, head, lines[head.id], plans[head.patient])
            decided = posting.entry_for(
                payment, target, reason_policy(), remittance=remittance, key=f"placed:{placement.item}", posted_on=today
            )
            journal.post(practice, [_out_of_suspense(decided)], by=by.name, at=now)
            remittances.place(practice, row, head.id)
            remittances.close_held(
                practice, item=placement.item, outcome=f"Placed on claim {head.id}.", by=by.name, at=now
            )
            claims.set_states(practice, [(head.id, lifecycle.moved(head.state, lifecycle.DECIDED))], at=now)
            story = f"A held payment of {spoken(payment.paid_cents)} was placed on this claim."
            claims.add_events(practice, [claims.Event(head.id, "posted", story, None, remittance)], by=by.name, at=now)
            audit.record(practice, [audit.Event("payment.place", head.patient, f"claim:{head.id}")], by=by, at=now)
    return tuple(p.claim for p in placements)


def _out_of_suspense(entry: Entry) -> Entry:
    def moved(t: Transfer) -> Transfer:
        if t.debit == INSURER_CLEARING:
            return replace(t, debit=SUSPENSE)
        return replace(t, credit=SUSPENSE) if t.credit == INSURER_CLEARING else t

    return replace(entry, transfers=tuple(moved(t) for t in entry.transfers), memo="placed from held payments")


def close_items(practice: int, items: Sequence[int], *, outcome: str, by: Actor, now: datetime) -> int:
    """A person settled these outside (asked the insurer, sent money back by letter); the reason is kept. Gives how many closed.

    Raises:
        Conflict: no reason was given.
    """
    if not outcome.strip():
        raise Conflict("Say in a few words what was done.")
    with write(practice):
        closed = sum(
            remittances.close_held(practice, item=item, outcome=outcome.strip(), by=by.name, at=now) for item in items
        )
        audit.record(
            practice,
            [audit.Event("held.close", None, f"held:{item}", outcome.strip()) for item in items],
            by=by,
            at=now,
        )
    return closed
