"""Insurers' files taken in at the desk: what each did, whether it adds up, and what waits for a person."""

import csv
import io
import re

import pytest

from claims_service.gateways.sandbox_bank import Deposit
from claims_service.queries import remittance_pages
from claims_service.store import journal
from claims_service.store.connection import run, write
from tests.clinic import TODAY
from tests.interfaces.staff.billing_desk import BillingDesk, count
from tests.workflow.billed_clinic import billed, remittance
from tests.workflow.cycle import sent
from tests.workflow.test_deposits import insurer_deposit, match, take_in


def test_a_remittance_shows_that_claims_file_and_books_agree(billing: BillingDesk) -> None:
    """Three claims of $92.50 and $5.00 interest make the payment of $282.50."""
    claims = billed(billing.clinic, answered=False).claims

    outcome = billing.upload(remittance(billing.clinic, claims))
    page = billing.get("/staff/remittances/1")

    assert "Posted 3 claims, $277.50." in outcome
    assert (
        "$277.50 3 claims paid + $5.00 Added by the plan = $282.50 Payment in the file = $282.50 In the books" in page
    )
    assert "Balances to the cent" in page
    assert "Difference $0.00" in page
    assert "Not in the bank yet" in page
    assert page.count("as agreed") == 3


@pytest.mark.check(8)
def test_the_same_file_uploaded_twice_says_so_and_posts_once(billing: BillingDesk) -> None:
    claims = billed(billing.clinic, 1, answered=False).claims
    content = remittance(billing.clinic, claims)
    billing.upload(content)
    entries = count("journal_entry")

    page = billing.upload(content)

    assert "Seen before" in page
    assert "Nothing was posted again." in page
    assert count("journal_entry") == entries


def test_a_remittance_that_is_off_by_a_dollar_is_held_with_its_place_and_posts_nothing(billing: BillingDesk) -> None:
    """The bank transfer says $98.50 where the claims and the interest make $97.50."""
    claims = billed(billing.clinic, 1, answered=False).claims
    content = remittance(billing.clinic, claims).replace(b"BPR*I*97.5*", b"BPR*I*98.5*")
    entries = count("journal_entry")

    billing.upload(content)
    (key,) = run("select id from remittance").fetchone()
    page, held = billing.get(f"/staff/remittances/{key}"), billing.get("/staff/held")

    assert "Held, nothing posted" in page
    assert "Off by $1.00" in page
    assert "BPR02" in held
    assert count("journal_entry") == entries


def test_a_payment_for_an_unknown_claim_waits_and_is_placed_by_its_number(billing: BillingDesk) -> None:
    """$92.50 for a claim number and a member number that are not ours; the biller finds whose it is."""
    claims = billed(billing.clinic, 1, answered=False).claims
    number = billing.get(f"/staff/claims/{claims[0]}").split()[2]
    content = remittance(billing.clinic, claims).replace(b"QHM000000", b"OLD000000")
    billing.upload(content.replace(b"CLP*" + number.encode(), b"CLP*LK9917"))
    page = billing.get("/staff/held")
    assert "Payments without a claim: $92.50; in the books under Held payments: $92.50." in page
    (item,) = remittance_pages.held(billing.clinic.practice)

    wrong = billing.post(f"/staff/held/{item.id}/place", {f"claim-{item.id}": "C9"})
    placed = billing.answered(f"/staff/held/{item.id}/place", {f"claim-{item.id}": number.lower()})

    assert wrong.status_code == 422
    assert "Patient owes $20.00" in placed
    assert remittance_pages.held(billing.clinic.practice) == []
    assert remittance_pages.suspense_cents(billing.clinic.practice) == 0
    assert journal.check() == []


def test_a_held_payment_shows_the_claims_it_may_be_for_and_is_placed_with_one_press(billing: BillingDesk) -> None:
    """$92.50 under an unknown number: day and charge are those of one of our claims, the member number is another."""
    claims = billed(billing.clinic, 1, answered=False).claims
    number = billing.get(f"/staff/claims/{claims[0]}").split()[2]
    content = remittance(billing.clinic, claims).replace(b"QHM000000", b"OLD000000")
    billing.upload(content.replace(b"CLP*" + number.encode(), b"CLP*LK9917"))
    (item,) = remittance_pages.held(billing.clinic.practice)

    page = billing.get("/staff/held")
    placed = billing.answered(f"/staff/held/{item.id}/place", {f"claim-{item.id}": number})

    assert f"{number}" in page
    assert "same day, same charge" in page
    assert "Patient owes $20.00" in placed


