"""What patients dispute or ask: the queue with the late ones first, one dispute with its thread and answer, the letter."""

import io
import secrets
from typing import Any

from flask import flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.patient import dispute as rules
from claims_service.domain.patient import dispute_letter, frozen
from claims_service.formats.attachments import MOST_BYTES, SentFile
from claims_service.formats.documents.letter_pdf import letter_pdf
from claims_service.interfaces.staff.site import here, may, site
from claims_service.queries import accounts, disputes
from claims_service.workflow.answer_disputes import Answer, Approval, answer_disputes, approve_answers
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.move_disputes import Step, move_disputes
from claims_service.workflow.open_disputes import Complaint, open_disputes

VIEWS = {"open": "Open", "approve": "Waits for a second person", "answered": "Answered"}
MOST_FIELD = 10_000


@site.get("/disputes")
@requires("dispute.read")
def disputes_list() -> ResponseReturnValue:
    """What waits for an answer, by the promised day."""
    at = here()
    view = request.args.get("view", "open")
    view = view if view in VIEWS else "open"
    listed = disputes.queue(at.practice, today=at.today, view=view)
    saw([one.patient for one in listed], "dispute.list")
    held = disputes.held_cents(at.practice)
    return render_template("staff/disputes.html", listed=listed, view=view, views=VIEWS, held=held, rules=rules)


@site.get("/disputes/<int:dispute>")
@requires("dispute.read")
def dispute(dispute: int) -> ResponseReturnValue:
    """One dispute: the patient's words, the clock, what is held, the claim beside it, the answer."""
    return _page(dispute, {}, {})


def _page(dispute: int, values: dict[str, Any], errors: dict[str, str], status: int = 422) -> ResponseReturnValue:
    at = here()
    found = disputes.dispute(at.practice, dispute, today=at.today)
    saw([found.head.patient], "dispute.read", f"dispute:{dispute}")
    own = found.proposed_by == at.actor.name
    page = render_template(
        "staff/dispute.html",
        d=found,
        head=found.head,
        reason=rules.REASONS[found.head.reason],
        beside=disputes.claims_beside(at.practice, {line.encounter for line in found.lines}),
        proposed=disputes.proposed_credit(at.practice, dispute) if found.proposed_by else 0,
        may_approve=may("write_off.approve") and not own,
        policy=disputes.policy(at.practice),
        rules=rules,
        heading=dispute_letter.heading(found.letter, "en") if found.letter else "",
        values=values,
        errors=errors,
    )
    return (page, status) if errors else page


