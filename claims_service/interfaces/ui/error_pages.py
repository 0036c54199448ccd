"""One page for everything that goes wrong: what happened, that nothing is lost, a number to quote, the way out."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import structlog
from flask import Flask, current_app, render_template, request
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.wrappers import Response

from claims_service import clock
from claims_service.words import said

LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O 1 I L U: easy to say on the phone
PROGRAMS = ("/api", "/fhir", "/metrics", "/healthz", "/readyz")  # answered by their own interfaces
SITES = {
    "staff": ("ui/staff_layout.html", "Go to today"),
    "portal": ("ui/portal_layout.html", said("Go to my bills")),
    "insurer": ("ui/insurer_layout.html", "Go to the mailbox"),
}
NO_SITE = ("ui/plain_layout.html", "Go to the first page")

Handler = Callable[[HTTPException], Any]


@dataclass(frozen=True)
class Problem:
    """What one kind of error says; `again` where the same request may go through a little later."""

    title: str
    happened: str
    way_out: str
    again: bool = False


PROBLEMS = {
    400: Problem(
        said("We could not read this request"),
        said("Something in it was missing or damaged on the way, or the page was open too long. Nothing was changed."),
        said("Go back, load the page again and send it once more."),
    ),
    403: Problem(
        said("This page is not open to you"),
        said("You are signed in, but your role does not include this. Nothing was changed."),
        said("If you need it for your work, ask the person who manages sign-ins."),
    ),
    404: Problem(
        said("There is nothing at this address"),
        said("It may have been typed wrong, or it belongs to someone else."),
        said("Check the address, or start from the page below."),
    ),
    405: Problem(
        said("This page cannot be used that way"),
        said("The address is right, but it does not take what was sent. Nothing was changed."),
        said("Start from the page below and use its buttons."),
    ),
    409: Problem(
        said("Someone else changed this first"),
        said("Your change was not saved, so theirs is not lost. Go back: what you typed is still there."),
        said("Look at the newest version, then make your change again."),
    ),
    413: Problem(
        said("This file is too large"),
        said("It is larger than we take, so none of it was read and nothing was changed."),
        said("Split it into smaller files and send them one after the other."),
    ),
    422: Problem(
        said("We understood this, but cannot do it"),
        said("Part of what was sent does not fit together. Nothing was changed."),
        said("Go back, check what you entered and send it again."),
    ),
    429: Problem(
        said("Too many tries in a short time"),
        said("To keep accounts safe we pause for a while. Nothing was changed."),
        said("Wait a few minutes, then try again."),
        again=True,
    ),
    500: Problem(
        "We could not show this page",
        "The fault is ours. Nothing was lost and nothing was sent twice.",
        "Try again in a moment. If it stays, tell us the number below.",
        again=True,
    ),
}


def new_reference() -> str:
    """A number a person can quote and a log line can be found by: "E-20261119-4F7K"."""
    return f"E-{clock.now():%Y%m%d}-{''.join(secrets.choice(LETTERS) for _ in range(4))}"


def add_error_pages(app: Flask) -> None:
    """Show errors of the sites as pages; those of programs keep the handler that was there before."""
    before: Handler | None = app.error_handler_spec[None][None].get(HTTPException)

    def answer(error: HTTPException) -> Any:
        if error.code is None or error.code < 400:
            return error
        if _asked_by_a_program():
            return before(error) if before is not None else error
        return page_for(error)

    app.register_error_handler(HTTPException, answer)


def page_for(error: HTTPException) -> Response:
    """The error as a page in the layout of the site it happened on, logged under its reference."""
    status = error.code or 500
    reference = new_reference()
    _log(error, status, reference)
    known = PROBLEMS.get(status, PROBLEMS[500] if status >= 500 else PROBLEMS[400])
    words = {
        "problem": known,
        "reference": reference,
        "again_href": request.full_path.rstrip("?") if request.method == "GET" else "/",
        "home_href": f"/{_site()}" if _site() else "/",
    }
    response = current_app.make_response((_render(status, words), status))
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            response.headers[name] = value
    response.headers["Cache-Control"] = "no-store"
    return response


def _render(status: int, words: dict[str, Any]) -> str:
    layout, home_words = SITES.get(_site(), NO_SITE)
    if status < 500:
        return render_template("ui/error.html", layout=layout, home_words=home_words, **words)
    # After a fault of ours the site's own navigation may fail too, so the page stands alone.
    return current_app.jinja_env.get_template("ui/error_alone.html").render(home_words=home_words, **words)


def _site() -> str:
    """The site this request belongs to, by its blueprint or else by the first part of the address."""
    for name in (request.blueprint or "").split("."):
        if name in SITES:
            return name
    first = request.path.split("/", 2)[1]
    return first if first in SITES else ""


def _asked_by_a_program() -> bool:
    return any(request.path == start or request.path.startswith(f"{start}/") for start in PROGRAMS)


def _log(error: HTTPException, status: int, reference: str) -> None:
    """Says where and what kind, never the address or the message: both may name a patient."""
    cause = error.original_exception if isinstance(error, InternalServerError) else None
    log = structlog.get_logger("claims_service.ui")
    write = log.error if status >= 500 else log.info
    write(
        "error_page",
        reference=reference,
        status=status,
        method=request.method,
        endpoint=request.endpoint,
        error_type=type(cause or error).__name__,
    )
