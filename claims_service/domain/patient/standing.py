"""How a statement stands today, beside what it said when it was issued."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from claims_service.domain.patient.statement import Statement, StatementVisit


def stands_now(
    statement: Statement, owed: Mapping[int, int], current: Mapping[int, str], private: Collection[int]
) -> tuple[int, bool]:
    """What is still owed for the visits of a statement, in cents, and whether another one tells of them: a plan changed its answer
    since, or the patient keeps a visit to themselves by now (or no longer does).

    owed: cents by encounter; current: the number of each encounter's newest invoice; private: confidential visits of the patient.
    """
    invoices = [visit.invoice for visit in statement.visits]
    open_cents = sum(max(owed.get(invoice.encounter, 0), 0) for invoice in invoices)
    changed = any(current.get(invoice.encounter) != invoice.number for invoice in invoices)
    return open_cents, changed or is_misplaced(statement, private)


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a bill after it was made, in cents: paid (below zero: given back), taken off by the clinic, and how else the
    share moved (below zero: it is less), by a plan or a correction that no newer bill tells of yet.
    """

    paid_cents: int = 0
    off_cents: int = 0
    moved_cents: int = 0


def became_of(statement: Statement, owed: Mapping[int, int], paid_and_off: Mapping[int, tuple[int, int]]) -> Since:
    """With what the statement says, each adds up to what is owed now. By visit: owed now; (paid, taken off) from the first day.

    What was paid beyond the share is the patient's credit and not counted as paid.
    """
    paid_cents = off_cents = moved_cents = 0
    for visit in statement.visits:
        owes = owed.get(visit.invoice.encounter, 0)
        paid, off = paid_and_off.get(visit.invoice.encounter, (0, 0))
        counted = paid - min(max(-owes, 0), max(paid, 0))
        off -= visit.invoice.plan_share_cents - visit.invoice.share_cents
        paid_cents += counted - visit.paid_cents
        off_cents += off
        moved_cents += max(owes, 0) + counted + off - visit.invoice.share_cents
    return Since(paid_cents, off_cents, moved_cents)


def is_misplaced(statement: Statement, private: Collection[int]) -> bool:
    """Whether it names a visit that belongs on the other kind of statement by now."""
    return any((visit.invoice.encounter in private) != statement.confidential for visit in statement.visits)


def tells_otherwise(before: Statement | None, now: Sequence[StatementVisit], private: Collection[int]) -> bool:
    """Whether a visit has left for the other kind of statement since the one before, or has come from there."""
    if before is None:
        return False
    named = {visit.invoice.encounter for visit in before.visits}
    return is_misplaced(before, private) or any(visit.invoice.encounter not in named for visit in now)
