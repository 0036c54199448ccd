"""The JSON API as a practice system uses it: visits in, claims out, remittances posted, each request done once."""

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from claims_service.access import api_keys
from claims_service.domain.actor import COMMAND
from claims_service.store import audit, journal, tables
from claims_service.store.connection import database, opened, run
from tests import clinic as clinics
from tests.access.world import START
from tests.clinic import Clinic
from tests.workflow.billed_clinic import remittance


@pytest.fixture
def clinic(app: Flask) -> Clinic:
    with opened():
        return clinics.found()


def keyed(app: Flask, clinic: Clinic, role: str = "api_write", name: str = "practice system") -> FlaskClient:
    with opened():
        key = api_keys.make(clinic.practice, name, role, by=COMMAND, now=START)
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {key}"
    return client


@pytest.fixture
def client(app: Flask, clinic: Clinic) -> FlaskClient:
    return keyed(app, clinic)


def visit(clinic: Clinic, reference: str = "A1", **changes: Any) -> dict[str, Any]:
    """An office visit at the clinic's price and a blood count for $12.50."""
    lines = [{"procedure": "99213", "pointers": [1]}, {"procedure": "85025", "pointers": [1, 2], "charge": "12.50"}]
    return {
        "reference": reference, "patient": clinic.alma, "rendering": clinic.doctor, "served_on": "2026-11-10",
        "place_of_service": "11", "diagnoses": ["J06.9", "R50.9"], "lines": lines, **changes,
    }  # fmt: skip


def post(client: FlaskClient, path: str, body: Any, key: str = "k1") -> Any:
    return client.post(f"/api/v1/{path}", json=body, headers={"Idempotency-Key": key})


def count(table: str) -> int:
    with opened():
        return int(run(f"select count(*) from {table}").fetchone()[0])


def test_a_visit_becomes_a_claim_with_its_story_and_its_money(client: FlaskClient, clinic: Clinic) -> None:
    """$120.00 by the price list and $12.50 as sent: $132.50, sent, paid, balances moved."""
    recorded = post(client, "encounters", {"encounters": [visit(clinic)]}, "1")
    encounter = recorded.get_json()["encounters"][0]["id"]
    built = post(client, "claims", {"encounters": [encounter]}, "2")
    sent = post(client, "claims/submit", {}, "3")
    claim = built.get_json()["claims"][0]["claim"]
    taken = client.post(
        "/api/v1/remittances", data=remittance(clinic, [claim]), content_type="application/edi-x12",
        headers={"Idempotency-Key": "4"},
    )  # fmt: skip

    assert (recorded.status_code, built.status_code, sent.status_code, taken.status_code) == (201, 201, 200, 200)
    assert built.get_json()["charge"] == "132.50"
    assert sent.get_json()["files"][0]["claims"] == [claim]
    assert taken.get_json()["files"][0]["state"] == "read", taken.text
    told = client.get(f"/api/v1/claims/{claim}").get_json()
    assert [line["charge"] for line in told["lines"]] == ["120.00", "12.50"]
    assert [step["kind"] for step in told["timeline"]] == ["posted", "sent", "checked", "built"]
    accounts = {a["account"]: a["balance"] for a in client.get("/api/v1/balances").get_json()["accounts"]}
    assert accounts["revenue"] == "-132.50"
    mine = client.get(f"/api/v1/balances?patient={clinic.alma}").get_json()["accounts"]
    assert {a["account"]: a["balance"] for a in mine}["patient_owes"] == "20.00"
    assert client.get("/api/v1/remittances").get_json()["remittances"][0]["trace"] == "EFT0001"
    assert client.get("/api/v1/statements").get_json() == {"statements": [], "next": None}
    assert client.get(f"/api/v1/encounters/{encounter}").get_json()["lines"][1]["charge"] == "12.50"
    assert not journal.check()
    assert not audit.verify()


@pytest.mark.check(11)
def test_a_request_sent_a_hundred_times_is_done_once(app: Flask, client: FlaskClient, clinic: Clinic) -> None:
    """Sixteen at a time, one key: one visit, and every answer is the same."""
    body = {"encounters": [visit(clinic)]}
    authorization = client.environ_base["HTTP_AUTHORIZATION"]

    def send(_: int) -> tuple[int, bytes]:
        answer = app.test_client().post(
            "/api/v1/encounters", json=body, headers={"Idempotency-Key": "once", "Authorization": authorization}
        )
        if not database.is_closed():
            database.close()
        return answer.status_code, answer.data

    with ThreadPoolExecutor(16) as pool:
        answers = Counter(pool.map(send, range(100)))

    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert count("encounter") == 1


