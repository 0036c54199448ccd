"""What is done on the pages of charge capture before they are looked at."""

from playwright.sync_api import Page

from tests.browser.visit import pressing


def looking_at_visits(page: Page) -> None:
    """A file with two visits, of which one can't be taken."""
    rows = b"reference,patient,served_on,provider,diagnoses,procedure\nX1,LF0001,2026-09-01,1990000022,J06.9,99213\n"
    content = rows + b"X2,NOBODY,2026-09-01,1990000022,J06.9,99213\n"
    page.locator("input[type=file]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
    page.get_by_role("button", name="Look at the file").click()
    page.locator("#progress").wait_for()


def making_a_superbill(page: Page) -> None:
    """Make a published one the clinic's own, unless it is, and open it."""
    if not page.get_by_role("link", name="Change").count():
        page.get_by_role("link", name="Make it ours").first.click()
        page.get_by_role("button", name="Save the superbill").click()
    page.get_by_role("link", name="Change").first.click()


def correcting(page: Page) -> None:
    """Bill two units where one was billed, and lay the two versions side by side."""
    page.locator("[name=lines-0-units]").fill("2")
    pressing("Save and send")(page)
    page.get_by_role("link", name="Compare two versions").click()
    page.get_by_role("heading", name="Versions of claim").wait_for()
