"""The shared interface in a real Chromium, under the content policy of the service."""

import pytest

from tests.browser.axe import violations
from tests.browser.visits import NARROWEST, PHONE, OpenPage

pytestmark = pytest.mark.browser
PAGES = ["/staff/parts", "/staff/entry", "/portal/bill", "/portal/paid", "/insurer/mailbox", "/sign-in"]


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_by_day_on_a_desk_and_by_night_on_a_phone(site: str, open_page: OpenPage, path: str) -> None:
    page = open_page(site + path)
    assert violations(page) == []
    page.set_viewport_size({"width": PHONE, "height": 900})
    page.emulate_media(color_scheme="dark")
    assert violations(page) == []


def test_no_page_scrolls_sideways_on_the_narrowest_phone(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/sign-in", width=NARROWEST)
    for path in PAGES:
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= NARROWEST, path


def test_the_dark_look_is_remembered(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/portal/bill")
    page.get_by_role("button", name="Light or dark").click()
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_service_is_coded_without_the_mouse(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/staff/entry")
    page.locator("#lines-1-code").focus()
    page.keyboard.press("Enter")
    assert page.locator("#lines-2-service_on").input_value() == "11/18/2026"
    assert page.get_by_role("button", name="Remove line 3").is_visible()
    page.keyboard.type("flu")
    page.get_by_role("option").first.wait_for()
    assert violations(page) == []
    middle = "hit => document.elementFromPoint(hit.getBoundingClientRect().x + 20, hit.getBoundingClientRect().y + 5).closest('li') === hit"
    assert page.get_by_role("option").last.evaluate(middle), "the list is cut off or covered"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#lines-2-code").input_value() == "90662"
    assert page.locator('[data-words-of="lines-2-code"]').inner_text() == "Flu vaccine, high dose, 65 and over"
    page.keyboard.press("Alt+ArrowUp")
    assert page.locator("#lines-2-code").input_value() == "83036"
    page.keyboard.press("Alt+Delete")
    assert page.locator("tbody tr").count() == 2


def test_a_modifier_typed_behind_the_code_moves_to_its_field_and_short_dates_are_written_out(
    site: str, open_page: OpenPage
) -> None:
    page = open_page(f"{site}/staff/entry")
    page.locator("#lines-0-code").fill("99214.25")
    page.locator("#lines-0-service_on").fill("11/3/26")
    page.locator("#lines-0-modifiers").focus()
    assert page.locator("#lines-0-code").input_value() == "99214"
    assert page.locator("#lines-0-modifiers").input_value() == "25"
    assert page.locator("#lines-0-service_on").input_value() == "11/03/2026"


def test_the_keys_work_outside_fields_only_and_can_be_turned_off(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/staff/parts")
    page.locator("#main").focus()
    page.keyboard.press("j")
    assert page.locator("tbody tr.here").count() == 1
    page.keyboard.press("/")
    page.keyboard.type("g?")
    assert page.locator("#find").input_value() == "g?"
    page.locator("#main").focus()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    keys.get_by_role("checkbox").uncheck()
    keys.get_by_role("button", name="Close").click()
    page.locator("#main").focus()
    page.keyboard.press("?")
    assert not keys.is_visible()


def test_a_form_pressed_twice_is_sent_once(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/portal/bill")
    sent: list[str] = []
    page.route("**/portal/bill", lambda route: sent.append(route.request.method))
    page.evaluate("for (let n = 0; n < 2; n++) document.querySelector('form.narrow').requestSubmit()")
    page.wait_for_timeout(200)
    assert sent == ["POST"]


def test_without_scripts_nothing_is_offered_that_does_not_work(site: str, open_page: OpenPage) -> None:
    page = open_page(f"{site}/staff/entry", scripts=False)
    assert not page.get_by_role("button", name="Keys").is_visible()
    assert not page.get_by_role("button", name="Add a line").is_visible()
    assert page.get_by_role("button", name="Save").is_visible()
