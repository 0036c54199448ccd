"""A clinic of many patients whose insurer has answered: each owes $0.30 for one visit of three services."""

from claims_service.domain.party import Address, Person
from claims_service.store import connection, patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.bench.row_posting import remittance
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic

HOME = Address("2 Sample Road", "", "Portland", "OR", "97202")


def fill(clinic: Clinic, count: int, at_once: int = 2500) -> list[int]:
    """Adds so many patients; gives their ids."""
    made: list[int] = []
    while len(made) < count:
        made += _some(clinic, len(made), min(at_once, count - len(made)))
    return made


def _some(clinic: Clinic, before: int, count: int) -> list[int]:
    people = [
        patients.NewPatient(f"X{n}", Person(f"Test{n}", "Pat", "", VISIT_DAY.replace(year=1980), "F", HOME))
        for n in range(before, before + count)
    ]
    ids = patients.add_many(clinic.practice, people, at=NOW)
    covers = [patients.NewCoverage(key, clinic.quillhaven, f"QHM{key:07}") for key in ids]
    patients.add_coverages(clinic.practice, covers)
    visits = [clinic.visit(key, "99213", "85025", "36415", reference=f"R{key}", served_on=VISIT_DAY) for key in ids]
    recorded = record_encounters(clinic.practice, visits, by=BILLER, now=NOW).recorded
    built = build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY)
    assert built.count("ready") == count, built
    submit_claims(clinic.practice, by=BILLER, now=NOW)
    with connection.opened():
        sql = "select control_number from claim where practice_id = ? and state = 'sent' order by id"
        numbers = [found[0] for found in connection.run(sql, (clinic.practice,)).fetchall()]
    answer = IncomingFile(f"answer-{before}.835", remittance(numbers, before + 1))
    (outcome,) = post_remittance(clinic.practice, [answer], by=BILLER, now=NOW, today=TODAY)
    assert outcome.counts == {"posted": count}, outcome
    return ids
