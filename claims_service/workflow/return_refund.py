"""A check or transfer to an insurer came back, or never went: the refund is undone, and the money lies where it lay before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.actor import Actor
from claims_service.domain.credit import OFFSET
from claims_service.domain.errors import AlreadyDone, Conflict, Problem, Rejected
from claims_service.domain.ledger.journal import reversal
from claims_service.domain.money import spoken
from claims_service.store import insurer_refunds, journal, remittances
from claims_service.store.connection import write
from claims_service.workflow.giving_insurers_back import tell


@dataclass(frozen=True, slots=True)
class CameBack:
    """why: what was heard of it, without patient data."""

    refund: int
    why: str


def return_refunds(practice: int, wanted: Sequence[CameBack], *, by: Actor, now: datetime, today: date) -> list[int]:
    """Reverse each refund's entry, and put a held payment before a person again; all or none. Gives the cents that are back.

    Where the bank had paid it already, its line that gives the money back is matched with the refund after this.

    Raises:
        NotFound: no such refund of this practice.
        Conflict: nothing was sent: it is an offset, waits for a second person or was refused.
        AlreadyDone: it came back before.
        Rejected: no reason.
    """
    with write(practice):
        return [_back(practice, n, one, by, now, today) for n, one in enumerate(wanted)]


def _back(practice: int, n: int, one: CameBack, by: Actor, now: datetime, today: date) -> int:
    refund = insurer_refunds.get(practice, one.refund, lock=True)
    why = one.why.strip()
    if not why:
        raise Rejected([Problem(f"[{n}].why", "Say why it came back.")])
    posted = journal.entries_of(practice, insurer_refunds.SOURCE, refund.id)
    if refund.way == OFFSET or not posted:
        raise Conflict("Nothing was sent to the insurer, so nothing can come back.")
    if len(posted) > 1:
        raise AlreadyDone("This refund came back before.")
    ((entry_id, entry),) = posted
    back = reversal(entry, entry_id, posted_on=today, memo=f"{refund.number} came back")
    journal.post(practice, [back], by=by.name, at=now)
    if refund.held is not None:
        remittances.open_again(practice, refund.held)
    told = f"{spoken(refund.cents)} came back from the insurer, {refund.number}."
    tell(practice, refund, "insurer_refund.back", told, why=why, by=by, now=now)
    return refund.cents
