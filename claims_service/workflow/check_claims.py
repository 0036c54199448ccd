"""Checks claims again after a person mended something, with the prices and plans of now."""

from collections.abc import Sequence
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.building import PricedLine, priced_lines
from claims_service.domain.claim.claim import VOID
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.ledger import charges
from claims_service.domain.ledger.journal import Entry, reversal
from claims_service.store import audit, claims, encounters, fees, journal
from claims_service.store.connection import write
from claims_service.workflow.checked import Checked, checked


def check_claims(practice: int, wanted: Sequence[int], *, by: Actor, now: datetime, today: date) -> tuple[Checked, ...]:
    """Take over the mended visits, correct the booked charges by reversal, and run the checks.

    Only first claims that are not with the insurer; a claim to a next plan, or one that asks to void another, is only checked.

    Raises:
        NotFound: a claim is not of this practice.
        Conflict: a claim has gone out already.
    """
    with write(practice):
        heads = claims.heads(practice, wanted)
        for claim in wanted:
            if claim not in heads:
                raise NotFound("claim")
            if heads[claim].state not in lifecycle.OPEN:
                raise Conflict(f"This claim is “{lifecycle.LABELS[heads[claim].state]}” and can't be changed here.")
        visits = encounters.load(practice, [head.encounter for head in heads.values()])
        book = fees.book(practice, {line.procedure for v in visits.values() for line in v.encounter.lines})
        entries: list[Entry] = []
        for head in heads.values():
            if head.sequence == "P" and head.frequency != VOID:
                lines = priced_lines(visits[head.encounter].encounter, book, head.payer)
                claims.replace_lines(practice, head.id, head.control_number, lines)
                entries += _recharge(practice, head, lines, today)
        journal.post(practice, entries, by=by.name, at=now)
        audit.record(
            practice,
            [audit.Event("claim.check", head.patient, f"claim:{head.id}") for head in heads.values()],
            by=by,
            at=now,
        )
        return checked(practice, wanted, by=by.name, now=now, today=today)


def _recharge(practice: int, head: claims.Head, lines: Sequence[PricedLine], today: date) -> list[Entry]:
    """Reverse the charge that stands and book the new one, where they differ."""
    posted = [(key, e) for key, e in journal.entries_of(practice, "claim", head.id) if e.kind == "charge"]
    undone = {e.reverses for _, e in posted}
    standing = [(key, e) for key, e in posted if key not in undone and e.reverses is None]
    priced = all(line.priced for line in lines)
    new = charges.charge(head.id, head.version + 1, lines, patient=head.patient, payer=head.payer, posted_on=today)
    if standing and priced and standing[0][1].transfers == new.transfers:
        return []
    undo = [reversal(e, key, posted_on=today, memo="the visit was mended") for key, e in standing]
    return [*undo, new] if priced else undo
