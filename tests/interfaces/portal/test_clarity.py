"""Was this bill clear? Asked after a payment and after a dispute, answered once a bill, in both languages and by pay link."""

import re

import pytest

from claims_service.store import connection, tables
from claims_service.words import say
from tests.access.world import Browser
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_disputes import alma, place
from tests.interfaces.portal.test_disputes import opened as disputed
from tests.interfaces.portal.test_pay_links import BILL
from tests.interfaces.portal.test_pay_links import opened as by_link
from tests.interfaces.portal.test_portal import order_on, plain

QUESTION = "Was this bill clear?"


def paid(portal: Portal, browser: Browser, dollars: str = "30.60") -> str:
    """The page after a part of the bill was paid."""
    bill = f"/portal/bills/{portal.alma_statement}"
    checked = browser.post(f"{bill}/pay", {"amount": "other", "other": dollars})
    going = browser.post("/portal/pay", {"order": order_on(checked.text)})
    return str(browser.post(going.location, {"card": "good"}).location)


def kept() -> list[tuple[object, ...]]:
    fields = ("after", "answer", "line", "reason", "line_type", "line_types")
    with connection.opened():
        return [tuple(getattr(row, name) for name in fields) for row in tables.BillClarity.select()]


def test_after_a_payment_one_press_answers_and_the_bill_is_never_asked_about_again(portal: Portal) -> None:
    """$30.60 of $100.60 are paid: yes. The next $20.00 of the same bill, and a second press of the first form, ask and keep nothing."""
    browser = alma(portal)
    page = paid(portal, browser)
    assert QUESTION in plain(browser.get(page).text)
    sent = browser.post(f"{page}/clear", {"answer": "yes"})
    assert (sent.status_code, sent.location) == (303, page)
    thanked = plain(browser.get(page).text)
    assert "Thank you. Your answer helps us write better bills." in thanked
    assert QUESTION not in thanked
    assert browser.post(f"{page}/clear", {"answer": "no"}).status_code == 303
    assert QUESTION not in plain(browser.get(paid(portal, browser, "20.00")).text)
    [(after, answer, line, reason, line_type, _)] = kept()
    assert (after, answer, line, reason, line_type) == ("payment", "yes", None, "", "")


def test_the_line_and_why_are_chosen_and_kept_with_the_kind_of_share(portal: Portal) -> None:
    """The heart tracing, $42.00 left to the deductible, was not clear: why she has to pay."""
    browser = alma(portal)
    page = paid(portal, browser)
    offered = plain(browser.get(page).text)
    for words in ("What was not clear?", "Why I have to pay", "What my plan paid"):
        assert words in offered
    browser.post(f"{page}/clear", {"answer": "no", "unclear": place(portal), "why": "why_mine"})
    [found] = kept()
    assert found[:4] == ("payment", "no", 2, "why_mine")
    assert found[4] == "deductible"
    assert "deductible" in str(found[5]).split()


def test_a_dispute_asks_and_a_payment_of_the_same_bill_does_not_ask_again(portal: Portal) -> None:
    browser = alma(portal)
    page = disputed(portal)
    assert QUESTION in plain(browser.get(page).text)
    assert browser.post(f"{page}/clear", {"answer": "partly"}).location == page
    assert QUESTION not in plain(browser.get(page).text)
    assert QUESTION not in plain(browser.get(paid(portal, browser)).text)
    assert [row[:2] for row in kept()] == [("dispute", "partly")]


def test_who_came_by_a_pay_link_is_asked_about_this_bill(portal: Portal) -> None:
    browser = by_link(portal)
    checked = browser.post(f"{BILL}/pay", {"amount": "other", "other": "30.60"})
    going = browser.post(f"{BILL}/start", {"order": order_on(checked.text)})
    page = browser.post(going.location, {"card": "good"}).location
    form = re.search(r'action="([^"]*/clear)"', browser.get(page).text)
    assert form is not None
    assert form.group(1) == f"{page}/clear"
    assert browser.post(form.group(1), {"answer": "yes"}).location == page
    assert QUESTION not in plain(browser.get(page).text)


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_answer_left_out_is_said_in_the_patients_language(portal: Portal, language: str) -> None:
    browser = alma(portal)
    page = paid(portal, browser)
    browser.get(f"{page}?lang={language}")
    refused = browser.post(f"{page}/clear", {})
    assert (refused.status_code, say(language, "Choose yes, partly or no.") in plain(refused.text)) == (422, True)
    assert say(language, QUESTION) in plain(refused.text)
    wrong = browser.post(f"{disputed(portal)}/clear", {"answer": "no", "why": "made up"})
    assert wrong.status_code == 422
    assert kept() == []


@pytest.mark.parametrize("line", ["999999-1", "x", "1-1-1", "-", "1" * 40])
def test_a_line_of_another_bill_is_not_found(portal: Portal, line: str) -> None:
    browser = alma(portal)
    page = paid(portal, browser)
    assert browser.post(f"{page}/clear", {"answer": "no", "unclear": line}).status_code == 404
    assert kept() == []


def test_what_another_patient_paid_or_disputed_is_not_found(portal: Portal) -> None:
    page, about = paid(portal, alma(portal)), disputed(portal)
    stranger = portal.signed_in(portal.clinic.bruno)
    for address in (page, about):
        assert stranger.post(f"{address}/clear", {"answer": "yes"}).status_code == 404
    assert kept() == []
