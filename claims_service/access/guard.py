"""The door of every route: who comes in, whether the rule lets them, and the audit rows of what they saw.

A rule stands at the view as `@requires("claim.read")` or `@public`; the application refuses to start when one is missing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask_wtf.csrf import CSRFProtect
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import BadRequest, Unauthorized
from werkzeug.wrappers import Response

from claims_service.access import api_keys, sessions
from claims_service.access.passwords import Passwords
from claims_service.access.roles import PERMISSIONS, may
from claims_service.config import Config
from claims_service.domain.actor import Actor
from claims_service.store import audit, connection

View = TypeVar("View", bound=Callable[..., Any])
PROGRAMS = ("api", "fhir")  # blueprints that know keys alone, never cookies, and so need no form token
READING = ("GET", "HEAD", "OPTIONS")
SECRET = "key"  # noqa: S105 - the name in the session, not a secret
_EXTENSION = "claims_access"
_MARK = "access_rule"


@dataclass(frozen=True, slots=True)
class Rule:
    """What a view asks for. permission: None lets everyone in. signed: the sender proves itself by a signature."""

    permission: str | None
    signed: bool = False


PUBLIC = Rule(None)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sends this request. Exactly one of user_id, patient_id and key_id is set; payer_id for insurer people.

    language: what a patient reads, "" for others. statement_id: the one bill of a patient who came by a pay link.
    """

    actor: Actor
    practice: int
    role: str
    name: str
    user_id: int | None = None
    patient_id: int | None = None
    payer_id: int | None = None
    key_id: int | None = None
    session_id: int | None = None
    statement_id: int | None = None
    language: str = ""

    def may(self, permission: str) -> bool:
        """For what a page offers; the view's own rule is checked before it runs."""
        return may(self.role, permission)


@dataclass(frozen=True, slots=True)
class Access:
    """What the guard needs on the application."""

    config: Config
    passwords: Passwords
    now: Callable[[], datetime]
    csrf: CSRFProtect
    placed: dict[str, Rule] = field(default_factory=dict)


def requires(permission: str) -> Callable[[View], View]:
    """Only roles that hold the permission may call the view."""
    assert permission in PERMISSIONS, f"{permission} is not in the table of access/roles.py"
    return lambda view: _marked(view, Rule(permission))


def public(view: View) -> View:
    """Everyone may call the view; forms still need their token."""
    return _marked(view, PUBLIC)


def signed(view: View) -> View:
    """Only for machines whose message carries a signature; the view checks it itself before anything else."""
    return _marked(view, Rule(None, signed=True))


def place(app: Flask, rule: Rule, *endpoints: str) -> None:
    """Give a rule to views that a library made."""
    access_of(app).placed.update(dict.fromkeys(endpoints, rule))


def current() -> Visitor:
    """Who sends this request; 401 or the sign-in page where nobody is signed in."""
    if (who := visitor()) is None:
        raise _unknown()
    return who


def visitor() -> Visitor | None:
    """Who sends this request, None for a stranger."""
    found: Visitor | None = g.get("visitor")
    return found


def saw(patients: Iterable[int], action: str, subject: str = "", why: str = "") -> None:
    """Say whose data the answer shows: one audit row for each patient, written before the answer leaves."""
    seen: dict[int | str, audit.Event] = g.setdefault("seen", {})
    for patient in patients:
        seen.setdefault(patient, audit.Event(action, patient, subject, why))


def looked_into(action: str, subject: str = "") -> None:
    """Say that data was shown which can't be told to be a patient's of ours: one audit row, written as by `saw`."""
    seen: dict[int | str, audit.Event] = g.setdefault("seen", {})
    seen.setdefault(action, audit.Event(action, subject=subject))


def enter(secret: str) -> None:
    """Give the browser a new session; nothing of the one before is kept."""
    session.clear()
    session[SECRET] = secret


def leave() -> None:
    """End this session on the server and in the browser."""
    access, who = access_of(current_app), visitor()
    if who is not None and who.session_id is not None:
        sessions.end(who.session_id, now=access.now())
        event = audit.Event("sign_out", who.patient_id, f"session:{who.session_id}")
        audit.record(who.practice, [event], by=who.actor, at=access.now())
    session.clear()


def access_of(app: Flask) -> Access:
    """What the guard keeps on the application."""
    found: Access = app.extensions[_EXTENSION]
    return found


def protect(app: Flask, config: Config, *, now: Callable[[], datetime]) -> None:
    """Ask every request for its rule. Call it before other hooks are added and `refuse_open_routes` at the very end."""
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # checked below, after the rule
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # the session's own end is the token's
    app.config["WTF_CSRF_SSL_STRICT"] = False  # pages send no referrer; Sec-Fetch-Site is looked at instead
    app.extensions[_EXTENSION] = Access(config, Passwords(config), now, CSRFProtect(app))
    app.before_request(_admit)
    app.after_request(_write_what_was_seen)


def refuse_open_routes(app: Flask) -> None:
    """Stop the start when a route has no rule.

    Raises:
        RuntimeError: naming every such route.
    """
    bare = sorted(
        {
            f"{method} {route.rule} ({route.endpoint})"
            for route in app.url_map.iter_rules()
            for method in _methods(route.methods)
            if rule_of(app, route.endpoint, method) is None
        }
    )
    if bare:
        raise RuntimeError("routes without @requires or @public: " + ", ".join(bare))


