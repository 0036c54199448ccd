"""How a statement stands today, beside what it said when it was issued."""

from collections.abc import Mapping

from claims_service.domain.patient.statement import Statement


def stands_now(statement: Statement, owed: Mapping[int, int], current: Mapping[int, str]) -> tuple[int, bool]:
    """What is still owed for the visits of a statement, in cents, and whether a plan changed its answer since.

    owed: cents by encounter; current: the number of each encounter's newest invoice.
    """
    invoices = [visit.invoice for visit in statement.visits]
    open_cents = sum(max(owed.get(invoice.encounter, 0), 0) for invoice in invoices)
    return open_cents, any(current.get(invoice.encounter) != invoice.number for invoice in invoices)
