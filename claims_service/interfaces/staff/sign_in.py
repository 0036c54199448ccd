"""Staff sign in with e-mail and password."""

from flask.typing import ResponseReturnValue

from claims_service.access.guard import public, requires
from claims_service.interfaces.staff.site import site
from claims_service.interfaces.ui.password_sign_in import leave_to, password_sign_in


@site.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """The form, and what is typed into it."""
    return password_sign_in("staff")


@site.post("/sign-out")
@requires("signed_in")
def sign_out() -> ResponseReturnValue:
    """End the session on the server."""
    return leave_to("staff")
