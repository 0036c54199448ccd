"""A plan in a real Chromium on a phone, by keyboard alone: link, bill, plan, first payment, receipt."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page

from claims_service import clock
from claims_service.access import portal_links
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.store import connection, journal
from tests.browser.visits import PHONE, OpenPage, served
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_in_browser import looks_right

pytestmark = pytest.mark.browser
MOST_TABS = 60


@pytest.fixture
def address(living_portal: Portal) -> Iterator[str]:
    with served(living_portal.app) as found:
        yield found


def reached(page: Page, target: Locator) -> None:
    """Tab until the target has the focus, as one does without a mouse."""
    for _ in range(MOST_TABS):
        if target.evaluate("it => it === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} is not reached by keyboard on {page.url}")


def pressed(page: Page, role: str, name: str) -> None:
    reached(page, page.get_by_role(role, name=name).first)  # type: ignore[arg-type]
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def looked_at(page: Page) -> None:
    looks_right(page)
    page.set_viewport_size({"width": PHONE, "height": 844})


@pytest.mark.parametrize(
    "words",
    [
        ("Open my bill", "See why and pay", "Pay over time", "Continue", "I agree to this plan", "Pay $25.15", "Pay $25.15 now",
         "Agreed. Thank you.", "Paid. Thank you, Alma.", "Plan: 1 of 4 paid, next $25.15 on"),
        ("Abrir mi factura", "Vea por qué y pague", "Pague a plazos", "Continuar", "Acepto este plan", "Pagar $25.15",
         "Pagar $25.15 ahora", "Acordado. Gracias.", "Pagado. Gracias, Alma.", "Plan: 1 de 4 pagados, el próximo de $25.15 el"),
    ],
    ids=["english", "spanish"],
)  # fmt: skip
def test_a_plan_is_made_and_its_first_payment_paid_by_keyboard_on_a_phone(
    living_portal: Portal, address: str, open_page: OpenPage, words: tuple[str, ...]
) -> None:
    """Alma owes $100.60, chooses four payments of $25.15, agrees, pays the first and owes $75.45."""
    enter, see, over_time, go_on, agree, pay, pay_now, thanks, receipt, line = words
    spanish = enter != "Open my bill"
    with connection.opened():
        token = portal_links.make(living_portal.clinic.practice, living_portal.clinic.alma, by=COMMAND, now=clock.now())
    page = open_page(f"{address}/portal/link/{token}{'?lang=es' if spanish else ''}")
    page.set_viewport_size({"width": PHONE, "height": 844})
    reached(page, page.locator("#birth"))
    page.keyboard.type("01/01/1980")
    pressed(page, "button", enter)
    pressed(page, "link", see)
    pressed(page, "link", over_time)
    looked_at(page)
    reached(page, page.locator("input[name=months]").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    pressed(page, "button", go_on)
    looked_at(page)
    pressed(page, "button", agree)
    page.get_by_text(thanks).wait_for()
    looked_at(page)
    pressed(page, "button", pay)
    pressed(page, "button", pay_now)
    pressed(page, "button", "good test card")
    page.get_by_role("heading", name=receipt).wait_for()
    page.get_by_text(line).first.wait_for()
    looked_at(page)
    with connection.opened():
        clinic = living_portal.clinic
        assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 75_45
