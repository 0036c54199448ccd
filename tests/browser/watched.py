"""A page under watch: what it says in the console, whom it asks, what asks it to run."""

from typing import TYPE_CHECKING

from tests.browser.demo_site import DemoSite
from tests.browser.visit import Visit
from tests.browser.visits import WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Dialog, Page, Response


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
        self.page.on("dialog", self._interrupted)
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

    def _interrupted(self, dialog: "Dialog") -> None:
        self.faults.append(f"opens a dialog: {dialog.message}")
        dialog.dismiss()

    def _asked(self, address: str) -> None:
        if not address.startswith((self._site.address, "data:")):
            self.faults.append(f"asks elsewhere: {address}")

    def _answered(self, response: "Response") -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        elif response.status >= 400:
            self.faults.append(f"{response.status} for {response.url}")
