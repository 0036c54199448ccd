"""By keyboard alone on a phone: an estimate, a bill far above it, the warning; financial help asked for, granted, nothing owed."""

from collections.abc import Iterator

import pytest

from claims_service import clock
from claims_service.domain.ledger.accounts import PATIENT_OWES
from claims_service.store import connection, journal
from tests.browser.visits import PHONE, OpenPage, served
from tests.interfaces.portal.conftest import Portal
from tests.interfaces.portal.test_dispute_in_browser import clean, come_in, fits, press, reach, secret_of
from tests.patient import visits
from tests.patient.visits import Line

pytestmark = pytest.mark.browser


@pytest.fixture
def address(living_portal: Portal) -> Iterator[str]:
    with served(living_portal.app) as found:
        yield found


def test_a_bill_far_above_its_estimate_waits_and_then_tells_the_right_to_dispute(
    living_portal: Portal, address: str, open_page: OpenPage
) -> None:
    """Alma pays herself and is told $120.00; the visit costs $550.00: held, let go with a reason, and the bill says so."""
    portal, clinic = living_portal, living_portal.clinic
    with connection.opened():
        today = clock.today("America/Los_Angeles")
    desk = open_page(f"{address}/staff/sign-in", width=PHONE)
    come_in(portal, desk, secret_of(portal, "manager"), f"/staff/patients/{clinic.alma}/estimates/new")
    reach(desk, desk.locator("#planned_on"))
    desk.keyboard.type(f"{today:%m/%d/%Y}")
    press(desk, desk.get_by_label("The patient does not want the plan used"), "Space")
    reach(desk, desk.get_by_label("Line 1 service"))
    desk.keyboard.type("99213")
    press(desk, desk.get_by_role("button", name="Give the estimate"))
    desk.get_by_text("The patient pays $120.00.").wait_for()
    fits(desk)

    with connection.opened():
        visits.sent(clinic, [Line("99213", 550_00, words="Doctor visit")], on=today, plan=False)
    desk.goto(f"{address}/staff/statements")
    press(desk, desk.locator("main").get_by_role("button", name="Bill").first)
    desk.get_by_text("1 visit held: far above the estimate.").wait_for()
    desk.goto(f"{address}/staff/estimates")
    desk.get_by_text("$430.00").wait_for()
    fits(desk)
    clean(desk, ("en",))
    reach(desk, desk.get_by_label("Why the bill is right"))
    desk.keyboard.type("The visit took longer: a wound was closed.")
    press(desk, desk.get_by_role("button", name="Let this bill go"))
    desk.get_by_text("Released: the bill is out").wait_for()

    page = open_page(f"{address}/portal/sign-in", width=PHONE)
    come_in(portal, page, secret_of(portal, "alma"), "/portal/bills")
    press(page, page.locator("main").get_by_role("link", name="S1-").first)
    page.get_by_text("This is more than we told you.").wait_for()
    page.get_by_text("We now bill $550.00").wait_for()
    fits(page)
    clean(page)


def test_help_that_is_granted_takes_the_balance_away(living_portal: Portal, address: str, open_page: OpenPage) -> None:
    """Alma owes $100.60 and lives alone on $20,000.00 a year: the scale takes all of it off."""
    portal, clinic = living_portal, living_portal.clinic
    page = open_page(f"{address}/portal/sign-in", width=PHONE)
    come_in(portal, page, secret_of(portal, "alma"), "/portal/assistance")
    clean(page)
    reach(page, page.locator("#household"))
    page.keyboard.type("1")
    reach(page, page.locator("#income"))
    page.keyboard.type("20,000")
    press(page, page.get_by_role("button", name="Ask for help"))
    page.get_by_text("Your bills rest until we answer.").wait_for()
    fits(page)
    clean(page)

    desk = open_page(f"{address}/staff/sign-in", width=PHONE)
    come_in(portal, desk, secret_of(portal, "biller"), "/staff/assistance")
    press(desk, desk.locator("main").get_by_role("link", name="A1-"))
    desk.get_by_text("$100.60").first.wait_for()
    press(desk, desk.get_by_role("button", name="Decide and write the letter"))
    desk.get_by_role("heading", name="The decision").wait_for()
    fits(desk)

    page.reload()
    page.get_by_text("Your bills are forgiven").first.wait_for()
    clean(page)
    press(page, page.get_by_role("link", name="See your bills"))
    page.wait_for_url("**/portal/bills")
    with connection.opened():
        assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 0