def test_held_payments_are_tried_again_at_a_press_and_the_page_says_what_became_of_them(billing: BillingDesk) -> None:
    """The claim is known by the time the biller presses the button."""
    claims = billed(billing.clinic, 1, answered=False).claims
    with write():
        run("update claim set state = 'ready' where id = ?", (claims[0],))
    billing.upload(remittance(billing.clinic, claims))
    assert len(remittance_pages.held(billing.clinic.practice)) == 1

    still = billing.answered("/staff/held/retry", {})
    with write():
        run("update claim set state = 'sent' where id = ?", (claims[0],))
    found = billing.answered("/staff/held/retry", {})

    assert "None found its claim yet" in still
    assert "1 payment found its claim" in found
    assert remittance_pages.suspense_cents(billing.clinic.practice) == 0
    assert journal.check() == []


def test_a_file_that_is_no_answer_is_refused_with_the_reason_and_leaves_nothing(billing: BillingDesk) -> None:
    page = billing.upload(b"Dear Sir or Madam", "letter.txt")

    assert "Not taken" in page
    assert "It does not begin with a whole X12 envelope" in page
    assert count("exchange_file") == 0


def test_nothing_chosen_is_told_at_the_field(billing: BillingDesk) -> None:
    answer = billing.post("/staff/remittances", {})

    assert answer.status_code == 422
    assert 'id="answers-error"' in answer.get_data(as_text=True)


def test_what_was_denied_is_given_up_with_a_reason_and_only_as_much_as_was_seen(billing: BillingDesk) -> None:
    """$30.00 of the blood count is denied (CO 97); the patient never owes it."""
    (head,) = sent(billing.clinic)
    content = remittance(billing.clinic, [head.id])
    denied = re.sub(
        rb"SVC\*HC:85025\*30\*22\.5([^~]*)~(.*?)CAS\*CO\*45\*7\.5",
        rb"SVC*HC:85025*30*0\1~\2CAS*CO*97*30",
        content,
        flags=re.DOTALL,
    )
    denied = denied.replace(b"*150*92.5*", b"*150*70*").replace(b"BPR*I*97.5*", b"BPR*I*75*")
    billing.upload(denied)
    page = billing.get(f"/staff/claims/{head.id}")
    assert "Denied, in review $30.00" in page

    path, form = f"/staff/claims/{head.id}/give-up", {"cents": "3000", "why": "Part of the visit, no appeal"}
    without = billing.post(path, {**form, "why": ""})
    stale = billing.post(path, {**form, "cents": "9900"})
    done = billing.answered(path, form)

    assert (without.status_code, stale.status_code) == (422, 422)
    assert "Wrote off $30.00." in done
    assert "Given up $30.00" in done.replace("−", "")
    assert journal.check() == []


def test_remittances_and_bank_lines_go_along_as_tables(billing: BillingDesk) -> None:
    """$282.50 announced and $12.00 that the bank took: each on its line, the one below zero still a number."""
    billed(billing.clinic)
    take_in(billing.clinic, insurer_deposit(), Deposit(TODAY, -12_00, "=FEE", ""))
    match(billing.clinic)

    (remitted,), lines = (
        list(csv.DictReader(io.StringIO(billing.browser.get(f"/staff/{name}.csv").get_data(as_text=True))))
        for name in ("remittances", "deposits")
    )

    assert (remitted["paid"], remitted["in_the_bank"], remitted["state"]) == ("282.50", "282.50", "posted")
    assert sorted((line["amount"], line["not_explained"], line["text"][:2]) for line in lines) == [
        ("-12.00", "-12.00", "'="), ("282.50", "0.00", "HC"),
    ]  # fmt: skip
    assert billing.browser.get("/staff/deposits.csv?month=soon").status_code == 404
