"""FHIR R4 under /fhir: read, versions and search of what was issued. Nothing is written through it."""

import re

from flask import Blueprint, Response, request
from werkzeug.exceptions import BadRequest, HTTPException, MethodNotAllowed, NotFound, UnsupportedMediaType

from claims_service import clock
from claims_service.access import guard
from claims_service.access.guard import public, requires
from claims_service.domain import errors
from claims_service.interfaces.api import cursors, fhir_answers, fhir_search
from claims_service.interfaces.api.fhir_search import KINDS, NEXT, BadSearch
from claims_service.queries import fhir_resources

site = Blueprint("fhir", __name__, url_prefix="/fhir")
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_ALL = ["GET", "POST", "PUT", "PATCH", "DELETE"]
_SAID = {
    401: "A living API key is needed: Authorization: Bearer ...",
    403: "This key may not do that.",
    404: "There is no such resource here.",
    406: "This server speaks application/fhir+json and application/fhir+xml.",
    413: "The request is larger than this server takes.",
    415: "Send the search as application/x-www-form-urlencoded.",
    500: "Something went wrong on our side. Nothing was changed; the number in X-Request-Id finds it in our records.",
}


@site.get("/metadata")
@public
def metadata() -> Response:
    """What this server can do."""
    return fhir_answers.answer(fhir_answers.capability_statement(clock.now()))


@site.route("/<kind>", methods=_ALL)
@requires("fhir.read")
def search(kind: str) -> Response:
    """A page of resources of one kind."""
    _only("GET")
    _known(kind)
    return _searched(kind, list(request.args.items(multi=True)))


@site.route("/<kind>/_search", methods=_ALL)
@requires("fhir.read")
def search_by_form(kind: str) -> Response:
    """The same, with the parameters in the body: numbers of patients stay out of addresses and their logs."""
    _only("POST")
    _known(kind)
    if request.mimetype != "application/x-www-form-urlencoded":
        raise UnsupportedMediaType
    return _searched(kind, [*request.args.items(multi=True), *request.form.items(multi=True)])


@site.route("/<kind>/<resource_id>", methods=_ALL)
@requires("fhir.read")
def read(kind: str, resource_id: str) -> Response:
    """The newest version of one resource."""
    _only("GET")
    return _one(kind, resource_id, None)


@site.route("/<kind>/<resource_id>/_history", methods=_ALL)
@requires("fhir.read")
def history(kind: str, resource_id: str) -> Response:
    """Every version of one resource, the newest first."""
    _only("GET")
    _known(kind, resource_id)
    found = fhir_resources.versions(guard.current().practice, kind, resource_id)
    if not found:
        raise NotFound
    guard.saw(_patients(found), "fhir.read", f"{kind}:{resource_id}")
    here = fhir_answers.address(kind, resource_id, "_history")
    return fhir_answers.bundle(kind, found, {"self": here}, history=True)


@site.route("/<kind>/<resource_id>/_history/<version>", methods=_ALL)
@requires("fhir.read")
def read_version(kind: str, resource_id: str, version: str) -> Response:
    """One version of one resource, byte for byte what was issued then."""
    _only("GET")
    if not (version.isascii() and version.isdigit() and len(version) < 9):
        raise NotFound
    return _one(kind, resource_id, int(version))


@site.route("/", defaults={"rest": ""}, methods=_ALL)
@site.route("/<path:rest>", methods=_ALL)
@requires("fhir.read")
def unknown(rest: str) -> Response:
    """Whatever this server does not have."""
    raise NotFound


def _only(method: str) -> None:
    if request.method not in (method, "HEAD" if method == "GET" else method):
        raise MethodNotAllowed([method, "HEAD"] if method == "GET" else [method])


def _known(kind: str, resource_id: str = "1") -> None:
    if kind not in KINDS or not _ID.fullmatch(resource_id):
        raise NotFound


def _one(kind: str, resource_id: str, version: int | None) -> Response:
    _known(kind, resource_id)
    found = fhir_resources.resource(guard.current().practice, kind, resource_id, version)
    guard.saw(_patients([found]), "fhir.read", f"{kind}:{resource_id}")
    return fhir_answers.resource(found)


def _patients(found: object) -> list[int]:
    return [one.patient for one in found if one.patient is not None]  # type: ignore[attr-defined]


def _searched(kind: str, parameters: list[tuple[str, str]]) -> Response:
    fhir_answers.form_asked()
    asked = fhir_search.read(kind, parameters)
    if asked.ignored and "handling=strict" in request.headers.get("Prefer", "").replace(" ", ""):
        raise BadSearch(asked.ignored[0], f"This server does not know the parameter {asked.ignored[0]}.")
    page = fhir_resources.page(guard.current().practice, asked.search)
    guard.saw(_patients(page.found), "fhir.search", kind)
    links = {"self": fhir_answers.search_address(kind, asked.applied)}
    if page.after is not None:
        place = (NEXT, cursors.written(kind, page.after))
        links["next"] = fhir_answers.search_address(kind, (*asked.applied, place))
    return fhir_answers.bundle(kind, page.found, links, ignored=asked.ignored)


@site.errorhandler(BadSearch)
def _bad_search(error: BadSearch) -> Response:
    return fhir_answers.outcome(400, str(error), expression=f"http.{error.parameter}")


@site.errorhandler(errors.NotFound)
def _not_here(_error: errors.NotFound) -> Response:
    return fhir_answers.outcome(404, _SAID[404])


@site.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    message = _SAID.get(status) or (error.description if isinstance(error, BadRequest) else None) or error.name
    response = fhir_answers.outcome(status, message)
    for name, value in error.get_headers():
        if name not in ("Content-Type", "Content-Length"):
            response.headers.add(name, value)
    return response
