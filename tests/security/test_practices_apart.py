"""A view that forgets to ask whose rows it reads still shows nobody else's: PostgreSQL is told the practice of each request."""

import pytest
from flask import Flask

from claims_service.access import guard
from claims_service.store import connection
from tests.access.world import visitor
from tests.security.conftest import two


def forgetful(**_: object) -> str:
    """A view without a filter."""
    names = [row[0] for row in connection.run("select last from patient order by id").fetchall()]
    return " ".join(names)


@pytest.mark.check(62)
@pytest.mark.parametrize(("role", "path", "endpoint", "permission"), [
    ("biller", "/staff/claims", "staff.claims", "claim.read"),
    ("patient", "/portal/bills", "portal.bill_list", "bill.read"),
    ("insurer", "/insurer", "insurer.mailbox", "mailbox.read"),
    ("api_read", "/api/v1/claims", "api.list_claims", "api.read"),
])  # fmt: skip
def test_a_forgotten_filter_shows_no_other_practice(
    role: str, path: str, endpoint: str, permission: str, on_postgresql: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, _theirs = two(on_postgresql)
    monkeypatch.setitem(on_postgresql.view_functions, endpoint, guard.requires(permission)(lambda **_: forgetful()))

    told = visitor(on_postgresql, ours, role).get(path).text

    assert told == f"{ours.mark}1last {ours.mark}2last"


@pytest.mark.check(62)
def test_the_wall_falls_when_the_request_ends(on_postgresql: Flask) -> None:
    """The next request of the same connection is another clinic's: it must see its own and not ours."""
    ours, theirs = two(on_postgresql)
    with connection.opened():
        assert visitor(on_postgresql, ours, "biller").get("/staff/claims").status_code == 200
        assert connection.run("select count(distinct practice_id) from patient").fetchone()[0] == 2
        page = visitor(on_postgresql, theirs, "biller").get(f"/staff/patients/{theirs.patients[0]}")

    assert page.status_code == 200
    assert theirs.mark in page.text


@pytest.mark.check(62)
def test_somebody_signed_in_at_one_practice_can_sign_in_at_another(on_postgresql: Flask) -> None:
    """Signing in finds people of every practice, whoever the browser was before."""
    ours, theirs = two(on_postgresql)
    browser = visitor(on_postgresql, ours, "biller")

    answer = browser.sign_in("staff", f"biller@{theirs.mark}.example".lower())

    assert (answer.status_code, answer.location) == (303, "/staff")
    assert theirs.mark in browser.get("/staff/patients").text
