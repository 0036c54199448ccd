"""Estimates in the states in which people meet them."""

from playwright.sync_api import Page

from tests.browser.visit import Visit

NO_ESTIMATE_PAGES = {"staff.estimate_paper": "a PDF", "portal.estimate_paper": "a PDF"}
ANY_PATIENT = "select patient_id from statement order by id limit 1"


def typing_services(page: Page) -> None:
    """Work an estimate out and see what it says."""
    page.fill("#planned_on", "12/20/2030")
    page.select_option("#rendering", index=1)
    page.fill("#lines-0-code", "99213")
    page.fill("#lines-1-code", "85025")
    page.get_by_role("button", name="Work it out").click()
    page.get_by_text("Together").wait_for()


def typing_nothing(page: Page) -> None:
    page.get_by_role("button", name="Give the estimate").click()
    page.locator("#problem-title").wait_for()


STAFF_ESTIMATES = (
    Visit("staff.estimate_list", "manager", "/staff/estimates"),
    Visit("staff.estimate_list", "biller", "/staff/estimates?view=issued", name="estimates-given"),
    Visit("staff.new_estimate", "front_desk", "/staff/patients/{}/estimates/new", ANY_PATIENT),
    Visit(
        "staff.new_estimate",
        "biller",
        "/staff/patients/{}/estimates/new",
        ANY_PATIENT,
        typing_services,
        name="estimate-worked-out",
    ),
    Visit(
        "staff.new_estimate",
        "biller",
        "/staff/patients/{}/estimates/new",
        ANY_PATIENT,
        typing_nothing,
        422,
        "estimate-empty",
    ),
    Visit(
        "staff.estimate",
        "biller",
        "/staff/estimates/{}",
        "select id from estimate where state = 'due' order by id limit 1",
        name="estimate-due",
    ),
    Visit(
        "staff.estimate",
        "biller",
        "/staff/estimates/{}",
        "select estimate_id from estimate_paper where kind = 'insured' limit 1",
        name="estimate-insured",
    ),
    Visit(
        "staff.estimate",
        "biller",
        "/staff/estimates/{}",
        "select estimate_id from estimate_paper where kind = 'self_pay' limit 1",
        name="estimate-self-pay",
    ),
)
PORTAL_ESTIMATES = (
    Visit("portal.estimate_list", "estimated", "/portal/estimates"),
    Visit("portal.estimate_list", "estimated_spanish", "/portal/estimates"),
    Visit("portal.estimate", "estimated", "/portal/estimates/{}", "newest estimate"),
    Visit("portal.estimate", "estimated_spanish", "/portal/estimates/{}", "newest estimate"),
)
