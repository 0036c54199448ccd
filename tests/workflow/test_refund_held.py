"""A held payment that belongs to nobody here goes back to who sent it, and a check that comes back undoes its refund."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from claims_service.domain.errors import AlreadyDone, Conflict, NotFound, Rejected
from claims_service.domain.ledger.accounts import BANK, INSURER_CLEARING, INSURER_REFUNDS, SUSPENSE, UNEXPLAINED
from claims_service.formats.documents.refund_pdf import refund_pdf
from claims_service.queries import insurer_refunds, month_end, refund_letters, second_person
from claims_service.queries.credits import in_credit
from claims_service.queries.insurer_refunds import BACK, CASHED, REFUSED, WAITS, WRITTEN
from claims_service.store import journal
from claims_service.store.connection import run
from claims_service.store.insurer_refunds import Kept
from claims_service.workflow.match_deposits import match_by_hand, match_deposits
from claims_service.workflow.place_payment import Placement, close_items, place_payments
from claims_service.workflow.refund_insurer import InsurerRefund, refund_insurers
from claims_service.workflow.return_refund import CameBack, return_refunds
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import Service, file_835, payment, remittance, reversal
from tests.workflow.cycle import held, post, sent
from tests.workflow.test_refund_insurer import answer, bank, paid_twice, refund, states

NOBODYS = [Service("99213", 87_00)]


def strange(clinic: Clinic, number: str = "NOTOURS1", **changes: Any) -> int:
    """$87.00 come for a claim that nobody here knows; gives the held item."""
    post(clinic, file_835(remittance([payment(number, NOBODYS, member_id="X9")], trace=f"T{number}", **changes)))
    (item,) = run("select id from held_item where closed_at is null order by id desc limit 1").fetchone()
    return int(item)


def give_back(clinic: Clinic, item: int, **changes: object) -> Kept:
    usual = InsurerRefund(
        None, 87_00, "check", "not_ours", "own", TODAY, 87_00, "no such patient here", check_number="5501", held=item,
        payee="Quillhaven Health",
    )  # fmt: skip
    wanted = replace(usual, **changes)  # type: ignore[arg-type]
    return refund_insurers(clinic.practice, [wanted], by=BILLER, now=NOW, today=TODAY)[0]


def back(clinic: Clinic, kept: Kept, why: str = "address unknown") -> list[int]:
    return return_refunds(clinic.practice, [CameBack(kept.id, why)], by=BILLER, now=NOW, today=TODAY)


def books(clinic: Clinic) -> dict[str, int]:
    accounts = (SUSPENSE, INSURER_REFUNDS, INSURER_CLEARING, BANK, UNEXPLAINED)
    return {name: cents for name in accounts if (cents := journal.balance(clinic.practice, name))}


@pytest.mark.parametrize("way", ["check", "transfer"])
def test_money_of_nobody_goes_back_and_the_bank_proves_it(clinic: Clinic, way: str) -> None:
    """$87.00 are held. Check 5501 leaves nothing held; the bank pays it, and bank = journal = remittances."""
    item = strange(clinic)
    assert books(clinic) == {SUSPENSE: -87_00, INSURER_CLEARING: 87_00}

    kept = give_back(clinic, item, way=way)

    assert (kept.request, kept.claim, kept.payer) == (None, None, clinic.quillhaven)
    assert held(clinic) == []
    assert states(clinic) == [(WRITTEN, 87_00)]
    assert books(clinic) == {INSURER_REFUNDS: -87_00, INSURER_CLEARING: 87_00}
    (row,) = run("select t.reason, t.payer from journal_transfer t where t.credit = ?", (INSURER_REFUNDS,)).fetchall()
    assert tuple(row) == ("not_ours", clinic.quillhaven)

    bank(clinic, -87_00, "5501")
    match_deposits(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    assert states(clinic) == [(CASHED, 0)]
    assert books(clinic) == {INSURER_CLEARING: 87_00, BANK: -87_00}
    assert month_end.sums(clinic.practice, f"{TODAY:%Y-%m}").agree


def test_a_check_that_never_arrived_is_undone_and_the_payment_waits_again(clinic: Clinic) -> None:
    """The post brings check 5501 back: $87.00 are held again, can't come back twice, and go out again as 5502."""
    item = strange(clinic)
    kept = give_back(clinic, item)
    with pytest.raises(Rejected, match="why it came back"):
        back(clinic, kept, " ")

    assert back(clinic, kept) == [87_00]

    assert books(clinic) == {SUSPENSE: -87_00, INSURER_CLEARING: 87_00}
    assert [cents for _, _, cents, _ in held(clinic)] == [87_00]
    assert states(clinic) == [(BACK, 0)]
    with pytest.raises(AlreadyDone):
        back(clinic, kept)
    give_back(clinic, item, check_number="5502")
    assert sorted(states(clinic)) == [(BACK, 0), (WRITTEN, 87_00)]
    assert books(clinic) == {INSURER_REFUNDS: -87_00, INSURER_CLEARING: 87_00}


