"""Denials: the queue by family, insurer, deadline and value, and one denial with its cause and what to do next."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import dates, money
from claims_service.domain.errors import Conflict, Rejected
from claims_service.domain.money import spoken
from claims_service.formats.tables import codes
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.ids import row_id
from claims_service.interfaces.ui.spreadsheet import table_file
from claims_service.queries import appeal_letters, claim_page, clinic
from claims_service.queries import denials as questions
from claims_service.queries.denial_report import report
from claims_service.queries.denials import Denial
from claims_service.workflow.leave_to_patient import ToPatient, leave_to_patient

MOST_SHOWN = 200
ORDERS = (("deadline", "Deadline first"), ("value", "Dearest first"))
COLUMNS = (
    "claim",
    "insurer_claim",
    "insurer",
    "visit",
    "family",
    "reasons",
    "refused",
    "refused_on",
    "appeal_until",
    "appeal",
)
STEPS = {
    "correct": "Correct the claim and send it again",
    "appeal": "Appeal with a letter",
    "patient": "Leave to the patient what the insurer left to the patient (PR)",
    "write_off": "Write it off, with a reason",
}


@site.get("/denials")
@requires("claim.read")
def denials() -> ResponseReturnValue:
    """What insurers refused and nobody has settled, the nearest deadline first."""
    every = questions.queue(here().practice)
    listed = _narrowed(every)
    shown = listed[:MOST_SHOWN]
    saw([one.patient for one in shown], "denial.list")
    wanted = {name: request.args.get(name) or None for name in ("payer", "order")}
    return render_template(
        "staff/denials.html", listed=shown, count=len(listed), cents=sum(one.cents for one in listed), every=every,
        groups=questions.groups(_of_payer(every)), family=request.args.get("family", ""), wanted=wanted, orders=ORDERS,
        insurers=clinic.insurers(here().practice), values=request.args, reason=appeal_letters.reason_words,
    )  # fmt: skip


@site.get("/denials.csv")
@requires("claim.read")
def denials_table() -> ResponseReturnValue:
    """The same as a table."""
    listed = _narrowed(questions.queue(here().practice))
    saw([one.patient for one in listed], "denial.export")
    return table_file(f"denials-{here().today:%Y-%m-%d}.csv", COLUMNS, [_row(one) for one in listed])


def _of_payer(every: Sequence[Denial]) -> list[Denial]:
    payer = request.args.get("payer", type=row_id)
    return [one for one in every if payer in (None, one.payer)]


def _narrowed(every: Sequence[Denial]) -> list[Denial]:
    family = request.args.get("family", "")
    found = [one for one in _of_payer(every) if family in ("", one.family.name)]
    return sorted(found, key=lambda one: -one.cents) if request.args.get("order") == "value" else found


def _row(one: Denial) -> tuple[object, ...]:
    appeal = one.appeal
    return (
        one.control_number, one.payer_claim_number, one.payer_name, one.served_on, one.family.label,
        " ".join(refusal.code for refusal in one.refusals), money.plain_text(one.cents), one.denied_on, one.due_on,
        f"level {appeal.level}, {appeal.outcome.kind if appeal.outcome else 'sent' if appeal.sent_on else 'made'}" if appeal else "",
    )  # fmt: skip


@site.get("/denials/report")
@requires("report.read")
def denial_report() -> ResponseReturnValue:
    """How often and how much is refused, by family, insurer, provider and month; what is accepted at first sending."""
    return render_template("staff/denial_report.html", report=report(here().practice, today=here().today))


@site.get("/denials/<int:claim>")
@requires("claim.read")
def denial(claim: int) -> ResponseReturnValue:
    """One denied claim."""
    return denial_page(claim, {}, {})


def denial_page(claim: int, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    """The page of a denial; with errors what was typed is kept."""
    at = here()
    head = claim_page.claim_page(at.practice, claim).head
    page = questions.denial(at.practice, claim)
    saw([head.patient], "denial.read", f"claim:{claim}")
    text, version = appeal_letters.text_for(at.practice, page.denial.family.name)
    draft = appeal_letters.letter(at.practice, page, text, signer=at.name, today=at.today)
    usual = {"text": "\n\n".join(draft.paragraphs), "on": dates.us_text(at.today)}
    shown = render_template(
        "staff/denial.html", page=page, denial=page.denial, steps=STEPS, reason=appeal_letters.reason_words, remark_words=_remark,
        hints=_hints(page.causes),
        values={**usual, **values}, errors=errors, level=draft.level, version=version,
    )  # fmt: skip
    return (shown, 422) if errors else shown


def _remark(code: str) -> str:
    return f"{code} {codes.label('rarc', code)}"


def _hints(causes: Sequence[questions.Cause]) -> dict[str, str]:
    """What the list of reasons advises, by reason."""
    rows = {cause.refusal.reason: codes.row("carc", cause.refusal.reason) for cause in causes}
    return {reason: row["staff_hint"] for reason, row in rows.items() if row and row["staff_hint"]}


@site.post("/denials/<int:claim>/to-patient")
@requires("write_off.make")
def to_patient(claim: int) -> ResponseReturnValue:
    """Leave to the patient, or the next plan, what the insurer put into group PR."""
    at = here()
    cents = questions.denial(at.practice, claim).patient_cents
    why = request.form.get("why", "").strip()[:200]
    try:
        leave_to_patient(at.practice, [ToPatient(claim, cents, why)], by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return denial_page(claim, {"why": why}, {"why": refused.problems[0].message})
    except Conflict as refused:
        return denial_page(claim, {"why": why}, {"why": str(refused)})
    flash(f"{spoken(cents)} left to the patient. The reason is kept.", "ok")
    return redirect(url_for("staff.claim", claim=claim), 303)
