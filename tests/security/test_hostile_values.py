"""Values nobody types by accident, in every field of every page: no fault of ours, no other answer, nothing changed."""

import itertools
from collections.abc import Callable, Iterator
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from claims_service.store import connection
from tests.access.matrix import address, routes
from tests.access.test_foreign_ids import everything_of, paths
from tests.access.world import Browser, Clinic, visitor
from tests.security.conftest import two

OPENERS = ("", "'", '"', "')", "1", "1'", "-1", "0)", "x%'", "`", "];", "\\'", "%27", "id", "served_on")
SQL = (
    " or 1=1 --", " or 'a'='a", ";drop table patient;--", " union select last,first,1,1,1,1,1,1 from patient --",
    " and sleep(5)--", " and 1=(select count(*) from patient)--", "||(select last from patient limit 1)||",
    " limit 1 offset 1", " desc, (select 1)", "/**/or/**/1=1", " having 1=1", " group by 1,2", "; pragma writable_schema=1",
    " and pg_sleep(5) is null--", "; copy patient to program 'id'", " order by 99", " is not null", " like '%'",
    " returning *", " and randomblob(100000000)", "::text", "$1", "?", "%s", " escape '!'", " collate nocase", " between 0 and 9",
    " in (select id from patient)", " and exists(select 1)", " or true", "#", " intersect select 1", " natural join patient", " --",
)  # fmt: skip
STATEMENTS = [opener + rest for opener, rest in itertools.product(OPENERS, SQL)]
# What has broken a program before: numbers no column holds, NUL, digits that are no ASCII, days that do not exist.
SHARPEST = ("a\x00b", "9" * 20, "9" * 5000, "%" * 60_000)
SHARP = (
    "\x00", "9" * 400, "-1", "1e9", "\u0663", "\xb2", "%", "_", "\\", "2026-13-45", "9999-12-31",
    "0000-01-01", "2026-99", "13/45/99999", "{{7*7}}", "${7*7}", "\r\nX-Planted: 1", "nan", "\u2028", "null", "[]", ",", "1,2", "|",
    "eq9999-12-31", "lt9999-12-31T23:59:59-14:00", "../../etc/passwd", "a " * 4000, "!" * 60_000,
)  # fmt: skip
FIELDS = (
    "q view payer patient number from until sort way page month lang next show download cursor limit state _id identifier _count"
    " _sort _lastUpdated status _page _format claim file email password birth order amount other pick idempotency_key version once"
    " member_id valid_from valid_until method check_number note why reason outcome do code lines-0-code diagnosis-0 served_on place"
    " rendering card cents"
).split()
ROLES = {"staff": "manager", "insurer": "insurer", "portal": "patient", "api": "api_write", "fhir": "api_read"}


def called(app: Flask, clinic: Clinic, methods: tuple[str, ...]) -> Iterator[tuple[str, Rule, Browser, str]]:
    """(method, route, the browser of somebody who may call it, its address)."""
    browsers: dict[str, Browser] = {}
    for method, route in routes(app):
        role = ROLES.get(route.endpoint.split(".")[0], "stranger")
        if method in methods and not route.endpoint.endswith("sign_out"):
            browser = browsers.setdefault(role, visitor(app, clinic, role))
            yield method, route, browser, paths(app, route, clinic, 0)[0]


@pytest.mark.thorough
@pytest.mark.check(73)
def test_five_hundred_statements_in_every_parameter_find_nothing_and_change_nothing(
    app: Flask, ours: Clinic, theirs: Clinic
) -> None:
    """Each statement goes into every parameter of some page."""
    assert len(STATEMENTS) > 500
    before = everything_of(ours.practice), everything_of(theirs.practice)
    found = list(called(app, ours, ("GET",)))[:40]
    for place, (_, route, browser, path) in enumerate(found):
        for statement in STATEMENTS[place % 40 :: 40]:
            answer = browser.get(path, query_string=dict.fromkeys(FIELDS, statement))
            assert answer.status_code < 500, f"{route.rule}: {statement}"
            assert theirs.mark.encode() not in answer.data, f"{route.rule}: {statement}"
        assert browser.get("/staff/codes/icd10", query_string={"q": "' or 1=1 --"}).get_json(silent=True) in ([], None)

    assert (everything_of(ours.practice), everything_of(theirs.practice)) == before


@pytest.mark.thorough
@pytest.mark.check(73)
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_no_value_is_a_fault_of_ours(both: Flask) -> None:
    """Every page and form gets one of the worst and one of the others: refused, or read as harmless."""
    fill_every_field(both, lambda place: (SHARPEST[place % 4], SHARP[place % len(SHARP)]))


@pytest.mark.slow
@pytest.mark.check(73)
def test_none_of_many_values_is_a_fault_of_ours(both: Flask) -> None:
    """Every page and form gets all of the worst and each tenth of the others."""
    fill_every_field(both, lambda place: (*SHARPEST, *SHARP[place % 10 :: 10]))


def fill_every_field(both: Flask, values: Callable[[int], tuple[str, ...]]) -> None:
    """Send the values of its place to each page and form."""
    ours, theirs = two(both)
    for place, (method, route, browser, path) in enumerate(called(both, ours, ("GET", "POST"))):
        for value in values(place):
            fields = dict.fromkeys(FIELDS if len(value) < 1000 else FIELDS[:4], value)
            if method == "GET":
                answer = browser.get(path, query_string=fields)
            else:
                answer = browser.post(path, {**fields, f"outcome-{ours.owned['item'][0]}": value})
            assert answer.status_code < 500, f"{method} {route.rule}: {value[:30]!r}"
            assert theirs.mark.encode() not in answer.data
            assert "X-Planted" not in answer.headers
        if "sign_in" in route.endpoint:
            connection.run("delete from sign_in_attempt")


@pytest.mark.thorough
@pytest.mark.check(73)
@pytest.mark.parametrize("engine", ["sqlite", pytest.param("postgresql", marks=pytest.mark.slow)])
def test_no_address_is_a_fault_of_ours(both: Flask) -> None:
    ours, _theirs = two(both)
    for _, route, browser, _path in called(both, ours, ("GET",)):
        for value in SHARP if route.arguments else ():
            path = address(both, route, dict.fromkeys(route.arguments, quote(value[:6000], safe="")))
            assert browser.get(path).status_code < 500, f"{route.rule}: {value[:30]!r}"


@pytest.mark.check(73)
def test_more_values_than_a_statement_holds_are_refused(both: Flask) -> None:
    """40,000 ids in one search: the database takes fewer in a statement than a form may carry."""
    ours, _theirs = two(both)
    many = ",".join(map(str, range(40_000)))

    for name in ("_id", "identifier", "patient", "status"):
        answer = visitor(both, ours, "api_read").post("/fhir/Claim/_search", {name: many}, token=False)
        assert answer.status_code == 400, name


@pytest.mark.check(77)
def test_a_nul_inside_json_is_refused_with_its_place(both: Flask) -> None:
    ours, _theirs = two(both)
    body = '{"encounters": [\n{"reference": "a\\u0000b"}]}'

    answer = visitor(both, ours, "api_write").client.post(
        "/api/v1/encounters", data=body, content_type="application/json", headers={"Idempotency-Key": "once"}
    )

    assert answer.status_code == 422
    assert answer.get_json()["problems"][0]["where"].startswith("line 2")
