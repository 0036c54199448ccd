"""What insurers hold, as the billing desk sees and settles it."""

import csv
import io

from claims_service.queries import held_balances
from tests.factories835 import file_835, payment, plb, remittance
from tests.interfaces.staff.billing_desk import BillingDesk, plain
from tests.workflow.cycle import post, sent


def kept(desk: BillingDesk) -> int:
    """Quillhaven pays $87.00, keeps $20.00 by letter LETTER7, and adds a bonus of $50.00; gives the id of the first item."""
    (claim,) = sent(desk.clinic)
    asides = [plb("WO", 20_00, "LETTER7"), plb("BN", -50_00, "=Q3")]
    post(desk.clinic, file_835(remittance([payment(claim.control_number)], asides)))
    return held_balances.held(desk.clinic.practice, desk.clinic.quillhaven).lines[0].adjustment.id


def test_the_list_says_who_holds_what_and_that_it_is_the_account(billing: BillingDesk) -> None:
    """They hold $20.00 and paid a bonus of $50.00: the account says −$30.00."""
    kept(billing)

    page = billing.get("/staff/insurers/held")

    assert "Quillhaven Health 2 Nov 18 $20.00 $50.00 −$30.00" in page
    assert "Together 2 $20.00 $50.00 $0.00 −$30.00" in page


def test_an_insurers_page_names_each_item_with_its_reason_payment_and_reference(billing: BillingDesk) -> None:
    kept(billing)

    page = billing.get(f"/staff/insurers/{billing.clinic.quillhaven}/held")

    assert "Quillhaven Health paid $30.00 ahead or beside claims" in page
    assert "On the running balance −$30.00 In the books −$30.00 They agree To the cent" in page
    assert "Overpayment recovery $20.00 of Nov 18, 2026 WO Kept from a payment They hold it EFT1 Nov 18, file" in page
    assert "LETTER7 $20.00 $20.00" in page


def test_an_item_is_placed_with_a_reason_and_leaves_the_list(billing: BillingDesk) -> None:
    """The letter says the $20.00 are a levy: a cost. Only the bonus stays open."""
    item = kept(billing)

    page = billing.answered(f"/staff/open-items/{item}", {"amount": "20.00", "way": "cost", "why": "Levy of Nov 3."})

    assert "$20.00 booked as a cost. The reason is kept." in page
    assert "Overpayment recovery" not in page.split("Every movement")[0]
    whole = billing.get(f"/staff/insurers/{billing.clinic.quillhaven}/held?all=1")
    assert "$20.00 booked as a cost by Priya Castellane: Levy of Nov 3." in whole


def test_what_is_wrong_in_the_form_is_said_at_its_field(billing: BillingDesk) -> None:
    item = kept(billing)

    typed = {"amount": "20.01", "way": "claim", "claim": "C999", "why": ""}
    answer = billing.post(f"/staff/open-items/{item}", typed)
    page = plain(answer.get_data(as_text=True))

    assert answer.status_code == 422
    assert "at most $20.00" in page
    assert "Name the claim it belongs to." in page
    assert "Say why it belongs there." in page


def test_the_table_to_take_along_holds_every_item_and_no_formula(billing: BillingDesk) -> None:
    kept(billing)

    answer = billing.browser.get(f"/staff/insurers/{billing.clinic.quillhaven}/held.csv")
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True))))

    assert [(row["code"], row["reference"], row["amount"], row["left"]) for row in rows] == [
        ("WO", "LETTER7", "20.00", "20.00"),
        ("BN", "'=Q3", "-50.00", "-50.00"),
    ]
