"""Above a limit nobody gives money up, or back, alone."""

from datetime import date

import peewee
import pytest

from claims_service.domain.actor import Actor
from claims_service.domain.errors import AlreadyDone, Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import DESK_CLEARING, IN_REVIEW, PATIENT_OWES, REVENUE, WRITE_OFF
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import audit, journal
from claims_service.store.connection import run, write
from claims_service.workflow.answer_money_requests import Answer, answer_money_requests
from claims_service.workflow.refund_payment import Refund, ask_refund, refund_payments
from claims_service.workflow.set_money_limit import set_money_limit
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from claims_service.workflow.write_off import Outcome, WriteOff, write_off
from tests.clinic import BILLER, MANAGER, NOW, TODAY, Clinic, found
from tests.workflow.cycle import sent


def denied(clinic: Clinic, cents: int = 150_00) -> int:
    """A claim with so much refused and in review."""
    (claim,) = sent(clinic)
    transfer = Transfer(IN_REVIEW, REVENUE, cents, claim.id, None, clinic.alma, clinic.quillhaven)
    journal.post(
        clinic.practice, [Entry(TODAY, "charge", f"d:{claim.id}", "claim", claim.id, (transfer,))], by="test", at=NOW
    )
    return claim.id


def give_up(clinic: Clinic, claim: int, cents: int, by: Actor = BILLER, reason: str = "charity") -> Outcome:
    wanted = WriteOff(claim, IN_REVIEW, cents, "as agreed", reason)
    return write_off(clinic.practice, [wanted], by=by, now=NOW, today=TODAY)


def answered(clinic: Clinic, request: int, by: Actor = MANAGER, *, agreed: bool = True, words: str = "") -> int:
    one = Answer(request, agreed, words)
    (cents,) = answer_money_requests(clinic.practice, [one], processor=None, by=by, now=NOW, today=TODAY)
    return cents


def in_books(clinic: Clinic, account: str) -> int:
    assert journal.check() == []
    assert audit.verify() == []
    return journal.balance(clinic.practice, account)


def test_up_to_the_limit_one_person_writes_off_with_a_reason_code(clinic: Clinic) -> None:
    """$100.00 of charity are posted at once, with the code in the journal."""
    made = give_up(clinic, denied(clinic), 100_00)

    assert (len(made.entries), made.waiting) == (1, ())
    assert in_books(clinic, WRITE_OFF) == 100_00
    assert run("select reason from journal_transfer where debit = 'write_off'").fetchone()[0] == "charity"
    with pytest.raises(Rejected, match="Choose one of the reasons"):
        give_up(clinic, denied(clinic), 1_00, reason="tired")


@pytest.mark.check(72)
def test_above_the_limit_nothing_is_posted_until_somebody_else_agrees(clinic: Clinic) -> None:
    """$120.00: the biller asks, can't agree, a manager does; the entry is the manager's, and agreeing twice is once."""
    claim = denied(clinic)
    (request,) = give_up(clinic, claim, 120_00).waiting
    assert in_books(clinic, WRITE_OFF) == 0

    with pytest.raises(Conflict, match="yourself"):
        answered(clinic, request, BILLER)
    with pytest.raises(Conflict, match="waits for a second person already"):
        give_up(clinic, claim, 120_00)
    assert answered(clinic, request) == 120_00
    with pytest.raises(AlreadyDone):
        answered(clinic, request)

    assert in_books(clinic, WRITE_OFF) == 120_00
    assert run("select by from journal_entry where kind = 'write_off'").fetchone()[0] == MANAGER.name


@pytest.mark.check(72)
def test_a_manager_does_not_agree_to_their_own(clinic: Clinic) -> None:
    (request,) = give_up(clinic, denied(clinic), 120_00, by=MANAGER).waiting

    with pytest.raises(Conflict, match="yourself"):
        answered(clinic, request, MANAGER)
    assert in_books(clinic, WRITE_OFF) == 0


