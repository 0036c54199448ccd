"""Nothing changes without the token of a form, and looking changes nothing."""

import pytest
from flask import Flask

from claims_service.access import guard
from claims_service.store import tables
from tests.access.matrix import routes
from tests.access.test_foreign_ids import WITHOUT_OWNER, everything_of, paths
from tests.access.world import ROLES, Browser, Clinic, visitor

CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.mark.thorough
@pytest.mark.check(70)
@pytest.mark.parametrize("role", ["biller", "manager", "administrator", "insurer", "patient"])
def test_no_form_is_taken_without_its_token(role: str, app: Flask, ours: Clinic) -> None:
    """A page elsewhere makes the browser send a form with our cookie: 400 before the view is reached."""
    before = everything_of(ours.practice)
    tried = 0
    browser = visitor(app, ours, role)
    for method, route in routes(app):
        rule = guard.rule_of(app, route.endpoint, method)
        assert rule is not None
        if method not in CHANGING or route.endpoint.split(".")[0] in guard.PROGRAMS or rule.signed:
            continue
        path = paths(app, route, ours, 0)[0]
        for headers in ({}, {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}):
            answer = browser.client.open(path, method=method, data={"file": ours.files[0]}, headers=headers)
            assert answer.status_code in (400, 403), f"{method} {path}: {answer.status_code}"
            tried += answer.status_code == 400

    assert tried
    assert everything_of(ours.practice) == before


@pytest.mark.check(70)
def test_a_token_does_not_help_a_form_that_comes_from_elsewhere(app: Flask, ours: Clinic) -> None:
    answer = visitor(app, ours, "insurer").post(
        "/insurer/files/fetch", {"file": ours.files[0]}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert answer.status_code == 400
    assert tables.FileReceipt.select().count() == 0


@pytest.mark.check(70)
def test_the_token_of_one_person_is_worth_nothing_to_another(app: Flask, ours: Clinic, theirs: Clinic) -> None:
    stolen = visitor(app, theirs, "insurer").token()

    answer = visitor(app, ours, "insurer").post(
        "/insurer/files/fetch", {"file": ours.files[0], "csrf_token": stolen}, token=False
    )

    assert answer.status_code == 400


@pytest.mark.thorough
@pytest.mark.check(70)
@pytest.mark.parametrize("role", ROLES)
def test_looking_at_every_page_changes_nothing(role: str, app: Flask, ours: Clinic) -> None:
    browser = visitor(app, ours, role)
    before = everything_of(ours.practice)

    for method, route in routes(app):
        if method == "GET" and route.endpoint not in WITHOUT_OWNER:
            path = paths(app, route, ours, 0)[0]
            browser.get(path)

    assert everything_of(ours.practice) == before


@pytest.mark.check(65)
def test_fields_nobody_asked_for_are_ignored(app: Flask, ours: Clinic, theirs: Clinic) -> None:
    """The sign-in form also says: make me an administrator of the other clinic."""
    extra = {
        "role": "administrator",
        "practice": theirs.practice,
        "practice_id": theirs.practice,
        "payer": ours.payers[1],
        "payer_id": ours.payers[1],
        "patient_id": theirs.patients[0],
        "active": "0",
    }
    users = [row.__data__ for row in tables.User.select()]
    browser = Browser(app)

    form = {"email": "insurer@larkspur.example", "password": "quiet-otter-paints-violins", **extra}
    browser.post("/insurer/sign-in", form)
    fetched = browser.post("/insurer/files/fetch", {"file": ours.files[0], **extra})

    assert fetched.status_code == 200
    session, receipt = tables.Session.get().__data__, tables.FileReceipt.get().__data__
    own = ours.users["insurer"]
    assert (session["practice"], session["user"], session["patient"]) == (ours.practice, own, None)
    assert (receipt["practice"], receipt["by"]) == (ours.practice, f"user:{own}")
    assert [row.__data__ for row in tables.User.select()] == users


@pytest.mark.parametrize(
    "planted",
    ["https://elsewhere.example", "//elsewhere.example", "/\\elsewhere", "/staff", "/insurer/../staff", "/insurerx"],
)
def test_signing_in_leads_nowhere_else(planted: str, app: Flask, ours: Clinic) -> None:
    form = {"email": "insurer@larkspur.example", "password": "quiet-otter-paints-violins"}

    answer = Browser(app).post("/insurer/sign-in", form, query_string={"next": planted})

    assert answer.location == "/insurer"
