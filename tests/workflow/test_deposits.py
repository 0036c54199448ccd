"""Bank files in, deposits matched, taken apart and returned: after each, every cent of the bank is accounted for."""

from datetime import UTC, date, datetime, timedelta

import pytest

from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.ledger.accounts import (
    BANK,
    CARD_CLEARING,
    CARD_FEES,
    DESK_CLEARING,
    INSURER_CLEARING,
    PATIENT_OWES,
    UNEXPLAINED,
)
from claims_service.gateways import sandbox_bank
from claims_service.gateways.sandbox_bank import Deposit
from claims_service.store import audit, deposits, journal, payments, tables
from claims_service.store.connection import run, write
from claims_service.workflow.close_period import close_period
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.match_deposits import Outcome, match_by_hand, match_deposits, undo_match
from claims_service.workflow.read_bank_file import read_bank_file
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.billed_clinic import billed

TRN = "HCCLAIMPMT TRN*1*EFT0001*1990000099~"
PAID = 282_50  # three visits of $92.50 and $5.00 interest


def insurer_deposit(cents: int = PAID, after: int = 1, text: str = TRN) -> Deposit:
    return Deposit(TODAY + timedelta(days=after), cents, text, "QUILLHAVEN HLTH")


def take_in(clinic: Clinic, *booked: Deposit, opening_cents: int = 0) -> FileOutcome:
    content = sandbox_bank.camt053("000330071", opening_cents, booked, written_at=NOW)
    (outcome,) = read_bank_file(clinic.practice, [IncomingFile("bank.xml", content)], by=BILLER, now=NOW)
    return outcome


def match(clinic: Clinic) -> Outcome:
    return match_deposits(clinic.practice, by=BILLER, now=NOW, today=TODAY)


def books(clinic: Clinic, *accounts: str) -> tuple[int, ...]:
    """Balances, after the proof: bank lines = matched + not explained = the bank account, and ledger and audit hold."""
    practice = clinic.practice
    booked = run("select coalesce(sum(cents), 0) from bank_line where practice_id = ?", (practice,)).fetchone()[0]
    sql = "select coalesce(sum(cents), 0) from deposit_match where practice_id = ? and undone_at is null"
    matched = int(run(sql, (practice,)).fetchone()[0])
    left = sum(line.cents for line in deposits.open_lines(practice))
    assert booked == matched + left == journal.balance(practice, BANK)
    assert -journal.balance(practice, UNEXPLAINED) == left
    assert journal.check() == []
    assert audit.verify() == []
    return tuple(journal.balance(practice, account) for account in accounts)


def line_ids(clinic: Clinic) -> list[int]:
    rows = run("select id from bank_line where practice_id = ? order by id", (clinic.practice,)).fetchall()
    return [row[0] for row in rows]


def announced(clinic: Clinic) -> list[tuple[str, int]]:
    return [(e.kind, e.cents) for e in deposits.expected(clinic.practice)]


def test_a_deposit_closes_the_three_way_match(clinic: Clinic) -> None:
    """The 835 says $282.50, the bank books $282.50: nothing is on its way, nothing is not explained."""
    billed(clinic)
    assert books(clinic, INSURER_CLEARING) == (PAID,)

    read, matched = take_in(clinic, insurer_deposit()), match(clinic)

    assert (read.state, read.message) == ("read", "1 new line, $282.50.")
    assert (matched.counts["matched"], matched.cents["matched"]) == (1, PAID)
    assert books(clinic, BANK, INSURER_CLEARING, UNEXPLAINED) == (PAID, 0, 0)
    assert match(clinic).counts["matched"] == 0
    assert books(clinic, BANK) == (PAID,)


