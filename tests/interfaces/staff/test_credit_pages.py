"""Credit balances as the billing desk sees them."""

import csv
import io

from claims_service.domain.ledger.accounts import DESK_CLEARING, PATIENT_CREDIT
from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import journal
from tests.clinic import NOW, TODAY
from tests.interfaces.staff.billing_desk import BillingDesk


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
