"""Puts the service together: settings, database, doors, sites, and what every request goes through."""

import contextlib
import gc
import ipaddress
import secrets
import time
from typing import Any

import structlog
from flask import Flask, current_app, g, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict, HTTPException, NotFound, UnprocessableEntity
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from claims_service import clock, telemetry
from claims_service.access import guard, headers
from claims_service.access.guard import public
from claims_service.config import Config
from claims_service.domain import errors
from claims_service.interfaces.api.pages import register_api
from claims_service.interfaces.insurer import pages as insurer
from claims_service.interfaces.portal.pages import register_portal
from claims_service.interfaces.staff import pages as staff
from claims_service.interfaces.ui.ids import RowId
from claims_service.interfaces.ui.register import Templates, register_ui
from claims_service.store import connection, migrate

log = structlog.get_logger("claims_service.request")
BLUEPRINTS = (staff.site, insurer.site)
METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
REFUSALS: dict[type[errors.BillingError], type[HTTPException]] = {
    errors.NotFound: NotFound,
    errors.Conflict: Conflict,
    errors.AlreadyDone: Conflict,
    errors.Rejected: UnprocessableEntity,
}


def create_app(config: Config) -> Flask:
    """The application for a WSGI server.

    Raises:
        UnsafeStart: production mode with settings that would put patients' data at risk.
        RuntimeError: a route has no rule.
    """
    config.refuse_unsafe()
    connection.connect(config.database_url)
    app = Flask("claims_service", static_folder=None)
    app.jinja_environment = Templates
    app.debug = config.debug
    app.url_map.converters["int"] = RowId
    app.config.update(
        SECRET_KEY=config.secret_key,
        MAX_CONTENT_LENGTH=config.upload_limit_bytes,
        TRUSTED_HOSTS=list(config.trusted_hosts) or None,
        IDLE_MINUTES=config.session_idle_minutes,
        **headers.cookie_settings(config),
    )
    _follow_requests(app)
    headers.add_headers(app, config)
    guard.protect(app, config, now=clock.now)
    _answer_refusals(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    register_portal(app)
    register_api(app)
    _add_probes(app)
    register_ui(app)
    guard.place(app, guard.PUBLIC, "ui.static")
    guard.refuse_open_routes(app)
    if config.tls_behind_proxy:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1, x_host=1)  # type: ignore[method-assign]
    return app


def settle() -> None:
    """What was made so far stays until the process ends: it is not looked through for garbage while people wait.

    Called once, when the application is ready to answer. A look through everything takes a sixth of a second, for all pages at once.
    """
    gc.collect()
    gc.freeze()


def _follow_requests(app: Flask) -> None:
    """A number, a database connection and one log line for each request."""
    app.before_request(_begin)
    app.after_request(_tell)
    app.teardown_request(_end)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)
    if request.endpoint not in (headers.STATIC, "healthz", "readyz"):
        g.open = contextlib.ExitStack()
        g.open.enter_context(connection.opened(keep=True))
        g.open.callback(connection.bind, None)


def _tell(response: Response) -> Response:
    """The line names the route, never the address, and people by id alone."""
    seconds = time.perf_counter() - g.started
    endpoint = request.endpoint or "none"
    # A stranger may send any word as a method; it would become a label for ever.
    method = request.method if request.method in METHODS else "OTHER"
    telemetry.count_request(endpoint=endpoint, method=method, status=response.status_code, seconds=seconds)
    response.headers["X-Request-Id"] = g.request_id
    who = guard.visitor()
    log.info(
        "request",
        method=method,
        endpoint=endpoint,
        status=response.status_code,
        duration_ms=round(seconds * 1000),
        bytes=response.calculate_content_length(),
        practice_id=who and who.practice,
        user_id=who and who.user_id,
        patient_id=who and who.patient_id,
        key_id=who and who.key_id,
    )
    return response


def _end(_error: BaseException | None) -> None:
    if opened := g.pop("open", None):
        opened.close()


def _answer_refusals(app: Flask) -> None:
    """What billing code refuses becomes the HTTP status that says so; programs get JSON, people a page."""

    def refuse(error: errors.BillingError) -> Any:
        kind = next(status for refusal, status in REFUSALS.items() if isinstance(error, refusal))
        return current_app.handle_user_exception(kind())

    for refusal in REFUSALS:
        app.register_error_handler(refusal, refuse)
    app.register_error_handler(HTTPException, _as_json)


def _as_json(error: HTTPException) -> ResponseReturnValue:
    """For programs; pages have their own."""
    response = jsonify(status=error.code, error=error.name, request_id=g.get("request_id"))
    kept = [(name, value) for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")]
    response.headers.extend(kept)
    return response, error.code or 500


def _add_probes(app: Flask) -> None:
    app.add_url_rule("/", "front", front)
    app.add_url_rule("/healthz", "healthz", healthz)
    app.add_url_rule("/readyz", "readyz", readyz)
    app.add_url_rule("/metrics", "metrics", metrics)


@public
def front() -> ResponseReturnValue:
    """Patients come by their link, insurers by their address; whoever types the bare name works here."""
    return redirect("/staff", 303)


@public
def healthz() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@public
def readyz() -> ResponseReturnValue:
    """The database answers and has the schema this version needs; 503 until then."""
    try:
        missing = len(migrate.pending())
    except Exception as error:  # noqa: BLE001 - whatever stops the database, the probe has to say so
        log.warning("not ready", error_type=type(error).__name__)
        return jsonify(status="no database"), 503
    return (jsonify(status="migrations missing", missing=missing), 503) if missing else jsonify(status="ok")


@public
def metrics() -> ResponseReturnValue:
    """Numbers for operators: on this machine, or from elsewhere with an API key."""
    who = guard.key_visitor()
    if not _from_this_machine() and (who is None or not who.may("metrics.read")):
        raise NotFound
    return current_app.response_class(telemetry.metrics_text(), mimetype="text/plain")


def _from_this_machine() -> bool:
    through_proxy = "X-Forwarded-For" in request.headers
    return not through_proxy and ipaddress.ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104
