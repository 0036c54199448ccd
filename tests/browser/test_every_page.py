"""Every page in a real Chromium: nothing for axe to find, nothing in the console, nothing from elsewhere, nothing cut off.

On patients' pages Tab comes by every control, in English and in Spanish.
"""

from collections.abc import Iterator
from contextlib import nullcontext
from typing import TYPE_CHECKING, Literal

import pytest

from tests.browser.axe import violations
from tests.browser.demo_site import DemoSite, demo_served
from tests.browser.pages import EVERY_PAGE, NO_PAGES
from tests.browser.tabbing import unreached
from tests.browser.visit import Visit
from tests.browser.visits import NARROWEST, PHONE, WIDE, ZOOMED
from tests.browser.watched import Watched

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

Look = tuple[int, Literal["light", "dark"]]
LOOKS: tuple[Look, ...] = ((WIDE, "light"), (PHONE, "dark"), (WIDE, "dark"), (PHONE, "light"))
SITES = ("staff", "insurer", "portal", "test_processor")


@pytest.fixture(scope="module")
def site(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSite]:
    with demo_served(pytestconfig, tmp_path_factory.mktemp("demo")) as found:
        yield found


def look(page: "Page", looks: tuple[Look, ...]) -> list[str]:
    """What axe finds with everything opened, and whether the page is wider than the narrowest phone or than a desk at 200 percent."""
    found = []
    for width, scheme in looks:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        found += [f"{width} {scheme}: {said}" for said in violations(page)]
    for width in (ZOOMED, NARROWEST):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"scrolls sideways at {width}: {wide} px"] if wide > width else []
    return found


def looks_right(browser: "Browser", site: DemoSite, visit: Visit, looks: tuple[Look, ...]) -> None:
    with site.put_back() if visit.then else nullcontext():
        watch(browser, site, visit, looks)


def watch(browser: "Browser", site: DemoSite, visit: Visit, looks: tuple[Look, ...]) -> None:
    watched = Watched(browser, site, visit)
    try:
        assert watched.status == visit.status, watched.page.url
        assert look(watched.page, looks) == []
        if visit.endpoint.startswith("portal."):
            assert unreached(watched.page) == []
        assert watched.faults == []
        assert watched.page.title().strip(" ·")
        assert watched.page.locator("h1").count() == 1
    finally:
        watched.context.close()


@pytest.mark.check(90)
@pytest.mark.parametrize("visit", EVERY_PAGE, ids=str)
def test_a_page_has_nothing_to_mend(visit: Visit, site: DemoSite, browser: "Browser") -> None:
    """By turns at a desk by day and on a phone by night, so that the default set stays quick; all four looks are slow."""
    turn = EVERY_PAGE.index(visit) % 2
    looks_right(browser, site, visit, LOOKS[turn : turn + 1])


@pytest.mark.slow
@pytest.mark.parametrize("visit", EVERY_PAGE, ids=str)
def test_a_page_has_nothing_to_mend_at_desk_and_phone_by_day_and_night(
    visit: Visit, site: DemoSite, browser: "Browser"
) -> None:
    looks_right(browser, site, visit, LOOKS)


def test_no_page_is_left_out(site: DemoSite) -> None:
    """A new route is visited here, or said to be no page."""
    rules = [rule for rule in site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    routes = {rule.endpoint for rule in rules if rule.endpoint.partition(".")[0] in SITES}
    assert routes - {visit.endpoint for visit in EVERY_PAGE} == set(NO_PAGES)
