"""Parts 8 and 9 in a real Chromium, by keyboard alone: work is given and snoozed, a claim corrected, its versions compared."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from claims_service.store.connection import run
from tests.browser.axe import violations
from tests.browser.visits import OpenPage, served
from tests.browser.visits import open_page as open_page  # noqa: PLC0414 - a fixture
from tests.interfaces.staff.billing_desk import BillingDesk
from tests.interfaces.staff.test_staff_in_browser import signed_in
from tests.workflow.receipts import accepted

pytestmark = pytest.mark.browser


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller | None]:
    """Real time: the browser keeps its own."""
    with time_machine.travel("2026-11-20T17:00:00Z", tick=True) as moved:
        yield moved


def test_part_9_a_queue_is_worked_through_by_keyboard(app: Flask, billing: BillingDesk, open_page: OpenPage) -> None:
    """g w opens the queues, j and x select, a gives, h snoozes for a week; what sleeps is gone from the list."""
    for n in range(2):
        billing.coded(once=f"s{n}", served_on=f"10/{20 + n}/2026", **{"lines-1-code": "11102"})
    me = str(run("select name from app_user order by id desc").fetchone()[0])
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in"), address, billing)
        page.locator("main").focus()
        page.keyboard.press("g")
        page.keyboard.press("w")
        page.wait_for_url("**/staff/queues")
        assert violations(page) == []
        page.keyboard.press("?")
        assert page.locator("dialog#keys").get_by_text("Snooze the selected").is_visible()
        page.keyboard.press("Escape")
        for key in ("j", "x", "a"):
            page.keyboard.press(key)
        page.keyboard.type(me[:3])
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text(f"1 claim given to {me}.").wait_for()
        for key in ("j", "x", "h"):
            page.keyboard.press(key)
        page.keyboard.type("t+7")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_text("snoozed until").wait_for()
        assert page.locator("table[data-list] tbody tr").count() == 1


def test_part_8_a_claim_is_corrected_and_compared_by_keyboard(
    app: Flask, billing: BillingDesk, open_page: OpenPage
) -> None:
    """e opens the form, Ctrl+Enter sends the replacement, v shows both versions with what changed in words."""
    (old,) = accepted(billing.clinic)
    with served(app) as address:
        page = signed_in(open_page(f"{address}/staff/sign-in"), address, billing)
        page.goto(f"{address}/staff/claims/{old.id}")
        assert violations(page) == []
        page.keyboard.press("e")
        page.wait_for_url("**/correct")
        assert violations(page) == []
        page.locator("#lines-1-code").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("36415")
        page.keyboard.press("Escape")
        page.keyboard.press("Control+Enter")
        page.get_by_text("Corrected and sent.").wait_for()
        page.keyboard.press("v")
        page.wait_for_url("**/versions")
        assert violations(page) == []
        told = page.locator("main").inner_text()
        assert "Service 2, code" in told
        assert "Changed" in told
        assert "Member number" not in told
