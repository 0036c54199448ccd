"""What is kept of a bill's page is never another's, and never older than what was paid, asked or chosen since."""

import re
from datetime import timedelta
from unittest.mock import patch

import time_machine

from claims_service.access import sessions
from claims_service.interfaces.portal import kept_page
from claims_service.interfaces.portal.kept_page import keep_pages
from claims_service.store import connection, tables
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.access.world import Browser
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_disputes import opened

DAY = timedelta(days=1)
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


def page(browser: Browser, address: str) -> str:
    """The page as it comes, which must be the page that is drawn with nothing kept."""
    kept = TOKEN.sub("", browser.get(address).text)
    pages = browser.client.application.extensions["portal_pages"]
    keep_pages(browser.client.application, most_bytes=0)
    try:
        assert TOKEN.sub("", browser.get(address).text) == kept
    finally:
        browser.client.application.extensions["portal_pages"] = pages
    return kept


def test_a_bill_that_was_just_drawn_is_still_nobody_elses(portal: Portal) -> None:
    address = f"/portal/bills/{portal.alma_statement}"
    alma, bruno = portal.signed_in(portal.clinic.alma), portal.signed_in(portal.clinic.bruno)
    assert "$42.00" in page(alma, address), "the tracing of Alma"
    assert bruno.get(address).status_code == 404
    assert Browser(portal.app).get(address).status_code == 303
    assert "$42.00" not in page(bruno, f"/portal/bills/{portal.bruno_statement}")


def test_a_kept_bill_tells_what_was_paid_since_what_is_asked_about_and_speaks_the_language_chosen(
    portal: Portal,
) -> None:
    """$100.60, of which $40.00 is paid; then a line is disputed."""
    browser, address = portal.signed_in(portal.clinic.alma), f"/portal/bills/{portal.alma_statement}"
    first = page(browser, address)
    assert page(browser, address) == first
    assert "Cómo llegamos a esto" in page(browser, f"{address}?lang=es")
    assert page(browser, f"{address}?lang=en").replace("?lang=en", "") == first.replace("?lang=en", "")
    cash = DeskPayment(portal.clinic.alma, 40_00, "cash", "desk:1")
    with connection.opened():
        take_desk_payments(portal.clinic.practice, [cash], by=BILLER, now=NOW + timedelta(hours=1), today=TODAY)
    paid = page(browser, address)
    assert "$60.60" in paid
    assert "−$40.00" in paid
    assert "On hold" not in paid
    opened(portal)
    assert "On hold" in page(browser, address)


def test_a_kept_bill_shows_the_clinic_as_it_is_and_the_day_that_it_is(portal: Portal) -> None:
    """The clinic gets another telephone. What was drawn today is not shown tomorrow: what a day decides may be over."""
    browser, address = portal.signed_in(portal.clinic.alma), f"/portal/bills/{portal.alma_statement}"
    page(browser, address)
    with connection.opened(), connection.write():
        connection.run("update practice set phone = '5550107777'")
    assert "(555) 010-7777" in page(browser, address)
    secret = sessions.start(portal.clinic.practice, patient=portal.clinic.alma, address="::1", now=NOW + DAY)
    tomorrow = Browser(portal.app).hold(secret)
    with time_machine.travel(NOW + timedelta(minutes=10), tick=False):
        assert drawn_for(browser, address) == 0
    with time_machine.travel(NOW + DAY, tick=False):
        assert drawn_for(tomorrow, address) == 1


def test_what_is_told_once_is_not_kept(portal: Portal) -> None:
    browser, address = portal.signed_in(portal.clinic.alma), f"/portal/bills/{portal.alma_statement}"
    with browser.client.session_transaction() as session:
        session["_flashes"] = [("ok", "Thank you for asking.")]
    assert "Thank you for asking." in browser.get(address).text
    assert "Thank you for asking." not in page(browser, address)


def test_the_token_on_a_kept_bill_is_the_visitors_own(portal: Portal) -> None:
    """Two browsers of one patient: with what stands on the page each signs itself out, and only itself."""
    address = f"/portal/bills/{portal.alma_statement}"
    one, other = portal.signed_in(portal.clinic.alma), portal.signed_in(portal.clinic.alma)
    tokens = [TOKEN.findall(browser.get(address).text)[0].split('"')[3] for browser in (one, other)]
    assert one.post("/portal/sign-out", {"csrf_token": tokens[1]}, token=False).status_code == 400
    assert one.post("/portal/sign-out", {"csrf_token": tokens[0]}, token=False).status_code == 303
    assert one.get(address).status_code == 303, "out at once, though the page is kept"
    assert other.get(address).status_code == 200


def drawn_for(browser: Browser, address: str) -> int:
    """How many pages are drawn for one look."""
    with patch.object(kept_page, "_page", wraps=kept_page._page) as draw:
        assert browser.get(address).status_code == 200
    return draw.call_count


def test_each_time_a_kept_bill_is_shown_leaves_its_audit_row(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    for _ in range(3):
        browser.get(f"/portal/bills/{portal.alma_statement}")
    with connection.opened():
        rows = tables.Audit.select().where(tables.Audit.action == "statement.read")
        assert [row.patient for row in rows] == [portal.clinic.alma] * 3
