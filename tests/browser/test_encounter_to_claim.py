"""From the encounter to the accepted claim in a real Chromium: each part that has a screen, on the demo clinic."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.browser.building import keeping_a_rule
from tests.browser.demo_site import DemoSite, demo_served
from tests.browser.visits import PHONE, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Enter = Callable[..., "Page"]
ONE_PATIENT = "select id from patient where reference = 'LF0001'"
CORRECTED = "select id from claim where frequency = '7' and sequence = 'P'"


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demo_served(pytestconfig, tmp_path_factory.mktemp("demo")) as found:
        yield found


@pytest.fixture
def enter(site: DemoSite, browser: "Browser") -> Iterator[Enter]:
    """`enter("biller", "/staff/claims/{}", sql, width=PHONE)`: a page of somebody who is signed in."""
    contexts = []

    def opened(who: str, path: str, sql: str = "", *, width: int = WIDE) -> "Page":
        context = browser.new_context(viewport={"width": width, "height": 900})
        contexts.append(context)
        site.enter(context, who)
        page = context.new_page()
        page.goto(site.address + path.format(*site.ids(sql)))
        return page

    yield opened
    for context in contexts:
        context.close()


def test_part_1_a_press_on_the_superbill_puts_a_code_on_the_visit_and_the_checks_run_at_once(enter: Enter) -> None:
    """A level 3 visit by one press: its price stands beside the form, and what is missing is said before anything is sent."""
    page = enter("front_desk", "/staff/visits/new/{}", ONE_PATIENT)

    page.get_by_role("button", name="99213").first.click()

    assert page.locator("#lines-0-code").input_value() == "99213"
    page.get_by_text("$165.00").first.wait_for()
    page.get_by_text("They run as you type.").wait_for(state="hidden")


def test_part_2_a_diagnosis_is_found_by_words(enter: Enter) -> None:
    page = enter("front_desk", "/staff/visits/new/{}", ONE_PATIENT)

    page.locator("#diagnosis-0").press_sequentially("blood pressure")
    page.locator(".hits li").first.wait_for()
    page.keyboard.press("Enter")

    assert page.locator("#diagnosis-0").input_value() == "I10"


def test_part_3_a_price_is_tried_and_explained(enter: Enter) -> None:
    """Quillhaven agreed on $121.00 for a level 3 visit; the page says which line of which contract."""
    page = enter("biller", "/staff/contracts/price")
    page.select_option("#payer", label="Quillhaven Health")
    page.fill("#code", "99213")

    page.get_by_role("button", name="Show the price").click()

    assert "$121.00 is expected." in page.locator("main").inner_text()


def test_part_4_a_manager_builds_tries_and_switches_on_a_rule(enter: Enter) -> None:
    page = enter("manager", "/staff/rules/new")

    keeping_a_rule(page)

    assert page.get_by_role("button", name="Switch off").is_visible()


def test_part_5_a_claim_is_printed_from_its_page(enter: Enter) -> None:
    page = enter("biller", "/staff/claims/{}", CORRECTED)
    address = page.get_by_role("link", name="Readable form (PDF)").get_attribute("href")

    paper = page.request.get(page.url.partition("/staff")[0] + str(address))

    assert (paper.status, paper.body()[:5]) == (200, b"%PDF-")


def test_part_6_a_file_that_nobody_fetched_is_told_with_its_limit(enter: Enter) -> None:
    """Quillhaven's last file has lain in its mailbox for longer than 48 hours, or will: the page says what is awaited."""
    page = enter("biller", "/staff/deliveries")

    told = page.locator("main").inner_text()

    assert "Nothing is stuck" in told
    assert "Its download" in told or "Nobody is late" in told
    assert "Every insurer fetches its files here" in told


def test_part_7_the_front_desk_sees_on_a_phone_who_comes_tomorrow_and_what_to_collect(enter: Enter) -> None:
    page = enter("front_desk", "/staff", width=PHONE)

    page.get_by_role("link", name="Tomorrow:").click()
    page.get_by_role("link", name="Nadia Brennholt").click()

    cover = page.locator("#cover").inner_text()
    assert "Active" in cover
    assert "Copay, office visit" in cover


def test_part_8_two_versions_of_a_corrected_claim_stand_side_by_side(enter: Enter) -> None:
    """Level 2 was billed, level 3 was right: code and charge changed, and the insurer's number of the first is named."""
    page = enter("biller", "/staff/claims/{}", CORRECTED)

    page.get_by_role("link", name="Compare two versions").click()

    told = page.locator("main").inner_text()
    for words in ("99212", "99213", "$105.00", "$165.00", "Replacement (7)", "Insurer’s number of the earlier claim"):
        assert words in told, words


def test_part_9_a_claim_of_a_queue_is_noted_and_snoozed_and_leaves_until_its_day(enter: Enter) -> None:
    page = enter("biller", "/staff/queues?queue=held")
    number = page.locator("tbody th a").first.inner_text()

    page.locator("tbody input[type=checkbox]").first.check()
    page.fill("#until", "t+7")
    page.get_by_role("button", name="Snooze").click()

    page.get_by_text("1 claim snoozed until").wait_for()
    assert number not in page.locator("tbody").inner_text()
    page.get_by_role("link", name="Snoozed").click()
    assert number in page.locator("tbody").inner_text()
