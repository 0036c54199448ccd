"""Correcting and voiding a claim that the insurer has, and its versions side by side."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.comparison import KINDS
from claims_service.domain.errors import Conflict, Rejected
from claims_service.interfaces.staff import claims, visit_form, visits
from claims_service.interfaces.staff.site import here, may, site
from claims_service.interfaces.ui import filters
from claims_service.interfaces.ui.ids import row_id
from claims_service.queries import claim_page, claim_versions
from claims_service.queries import visits as questions
from claims_service.workflow.correct_claim import Correction, correct_claims
from claims_service.workflow.correct_next_claim import correct_next_claims
from claims_service.workflow.correctable import check_correctable
from claims_service.workflow.submit_claims import submit_claims
from claims_service.workflow.void_claim import void_claims


@site.route("/claims/<int:claim>/correct", methods=["GET", "POST"])
@requires("claim.write")
def correct(claim: int) -> ResponseReturnValue:
    """The visit of a claim the insurer has, to be coded as it should have been; saved it is a new version, the old one stays."""
    at = here()
    head = claim_page.claim_page(at.practice, claim).head
    found = questions.recorded(at.practice, head.encounter)
    person = questions.patient_line(at.practice, head.patient)
    saw([person.id], "claim.read", f"claim:{claim}")
    staff = questions.providers(at.practice)
    about: dict[str, Any] = {"mends": found, "corrects": head, "version": found.version}
    try:
        check_correctable(at.practice, [claim], first_plan=True)
    except Conflict as refused:
        return _refused(claim, refused)
    if request.method == "GET":
        return visits.form_page(person, staff, visit_form.filled_from(found.encounter), **about)
    typed = visit_form.read(
        request.form, patient=person.id, reference=found.encounter.reference, today=at.today, kept=found.encounter
    )
    if typed.visit is None or visits.only_looks():
        return visits.form_page(person, staff, typed, **about)
    try:
        why = request.form.get("why", "").strip()[:200]
        made = correct_claims(
            at.practice, [Correction(claim, typed.visit)], why=why, by=at.actor, now=at.now, today=at.today
        )
    except Rejected as refused:
        return visits.form_page(person, staff, typed.with_problems(refused.problems), **about)
    except Conflict as refused:
        return _refused(claim, refused)
    return _made(made[0].claim, made[0].state, sum(finding.severity == "must" for finding in made[0].findings))


def _made(new: int, state: str, must: int) -> ResponseReturnValue:
    if state == lifecycle.NEEDS_MENDING:
        flash(f"A corrected claim was built. The checks found {filters.counted(must, 'thing')} to mend.", "warn")
    elif request.form.get("do") == "send" and may("claim.submit"):
        submit_claims(here().practice, [new], by=here().actor, now=here().now)
        flash("Corrected and sent. The earlier version is kept.", "ok")
    else:
        flash("Corrected: ready to send. The earlier version is kept.", "ok")
    return redirect(url_for("staff.claim", claim=new), 303)


@site.post("/claims/<int:claim>/bill-anew")
@requires("claim.write")
def bill_anew(claim: int) -> ResponseReturnValue:
    """Replace a claim to a next plan by one with what the plan before it says now."""
    at = here()
    try:
        why = "the plan before it decided anew, or the plan was mended"
        made = correct_next_claims(at.practice, [claim], why=why, by=at.actor, now=at.now, today=at.today)
    except Conflict as refused:
        return _refused(claim, refused)
    return _made(made[0].claim, made[0].state, sum(finding.severity == "must" for finding in made[0].findings))


@site.post("/claims/<int:claim>/void")
@requires("claim.write")
def void(claim: int) -> ResponseReturnValue:
    """Void a claim with a reason: at its insurer, or here alone while no insurer has it."""
    at, why = here(), request.form.get("why_void", "").strip()[:200]
    try:
        made = void_claims(at.practice, [claim], why=why, by=at.actor, now=at.now, today=at.today)
    except Rejected as refused:
        return claims.claim_again(claim, {"why_void": why}, {"why_void": refused.problems[0].message})
    except Conflict as refused:
        return _refused(claim, refused)
    if not made.asked:
        flash("Void. No insurer has this claim, so nothing is sent.", "ok")
        return redirect(url_for("staff.claim", claim=claim), 303)
    flash("A claim that asks the insurer to void it is ready to send.", "ok")
    return redirect(url_for("staff.claim", claim=made.asked[0].claim), 303)


def _refused(claim: int, refused: Conflict) -> ResponseReturnValue:
    flash(str(refused), "warn")
    return redirect(url_for("staff.claim", claim=claim), 303)


@site.get("/claims/<int:claim>/versions")
@requires("claim.read")
def versions(claim: int) -> ResponseReturnValue:
    """Two versions side by side: the newest and the one before it, or those chosen."""
    at = here()
    head = claim_page.claim_page(at.practice, claim).head
    saw([head.patient], "claim.read", f"claim:{claim}")
    listed = claim_versions.versions(at.practice, claim)
    by_key = {version.key: version for version in listed}
    left = by_key.get(request.args.get("left", ""), listed[-2] if len(listed) > 1 else listed[0])
    right = by_key.get(request.args.get("right", ""), listed[-1])
    return render_template(
        "staff/claim_versions.html",
        head=head,
        versions=listed,
        choices=[(version.key, _name(n, version)) for n, version in enumerate(listed, 1)],
        names={version.key: _name(n, version) for n, version in enumerate(listed, 1)},
        found=claim_versions.compare(at.practice, left, right) if head.payer else None,
        everything=request.args.get("show", type=row_id) == 1,
    )


def _name(number: int, version: claim_versions.Version) -> str:
    """ "2: replacement, sent Nov 20"."""
    when = f"sent {filters.staff_date(version.at.date(), here().today)}" if version.at else "not sent yet"
    return f"{number}: {KINDS.get(version.frequency, '').lower()}, {when}"
