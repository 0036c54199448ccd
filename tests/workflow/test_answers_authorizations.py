"""Part 7, answers: approvals in advance, with visits and units used up and warned of."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from claims_service.domain.authorization import Authorization
from claims_service.domain.encounter import ServiceLine
from claims_service.domain.errors import NotFound, Rejected
from claims_service.queries import visits
from claims_service.store import authorizations, connection
from claims_service.store.connection import run
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.record_authorization import record_authorizations
from claims_service.workflow.record_encounter import record_encounters
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    connection.connect(database_url)
    with connection.opened():
        yield clinics.found()


def approve(clinic: Clinic, **changes: object) -> int:
    """Quillhaven approves two visits of Alma with a blood count, from September to December."""
    values = {
        "id": 0, "patient_id": clinic.alma, "payer_id": clinic.quillhaven, "number": "AP-100", "procedures": frozenset({"85025"}),
        "visits": 2, "valid_from": date(2026, 9, 1), "valid_until": date(2026, 12, 31),
    }  # fmt: skip
    return record_authorizations(clinic.practice, [Authorization(**{**values, **changes})], by=BILLER, now=NOW)[0]  # type: ignore[arg-type]


def see(clinic: Clinic, n: int, number: str = "AP-100", **changes: Any) -> str:
    """A visit under the number and its claim; gives what became of it with the edits that found something."""
    visit = clinic.visit(reference=f"A{n}", served_on=VISIT_DAY + timedelta(n), prior_authorization=number, **changes)
    recorded = record_encounters(clinic.practice, [visit], by=BILLER, now=NOW).recorded
    (claim,) = build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY).claims
    return " ".join([claim.state, *(finding.rule for finding in claim.findings)])


def only(clinic: Clinic) -> Authorization:
    (found,) = authorizations.of_patients(clinic.practice, [clinic.alma])[clinic.alma]
    return found


def test_visits_use_an_approval_up_and_the_third_of_two_is_stopped(clinic: Clinic) -> None:
    """The first passes, the second is the last and says so, the third would not be paid and stays here."""
    approve(clinic)

    told = [see(clinic, n) for n in range(3)]

    assert told == ["ready", "ready authorization_last", "needs_mending authorization_used_up"]
    assert (len(only(clinic).uses), only(clinic).visits_left, only(clinic).standing(TODAY)) == (3, 0, "used_up")


def test_units_are_counted_of_the_services_it_is_for(clinic: Clinic) -> None:
    """Five units of blood counts: three, then two; the office visits beside them use nothing."""
    approve(clinic, visits=None, units=Decimal(5))
    lines = [
        ServiceLine("99213", (1,), modifiers=("25",)),
        ServiceLine("85025", (1,), units=Decimal(3), modifiers=("91",)),
    ]

    see(clinic, 1, lines=tuple(lines))

    assert (only(clinic).used_units, only(clinic).units_left) == (Decimal(3), Decimal(2))


def test_an_approval_that_ended_stops_the_claim_while_it_is_typed(clinic: Clinic) -> None:
    approve(clinic, valid_until=VISIT_DAY - timedelta(1))
    visit = clinic.visit(prior_authorization="ap 100")

    found = visits.preview(clinic.practice, visit, today=TODAY).findings

    assert [(one.rule, one.severity, one.place) for one in found] == [
        ("authorization_expired", "must", "prior_authorization")
    ]


def test_a_number_left_out_is_remembered(clinic: Clinic) -> None:
    approve(clinic)

    assert see(clinic, 1, "") == "ready authorization_forgotten"


def test_a_visit_that_is_mended_does_not_count_twice(clinic: Clinic) -> None:
    """One visit allowed; its own form, opened again, does not say that it is used up."""
    approve(clinic, visits=1)
    see(clinic, 1)
    encounter = run("select id from encounter").fetchone()[0]
    visit = visits.recorded(clinic.practice, encounter).encounter

    again = visits.preview(clinic.practice, visit, today=TODAY, mends=encounter).findings
    another = visits.preview(clinic.practice, visit, today=TODAY).findings

    assert "authorization_used_up" not in {found.rule for found in again}
    assert "authorization_used_up" in {found.rule for found in another}


def test_a_void_visit_gives_its_use_back(clinic: Clinic) -> None:
    approve(clinic)
    see(clinic, 1)
    run("update claim set state = 'void'")

    assert only(clinic).visits_left == 2


def test_an_insurer_that_gives_more_corrects_the_same_approval(clinic: Clinic) -> None:
    """Two visits become six; the number in another spelling is the same approval."""
    first = approve(clinic)
    second = approve(clinic, number="ap100", visits=6)

    assert first == second
    assert only(clinic).visits == 6
    assert run("select count(*) from audit where action = 'authorization.record'").fetchone()[0] == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"number": " "}, "number"), ({"visits": 0}, "visits"), ({"units": Decimal(0)}, "units"),
     ({"procedures": frozenset({"12"})}, "procedures"), ({"valid_until": date(2026, 8, 1)}, "valid_until")],
)  # fmt: skip
def test_what_cannot_be_an_approval_is_said_at_its_field(
    clinic: Clinic, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Rejected) as refused:
        approve(clinic, **changes)

    assert [problem.where for problem in refused.value.problems] == [f"[0].{field}"]
    assert run("select count(*) from approval").fetchone()[0] == 0


def test_another_practices_patient_has_no_approval_here(clinic: Clinic) -> None:
    other = clinics.found("Hilltop Clinic", "1990000048", suffix="B")

    with pytest.raises(NotFound):
        approve(clinic, patient_id=other.alma)
