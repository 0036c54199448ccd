"""How a patient wants to be told of bills."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires
from claims_service.domain.errors import Rejected
from claims_service.domain.patient.reminder import EMAIL, TEXT
from claims_service.interfaces.portal.site import own_patient, site
from claims_service.queries import reminders
from claims_service.words import said
from claims_service.workflow.pause_bills import choose_contact

_NOT_THERE = {
    "by_email": said("We have no e-mail address of yours. Call us."),
    "by_text": said("We have no phone number of yours. Call us."),
}


@site.route("/contact", methods=["GET", "POST"])
@requires("profile.write")
def contact() -> ResponseReturnValue:
    """E-mail, text or paper; changed at once."""
    practice, patient = own_patient()
    known = reminders.standing(practice, patient).contact
    if request.method == "GET":
        values = {"by_email": EMAIL in known.agreed, "by_text": TEXT in known.agreed}
        return render_template("portal/contact.html", contact=known, values=values, errors={})
    values = {"by_email": bool(request.form.get("by_email")), "by_text": bool(request.form.get("by_text"))}
    try:
        choose_contact(practice, patient, **values, via="portal", by=guard.current().actor, now=clock.now())
    except Rejected as refused:
        errors = {problem.where: _(_NOT_THERE[problem.where]) for problem in refused.problems}
        return render_template("portal/contact.html", contact=known, values=values, errors=errors), 422
    flash(_("Saved. We use it from now on."), "ok")
    return redirect(url_for("portal.contact"), 303)
