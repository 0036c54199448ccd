"""What the clock starts, on a small clinic."""

from collections.abc import Iterator

import pytest

from claims_service.config import Config
from claims_service.interfaces.jobs import clockwork, rounds
from claims_service.store import connection, journal
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, Clinic


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    connection.connect(database_url)
    with connection.opened():
        yield clinics.found()


def frozen() -> int:
    return int(connection.run("select count(*) from fhir_resource").fetchone()[0])


def test_a_round_picks_up_what_waits_and_run_again_finds_nothing(clinic: Clinic, config: Config) -> None:
    """A claim of $150.00 is sent; the round freezes it as FHIR, a second round has nothing left to do."""
    record_encounters(clinic.practice, [clinic.visit()], by=BILLER, now=NOW)
    build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    submit_claims(clinic.practice, by=BILLER, now=NOW)

    assert rounds.run(config, rounds.night) == 0
    first = frozen()
    assert rounds.run(config, rounds.night) == 0

    assert first > 0
    assert frozen() == first


def test_a_practice_that_fails_does_not_keep_the_others_waiting(clinic: Clinic, config: Config) -> None:
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")
    seen = []

    def stumbling(_config: Config, practice: int, *_: object) -> None:
        seen.append(practice)
        if practice == clinic.practice:
            raise RuntimeError("on purpose")

    assert rounds.run(config, stumbling) == 1
    assert seen == [clinic.practice, other.practice]


def test_the_nightly_proof_names_a_changed_balance(clinic: Clinic) -> None:
    record_encounters(clinic.practice, [clinic.visit()], by=BILLER, now=NOW)
    build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
    assert rounds.prove() == []

    with connection.write():
        connection.run("update balance set cents = cents + 1 where account = 'payer_owes'")

    assert any("payer_owes" in fault and "1 cents" in fault for fault in rounds.prove())
    assert journal.check()


def test_every_round_has_its_time(config: Config) -> None:
    tasks = clockwork.clockwork(config)._registry.periodic_tasks

    assert sorted(task.name for task in tasks) == ["carry", "evening", "night", "onward", "remind"]
