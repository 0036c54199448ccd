"""Signing in and out with e-mail and password, for the sites that do."""

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from claims_service import clock
from claims_service.access import guard, people
from claims_service.queries import clinic

WRONG = "E-mail and password do not fit together. Check both and try again."


def password_sign_in(site: str) -> ResponseReturnValue:
    """Show the form of site "staff" or "insurer"; a good pair leads to the page that was asked for."""
    if request.method == "GET":
        return _form(site, {})
    access = guard.access_of(current_app)
    email, password = request.form.get("email", ""), request.form.get("password", "")
    try:
        secret = people.sign_in(
            access.config,
            access.passwords,
            email,
            password,
            site=site,
            address=request.remote_addr or "",
            now=clock.now(),
        )
    except people.Refused:
        return _form(site, {"email": WRONG}, 422)
    except people.TooManyTries:
        minutes = access.config.sign_in_window_minutes
        return _form(site, {"": f"Too many tries. Wait {minutes} minutes, then try again."}, 429)
    guard.enter(secret)
    return redirect(guard.return_path(site), 303)


def leave_to(site: str) -> ResponseReturnValue:
    """End the session and show the sign-in page."""
    guard.leave()
    return redirect(url_for(f"{site}.sign_in"), 303)


def _form(site: str, errors: dict[str, str], status: int = 200) -> ResponseReturnValue:
    values = {"email": request.form.get("email", "")}
    page = render_template(
        f"{site}/sign_in.html", errors=errors, values=values, clinic=clinic.only_clinic(), person=None
    )
    return page, status
