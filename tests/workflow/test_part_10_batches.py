"""Part 10, speed: every step takes a batch, and what a batch asks of the database does not grow with its size."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest

from claims_service.formats.x12.read_837p import read_837p
from claims_service.store import audit, connection, files, journal
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.freeze_resources import freeze_resources
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic

FEW, MANY = 5, 50


def whole_way(clinic: Clinic, count: int) -> tuple[int, ...]:
    """Visits of a patient, a day each, from the desk into one file; gives the claims."""
    before = run("select count(*) from encounter").fetchone()[0]
    visits = [
        clinic.visit(reference=f"B{n}", served_on=VISIT_DAY - timedelta(days=n)) for n in range(before, before + count)
    ]
    recorded = record_encounters(clinic.practice, visits, by=BILLER, now=NOW).recorded
    built = build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY)
    assert built.count("ready") == count
    claims = tuple(made.claim for made in built.claims)
    (file,) = submit_claims(clinic.practice, claims, by=BILLER, now=NOW).files
    freeze_resources(clinic.practice, by=BILLER, now=NOW)
    assert sum(1 for _ in read_837p(files.content_of(clinic.practice, file.file))) == count
    return claims


@contextmanager
def selects(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The SELECTs that are sent meanwhile."""
    sent: list[str] = []
    database = getattr(connection.database, "obj")  # noqa: B009 - the proxy says nothing of what it holds
    send = database.execute_sql

    def noted(sql: str, *args: Any, **more: Any) -> Any:
        if sql.lstrip().lower().startswith("select"):
            sent.append(sql)
        return send(sql, *args, **more)

    with monkeypatch.context() as patched:
        patched.setattr(database, "execute_sql", noted)
        yield sent


def test_part_10_ready_visits_leave_in_one_batch_edited_priced_frozen_posted_and_audited(clinic: Clinic) -> None:
    """Fifty visits, $7,500.00: each claim is checked, expected to bring $112.50, in the books, in the file and frozen, once."""
    claims = whole_way(clinic, MANY)

    def count(sql: str) -> int:
        return int(run(sql).fetchone()[0])

    assert count("select count(*) from claim where state = 'sent' and expected_cents = 11250") == MANY
    assert count("select count(distinct claim_id) from claim_event where kind = 'checked'") == MANY
    assert count("select count(distinct claim_id) from file_claim") == MANY
    assert count("select sum(total_cents) from journal_entry where kind = 'charge'") == 7_500_00
    assert count("select count(*) from fhir_resource where kind = 'Claim'") == MANY
    for action in ("encounter.record", "claim.build", "claim.submit"):
        assert count(f"select count(*) from audit where action = '{action}'") >= MANY, action
    assert (len(claims), journal.check(), audit.verify()) == (MANY, [], [])


def test_part_10_a_batch_ten_times_as_large_asks_the_database_as_often(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five visits and then fifty more: the steps read in sets, never visit by visit."""
    whole_way(clinic, FEW)
    with selects(monkeypatch) as few:
        whole_way(clinic, FEW)
    with selects(monkeypatch) as many:
        whole_way(clinic, MANY)

    assert len(many) <= len(few) + FEW, sorted(set(many) - set(few))
