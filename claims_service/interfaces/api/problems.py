"""What goes wrong in the JSON API, as problem details (RFC 9457) with every place that must be mended."""

import html
import json
from collections.abc import Iterator, Mapping
from typing import Any

from flask import Response, g
from werkzeug.exceptions import HTTPException

from claims_service.domain import errors
from claims_service.domain.errors import Problem
from claims_service.workflow.idempotency import KeyReused

MEDIA_TYPE = "application/problem+json"
_TITLES = {
    400: "The request can't be read", 401: "A key is needed", 403: "This key may not do that", 404: "Not found",
    405: "This address does not take that method", 409: "Not in this state", 413: "Too large", 415: "Not this kind of content",
    422: "Something must be mended", 429: "Too many requests", 500: "Something went wrong on our side",
}  # fmt: skip


def details(
    status: int, detail: str = "", problems: tuple[Problem, ...] = (), *, kind: str = "about:blank"
) -> Response:
    """A problem; details name places and rules, never a patient's data."""
    body: dict[str, Any] = {"type": kind, "title": _TITLES.get(status, "Refused"), "status": status}
    if detail:
        body["detail"] = detail
    if problems:
        body["problems"] = [{"where": p.where, "message": p.message, "mend": p.mend} for p in problems]
    body["request_id"] = g.get("request_id", "")
    return Response(json.dumps(body), status, content_type=MEDIA_TYPE)


def of_http(error: HTTPException) -> Response:
    """What the web framework refused, fields that don't fit their shape included."""
    status = error.code or 500
    given = getattr(error, "data", None)
    messages = given.get("messages") if isinstance(given, Mapping) else None
    problems = tuple(_problems(messages)) if messages else ()
    said = html.unescape(error.description or "") if status in (400, 415) and not problems else ""
    response = details(status, said, problems)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers.add(name, value)
    return response


def of_billing(error: errors.BillingError) -> Response:
    """What the billing code refused."""
    if isinstance(error, errors.Rejected):
        return details(422, "", error.problems)
    if isinstance(error, errors.NotFound):
        return details(404)
    if isinstance(error, KeyReused):
        return details(422, str(error), kind="urn:claims-service:idempotency-key-reused")
    return details(409, str(error) if isinstance(error, errors.Conflict | errors.AlreadyDone) else "")


def _problems(messages: Any, where: str = "") -> Iterator[Problem]:
    """marshmallow's nested messages as a flat list of places: {"lines": {0: {"units": [...]}}} -> lines[0].units."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            if not where and key in ("json", "query", "files", "headers", "json_or_form"):
                yield from _problems(inner)
            elif key == "_schema":
                yield from _problems(inner, where or "body")
            else:
                step = f"[{key}]" if isinstance(key, int) else f".{key}" if where else str(key)
                yield from _problems(inner, f"{where}{step}")
    elif isinstance(messages, list):
        for message in messages:
            yield from _problems(message, where)
    else:
        yield Problem(where or "body", str(messages))
