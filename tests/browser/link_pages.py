"""The pages behind links to patients in the states in which people meet them."""

from playwright.sync_api import Page

from tests.browser.visit import Visit, pressing

NO_LINK_PAGES = {"portal.this_bill_paper": "a PDF", "portal.this_receipt": "a PDF"}


def writing_no_date(page: Page) -> None:
    page.locator("main [name=birth]").fill("1/1")
    page.locator("main").get_by_role("button").first.click()
    page.locator("#problem-title").wait_for()


def checking(page: Page) -> None:
    page.locator("main form button").first.click()
    page.locator("main input[name=order]").wait_for(state="attached")


def paying(page: Page) -> None:
    checking(page)
    page.locator("main form button").first.click()
    page.locator("main button[value=good]").click()
    page.wait_for_url("**/portal/this-bill/payments/*")


def declining(page: Page) -> None:
    checking(page)
    page.locator("main form button").first.click()
    pressing("declined")(page)


PORTAL_LINKS = (
    Visit("portal.open_link", "", "/portal/link/{}", "new link"),
    Visit("portal.open_link", "", "/portal/link/{}?lang=es", "new link", writing_no_date, 422, "link-wrong-spanish"),
    Visit("portal.open_link", "", "/portal/link/long-gone", status=404, name="link-old"),
    Visit("portal.open_pay_link", "", "/portal/pay/{}", "pay link"),
    Visit("portal.open_pay_link", "", "/portal/pay/{}?lang=es", "pay link", writing_no_date, 422, "pay-link-wrong-spanish"),
    Visit("portal.open_pay_link", "", "/portal/pay/1.long-gone", status=404, name="pay-link-old"),
    Visit("portal.open_pay_link", "", "/portal/pay/1.long-gone?lang=es", status=404, name="pay-link-old-spanish"),
    Visit("portal.this_bill", "by_link", "/portal/this-bill"),
    Visit("portal.this_bill", "by_link", "/portal/this-bill?lang=es", name="this-bill-spanish"),
    Visit("portal.pay_this_bill", "by_link", "/portal/this-bill/pay"),
    Visit("portal.pay_this_bill", "by_link", "/portal/this-bill/pay?lang=es", then=checking, name="check-this-bill-spanish"),
    Visit("portal.this_payment", "by_link", "/portal/this-bill/pay?lang=es", then=paying, name="this-payment"),
)  # fmt: skip
