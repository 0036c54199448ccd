"""A patient's autopay, stopped at the desk or by phone for the patient who asks."""

from flask import current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires
from claims_service.interfaces.staff.site import here, site
from claims_service.workflow.save_method import remove_method, stop_autopay


@site.post("/patients/<int:patient>/autopay/<int:autopay_consent>/stop")
@requires("payment.take")
def end_autopay(patient: int, autopay_consent: int) -> ResponseReturnValue:
    """It stops at once, and a charge that was announced is called off; pressed twice, the second changes nothing."""
    at = here()
    if stop_autopay(at.practice, autopay_consent, by=at.actor, now=at.now, patient=patient):
        flash("Autopay is stopped. Nothing more is charged.", "ok")
    else:
        flash("This autopay had ended.", "warn")
    return redirect(url_for("staff.patient", patient=patient, _anchor="autopay"), 303)


@site.post("/patients/<int:patient>/saved-methods/<int:saved_method>/remove")
@requires("payment.take")
def forget_method(patient: int, saved_method: int) -> ResponseReturnValue:
    """Nothing can be charged to it any more; autopay that uses it ends."""
    at, company = here(), current_app.extensions["card_processor"]
    told = remove_method(at.practice, saved_method, processor=company, by=at.actor, now=at.now, patient=patient)
    note = "" if told else " The card company did not answer and may still keep it."
    flash(f"Removed. Nothing is charged to it any more.{note}", "ok" if told else "warn")
    return redirect(url_for("staff.patient", patient=patient, _anchor="autopay"), 303)
