"""The portal in a real Chromium: nothing for axe to find, no sideways scrolling, and a bill paid with scripts off."""

from collections.abc import Iterator
from typing import Literal

import pytest
from playwright.sync_api import Page

from claims_service import clock
from claims_service.access import portal_links
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.store import connection, journal
from tests.browser.axe import violations
from tests.browser.visits import NARROWEST, PHONE, WIDE, OpenPage, served
from tests.interfaces.portal.conftest import Portal

pytestmark = pytest.mark.browser


@pytest.fixture
def address(living_portal: Portal) -> Iterator[str]:
    with served(living_portal.app) as found:
        yield found


def open_bill(portal: Portal, address: str, open_page: OpenPage, *, scripts: bool = True) -> Page:
    """Come in by a link and the date of birth."""
    with connection.opened():
        token = portal_links.make(portal.clinic.practice, portal.clinic.alma, by=COMMAND, now=clock.now())
    page = open_page(f"{address}/portal/link/{token}", scripts=scripts)
    page.get_by_label("Date of birth").fill("01/01/1980")
    page.get_by_role("button", name="Open my bill").click()
    page.get_by_role("link", name="See why and pay").click()
    return page


def looks_right(page: Page) -> None:
    """On a desk by day and on a phone by night; no sideways scrolling on the narrowest one."""
    looks: tuple[tuple[int, Literal["light", "dark"]], ...] = ((WIDE, "light"), (PHONE, "dark"))
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        assert violations(page) == [], page.url
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, page.url


def test_a_bill_is_understood_and_paid_without_javascript(
    living_portal: Portal, address: str, open_page: OpenPage
) -> None:
    """Alma opens her link, reads why, pays $40.60 of $100.60, and sees that $60.00 stay open."""
    page = open_bill(living_portal, address, open_page, scripts=False)
    page.get_by_text("Heart tracing (ECG)").first.click()
    page.get_by_text("This service used $42.00 of your deductible.").wait_for()
    page.get_by_role("link", name="Pay $100.60").click()
    page.locator("input[value=other]").check()
    page.locator("#other").fill("40.60")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Pay $40.60 now").click()
    page.get_by_role("button", name="good test card").click()
    page.get_by_role("heading", name="Paid. Thank you, Alma.").wait_for()
    page.get_by_text("Still open on this bill: $60.00").wait_for()
    with connection.opened():
        clinic = living_portal.clinic
        assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 60_00
