"""'Paid in full, do not tell my plan': the wish, how it stands, and its end."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain.errors import Conflict, NotFound
from claims_service.domain.patient.plan_restriction import Policy
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import accounts, confidential, plan_restrictions
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.restrict_plan import (
    end_restriction,
    restrict_plan,
    set_restriction_policy,
    tell_of_end,
)


@site.route("/patients/<int:patient>/plan-restriction", methods=["GET", "POST"])
@requires("encounter.write")
def plan_restriction(patient: int) -> ResponseReturnValue:
    """Write the wish down: the visit's claim leaves the plan, and the patient is billed."""
    at = here()
    account = accounts.account(at.practice, patient)
    saw([patient], "account.read", f"patient:{patient}")
    if request.method == "GET":
        return _page(account, {"visit": request.args.get("visit", "")}, {})
    values = {"visit": request.form.get("visit", "").strip()}
    try:
        visit = row_id(values["visit"])
    except ValueError:
        return _page(account, values, {"visit": "Choose the visit."})
    try:
        visits = restrict_plan(at.practice, [(patient, visit)], by=at.actor, now=at.now, today=at.today)
    except Conflict as late:
        return _page(account, values, {"visit": str(late)})
    build_claims(at.practice, visits, by=at.actor, now=at.now, today=at.today)
    flash("Written down. The patient pays this visit, and its plan is not told.", "ok")
    return redirect(url_for("staff.plan_restriction", patient=patient), 303)


@site.post("/patients/<int:patient>/plan-restriction/told")
@requires("encounter.write")
def plan_restriction_told(patient: int) -> ResponseReturnValue:
    """A person told the patient that the plan will be billed: the days of grace begin."""
    at = here()
    tell_of_end(at.practice, patient, _visit(), by=at.actor, now=at.now, today=at.today)
    flash("Written down. If it is not paid by then, the plan is billed.", "ok")
    return redirect(url_for("staff.plan_restriction", patient=patient), 303)


@site.post("/patients/<int:patient>/plan-restriction/end")
@requires("encounter.write")
def plan_restriction_end(patient: int) -> ResponseReturnValue:
    """The patient agrees that the plan is billed."""
    at = here()
    visits = end_restriction(at.practice, patient, _visit(), by=at.actor, now=at.now, today=at.today)
    build_claims(at.practice, visits, by=at.actor, now=at.now, today=at.today)
    flash("Ended. The claim to the plan is built.", "ok")
    return redirect(url_for("staff.plan_restriction", patient=patient), 303)


@site.post("/reminders/plan-restrictions")
@requires("billing.policy")
def plan_restriction_policy() -> ResponseReturnValue:
    """From now on such a visit may stay unpaid so long."""
    at = here()
    try:
        new = Policy(*(int(request.form.get(name, "")) for name in ("days", "grace_days")))
    except ValueError:
        flash("Write whole days from 1 to 365.", "warn")
    else:
        set_restriction_policy(at.practice, new, by=at.actor, now=at.now)
        flash("Saved. It holds from now on.", "ok")
    return redirect(url_for("staff.reminder_board"), 303)


def _visit() -> int:
    try:
        return row_id(request.form.get("visit", ""))
    except ValueError:
        raise NotFound("visit") from None


def _page(account: accounts.Account, values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    at = here()
    page = render_template(
        "staff/plan_restriction.html",
        account=account,
        held=plan_restrictions.of_patient(at.practice, account.id, today=at.today),
        visits=confidential.of_patient(at.practice, account.id).visits,
        policy=plan_restrictions.policy(at.practice),
        values=values,
        errors=errors,
    )
    return (page, 422) if errors else page
