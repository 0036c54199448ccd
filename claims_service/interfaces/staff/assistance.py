"""Financial assistance at the desk: applications to decide, one with its papers and the decision, the practice's scale."""

import io
import secrets
from collections.abc import Mapping

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Conflict, NotFound, Problem, Rejected
from claims_service.domain.patient import assistance as rules
from claims_service.domain.patient import assistance_letter
from claims_service.domain.patient.assistance import Policy
from claims_service.formats.documents.assistance_pdf import assistance_pdf
from claims_service.interfaces.staff.site import here, may, site
from claims_service.interfaces.ui.sent_files import sent_files
from claims_service.queries import assistance
from claims_service.queries import visits as people
from claims_service.workflow.ask_assistance import Application, add_papers, ask_assistance, withdraw_assistance
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.decide_assistance import Decision, decide_assistance, set_scale

MOST_FIELD = 10_000
MOST_STEPS = 8


@site.get("/assistance")
@requires("assistance.read")
def assistance_list() -> ResponseReturnValue:
    """What is to be decided, the oldest first."""
    view = request.args.get("view", rules.OPEN)
    view = view if view in assistance.VIEWS else rules.OPEN
    listed = assistance.queue(here().practice, view)
    saw([one.patient for one in listed], "assistance.list")
    return render_template("staff/assistance_list.html", listed=listed, view=view, views=assistance.VIEWS)


@site.route("/patients/<int:patient>/assistance/new", methods=["GET", "POST"])
@requires("assistance.write")
def new_assistance(patient: int) -> ResponseReturnValue:
    """For a patient at the desk or on paper."""
    at, form = here(), request.form
    person = people.patient_line(at.practice, patient)
    saw([person.id], "patient.read", "assistance form")
    once = form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    values = {name: form.get(name, "")[:MOST_FIELD] for name in ("household", "income", "words")} | {"once": once}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            wish = read_application(values, person.id, f"staff:{person.id}:{once}", "desk")
            [made] = ask_assistance(at.practice, [wish], by=at.actor, now=at.now, today=at.today)
            flash(f"{made.number} is open. Bills and reminders rest until it is decided.", "ok")
            return redirect(url_for("staff.assistance_page", application=made.application), 303)
        except Rejected as refused:
            errors = {problem.where: problem.message for problem in refused.problems}
    page = render_template("staff/assistance_new.html", person=person, values=values, errors=errors)
    return (page, 422) if errors else page


def read_application(values: Mapping[str, str], patient: int, key: str, via: str) -> Application:
    """What was typed.

    Raises:
        Rejected: a figure that can't be read.
    """
    found = []
    people_count = values["household"].strip()
    household = int(people_count) if people_count.isascii() and people_count.isdigit() and len(people_count) < 4 else 0
    income = -1
    try:
        income = money.typed_cents(values["income"])
    except ValueError:
        found.append(Problem("income", "Write the income of a whole year, before taxes."))
    if found:
        raise Rejected([*rules.problems(household, 0, values["words"], via), *found])
    return Application(patient, household, income, key, values["words"], via, sent_files())


@site.get("/assistance/<int:application>")
@requires("assistance.read")
def assistance_page(application: int) -> ResponseReturnValue:
    """One application, its papers, and the decision."""
    return _page(application, {}, {})


def _page(key: int, values: Mapping[str, str], errors: Mapping[str, str], status: int = 422) -> ResponseReturnValue:
    found = assistance.application(here().practice, key)
    saw([found.head.patient], "assistance.read", f"assistance:{key}")
    page = render_template(
        "staff/assistance.html", a=found, head=found.head, rules=rules, letter_words=assistance_letter,
        own=here().actor.name, may_agree=may("write_off.approve"), values=values, errors=errors,
    )  # fmt: skip
    return (page, status) if errors else page


