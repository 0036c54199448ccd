"""Part 7, answers, in a real Chromium: one press asks the insurer, and what it says stands on the page."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.demo_site import DemoSite, demo_served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demo_served(pytestconfig, tmp_path_factory.mktemp("demo")) as found:
        yield found


@pytest.fixture
def page(browser: "Browser", site: DemoSite) -> Iterator["Page"]:
    context = browser.new_context(viewport={"width": 390, "height": 844}, base_url=site.address)
    site.enter(context, "biller")
    yield context.new_page()
    context.close()


def test_the_front_desk_asks_on_a_phone_and_reads_what_to_collect(site: DemoSite, page: "Page") -> None:
    """Gideon's plan with Northfold: $25.00 for the visit, the deductible is used up, an ultrasound needs an approval."""
    (gideon,) = site.ids("select id from patient where reference = 'LF0031'")
    page.goto(f"/staff/patients/{gideon}")

    page.get_by_role("button", name="Check again").click()

    card = page.get_by_role("region", name="Coverage check").or_(page.locator("#cover")).first
    assert "The insurer answered about the cover." in page.inner_text("body")
    for words in ("Active", "$25.00", "$0.00 left of $750.00", "10%", "76700"):
        assert words in card.inner_text(), words
    assert "Used up" in page.locator("#approvals").inner_text()


def test_an_approval_is_recorded_and_told_on_the_visit_form(site: DemoSite, page: "Page") -> None:
    (nadia,) = site.ids("select id from patient where reference = 'LF0001'")
    page.goto(f"/staff/patients/{nadia}/approvals")

    page.get_by_label("Approval number").fill("QH-5501")
    page.get_by_label("Visits allowed").fill("3")
    page.get_by_role("button", name="Save the approval").click()
    page.goto(f"/staff/visits/new/{nadia}")

    assert "On file: QH-5501, 3 visits left" in page.inner_text("main")
