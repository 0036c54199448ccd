"""Estimates: what is due by when, working one out and giving it, and bills that wait since they are far above theirs."""

import io
import secrets
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.estimate import wording
from claims_service.domain.estimate.wish import DUE, ISSUED, REASONS
from claims_service.formats.documents.estimate_pdf import estimate_pdf
from claims_service.interfaces.staff import estimate_form
from claims_service.interfaces.staff.estimate_form import Typed
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.queries import codes, estimates
from claims_service.queries import visits as people
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.make_estimates import (
    Asked,
    Drop,
    Issue,
    ask_estimates,
    drop_estimates,
    issue_estimates,
)
from claims_service.workflow.release_bills import Release, release_bills

MOST_FIELD = 4_000


@site.get("/estimates")
@requires("encounter.read")
def estimate_list() -> ResponseReturnValue:
    """What is due, late ones first, and bills that wait."""
    return _list({}, {})


def _list(errors: Mapping[str, str], values: Mapping[str, str]) -> ResponseReturnValue:
    at = here()
    view = request.args.get("view", DUE)
    view = view if view in estimates.VIEWS else DUE
    listed, waiting = estimates.queue(at.practice, today=at.today, view=view), estimates.waiting_bills(at.practice)
    saw([*(one.patient for one in listed), *(one.patient for one in waiting)], "estimate.list")
    page = render_template(
        "staff/estimates.html", listed=listed, view=view, views=estimates.VIEWS, waiting=waiting, reasons=REASONS,
        errors=errors, values=values,
    )  # fmt: skip
    return (page, 422) if errors else page


@site.route("/patients/<int:patient>/estimates/new", methods=["GET", "POST"])
@requires("encounter.write")
def new_estimate(patient: int) -> ResponseReturnValue:
    """What is planned; "check" shows the estimate, "keep" puts it on the list of what is due, "issue" gives it."""
    at = here()
    person = people.patient_line(at.practice, patient)
    saw([person.id], "patient.read", "estimate form")
    if request.method == "GET":
        staff = people.providers(at.practice)
        blank = estimate_form.filled_from(None, asked_on=at.today, provider=staff[0][0] if len(staff) == 1 else None)
        return _form(person, blank, secrets.token_urlsafe(12))
    once = request.form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    typed = estimate_form.read(request.form, today=at.today)
    asked_on = estimate_form.day(typed.values, "asked_on", typed.errors, at.today) or at.today
    do = request.form.get("do")
    if typed.wish is None or typed.errors or do == "check":
        return _form(person, typed, once)
    wish = Asked(person.id, typed.values.get("reason", ""), asked_on, f"staff:{person.id}:{once}", typed.wish)
    try:
        [made] = ask_estimates(at.practice, [wish], by=at.actor, now=at.now, today=at.today)
        if do == "issue":
            issue_estimates(at.practice, [Issue(made.estimate, typed.wish)], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return _form(person, typed.with_problems(refused.problems), once)
    until = f" Give it by {filters.staff_date(made.due_on, at.today)}." if made.due_on else ""
    flash(f"{made.number} is given." if do == "issue" else f"{made.number} is on the list.{until}", "ok")
    return redirect(url_for("staff.estimate", estimate=made.estimate), 303)


def _form(
    person: people.PatientLine, typed: Typed, once: str = "", found: estimates.Found | None = None
) -> ResponseReturnValue:
    at = here()
    asked_on = found.head.asked_on if found else at.today
    shown = (
        estimates.preview(at.practice, person.id, typed.wish, asked_on=asked_on, today=at.today) if typed.wish else None
    )
    procedures = [typed.values.get(f"lines-{n}-code", "").upper() for n in typed.rows]
    page = render_template(
        "staff/estimate_form.html", person=person, typed=typed, values=typed.values, errors=typed.errors, once=once,
        found=found, shown=shown, words_of=wording, providers=people.providers(at.practice), places=codes.places(),
        procedure_words=codes.labels(at.practice, "procedure", procedures), reasons=list(REASONS.items()),
    )  # fmt: skip
    return (page, 422) if typed.errors else page


@site.route("/estimates/<int:estimate>", methods=["GET", "POST"])
@requires("encounter.write")
def estimate(estimate: int) -> ResponseReturnValue:
    """One that is due as the form that gives it, one that was given as its paper."""
    at = here()
    found = estimates.estimate(at.practice, estimate, today=at.today)
    saw([found.head.patient], "estimate.read", f"estimate:{estimate}")
    if found.head.state != DUE:
        return render_template("staff/estimate.html", found=found, head=found.head, e=found.paper, words_of=wording)
    person = people.patient_line(at.practice, found.head.patient)
    if request.method == "GET":
        return _form(
            person, estimate_form.filled_from(found.head.wish, asked_on=found.head.asked_on, provider=None), found=found
        )
    if request.form.get("do") == "drop":
        return _drop(person, found)
    typed = estimate_form.read(request.form, today=at.today)
    if typed.wish is None or request.form.get("do") != "issue":
        return _form(person, typed, found=found)
    try:
        issue_estimates(at.practice, [Issue(estimate, typed.wish)], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return _form(person, typed.with_problems(refused.problems), found=found)
    flash(f"{found.head.number} is given. It stays as it is.", "ok")
    return redirect(url_for("staff.estimate", estimate=estimate), 303)


def _drop(person: people.PatientLine, found: estimates.Found) -> ResponseReturnValue:
    at, why = here(), request.form.get("why", "")[:MOST_FIELD]
    try:
        drop_estimates(at.practice, [Drop(found.head.id, why)], by=at.actor, now=at.now)
    except Rejected as refused:
        kept = estimate_form.filled_from(found.head.wish, asked_on=found.head.asked_on, provider=None)
        return _form(person, kept.with_problems(refused.problems), found=found)
    except Conflict as conflict:
        flash(str(conflict), "warn")
        return redirect(url_for("staff.estimate", estimate=found.head.id), 303)
    flash(f"{found.head.number} is off the list.", "ok")
    return redirect(url_for("staff.estimate_list"), 303)


@site.get("/estimates/<int:estimate>/pdf")
@requires("encounter.read")
def estimate_paper(estimate: int) -> ResponseReturnValue:
    """The paper for the patient, in the patient's language."""
    at = here()
    found = estimates.estimate(at.practice, estimate, today=at.today)
    if found.head.state != ISSUED or found.paper is None:
        raise NotFound("estimate")
    saw([found.head.patient], "estimate.print", f"estimate:{estimate}")
    paper = io.BytesIO(estimate_pdf(found.paper, found.language))
    return send_file(
        paper, mimetype="application/pdf", as_attachment=True, download_name=f"estimate-{found.head.number}.pdf"
    )


@site.post("/estimates/waiting/<int:waiting_bill>")
@requires("statement.send")
def release_bill(waiting_bill: int) -> ResponseReturnValue:
    """A person lets a bill go that is far above its estimate, and says why; it goes out at once."""
    at, why = here(), request.form.get("why", "")[:MOST_FIELD]
    try:
        patients = release_bills(at.practice, [Release(waiting_bill, why)], by=at.actor, now=at.now)
    except Rejected as refused:
        return _list({f"why-{waiting_bill}": refused.problems[0].message}, {f"why-{waiting_bill}": why})
    made = bill_patients(at.practice, patients, by=at.actor, now=at.now, today=at.today)
    sent = "the bill is out, with the right to dispute it" if made.statements else "it goes out with the next bills"
    flash(f"Released: {sent}.", "ok")
    return redirect(url_for("staff.estimate_list"), 303)
