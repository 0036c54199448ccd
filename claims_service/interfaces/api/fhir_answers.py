"""FHIR answers: the form a client asks for, OperationOutcome for what went wrong, Bundles, the CapabilityStatement."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any
from urllib.parse import urlencode

import orjson
from flask import Response, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import http_date

from claims_service.formats.fhir import wire
from claims_service.formats.fhir.wire import Form, Tree
from claims_service.interfaces.api.fhir_search import KINDS
from claims_service.queries.fhir_resources import Stored

TYPES: dict[Form, str] = {"json": "application/fhir+json", "xml": "application/fhir+xml"}
_ASKED: dict[str, Form] = {
    "json": "json", "application/json": "json", "application/fhir+json": "json", "text/json": "json",
    "xml": "xml", "application/xml": "xml", "application/fhir+xml": "xml", "text/xml": "xml",
}  # fmt: skip
_ISSUES = {
    400: "invalid", 401: "login", 403: "forbidden", 404: "not-found", 405: "not-supported", 406: "not-supported",
    409: "conflict", 410: "deleted", 412: "conflict", 413: "too-long", 415: "not-supported", 422: "processing", 429: "throttled",
}  # fmt: skip


def form_asked() -> Form:
    """JSON or XML, by _format and then Accept.

    Raises:
        NotAcceptable: neither.
    """
    # A plus sign in a query is a blank.
    if wanted := (request.values.get("_format") or "").replace(" ", "+"):
        if wanted.partition(";")[0] in _ASKED:
            return _ASKED[wanted.partition(";")[0]]
        raise NotAcceptable("This server speaks JSON and XML.")
    accepted = request.accept_mimetypes
    if not accepted or accepted.accept_html:
        return "json"
    best = accepted.best_match(list(_ASKED)[1:4] + list(_ASKED)[5:])
    if best is None:
        raise NotAcceptable("This server speaks JSON and XML.")
    return _ASKED[best]


def form_or_json() -> Form:
    """For errors: what was asked for, JSON where that can't be told."""
    try:
        return form_asked()
    except NotAcceptable:
        return "json"


def answer(tree: Tree, status: int = 200, *, form: Form | None = None) -> Response:
    """A tree as the client asked for it."""
    form = form or form_asked()
    return Response(wire.write(tree, form), status, content_type=f"{TYPES[form]}; charset=utf-8")


def outcome(status: int, message: str, *, expression: str = "") -> Response:
    """An error as OperationOutcome."""
    issue: dict[str, Any] = {
        "severity": "error", "code": _ISSUES.get(status, "exception"), "diagnostics": message,
        **({"expression": [expression]} if expression else {}),
    }  # fmt: skip
    return answer({"resourceType": "OperationOutcome", "issue": [issue]}, status, form=form_or_json())


def _with_meta(found: Stored) -> bytes:
    """The bytes as they were kept, with the version and instant of keeping at their end."""
    meta = orjson.dumps({"versionId": str(found.version), "lastUpdated": found.updated_at})
    return b'%s,"meta":%s}' % (found.body[:-1], meta)


def tag(found: Stored) -> str:
    """The weak ETag of a version (FHIR http.html, versioning)."""
    return f'W/"{found.version}"'


def resource(found: Stored) -> Response:
    """One version; 304 where the client has it already."""
    form = form_asked()
    body = _with_meta(found)
    if form == "xml":
        body = wire.write_xml(wire.read(body))
    response = Response(body, content_type=f"{TYPES[form]}; charset=utf-8")
    response.headers["ETag"] = tag(found)
    response.headers["Last-Modified"] = http_date(datetime.fromisoformat(found.updated_at))
    response.headers["Vary"] = "Accept, Authorization"
    known = [one.strip() for one in request.headers.get("If-None-Match", "").split(",")]
    if tag(found) in known or "*" in known:
        response.status_code = 304
        response.set_data(b"")
    return response


def address(*parts: object) -> str:
    """An absolute address on this server."""
    return "/".join((request.host_url.rstrip("/"), "fhir", *map(str, parts)))


def bundle(
    kind: str, found: Sequence[Stored], links: dict[str, str], *, ignored: Iterable[str] = (), history: bool = False
) -> Response:
    """A searchset or a history; every resource stands in it as it was kept."""
    form = form_asked()
    entries: list[dict[str, Any]] = []
    for one in found:
        entry: dict[str, Any] = {
            "fullUrl": address(kind, one.resource_id),
            "resource": orjson.Fragment(_with_meta(one)) if form == "json" else wire.read(_with_meta(one)),
        }
        if history:
            first = one.version == 1
            entry["request"] = {
                "method": "POST" if first else "PUT",
                "url": kind if first else f"{kind}/{one.resource_id}",
            }
            entry["response"] = {"status": "201" if first else "200", "etag": tag(one), "lastModified": one.updated_at}
        else:
            entry["search"] = {"mode": "match"}
        entries.append(entry)
    if unknown := list(ignored):
        text = f"These parameters are not known here and were left out: {', '.join(unknown)}."
        issue = {"severity": "warning", "code": "not-supported", "diagnostics": text}
        told = {"resourceType": "OperationOutcome", "issue": [issue]}
        entries.append({"resource": told, "search": {"mode": "outcome"}})
    tree: Tree = {
        "resourceType": "Bundle", "type": "history" if history else "searchset",
        **({"total": len(found)} if history else {}),
        "link": [{"relation": relation, "url": url} for relation, url in links.items()],
        **({"entry": entries} if entries else {}),
    }  # fmt: skip
    return answer(tree, form=form)


def search_address(kind: str, parameters: Iterable[tuple[str, str]]) -> str:
    """The address of a search."""
    query = urlencode(list(parameters))
    return address(kind) + (f"?{query}" if query else "")


def capability_statement(now: datetime) -> Tree:
    """What this server can do, from the same table the searches are read by."""
    resources = [
        {
            "type": kind,
            "interaction": [{"code": code} for code in ("read", "vread", "history-instance", "search-type")],
            "versioning": "versioned",
            "readHistory": True,
            "updateCreate": False,
            "searchParam": [{"name": name, "type": type_} for name, type_ in known.parameters.items()],
        }
        for kind, known in sorted(KINDS.items())
    ]
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": now.date().isoformat(),
        "kind": "instance",
        "software": {"name": "claims-service", "version": _version()},
        "implementation": {"description": "Billing records of a clinic", "url": address().rstrip("/")},
        "fhirVersion": "4.0.1",
        "format": [*TYPES.values()],
        "rest": [{
            "mode": "server",
            "security": {"description": "An API key as bearer token; it sees its own clinic only."},
            "resource": resources,
        }],
    }  # fmt: skip


def _version() -> str:
    try:
        return version("claims-service")
    except PackageNotFoundError:
        return "from source"