@pytest.mark.check(19)
def test_a_deposit_in_two_overlapping_exports_counts_once(clinic: Clinic) -> None:
    """Monday's file has $282.50, the week's file has it again and $10.00 more; Monday's is sent twice, and as BAI2."""
    week = [insurer_deposit(), Deposit(TODAY + timedelta(days=2), 10_00, "TRANSFER", "Someone")]

    first, again, overlap = (take_in(clinic, *some) for some in (week[:1], week[:1], week))
    bai2 = sandbox_bank.bai2("000330071", 0, week, written_at=NOW)
    (other,) = read_bank_file(clinic.practice, [IncomingFile("bank.bai", bai2)], by=BILLER, now=NOW)

    assert [first.state, again.state, overlap.state, other.state] == ["read", "duplicate", "read", "read"]
    assert again.file == first.file
    assert (overlap.counts["new"], overlap.counts["known"], other.counts["new"]) == (1, 1, 0)
    assert overlap.message == "1 new line, $10.00, 1 seen before."
    assert books(clinic, BANK) == (PAID + 10_00,)


def test_two_deposits_that_look_alike_are_two(clinic: Clinic) -> None:
    """Two copays of $20.00 on one day, in a CSV without numbers; the same CSV with one more line adds that one."""
    rows = ["Date,Description,Amount,Balance", *(f"11/18/2026,DEPOSIT,20.00,{20 * n}.00" for n in (1, 2, 3))]
    files = [IncomingFile("a.csv", "\n".join(rows[:end]).encode()) for end in (3, 4)]

    outcomes = read_bank_file(clinic.practice, files, by=BILLER, now=NOW)

    assert [(o.counts["new"], o.counts["known"]) for o in outcomes] == [(2, 0), (1, 2)]
    assert books(clinic, BANK) == (60_00,)


def test_a_broken_file_leaves_nothing_and_does_not_stop_the_next(clinic: Clinic) -> None:
    good = sandbox_bank.camt053("71", 0, [insurer_deposit()], written_at=NOW)
    bad = good.replace(b"282.50", b"28.25", 1)

    refused, read = read_bank_file(
        clinic.practice, [IncomingFile("b", bad), IncomingFile("g", good)], by=BILLER, now=NOW
    )

    assert (refused.state, refused.file, read.state) == ("refused", None, "read")
    assert "off by" in refused.problems[0].message
    assert tables.ExchangeFile.select().count() == 1
    assert books(clinic, BANK) == (PAID,)


@pytest.mark.check(8)
def test_a_line_of_a_closed_month_goes_into_the_open_one_and_keeps_the_banks_day(clinic: Clinic) -> None:
    """November is closed when its line comes: it is booked on December 1, and both dates can be read. Once."""
    close_period(clinic.practice, "2026-11", by=BILLER, now=datetime(2026, 12, 2, 17, tzinfo=UTC))

    outcome = take_in(clinic, insurer_deposit())
    take_in(clinic, insurer_deposit(), opening_cents=1)

    assert outcome.state == "read"
    ((posted_on, memo, booked_on),) = run(
        "select e.posted_on, e.memo, l.booked_on from journal_entry e join bank_line l on l.id = e.source_id"
    ).fetchall()
    assert str(posted_on) == "2026-12-01"
    assert str(booked_on) < "2026-12-01"
    assert memo == f"dated {booked_on} by the bank"
    assert books(clinic, BANK) == (PAID,)


def test_a_short_deposit_waits_until_a_person_presses_match(clinic: Clinic) -> None:
    """$282.50 announced, $246.50 arrives: $36.00 stays on its way."""
    billed(clinic)
    take_in(clinic, insurer_deposit(PAID - 36_00))
    assert match(clinic).counts["short"] == 1
    assert books(clinic, INSURER_CLEARING, UNEXPLAINED) == (PAID, -(PAID - 36_00))

    remittance = deposits.expected(clinic.practice)[0]
    matched = match_by_hand(clinic.practice, line_ids(clinic)[0], [remittance.key], by=BILLER, now=NOW, today=TODAY)

    assert matched == PAID - 36_00
    assert books(clinic, INSURER_CLEARING, UNEXPLAINED) == (36_00, 0)
    assert announced(clinic) == [("remittance", 36_00)]


