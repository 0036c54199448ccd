"""Puts held claim payments to their claims: by a person's word, or by itself once what was missing has come. Not a step itself."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.ledger.accounts import INSURER_CLEARING, SUSPENSE
from claims_service.domain.ledger.journal import Entry, moved
from claims_service.domain.money import spoken
from claims_service.store import audit, claims, journal, remittances
from claims_service.store.remittances import Waiting
from claims_service.workflow.appeal_outcomes import note_outcomes
from claims_service.workflow.claims_behind import Matter, weigh
from claims_service.workflow.crossed_over import find_claims
from claims_service.workflow.taking_back import settle_replaced


def place(
    practice: int,
    pairs: Sequence[tuple[Waiting, claims.Head]],
    *,
    forced: bool,
    by: Actor,
    now: datetime,
    today: date,
) -> list[Waiting]:
    """Post each as the insurer decided it; the money comes out of SUSPENSE. Gives those that were placed.

    forced: a person decided; otherwise what can't stand where its claim stands goes on waiting.
    """
    matters = [Matter(w.payment, head, w.remittance, f"placed:{w.item}") for w, head in pairs]
    verdicts = weigh(practice, matters, posted_on=today, forced=forced)
    done = [(w, head, v) for (w, head), v in zip(pairs, verdicts, strict=True) if not v.obstacle]
    entries = [_out_of_suspense(w, v.entry) for w, _, v in done if v.entry]
    journal.post(practice, entries, by=by.name, at=now)
    states, events, trail = [], [], []
    for w, head, verdict in done:
        remittances.place(practice, w.row, head.id, "posted" if verdict.entry else "noted")
        outcome = f"Placed on claim {head.id}."
        remittances.close_held(practice, item=w.item, outcome=outcome, by=by.name, at=now)
        if verdict.entry and head.state != lifecycle.REPLACED:
            states.append((head.id, lifecycle.moved(head.state, lifecycle.DECIDED)))
        kind = "reversed" if w.payment.is_reversal else "posted"
        story = f"A held payment of {spoken(w.payment.paid_cents)} was placed on this claim."
        events.append(claims.Event(head.id, kind, story, None, w.remittance))
        trail.append(audit.Event("payment.place", head.patient, f"claim:{head.id}"))
    claims.set_states(practice, states, at=now)
    claims.set_payer_claim_numbers(practice, [(head.id, w.payment.payer_claim_number) for w, head, _ in done])
    claims.add_events(practice, events, by=by.name, at=now)
    audit.record(practice, trail, by=by, at=now)
    placed = [(w.payment, head) for w, head, v in done if v.entry]
    settle_replaced(practice, placed, file=None, remittance=None, by=by.name, now=now, today=today)
    decided = [(w.remittance, head) for w, head, v in done if v.entry and not w.payment.is_reversal]
    for remittance in sorted({key for key, _ in decided}):
        heads = [head for key, head in decided if key == remittance]
        note_outcomes(practice, heads, remittance, by=by, now=now, today=today)
    return [w for w, *_ in done]


def _out_of_suspense(waiting: Waiting, entry: Entry) -> Entry:
    """What was held is given back, and the decision booked as it would have been at first: the payment's sum stays the same."""
    released = moved(SUSPENSE, INSURER_CLEARING, waiting.payment.paid_cents, payer=waiting.payer, reason="placed")
    booked = [
        replace(t, payer=waiting.payer) if INSURER_CLEARING in (t.debit, t.credit) else t for t in entry.transfers
    ]
    return replace(entry, transfers=(*released, *booked), memo=entry.memo or "placed from held payments")


def try_again(practice: int, *, by: Actor, now: datetime, today: date) -> tuple[int, int]:
    """Place all that waits and can be placed now; (how many were placed, how many still wait). Twice changes nothing."""
    waiting, placed = remittances.waiting(practice), 0
    while waiting:
        pairs = []
        for payer in {w.payer for w in waiting}:
            of_payer = [w for w in waiting if w.payer == payer]
            # Positions are unique in one remittance only.
            payments = [replace(w.payment, position=n) for n, w in enumerate(of_payer)]
            heads = find_claims(practice, payer, payments, by=by, now=now, today=today)
            pairs += [(w, head) for w, head in zip(of_payer, heads, strict=True) if head]
        pairs.sort(key=lambda pair: pair[0].item)
        done = {w.item for w in place(practice, pairs, forced=False, by=by, now=now, today=today)}
        waiting, placed = [w for w in waiting if w.item not in done], placed + len(done)
        if not done:
            break
    return placed, len(waiting)
