"""Every id in every request is swapped for somebody else's: the answer is 404 and nothing of theirs is shown or changed."""

import hashlib
from collections.abc import Callable, Iterable

import pytest
from flask import Flask
from werkzeug.routing import Rule

from claims_service.store import connection, tables
from tests.access.matrix import address, routes
from tests.access.world import ROLES, Browser, Clinic, visitor


def _of_patient(model: type[tables.Statement | tables.Payment], patient: int) -> list[int]:
    return [row.id for row in model.select(model.id).where(model.patient == patient)]


# What a part of an address names: the foreign ids to try. `n` is 0 or 1, the insurer or patient within the clinic.
# A route with a part that is not here fails the test: say what its ids are.
NAMED: dict[str, Callable[[Clinic, int], Iterable[object]]] = {
    "file": lambda clinic, n: (clinic.files[n], clinic.answers[n]),
    "claim": lambda clinic, n: [clinic.claims[n]],
    "patient": lambda clinic, n: [clinic.patients[n]],
    "payer": lambda clinic, n: [clinic.payers[n]],
    "statement": lambda clinic, n: _of_patient(tables.Statement, clinic.patients[n]),
    "payment": lambda clinic, n: _of_patient(tables.Payment, clinic.patients[n]),
    "user": lambda clinic, n: list(clinic.users.values()) if n == 0 else [],
}
# open_link and checkout: their addresses hold a secret of 128 bits or more, and no id
WITHOUT_OWNER = {"ui.static", "portal.open_link", "test_processor.checkout"}
INSIDE_ONE_CLINIC = ("insurer", "patient")


def strangers_to(role: str, ours: Clinic, theirs: Clinic) -> list[tuple[Clinic, int, str]]:
    """Whose ids a role must not reach, and the word that stands in everything of theirs."""
    foreign = [(theirs, 0, theirs.mark), (theirs, 1, theirs.mark)]
    return [*foreign, (ours, 1, f"{ours.mark}2")] if role in INSIDE_ONE_CLINIC else foreign


def everything_of(practice: int) -> str:
    """A digest of every row of a practice; sessions and the audit trail live on."""
    living = {"audit", "audit_head", "session", "idempotency"}
    digest = hashlib.sha256()
    for model in tables.ALL:
        name = model._meta.table_name
        if name not in living and "practice" in model._meta.fields:
            sql = f'select * from "{name}" where practice_id = ? order by id'
            digest.update(repr((name, connection.run(sql, (practice,)).fetchall())).encode())
    return digest.hexdigest()


def send(browser: Browser, role: str, method: str, path: str, ids: dict[str, object]) -> tuple[int, str]:
    """The request with the ids in the address, the question, the body and a header at once."""
    token = {} if method == "GET" or role.startswith("api") else {"csrf_token": browser.token()}
    answer = browser.client.open(
        path,
        method=method,
        query_string={name: str(value) for name, value in ids.items()},
        data={**{name: str(value) for name, value in ids.items()}, **token} if method != "GET" else None,
        headers={"X-Patient-Id": str(ids["patient"]), "X-Practice-Id": str(ids["practice"])},
    )
    told = answer.get_data(as_text=True) + repr(answer.headers.items())
    return answer.status_code, told


def ids_of(clinic: Clinic, n: int) -> dict[str, object]:
    named = {name: next(iter(list_of(clinic, n)), 0) for name, list_of in NAMED.items()}
    return {**named, "practice": clinic.practice, "practice_id": clinic.practice, "patient_id": clinic.patients[n]}


def paths(app: Flask, route: Rule, clinic: Clinic, n: int) -> list[str]:
    """The addresses of a route with each foreign id in it."""
    unknown = route.arguments - NAMED.keys()
    assert not unknown, f"{route.rule}: add {sorted(unknown)} to NAMED, with the ids they stand for"
    listed = {name: [str(found) for found in NAMED[name](clinic, n)] for name in route.arguments}
    most = max((len(found) for found in listed.values()), default=1)
    if any(not found for found in listed.values()):
        return []
    return [address(app, route, {name: found[k % len(found)] for name, found in listed.items()}) for k in range(most)]


@pytest.mark.check(61)
@pytest.mark.check(62)
@pytest.mark.parametrize("role", [role for role in ROLES if role != "stranger"])
def test_nobody_reaches_what_belongs_to_another(role: str, app: Flask, ours: Clinic, theirs: Clinic) -> None:
    before = everything_of(theirs.practice)
    swapped = 0
    for method, route in routes(app):
        if route.endpoint in WITHOUT_OWNER or route.endpoint.endswith("sign_out"):
            continue
        for clinic, n, mark in strangers_to(role, ours, theirs):
            browser = visitor(app, ours, role)
            for path in paths(app, route, clinic, n):
                status, told = send(browser, role, method, path, ids_of(clinic, n))
                swapped += bool(route.arguments)
                assert mark not in told, f"{method} {path} shows what belongs to {mark}"
                if route.arguments:
                    assert status in (303, 401, 403, 404), f"{method} {path}: {status}"
                    assert role != _owner_role(route) or status == 404, f"{method} {path}: {status}, not 404"

    assert swapped
    assert everything_of(theirs.practice) == before


def _owner_role(route: Rule) -> str:
    site = route.endpoint.split(".")[0]
    return {"insurer": "insurer", "portal": "patient"}.get(site, "")


@pytest.mark.check(61)
def test_the_swap_would_notice_a_page_that_trusts_its_id(app: Flask, ours: Clinic, theirs: Clinic) -> None:
    """The same requests by the owners themselves do show the words the swap looks for."""
    page = visitor(app, theirs, "insurer").get(f"/insurer/files/{theirs.files[0]}")

    assert page.status_code == 200
    assert theirs.mark in page.text


@pytest.mark.check(61)
def test_an_insurer_cannot_fetch_another_insurers_file_even_among_its_own(app: Flask, ours: Clinic) -> None:
    """One id in the form is ours and one is not: nothing is handed over, nothing is receipted."""
    browser = visitor(app, ours, "insurer")

    answer = browser.post("/insurer/files/fetch", {"file": [str(ours.files[0]), str(ours.files[1])]})

    assert answer.status_code == 404
    assert tables.FileReceipt.select().count() == 0
