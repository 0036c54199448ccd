"""Home, bills, one bill with each service explained, its PDF, and help."""

import io

from flask import current_app, render_template, request, send_file
from flask.typing import ResponseReturnValue

from claims_service import clock
from claims_service.access.guard import requires, saw
from claims_service.domain.patient.statement import title
from claims_service.formats.documents.statement_pdf import statement_pdf
from claims_service.interfaces.portal import drawn
from claims_service.interfaces.portal.kept_page import kept_page
from claims_service.interfaces.portal.site import by_link, language, own_patient, processor_of, site, zone
from claims_service.queries import autopay, bills, disputes, payment_plans
from claims_service.queries.to_pay import to_pay


@site.get("")
@requires("bill.read")
def home() -> ResponseReturnValue:
    """What is owed in one sentence, what to wait for, what was paid."""
    practice, patient = own_patient()
    saw([patient], "account.read")
    found = bills.home(practice, patient, zone())
    person = bills.addressee(practice, patient)
    plan = payment_plans.on_bill(practice, patient, found.bill, today=clock.today(zone())) if found.bill else None
    cards = processor_of(current_app) is not None
    return render_template(
        "portal/home.html", home=found, first=person.first, title_of=_title, on_plan=plan, cards=cards
    )


@site.get("/bills")
@requires("bill.read")
def bill_list() -> ResponseReturnValue:
    """Every bill, the newest first."""
    practice, patient = own_patient()
    saw([patient], "statement.list")
    return render_template("portal/bills.html", bills=bills.bills_of(practice, patient), title_of=_title)


@site.get("/bills/<int:statement>")
@requires("bill.read")
def bill_page(statement: int) -> ResponseReturnValue:
    """One bill: what is owed, how we got there, each service explained."""
    return shown(statement)


def shown(statement: int) -> ResponseReturnValue:
    """The page of a bill of the visitor."""
    practice, patient = own_patient()
    page = kept_page(lambda: _drawn(practice, patient, statement))
    saw([patient], "statement.read", f"statement:{statement}")
    return page


def _drawn(practice: int, patient: int, statement: int) -> str:
    found = bills.bill(practice, patient, statement)
    today = clock.today(zone())
    on_plan, offered = payment_plans.beside(practice, patient, found, today=today)
    promised = found.payable and not found.changed and found.statement.prompt_pay
    open_now = to_pay(practice, patient, found, today=today) if promised else None
    beside = drawn.Today(
        disputes.on_lines(practice, patient, today=today),
        on_plan,
        coming=None if by_link() else autopay.coming(practice, statement),
        early=(open_now.off_cents, open_now.off_until) if open_now and open_now.off_until else None,
        month_cents=offered.schedules[-1][0].cents if offered.schedules else 0,
        cards=processor_of(current_app) is not None,
        credit_cents=0 if by_link() or found.asked_cents or found.changed else bills.credit_cents(practice, patient),
    )
    told, due_cents = drawn.told(found, beside), beside.due_cents(found)
    return render_template("portal/bill.html", bill=found, told=told, due_cents=due_cents)


def _title(bill: bills.Bill) -> str:
    return title(bill.statement, language())


@site.get("/bills/<int:statement>/pdf")
@requires("bill.read")
def bill_paper(statement: int) -> ResponseReturnValue:
    """The bill as it was sent; ?print=large in large print."""
    return paper(statement)


def paper(statement: int) -> ResponseReturnValue:
    """The PDF of a bill of the visitor."""
    practice, patient = own_patient()
    found = bills.bill(practice, patient, statement)
    saw([patient], "statement.print", f"statement:{statement}")
    large = request.args.get("print") == "large"
    printed = statement_pdf(found.statement, language(), large=large)
    name = f"statement-{found.statement.number}{'-large' if large else ''}.pdf"
    return send_file(io.BytesIO(printed), mimetype="application/pdf", as_attachment=True, download_name=name)


@site.get("/help")
@requires("bill.read")
def help_page() -> ResponseReturnValue:
    """The words, the plan's letter, and a person to talk to."""
    return render_template("portal/help.html")