@site.post("/assistance/<int:application>/decision")
@requires("assistance.decide")
def decide_application(application: int) -> ResponseReturnValue:
    """So many percent off, or none; the letter is ready at once, and a new statement where something is left."""
    at, form = here(), request.form
    values = {name: form.get(name, "")[:MOST_FIELD] for name in ("percent", "words")}
    typed = values["percent"].strip().rstrip("%")
    percent = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else -1
    wish = Decision(application, percent, values["words"])
    try:
        [after] = decide_assistance(
            at.practice, [wish], by=at.actor, now=at.now, today=at.today, above_limit=may("write_off.approve")
        )
    except Rejected as refused:
        return _page(application, values, {problem.where: problem.message for problem in refused.problems})
    except Conflict as conflict:
        return _page(application, values, {"": str(conflict)}, 409)
    if after.state == rules.OPEN:
        flash("Kept. A second person has to agree before anything is taken off.", "warn")
        return redirect(url_for("staff.assistance_page", application=application), 303)
    bill_patients(at.practice, [after.patient], by=at.actor, now=at.now, today=at.today)
    flash(f"{after.number} is decided; the letter is ready. Bills go on.", "ok")
    return redirect(url_for("staff.assistance_page", application=application), 303)


@site.post("/assistance/<int:application>/papers")
@requires("assistance.write")
def add_application_papers(application: int) -> ResponseReturnValue:
    """Papers that came later, or the patient takes the application back."""
    at = here()
    try:
        if request.form.get("move") == "withdraw":
            withdraw_assistance(at.practice, application, by=at.actor, now=at.now, today=at.today)
            flash("It is taken back. Bills go on.", "ok")
        else:
            add_papers(at.practice, application, sent_files(), by=at.actor, now=at.now)
            flash("Added.", "ok")
    except Rejected as refused:
        return _page(application, {}, {problem.where: problem.message for problem in refused.problems})
    except Conflict as conflict:
        return _page(application, {}, {"": str(conflict)}, 409)
    return redirect(url_for("staff.assistance_page", application=application), 303)


@site.get("/assistance/<int:application>/papers/<int:paper>")
@requires("assistance.read")
def application_paper(application: int, paper: int) -> ResponseReturnValue:
    """A paper, always as a download."""
    at = here()
    name, kind, content = assistance.file(at.practice, application, paper)
    saw([assistance.application(at.practice, application).head.patient], "assistance.file", f"assistance:{application}")
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@site.get("/assistance/<int:application>/letter")
@requires("assistance.read")
def assistance_letter_paper(application: int) -> ResponseReturnValue:
    """The decision as the patient gets it, in the patient's language."""
    found = assistance.application(here().practice, application)
    if found.head.letter is None:
        raise NotFound("letter")
    saw([found.head.patient], "assistance.print", f"assistance:{application}")
    paper = io.BytesIO(assistance_pdf(found.head.letter, found.language))
    return send_file(
        paper, mimetype="application/pdf", as_attachment=True, download_name=f"assistance-{found.head.number}.pdf"
    )


@site.route("/assistance/scale", methods=["GET", "POST"])
@requires("assistance.policy")
def assistance_scale() -> ResponseReturnValue:
    """The practice's sliding scale, how long a grant holds, and what needs a manager."""
    at, form = here(), request.form
    if request.method == "GET":
        return _scale(_scale_values(assistance.policy(at.practice)), {})
    values = {name: text[:40].strip() for name, text in form.items()}
    errors: dict[str, str] = {}
    steps = []
    for n in range(MOST_STEPS):
        limit, off = values.get(f"limit-{n}", "").rstrip("%"), values.get(f"off-{n}", "").rstrip("%")
        if limit or off:
            steps.append((_whole(limit), _whole(off)))
    limit_cents = 0
    try:
        limit_cents = money.typed_cents(values.get("limit", ""))
    except ValueError as wrong:
        errors["limit"] = f"{str(wrong).capitalize()}."
    if not errors:
        try:
            set_scale(
                at.practice,
                Policy(tuple(steps), _whole(values.get("months", "")), limit_cents),
                by=at.actor,
                now=at.now,
            )
            flash("Saved. It holds for decisions from now on.", "ok")
            return redirect(url_for("staff.assistance_scale"), 303)
        except Rejected as refused:
            errors = {"limit-0" if p.where == "steps" else p.where: p.message for p in refused.problems}
    return _scale(values, errors)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _scale_values(policy: Policy) -> dict[str, str]:
    values = {"months": str(policy.months), "limit": money.plain_text(policy.approve_above_cents)}
    for n, (limit, off) in enumerate(policy.steps):
        values |= {f"limit-{n}": str(limit), f"off-{n}": str(off)}
    return values


def _scale(values: Mapping[str, str], errors: Mapping[str, str]) -> ResponseReturnValue:
    known = assistance.known_guidelines(today=here().today)
    page = render_template("staff/assistance_scale.html", known=known, most=MOST_STEPS, values=values, errors=errors)
    return (page, 422) if errors else page