def rule_of(app: Flask, endpoint: str, method: str) -> Rule | None:
    """The rule of a view; a class of views has one on itself or one on each method."""
    if endpoint in (access := access_of(app)).placed:
        return access.placed[endpoint]
    view = app.view_functions[endpoint]
    owner = getattr(view, "view_class", None)
    name = "get" if method == "HEAD" and owner and not hasattr(owner, "head") else method.lower()
    for candidate in (getattr(owner, name, None), owner, view):
        if (rule := getattr(candidate, _MARK, None)) is not None:
            found: Rule = rule
            return found
    return None


def _marked(view: View, rule: Rule) -> View:
    assert getattr(view, _MARK, None) is None, "a view has one rule"
    setattr(view, _MARK, rule)
    return view


def _methods(methods: set[str] | None) -> Iterator[str]:
    return (method for method in sorted(methods or ()) if method != "OPTIONS")


def _admit() -> Response | None:
    """Find the visitor, hold the rule against them, then ask a form for its token."""
    if request.endpoint is None or request.method == "OPTIONS":
        return None
    rule = rule_of(current_app, request.endpoint, request.method)
    if rule is None:
        abort(404)
    by_key = _site() in PROGRAMS
    if request.endpoint != "ui.static" and not rule.signed:
        g.visitor = key_visitor() if by_key else _session_visitor()
    if rule.permission is not None:
        who = visitor()
        if who is None:
            return _send_to_sign_in(by_key=by_key)
        if not may(who.role, rule.permission):
            _refuse(who)
        # Only here: a public page, such as signing in, knows nobody's practice yet. The end of the request takes it off.
        connection.bind(who.practice)
    if _holds_nul(rule):
        raise BadRequest("a NUL character, which no name, number or word of ours has")
    if request.method not in READING and not by_key and not rule.signed:
        if request.headers.get("Sec-Fetch-Site", "same-origin") in ("cross-site", "same-site"):
            raise BadRequest("sent from another site")
        access_of(current_app).csrf.protect()
    return None


def _holds_nul(rule: Rule) -> bool:
    """PostgreSQL takes none in a text: refused once here, it never becomes an error deep inside."""
    fields = request.args if rule.signed or request.is_json else request.values
    return "\x00" in request.path or any("\x00" in text for pair in fields.items(multi=True) for text in pair)


def _site() -> str:
    return (request.blueprint or "").split(".")[0]


def _session_visitor() -> Visitor | None:
    secret = session.get(SECRET)
    if not isinstance(secret, str):
        return None
    access = access_of(current_app)
    found = sessions.find(access.config, secret, now=access.now())
    if found is None:
        session.pop(SECRET, None)
        return None
    name = f"user:{found.user}" if found.user else f"patient:{found.patient}"
    return Visitor(
        Actor(name, found.role, request.remote_addr or ""),
        found.practice,
        found.role,
        found.name,
        user_id=found.user,
        patient_id=found.patient,
        payer_id=found.payer,
        session_id=found.id,
        statement_id=found.statement,
        language=found.language,
    )


def key_visitor() -> Visitor | None:
    """Who the key in the Authorization header stands for."""
    given = request.authorization
    if given is None or given.type != "bearer" or not given.token:
        return None
    key = api_keys.find(given.token)
    if key is None:
        return None
    actor = Actor(f"key:{key.id}", key.role, request.remote_addr or "")
    return Visitor(actor, key.practice, key.role, key.name, key_id=key.id)


def _send_to_sign_in(*, by_key: bool) -> Response:
    if by_key:
        raise _unknown()
    site = _site() if f"{_site()}.sign_in" in current_app.view_functions else "staff"
    # Only the address without its question comes back: what was searched for stays out of it.
    back = request.path if request.method == "GET" and request.path != f"/{site}" else None
    address = url_for(f"{site}.sign_in", next=back)
    if "HX-Request" in request.headers:
        return current_app.response_class(status=401, headers={"HX-Redirect": address})
    return redirect(address, 303)


def _unknown() -> Unauthorized:
    return Unauthorized("a living key is needed", www_authenticate=WWWAuthenticate("bearer"))


def _refuse(who: Visitor) -> None:
    access = access_of(current_app)
    event = audit.Event("access.denied", subject=f"{request.method} {request.endpoint}")
    audit.record(who.practice, [event], by=who.actor, at=access.now())
    abort(403)


def _write_what_was_seen(response: Response) -> Response:
    """Nothing leaves before its audit rows are kept: a failure here turns the answer into an error."""
    seen: dict[int | str, audit.Event] = g.pop("seen", {})
    if seen and response.status_code < 500:
        who = current()
        audit.record_look(who.practice, list(seen.values()), by=who.actor, at=access_of(current_app).now())
    return response


def return_path(site: str) -> str:
    """Where to go after signing in: the page that was asked for, when it belongs to the site, else its first page."""
    asked = request.args.get("next", "")
    home = f"/{site}"
    plain = asked.isascii() and asked.isprintable() and "\\" not in asked and "//" not in asked and ".." not in asked
    return asked if plain and (asked == home or asked.startswith(f"{home}/")) else home