@pytest.mark.check(12)
def test_a_key_used_for_another_request_is_refused(client: FlaskClient, clinic: Clinic) -> None:
    post(client, "encounters", {"encounters": [visit(clinic, "A1")]})

    other = post(client, "encounters", {"encounters": [visit(clinic, "A2")]})

    assert other.status_code == 422
    assert other.get_json()["type"].endswith("idempotency-key-reused")
    assert count("encounter") == 1


@pytest.mark.check(13)
def test_the_same_key_of_another_program_or_clinic_is_another_request(app: Flask, clinic: Clinic) -> None:
    with opened():
        second = clinics.found("Hill Clinic", "1990000030", suffix="B")
    here, there = keyed(app, clinic), keyed(app, second)
    colleague = keyed(app, clinic, name="second system")

    first = post(here, "encounters", {"encounters": [visit(clinic, "A1")]})
    elsewhere = post(there, "encounters", {"encounters": [visit(second, "B1")]})
    beside = post(colleague, "encounters", {"encounters": [visit(clinic, "A2")]})

    assert [a.get_json()["encounters"][0]["reference"] for a in (first, elsewhere, beside)] == ["A1", "B1", "A2"]
    assert not any("Idempotency-Replayed" in a.headers for a in (first, elsewhere, beside))


def test_a_refused_request_may_be_mended_and_sent_with_its_key(client: FlaskClient, clinic: Clinic) -> None:
    refused = post(client, "encounters", {"encounters": [visit(clinic, patient=999)]})

    mended = post(client, "encounters", {"encounters": [visit(clinic)]})

    assert (refused.status_code, mended.status_code) == (422, 201)


def test_every_problem_of_a_batch_is_told_with_its_place(client: FlaskClient, clinic: Clinic) -> None:
    bad = visit(clinic, "A2", diagnoses=["J06.9", "rubbish"], served_on="2011-01-01")
    bad["lines"][0]["pointers"] = [7]

    answer = post(client, "encounters", {"encounters": [visit(clinic), bad]})

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert {p["where"] for p in answer.get_json()["problems"]} == {
        "encounters[1].served_on", "encounters[1].diagnoses[1]", "encounters[1].lines[0].pointers",
    }  # fmt: skip
    assert count("encounter") == 0


@pytest.mark.check(5)
@pytest.mark.parametrize(
    "amount", [12.5, 1250, "0.1+0.2", "1e3", "NaN", "1,000.00", "12.345", "１２.50", "1" * 30, True]
)
def test_money_that_is_not_plain_text_is_refused_with_its_place(
    client: FlaskClient, clinic: Clinic, amount: Any
) -> None:
    body = visit(clinic)
    body["lines"][1]["charge"] = amount

    answer = post(client, "encounters", {"encounters": [body]})

    assert answer.status_code == 422
    assert [p["where"] for p in answer.get_json()["problems"]] == ["encounters[0].lines[1].charge"]
    assert count("encounter") == 0


@pytest.mark.check(77)
@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"{", "application/json", 422), (b"\xff\xfe{", "application/json", 422), (b"[1]", "application/json", 422),
        (b"[" * 10_000 + b"]" * 10_000, "application/json", 422), (b'{"encounters": NaN}', "application/json", 422),
        (b'{"encounters": [], "encounters": []}', "application/json", 422), (b"[" + b"1" * 1_000_000 + b"]", "application/json", 422),
        (b'{"encounters": "\\ud800"}', "application/json", 422), (b"<x/>", "application/xml", 422), (b"", "application/json", 422),
    ],
)  # fmt: skip
def test_a_body_that_is_not_json_is_one_problem(client: FlaskClient, content: bytes, kind: str, status: int) -> None:
    answer = client.post("/api/v1/encounters", data=content, content_type=kind, headers={"Idempotency-Key": "1"})

    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"


@pytest.mark.check(65)
def test_a_field_that_is_not_known_is_refused(client: FlaskClient, clinic: Clinic) -> None:
    answer = post(client, "encounters", {"encounters": [visit(clinic, practice=2)]})

    assert answer.status_code == 422
    assert answer.get_json()["problems"][0]["where"] == "encounters[0].practice"


