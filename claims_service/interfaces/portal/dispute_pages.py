"""Something looks wrong, or a question: ask from a line of a bill, follow every step, write back, read the answer."""

import io
import secrets
from zoneinfo import ZoneInfo

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires, saw
from claims_service.domain.errors import Conflict, NotFound, Rejected
from claims_service.domain.patient import dispute_letter
from claims_service.domain.patient.dispute import DISPUTE, REASONS
from claims_service.domain.patient.dispute_letter import Letter
from claims_service.domain.patient.wording import long_date
from claims_service.domain.workdays import add_workdays
from claims_service.formats.attachments import MOST_BYTES, SentFile
from claims_service.formats.documents.letter_pdf import letter_pdf
from claims_service.interfaces.portal import clarity
from claims_service.interfaces.portal.clarity import place_of
from claims_service.interfaces.portal.site import language, own_patient, site, zone
from claims_service.queries import bills, disputes
from claims_service.queries.clarity import is_to_ask
from claims_service.workflow.move_disputes import Step, move_disputes
from claims_service.workflow.open_disputes import Complaint, open_disputes

MOST_FIELD = 10_000


@site.route("/bills/<int:statement>/question", methods=["GET", "POST"])
@requires("bill.dispute")
def ask(statement: int) -> ResponseReturnValue:
    """Which lines, what is wrong, in one's own words; sent, the amount is on hold."""
    practice, patient = own_patient()
    bill = bills.bill(practice, patient, statement)
    saw([patient], "statement.read", f"statement:{statement}")
    if request.method == "GET":
        return _form(bill, request.args.getlist("line"), request.args.get("reason", ""), {}, {})
    form = request.form
    picked, reason = form.getlist("line"), form.get("reason", "")
    key = form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    words = form.get("words", "")[:MOST_FIELD]
    try:
        lines = tuple(place_of(value) for value in picked)
        wish = Complaint(patient, statement, lines, reason, words, f"portal:{patient}:{key}", file=sent_file())
        now = clock.now()
        today = clock.today(zone())
        [opened] = open_disputes(practice, [wish], by=guard.current().actor, now=now, today=today)
    except Rejected as refused:
        errors = {problem.where: translated(problem.message) for problem in refused.problems}
        return _form(bill, picked, reason, {"words": words, "once": key}, errors)
    return redirect(url_for("portal.question", dispute=opened.dispute, sent=1), 303)


def sent_file() -> SentFile | None:
    """What was chosen in the field "file", read no further than we take."""
    chosen = request.files.get("file")
    if chosen is None or not chosen.filename:
        return None
    return SentFile(chosen.filename, chosen.stream.read(MOST_BYTES + 1))


def translated(message: str) -> str:
    """A refusal in the reader's language."""
    return str(_(message))


def _form(
    bill: bills.Bill, picked: list[str], reason: str, values: dict[str, str], errors: dict[str, str]
) -> ResponseReturnValue:
    practice, patient = own_patient()
    policy, today = disputes.policy(practice), clock.today(zone())
    page = render_template(
        "portal/ask.html",
        bill=bill,
        s=bill.statement,
        taken=disputes.on_lines(practice, patient, today=today),
        picked=picked,
        reason=reason,
        reasons=REASONS.values(),
        answer_by=add_workdays(today, policy.answer_days),
        once=values.get("once") or secrets.token_urlsafe(12),
        values=values,
        errors=errors,
    )
    return (page, 422) if errors else page


@site.get("/questions")
@requires("bill.read")
def question_list() -> ResponseReturnValue:
    """Everything the patient asked, and where it stands."""
    practice, patient = own_patient()
    saw([patient], "dispute.list")
    listed = disputes.of_patient(practice, patient, today=clock.today(zone()))
    return render_template("portal/questions.html", listed=listed, reasons=REASONS)


