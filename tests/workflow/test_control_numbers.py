"""Control numbers of files: none is missing and none comes twice, whoever sends at once and whatever goes wrong."""

import itertools
import threading

import pytest

from claims_service.store import connection, counters
from claims_service.store.connection import database, run
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, Clinic
from tests.workflow.cycle import ready


def given() -> list[int]:
    """Control numbers of the files that exist, in the order of the files."""
    return [int(row[0]) for row in run("select interchange_control from exchange_file order by id").fetchall()]


class Stumbled(Exception):
    """Something went wrong after a file was made and before it was kept."""


def send_and_stumble(clinic: Clinic, claim: int) -> None:
    with connection.write(clinic.practice):
        assert submit_claims(clinic.practice, [claim], by=BILLER, now=NOW).claim_count == 1
        raise Stumbled


def test_a_sending_that_is_undone_gives_its_number_back(clinic: Clinic) -> None:
    """The second of three files is rolled back after it was made: the numbers are 1 and 2, not 1 and 3."""
    first, second = ready(clinic), ready(clinic)
    submit_claims(clinic.practice, [first[0].id], by=BILLER, now=NOW)

    with pytest.raises(Stumbled):
        send_and_stumble(clinic, second[0].id)
    submit_claims(clinic.practice, [second[0].id], by=BILLER, now=NOW)

    assert given() == [1, 2]


@pytest.mark.check(16)
def test_eight_people_who_send_at_once_and_stumble_leave_no_gap(clinic: Clinic) -> None:
    """Forty claims, five for each of eight people, a file each; every third sending is rolled back and tried again."""
    heads = ready(clinic, 40)
    together, problems = threading.Barrier(8), list[BaseException]()
    tries = itertools.count()

    def send(claims: list[int]) -> None:
        try:
            with connection.opened():
                together.wait()
                for claim in claims:
                    stumble_then_send(claim)
        except BaseException as problem:  # noqa: BLE001 - a thread has nobody else to tell
            problems.append(problem)

    def stumble_then_send(claim: int) -> None:
        if next(tries) % 3 == 0:
            with pytest.raises(Stumbled):
                send_and_stumble(clinic, claim)
        submit_claims(clinic.practice, [claim], by=BILLER, now=NOW)

    ids = [head.id for head in heads]
    people = [threading.Thread(target=send, args=(ids[n::8],)) for n in range(8)]
    for one in people:
        one.start()
    for one in people:
        one.join(60)

    assert problems == []
    assert sorted(given()) == list(range(1, 41))
    assert given() == sorted(given()), "a later file has a later number"
    assert counters.next_values(clinic.practice, "interchange")[0] == 41


def test_each_practice_counts_for_itself_and_each_number_for_its_purpose(clinic: Clinic) -> None:
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")

    assert list(counters.next_values(clinic.practice, "interchange", 3)) == [1, 2, 3]
    assert list(counters.next_values(other.practice, "interchange", 2)) == [1, 2]
    assert list(counters.next_values(clinic.practice, "receipt")) == [1]
    assert list(counters.next_values(clinic.practice, "interchange")) == [4]
    assert not database.in_transaction()