def test_a_transfer_that_the_bank_had_paid_and_gives_back_is_matched_again(clinic: Clinic) -> None:
    """Paid by the bank, then returned: its line of +$87.00 is the refund's, and all that is left is the held payment."""
    kept = give_back(clinic, strange(clinic), way="transfer")
    bank(clinic, -87_00, "5501")
    match_deposits(clinic.practice, by=BILLER, now=NOW, today=TODAY)

    back(clinic, kept)
    assert books(clinic)[INSURER_REFUNDS] == 87_00
    bank(clinic, 87_00, "RETURNED 5501")
    (line,) = run("select id from bank_line where cents > 0").fetchone()
    match_by_hand(clinic.practice, line, [("refund", kept.id)], by=BILLER, now=NOW, today=TODAY)

    assert books(clinic) == {SUSPENSE: -87_00, INSURER_CLEARING: 87_00}
    assert states(clinic) == [(BACK, 0)]
    assert month_end.sums(clinic.practice, f"{TODAY:%Y-%m}").agree


def test_a_claims_refund_that_comes_back_is_the_insurers_credit_again(clinic: Clinic) -> None:
    """$87.00 too much on a claim went back by check; it comes back, and they are in credit as before."""
    claim = paid_twice(clinic)
    kept = refund(clinic, claim)
    assert in_credit(clinic.practice) == []

    assert back(clinic, kept) == [87_00]

    (credit,) = in_credit(clinic.practice)
    assert (credit.claim, credit.cents) == (claim, 87_00)
    assert states(clinic) == [(BACK, 0)]
    refund(clinic, claim, check_number="5502")
    assert sorted(states(clinic)) == [(BACK, 0), (WRITTEN, 87_00)]


def test_what_was_not_sent_cannot_come_back(clinic: Clinic) -> None:
    claim = paid_twice(clinic)
    offset = refund(clinic, claim, way="offset", check_number="")
    with pytest.raises(Conflict, match="Nothing was sent"):
        back(clinic, offset)
    other = clinics.found("Other Clinic", "1990000055", suffix="X")
    with pytest.raises(NotFound):
        return_refunds(other.practice, [CameBack(offset.id, "x")], by=BILLER, now=NOW, today=TODAY)


def test_above_the_limit_a_second_person_agrees_or_the_payment_stays_held(clinic: Clinic) -> None:
    """The limit is $50.00: $87.00 wait. Refused they stay held; asked for again and agreed to they go."""
    run("insert into money_limit (practice_id, cents, by, at) values (?, 5000, 'm', ?)", (clinic.practice, NOW))
    item = strange(clinic)
    first = give_back(clinic, item)
    (waiting,) = second_person.requests(clinic.practice)
    assert (waiting.kind, waiting.claim, waiting.patient, waiting.cents) == ("insurer", None, None, 87_00)
    assert books(clinic)[SUSPENSE] == -87_00
    with pytest.raises(Conflict, match="waits for a second person already"):
        give_back(clinic, item)

    assert answer(clinic, first, agreed=False) == 0
    assert (states(clinic), len(held(clinic))) == ([(REFUSED, 0)], 1)
    second = give_back(clinic, item)
    assert states(clinic)[0] == (WAITS, 0)
    assert answer(clinic, second) == 87_00

    assert (WRITTEN, 87_00) in states(clinic)
    assert books(clinic) == {INSURER_REFUNDS: -87_00, INSURER_CLEARING: 87_00}
    assert held(clinic) == []


def test_what_finds_its_claim_while_it_waits_does_not_go_back(clinic: Clinic) -> None:
    run("insert into money_limit (practice_id, cents, by, at) values (?, 5000, 'm', ?)", (clinic.practice, NOW))
    (claim,) = sent(clinic)
    item = strange(clinic)
    asked = give_back(clinic, item)
    place_payments(clinic.practice, [Placement(item, claim.id)], by=BILLER, now=NOW, today=TODAY)

    with pytest.raises(Conflict, match="placed or closed meanwhile"):
        answer(clinic, asked)

    assert books(clinic) == {INSURER_CLEARING: 87_00}