@site.route("/questions/<int:dispute>", methods=["GET", "POST"])
@requires("bill.dispute")
def question(dispute: int) -> ResponseReturnValue:
    """One question or dispute: where it stands, by when we answer, the messages, the answer; and what the patient does now."""
    if request.method == "GET":
        return _page(dispute, {}, {})
    practice, patient = own_patient()
    words = request.form.get("words", "")[:MOST_FIELD]
    now = clock.now()
    today = clock.today(zone())
    try:
        step = Step(dispute, request.form.get("move", ""), words, patient, sent_file())
        move_disputes(practice, [step], by=guard.current().actor, now=now, today=today)
    except Rejected as refused:
        errors = {problem.where: translated(problem.message) for problem in refused.problems}
        return _page(dispute, {"words": words}, errors)
    except Conflict:
        changed = _("Something changed meanwhile. Please look again.")
        return _page(dispute, {"words": words}, {"": changed}, 409)
    return redirect(url_for("portal.question", dispute=dispute), 303)


@site.post("/questions/<int:dispute>/clear")
@requires("bill.dispute")
def question_clear(dispute: int) -> ResponseReturnValue:
    """Was the bill that was disputed clear?"""
    practice, patient = own_patient()
    head = disputes.dispute(practice, dispute, today=clock.today(zone()), patient=patient).head
    if errors := clarity.told(head.statement, clarity.AFTER_DISPUTE):
        return _page(dispute, {}, errors)
    return redirect(url_for("portal.question", dispute=dispute), 303)


def _page(dispute: int, values: dict[str, str], errors: dict[str, str], status: int = 422) -> ResponseReturnValue:
    practice, patient = own_patient()
    found = disputes.dispute(practice, dispute, today=clock.today(zone()), patient=patient)
    saw([patient], "dispute.read", f"dispute:{dispute}")
    page = render_template(
        "portal/question.html",
        d=found,
        reason=REASONS[found.head.reason],
        sent=bool(request.args.get("sent")),
        values=values,
        errors=errors,
        ask_clear=found.head.kind == DISPUTE and is_to_ask(practice, found.head.statement),
        **clarity.choices(bills.bill(practice, patient, found.head.statement)),
        day_of=lambda at: long_date(at.astimezone(ZoneInfo(zone())).date(), language()),
        file_of=lambda file: url_for("portal.question_file", dispute=dispute, attachment=file),
        **(_told(found.letter) if found.letter else {}),
    )
    return (page, status) if errors else page


def _told(letter: Letter) -> dict[str, str]:
    """The sentences of the letter that the page repeats."""
    spoken = language()
    return {
        "answer_heading": dispute_letter.heading(letter, spoken),
        "answer_next": dispute_letter.next_steps(letter, spoken),
        "answer_not_agreed": dispute_letter.not_agreed(letter, spoken),
    }


@site.get("/questions/<int:dispute>/files/<int:attachment>")
@requires("bill.read")
def question_file(dispute: int, attachment: int) -> ResponseReturnValue:
    """A photo or PDF of the thread, always as a download."""
    practice, patient = own_patient()
    name, kind, content = disputes.file(practice, dispute, attachment, patient=patient)
    saw([patient], "dispute.file", f"dispute:{dispute}")
    return send_file(io.BytesIO(content), mimetype=kind, as_attachment=True, download_name=name)


@site.get("/questions/<int:dispute>/letter")
@requires("bill.read")
def question_letter(dispute: int) -> ResponseReturnValue:
    """The answer as a letter."""
    practice, patient = own_patient()
    found = disputes.dispute(practice, dispute, today=clock.today(zone()), patient=patient)
    if found.letter is None:
        raise NotFound("letter")
    saw([patient], "dispute.print", f"dispute:{dispute}")
    paper = io.BytesIO(letter_pdf(found.letter, language()))
    name = f"answer-{found.letter.number}.pdf"
    return send_file(paper, mimetype="application/pdf", as_attachment=True, download_name=name)
