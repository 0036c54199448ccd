"""Files on their way to insurers: what is stuck, who is late to answer, and by which route each gets its files."""

from flask import render_template
from flask.typing import ResponseReturnValue

from claims_service.access.guard import requires
from claims_service.interfaces.staff.site import here, site
from claims_service.queries import deliveries as questions


@site.get("/deliveries")
@requires("file.read")
def deliveries() -> ResponseReturnValue:
    """Files that need a person, and the receivers."""
    practice, now = here().practice, here().now
    return render_template(
        "staff/deliveries.html",
        standings=questions.standings(practice),
        troubles=questions.troubles(practice, now=now),
        late=questions.silent_files(practice, now=now),
    )
