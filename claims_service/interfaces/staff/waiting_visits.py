"""Visits that wait for a claim: build them, or put several of a patient together into one."""

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires
from claims_service.domain.errors import Conflict, Rejected
from claims_service.interfaces.staff.site import here, site
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import visits as questions
from claims_service.workflow.bill_together import bill_together
from claims_service.workflow.build_claim import build_claims

MOST = 100


@site.post("/visits/bill")
@requires("claim.write")
def bill_visits() -> ResponseReturnValue:
    """The claims of the ticked visits, one each, or with "together" one for all of them."""
    at = here()
    wanted = request.form.getlist("pick", type=row_id)[:MOST]
    if not wanted:
        flash("Tick the visits first.", "warn")
        return redirect(url_for("staff.visits"), 303)
    for encounter in wanted:
        questions.recorded(at.practice, encounter)
    try:
        if request.form.get("do") == "together":
            wanted = [bill_together(at.practice, wanted, by=at.actor, now=at.now)]
        built = build_claims(at.practice, wanted, by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        flash(" ".join(problem.message for problem in refused.problems), "warn")
        return redirect(url_for("staff.visits"), 303)
    except Conflict as refused:
        flash(str(refused), "warn")
        return redirect(url_for("staff.visits"), 303)
    count = len(built.claims) + len(built.self_pay)
    stopped = built.count("needs_mending")
    said = f"{filters.counted(count, 'claim')} built"
    flash(f"{said}, {stopped} of them to mend." if stopped else f"{said}.", "warn" if stopped else "ok")
    made = [*(claim.claim for claim in built.claims), *built.self_pay]
    return redirect(url_for("staff.claim", claim=made[0]) if len(made) == 1 else url_for("staff.visits"), 303)
