"""Pay links of bills: made when a bill is sent or printed, taken back when somebody else may have it."""

from collections.abc import Sequence
from datetime import datetime

from claims_service.domain.actor import Actor
from claims_service.domain.patient.pay_link import LONGEST, MOST_FAILURES
from claims_service.store import audit, bills, pay_links
from claims_service.store.connection import write


def open_pay_links(practice: int, wanted: Sequence[tuple[int, int]], *, by: Actor, now: datetime) -> dict[int, int]:
    """The living link of each (statement, patient), made where there is none: {statement: link}.

    Raises:
        NotFound: no such statement of the patient.
    """
    with write(practice):
        for statement, patient in wanted:
            bills.statement_content(practice, statement, patient=patient)
        found = pay_links.ensure(practice, wanted, most=MOST_FAILURES, at=now, lasts=LONGEST)
        trail = [audit.Event("pay_link.give", patient, f"statement:{statement}") for statement, patient in wanted]
        audit.record(practice, trail, by=by, at=now)
    return found


def revoke_pay_links(practice: int, statement: int, patient: int, *, by: Actor, now: datetime) -> int:
    """Links of a statement stop working at once, whoever came by them is out; gives how many there were.

    Raises:
        NotFound: no such statement of the patient.
    """
    with write(practice):
        bills.statement_content(practice, statement, patient=patient)
        count = pay_links.revoke(practice, statement, at=now)
        trail = [audit.Event("pay_link.revoke", patient, f"statement:{statement}")] if count else []
        audit.record(practice, trail, by=by, at=now)
    return count
