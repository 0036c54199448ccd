"""What is kept of a bill's page is never another's, and never older than what was paid, asked or chosen since."""

import re
from datetime import timedelta

from claims_service.interfaces.portal import drawn
from claims_service.queries.kept import Kept
from claims_service.store import connection, tables
from claims_service.workflow.take_payment import DeskPayment, take_desk_payments
from tests.access.world import Browser
from tests.clinic import BILLER, NOW, TODAY
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_disputes import opened

TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


def page(browser: Browser, address: str) -> str:
    """The page as it comes, which must be the page that is drawn with nothing kept."""
    kept = TOKEN.sub("", browser.get(address).text)
    before, drawn._KEPT = drawn._KEPT, Kept(0)
    try:
        assert TOKEN.sub("", browser.get(address).text) == kept
    finally:
        drawn._KEPT = before
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


def test_each_time_a_kept_bill_is_shown_leaves_its_audit_row(portal: Portal) -> None:
    browser = portal.signed_in(portal.clinic.alma)
    for _ in range(3):
        browser.get(f"/portal/bills/{portal.alma_statement}")
    with connection.opened():
        rows = tables.Audit.select().where(tables.Audit.action == "statement.read")
        assert [row.patient for row in rows] == [portal.clinic.alma] * 3
