"""Pay over time on the portal: choose, read, agree, pay the first payment; nothing in the browser changes what was offered."""

import re
from html import unescape

import pytest

from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.store import connection, journal, payment_plans, tables
from tests.access.world import Browser
from tests.clinic import TODAY
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_portal import order_on, plain


def wish_on(page: str) -> str:
    found = re.search(r'name="wish" value="([^"]+)"', page)
    assert found
    return unescape(found[1])


def agreed(portal: Portal, browser: Browser, months: int = 6) -> int:
    """Choose and agree; gives the plan."""
    checked = browser.post(f"/portal/bills/{portal.alma_statement}/plan", {"months": str(months)})
    made = browser.post("/portal/plans", {"wish": wish_on(checked.text)})
    assert made.status_code == 303, plain(made.text)
    return int(made.location.partition("?")[0].rpartition("/")[2])


def test_a_patient_agrees_to_what_was_shown_and_pressing_twice_agrees_once(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    assert "Pay over time" in plain(browser.get(f"/portal/bills/{portal.alma_statement}").text)
    choices = plain(browser.get(f"/portal/bills/{portal.alma_statement}/plan").text)
    assert "6 payments of $16.76" in choices
    assert "No interest, no fee" in choices
    checked = browser.post(f"/portal/bills/{portal.alma_statement}/plan", {"months": "6"})
    assert "There is no late fee" in plain(checked.text)
    wish = wish_on(checked.text)
    first, second = (browser.post("/portal/plans", {"wish": wish}) for _ in range(2))
    assert first.location == second.location
    assert tables.PaymentPlanRow.select().count() == 1
    row = tables.PaymentPlanRow.get()
    assert (row.accepted_by, row.via, row.address) == ("Alma Testpatient", "portal", "127.0.0.1")
    shown = plain(browser.get(first.location).text)
    assert "Plan: 0 of 6 paid, next $16.76 on December 20, 2026" in shown


def test_the_agreement_is_the_same_bytes_each_time(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    plan = agreed(portal, browser)
    first, second = (browser.get(f"/portal/plans/{plan}/agreement") for _ in range(2))
    assert first.data == second.data
    assert first.data.startswith(b"%PDF")
    assert browser.get(f"/portal/plans/{plan}/agreement?lang=es").data != first.data


def test_on_a_plan_the_bill_asks_for_the_next_payment_alone(portal: Portal) -> None:
    """Of $100.60 the next $16.76 are asked for; paid on the plan's page they are counted, and the receipt tells of the plan."""
    browser = portal.signed_in(portal.clinic.alma)
    plan = agreed(portal, browser)
    for path in ("/portal", f"/portal/bills/{portal.alma_statement}"):
        text = plain(browser.get(path).text)
        assert "Your next payment $16 .76" in text or "Your next payment $16.76" in text
        assert "Pay $100.60" not in text
    assert "By your payment plan." in text, "no other day stands beside the plan's"
    checked = browser.post(f"/portal/plans/{plan}/pay", {"amount": "next"})
    assert "$16.76" in plain(checked.text)
    started = browser.post("/portal/pay", {"order": order_on(checked.text)})
    paid = browser.post(started.location, {"card": "good"})
    assert "Plan: 1 of 6 paid, next $16.76 on January 20, 2027" in plain(browser.get(paid.location).text)
    with connection.opened():
        assert journal.balance(portal.clinic.practice, PATIENT_OWES, patient=portal.clinic.alma) == 83_84


def test_paying_all_that_is_left_ends_the_plan(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    plan = agreed(portal, browser)
    checked = browser.post(f"/portal/plans/{plan}/pay", {"amount": "all"})
    started = browser.post("/portal/pay", {"order": order_on(checked.text)})
    browser.post(started.location, {"card": "good"})
    assert "Nothing is open on this plan" in plain(browser.get(f"/portal/plans/{plan}").text)
    with connection.opened():
        assert payment_plans.head(portal.clinic.practice, plan).state == "paid"


def test_a_declined_card_leaves_the_plan_as_it_was(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    plan = agreed(portal, browser)
    checked = browser.post(f"/portal/plans/{plan}/pay", {"amount": "next"})
    started = browser.post("/portal/pay", {"order": order_on(checked.text)})
    browser.post(started.location, {"card": "bad"})
    with connection.opened():
        found = payment_plans.running(portal.clinic.practice, [portal.clinic.alma], today=TODAY)[portal.clinic.alma]
    assert found.standing.paid_cents == 0


@pytest.mark.parametrize("months", ["5", "100", "", "-1", "2.0"])
def test_nothing_but_the_offers_can_be_chosen(portal: Portal, months: str) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    assert browser.post(f"/portal/bills/{portal.alma_statement}/plan", {"months": months}).status_code == 422
    assert browser.post("/portal/plans", {"wish": "made up"}).status_code == 400


def test_a_bill_that_changed_since_is_not_agreed_to(portal: Portal) -> None:
    """Alma reads a plan for $100.60 in one window and pays $16.76 in another: the plan she read is not made."""
    browser = portal.signed_in(portal.clinic.alma)
    read = browser.post(f"/portal/bills/{portal.alma_statement}/plan", {"months": "6"}).text
    paying = browser.post(f"/portal/bills/{portal.alma_statement}/pay", {"amount": "other", "other": "16.76"})
    started = browser.post("/portal/pay", {"order": order_on(paying.text)})
    browser.post(started.location, {"card": "good"})
    answer = browser.post("/portal/plans", {"wish": wish_on(read)})
    assert answer.status_code == 409
    assert "Nothing was agreed" in plain(answer.text)
    assert tables.PaymentPlanRow.select().count() == 0


def test_the_plan_of_another_is_not_there(portal: Portal) -> None:
    plan = agreed(portal, portal.signed_in(portal.clinic.alma))
    bruno = portal.signed_in(portal.clinic.bruno)
    assert bruno.get(f"/portal/plans/{plan}").status_code == 404
    assert bruno.get(f"/portal/plans/{plan}/agreement").status_code == 404
    assert bruno.post(f"/portal/plans/{plan}/pay", {"amount": "all"}).status_code == 404
    assert bruno.post(f"/portal/plans/{plan}/end").status_code == 404
    assert bruno.get(f"/portal/bills/{portal.alma_statement}/plan").status_code == 404


def test_a_patient_ends_a_plan_and_the_bill_asks_again(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    plan = agreed(portal, browser)
    browser.post(f"/portal/plans/{plan}/end")
    assert "This plan has ended" in plain(browser.get(f"/portal/plans/{plan}").text)
    assert "Pay $100.60" in plain(browser.get(f"/portal/bills/{portal.alma_statement}").text)


def test_every_word_of_a_plan_is_there_in_spanish(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    plan = agreed(portal, browser)
    text = plain(browser.get(f"/portal/plans/{plan}?lang=es").text)
    assert "Plan: 0 de 6 pagados, el próximo de $16.76 el 20 de diciembre de 2026" in text
    assert not re.search(r"\b(payment|paid|next|left|your)\b", text, re.IGNORECASE)
