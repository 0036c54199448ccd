"""Every answer tells the browser to run, frame, keep and tell nothing more than it must."""

from dataclasses import replace

import pytest
from flask import Flask

from claims_service.access import headers
from claims_service.app import create_app
from claims_service.config import DEFAULT_KEY, Config, UnsafeStart
from tests.access.matrix import call, routes
from tests.access.world import Browser, Clinic, visitor


@pytest.fixture
def behind_tls(app: Flask, settings: Config) -> Flask:
    """The same service with a proxy that speaks HTTPS in front."""
    if file := settings.sqlite_file():
        for part in file.parent.glob(f"{file.name}*"):
            part.chmod(0o600)
    return create_app(replace(settings, tls_behind_proxy=True, mode="production", trusted_hosts=("localhost",)))


@pytest.mark.thorough
@pytest.mark.check(90)
def test_every_route_carries_every_header_for_every_outcome(behind_tls: Flask, ours: Clinic) -> None:
    for method, route in routes(behind_tls):
        if route.endpoint == headers.STATIC:
            continue
        for role in ("stranger", "insurer", "biller"):
            answer = call(behind_tls, ours, role, method, route)
            for name, value in headers.HEADERS.items():
                assert answer.headers[name] == value, f"{method} {route.rule}: {name}"
            assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
            assert answer.headers["Cache-Control"] == "no-store", f"{method} {route.rule}"


@pytest.mark.check(90)
def test_an_address_that_does_not_exist_carries_them_too(app: Flask) -> None:
    answer = Browser(app).get("/nothing/here")

    assert answer.status_code == 404
    assert headers.HEADERS.items() <= dict(answer.headers).items()
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.check(90)
def test_only_our_own_style_and_script_are_kept_by_the_browser(app: Flask) -> None:
    with Browser(app).get("/static/base.css") as answer:
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "public, max-age=3600")


def test_the_content_policy_lets_in_nothing_written_into_the_page() -> None:
    assert "unsafe" not in headers.CONTENT_POLICY
    assert "default-src 'none'" in headers.CONTENT_POLICY
    assert "frame-ancestors 'none'" in headers.CONTENT_POLICY


@pytest.mark.check(90)
def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(app: Flask, behind_tls: Flask, ours: Clinic) -> None:
    plain = Browser(app).sign_in("insurer", "insurer@larkspur.example").headers["Set-Cookie"]
    secure = Browser(behind_tls).client.get("/staff/sign-in", base_url="https://localhost").headers["Set-Cookie"]

    assert plain.startswith("claims=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/"} <= set(plain.split("; "))
    assert secure.startswith("__Host-claims=")
    assert {"HttpOnly", "SameSite=Lax", "Path=/", "Secure"} <= set(secure.split("; "))


@pytest.mark.check(89)
def test_production_does_not_start_with_the_key_everyone_knows(settings: Config) -> None:
    with pytest.raises(UnsafeStart, match="CLAIMS_SECRET_KEY"):
        create_app(replace(settings, mode="production", tls_behind_proxy=True, secret_key=DEFAULT_KEY))


def test_a_file_too_large_is_refused_as_that(app: Flask, settings: Config, ours: Clinic) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 1000

    answer = visitor(app, ours, "insurer").post("/insurer/answers", {"note": "x" * 2000})

    assert answer.status_code == 413


def test_the_service_says_that_it_runs_and_is_ready(app: Flask) -> None:
    assert Browser(app).get("/healthz").json == {"status": "ok"}
    assert Browser(app).get("/readyz").json == {"status": "ok"}


def test_numbers_are_for_this_machine_or_a_key(app: Flask, ours: Clinic) -> None:
    away = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}

    assert "claims_http_requests_total" in Browser(app).get("/metrics").text
    assert Browser(app).get("/metrics", **away).status_code == 404
    assert Browser(app).get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 404
    key = {"headers": {"Authorization": f"Bearer {ours.keys['api_read']}"}}
    assert Browser(app).get("/metrics", **away, **key).status_code == 200