def test_too_much_is_matched_up_to_the_answer_and_the_rest_stays_visible(clinic: Clinic) -> None:
    billed(clinic)
    take_in(clinic, insurer_deposit(PAID + 10_00))
    assert match(clinic).counts["over"] == 1

    match_by_hand(
        clinic.practice,
        line_ids(clinic)[0],
        [deposits.expected(clinic.practice)[0].key],
        by=BILLER,
        now=NOW,
        today=TODAY,
    )

    assert books(clinic, INSURER_CLEARING, UNEXPLAINED) == (0, -10_00)
    assert [line.cents for line in deposits.open_lines(clinic.practice)] == [10_00]


def test_a_match_taken_apart_is_reversed_and_not_made_again_on_its_own(clinic: Clinic) -> None:
    billed(clinic)
    take_in(clinic, insurer_deposit())
    match(clinic)
    line = line_ids(clinic)[0]

    assert undo_match(clinic.practice, line, by=BILLER, now=NOW, today=TODAY) == PAID

    assert books(clinic, INSURER_CLEARING, UNEXPLAINED) == (PAID, -PAID)
    assert match(clinic).counts["matched"] == 0
    with pytest.raises(Conflict):
        undo_match(clinic.practice, line, by=BILLER, now=NOW, today=TODAY)
    again = [deposits.expected(clinic.practice)[0].key]
    assert match_by_hand(clinic.practice, line, again, by=BILLER, now=NOW, today=TODAY) == PAID
    assert books(clinic, INSURER_CLEARING, UNEXPLAINED) == (0, 0)


def test_a_counter_deposit_and_a_card_payout_are_explained(clinic: Clinic) -> None:
    """Two checks of $20.00 and $30.00 make the deposit of $50.00; cards $100.00 less $2.80 fees make $97.20."""
    take_checks(clinic)
    with write():
        payout = payments.NewPayout("PO-118", TODAY, 100_00, 2_80, 97_20)
        payments.add_payouts(clinic.practice, [payout], at=NOW)
    take_in(
        clinic,
        Deposit(TODAY + timedelta(days=1), 50_00, "SLIP 0412", "COUNTER DEPOSIT"),
        Deposit(TODAY + timedelta(days=1), 97_20, "PAYOUT", "Card company", "PO-118"),
    )

    assert match(clinic).counts["matched"] == 2

    assert books(clinic, DESK_CLEARING, CARD_CLEARING, CARD_FEES, UNEXPLAINED) == (0, -100_00, 2_80, 0)
    undo_match(clinic.practice, line_ids(clinic)[1], by=BILLER, now=NOW, today=TODAY)
    assert books(clinic, CARD_CLEARING, CARD_FEES, UNEXPLAINED) == (0, 0, -97_20)


def take_checks(clinic: Clinic) -> None:
    checks = [
        DeskPayment(clinic.alma, 20_00, "check", "k1", "991"),
        DeskPayment(clinic.bruno, 30_00, "check", "k2", "1002"),
    ]
    take_desk_payments(clinic.practice, checks, by=BILLER, now=NOW, today=TODAY)


@pytest.mark.check(57)
def test_a_deposit_the_bank_takes_back_opens_the_payment_again(clinic: Clinic) -> None:
    """$282.50 arrives, is matched and taken back: the remittance waits again, by a linked reversing entry; then it is paid."""
    billed(clinic)
    take_in(clinic, insurer_deposit())
    match(clinic)

    take_in(clinic, insurer_deposit(-PAID, after=4), opening_cents=PAID)
    outcome = match(clinic)

    assert outcome.counts["returned"] == 1
    assert books(clinic, BANK, INSURER_CLEARING, UNEXPLAINED) == (0, PAID, 0)
    assert announced(clinic) == [("remittance", PAID)]
    assert run("select count(*) from journal_entry where reverses is not null").fetchone()[0] == 1
    with pytest.raises(Conflict):
        undo_match(clinic.practice, line_ids(clinic)[0], by=BILLER, now=NOW, today=TODAY)

    take_in(clinic, insurer_deposit(after=7))
    assert match(clinic).counts["matched"] == 1
    assert books(clinic, BANK, INSURER_CLEARING, UNEXPLAINED) == (PAID, 0, 0)


