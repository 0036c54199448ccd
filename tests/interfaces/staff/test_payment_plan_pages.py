"""Payment plans at the desk: made for who says yes, paid, stopped, offered by a manager."""

from flask import Flask

from claims_service.config import Config
from claims_service.domain.patient.prompt_pay import Policy as PromptPay
from claims_service.store import connection, journal, prompt_pay
from tests.interfaces.staff.billing_desk import BillingDesk, count, open_desk, plain
from tests.workflow.billed_clinic import billed


def made(desk: BillingDesk, months: str = "2", once: str = "once-1") -> str:
    """A plan for Alma, who owes $60.00; gives its address."""
    form = {"months": months, "accepted_by": "Alma by phone", "total": "6000", "idempotency_key": once}
    answer = desk.post(f"/staff/patients/{desk.clinic.alma}/payment-plans", form)
    assert answer.status_code == 303, plain(answer.get_data(as_text=True))
    return str(answer.location)


def test_a_plan_is_made_at_the_desk_with_who_said_yes_and_who_wrote_it_down(billing: BillingDesk) -> None:
    """$60.00 in three of $20.00; the same form twice is one plan."""
    billed(billing.clinic)
    page = billing.get(f"/staff/patients/{billing.clinic.alma}/payment-plans")
    assert "3 payments of $20.00" in page
    assert "12 payments" not in page, "$5.00 is less than the least"

    where, again = made(billing, "3"), made(billing, "3")

    assert where == again
    assert count("payment_plan") == 1
    page = billing.get(where)
    assert "By Alma by phone" in page
    assert "At the desk" in page
    paper = billing.browser.get(f"{where}/agreement")
    assert paper.data.startswith(b"%PDF")
    assert billing.browser.get(f"{where}/agreement?language=es").data != paper.data
    assert "Plan: 0 of 3 paid, next $20.00" in billing.get(f"/staff/patients/{billing.clinic.alma}")


def test_cash_for_a_plan_counts_once_and_ends_it_when_nothing_is_open(billing: BillingDesk) -> None:
    billed(billing.clinic)
    where = made(billing)
    form = {"amount": "30.00", "method": "cash", "idempotency_key": "k"}

    first, second = (billing.answered(f"{where}/payments", form) for _ in range(2))

    assert "$30.00 taken" in first
    assert "was taken already" in second
    assert "1 of 2 payments" in second
    page = billing.answered(f"{where}/payments", {**form, "idempotency_key": "k2"})
    assert "paid to the end" in page
    assert "Owes" not in billing.get(f"/staff/patients/{billing.clinic.alma}")
    assert journal.check() == []


def test_a_payment_without_an_amount_is_told_at_the_field(billing: BillingDesk) -> None:
    billed(billing.clinic)
    where = made(billing)

    answer = billing.post(f"{where}/payments", {"amount": "much", "method": "cash", "idempotency_key": "k"})

    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.get_data(as_text=True)
    assert count("payment") == 0


def test_a_plan_is_stopped_with_a_reason_alone(billing: BillingDesk) -> None:
    billed(billing.clinic)
    where = made(billing)

    without = billing.post(f"{where}/stop", {"why": " "})
    page = billing.answered(f"{where}/stop", {"why": "Asked by phone"})

    assert without.status_code == 422
    assert "stopped (Asked by phone)" in page
    assert "Make a plan" in billing.get(f"/staff/patients/{billing.clinic.alma}"), "another may be made"


def test_who_agrees_has_a_name_and_the_amount_is_the_one_that_was_read(billing: BillingDesk) -> None:
    billed(billing.clinic)
    path = f"/staff/patients/{billing.clinic.alma}/payment-plans"
    form = {"months": "2", "accepted_by": "Alma", "total": "6000", "idempotency_key": "k"}

    for wrong in ({"accepted_by": " "}, {"months": "5"}, {"total": "5999"}, {"months": ""}):
        assert billing.post(path, {**form, **wrong}).status_code == 422, wrong

    assert count("payment_plan") == 0


def test_a_manager_says_what_is_offered(app: Flask, settings: Config) -> None:
    """From $25.00 a month for three months at most: of $60.00 only two payments of $30.00 are left to offer."""
    manager = open_desk(app, settings, "manager")
    billed(manager.clinic)

    wrong = manager.post("/staff/payment-plans/policy", {"least": "0.50", "months": "40", "grace": "x"})
    page = manager.answered("/staff/payment-plans/policy", {"least": "25.00", "months": "3", "grace": "5"})

    assert wrong.status_code == 422
    assert 'id="grace-error"' in wrong.get_data(as_text=True)
    assert "Saved. It holds for new plans." in page
    offers = manager.get(f"/staff/patients/{manager.clinic.alma}/payment-plans")
    assert "2 payments of $30.00" in offers
    assert "3 payments" not in offers


def test_a_biller_reads_the_policy_and_does_not_set_it(billing: BillingDesk) -> None:
    assert billing.post("/staff/payment-plans/policy", {"least": "25.00"}).status_code == 403
    assert "Up to 12 months" in billing.get("/staff/payment-plans")


def test_a_manager_says_what_paying_early_saves(app: Flask, settings: Config) -> None:
    """10 percent within ten days, for visits without a plan; the page warns of the rest."""
    manager = open_desk(app, settings, "manager")
    wrong = manager.post("/staff/payment-plans/prompt-pay", {"percent": "60", "days": "x"})
    page = manager.answered("/staff/payment-plans/prompt-pay", {"percent": "10", "days": "10"})

    assert wrong.status_code == 422
    assert "Write a whole number" in wrong.get_data(as_text=True)
    assert "Saved. It holds for new statements." in page
    assert "Medicare and Medicaid" in page
    with connection.opened():
        assert prompt_pay.policy(manager.clinic.practice) == PromptPay(10, 10, insured=False)
    assert manager.post("/staff/payment-plans/prompt-pay", {"percent": "51", "days": "10"}).status_code == 422


def test_a_biller_reads_the_discount_and_does_not_set_it(billing: BillingDesk) -> None:
    assert billing.post("/staff/payment-plans/prompt-pay", {"percent": "10", "days": "10"}).status_code == 403
    assert "None is offered." in billing.get("/staff/payment-plans")
