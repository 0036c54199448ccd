"""What will it cost: the estimates given to the patient, and asking for one."""

import io
import secrets

from flask import redirect, render_template, request, send_file, session, url_for
from flask.typing import ResponseReturnValue

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires, saw
from claims_service.domain.errors import NotFound, Rejected
from claims_service.domain.estimate import wording
from claims_service.domain.estimate.paper import Estimate
from claims_service.domain.estimate.wish import ASKED, DROPPED
from claims_service.formats.documents.estimate_pdf import estimate_pdf
from claims_service.interfaces.portal.dispute_pages import translated
from claims_service.interfaces.portal.site import language, own_patient, site, zone
from claims_service.queries import estimates
from claims_service.workflow.make_estimates import Asked, ask_estimates

MOST_FIELD = 10_000


@site.route("/estimates", methods=["GET", "POST"])
@requires("bill.read")
def estimate_list() -> ResponseReturnValue:
    """The patient's estimates, and the form to ask for one."""
    if request.method == "GET":
        return _list({}, {})
    practice, patient = own_patient()
    words = request.form.get("words", "")[:MOST_FIELD]
    once = request.form.get("idempotency_key", "")[:40] or secrets.token_urlsafe(12)
    today = clock.today(zone())
    wish = Asked(patient, ASKED, today, f"portal:{patient}:{once}", None, words)
    try:
        [made] = ask_estimates(practice, [wish], by=guard.current().actor, now=clock.now(), today=today)
    except Rejected as refused:
        return _list({"words": words, "once": once}, {p.where: translated(p.message) for p in refused.problems})
    session["estimate_asked"] = made.estimate
    return redirect(url_for("portal.estimate_list"), 303)


def _list(values: dict[str, str], errors: dict[str, str]) -> ResponseReturnValue:
    practice, patient = own_patient()
    saw([patient], "estimate.list")
    listed = estimates.of_patient(practice, patient, today=clock.today(zone()))
    asked = session.pop("estimate_asked", None)
    page = render_template(
        "portal/estimates.html",
        listed=[one for one in listed if one.state != DROPPED],
        sent=next((one.due_on for one in listed if one.id == asked), None),
        once=values.get("once") or secrets.token_urlsafe(12),
        words_of=wording,
        values=values,
        errors=errors,
    )
    return (page, 422) if errors else page


def _given(estimate: int) -> tuple[Estimate, int]:
    practice, patient = own_patient()
    found = estimates.estimate(practice, estimate, today=clock.today(zone()), patient=patient)
    if found.paper is None:
        raise NotFound("estimate")
    return found.paper, patient


@site.get("/estimates/<int:estimate>")
@requires("bill.read")
def estimate(estimate: int) -> ResponseReturnValue:
    """One estimate as it was given."""
    paper, patient = _given(estimate)
    saw([patient], "estimate.read", f"estimate:{estimate}")
    return render_template("portal/estimate.html", e=paper, id=estimate, words_of=wording)


@site.get("/estimates/<int:estimate>/pdf")
@requires("bill.read")
def estimate_paper(estimate: int) -> ResponseReturnValue:
    """The same on paper."""
    paper, patient = _given(estimate)
    saw([patient], "estimate.print", f"estimate:{estimate}")
    content = io.BytesIO(estimate_pdf(paper, language()))
    return send_file(
        content, mimetype="application/pdf", as_attachment=True, download_name=f"estimate-{paper.number}.pdf"
    )
