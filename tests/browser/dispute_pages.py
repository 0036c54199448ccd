"""The pages of disputes and questions, and of what patients say of their bills, each in the states in which people meet it."""

from playwright.sync_api import Page

from tests.browser.visit import Visit, pressing

_OPEN, _WAITING = "select id from dispute where state = 'opened'", "select id from dispute where state = 'waiting'"
_CREDITED = "select id from dispute where outcome = 'credited'"
_STATEMENT = "select id from statement"
_ASK, _SHOW = "/portal/bills/{}/question", "/portal/questions/{}"


def _no_amount(page: Page) -> None:
    page.get_by_label("A letter: paper, envelope, postage").fill("a lot")
    page.locator("main").get_by_role("button", name="Save").click()


NO_DISPUTE_PAGES = {
    "portal.question_file": "a photo or a PDF",
    "portal.question_letter": "a PDF",
    "staff.dispute_file": "a photo or a PDF",
    "staff.dispute_letter_paper": "a PDF",
    "staff.disputes_table": "a table as CSV",
    "staff.measured_bills": "a table as CSV",
}
STAFF_DISPUTES = (
    Visit("staff.disputes_list", "biller", "/staff/disputes"),
    Visit("staff.disputes_list", "biller", "/staff/disputes?view=answered", name="disputes-answered"),
    Visit("staff.disputes_list", "manager", "/staff/disputes?view=approve", name="disputes-none"),
    Visit("staff.dispute", "biller", "/staff/disputes/{}", _OPEN),
    Visit("staff.dispute", "manager", "/staff/disputes/{}", _CREDITED),
    Visit("staff.dispute", "front_desk", "/staff/disputes/{}", _WAITING),
    Visit("staff.dispute", "biller", "/staff/disputes/{}", _OPEN, pressing("Answer"), 422, "dispute-empty-answer"),
    Visit("staff.new_dispute", "front_desk", "/staff/statements/{}/dispute", _STATEMENT),
    Visit("staff.new_dispute", "biller", "/staff/statements/{}/dispute", _STATEMENT, pressing("Open it"), 422),
    Visit("staff.disputes_report", "manager", "/staff/disputes/report"),
    Visit("staff.disputes_report", "biller", "/staff/disputes/report?from=1/1/2001&until=1/2/2001"),
    Visit("staff.measures", "manager", "/staff/measures"),
    Visit("staff.measures", "manager", "/staff/measures", "", _no_amount, 422, "measures-no-amount"),
    Visit("staff.measures", "biller", "/staff/measures", name="measures-biller"),
)
PORTAL_DISPUTES = (
    Visit("portal.ask", "owing", _ASK, "newest bill"),
    Visit("portal.ask", "spanish", _ASK, "newest bill", pressing("Enviar"), 422),
    Visit("portal.question_list", "asking", "/portal/questions"),
    Visit("portal.question_list", "paid_up", "/portal/questions?lang=es"),
    Visit("portal.question", "asking", f"{_SHOW}?sent=1", "newest question"),
    Visit("portal.question", "asking", _SHOW, "newest question", pressing("Send"), 422, "reply-empty"),
    Visit("portal.question", "credited", f"{_SHOW}?lang=es", "newest question"),
    Visit("portal.bill_page", "asking", "/portal/bills/{}?lang=es", "newest bill"),
)