def test_claims_come_in_pages_that_stay_where_they_are(client: FlaskClient, clinic: Clinic) -> None:
    references = [f"R{n}" for n in range(7)]
    post(
        client,
        "encounters",
        {"encounters": [visit(clinic, r, served_on=f"2026-11-{n + 1:02}") for n, r in enumerate(references)]},
    )
    post(client, "claims", {}, "2")

    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = client.get(f"/api/v1/claims?limit=3&state=ready&cursor={cursor}").get_json()
        seen += [claim["id"] for claim in page["claims"]]
        cursor = page["next"]

    assert len(seen) == len(set(seen)) == 7
    assert client.get("/api/v1/claims?cursor=forged").status_code == 422
    assert client.get("/api/v1/claims?limit=0").status_code == 422


def test_a_remittance_sent_twice_posts_once(client: FlaskClient, clinic: Clinic) -> None:
    post(client, "encounters", {"encounters": [visit(clinic)]})
    claim = post(client, "claims", {}, "2").get_json()["claims"][0]["claim"]
    post(client, "claims/submit", {}, "3")
    content = remittance(clinic, [claim])

    answers = [
        client.post(
            "/api/v1/remittances", data=content, content_type="application/edi-x12", headers={"Idempotency-Key": key}
        )
        for key in ("4", "4", "5")
    ]

    assert [a.get_json()["files"][0]["state"] for a in answers] == ["read", "read", "duplicate"]
    assert count("remittance") == 1


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "claims/999", 404), ("GET", "encounters/999", 404), ("GET", "nothing", 404), ("DELETE", "claims", 405),
        ("POST", "encounters", 400), ("GET", "balances?patient=999", 404),
    ],
)  # fmt: skip
def test_every_error_is_a_problem(client: FlaskClient, clinic: Clinic, method: str, path: str, status: int) -> None:
    answer = client.open(
        f"/api/v1/{path}", method=method, json={"encounters": [visit(clinic)]} if method == "POST" else None
    )

    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    assert answer.get_json()["status"] == status
    if status == 405:
        assert answer.headers["Allow"] == "GET, POST"


def test_a_key_that_reads_cannot_write(app: Flask, clinic: Clinic) -> None:
    reader = keyed(app, clinic, "api_read")

    assert post(reader, "encounters", {"encounters": [visit(clinic)]}).status_code == 403
    assert reader.get("/api/v1/claims").status_code == 200


@pytest.mark.check(62)
def test_another_clinics_ids_do_not_exist(app: Flask, client: FlaskClient, clinic: Clinic) -> None:
    post(client, "encounters", {"encounters": [visit(clinic)]})
    post(client, "claims", {}, "2")
    with opened():
        stranger = keyed(app, clinics.found("Hill Clinic", "1990000030", suffix="B"))
        claim, encounter = tables.ClaimRow.select().first().id, tables.EncounterRow.select().first().id

    assert stranger.get(f"/api/v1/claims/{claim}").status_code == 404
    assert stranger.get(f"/api/v1/encounters/{encounter}").status_code == 404
    assert stranger.get(f"/api/v1/balances?patient={clinic.alma}").status_code == 404
    assert stranger.get("/api/v1/claims").get_json()["claims"] == []
    assert post(stranger, "encounters", {"encounters": [visit(clinic, "X")]}).status_code == 422
    assert post(stranger, "claims", {"encounters": [encounter]}, "9").get_json()["claims"] == []
    assert post(stranger, "claims/submit", {"claims": [claim]}, "10").get_json()["files"] == []


def test_the_description_names_every_route_and_every_reference_in_it_resolves(app: Flask, client: FlaskClient) -> None:
    described = client.get("/api/openapi.json").get_json()
    text = json.dumps(described)
    rules = {
        r.rule.replace("<int:", "{").replace(">", "}") for r in app.url_map.iter_rules() if r.rule.startswith("/api/v1")
    }

    assert described["openapi"] == "3.1.0"
    assert set(described["paths"]) == rules - {"/api/v1/<path:rest}"}
    for pointer in {part.split('"')[0] for part in text.split('"$ref": "#/')[1:]}:
        node: Any = described
        for step in pointer.split("/"):
            node = node[step]