def test_it_goes_back_whole_and_with_all_that_is_asked(clinic: Clinic) -> None:
    item = strange(clinic)
    for changes, words in (
        ({"cents": 86_99}, "goes back whole"),
        ({"cents": 87_01}, r"at most \$87.00"),
        ({"way": "offset"}, "how it goes back"),
        ({"payee": " "}, "to whom"),
        ({"check_number": ""}, "number of the check or transfer"),
        ({"reason": "tired"}, "one of the reasons"),
    ):
        with pytest.raises(Rejected, match=words):
            give_back(clinic, item, **changes)
    with pytest.raises(NotFound):
        give_back(clinic, item + 99)
    assert states(clinic) == []
    assert len(held(clinic)) == 1


def test_a_sender_that_is_none_of_our_insurers_gets_its_money_back_by_name(clinic: Clinic) -> None:
    """The remittance names an insurer that is not on file: the refund and its letter bear that name, and no federal clock runs."""
    item = strange(clinic, payer_name="FARAWAY MUTUAL", payer_identifier="FM999", originator="1777777777")
    assert insurer_refunds.held_payment(clinic.practice, item).payee == "FARAWAY MUTUAL"

    kept = give_back(clinic, item, payee="FARAWAY MUTUAL")

    (one,) = insurer_refunds.refunds(clinic.practice)
    assert (one.payer, one.payer_name, one.clock) == (None, "FARAWAY MUTUAL", None)
    letter = refund_letters.letter(clinic.practice, kept.id)
    assert (letter.payee, letter.address, letter.cents, letter.patient) == ("FARAWAY MUTUAL", None, 87_00, None)
    told = dict(letter.facts)
    assert (told["The number you gave as ours"], told["Reason"]) == ("NOTOURS1", "Not our claim or patient")
    assert refund_pdf(letter).startswith(b"%PDF")


def test_the_letter_of_a_claims_refund_names_what_the_insurer_needs(clinic: Clinic) -> None:
    kept = refund(clinic, paid_twice(clinic), found_by="letter", letter="OP-7731")
    letter = refund_letters.letter(clinic.practice, kept.id)
    told = dict(letter.facts)
    assert (told["Member number"], told["Your letter"], told["Our check"]) == ("QHM0000001", "OP-7731", "5501")
    assert letter.address is not None
    assert refund_pdf(letter) == refund_pdf(letter)


def test_the_sixty_days_run_for_a_federal_plans_held_payment(clinic: Clinic) -> None:
    """Medicare's $87.00, found on November 2, wait for a second person: after January 1 they are late."""
    run("update payer set filing = 'MB' where id = ?", (clinic.quillhaven,))
    run("insert into money_limit (practice_id, cents, by, at) values (?, 5000, 'm', ?)", (clinic.practice, NOW))
    give_back(clinic, strange(clinic), identified_on=date(2026, 11, 2))

    (one,) = insurer_refunds.refunds(clinic.practice)

    assert one.clock is not None
    assert one.clock.repay_by == date(2027, 1, 1)
    assert (one.is_late(one.clock.repay_by), one.is_late(one.clock.repay_by + timedelta(1))) == (False, True)


def test_held_money_is_not_closed_with_words_but_with_what_takes_it_back(clinic: Clinic) -> None:
    """$87.00 can't be closed; their reversal comes, and closing one closes both: nothing is held, nothing is in the books."""
    item = strange(clinic)
    with pytest.raises(Conflict, match="still held"):
        close_items(clinic.practice, [item], outcome="by letter", by=BILLER, now=NOW)

    taken_back = reversal(payment("NOTOURS1", NOBODYS, member_id="X9"))
    other = payment("NOTOURS2", [Service("99213", 100_00)], member_id="X9")
    post(clinic, file_835(remittance([taken_back, other], trace="BACK")))
    assert sorted(cents for _, _, cents, _ in held(clinic)) == [-87_00, 87_00, 100_00]

    assert close_items(clinic.practice, [item], outcome="taken back", by=BILLER, now=NOW) == 2

    assert [cents for _, _, cents, _ in held(clinic)] == [100_00]
    assert books(clinic)[SUSPENSE] == -100_00
