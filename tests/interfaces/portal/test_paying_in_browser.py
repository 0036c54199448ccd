"""Choosing visits to pay and turning autopay on, in a real Chromium on a phone, by keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from claims_service import clock
from claims_service.access import portal_links
from claims_service.domain.actor import COMMAND
from claims_service.store import connection, tables
from tests.browser.visits import PHONE, OpenPage, served
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_autopay_pages import by_email
from tests.interfaces.portal.test_paying_visits import second_visit
from tests.interfaces.portal.test_plan_in_browser import looked_at, pressed, reached
from tests.interfaces.portal.test_portal import owed

pytestmark = pytest.mark.browser


@pytest.fixture
def address(living_portal: Portal) -> Iterator[str]:
    with served(living_portal.app) as found:
        yield found


def entered(portal: Portal, address: str, open_page: OpenPage, lang: str) -> Page:
    """Alma, signed in by her link, on a phone."""
    with connection.opened():
        token = portal_links.make(portal.clinic.practice, portal.clinic.alma, by=COMMAND, now=clock.now())
    page = open_page(f"{address}/portal/link/{token}?lang={lang}")
    page.set_viewport_size({"width": PHONE, "height": 844})
    page.locator("#birth").fill("01/01/1980")
    page.keyboard.press("Enter")
    page.wait_for_url("**/portal")
    return page


@pytest.mark.parametrize(
    "words",
    [
        ("en", "Continue", "Pay $200.00 now", "What it paid"),
        ("es", "Continuar", "Pagar $200.00 ahora", "Qué pagó"),
    ],
    ids=["english", "spanish"],
)
def test_one_of_two_visits_is_paid_by_keyboard_on_a_phone(
    living_portal: Portal, address: str, open_page: OpenPage, words: tuple[str, ...]
) -> None:
    """Alma chooses the visit of $200.00 with the space bar and leaves $100.60 open; every page is clean."""
    language, go_on, pay, receipt = words
    statement, own = second_visit(living_portal)
    page = entered(living_portal, address, open_page, language)
    page.goto(f"{address}/portal/bills/{statement}/pay")
    looked_at(page)
    reached(page, page.locator("input[name=amount]").first)
    page.keyboard.press("ArrowDown")
    reached(page, page.locator(f"input[name=visit][value='{own.encounter}']"))
    page.keyboard.press("Space")
    pressed(page, "button", go_on)
    looked_at(page)
    pressed(page, "button", pay)
    pressed(page, "button", "good test card")
    page.get_by_role("heading", name=receipt).wait_for()
    looked_at(page)
    assert owed(living_portal) == 100_60


def test_autopay_is_turned_on_and_stopped_by_keyboard_on_a_phone(
    living_portal: Portal, address: str, open_page: OpenPage
) -> None:
    by_email(living_portal)
    page = entered(living_portal, address, open_page, "en")
    page.goto(f"{address}/portal/autopay")
    looked_at(page)
    pressed(page, "button", "Save a card or bank account")
    pressed(page, "button", "Save a good test card")
    page.wait_for_url("**/portal/autopay")
    looked_at(page)
    reached(page, page.locator("#most"))
    page.keyboard.type("150.00")
    pressed(page, "button", "Continue")
    page.get_by_role("heading", name="Read and agree").wait_for()
    looked_at(page)
    pressed(page, "button", "I agree, turn autopay on")
    page.get_by_role("heading", name="Autopay for new bills is on").wait_for()
    looked_at(page)
    assert [row.most_cents for row in tables.Autopay.select()] == [150_00]
    pressed(page, "button", "Stop this autopay")
    page.get_by_text("Stopped. Nothing more is charged.").wait_for()
    assert [row.ended_at is None for row in tables.Autopay.select()] == [False]
