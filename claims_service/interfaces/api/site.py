"""The JSON API under /api/v1: what every route shares."""

import json
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from flask import Response, current_app, request
from flask_smorest import Blueprint
from marshmallow import Schema
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import requires
from claims_service.domain import errors
from claims_service.formats.fhir import json_text
from claims_service.interfaces.api import cursors, problems
from claims_service.queries import clinic
from claims_service.queries.listings import Slice
from claims_service.workflow import idempotency

api = Blueprint("api", __name__, url_prefix="/api/v1")
KEY = "Idempotency-Key"
LONGEST_KEY = 200
View = TypeVar("View", bound=Callable[..., Any])
KEY_HEADER = {
    "in": "header", "name": KEY, "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY},
    "description": "A text of your own for this one request. Sent again with it, the request is done once and answered alike.",
}  # fmt: skip


@requires("api.read")
def unknown(rest: str) -> Response:
    """404, or 405 where another method would do."""
    adapter = current_app.url_map.bind("")
    others = {
        method
        for method in ("GET", "POST")
        if method != request.method and adapter.test(request.path, method)
        and adapter.match(request.path, method)[0] != "api.unknown"
    }  # fmt: skip
    if others:
        raise MethodNotAllowed(sorted(others))
    raise NotFound(rest)


def _readable() -> None:
    """A body that is broken, too deep or ambiguous is refused with its place before anything reads it."""
    if request.is_json:
        json_text.value(request.get_data())


api.before_request(_readable)
api.register_error_handler(HTTPException, problems.of_http)
api.register_error_handler(errors.BillingError, problems.of_billing)


def route(
    method: str,
    path: str,
    permission: str,
    shape: type[Schema],
    *,
    query: type[Schema] | None = None,
    body: type[Schema] | None = None,
    status: int = 200,
    request_body: dict[str, Any] | None = None,
) -> Callable[[View], View]:
    """Put a view at an address: who may call it, what it reads, and the shape it answers in. A POST asks for its key."""

    def place(view: View) -> View:
        wrapped: Any = view
        posted = method == "POST"
        # A POST answers by `once`, in the bytes that are kept; a GET gives what its shape is made of.
        wrapped = api.alt_response(status, schema=shape)(wrapped) if posted else api.response(status, shape)(wrapped)
        for schema, location in ((query, "query"), (body, "json")):
            if schema is not None:
                wrapped = api.arguments(schema, location=location)(wrapped)
        more = {"parameters": [KEY_HEADER]} if posted else {}
        asked = {"requestBody": request_body} if request_body else {}
        wrapped = api.doc(tags=[path.split("/")[1]], **more, **asked)(wrapped)
        api.route(path, methods=[method])(requires(permission)(wrapped))
        return view

    return place


def once(shape: type[Schema], status: int, work: Callable[[], Any]) -> Response:
    """Do the work of a POST once under its Idempotency-Key and answer in a shape; repeats get the same bytes."""
    key = request.headers.get(KEY, "")
    if not 0 < len(key) <= LONGEST_KEY:
        raise BadRequest(f"Send the header {KEY} with a text of your own, at most {LONGEST_KEY} characters.")
    who = guard.current()
    asked = b"\n".join((request.method.encode(), request.path.encode(), request.get_data()))

    def done() -> tuple[int, str]:
        return status, json.dumps(shape().dump(work()), sort_keys=True)

    answer = idempotency.once(who.practice, who.actor.name, key, asked, done, now=clock.now())
    response = Response(answer.body, answer.status, content_type="application/json")
    if answer.replayed:
        response.headers["Idempotency-Replayed"] = "true"
    return response


def position(list_name: str, cursor: str) -> int:
    """Where a page begins.

    Raises:
        Rejected: the cursor is not one of ours.
    """
    try:
        return cursors.read(list_name, cursor) if cursor else 0
    except cursors.BadCursor:
        problem = errors.Problem("cursor", "This is not a cursor of this list.", "", "Start without one.")
        raise errors.Rejected([problem]) from None


def paged(list_name: str, found: Slice[Any]) -> dict[str, Any]:
    """A page with the cursor of the next one."""
    return {"items": found.items, "next": cursors.written(list_name, found.after) if found.after else None}


def today() -> date:
    """The day at the clinic."""
    return clock.today(clinic.clinic(guard.current().practice).zone)
