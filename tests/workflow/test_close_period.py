"""A closed month stays as it was."""

from datetime import UTC, date, datetime

import peewee
import pytest

from claims_service.domain.errors import AlreadyDone, Conflict, Rejected
from claims_service.domain.ledger import accounts as a
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import claims, journal, periods
from claims_service.store.connection import run, write
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.close_period import close_period
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.clinic import BILLER, NOW, TODAY, Clinic, found
from tests.factories835 import file_835, payment, remittance
from tests.workflow.cycle import post, sent


def book(clinic: Clinic, day: date, cents: int = 150_00) -> int | None:
    key = f"charge:{day}:{run('select count(*) from journal_entry').fetchone()[0]}"
    entry = Entry(day, "charge", key, "claim", 1, (Transfer(a.PAYER_OWES, a.REVENUE, cents, 1, 1, 1, 1),))
    return journal.post(clinic.practice, [entry], by="test", at=NOW)[0]


@pytest.mark.check(8)
def test_a_closed_month_takes_no_more_entries_and_keeps_its_trial_balance(clinic: Clinic) -> None:
    """October ends with $150.00 owed. A charge dated October 31 is refused, one of November changes nothing of October."""
    book(clinic, date(2026, 10, 31))

    closed = close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)

    assert closed.trial_balance[a.PAYER_OWES] == 150_00
    for day in (date(2026, 10, 31), date(2026, 10, 1), date(2026, 9, 30)):
        with pytest.raises(peewee.IntegrityError, match="closed"):
            book(clinic, day)
    book(clinic, date(2026, 11, 1), 99_00)
    now = journal.trial_balance(clinic.practice, until=date(2026, 10, 31))
    assert periods.digest(periods.body("2026-10", now)) == closed.digest
    (kept,) = periods.closed(clinic.practice)
    assert (kept.digest, kept.trial_balance) == (closed.digest, closed.trial_balance)


@pytest.mark.check(8)
def test_a_correction_of_a_closed_month_is_posted_today_and_names_the_original(clinic: Clinic) -> None:
    """The October charge was wrong: it is reversed in November, and October still says $150.00."""
    wrong = book(clinic, date(2026, 10, 5))
    close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)
    assert wrong is not None
    undo = Entry(date(2026, 11, 20), "charge", "undo", "claim", 1, (Transfer(a.REVENUE, a.PAYER_OWES, 150_00, 1, 1, 1, 1),), "", wrong)  # fmt: skip

    journal.post(clinic.practice, [undo], by="test", at=NOW)

    assert journal.trial_balance(clinic.practice, until=date(2026, 10, 31))[a.PAYER_OWES] == 150_00
    assert journal.balance(clinic.practice, a.PAYER_OWES) == 0


@pytest.mark.check(8)
def test_what_is_dated_in_a_closed_month_goes_into_the_open_one_with_both_days_kept(clinic: Clinic) -> None:
    """October is closed. A visit of October 20, an 835 paid on October 28 and a check of October 29 come in November."""
    book(clinic, date(2026, 10, 31))
    (paid,) = sent(clinic)
    closed = close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)

    visit = clinic.visit(clinic.bruno, reference="late", served_on=date(2026, 10, 20))
    recorded = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW).recorded
    (built,) = build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY).claims
    october = file_835(remittance([payment(paid.control_number)], paid_on=date(2026, 10, 28)))
    assert post(clinic, october).counts["posted"] == 1
    check = DeskPayment(clinic.alma, 25_00, "check", "k1", "1042")
    take_desk_payments(clinic.practice, [check], by=BILLER, now=NOW, today=TODAY)

    head = claims.heads(clinic.practice, [built.claim])[built.claim]
    days = run("select source, posted_on from journal_entry where source_id <> 1 or source <> 'claim'").fetchall()
    assert {(source, str(day)) for source, day in days} == {(s, str(TODAY)) for s in ("claim", "remittance", "payment")}
    assert head.served_on == date(2026, 10, 20)
    assert str(run("select paid_on from remittance").fetchone()[0]) == "2026-10-28"
    then = journal.trial_balance(clinic.practice, until=date(2026, 10, 31))
    assert periods.digest(periods.body("2026-10", then)) == closed.digest


def test_months_are_closed_one_after_the_other(clinic: Clinic) -> None:
    """September and October have entries: October waits for September. July, without entries, need not be closed."""
    book(clinic, date(2026, 9, 1))
    book(clinic, date(2026, 10, 1))

    with pytest.raises(Conflict, match="Close 2026-09 first"):
        close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)
    close_period(clinic.practice, "2026-09", by=BILLER, now=NOW)
    close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)
    with pytest.raises(AlreadyDone):
        close_period(clinic.practice, "2026-09", by=BILLER, now=NOW)

    assert [period.month for period in periods.closed(clinic.practice)] == ["2026-10", "2026-09"]


def test_a_month_is_over_when_it_is_over_at_the_clinic(clinic: Clinic) -> None:
    """At 3:00 UTC on December 1 it is still November 30 in Portland."""
    with pytest.raises(Conflict, match="not over"):
        close_period(clinic.practice, "2026-11", by=BILLER, now=datetime(2026, 12, 1, 3, tzinfo=UTC))
    with pytest.raises(Rejected):
        close_period(clinic.practice, "November", by=BILLER, now=NOW)

    closed = close_period(clinic.practice, "2026-11", by=BILLER, now=datetime(2026, 12, 1, 9, tzinfo=UTC))

    assert set(closed.trial_balance.values()) == {0}


def test_a_month_whose_books_do_not_hold_is_not_closed(clinic: Clinic) -> None:
    """A running balance is a cent off: the month stays open and the place is named. Another clinic's fault is no hindrance."""
    other = found("Hillside Clinic", "1990000030", suffix="B")
    book(clinic, date(2026, 10, 1))
    with write():
        run("update balance set cents = cents + 1 where account = ?", (a.PAYER_OWES,))

    with pytest.raises(Conflict, match=r"payer_owes.*\$0\.01"):
        close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)
    close_period(other.practice, "2026-10", by=BILLER, now=NOW)

    assert periods.closed(clinic.practice) == []
    with write():
        run("update balance set cents = cents - 1 where account = ?", (a.PAYER_OWES,))


def test_a_closed_month_of_one_clinic_is_open_at_another(clinic: Clinic) -> None:
    other = found("Hillside Clinic", "1990000030", suffix="B")
    close_period(clinic.practice, "2026-10", by=BILLER, now=NOW)

    assert book(other, date(2026, 10, 31)) is not None
