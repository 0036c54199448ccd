"""The manager's page of how billing goes."""

from flask import Flask

from claims_service.config import Config
from tests.interfaces.staff.billing_desk import BillingDesk, count, person

PAGE = "/staff/measures"


def test_a_clinic_that_never_billed_a_patient_is_told_when_numbers_come(billing: BillingDesk) -> None:
    page = billing.get(PAGE)
    assert "No patient has said yet how clear a bill was" in page
    assert "They are asked once, after a payment or a dispute in the portal." in page
    table = billing.browser.get("/staff/measures.csv")
    assert table.text.strip() == "number,issued,asked,opened,days_to_payment,disputed,clear,hard_to_follow"


def test_what_a_letter_costs_is_the_managers_to_say(billing: BillingDesk, app: Flask, settings: Config) -> None:
    assert billing.post(PAGE, {"letter": "1.05", "text": "0.02"}).status_code == 403
    manager, _ = person(app, settings, billing.clinic, "manager")
    wrong = manager.post(PAGE, {"letter": "a lot", "text": "0.02"})
    assert wrong.status_code == 422
    assert 'id="letter-error"' in wrong.text
    assert count("collection_price") == 0
    assert manager.post(PAGE, {"letter": "$1.05", "text": "0.02"}).status_code == 303
    assert 'value="1.05"' in manager.get(PAGE).text
    assert manager.post(PAGE, {"letter": "1.05", "text": "0.02"}).status_code == 303
    assert count("collection_price") == 1, "the same price again changes nothing"
