"""Patients come in by a one-time link and their date of birth; no password, no puzzle."""

from flask import current_app, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from claims_service import clock
from claims_service.access import guard, portal_links
from claims_service.access.guard import public, requires
from claims_service.domain import dates
from claims_service.domain.errors import NotFound
from claims_service.interfaces.portal.site import language, site
from claims_service.words import ENGLISH


@site.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    """How to get a link, for who comes without one."""
    return render_template("portal/sign_in.html")


@site.route("/link/<token>", methods=["GET", "POST"])
@public
def open_link(token: str) -> ResponseReturnValue:
    """The date of birth opens the link, once."""
    now = clock.now()
    try:
        portal_links.alive(token, now=now)
        if request.method == "GET":
            return render_template("portal/open_link.html", errors={}, values={})
        secret = _opened(token)
    except NotFound:
        return render_template("portal/old_link.html"), 404
    except portal_links.TooManyTries:
        return _again(
            _("Too many tries. Please wait 15 minutes, or call us."),
            429,
        )
    except portal_links.WrongBirthDate as wrong:
        return _wrong(wrong.left)
    except ValueError:
        return _again(_("Write your date of birth like 11/18/1980."))
    chosen = language()
    guard.enter(secret)
    if chosen != ENGLISH:
        session["language"] = chosen
    return redirect(url_for("portal.home"), 303)


def _opened(token: str) -> str:
    access = guard.access_of(current_app)
    today = clock.now().date()
    birth_on = dates.day(request.form.get("birth", ""), today=today)
    return portal_links.open_link(access.config, token, birth_on, address=request.remote_addr or "", now=clock.now())


def _wrong(left: int) -> ResponseReturnValue:
    if not left:
        return render_template("portal/old_link.html"), 404
    return _again(
        ngettext(
            "This is not the date of birth we have. You can try %(num)s more time.",
            "This is not the date of birth we have. You can try %(num)s more times.",
            left,
        )
    )


def _again(problem: str, status: int = 422) -> ResponseReturnValue:
    values = {"birth": request.form.get("birth", "")}
    return render_template("portal/open_link.html", errors={"birth": problem}, values=values), status


@site.post("/sign-out")
@requires("bill.read")
def sign_out() -> ResponseReturnValue:
    """End the session on the server."""
    guard.leave()
    return redirect(url_for("portal.sign_in"), 303)
