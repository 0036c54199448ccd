"""Gives up what can't be collected, and settles denials: always with a reason and a name, and with a second person above a limit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.ledger.second_person import asks_second_person
from claims_service.store import audit, claims, second_person
from claims_service.store.connection import write
from claims_service.workflow.giving_up import WriteOff, book, problems

__all__ = ["Outcome", "WriteOff", "write_off"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """entries: of the journal; waiting: requests a second person has to agree to."""

    entries: tuple[int, ...]
    waiting: tuple[int, ...]


def write_off(practice: int, wanted: Sequence[WriteOff], *, by: Actor, now: datetime, today: date) -> Outcome:
    """Post each, or keep it for a second person where one person may not give up so much of a claim; all or none.

    Raises:
        NotFound: a claim is not of this practice.
        Rejected: more than is open, nothing, or no reason.
        Conflict: a write-off of the same money waits already.
    """
    with write(practice):
        if found := problems(practice, wanted):
            raise Rejected(found)
        limit = second_person.limit(practice)
        held = [w for w in wanted if asks_second_person(w.cents, _before(practice, w, by), limit)]
        entries = book(practice, [w for w in wanted if w not in held], by=by, now=now, today=today)
        return Outcome(entries, tuple(_ask(practice, held, by, now)))


def _before(practice: int, wanted: WriteOff, by: Actor) -> int:
    return max(second_person.given_up(practice, wanted.claim, by.name), 0)


def _ask(practice: int, held: Sequence[WriteOff], by: Actor, now: datetime) -> list[int]:
    for w in held:
        if second_person.waits(practice, second_person.WRITE_OFFS, w.claim, w.account):
            raise Conflict("A write-off of this money waits for a second person already.")
    asked = [
        second_person.Asked(second_person.WRITE_OFFS, w.claim, w.account, None, w.cents, 0, w.reason, w.why.strip())
        for w in held
    ]
    ids = second_person.ask(practice, asked, by=by.name, at=now)
    heads = claims.heads(practice, [w.claim for w in held])
    trail = [
        audit.Event("write_off.ask", heads[w.claim].patient, f"money_request:{i}")
        for w, i in zip(held, ids, strict=True)
    ]
    audit.record(practice, trail, by=by, at=now)
    return ids
