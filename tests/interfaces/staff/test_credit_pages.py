"""Credit balances as the billing desk sees them."""

import csv
import io

from claims_service.domain.ledger.accounts import DESK_CLEARING, PATIENT_CREDIT
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import journal
from claims_service.store.connection import run
from tests.clinic import NOW, TODAY
from tests.factories835 import Service, file_835, payment, remittance
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.workflow.cycle import post, sent


def on_account(desk: BillingDesk) -> None:
    """Alma left $30.00 at the desk that no bill has used."""
    left = Transfer(DESK_CLEARING, PATIENT_CREDIT, 30_00, patient=desk.clinic.alma)
    entry = Entry(TODAY, "payment", "test", "payment", None, (left,))
    journal.post(desk.clinic.practice, [entry], by="test", at=NOW)


def test_each_credit_says_whose_it_is_since_when_and_what_to_do(billing: BillingDesk) -> None:
    on_account(billing)

    page = billing.get("/staff/credits")

    assert (
        "Testpatient, Alma On no bill No federal clock The patient Nov 20 Today $30.00 Give it back to the patient."
        in page
    )


def test_nothing_in_credit_is_said_to_be_good(billing: BillingDesk) -> None:
    assert "No balance is in credit" in billing.get("/staff/credits")


def test_the_credits_are_taken_along_as_a_table(billing: BillingDesk) -> None:
    on_account(billing)

    (row,) = csv.DictReader(io.StringIO(billing.browser.get("/staff/credits.csv").get_data(as_text=True)))

    assert (row["whose"], row["amount"], row["what_to_do"]) == ("patient", "30.00", "Give it back to the patient.")


def test_an_insurers_overpayment_goes_back_from_its_page_and_stands_in_the_list_and_the_table(
    billing: BillingDesk,
) -> None:
    """$40.00 of the $87.00 that the plan paid: asked back by letter OP-7, by check 5501; a missing reason is said beside its field."""
    clinic = billing.clinic
    (claim,) = sent(clinic)
    post(clinic, file_835(remittance([payment(claim.control_number)])))
    path = f"/staff/claims/{claim.id}/refund"
    assert "At most $87.00. Nothing is in credit" in billing.get(path)
    form = {
        "cents": "40.00", "seen": "8700", "way": "check", "check_number": "5501", "found_by": "letter", "letter": "OP-7",
        "identified_on": TODAY.isoformat(), "why": "not covered that day",
    }  # fmt: skip

    assert "Choose one of the reasons." in billing.answered(path, form)
    assert billing.post(path, {**form, "reason": "not_covered"}).status_code == 303

    page = billing.get("/staff/refunds")
    assert "Not at the bank yet By check, 5501 $40.00 Not covered on that day" in page
    assert "The insurer asked for it, OP-7" in page
    (row,) = csv.DictReader(io.StringIO(billing.browser.get("/staff/refunds.csv").get_data(as_text=True)))
    assert (row["amount"], row["on_its_way"], row["state"]) == ("40.00", "40.00", "Not at the bank yet")
    assert "Testpatient" not in ",".join(row.values())


def test_a_held_payment_goes_back_from_its_page_with_a_letter_and_comes_back(billing: BillingDesk) -> None:
    """$87.00 for nobody's claim: given back by check 5501, told in a letter; the check comes back, and it is held again."""
    post(billing.clinic, file_835(remittance([payment("NOTOURS1", [Service("99213", 87_00)])])))
    (item,) = run("select id from held_item").fetchone()
    path = f"/staff/held/{item}/refund"
    assert "Give it back to who sent it" in billing.get("/staff/held")
    assert "Give a held payment back to Quillhaven Health" in billing.get(path)
    form = {
        "cents": "87.00", "seen": "8700", "way": "check", "check_number": "5501", "found_by": "own", "payee": "Quillhaven Health",
        "identified_on": TODAY.isoformat(), "why": "no such patient", "reason": "not_ours",
    }  # fmt: skip

    assert "It goes back whole." in billing.answered(path, {**form, "payee": ""})
    assert billing.post(path, form).status_code == 303

    page = billing.get("/staff/refunds")
    assert "A held payment Quillhaven Health" in page
    (refund,) = run("select id from insurer_refund").fetchone()
    letter = billing.browser.get(f"/staff/refunds/{refund}/letter")
    assert (letter.mimetype, letter.get_data()[:5]) == ("application/pdf", b"%PDF-")
    assert "Nothing is held" in billing.get("/staff/held")
    assert billing.browser.get(path).status_code == 404

    back = f"/staff/refunds/{refund}/back"
    assert "Say why it came back." in billing.answered(back, {f"why-{refund}": ""})
    assert billing.post(back, {f"why-{refund}": "address unknown"}).status_code == 303
    assert "Came back" in billing.get("/staff/refunds")
    assert "$87.00" in billing.get("/staff/held")
