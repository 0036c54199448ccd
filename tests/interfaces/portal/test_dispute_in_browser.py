"""A dispute by keyboard alone on a phone: bill, line, hold, the staff's answer, credit, new bill; and nothing for axe to find."""

from collections.abc import Iterator
from typing import Literal

import pytest
from itsdangerous import URLSafeTimedSerializer
from playwright.sync_api import Locator, Page

from claims_service import clock
from claims_service.access import guard, people, sessions
from claims_service.domain.actor import COMMAND
from claims_service.domain.ledger.accounts import PATIENT_OWES, WRITE_OFF
from claims_service.store import connection, journal
from tests.browser.axe import violations
from tests.browser.visits import NARROWEST, PHONE, OpenPage, served
from tests.interfaces.portal.conftest import Portal

pytestmark = pytest.mark.browser
MOST_TABS = 120


@pytest.fixture
def address(living_portal: Portal) -> Iterator[str]:
    with served(living_portal.app) as found:
        yield found


def come_in(portal: Portal, page: Page, secret: str, path: str) -> Page:
    """Hold a session's cookie, as signing in gives it, and open a page."""
    interface = portal.app.session_interface
    serializer = interface.get_signing_serializer(portal.app)  # type: ignore[attr-defined]
    assert isinstance(serializer, URLSafeTimedSerializer)
    origin = "/".join(page.url.split("/")[:3])
    page.context.add_cookies([{"name": "claims", "value": str(serializer.dumps({"key": secret})), "url": origin}])
    page.goto(origin + path)
    return page


def secret_of(portal: Portal, role: str) -> str:
    """A living session: "alma", or somebody of the staff."""
    practice = portal.clinic.practice
    with connection.opened():
        if role == "alma":
            return sessions.start(practice, patient=portal.clinic.alma, address="127.0.0.1", now=clock.now())
        newcomer = people.Newcomer(f"{role}@example.org", "Priya Castellane", role, "quiet-otter-paints-violins", None)
        passwords = guard.access_of(portal.app).passwords
        user = people.add(practice, newcomer, passwords=passwords, by=COMMAND, now=clock.now())
        return sessions.start(practice, user=user, address="127.0.0.1", now=clock.now())


def reach(page: Page, wanted: Locator) -> None:
    """Press Tab until the focus is there."""
    wanted.wait_for()
    for _ in range(MOST_TABS):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    reach(page, wanted)
    page.keyboard.press(key)


def fits(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE, page.url


def clean(page: Page, languages: tuple[str, ...] = ("en", "es")) -> None:
    """In each language, by day and by night, and narrow."""
    where = page.url.partition("?")[0]
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for language in languages:
        page.goto(f"{where}?lang={language}")
        for scheme in schemes:
            page.emulate_media(color_scheme=scheme)
            assert violations(page) == [], page.url
        page.set_viewport_size({"width": NARROWEST, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, page.url
        page.set_viewport_size({"width": PHONE, "height": 900})
    page.goto(f"{where}?lang=en")


def test_a_dispute_is_made_answered_and_credited_by_keyboard_on_a_phone(
    living_portal: Portal, address: str, open_page: OpenPage
) -> None:
    """Alma disputes the heart tracing, $42.00 waits; Priya takes it off; the new bill asks for $58.60 and says why."""
    portal = living_portal
    page = open_page(f"{address}/portal/sign-in", width=PHONE)
    come_in(portal, page, secret_of(portal, "alma"), f"/portal/bills/{portal.alma_statement}")
    press(page, page.locator("#line-2 summary"))
    press(page, page.locator("#line-2").get_by_role("link", name="Something is wrong here"))
    assert page.get_by_label("Heart tracing").is_checked()
    press(page, page.locator("input[name=reason]").first, "Space")
    reach(page, page.locator("#words"))
    page.keyboard.type("The nurse said it was not done.")
    fits(page)
    press(page, page.get_by_role("button", name="Send"))
    page.get_by_text("$42.00 is on hold. You need not pay it now.").wait_for()
    fits(page)
    dispute = page.url.partition("?")[0].rpartition("/")[2]
    press(page, page.get_by_role("link", name="Bills", exact=True))
    press(page, page.locator("main").get_by_role("link", name="S1-").first)
    page.get_by_role("link", name="Pay $58.60").wait_for()

    desk = open_page(f"{address}/staff/sign-in", width=PHONE)
    come_in(portal, desk, secret_of(portal, "biller"), "/staff/disputes")
    press(desk, desk.locator("main").get_by_role("link", name="D1-1001"))
    desk.get_by_text("The nurse said it was not done.").wait_for()
    press(desk, desk.locator("input[value=upheld]"), "ArrowDown")
    desk.keyboard.press("ArrowDown")
    assert desk.locator("input[value=credited]").is_checked()
    reach(desk, desk.get_by_label("Take off: Heart tracing (ECG)"))
    desk.keyboard.type("42.00")
    reach(desk, desk.locator("#answer"))
    desk.keyboard.type("The notes show no heart tracing on that day. We take it off.")
    fits(desk)
    press(desk, desk.get_by_role("button", name="Answer", exact=True))
    desk.get_by_text("A new statement that says so is out.").wait_for()
    fits(desk)

    page.goto(f"{address}/portal/questions/{dispute}")
    page.get_by_text("We took $42.00 off your bill.").wait_for()
    press(page, page.get_by_role("link", name="See your bills"))
    press(page, page.locator("main").get_by_role("link", name="S1-").first)
    page.get_by_text("You asked about Heart tracing (ECG). We took $42.00 off.").wait_for()
    page.get_by_role("link", name="Pay $58.60").wait_for()
    fits(page)
    with connection.opened():
        clinic = portal.clinic
        assert journal.balance(clinic.practice, PATIENT_OWES, patient=clinic.alma) == 58_60
        assert journal.balance(clinic.practice, WRITE_OFF) == 42_00


def test_axe_finds_nothing_on_the_pages_of_a_dispute_in_either_language_or_scheme(
    living_portal: Portal, address: str, open_page: OpenPage
) -> None:
    portal = living_portal
    page = open_page(f"{address}/portal/sign-in", width=PHONE)
    come_in(portal, page, secret_of(portal, "alma"), f"/portal/bills/{portal.alma_statement}/question")
    clean(page)
    page.locator("input[name=line]").nth(1).check()
    page.locator("input[value=billed_twice]").check()
    page.get_by_role("button", name="Send").click()
    page.get_by_text("We got it. Thank you.").wait_for()
    clean(page)
    question = page.url.partition("?")[0]
    page.goto(f"{address}/portal/questions")
    clean(page)
    page.goto(f"{address}/portal/bills/{portal.alma_statement}")
    page.locator("#line-2 summary").click()
    assert violations(page) == []
    clean(page)

    desk = open_page(f"{address}/staff/sign-in", width=PHONE)
    come_in(portal, desk, secret_of(portal, "manager"), "/staff/disputes")
    for where in ("/staff/disputes", f"/staff/disputes/{question.rpartition('/')[2]}", "/staff/disputes/report"):
        desk.goto(address + where)
        clean(desk, ("en",))
    desk.goto(f"{address}/staff/statements/{portal.alma_statement}/dispute")
    clean(desk, ("en",))
    desk.goto(question.replace("/portal/questions/", "/staff/disputes/"))
    desk.locator("input[value=upheld]").check()
    desk.locator("#answer").fill("Two tests were done, at nine and at noon.")
    desk.get_by_role("button", name="Answer", exact=True).click()
    desk.get_by_text("The letter (PDF)").wait_for()
    clean(desk, ("en",))
    page.goto(question)
    clean(page)
