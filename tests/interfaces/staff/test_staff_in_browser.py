"""The staff site in a real Chromium: usable by keyboard and on a phone, by day and night, and faultless for axe."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.visits import OpenPage, served
from tests.browser.visits import open_page as open_page  # noqa: PLC0414 - a fixture
from tests.code_files import import_icd10cm
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.workflow.billed_clinic import billed, remittance
from tests.workflow.cycle import sent

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller | None]:
    """Real time: the browser keeps its own."""
    with time_machine.travel("2026-11-20T17:00:00Z", tick=True) as moved:
        yield moved


@pytest.fixture
def desk(billing: BillingDesk) -> BillingDesk:
    """A day with something in every list: answered, stopped, ready, held."""
    billed(billing.clinic)
    billing.coded(once="stopped", served_on="10/30/2026", **{"lines-1-code": "11102"})
    claim = billing.coded(once="sent", served_on="10/29/2026", do="send")
    billing.coded(once="ready", served_on="10/28/2026")
    content = (
        remittance(billing.clinic, [claim]).replace(b"EFT0001", b"EFT0002").replace(b"BPR*I*97.5*", b"BPR*I*98.5*")
    )
    assert "held" in billing.upload(content).lower()
    return billing


def signed_in(page: Page, address: str, desk: BillingDesk) -> Page:
    cookie = desk.browser.cookie()
    page.context.add_cookies([{"name": "claims", "value": cookie, "url": address}])
    page.goto(f"{address}/staff")
    return page


def test_a_visit_is_coded_and_sent_without_the_mouse(app: Flask, billing: BillingDesk, open_page: OpenPage) -> None:
    """Look-up by words, the running price while typing, Ctrl+Enter sends: $120.00."""
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in"), address, billing)
        page.goto(f"{address}/staff/visits/new/{billing.clinic.alma}")
        page.locator("#served_on").fill("11/10/2026")
        page.locator("#diagnosis-0").focus()
        page.keyboard.type("cold")
        page.locator(".hits li").first.wait_for()
        page.keyboard.press("Enter")
        assert page.locator("#diagnosis-0").input_value() == "J06.9"
        page.locator("#lines-0-code").focus()
        page.keyboard.type("office")
        page.locator(".hits li").first.wait_for()
        page.keyboard.press("Tab")
        page.locator("#outlook").get_by_text("$120.00").first.wait_for()
        assert violations(page) == []
        page.keyboard.press("Control+Enter")
        page.get_by_role("heading", name="Claim C").wait_for()
        page.get_by_text("Saved and sent.").wait_for()


def test_look_up_asks_for_the_day_that_is_typed(app: Flask, billing: BillingDesk, open_page: OpenPage) -> None:
    """R50.8 ended on September 30, so a visit of that day is offered it, whenever it is coded."""
    import_icd10cm(2026, ["J069", "R508 Other fever"])
    import_icd10cm(2027, ["J069"])
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in"), address, billing)
        page.goto(f"{address}/staff/visits/new/{billing.clinic.alma}")
        page.locator("#served_on").fill("09/30/2026")
        page.locator("#diagnosis-0").press_sequentially("other fev")
        page.locator(".hits li").first.wait_for()
        assert "R50.8" in page.locator(".hits li").first.inner_text()


def test_a_long_list_of_codes_leaves_its_field_in_sight(app: Flask, billing: BillingDesk, open_page: OpenPage) -> None:
    """Twelve codes in long words on a phone: what is typed stays readable, and the arrow keys bring the last code into view."""
    import_icd10cm(
        2027,
        [
            f"E08{number:02} Diabetes mellitus due to an underlying condition, {'of a kind ' * 5}"
            for number in range(15)
        ],
    )
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in", width=390), address, billing)
        page.goto(f"{address}/staff/visits/new/{billing.clinic.alma}")
        field, hits = page.locator("#diagnosis-0"), page.locator(".hits")
        field.press_sequentially("diabetes")
        hits.locator("li").nth(11).wait_for(state="attached")
        page.keyboard.press("ArrowUp")
        place, shown, last = field.bounding_box(), hits.bounding_box(), hits.locator("li").last.bounding_box()
        assert place is not None
        assert shown is not None
        assert last is not None
        assert shown["y"] + shown["height"] <= place["y"] or shown["y"] >= place["y"] + place["height"]
        assert shown["y"] <= last["y"] + 1
        assert last["y"] + last["height"] <= shown["y"] + shown["height"] + 1


def test_everything_works_without_scripts(app: Flask, billing: BillingDesk, open_page: OpenPage) -> None:
    """The same visit by plain form, then sent from the claim."""
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in", scripts=False), address, billing)
        page.goto(f"{address}/staff/visits/new/{billing.clinic.alma}")
        page.fill("#served_on", "11/10/2026")
        page.fill("#diagnosis-0", "j06.9")
        page.fill("#lines-0-code", "99213")
        page.click("text=Check and price")
        page.locator("#outlook").get_by_text("$120.00").first.wait_for()
        page.click("button[value=save]")
        page.click("text=Send now")
        page.get_by_text("Sent 1 claim to Quillhaven Health: $120.00.").wait_for()


def test_a_visit_is_coded_from_the_superbill_by_keyboard(app: Flask, billing: BillingDesk, open_page: OpenPage) -> None:
    """Tab to a code, Enter puts it on; arrow down in an empty field shows what the clinic uses; Ctrl+Enter sends: $120.00."""
    billing.coded(once="before", served_on="11/02/2026")
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in"), address, billing)
        page.goto(f"{address}/staff/visits/new/{billing.clinic.bruno}")
        page.locator("#served_on").fill("11/10/2026")
        page.locator("#rendering").select_option(str(billing.clinic.doctor))
        page.locator('[data-adds="procedure"][data-code="99213"]').first.focus()
        page.keyboard.press("Enter")
        assert page.locator("#lines-0-code").input_value() == "99213"
        assert page.locator("[data-added]").inner_text() == "99213 is line 1 now."
        page.keyboard.press("Enter")
        assert page.locator("#lines-1-code").input_value() == ""
        page.locator("#diagnosis-0").focus()
        page.keyboard.press("ArrowDown")
        page.locator(".hits li").first.wait_for()
        page.keyboard.press("Enter")
        assert page.locator("#diagnosis-0").input_value() == "J06.9"
        assert violations(page) == []
        page.keyboard.press("Control+Enter")
        page.get_by_text("Saved and sent.").wait_for()
        assert "$120.00" in page.locator("main").inner_text()


def test_a_paper_remittance_shows_what_is_missing_while_it_is_typed(
    app: Flask, billing: BillingDesk, open_page: OpenPage
) -> None:
    """$87.00 on the check; each amount typed lowers what is missing, and the last one brings the line and the check to $0.00."""
    (head,) = sent(billing.clinic)
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in"), address, billing)
        page.goto(f"{address}/staff/remittances/paper")
        page.locator("#claims").fill(head.control_number)
        page.click("text=Show their services")
        page.locator("#paid").fill("87.00")
        says = page.locator("[data-difference]")
        assert says.inner_text() == "Check less its parts: $87.00. 2 lines are off."
        first, second = f"{head.id}-1", f"{head.id}-2"
        for name, text in (("paid-" + first, "65"), ("discount-" + first, "30.00"), ("copay-" + first, "25")):
            page.locator(f"[name={name}]").fill(text)
        assert says.inner_text() == "Check less its parts: $22.00. 1 line is off."
        page.locator(f"[name=paid-{second}]").fill("22")
        page.locator(f"[name=discount-{second}]").fill("8")
        assert says.inner_text() == "Check less its parts: $0.00."
        assert page.locator("[data-off]").all_inner_texts() == ["$0.00", "$0.00"]
