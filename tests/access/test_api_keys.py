"""A program's key works until it is taken back, for its role and its clinic."""

from functools import partial

import pytest
from flask import Flask, jsonify

from claims_service.access import api_keys, guard
from claims_service.config import Config
from claims_service.domain.actor import COMMAND
from claims_service.domain.errors import NotFound
from claims_service.store import tables
from tests.access.world import START, Clinic, visitor


@pytest.fixture
def programs(app: Flask, settings: Config) -> Flask:
    """An API of two routes behind the same guard."""
    from flask import Blueprint

    fresh = Flask("programs", static_folder=None)
    guard.protect(fresh, settings, now=lambda: START)
    api = Blueprint("api", "api", url_prefix="/api")
    api.add_url_rule("/read", "read", guard.requires("api.read")(partial(_who)))
    api.add_url_rule("/write", "write", guard.requires("api.write")(lambda: jsonify(done=True)), methods=["POST"])
    fresh.register_blueprint(api)
    fresh.secret_key = settings.secret_key
    guard.refuse_open_routes(fresh)
    return fresh


def _who() -> dict[str, object]:
    who = guard.current()
    return {"practice": who.practice, "actor": who.actor.name, "role": who.role}


def test_a_key_stands_for_its_clinic_and_role(programs: Flask, ours: Clinic, theirs: Clinic) -> None:
    assert visitor(programs, ours, "api_read").get("/api/read").json == {
        "practice": ours.practice,
        "actor": "key:1",
        "role": "api_read",
    }
    assert visitor(programs, theirs, "api_read").get("/api/read").json["practice"] == theirs.practice  # type: ignore[index]


@pytest.mark.check(64)
def test_a_key_that_reads_does_not_write_and_a_key_that_writes_needs_no_form_token(
    programs: Flask, ours: Clinic
) -> None:
    assert visitor(programs, ours, "api_read").post("/api/write", token=False).status_code == 403
    assert visitor(programs, ours, "api_write").post("/api/write", token=False).status_code == 200


@pytest.mark.check(70)
def test_a_signed_in_person_is_a_stranger_to_the_api(programs: Flask, ours: Clinic) -> None:
    """Else any page could use the API with the cookie of whoever looks at it."""
    for role in ("administrator", "insurer", "patient"):
        answer = visitor(programs, ours, role).post("/api/write", token=False)
        assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nothing", "Basic dXNlcjpwYXNz", "Bearer claims_" + "x" * 43])
def test_anything_else_is_no_key(header: str, programs: Flask, ours: Clinic) -> None:
    assert programs.test_client().get("/api/read", headers={"Authorization": header}).status_code == 401


def test_a_key_taken_back_is_dead_at_once_and_another_clinic_cannot_take_it(
    programs: Flask, ours: Clinic, theirs: Clinic
) -> None:
    browser = visitor(programs, ours, "api_read")
    with pytest.raises(NotFound):
        api_keys.revoke(theirs.practice, 1, by=COMMAND, now=START)
    assert browser.get("/api/read").status_code == 200

    api_keys.revoke(ours.practice, 1, by=COMMAND, now=START)

    assert browser.get("/api/read").status_code == 401


def test_the_database_holds_no_key(app: Flask, ours: Clinic) -> None:
    kept = repr([row.__data__ for row in tables.ApiKey.select()])

    assert not any(key in kept for key in ours.keys.values())
