"""Files that a page is given: X12 to be explained, and the terms of a contract."""

from collections.abc import Callable

from playwright.sync_api import Page

from claims_service.formats.x12.write_837p import write_837p
from tests.browser.visit import pressing
from tests.formats.x12 import examples

CLAIM_FILE = write_837p(examples.ENVELOPE, [examples.claim(), examples.claim(control_number="C2")]).replace(
    b"DMG*D8*19800101", b"DMG*D8*19801399", 1
)
LATE_TERMS = b"effective_from,basis,code_from,amount\n2026-10-01,FLAT,99213,80\n2026-10-01,FLAT,99214,120\n"
BAD_TERMS = b"effective_from,basis,code_from,amount\n2026-01-01,FLAT,9921,12\n2026-01-01,FLUT,99213,12\n"


def explaining(content: bytes) -> Callable[[Page], None]:
    """Choose a file to be checked and see it explained."""

    def done(page: Page) -> None:
        page.locator("input[type=file]").set_input_files({"name": "a.x12", "mimeType": "text/plain", "buffer": content})
        pressing("Explain")(page)
        page.locator("#found").wait_for()

    return done


def adding(content: bytes) -> Callable[[Page], None]:
    """Choose an insurer and the file of a contract, and add it."""

    def done(page: Page) -> None:
        page.locator("select[name=payer]").select_option(index=1)
        page.locator("input[name=terms]").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": content})
        pressing("Add it")(page)

    return done


def repricing(page: Page) -> None:
    """Add a contract that came late and see which claims it would price anew."""
    adding(LATE_TERMS)(page)
    pressing("See what changes")(page)
    page.get_by_role("heading", name="What changes").wait_for()
