"""Bills to patients: who is to be billed, what was sent, and each statement as it was issued."""

import io

from flask import flash, redirect, render_template, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain.money import spoken
from claims_service.domain.patient import frozen
from claims_service.formats.documents.statement_pdf import statement_pdf
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.queries import accounts, today
from claims_service.workflow.bill_patient import bill_patients


@site.get("/statements")
@requires("statement.read")
def statements() -> ResponseReturnValue:
    """What was sent, and how many patients wait for a bill."""
    listed = accounts.issued_bills(here().practice)
    saw([bill.patient for bill in listed], "statement.list")
    waiting = today.queues(here().practice, now=here().now).get("to_bill")
    return render_template("staff/statements.html", listed=listed, waiting=waiting)


@site.post("/statements")
@requires("statement.send")
def bill() -> ResponseReturnValue:
    """Issue every bill that is due; pressed twice, the second issues nothing."""
    at = here()
    made = bill_patients(at.practice, None, by=at.actor, now=at.now, today=at.today)
    told = f"{filters.counted(len(made.statements), 'statement')} issued, {spoken(made.owed_cents)}."
    if made.waiting:
        told += f" {filters.counted(made.waiting, 'visit')} wait until every plan has answered."
    if made.held:
        told += f" {filters.counted(len(made.held), 'visit')} held: far above the estimate. See Estimates."
    flash(told, "ok" if made.statements and not made.held else "warn")
    return redirect(url_for("staff.statements"), 303)


@site.get("/statements/<int:statement>")
@requires("statement.read")
def statement(statement: int) -> ResponseReturnValue:
    """A statement word for word as the patient has it."""
    patient, number, content = accounts.statement_of(here().practice, statement)
    saw([patient], "statement.read", f"statement:{statement}")
    told = frozen.statement(content)
    paper = url_for("staff.statement_paper", statement=statement)
    return render_template(
        "staff/statement.html", told=told, number=number, patient=patient, pdf=paper, statement=statement
    )


@site.get("/statements/<int:statement>/pdf")
@requires("statement.read")
def statement_paper(statement: int) -> ResponseReturnValue:
    """The paper that went to the patient, in the patient's language."""
    patient, number, content = accounts.statement_of(here().practice, statement)
    saw([patient], "statement.print", f"statement:{statement}")
    language = accounts.account(here().practice, patient).language
    paper = io.BytesIO(statement_pdf(frozen.statement(content), language))
    return send_file(paper, mimetype="application/pdf", as_attachment=True, download_name=f"statement-{number}.pdf")
