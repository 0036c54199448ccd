"""Every page of the sites, each in the states in which people meet it: a route, a visitor and an address."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.assistance_pages import NO_ASSISTANCE_PAGES, PORTAL_ASSISTANCE, STAFF_ASSISTANCE
from tests.browser.autopay_pages import PORTAL_AUTOPAY
from tests.browser.building import changing_a_rule, keeping_a_rule
from tests.browser.dispute_pages import NO_DISPUTE_PAGES, PORTAL_DISPUTES, STAFF_DISPUTES
from tests.browser.estimate_pages import NO_ESTIMATE_PAGES, PORTAL_ESTIMATES, STAFF_ESTIMATES
from tests.browser.link_pages import NO_LINK_PAGES, PORTAL_LINKS
from tests.browser.plan_pages import NO_PLAN_PAGES, PORTAL_PLANS, STAFF_PLANS
from tests.browser.reading_in import BAD_TERMS, CLAIM_FILE, adding, explaining, repricing
from tests.browser.taking_in import correcting, looking_at_visits, making_a_superbill
from tests.browser.visit import Visit, pressing, spanish_of

# GET routes that show no page.
NO_PAGES = {
    **NO_PLAN_PAGES,
    "staff.look_up": "JSON for the look-up fields",
    "staff.statement_paper": "a PDF",
    "staff.claim_paper": "a PDF or a text file",
    "staff.held_table": "a CSV file",
    "staff.deposit_slip_paper": "a PDF",
    "staff.payment_receipt": "a PDF",
    "staff.books_journal": "a file for accounting programs",
    "staff.trial_balance_table": "a CSV file",
    "staff.roll_forward_table": "a CSV file",
    "staff.aging_table": "a CSV file",
    "staff.denials_table": "a CSV file",
    "staff.credits_table": "a CSV file",
    "staff.insurer_refunds_table": "a CSV file",
    "staff.refund_letter": "a PDF",
    "staff.remittances_table": "a CSV file",
    "staff.deposits_table": "a CSV file",
    "staff.appeal_letter": "a PDF",
    "staff.underpayments_table": "a table as CSV",
    "portal.bill_paper": "a PDF",
    "portal.receipt": "a PDF",
    "portal.paid_in_year_paper": "a PDF",
    **NO_DISPUTE_PAGES,
    **NO_ESTIMATE_PAGES,
    **NO_ASSISTANCE_PAGES,
    **NO_LINK_PAGES,
}


def filling(field: str, text: str, button: str) -> Callable[[Page], None]:
    """Write into a field, by its name, and press a button."""

    def done(page: Page) -> None:
        page.locator(f"main [name={field}]").fill(text)
        pressing(button)(page)

    return done


def finding(page: Page, text: str) -> None:
    page.locator("#find").fill(text)
    page.locator("#find").press("Enter")


def asking_too_much(page: Page) -> None:
    page.locator("input[value=other]").check()
    filling("other", "99999", "Continue")(page)


def going_to_pay(page: Page) -> None:
    pressing("Continue")(page)
    pressing("Pay $")(page)


def claim(name: str, ids: str) -> Visit:
    return Visit("staff.claim", "manager", "/staff/claims/{}", ids, name=f"claim-{name}")


def view(name: str, query: str = "") -> Visit:
    return Visit(
        "staff.claims", "biller", f"/staff/claims?view={name}{query}", name=f"claims-{name}{'-none' if query else ''}"
    )


def patient(name: str, ids: str) -> Visit:
    return Visit("staff.patient", "front_desk", "/staff/patients/{}", ids, name=f"patient-{name}")


_COVERS = {
    "active": "is_active and answer like '%procedure_kind\":\"HC%'",
    "ended": "not is_active",
    "unknown_to_insurer": "state = 'answered' and is_active is null",
}
_HELD_ON = "select remittance_id from held_item where remittance_id is not null limit 1"
_NOBODYS = "payment of nobody"
_ENTRY = "select claim from journal_transfer where debit = '{}' and claim is not null limit 1"
_ASIDE = "from provider_adjustment p join remittance r on r.id = p.remittance_id where p.account in ('provider_balance', 'in_review')"
_DENIED = (
    "select claim from balance where account = 'in_review' group by claim having sum(cents) > 0 order by claim limit 1"
)
_PAID_BY_PLAN = (
    "select claim from balance where account = 'insurer_clearing' and claim <> 0 and cents > 0 order by claim limit 1"
)
_PARTS = "from claim join claim_problem p on p.claim_id = claim.id where claim.state = 'needs_mending'"
_CORRECTABLE = (
    "select id from claim where state in ('accepted', 'decided') and sequence = 'P'"
    " and encounter_id not in (select encounter_id from claim where sequence <> 'P')"
)

STAFF = (
    Visit("staff.today", "biller", "/staff"),
    Visit("staff.today", "front_desk", "/staff"),
    Visit("staff.coming", "front_desk", "/staff/coming"),
    Visit("staff.coming", "biller", "/staff/coming?day=today", name="coming-none"),
    *(view(name) for name in ("needs", "ready", "insurer", "denied", "next_plan", "patient", "all")),
    view("ready", "&from=01/01/2001&until=01/02/2001"),
    claim("sent_back", "select id from claim where state = 'sent_back'"),
    claim("to_mend", f"select claim.id {_PARTS}"),
    claim("ready", "select id from claim where state = 'ready'"),
    claim("denied", _ENTRY.format("in_review")),
    claim("taken_back", "select claim_id from provider_adjustment where reason = 'WO' and claim_id is not null"),
    claim("second_plan", "select id from claim where sequence = 'S' and state = 'decided'"),
    claim("asked_about", "select claim_id from status_inquiry where is_finished"),
    Visit(
        "staff.claim",
        "biller",
        "/staff/claims/{}",
        "select claim_id from status_inquiry where not is_finished",
        pressing("Ask again"),
        name="claim-asked-again",
    ),
    claim("patient_pays", "select id from claim where sequence = 'N'"),
    *(
        Visit("staff.work", "biller", f"/staff/queues?queue={queue}", name=f"work-{queue}")
        for queue in ("to_code", "held", "rejected", "no_answer", "near_limit", "authorization")
    ),
    Visit("staff.work", "front_desk", "/staff/queues?queue=held&whose=mine", name="work-mine-none"),
    Visit("staff.correct", "biller", "/staff/claims/{}/correct", _CORRECTABLE),
    Visit("staff.versions", "biller", "/staff/claims/{}/versions", "select id from claim where state = 'decided'"),
    Visit("staff.versions", "biller", "/staff/claims/{}/correct", _CORRECTABLE, correcting, name="versions-two"),
    Visit("staff.contract", "manager", "/staff/contracts", "", repricing, name="contract-repricing"),
    Visit("staff.visits", "front_desk", "/staff/visits"),
    Visit("staff.pick_patient", "front_desk", "/staff/visits/new"),
    Visit("staff.new_visit", "front_desk", "/staff/visits/new/{}", "select id from patient"),
    Visit(
        "staff.new_visit", "biller", "/staff/visits/new/{}", "select id from patient", pressing("Save and send"), 422
    ),
    Visit("staff.visit", "biller", "/staff/visits/{}", f"select claim.encounter_id {_PARTS}"),
    Visit("staff.imports", "biller", "/staff/imports"),
    Visit("staff.imports", "biller", "/staff/imports", "", pressing("Look at the file"), 422, "imports-none-chosen"),
    Visit("staff.visit_import", "biller", "/staff/imports", "", looking_at_visits),
    Visit("staff.superbills", "biller", "/staff/superbills"),
    Visit("staff.new_superbill", "biller", "/staff/superbills/new?from=dental"),
    Visit("staff.new_superbill", "manager", "/staff/superbills/new", "", pressing("Save the superbill"), 422),
    Visit("staff.own_superbill", "biller", "/staff/superbills", "", making_a_superbill),
    Visit("staff.patients", "front_desk", "/staff/patients"),
    *STAFF_PLANS,
    Visit("staff.reminder_board", "manager", "/staff/reminders"),
    Visit("staff.reminder_board", "front_desk", "/staff/reminders"),
    Visit("staff.patient", "front_desk", "/staff/patients/{}", "select patient_id from payment"),
    Visit(
        "staff.patient",
        "biller",
        "/staff/patients/{}",
        "select patient_id from payment",
        pressing("link"),
        name="patient-link",
    ),
    Visit("staff.guarantor", "front_desk", "/staff/patients/{}/guarantor", "select id from patient"),
    Visit("staff.confidential_visits", "front_desk", "/staff/patients/{}/confidential", "select id from patient"),
    Visit(
        "staff.family", "front_desk", "/staff/patients/{}/family", "select patient_id from guarantor where name <> ''"
    ),
    Visit("staff.plan_restriction", "front_desk", "/staff/patients/{}/plan-restriction", "select id from patient"),
    Visit(
        "staff.confidential_visits",
        "front_desk",
        "/staff/patients/{}/confidential",
        "select patient_id from claim",
        pressing("Keep confidential"),
        422,
        "confidential-wrong",
    ),
    Visit("staff.plan", "front_desk", "/staff/patients/{}/plans/{}", "select patient_id, id from coverage"),
    *(patient(name, f"select patient_id from eligibility_check where {rule}") for name, rule in _COVERS.items()),
    Visit(
        "staff.patient",
        "front_desk",
        "/staff/patients/{}",
        "select patient_id from eligibility_check where is_active",
        pressing("Check again"),
        name="patient-asked-again",
    ),
    Visit("staff.new_approval", "front_desk", "/staff/patients/{}/approvals", "select patient_id from approval"),
    Visit(
        "staff.new_approval",
        "biller",
        "/staff/patients/{}/approvals",
        "select patient_id from approval",
        pressing("Save"),
        422,
    ),
    Visit("staff.approval", "front_desk", "/staff/patients/{}/approvals/{}", "select patient_id, id from approval"),
    Visit("staff.remittances", "biller", "/staff/remittances"),
    Visit("staff.paper_remittance", "biller", "/staff/remittances/paper"),
    Visit("staff.remittance", "biller", "/staff/remittances/{}", "select id from remittance where state = 'posted'"),
    Visit("staff.remittance", "manager", "/staff/remittances/{}", "select id from remittance where state = 'held'"),
    Visit("staff.file", "biller", "/staff/files/{}", "select id from exchange_file where kind = '837P'"),
    Visit(
        "staff.file", "manager", "/staff/files/{}", "select id from exchange_file where kind = '277CA' order by id desc"
    ),
    Visit("staff.x12", "biller", "/staff/x12"),
    Visit("staff.x12", "biller", "/staff/x12", "", explaining(CLAIM_FILE), name="x12-explained"),
    Visit("staff.x12", "biller", "/staff/x12", "", explaining(b"Dear Sir or Madam"), name="x12-no-x12"),
    Visit("staff.x12", "biller", "/staff/x12", "", pressing("Explain"), 422, "x12-none-chosen"),
    Visit("staff.held", "biller", "/staff/held"),
    Visit("staff.denials", "biller", "/staff/denials"),
    Visit("staff.denials", "manager", "/staff/denials?order=value&family=duplicate", name="denials-none"),
    Visit("staff.denial", "biller", "/staff/denials/{}", _DENIED),
    Visit("staff.denial", "biller", "/staff/denials/{}", _DENIED, filling("text", "", "Make the letter"), 422),
    Visit("staff.denial", "biller", "/staff/denials/{}", _DENIED, pressing("Make the letter"), name="denial-appealed"),
    Visit("staff.denial_report", "manager", "/staff/denials/report"),
    Visit("staff.appeals", "manager", "/staff/appeals"),
    Visit("staff.appeal_texts", "manager", "/staff/appeal-texts"),
    Visit("staff.appeal_texts", "biller", "/staff/appeal-texts?family=coding"),
    Visit(
        "staff.appeal_texts",
        "manager",
        "/staff/appeal-texts",
        "",
        filling("text", "Dear {doctor}", "Keep this text"),
        422,
    ),
    Visit("staff.held_balances", "biller", "/staff/insurers/held"),
    Visit("staff.held_balance", "biller", "/staff/insurers/{}/held", f"select r.payer_id {_ASIDE}"),
    Visit("staff.held_balance", "manager", "/staff/insurers/{}/held?all=1", f"select r.payer_id {_ASIDE}"),
    Visit("staff.open_item", "biller", "/staff/open-items/{}", f"select p.id {_ASIDE}"),
    Visit("staff.credit_balances", "biller", "/staff/credits"),
    Visit("staff.chargeback_list", "biller", "/staff/chargebacks"),
    Visit("staff.deliveries", "biller", "/staff/deliveries"),
    Visit("staff.deposits", "biller", "/staff/deposits"),
    Visit("staff.bank_line", "biller", "/staff/deposits/lines/{}", "select id from bank_line where state = 'matched'"),
    Visit("staff.bank_line", "manager", "/staff/deposits/lines/{}", "select id from bank_line where state = 'open'"),
    Visit("staff.bank_file", "biller", "/staff/deposits/files/{}", "select id from exchange_file where kind = 'bank'"),
    Visit("staff.statements", "front_desk", "/staff/statements"),
    Visit("staff.statement", "front_desk", "/staff/statements/{}", "select id from statement"),
    *STAFF_DISPUTES,
    *STAFF_ESTIMATES,
    *STAFF_ASSISTANCE,
    Visit("staff.books", "manager", "/staff/books"),
    Visit("staff.months", "manager", "/staff/books/months"),
    Visit("staff.month", "biller", "/staff/books/months/{}", "select min(period) from journal_entry"),
    Visit("staff.closing", "manager", "/staff/books/months/{}/close", "select min(period) from journal_entry"),
    Visit(
        "staff.closing",
        "manager",
        "/staff/books/months/{}/close",
        "select min(period) from journal_entry",
        pressing("Close "),
        422,
        "closing-unsure",
    ),
    Visit("staff.aging", "manager", "/staff/books/aging"),
    Visit("staff.approvals", "manager", "/staff/approvals"),
    Visit("staff.counter", "front_desk", "/staff/counter"),
    Visit("staff.counter", "front_desk", "/staff/counter", "", pressing("Keep the count"), 422),
    Visit("staff.approvals", "manager", "/staff/approvals", "", filling("limit", "a lot", "Keep"), 422),
    Visit("staff.insurer_refunds", "biller", "/staff/refunds"),
    Visit("staff.refund_insurer", "biller", "/staff/claims/{}/refund", _PAID_BY_PLAN),
    Visit("staff.refund_insurer", "biller", "/staff/claims/{}/refund", _PAID_BY_PLAN, pressing("Give back"), 422),
    Visit("staff.refund_held", "biller", "/staff/held/{}/refund", _NOBODYS, filling("payee", "", "Give back"), 422),
    Visit(
        "staff.held",
        "biller",
        "/staff/held?item={}",
        _NOBODYS,
        pressing("Look for their claims"),
        name="held-of-nobody",
    ),
    Visit("staff.write_off_claim", "biller", "/staff/claims/{}/write-off", _DENIED),
    Visit("staff.write_off_claim", "biller", "/staff/claims/{}/write-off", _DENIED, pressing("Write off"), 422),
    Visit("staff.refund", "biller", "/staff/payments/{}/refund", "select id from payment where state = 'paid'"),
    Visit(
        "staff.refund",
        "manager",
        "/staff/payments/{}/refund",
        "select id from payment where state = 'paid'",
        filling("amount", "99999", "Give back"),
        422,
    ),
    Visit("staff.aging", "biller", "/staff/books/aging?by=patient", name="aging-patients"),
    Visit("staff.aging", "biller", "/staff/books/aging?on=1/1/2001", name="aging-none"),
    Visit("staff.aging", "biller", "/staff/books/aging?on=soon", status=422, name="aging-refused"),
    Visit("staff.rules", "manager", "/staff/rules"),
    Visit("staff.new_rule", "administrator", "/staff/rules/new"),
    Visit("staff.new_rule", "manager", "/staff/rules/new", "", pressing("Keep it"), 422, "rule-refused"),
    Visit("staff.rule", "manager", "/staff/rules/new", "", keeping_a_rule),
    Visit("staff.change_rule", "manager", "/staff/rules/new", "", changing_a_rule),
    Visit("staff.contracts", "manager", "/staff/contracts"),
    Visit("staff.contracts", "manager", "/staff/contracts", "", pressing("Add it"), 422, "contracts-none-chosen"),
    Visit("staff.contracts", "manager", "/staff/contracts", "", adding(BAD_TERMS), 422, "contracts-bad-file"),
    Visit("staff.contract", "biller", "/staff/contracts/{}", "select id from contract"),
    Visit(
        "staff.contract", "biller", "/staff/contracts/{}?code=00000", "select id from contract", name="contract-no-term"
    ),
    Visit("staff.try_price", "biller", "/staff/contracts/price"),
    Visit("staff.try_price", "biller", "/staff/contracts/price?payer=1&code=99213&units=2", name="price-told"),
    Visit("staff.try_price", "biller", "/staff/contracts/price?code=9921", status=422, name="price-refused"),
    Visit("staff.underpayments", "biller", "/staff/underpayments"),
    Visit("staff.underpayments", "biller", "/staff/underpayments?least=99999", name="underpayments-none"),
    Visit("staff.sign_in", "", "/staff/sign-in"),
    Visit("staff.sign_in", "", "/staff/sign-in", "", pressing("Sign in"), 422, "sign-in-refused"),
    Visit("staff.find", "biller", "/staff", "", lambda page: finding(page, "a"), name="find-many"),
    Visit("staff.find", "biller", "/staff", "", lambda page: finding(page, "zzzz"), name="find-none"),
    Visit("error", "front_desk", "/staff/books", status=403),
    Visit("error", "biller", "/staff/claims/999999", status=404),
)
INSURER = (
    Visit("insurer.mailbox", "insurer", "/insurer"),
    Visit("insurer.mailbox", "insurer", "/insurer?show=all", name="mailbox-all"),
    Visit(
        "insurer.claim_file",
        "insurer",
        "/insurer/files/{}",
        "select id from exchange_file where kind = '837P' and payer_id = 1",
    ),
    Visit(
        "insurer.claim_file",
        "insurer",
        "/insurer/files/{}",
        "select id from exchange_file where kind = '999' and direction = 'out' and payer_id = 1",
        name="own-999",
    ),
    Visit("insurer.answers", "insurer", "/insurer/answers"),
    Visit("insurer.answers", "insurer", "/insurer", "", pressing("Send"), 422, "answers-none-chosen"),
    Visit(
        "insurer.answer",
        "insurer",
        "/insurer/answers/{}",
        "select id from exchange_file where kind = '835' and payer_id = 1",
    ),
    Visit("insurer.sign_in", "", "/insurer/sign-in"),
    Visit("error", "insurer", "/insurer/answers/999999", status=404),
)
_PORTAL = (
    Visit("portal.home", "owing", "/portal"),
    Visit("portal.home", "spanish", "/portal"),
    Visit("portal.home", "paid_up", "/portal"),
    Visit("portal.bill_list", "owing", "/portal/bills"),
    Visit("portal.bill_page", "owing", "/portal/bills/{}", "newest bill"),
    Visit("portal.bill_page", "spanish", "/portal/bills/{}", "newest bill"),
    Visit("portal.pay", "owing", "/portal/bills/{}/pay", "newest bill"),
    Visit("portal.pay", "owing", "/portal/bills/{}/pay", "newest bill", pressing("Continue"), name="pay-check"),
    Visit("portal.pay", "spanish", "/portal/bills/{}/pay", "newest bill", name="pay-spanish"),
    Visit("portal.pay", "owing", "/portal/bills/{}/pay", "newest bill", asking_too_much, 422, "pay-too-much"),
    Visit("portal.pay", "paid_up", "/portal/bills/{}/pay", "newest bill", name="pay-nothing-open"),
    Visit("portal.payment_list", "paid_up", "/portal/payments"),
    Visit("portal.payment_list", "spanish", "/portal/payments"),
    Visit("portal.paid_in_year", "paid_up", "/portal/payments/years/2026"),
    Visit("portal.payment_page", "paid_up", "/portal/payments/{}", "newest payment"),
    *PORTAL_PLANS,
    *PORTAL_AUTOPAY,
    Visit("portal.contact", "owing", "/portal/contact"),
    Visit("portal.contact", "spanish", "/portal/contact"),
    *PORTAL_DISPUTES,
    *PORTAL_ESTIMATES,
    *PORTAL_ASSISTANCE,
    Visit("portal.help_page", "owing", "/portal/help"),
    Visit("portal.help_page", "spanish", "/portal/help"),
    Visit("portal.sign_in", "", "/portal/sign-in"),
    *PORTAL_LINKS,
    Visit("error", "owing", "/portal/bills/999999", status=404),
    Visit("error", "spanish", "/portal/bills/999999", status=404),
    Visit("test_processor.checkout", "owing", "/portal/bills/{}/pay", "newest bill", going_to_pay),
)
PORTAL = (*_PORTAL, *spanish_of([visit for visit in _PORTAL if visit.endpoint.startswith("portal.")]))
NOWHERE = (Visit("error", "", "/nothing/here", status=404),)
EVERY_PAGE = (*STAFF, *INSURER, *PORTAL, *NOWHERE)
