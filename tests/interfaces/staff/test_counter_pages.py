"""The till as the front desk closes it."""

import io

import pytest
from flask import Flask
from pypdf import PdfReader

from claims_service.config import Config
from tests.interfaces.staff.billing_desk import BillingDesk, open_desk, plain


@pytest.fixture
def desk(app: Flask, settings: Config) -> BillingDesk:
    return open_desk(app, settings, "front_desk")


def paper(desk: BillingDesk, path: str) -> str:
    answer = desk.browser.get(path)
    assert answer.mimetype == "application/pdf"
    return " ".join(PdfReader(io.BytesIO(answer.data)).pages[0].extract_text().split())


def test_a_day_at_the_desk_ends_with_a_count_and_a_slip(desk: BillingDesk) -> None:
    """A copay of $20.00 in cash and a check of $80.00 in advance; $1.00 of cash is missing and explained."""
    pay = f"/staff/patients/{desk.clinic.alma}/payments"
    desk.post(pay, {"amount": "20", "method": "cash"})
    desk.post(pay, {"amount": "80", "method": "check", "check_number": "1042"})

    assert "Cash $20.00, checks $80.00 $100.00" in desk.get("/staff/counter")
    refused = desk.post("/staff/counter/counts", {"cash": "19", "checks": "80"})
    assert refused.status_code == 422
    assert "Count again, or say what explains it." in plain(refused.text)
    assert "Not an amount" in plain(desk.post("/staff/counter/counts", {"cash": "", "checks": "80"}).text)
    page = desk.answered("/staff/counter/counts", {"cash": "19", "checks": "80", "why": "wrong change"})
    assert "−$1.00 booked as a difference." in page
    page = desk.answered("/staff/counter/slips")
    assert "Nothing at the desk" in page
    assert "$20.00 $80.00 $100.00" in page

    told = paper(desk, "/staff/counter/slips/1")
    assert "$100.00" in told
    assert "Check 1042" in told
    assert "Testpatient" not in told
    assert "$20.00" in paper(desk, "/staff/payments/1/receipt")
    assert desk.post("/staff/counter/slips").status_code == 422
