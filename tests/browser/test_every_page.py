"""Every page in a real Chromium: nothing for axe to find, nothing in the console, nothing from elsewhere, nothing cut off."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.axe import violations
from tests.browser.demo_site import DemoSite, demo_served
from tests.browser.pages import EVERY_PAGE, NO_PAGES, Visit
from tests.browser.visits import NARROWEST, PHONE, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page, Response

pytestmark = pytest.mark.browser

Look = tuple[int, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = ((WIDE, "light"), (PHONE, "dark"))
OTHER_LOOKS: tuple[Look, ...] = ((WIDE, "dark"), (PHONE, "light"))
SITES = ("staff", "insurer", "portal", "test_processor")


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demo_served(pytestconfig, tmp_path_factory.mktemp("demo")) as found:
        yield found


class Watched:
    """A page and what it should not have done: said something in the console, asked another host."""

    def __init__(self, browser: "Browser", site: DemoSite, visit: Visit) -> None:
        self._site = site
        self.context = browser.new_context(viewport={"width": WIDE, "height": 900}, color_scheme="light")
        if visit.who:
            site.enter(self.context, visit.who)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.status = 0
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda request: self._asked(request.url))
        self.page.on("response", self._answered)
        self.page.goto(site.address + visit.where.format(*site.ids(visit.ids, visit.who)))
        if visit.then:
            visit.then(self.page)
        self.page.wait_for_load_state()

    def _heard(self, message: "ConsoleMessage") -> None:
        # The browser's own line about an answer of 404 or 422, which is what was asked for.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.faults.append(message.text)

    def _asked(self, address: str) -> None:
        if not address.startswith((self._site.address, "data:")):
            self.faults.append(f"asks elsewhere: {address}")

    def _answered(self, response: "Response") -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        elif response.status >= 400:
            self.faults.append(f"{response.status} for {response.url}")


def look(page: "Page", looks: tuple[Look, ...]) -> list[str]:
    """What axe finds with everything opened, and whether the page is wider than the narrowest phone."""
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme}: {said}" for said in violations(page)]
    page.set_viewport_size({"width": NARROWEST, "height": 900})
    wide = page.evaluate("document.documentElement.scrollWidth")
    return [*found, *([f"scrolls sideways: {wide} px"] if wide > NARROWEST else [])]


def looks_right(browser: "Browser", site: DemoSite, visit: Visit, looks: tuple[Look, ...]) -> None:
    watched = Watched(browser, site, visit)
    try:
        assert watched.status == visit.status, watched.page.url
        assert look(watched.page, looks) == []
        assert watched.faults == []
        assert watched.page.title().strip(" ·")
        assert watched.page.locator("h1").count() == 1
    finally:
        watched.context.close()


@pytest.mark.check(90)
@pytest.mark.parametrize("visit", EVERY_PAGE, ids=str)
def test_a_page_has_nothing_to_mend(visit: Visit, site: DemoSite, browser: "Browser") -> None:
    looks_right(browser, site, visit, LOOKS)


@pytest.mark.slow
@pytest.mark.parametrize("visit", EVERY_PAGE, ids=str)
def test_a_page_has_nothing_to_mend_at_a_desk_by_night_or_on_a_phone_by_day(
    visit: Visit, site: DemoSite, browser: "Browser"
) -> None:
    looks_right(browser, site, visit, OTHER_LOOKS)


def test_no_page_is_left_out(site: DemoSite) -> None:
    """A new route is visited here, or said to be no page."""
    rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    routes = {rule.endpoint for rule in rules if rule.endpoint.partition(".")[0] in SITES}
    assert routes - {visit.endpoint for visit in EVERY_PAGE} == set(NO_PAGES)
