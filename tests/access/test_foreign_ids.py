"""Every id in every request is swapped for somebody else's: the answer is 404 and nothing of theirs is shown or changed."""

import hashlib

import pytest
from flask import Flask
from werkzeug.routing import Rule

from claims_service.access import guard, roles
from claims_service.store import connection, tables
from tests.access.matrix import address, routes
from tests.access.world import ROLES, Browser, Clinic, visitor

# What a part of an address names: the kinds whose foreign ids are tried. A route with a part that is not here fails
# the test: say what its ids are.
NAMED: dict[str, tuple[str, ...]] = {
    "file": ("file", "answer"),
    **{
        kind: (kind,)
        for kind in (
            "approval claim contract patient payer encounter coverage remittance item "
            "statement payment bank_line open_item appeal resource_id superbill visit_import rule payment_plan hold reminder dispute attachment "
            "estimate waiting_bill application paper money_request deposit_slip refund saved_method autopay_consent"
        ).split()
    },
}
# Parts that name nobody's record: what is tried instead.
ANYONES = {"token": "x" * 43, "reference": "x" * 43, "code_set": "icd10", "filename": "none.css",
    "kind": "Patient", "version": "1", "month": "2026-11", "year": "2026", "rest": "nothing/here"}  # fmt: skip
# What a form asks for beside ids, so that it is the id that is refused.
WORDS = dict.fromkeys(("note", "why", "reason", "outcome", "words"), "as agreed on the phone")
WITHOUT_OWNER = {"ui.static"}
INSIDE_ONE_CLINIC = ("insurer", "patient", "bill_link")


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
    named = {name: str(value) for name, value in ids.items()}
    words = {**WORDS, f"outcome-{ids['item']}": "not ours", f"claim-{ids['item']}": "LARKSPUR1CLM"}
    answer = browser.client.open(
        path,
        method=method,
        query_string=named,
        data={**words, **named, **token} if method != "GET" else None,
        headers={"X-Patient-Id": named["patient"], "X-Practice-Id": named["practice"]},
    )
    told = answer.get_data().decode(errors="replace") + repr(answer.headers.items())
    return answer.status_code, told


def ids_of(clinic: Clinic, n: int) -> dict[str, object]:
    named = {kind: ids[n] for kind, ids in clinic.owned.items()}
    return {**named, "practice": clinic.practice, "practice_id": clinic.practice, "patient_id": clinic.patients[n]}


def paths(app: Flask, route: Rule, clinic: Clinic, n: int) -> list[str]:
    """The addresses of a route with each id of a clinic in it."""
    unknown = route.arguments - NAMED.keys() - ANYONES.keys()
    assert not unknown, f"{route.rule}: add {sorted(unknown)} to NAMED, with the ids they stand for"
    listed = {name: [str(clinic.owned[kind][n]) for kind in NAMED[name]] for name in route.arguments & NAMED.keys()}
    most = max((len(found) for found in listed.values()), default=1)
    fixed = {name: ANYONES[name] for name in route.arguments & ANYONES.keys()}
    return [
        address(app, route, {**{name: ids[k % len(ids)] for name, ids in listed.items()}, **fixed}) for k in range(most)
    ]


@pytest.mark.thorough
@pytest.mark.check(61)
@pytest.mark.check(62)
@pytest.mark.parametrize("role", [role for role in ROLES if role != "stranger"])
def test_nobody_reaches_what_belongs_to_another(role: str, app: Flask, ours: Clinic, theirs: Clinic) -> None:
    before = everything_of(theirs.practice)
    swapped = 0
    browser = visitor(app, ours, role)
    for method, route in routes(app):
        if route.endpoint in WITHOUT_OWNER or route.endpoint.endswith("sign_out"):
            continue
        for clinic, n, mark in strangers_to(role, ours, theirs):
            for path in paths(app, route, clinic, n):
                status, told = send(browser, role, method, path, ids_of(clinic, n))
                named = route.arguments & NAMED.keys()
                swapped += bool(named)
                assert mark.casefold() not in told.casefold(), f"{method} {path} shows what belongs to {mark}"
                if named:
                    reached = may_call(app, route, method, role)
                    assert status in (404, 405) if reached else status in (303, 401, 403), f"{method} {path}: {status}"

    assert swapped
    assert everything_of(theirs.practice) == before


def may_call(app: Flask, route: Rule, method: str, role: str) -> bool:
    """Whether the guard lets the role through, so that the view itself has to notice the foreign id."""
    rule = guard.rule_of(app, route.endpoint, method)
    assert rule is not None
    by_key = route.endpoint.split(".")[0] in guard.PROGRAMS
    return rule.permission is None or (roles.may(role, rule.permission) and by_key == role.startswith("api"))


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
