"""How a manager builds a rule in a browser."""

from playwright.sync_api import Page


def press(page: Page, button: str) -> None:
    page.locator("main").get_by_role("button", name=button).first.click()


def keeping_a_rule(page: Page) -> None:
    """Build a rule of two conditions, without waiting for more than what comes of each step, and switch it on."""
    page.fill("#name", "Blood counts")
    page.select_option("#condition-0-field", "code")
    page.fill("#condition-0-value", "85025, 8005*")
    press(page, "Add a condition")
    page.locator(".htmx-request, .htmx-settling, .htmx-added").first.wait_for(state="detached")
    page.select_option("#condition-1-field", "insurer")
    page.locator("input[name=condition-1-value]").first.check()
    page.fill("#message", "Attach the order.")
    press(page, "Try it")
    page.locator("#trial").wait_for()
    press(page, "Keep it")
    press(page, "Switch on")
    page.get_by_role("button", name="Switch off").wait_for()


def changing_a_rule(page: Page) -> None:
    keeping_a_rule(page)
    page.get_by_role("link", name="Change").click()
