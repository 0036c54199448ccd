"""The end of a day at the desk: counted, explained, brought to the bank, found there."""

from datetime import timedelta

import peewee
import pytest

from claims_service.domain.errors import AlreadyDone, Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import DESK_CLEARING, PATIENT_CREDIT, TILL, TILL_DIFFERENCE
from claims_service.gateways import sandbox_bank
from claims_service.gateways.sandbox_bank import Deposit
from claims_service.queries import till
from claims_service.store import journal
from claims_service.store.connection import run, write
from claims_service.workflow.close_till import Counted, count_till, make_deposit_slip
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.match_deposits import match_deposits
from claims_service.workflow.read_bank_file import read_bank_file
from claims_service.workflow.refund_payment import Refund, refund_payments
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic, found


def taken(clinic: Clinic) -> list[int]:
    """A copay of $20.00 in cash and $80.00 in advance by check 1042."""
    desk = [DeskPayment(clinic.alma, 20_00, "cash", "a"), DeskPayment(clinic.bruno, 80_00, "check", "b", "1042")]
    return [one.payment for one in take_desk_payments(clinic.practice, desk, by=BILLER, now=NOW, today=TODAY)]


def count(clinic: Clinic, cash: int, checks: int, why: str = "") -> int:
    return count_till(clinic.practice, Counted(cash, checks, why), by=BILLER, now=NOW, today=TODAY).difference_cents


def slip(clinic: Clinic) -> int:
    return make_deposit_slip(clinic.practice, by=BILLER, now=NOW, today=TODAY)


def test_a_till_that_agrees_books_nothing_and_is_counted_once_a_day(clinic: Clinic) -> None:
    taken(clinic)
    assert journal.balance(clinic.practice, PATIENT_CREDIT) == -100_00, "money in advance is the patients' own"

    assert count(clinic, 20_00, 80_00) == 0
    with pytest.raises(AlreadyDone):
        count(clinic, 20_00, 80_00)

    assert run("select count(*) from journal_entry where kind = 'till_count'").fetchone()[0] == 0


def test_a_difference_needs_a_reason_and_comes_out_of_the_change(clinic: Clinic) -> None:
    """$18.00 counted of $20.00: $2.00 less change, a cost of $2.00, and still $100.00 for the bank."""
    taken(clinic)
    with pytest.raises(Rejected, match=r"\$20.00 in cash and \$80.00 in checks"):
        count(clinic, 18_00, 80_00)
    with pytest.raises(Rejected, match="or more"):
        count(clinic, -1, 0, "x")

    assert count(clinic, 18_00, 80_00, "wrong change given") == -2_00

    balances = [journal.balance(clinic.practice, name) for name in (TILL, TILL_DIFFERENCE, DESK_CLEARING)]
    assert balances == [-2_00, 2_00, 100_00]
    assert journal.check() == []


def test_a_slip_holds_all_that_is_there_once_and_the_bank_line_of_its_sum_is_matched(clinic: Clinic) -> None:
    """$5.00 of the copay went back: the slip says $15.00 cash and check 1042 of $80.00; the bank's $95.00 explain both."""
    first, _ = taken(clinic)
    refund_payments(
        clinic.practice, [Refund(first, 5_00, 0, "too much")], processor=None, by=BILLER, now=NOW, today=TODAY
    )

    made, parts = till.slip(clinic.practice, slip(clinic))
    with pytest.raises(Conflict, match="no cash and no check"):
        slip(clinic)
    line = Deposit(TODAY + timedelta(1), made.cents, "COUNTER DEPOSIT", "COUNTER DEPOSIT")
    content = sandbox_bank.camt053("000330071", 0, [line], written_at=NOW)
    read_bank_file(clinic.practice, [IncomingFile("bank.xml", content)], by=BILLER, now=NOW)
    matched = match_deposits(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert (made.cash_cents, made.check_cents, [part.check_number for part in parts]) == (15_00, 80_00, ["", "1042"])
    assert matched.cents["matched"] == 95_00
    assert journal.balance(clinic.practice, DESK_CLEARING) == 0
    with pytest.raises(NotFound):
        till.slip(found("Hillside Clinic", "1990000030", suffix="B").practice, made.id)


@pytest.mark.parametrize("table", ["till_count", "deposit_slip", "deposit_slip_payment"])
def test_what_was_counted_and_brought_is_never_changed(clinic: Clinic, table: str) -> None:
    taken(clinic)
    count(clinic, 20_00, 80_00)
    slip(clinic)

    for sql in (f"update {table} set practice_id = practice_id", f"delete from {table}"):
        with pytest.raises(peewee.DatabaseError, match="never changed"), write():
            run(sql)
