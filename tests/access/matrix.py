"""What each route answers to each role. `python -m tests.access.matrix` writes matrix.txt anew; read the difference."""

import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from claims_service import clock, telemetry
from claims_service.app import create_app
from claims_service.config import Config
from claims_service.store import connection, migrate
from tests.access.world import ROLES, Clinic, make_clinic, visitor

FILE = Path(__file__).with_name("matrix.txt")
MADE_UP = {"token": "x" * 43, "reference": "x" * 43, "code_set": "icd10", "filename": "none.css",
    "kind": "Patient", "version": "1", "rest": "nothing/here", "resource_id": "patient-987654"}  # fmt: skip
HEAD = """# Who may call which route. in: the view is reached; sign-in: sent to the sign-in page; 401 and 403: refused.
# Written by `python -m tests.access.matrix`; each change of a line is a decision: read it.
"""


def table(app: Flask, clinic: Clinic) -> str:
    """One line a route and method, one column a role."""
    rows: list[tuple[str, ...]] = [("method", "route", *ROLES)]
    for method, route in routes(app):
        cells = [reached(call(app, clinic, role, method, route), role) for role in ROLES]
        rows.append((method, route.rule, *cells))
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return HEAD + "\n".join(lines) + "\n"


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method of every route; HEAD goes with GET and OPTIONS tells nothing."""
    for route in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted((route.methods or set()) - {"HEAD", "OPTIONS"}):
            yield method, route


def call(app: Flask, clinic: Clinic, role: str, method: str, route: Rule) -> TestResponse:
    """Call a route as a role, with made-up ids."""
    browser = visitor(app, clinic, role, now=clock.now())
    path = address(app, route, {name: MADE_UP.get(name, "987654") for name in route.arguments})
    token = {} if method == "GET" or role.startswith("api") else {"csrf_token": browser.token()}
    return browser.client.open(path, method=method, data=token)


def address(app: Flask, route: Rule, arguments: dict[str, str]) -> str:
    """The path of a route with these arguments in it."""
    path = route.rule
    for part in (piece for piece in route.rule.split("<")[1:] if ">" in piece):
        inside = part.split(">")[0]
        path = path.replace(f"<{inside}>", arguments[inside.rpartition(":")[2]], 1)
    return path


def reached(answer: TestResponse, role: str) -> str:
    """in, sign-in, 401, 403, or the fault of ours that the call brought out."""
    if answer.status_code in (401, 403):
        return str(answer.status_code)
    to_sign_in = (answer.location or "").partition("?")[0].endswith("/sign-in")
    signed_out = answer.request.path.endswith("/sign-out") and role != "stranger" and not role.startswith("api")
    if to_sign_in and not signed_out:
        return "sign-in"
    return "in" if answer.status_code < 500 else str(answer.status_code)


def write() -> None:
    """Write the file anew."""
    telemetry.configure_logging("console", logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        config = Config(
            database_url=f"sqlite:///{folder}/claims.db", argon2_time_cost=1, argon2_memory_kib=8, argon2_parallelism=1
        )
        connection.connect(config.database_url)
        migrate.upgrade()
        app = create_app(config)
        FILE.write_text(table(app, make_clinic(config, 1, "Larkspur")))
        connection.database.close()


if __name__ == "__main__":
    write()
