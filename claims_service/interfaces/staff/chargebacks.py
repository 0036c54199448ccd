"""Card payments that a bank took back: what waits for an answer at the card company, and how each ended."""

from flask import render_template
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires, saw
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import chargebacks


@site.get("/chargebacks")
@requires("deposit.read")
def chargeback_list() -> ResponseReturnValue:
    """Those that wait for an answer first."""
    listed = chargebacks.chargebacks(here().practice)
    saw([one.patient for one in listed], "chargeback.list")
    return render_template("staff/chargebacks.html", listed=listed)
