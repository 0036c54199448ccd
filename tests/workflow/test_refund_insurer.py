"""What an insurer paid too much goes back: by check or out of a later payment, with a reason, a day and above a limit two people."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import BANK, IN_REVIEW, INSURER_REFUNDS, PAYER_OWES, UNEXPLAINED
from claims_service.gateways import sandbox_bank
from claims_service.gateways.sandbox_bank import Deposit
from claims_service.queries import insurer_refunds, month_end, receivables
from claims_service.queries.claim_money import of_claims
from claims_service.queries.credits import in_credit
from claims_service.queries.insurer_refunds import CASHED, PROMISED, REFUSED, TAKEN, WAITS, WRITTEN
from claims_service.store import audit, journal
from claims_service.store.connection import run
from claims_service.store.insurer_refunds import Kept
from claims_service.workflow.answer_money_requests import Answer, answer_money_requests
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.match_deposits import match_by_hand, match_deposits
from claims_service.workflow.place_payment import Placement, place_payments
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.read_bank_file import read_bank_file
from claims_service.workflow.refund_insurer import InsurerRefund, refund_insurers
from tests import clinic as clinics
from tests.clinic import BILLER, MANAGER, NOW, TODAY, Clinic
from tests.factories835 import Service, file_835, payment, plb, remittance
from tests.workflow.cycle import held, post, sent

LATER = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)


def paid(clinic: Clinic) -> int:
    """A claim of $150.00 of which the insurer paid $87.00."""
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)], trace=f"T{claim.id}")))
    return claim.id


def paid_twice(clinic: Clinic) -> int:
    """The money comes again under another check, and a person says it belongs to the claim: $87.00 too much."""
    claim = paid(clinic)
    (number,) = run("select control_number from claim where id = ?", (claim,)).fetchone()
    post(clinic, file_835(remittance([payment(number, [Service("99213", 87_00)])], trace="AGAIN")))
    (waiting,) = run("select id from held_item where closed_at is null").fetchone()
    place_payments(clinic.practice, [Placement(waiting, claim)], by=BILLER, now=NOW, today=TODAY)
    assert held(clinic) == []
    return claim


def refund(clinic: Clinic, claim: int, cents: int = 87_00, **changes: object) -> Kept:
    seen = insurer_refunds.returnable(clinic.practice, claim).cents
    usual = InsurerRefund(claim, cents, "check", "duplicate", "own", TODAY, seen, "paid twice", check_number="5501")
    wanted = replace(usual, **changes)  # type: ignore[arg-type]
    return refund_insurers(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)[0]


def answer(clinic: Clinic, kept: Kept, *, agreed: bool = True) -> int:
    assert kept.request is not None
    one = Answer(kept.request, agreed, "" if agreed else "The contract allows it")
    return answer_money_requests(clinic.practice, [one], processor=None, by=MANAGER, now=NOW, today=TODAY)[0]


def states(clinic: Clinic) -> list[tuple[str, int]]:
    """Where each refund stands and what of it is on its way, after the proof of books and audit."""
    assert journal.check() == []
    assert audit.verify() == []
    return [(one.state, one.on_its_way_cents) for one in insurer_refunds.refunds(clinic.practice)]


def bank(clinic: Clinic, cents: int, reference: str) -> None:
    line = Deposit(TODAY + timedelta(days=3), cents, "CHECK PAID", "", reference)
    content = sandbox_bank.camt053("000330071", 0, [line], written_at=NOW)
    read_bank_file(clinic.practice, [IncomingFile("bank.xml", content)], by=BILLER, now=NOW)


def test_a_check_takes_the_credit_away_and_the_bank_proves_it(clinic: Clinic) -> None:
    """$87.00 too much; check 5501 is written, the credit is gone; the bank pays it, and bank = journal = remittances."""
    claim = paid_twice(clinic)
    (credit,) = in_credit(clinic.practice)
    assert (credit.claim, credit.cents) == (claim, 87_00)

    kept = refund(clinic, claim)

    assert (kept.request, kept.number[:2]) == (None, "R1")
    assert in_credit(clinic.practice) == []
    assert states(clinic) == [(WRITTEN, 87_00)]
    assert journal.balance(clinic.practice, INSURER_REFUNDS) == -87_00
    assert of_claims(clinic.practice, [claim])[claim].plan_paid_cents == 87_00

    bank(clinic, -87_00, "5501")
    match_deposits(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert states(clinic) == [(CASHED, 0)]
    assert journal.balance(clinic.practice, INSURER_REFUNDS) == 0
    assert (journal.balance(clinic.practice, BANK), journal.balance(clinic.practice, UNEXPLAINED)) == (-87_00, 0)
    sums = month_end.sums(clinic.practice, f"{TODAY:%Y-%m}")
    assert sums.agree
    assert sums.other == -87_00
    first = date(TODAY.year, TODAY.month, 1)
    rolled = receivables.roll_forward(clinic.practice, first, TODAY)
    assert sum(one.closing for one in rolled) == receivables.receivable(clinic.practice, TODAY)


def test_a_check_without_its_number_at_the_bank_is_matched_by_a_person(clinic: Clinic) -> None:
    refund(clinic, paid_twice(clinic))
    bank(clinic, -87_00, "")
    match_deposits(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    assert states(clinic) == [(WRITTEN, 87_00)]
    line, subject = (run(f"select id from {table}").fetchone()[0] for table in ("bank_line", "insurer_refund"))

    done = match_by_hand(clinic.practice, line, [("refund", subject)], by=BILLER, now=NOW, today=TODAY)

    assert (done, states(clinic)) == (-87_00, [(CASHED, 0)])


def test_what_an_insurer_takes_itself_waits_for_its_remittance(clinic: Clinic) -> None:
    """Agreed as an offset: nothing moves until a PLB WO of $87.00 comes; then the claim is even and the refund taken."""
    claim = paid_twice(clinic)
    entries = run("select count(*) from journal_entry").fetchone()
    refund(clinic, claim, way="offset", check_number="")
    assert run("select count(*) from journal_entry").fetchone() == entries
    assert states(clinic) == [(PROMISED, 87_00)]
    with pytest.raises(Rejected, match=r"at most \$87.00"):
        refund(clinic, claim, 87_01)

    (other,) = sent(clinic)
    (number,) = run("select control_number from claim where id = ?", (claim,)).fetchone()
    takes = remittance([payment(other.control_number)], [plb("WO", 87_00, number)], trace="TAKES")
    file = IncomingFile("takes.835", file_835(takes))
    post_remittance(clinic.practice, [file], by=BILLER, now=LATER, today=LATER.date())

    assert states(clinic) == [(TAKEN, 0)]
    assert in_credit(clinic.practice) == []


def test_what_a_letter_asks_for_is_open_on_the_claim_again(clinic: Clinic) -> None:
    """Nothing is in credit, a letter wants $40.00 back: they go, and stand in review to be billed elsewhere or given up."""
    claim = paid(clinic)

    refund(clinic, claim, 40_00, found_by="letter", letter="OP-7731", reason="not_covered")

    balances = journal.claim_balances(clinic.practice, [claim])[claim]
    assert (balances[IN_REVIEW], balances.get(PAYER_OWES, 0)) == (40_00, 0)
    assert of_claims(clinic.practice, [claim])[claim].plan_paid_cents == 47_00
    assert states(clinic) == [(WRITTEN, 40_00)]
    (row,) = run("select t.reason from journal_transfer t where t.credit = ?", (INSURER_REFUNDS,)).fetchall()
    assert row[0] == "not_covered"


def test_above_the_limit_a_second_person_agrees_also_in_parts(clinic: Clinic) -> None:
    """$87.00 twice on one claim: the first goes at once, the second would make $174.00, so a manager is asked."""
    claim = paid_twice(clinic)
    refund(clinic, claim)
    kept = refund(clinic, claim, 30_00, check_number="5502")
    assert kept.request is not None
    assert states(clinic) == [(WAITS, 0), (WRITTEN, 87_00)]
    with pytest.raises(Conflict, match="waits for a second person already"):
        refund(clinic, claim, 30_00, check_number="5503")

    assert answer(clinic, kept) == 30_00

    assert sorted(states(clinic)) == [(WRITTEN, 30_00), (WRITTEN, 87_00)]
    again = refund(clinic, claim, 20_00, check_number="5504", way="offset")
    assert answer(clinic, again, agreed=False) == 0
    assert (REFUSED, 0) in states(clinic)
    assert journal.balance(clinic.practice, INSURER_REFUNDS) == -117_00


def test_never_more_than_was_paid_and_never_half_said(clinic: Clinic) -> None:
    claim = paid(clinic)
    for changes, words in (
        ({"cents": 87_01}, r"at most \$87.00"),
        ({"cents": 0}, "more than"),
        ({"reason": "tired"}, "one of the reasons"),
        ({"check_number": " "}, "number of the check"),
        ({"found_by": "letter"}, "letter"),
        ({"identified_on": TODAY + timedelta(days=1)}, "today at the latest"),
        ({"why": ""}, "why"),
    ):
        with pytest.raises(Rejected, match=words):
            refund(clinic, claim, **changes)
    with pytest.raises(Conflict, match="moved meanwhile"):
        refund(clinic, claim, seen_cents=1)
    other = clinics.found("Other Clinic", "1990000055", suffix="X")
    with pytest.raises(NotFound):
        refund_insurers(
            other.practice,
            [InsurerRefund(claim, 1, "check", "duplicate", "own", TODAY, 0, "x", check_number="1")],
            by=BILLER,
            now=NOW,
            today=TODAY,
        )
    assert states(clinic) == []


def test_the_sixty_days_run_from_the_day_it_was_found(clinic: Clinic) -> None:
    """Medicare paid too much, found on November 2: back by January 1; an offset not taken by then is late."""
    run("update payer set filing = 'MB' where id = ?", (clinic.quillhaven,))
    claim = paid_twice(clinic)
    refund(clinic, claim, way="offset", identified_on=date(2026, 11, 2))

    (one,) = insurer_refunds.refunds(clinic.practice)

    assert one.clock is not None
    assert (one.clock.repay_by, one.clock.rule) == (date(2027, 1, 1), "42 CFR 401.305")
    assert (one.is_late(date(2027, 1, 1)), one.is_late(date(2027, 1, 2))) == (False, True)
