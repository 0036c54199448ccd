"""A pay link in a real Chromium on a phone, by keyboard alone: link, date of birth, bill, a part paid, receipt."""

from collections.abc import Iterator

import pytest

from claims_service import clock
from claims_service.access import guard
from claims_service.access.pay_links import links_of
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.store import connection, journal
from claims_service.workflow.open_pay_links import open_pay_links
from tests.browser.visits import PHONE, OpenPage, served
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_plan_in_browser import looked_at, pressed, reached

pytestmark = pytest.mark.browser


@pytest.fixture
def address(living_portal: Portal) -> Iterator[str]:
    """Of the link of Alma's bill."""
    clinic, bill = living_portal.clinic, living_portal.alma_statement
    with connection.opened():
        made = open_pay_links(clinic.practice, [(bill, clinic.alma)], by=COMMAND, now=clock.now())
    with served(living_portal.app) as site:
        yield f"{site}/portal/pay/{links_of(guard.access_of(living_portal.app).config).token(made[bill])}"


@pytest.mark.parametrize(
    "words",
    [
        ("en", "Open my bill", "Pay a part", "Continue", "Pay $30.60 now", "Paid. Thank you, Alma.", "Receipt as a PDF"),
        ("es", "Abrir mi factura", "Pagar una parte", "Continuar", "Pagar $30.60 ahora", "Pagado. Gracias, Alma.", "Recibo en PDF"),
    ],
    ids=["english", "spanish"],
)  # fmt: skip
def test_a_part_of_the_bill_is_paid_from_the_link_by_keyboard_on_a_phone(
    living_portal: Portal, address: str, open_page: OpenPage, words: tuple[str, ...]
) -> None:
    """Alma scans the code on her bill, pays $30.60 of $100.60 and owes $70.00; every page is clean by day and by night."""
    language, enter, a_part, go_on, pay_now, thanks, receipt = words
    page = open_page(f"{address}?lang={language}")
    page.set_viewport_size({"width": PHONE, "height": 844})
    looked_at(page)
    reached(page, page.locator("#birth"))
    page.keyboard.type("01/01/1980")
    pressed(page, "button", enter)
    page.wait_for_url("**/portal/this-bill")
    looked_at(page)
    pressed(page, "link", a_part)
    looked_at(page)
    reached(page, page.locator("input[name=amount]").first)
    page.keyboard.press("ArrowDown")
    reached(page, page.locator("#other"))
    page.keyboard.type("30.60")
    pressed(page, "button", go_on)
    page.get_by_role("button", name=pay_now).wait_for()
    looked_at(page)
    pressed(page, "button", pay_now)
    pressed(page, "button", "good test card")
    page.get_by_role("heading", name=thanks).wait_for()
    looked_at(page)
    reached(page, page.get_by_role("link", name=receipt))
    with page.expect_download() as paper:
        page.keyboard.press("Enter")
    assert paper.value.suggested_filename.startswith("receipt-")
    with connection.opened():
        clinic = living_portal.clinic
        assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 70_00
