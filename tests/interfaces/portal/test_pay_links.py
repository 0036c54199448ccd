"""A pay link opens one bill, with the date of birth, while the bill is open; nothing else of the patient is behind it."""

import io
import re
from datetime import timedelta

import pytest
import time_machine
from pypdf import PdfReader

from claims_service.access import guard
from claims_service.access.pay_links import links_of
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.domain.patient.pay_link import LONGEST, MOST_FAILURES, PayLinks
from claims_service.store import connection, journal, tables
from claims_service.workflow.open_pay_links import open_pay_links, revoke_pay_links
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.access.world import Browser
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_portal import order_on, plain

BIRTH = {"birth": "01/01/1980"}
BILL = "/portal/this-bill"


def address(portal: Portal) -> str:
    """Where the link of Alma's bill leads."""
    practice, bill = portal.clinic.practice, (portal.alma_statement, portal.clinic.alma)
    with connection.opened():
        links = open_pay_links(practice, [bill], by=BILLER, now=NOW)
    return f"/portal/pay/{links_of(guard.access_of(portal.app).config).token(links[bill[0]])}"


def opened(portal: Portal) -> Browser:
    browser = Browser(portal.app)
    assert browser.post(address(portal), BIRTH).location == BILL
    return browser


def test_the_date_of_birth_opens_the_bill_as_often_as_it_is_needed(portal: Portal) -> None:
    for _ in range(2):
        assert "100.60" in plain(opened(portal).get(BILL).text)
    with connection.opened():
        assert tables.PayLink.select().count() == 1


def test_a_part_is_paid_and_its_receipt_printed(portal: Portal) -> None:
    """$30.60 of $100.60: the card company's page, back to this bill, the receipt; $70.00 stay open."""
    browser = opened(portal)
    checked = browser.post(f"{BILL}/pay", {"amount": "other", "other": "30.60"})
    going = browser.post(f"{BILL}/start", {"order": order_on(checked.text)})
    paid = browser.post(going.location, {"card": "good"})
    assert re.fullmatch(rf"{BILL}/payments/\d+", paid.location)
    assert "Paid. Thank you" in plain(browser.get(paid.location).text)
    receipt = PdfReader(io.BytesIO(browser.get(f"{paid.location}/receipt").data)).pages[0].extract_text()
    assert "$30.60" in receipt
    with connection.opened():
        assert journal.balance(portal.clinic.practice, PATIENT_OWES, patient=portal.clinic.alma) == 70_00


def test_an_amount_changed_in_the_browser_charges_nothing(portal: Portal) -> None:
    browser = opened(portal)
    order = order_on(browser.post(f"{BILL}/pay", {"amount": "all"}).text)
    assert browser.post(f"{BILL}/start", {"order": order[:-2] + "xx", "cents": "100"}).status_code == 400
    for other in ("0.01", "100.61", "-5", "1e9"):
        assert browser.post(f"{BILL}/pay", {"amount": "other", "other": other}).status_code == 422
    going = browser.post(f"{BILL}/start", {"order": order, "amount": "1", "cents": "100"})
    with connection.opened():
        assert tables.Payment.get().cents == 100_60
    assert "/checkout/" in going.location


def test_nothing_else_of_the_patient_is_behind_the_link(portal: Portal) -> None:
    """Every other page of the portal refuses; another bill's order and another payment are not found."""
    browser = opened(portal)
    for page in ("", "/bills", f"/bills/{portal.alma_statement}", "/payments", "/questions", "/help", "/contact"):
        assert browser.get(f"/portal{page}").status_code == 403, page
    page = browser.get(BILL).text
    for gone in ("/portal/bills", "/portal/questions", "/portal/help", "/portal/payments"):
        assert f'href="{gone}' not in page
    with connection.opened():
        other = DeskPayment(portal.clinic.alma, 1_00, "cash", "desk-1")
        [taken] = take_desk_payments(portal.clinic.practice, [other], by=BILLER, now=NOW, today=TODAY)
    assert browser.get(f"{BILL}/payments/{taken.payment}").status_code == 404
    stranger = portal.signed_in(portal.clinic.bruno)
    foreign = order_on(stranger.post(f"/portal/bills/{portal.bruno_statement}/pay", {"amount": "all"}).text)
    assert browser.post(f"{BILL}/start", {"order": foreign}).status_code == 404


def test_a_link_taken_back_is_dead_at_once_and_so_is_who_came_by_it(portal: Portal) -> None:
    browser, old = opened(portal), address(portal)
    with connection.opened():
        revoke_pay_links(portal.clinic.practice, portal.alma_statement, portal.clinic.alma, by=BILLER, now=NOW)
    assert browser.get(BILL).status_code == 303
    assert Browser(portal.app).get(old).status_code == 404
    assert Browser(portal.app).post(old, BIRTH).status_code == 404
    assert address(portal) != old


def test_a_link_lives_as_long_as_its_bill_is_open_and_half_a_year_at_most(portal: Portal) -> None:
    link, browser = address(portal), Browser(portal.app)
    with time_machine.travel(NOW + LONGEST - timedelta(seconds=1), tick=False):
        assert browser.get(link).status_code == 200
    with time_machine.travel(NOW + LONGEST, tick=False):
        assert browser.get(link).status_code == 404
    inside = opened(portal)
    with connection.opened():
        cash = DeskPayment(portal.clinic.alma, 100_60, "cash", "desk-1", statement=portal.alma_statement)
        take_desk_payments(portal.clinic.practice, [cash], by=BILLER, now=NOW, today=TODAY)
    assert browser.get(link).status_code == 404
    assert "Paid. Thank you" in plain(inside.get(BILL).text)  # who is in still sees that it is paid


def test_ten_wrong_dates_kill_a_link_and_one_address_has_to_wait(portal: Portal) -> None:
    link = address(portal)
    for n in range(MOST_FAILURES - 1):
        visitor = Browser(portal.app)
        visitor.client.environ_base["REMOTE_ADDR"] = f"192.0.2.{n}"
        assert visitor.post(link, {"birth": "01/02/1980"}).status_code == 422
    with time_machine.travel(NOW + timedelta(hours=1), tick=False):
        assert Browser(portal.app).post(link, {"birth": "01/02/1980"}).status_code == 404
        assert Browser(portal.app).post(link, BIRTH).status_code == 404


@pytest.mark.parametrize("changed", ["", "1", "0.x", "999999.abc", "1.é", "x" * 400])
def test_a_link_that_is_not_ours_is_not_found(portal: Portal, changed: str) -> None:
    address(portal)
    assert Browser(portal.app).get(f"/portal/pay/{changed}").status_code in (404, 405)


def test_a_link_is_signed_names_nobody_and_is_kept_nowhere(portal: Portal) -> None:
    token = address(portal).rpartition("/")[2]
    links = links_of(guard.access_of(portal.app).config)
    key = links.link(token)
    assert key is not None
    assert PayLinks("", "another secret").link(token) is None
    assert links.link(f"{key + 1}{token[token.index('.') :]}") is None
    with connection.opened():
        rows = repr([row.__data__ for row in tables.PayLink.select()])
    assert token not in rows
    assert token.partition(".")[2] not in rows
