"""Bills to patients: who is to be billed, what was sent, and each statement as it was issued."""

import io

from flask import current_app, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access import pay_links
from claims_service.access.guard import access_of, requires, saw
from claims_service.access.pay_links import links_of
from claims_service.domain.money import spoken
from claims_service.domain.patient import frozen
from claims_service.domain.patient.standing import is_misplaced
from claims_service.formats.documents.statement_pdf import statement_pdf
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.queries import accounts, confidential, statement_run, today
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.open_pay_links import open_pay_links, revoke_pay_links


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
    parts = statement_run.due(at.practice)
    made = [bill_patients(at.practice, part, by=at.actor, now=at.now, today=at.today) for part in parts]
    issued, waiting = sum(len(part.statements) for part in made), sum(part.waiting for part in made)
    held = sum(len(part.held) for part in made)
    told = f"{filters.counted(issued, 'statement')} issued, {spoken(sum(part.owed_cents for part in made))}."
    if waiting:
        told += f" {filters.counted(waiting, 'visit')} wait until every plan has answered."
    if held:
        told += f" {filters.counted(held, 'visit')} held: far above the estimate. See Estimates."
    flash(told, "ok" if issued and not held else "warn")
    return redirect(url_for("staff.statements"), 303)


@site.get("/statements/<int:statement>")
@requires("statement.read")
def statement(statement: int) -> ResponseReturnValue:
    """A statement word for word as the patient has it."""
    patient, number, content = accounts.statement_of(here().practice, statement)
    saw([patient], "statement.read", f"statement:{statement}")
    told = frozen.statement(content)
    misplaced = is_misplaced(told, confidential.visits_of(here().practice, patient))
    link_until = pay_links.living_until(here().practice, statement, now=here().now)
    paper = url_for("staff.statement_paper", statement=statement)
    return render_template(
        "staff/statement.html",
        told=told,
        number=number,
        patient=patient,
        pdf=paper,
        statement=statement,
        link_until=link_until,
        misplaced=misplaced,
    )


@site.get("/statements/<int:statement>/pdf")
@requires("statement.read")
def statement_paper(statement: int) -> ResponseReturnValue:
    """The paper that went to the patient, in the patient's language; ?print=large in large print."""
    patient, number, content = accounts.statement_of(here().practice, statement)
    saw([patient], "statement.print", f"statement:{statement}")
    language = accounts.account(here().practice, patient).language
    config = access_of(current_app).config
    address = ""
    if config.site_url:
        links = open_pay_links(here().practice, [(statement, patient)], by=here().actor, now=here().now)
        address = links_of(config).address(links[statement])
    large = request.args.get("print") == "large"
    paper = io.BytesIO(statement_pdf(frozen.statement(content), language, pay_link=address, large=large))
    name = f"statement-{number}{'-large' if large else ''}.pdf"
    return send_file(paper, mimetype="application/pdf", as_attachment=True, download_name=name)


@site.post("/statements/<int:statement>/pay-link/stop")
@requires("statement.send")
def stop_pay_link(statement: int) -> ResponseReturnValue:
    """The bill's pay link stops working, on paper and in messages; the next message brings a new one."""
    at = here()
    patient, _, _ = accounts.statement_of(at.practice, statement)
    count = revoke_pay_links(at.practice, statement, patient, by=at.actor, now=at.now)
    flash("The pay link does not work any more." if count else "There was no pay link.", "ok" if count else "warn")
    return redirect(url_for("staff.statement", statement=statement), 303)