@pytest.mark.check(72)
def test_a_large_sum_in_small_parts_asks_for_a_second_person_too(clinic: Clinic) -> None:
    """$60.00 and then $60.00 more of the same claim: the second part waits."""
    claim = denied(clinic)

    assert give_up(clinic, claim, 60_00).entries
    assert give_up(clinic, claim, 60_00).waiting
    assert in_books(clinic, WRITE_OFF) == 60_00


def test_what_was_settled_while_it_waited_is_not_written_off_again(clinic: Clinic) -> None:
    claim = denied(clinic)
    (request,) = give_up(clinic, claim, 150_00).waiting
    assert give_up(clinic, claim, 10_00, by=MANAGER).entries

    with pytest.raises(Conflict, match="settled meanwhile"):
        answered(clinic, request)
    assert answered(clinic, request, agreed=False, words="the insurer pays now") == 0

    assert in_books(clinic, WRITE_OFF) == 10_00


def test_no_is_said_with_a_word_and_the_limit_is_the_clinics_own(clinic: Clinic) -> None:
    """The limit set to $0.00 asks each time; a refusal without a word is none."""
    set_money_limit(clinic.practice, 0, by=MANAGER, now=NOW)
    (request,) = give_up(clinic, denied(clinic), 1).waiting

    with pytest.raises(Rejected, match="Say why not"):
        answered(clinic, request, agreed=False)
    for cents in (-1, 10_000_01):
        with pytest.raises(Rejected, match="or less"):
            set_money_limit(clinic.practice, cents, by=MANAGER, now=NOW)
    other = found("Hillside Clinic", "1990000030", suffix="B")
    with pytest.raises(NotFound):
        answered(other, request)


@pytest.mark.check(72)
def test_a_refund_above_the_limit_waits_and_goes_back_once(clinic: Clinic) -> None:
    """$250.00 in cash: $200.00 back is asked for, a manager agrees, the desk has $50.00 left of it."""
    desk = DeskPayment(clinic.alma, 250_00, "cash", "k1")
    (taken,) = take_desk_payments(clinic.practice, [desk], by=BILLER, now=NOW, today=TODAY)
    wish = Refund(taken.payment, 200_00, 0, "paid twice")

    with pytest.raises(Conflict, match="second person"):
        refund_payments(clinic.practice, [wish], processor=None, by=BILLER, now=NOW, today=TODAY)
    request = ask_refund(clinic.practice, wish, by=BILLER, now=NOW)
    assert request is not None
    assert in_books(clinic, DESK_CLEARING) == 250_00
    assert answered(clinic, request) == 200_00
    with pytest.raises(AlreadyDone):
        answered(clinic, request)

    assert in_books(clinic, DESK_CLEARING) == 50_00
    small = Refund(taken.payment, 10_00, 200_00, "the rest")
    assert ask_refund(clinic.practice, small, by=BILLER, now=NOW) is not None, "in small parts it waits as well"


def test_a_write_off_of_a_patients_small_balance_leaves_nothing_to_ask_for(clinic: Clinic) -> None:
    (claim,) = sent(clinic)
    transfer = Transfer(PATIENT_OWES, REVENUE, 3_50, claim.id, None, clinic.alma, clinic.quillhaven)
    day = date(2026, 11, 1)
    journal.post(clinic.practice, [Entry(day, "charge", "p", "claim", claim.id, (transfer,))], by="test", at=NOW)

    wanted = WriteOff(claim.id, PATIENT_OWES, 3_50, "less than a stamp", "small_balance")
    write_off(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)

    assert in_books(clinic, PATIENT_OWES) == 0


@pytest.mark.parametrize("table", ["money_limit", "money_request", "money_answer"])
def test_what_was_asked_and_answered_is_never_changed(clinic: Clinic, table: str) -> None:
    (request,) = give_up(clinic, denied(clinic), 120_00).waiting
    answered(clinic, request)
    set_money_limit(clinic.practice, 5_00, by=MANAGER, now=NOW)

    for sql in (f"update {table} set at = at", f"delete from {table}"):
        with pytest.raises(peewee.DatabaseError, match="never changed"), write():
            run(sql)