@site.post("/disputes/<int:dispute>/messages")
@requires("dispute.write")
def move_dispute(dispute: int) -> ResponseReturnValue:
    """A message to the patient or from one who called, or a step: asked, with the plan, opened once more, taken back."""
    at, words = here(), request.form.get("words", "")[:MOST_FIELD]
    try:
        step = Step(dispute, request.form.get("move", ""), words, None, _sent_file())
        [after] = move_disputes(at.practice, [step], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return _page(dispute, {"words": words}, {problem.where: problem.message for problem in refused.problems})
    except Conflict as conflict:
        return _page(dispute, {"words": words}, {"": str(conflict)}, 409)
    flash(f"{after.number}: {rules.LABELS[after.state].lower()}.", "ok")
    return redirect(url_for("staff.dispute", dispute=dispute), 303)


def _sent_file() -> SentFile | None:
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return None
    return SentFile(chosen.filename, chosen.stream.read(MOST_BYTES + 1))


@site.post("/disputes/<int:dispute>/answer")
@requires("dispute.answer")
def answer_dispute(dispute: int) -> ResponseReturnValue:
    """The bill is right, corrected, or a credit; then the letter, and a new statement that says what changed."""
    at, form = here(), request.form
    values = {name: text[:MOST_FIELD] for name, text in form.items()}
    found = disputes.dispute(at.practice, dispute, today=at.today)
    given, errors = {}, {}
    for line in found.lines if form.get("outcome") == rules.CREDITED else ():
        name = f"credit-{line.encounter}-{line.line}"
        try:
            given[line.encounter, line.line] = money.typed_cents(form.get(name, "").strip() or "0")
        except ValueError as wrong:
            errors[name] = f"{str(wrong).capitalize()}."
    if errors:
        return _page(dispute, values, errors)
    answer = Answer(dispute, form.get("outcome", ""), values.get("answer", ""), given)
    try:
        [after] = answer_disputes(at.practice, [answer], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        named = {"words": "answer"}
        return _page(dispute, values, {named.get(p.where, p.where): p.message for p in refused.problems})
    except Conflict as conflict:
        return _page(dispute, values, {"": str(conflict)}, 409)
    return _told(dispute, after.patient)


@site.post("/disputes/<int:dispute>/approval")
@requires("write_off.approve")
def approve_dispute(dispute: int) -> ResponseReturnValue:
    """A second person agrees to a credit above the limit, or sends it back."""
    at, form = here(), request.form
    words = form.get("why", "")[:MOST_FIELD]
    approval = Approval(dispute, form.get("agreed") == "yes", words)
    try:
        [after] = approve_answers(at.practice, [approval], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return _page(
            dispute, {"why": words}, {"why" if p.where == "words" else p.where: p.message for p in refused.problems}
        )
    except Conflict as conflict:
        return _page(dispute, {"why": words}, {"": str(conflict)}, 409)
    return _told(dispute, after.patient)


def _told(dispute: int, patient: int) -> ResponseReturnValue:
    """Bill at once what the answer changed, and say what became of it."""
    at = here()
    after = disputes.dispute(at.practice, dispute, today=at.today).head
    if after.state == rules.ANSWERED:
        made = bill_patients(at.practice, [patient], by=at.actor, now=at.now, today=at.today)
        bill = " A new statement that says so is out." if made.statements else ""
        flash(f"{after.number} is answered; the letter is ready.{bill}", "ok")
    elif after.state == rules.TO_APPROVE:
        flash(f"{after.number} waits for a second person: the credit is above the limit.", "warn")
    else:
        flash(f"{after.number} went back to work.", "ok")
    return redirect(url_for("staff.dispute", dispute=dispute), 303)


@site.route("/statements/<int:statement>/dispute", methods=["GET", "POST"])
@requires("dispute.write")
def new_dispute(statement: int) -> ResponseReturnValue:
    """For a patient who calls, writes or stands at the desk."""
    at, form = here(), request.form
    patient, number, content = accounts.statement_of(at.practice, statement)
    saw([patient], "statement.read", f"statement:{statement}")
    told = frozen.statement(content)
    places = {
        f"{v.invoice.encounter}-{ln.number}": (v.invoice.encounter, ln.number)
        for v in told.visits
        for ln in v.invoice.lines
    }
    key = form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    values = {name: form.get(name, "")[:MOST_FIELD] for name in ("words", "reason", "via")} | {"once": key}
    about = {
        "told": told, "number": number, "patient": patient, "statement": statement, "rules": rules,
        "taken": disputes.on_lines(at.practice, patient, today=at.today),
    }  # fmt: skip
    if request.method == "GET":
        return render_template(
            "staff/dispute_new.html", **about, values=values, errors={}, picked=request.args.getlist("line")
        )
    picked = form.getlist("line")
    if any(value not in places for value in picked):
        raise NotFound("line")
    wish = Complaint(
        patient, statement, tuple(places[value] for value in picked), values["reason"], values["words"],
        f"staff:{statement}:{key}", values["via"], _sent_file(),
    )  # fmt: skip
    try:
        [opened] = open_disputes(at.practice, [wish], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        errors = {problem.where: problem.message for problem in refused.problems}
        return render_template("staff/dispute_new.html", **about, values=values, errors=errors, picked=picked), 422
    flash(
        f"{opened.number} is open. Tell the patient: we answer by {opened.answer_by:%B} {opened.answer_by.day}.", "ok"
    )
    return redirect(url_for("staff.dispute", dispute=opened.dispute), 303)


@site.get("/disputes/<int:dispute>/files/<int:attachment>")
@requires("dispute.read")
def dispute_file(dispute: int, attachment: int) -> ResponseReturnValue:
    """A photo or PDF of the thread, always as a download."""
    at = here()
    patient = disputes.dispute(at.practice, dispute, today=at.today).head.patient
    name, kind, content = disputes.file(at.practice, dispute, attachment)
    saw([patient], "dispute.file", f"dispute:{dispute}")
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@site.get("/disputes/<int:dispute>/letter")
@requires("dispute.read")
def dispute_letter_paper(dispute: int) -> ResponseReturnValue:
    """The answer as the patient gets it, in the patient's language."""
    at = here()
    found = disputes.dispute(at.practice, dispute, today=at.today)
    if found.letter is None:
        raise NotFound("letter")
    saw([found.head.patient], "dispute.print", f"dispute:{dispute}")
    paper = io.BytesIO(letter_pdf(found.letter, found.language))
    return send_file(
        paper, mimetype="application/pdf", as_attachment=True, download_name=f"answer-{found.letter.number}.pdf"
    )
