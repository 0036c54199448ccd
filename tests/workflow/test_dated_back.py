"""What happened in a month that is closed by now is booked in the open one, with its own day kept beside it."""

from collections.abc import Callable
from datetime import date

import pytest

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.remittance.typed import TypedClaim, TypedLine, TypedRemittance
from claims_service.store import journal, periods
from claims_service.store.claims import Head
from claims_service.store.connection import run
from claims_service.workflow.close_period import close_period
from claims_service.workflow.close_till import Counted, count_till
from claims_service.workflow.giving_up import WriteOff
from claims_service.workflow.refund_insurer import InsurerRefund, refund_insurers
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.return_refund import CameBack, return_refunds
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from claims_service.workflow.type_remittance import Paper, type_remittances
from claims_service.workflow.write_off import write_off
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import Service, file_835, payment, remittance
from tests.workflow.cycle import post, sent

OCTOBER = date(2026, 10, 29)
THEN = NOW - (TODAY - OCTOBER)


def lines() -> tuple[TypedLine, ...]:
    """$150.00 as usual: $87.00 paid, $38.00 discount, $25.00 copay."""
    first = (Adjustment("CO", "45", 30_00), Adjustment("PR", "3", 25_00))
    return (TypedLine(1, 65_00, first), TypedLine(2, 22_00, (Adjustment("CO", "45", 8_00),)))


def written_off(clinic: Clinic, answered: Head, _open: Head) -> str:
    """$25.00 that October's decision left to the patient."""
    wanted = WriteOff(answered.id, PATIENT_OWES, 25_00, "small balance", "administrative")
    write_off(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)
    return "select posted_on from journal_entry where kind = 'remittance' order by id limit 1"


def to_the_insurer(clinic: Clinic, answered: Head, _open: Head) -> str:
    """$40.00 that were found in October."""
    wanted = InsurerRefund(
        answered.id, 40_00, "check", "not_covered", "own", OCTOBER, 77_00, "not covered that day", check_number="7"
    )
    refund_insurers(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)
    return "select identified_on from insurer_refund where check_number = '7'"


def of_a_held_payment(clinic: Clinic, _answered: Head, _open: Head) -> str:
    """$60.00 of nobody, held and found in October."""
    (item,) = run("select id from held_item where closed_at is null").fetchone()
    wanted = InsurerRefund(
        None, 60_00, "transfer", "not_ours", "own", OCTOBER, 60_00, "nobody", "", "7", item, "Quillhaven Health"
    )
    refund_insurers(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)
    return "select identified_on from insurer_refund where check_number = '7'"


def came_back(clinic: Clinic, answered: Head, _open: Head) -> str:
    """The check of $10.00 went out in October, so its entry there stays and is reversed in the open month."""
    (kept,) = run("select id from insurer_refund where check_number = '6'").fetchone()
    return_refunds(clinic.practice, [CameBack(kept, "address unknown")], by=BILLER, now=NOW, today=TODAY)
    return "select o.posted_on from journal_entry e join journal_entry o on o.id = e.reverses where e.source = 'insurer_refund'"


def to_the_patient(clinic: Clinic, _answered: Head, _open: Head) -> str:
    """$5.00 of the $20.00 that were paid at the desk in October."""
    (paid,) = run("select id from payment").fetchone()
    wanted = Refund(paid, 5_00, 0, "paid too much")
    refund_payments(clinic.practice, [wanted], processor=None, by=BILLER, now=NOW, today=TODAY)
    return "select substr(settled_at, 1, 10) from payment"


def till_counted(clinic: Clinic, _answered: Head, _open: Head) -> str:
    """October's $20.00 are still in the till, and $18.00 are counted in November."""
    count_till(clinic.practice, Counted(18_00, 0, "wrong change"), by=BILLER, now=NOW, today=TODAY)
    return "select substr(settled_at, 1, 10) from payment"


def typed_by_hand(clinic: Clinic, _answered: Head, open_claim: Head) -> str:
    """A check of October 29 for $87.00, typed from paper in November."""
    claim = TypedClaim(open_claim.control_number, lines())
    typed = TypedRemittance(clinic.quillhaven, "CHK1001", OCTOBER, 87_00, "check", (claim,))
    (outcome,) = type_remittances(clinic.practice, [Paper(typed)], by=BILLER, now=NOW, today=TODAY)
    assert outcome.counts["posted"] == 1
    return "select paid_on from remittance where trace = 'CHK1001'"


LATE: tuple[Callable[[Clinic, Head, Head], str], ...] = (
    written_off, to_the_insurer, of_a_held_payment, came_back, to_the_patient, till_counted, typed_by_hand,
)  # fmt: skip


def october(clinic: Clinic) -> tuple[Head, Head]:
    """Two claims; one is answered in October. $60.00 come for nobody, $20.00 at the desk, and $10.00 go back by check 6."""
    answered, open_claim = sent(clinic, 2)
    nobodys = payment("NOTOURS1", [Service("99213", 60_00)])
    decided = file_835(remittance([payment(answered.control_number), nobodys], paid_on=OCTOBER))
    post(clinic, decided, now=THEN, today=OCTOBER)
    desk = DeskPayment(clinic.bruno, 20_00, "cash", "a")
    take_desk_payments(clinic.practice, [desk], by=BILLER, now=THEN, today=OCTOBER)
    wanted = InsurerRefund(
        answered.id, 10_00, "check", "corrected", "own", OCTOBER, 87_00, "too much", check_number="6"
    )
    refund_insurers(clinic.practice, [wanted], by=BILLER, now=THEN, today=OCTOBER)
    return answered, open_claim


@pytest.mark.check(8)
@pytest.mark.parametrize("late", LATE, ids=lambda late: str(late.__name__))
def test_a_closed_month_stays_and_both_days_are_kept(clinic: Clinic, late: Callable[[Clinic, Head, Head], str]) -> None:
    """October is closed with its hash; what comes after it is posted today, and October's day stands on its record."""
    answered, open_claim = october(clinic)
    (before,) = run("select max(id) from journal_entry").fetchone()
    closed = close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)

    own_day = late(clinic, answered, open_claim)

    fresh = run("select posted_on, period from journal_entry where id > ?", (before,)).fetchall()
    assert {(str(day), period) for day, period in fresh} == {(str(TODAY), f"{TODAY:%Y-%m}")}
    assert str(run(own_day).fetchone()[0]) == str(OCTOBER)
    then = journal.trial_balance(clinic.practice, until=date(2026, 10, 31))
    assert periods.digest(periods.body("2026-10", then)) == closed.digest
    assert journal.check(clinic.practice) == []
