"""Payment plans in the states in which people meet them."""

from playwright.sync_api import Page

from tests.browser.visit import Visit, pressing

NO_PLAN_PAGES = {"portal.plan_agreement": "a PDF", "staff.plan_paper": "a PDF"}
_PLANNABLE = (
    "select b.patient from balance b join patient p on p.id = b.patient where b.account = 'patient_owes' and p.language = 'en'"
    " and b.patient in (select patient_id from statement) group by b.patient having sum(b.cents) > 3000"
    " order by sum(b.cents) desc limit 1 offset 2"
)


def agreeing_to_a_plan(page: Page) -> None:
    """Choose the first plan that is offered and agree to it, or go to the one that runs; in either language."""
    if page.locator("main input[name=months]").count():
        page.locator("main form button").first.click()
        page.locator("main form[action$=plans] button").click()
    else:
        page.locator("main p.row a").click()
        page.locator("main .owe a").first.click()
    page.wait_for_url("**/portal/plans/**")


def making_a_plan(page: Page) -> None:
    """For a patient who says yes at the desk."""
    if page.get_by_role("button", name="They agree").count():
        pressing("They agree")(page)
    else:
        page.get_by_role("link", name="Back to the account").click()
        page.locator("#payment-plan a").first.click()
    page.get_by_role("heading", name="Payment plan P").wait_for()


def asking_for_too_many_months(page: Page) -> None:
    page.locator("main [name=months]").fill("99")
    pressing("Save what")(page)


STAFF_PLANS = (
    Visit("staff.payment_plan_list", "manager", "/staff/payment-plans"),
    Visit("staff.payment_plan_list", "front_desk", "/staff/payment-plans?view=ended", name="payment-plans-ended"),
    Visit(
        "staff.payment_plan_list",
        "manager",
        "/staff/payment-plans",
        "",
        asking_for_too_many_months,
        422,
        "payment-plans-refused",
    ),
    Visit("staff.new_payment_plan", "front_desk", "/staff/patients/{}/payment-plans", _PLANNABLE),
    Visit("staff.payment_plan", "biller", "/staff/patients/{}/payment-plans", _PLANNABLE, making_a_plan),
    Visit("staff.new_payment_plan", "biller", "/staff/patients/{}/payment-plans", "select patient_id from payment"),
)
PORTAL_PLANS = (
    Visit("portal.choose_plan", "owing", "/portal/bills/{}/plan", "newest bill"),
    Visit("portal.choose_plan", "owing", "/portal/bills/{}/plan?lang=es", "newest bill", name="plan-spanish"),
    Visit(
        "portal.choose_plan",
        "owing",
        "/portal/bills/{}/plan?lang=es",
        "newest bill",
        pressing("Continuar"),
        name="plan-check-spanish",
    ),
    Visit(
        "portal.choose_plan", "owing", "/portal/bills/{}/plan", "newest bill", pressing("Continue"), name="plan-check"
    ),
    Visit("portal.choose_plan", "paid_up", "/portal/bills/{}/plan", "newest bill", name="plan-none"),
    Visit("portal.payment_plan", "planning", "/portal/bills/{}/plan", "newest bill", agreeing_to_a_plan),
    Visit(
        "portal.payment_plan",
        "planning",
        "/portal/bills/{}/plan?lang=es",
        "newest bill",
        agreeing_to_a_plan,
        name="payment-plan-spanish",
    ),
    Visit("portal.bill_page", "planning", "/portal/bills/{}", "newest bill", name="bill-on-plan"),
    Visit("portal.home", "planning", "/portal?lang=es", name="home-on-plan"),
)
