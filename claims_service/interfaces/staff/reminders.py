"""Reminders: what is to be printed, what did not leave, when each goes; and whose bills rest."""

from datetime import time

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain import money
from claims_service.domain.errors import Rejected
from claims_service.domain.patient.reminder import LETTERS, Policy, Step
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import plan_restrictions, reminders
from claims_service.workflow.pause_bills import Pause, choose_contact, pause_bills, resume_bills, set_policy
from claims_service.workflow.remind_patients import mark_printed


@site.get("/reminders")
@requires("statement.read")
def reminder_board() -> ResponseReturnValue:
    """What waits for a person, what left lately, and the practice's steps."""
    return _board(_values(reminders.policy(here().practice)), {})


def _board(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    board = reminders.board(at.practice)
    saw({one.patient for one in (*board.to_print, *board.failed, *board.lately)}, "statement.list")
    to_tell = plan_restrictions.to_tell(at.practice, today=at.today)
    saw({one.restriction.patient for one in to_tell}, "statement.list")
    page = render_template(
        "staff/reminders.html", board=board, letters=LETTERS, values=values, errors=errors, to_tell=to_tell,
        unpaid=plan_restrictions.policy(at.practice),
    )  # fmt: skip
    return (page, 422) if errors else page


@site.post("/reminders/policy")
@requires("billing.policy")
def billing_policy() -> ResponseReturnValue:
    """From now on the practice bills so."""
    at, form = here(), request.form
    values = {name: form.get(name, "").strip() for name in _values(Policy())}
    errors: dict[str, str] = {}
    steps = []
    for letter in LETTERS:
        text = values[f"days_{letter}"]
        if text.isdecimal():
            steps.append(Step(letter, int(text)))
        elif text:
            errors[f"days_{letter}"] = "Write a number of days, like 14, or leave it empty."
    try:
        least = money.typed_cents(values["small_balance"] or "0")
    except ValueError as wrong:
        errors["small_balance"] = f"{str(wrong).capitalize()}."
    clocks = {}
    for name in ("quiet_from", "quiet_until"):
        try:
            clocks[name] = time.fromisoformat(values[name])
        except ValueError:
            errors[name] = "Write a time like 21:00."
    if not errors:
        try:
            set_policy(at.practice, Policy(tuple(steps), least, **clocks), by=at.actor, now=at.now)
        except ValueError as wrong:
            errors["days_ready"] = f"{str(wrong).capitalize()}."
    if errors:
        return _board(values, errors)
    flash("Saved. It holds from now on.", "ok")
    return redirect(url_for("staff.reminder_board"), 303)


def _values(policy: Policy) -> dict[str, str]:
    days = {f"days_{letter}": "" for letter in LETTERS}
    days.update({f"days_{step.letter}": str(step.days) for step in policy.steps})
    return {
        **days,
        "small_balance": f"{money.dollars(policy.small_balance_cents)}",
        "quiet_from": f"{policy.quiet_from:%H:%M}",
        "quiet_until": f"{policy.quiet_until:%H:%M}",
    }


@site.post("/reminders/<int:reminder>/printed")
@requires("statement.send")
def reminder_printed(reminder: int) -> ResponseReturnValue:
    """The letter is in the mail."""
    at = here()
    mark_printed(at.practice, reminder, by=at.actor, now=at.now)
    flash("Marked as mailed.", "ok")
    return redirect(url_for("staff.reminder_board"), 303)


@site.post("/patients/<int:patient>/holds")
@requires("statement.send")
def hold_bills(patient: int) -> ResponseReturnValue:
    """Bills and reminders rest, with the reason."""
    at, form = here(), request.form
    pause = Pause(patient, form.get("kind", ""), form.get("note", "").strip())
    try:
        pause_bills(at.practice, [pause], by=at.actor, now=at.now, today=at.today)
        flash("Bills and reminders rest until you lift it.", "ok")
    except Rejected as refused:
        flash(" ".join(problem.message for problem in refused.problems), "warn")
    return redirect(url_for("staff.patient", patient=patient), 303)


@site.post("/patients/<int:patient>/holds/<int:hold>/lift")
@requires("statement.send")
def lift_hold(patient: int, hold: int) -> ResponseReturnValue:
    """Bills and reminders go on."""
    at = here()
    resume_bills(at.practice, patient, hold, by=at.actor, now=at.now)
    flash("Bills and reminders go on.", "ok")
    return redirect(url_for("staff.patient", patient=patient), 303)


@site.post("/patients/<int:patient>/contact")
@requires("patient.write")
def contact_choice(patient: int) -> ResponseReturnValue:
    """The ways the patient agreed to, said at the desk."""
    at, form = here(), request.form
    wanted = {"by_email": bool(form.get("by_email")), "by_text": bool(form.get("by_text"))}
    try:
        choose_contact(at.practice, patient, **wanted, via="desk", by=at.actor, now=at.now)
        flash("Saved how this patient is reached.", "ok")
    except Rejected as refused:
        flash(" ".join(f"{problem.message} {problem.mend}".strip() for problem in refused.problems), "warn")
    return redirect(url_for("staff.patient", patient=patient), 303)
