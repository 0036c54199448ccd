"""Autopay in the states in which people meet it."""

from playwright.sync_api import Page

from tests.browser.visit import Visit


def saving_a_card(page: Page) -> None:
    """On the card company's own page, and back."""
    page.locator("main form[action$=methods] button").click()
    page.locator("main button[value=good]").click()
    page.wait_for_url("**/portal/autopay")


def choosing_email(page: Page) -> None:
    page.goto(page.url.replace("/portal/autopay", "/portal/contact"))
    page.locator("main [name=by_email]").check()
    page.locator("main form button").first.click()
    page.goto(page.url.replace("/portal/contact", "/portal/autopay"))


def reading(page: Page) -> None:
    """The agreement for new bills up to $300.00; where autopay is on from before, it is stopped first."""
    choosing_email(page)
    while page.locator("main form[action$=stop] button").count():
        page.locator("main form[action$=stop] button").first.click()
    if not page.locator("main [name=most]").count():
        saving_a_card(page)
    page.locator("main [name=most]").fill("300.00")
    page.locator("main form[action$=check] button").click()
    page.locator("main input[name=wish]").wait_for(state="attached")


def agreeing(page: Page) -> None:
    reading(page)
    page.locator("main form button").click()
    page.wait_for_url("**/portal/autopay")


def writing_no_limit(page: Page) -> None:
    choosing_email(page)
    while page.locator("main form[action$=stop] button").count():
        page.locator("main form[action$=stop] button").first.click()
    if not page.locator("main [name=most]").count():
        saving_a_card(page)
    page.locator("main form[action$=check] button").click()
    page.locator("#problem-title").wait_for()


PORTAL_AUTOPAY = (
    Visit("portal.autopay_page", "owing", "/portal/autopay"),
    Visit("portal.autopay_page", "owing", "/portal/autopay?lang=es", name="autopay-spanish"),
    Visit("portal.autopay_page", "paying_itself", "/portal/autopay", "", saving_a_card, name="autopay-card-saved"),
    Visit("portal.autopay_page", "paying_itself", "/portal/autopay", "", reading, name="autopay-check"),
    Visit("portal.autopay_page", "paying_itself", "/portal/autopay", "", writing_no_limit, 422, "autopay-refused"),
    Visit("portal.autopay_page", "paying_itself", "/portal/autopay?lang=es", "", agreeing, name="autopay-on-spanish"),
    Visit("portal.autopay_page", "paying_itself", "/portal/autopay", "", agreeing, name="autopay-on"),
)
