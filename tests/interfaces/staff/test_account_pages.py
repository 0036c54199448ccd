"""Patients' accounts, plans, payments at the desk, bills and the books."""

import re

from claims_service.store import journal
from claims_service.store.connection import run
from tests.interfaces.staff.billing_desk import BillingDesk, count, plain
from tests.workflow.billed_clinic import billed


def test_an_account_shows_what_is_owed_and_why_and_what_was_billed(billing: BillingDesk) -> None:
    """Three copays of $20.00 on one statement."""
    billed(billing.clinic)

    page = billing.get(f"/staff/patients/{billing.clinic.alma}")

    assert "Owes $60.00" in page
    assert "Open now $0.00 $0.00 $60.00" in page
    assert "S1-1001" in page
    assert "Quillhaven Health Active" in page


def test_cash_at_the_desk_pays_the_oldest_visit_and_the_same_form_twice_is_one_payment(billing: BillingDesk) -> None:
    """$30.00 of $60.00 owed."""
    billed(billing.clinic)
    path, form = (
        f"/staff/patients/{billing.clinic.alma}/payments",
        {"amount": "$30.00", "method": "cash", "idempotency_key": "k"},
    )

    first, second = billing.answered(path, form), billing.answered(path, form)

    assert "$30.00 taken. Receipt R1-1001." in first
    assert "Owes $30.00" in first
    assert "was taken already" in second
    assert count("payment") == 1
    assert journal.check() == []


def test_a_check_without_its_number_is_told_at_the_field_and_nothing_is_booked(billing: BillingDesk) -> None:
    billed(billing.clinic, 1)
    form = {"amount": "20.00", "method": "check", "idempotency_key": "k"}

    answer = billing.post(f"/staff/patients/{billing.clinic.alma}/payments", form)

    assert answer.status_code == 422
    assert 'id="check_number-error"' in answer.get_data(as_text=True)
    assert 'value="20.00"' in answer.get_data(as_text=True)
    assert count("payment") == 0


def test_a_mended_member_number_frees_the_claims_it_stopped(billing: BillingDesk) -> None:
    """The number was missing: two claims stop; one mend makes both ready."""
    run("update coverage set member_id = '' where patient_id = ?", (billing.clinic.alma,))
    stopped = [billing.coded(once="a"), billing.coded(once="b", served_on="11/09/2026")]
    page = billing.browser.get(f"/staff/claims/{stopped[0]}").get_data(as_text=True)
    link = re.search(r'href="(/staff/patients/\d+/plans/\d+)"', page)
    assert link

    wrong = billing.post(link[1], {"member_id": "", "valid_from": "2026-13-01"})
    page = billing.answered(link[1], {"member_id": "QHM0000001", "valid_from": "01/01/2026", "valid_until": ""})

    assert wrong.status_code == 422
    assert "Plan saved. 2 claims checked again, 2 ready to send." in page


def test_a_plan_of_another_patient_is_not_there(billing: BillingDesk) -> None:
    plan = run("select min(id) from coverage where patient_id = ?", (billing.clinic.bruno,)).fetchone()[0]

    assert billing.browser.get(f"/staff/patients/{billing.clinic.alma}/plans/{plan}").status_code == 404


def test_a_link_for_the_patient_is_shown_once_and_opens_the_portal(billing: BillingDesk) -> None:
    page = billing.post(f"/staff/patients/{billing.clinic.alma}/link").get_data(as_text=True)

    link = re.search(r'value="http://localhost(/portal/link/[^"]+)"', page)
    assert link
    assert billing.browser.get(link[1]).status_code == 200


def test_a_bill_is_shown_word_for_word_and_as_the_paper_that_went_out(billing: BillingDesk) -> None:
    billed(billing.clinic, 1)

    page = billing.get("/staff/statements/1")
    paper = billing.browser.get("/staff/statements/1/pdf")

    assert "Alma Testpatient owes $20 .00 $20.00" in page
    assert "Charge $150.00 Discount −$37.50 Plan paid −$92.50" in page
    assert "fixed copay of $20.00" in page
    assert paper.data.startswith(b"%PDF")


def test_everybody_who_owes_is_billed_with_one_press_and_never_twice(billing: BillingDesk) -> None:
    billed(billing.clinic, 1)
    assert count("statement") == 1

    page = billing.answered("/staff/statements", {})

    assert "0 statements issued" in page
    assert count("statement") == 1


def test_today_names_every_queue_with_its_count_and_money_and_the_stages_add_up(billing: BillingDesk) -> None:
    """One stopped claim of $260.00, one ready of $150.00, three patients' shares of $20.00."""
    billed(billing.clinic)
    billing.coded(once="s", served_on="10/30/2026", **{"lines-1-code": "11102"})
    billing.coded(once="r", served_on="10/29/2026")

    page = billing.get("/staff")

    assert "Stopped by our checks" in page
    assert "1 claim $260.00" in page
    assert "Ready to send 1 claim $150.00" in page
    assert "Open on claims: $470.00" in page
    assert "Difference $0.00" in page


def test_the_books_show_both_sides_equal_and_name_what_was_changed_behind_their_back(billing: BillingDesk) -> None:
    """A running balance changed by raw SQL is found, with its cents."""
    billed(billing.clinic, 1)
    page = billing.get("/staff/books")
    together = re.search(r"Together (\$[\d,.]+) (\$[\d,.]+)", page)
    assert together
    assert together[1] == together[2]
    assert "In balance" in page

    run("update balance set cents = cents + 1 where account = 'patient_owes'")

    assert "Out of balance" in billing.get("/staff/books")


def test_a_wrong_account_address_is_the_same_as_another_clinics(billing: BillingDesk) -> None:
    answer = billing.browser.get("/staff/patients/999999")

    assert answer.status_code == 404
    assert "Testpatient" not in plain(answer.get_data(as_text=True))