@pytest.mark.check(57)
def test_a_check_that_bounces_is_owed_again(clinic: Clinic) -> None:
    """Alma owes $60.00 and pays $20.00 by check 991, in a deposit of $50.00; the check comes back, with a fee of $12.00."""
    billed(clinic)
    owed = books(clinic, PATIENT_OWES)[0]
    take_checks(clinic)
    take_in(clinic, Deposit(TODAY + timedelta(days=1), 50_00, "SLIP 0412", "COUNTER DEPOSIT"))
    match(clinic)
    assert books(clinic, PATIENT_OWES, DESK_CLEARING) == (owed - 20_00, 0)

    fee = Deposit(TODAY + timedelta(days=3), -12_00, "RETURN ITEM FEE", "", "991")
    take_in(clinic, Deposit(TODAY + timedelta(days=3), -20_00, "RETURNED NSF", "", "991"), fee, opening_cents=50_00)
    outcome = match(clinic)

    assert (outcome.counts["returned"], outcome.cents["unmatched"]) == (1, -12_00)
    assert books(clinic, BANK, PATIENT_OWES, DESK_CLEARING, UNEXPLAINED) == (18_00, owed, 0, 12_00)
    assert payments.of_patient(clinic.practice, clinic.alma) == []


def test_a_bounced_check_that_went_on_as_credit_is_taken_back_where_it_went(clinic: Clinic) -> None:
    """Alma's check of $20.00 came before any bill and settled her visits as credit; when it bounces she owes all again."""
    take_checks(clinic)
    take_in(clinic, Deposit(TODAY + timedelta(days=1), 50_00, "SLIP 0412", "COUNTER DEPOSIT"))
    match(clinic)
    billed(clinic)
    owed = books(clinic, PATIENT_OWES)[0]

    take_in(clinic, Deposit(TODAY + timedelta(days=3), -20_00, "RETURNED NSF", "", "991"), opening_cents=50_00)

    assert match(clinic).counts["returned"] == 1
    assert books(clinic, BANK, DESK_CLEARING, UNEXPLAINED, PATIENT_OWES) == (30_00, 0, 0, owed + 20_00)


def test_what_is_not_there_or_not_ours_can_not_be_matched(clinic: Clinic) -> None:
    billed(clinic)
    take_in(clinic, insurer_deposit())
    other = clinics.found("Other Clinic", "1990000055", suffix="X")
    line, remittance = line_ids(clinic)[0], deposits.expected(clinic.practice)[0].key

    for practice, wanted_line, subjects in (
        (other.practice, line, [remittance]),
        (clinic.practice, line, [("remittance", 999)]),
        (clinic.practice, 999, [remittance]),
    ):
        with pytest.raises(NotFound):
            match_by_hand(practice, wanted_line, subjects, by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(Conflict):
        match_by_hand(clinic.practice, line, [], by=BILLER, now=NOW, today=TODAY)
    with pytest.raises(NotFound):
        undo_match(other.practice, line, by=BILLER, now=NOW, today=TODAY)
    assert match_deposits(other.practice, by=BILLER, now=NOW, today=TODAY).counts["matched"] == 0
    assert books(clinic, INSURER_CLEARING) == (PAID,)


def test_a_payout_is_matched_whole_or_not_at_all(clinic: Clinic) -> None:
    with write():
        payments.add_payouts(
            clinic.practice, [payments.NewPayout("PO-1", date(2026, 11, 2), 100_00, 2_80, 97_20)], at=NOW
        )
    take_in(clinic, Deposit(TODAY, 90_00, "PAYOUT", "Somebody"))

    with pytest.raises(Conflict, match=r"\$7\.20 short"):
        match_by_hand(
            clinic.practice,
            line_ids(clinic)[0],
            [deposits.expected(clinic.practice)[0].key],
            by=BILLER,
            now=NOW,
            today=TODAY,
        )

    assert books(clinic, CARD_CLEARING, UNEXPLAINED) == (0, -90_00)
