"""What a batch reads depends on the batch, not on how much the clinic has."""

from claims_service.domain.party import Address, Person
from claims_service.store import connection, patients
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.freeze_resources import freeze_resources
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests import clinic as clinics
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic
from tests.rows_read import rows_read
from tests.store_fixtures import Databases

MOST = 1.2


def whole_way(clinic: Clinic, first: int, count: int) -> int:
    """So many visits of as many patients, built, sent and frozen; the steps that SQLite took for it."""
    home = Address("2 Sample Road", "", "Portland", "OR", "97202")
    numbers = range(first, first + count)
    people = [
        patients.NewPatient(f"R{n}", Person("Testpatient", f"Number{n}", "", VISIT_DAY.replace(year=1980), "F", home))
        for n in numbers
    ]
    ids = patients.add_many(clinic.practice, people, at=NOW)
    patients.add_coverages(
        clinic.practice, [patients.NewCoverage(key, clinic.quillhaven, f"QHM1{key:06}") for key in ids]
    )
    visits = [clinic.visit(key, reference=f"R{n}") for n, key in zip(numbers, ids, strict=True)]
    record_encounters(clinic.practice, visits, by=BILLER, now=NOW)

    def steps() -> None:
        build_claims(clinic.practice, by=BILLER, now=NOW, today=TODAY)
        assert submit_claims(clinic.practice, by=BILLER, now=NOW).claim_count == count
        freeze_resources(clinic.practice, by=BILLER, now=NOW)

    return rows_read("claim", steps)


def test_a_batch_reads_as_little_in_a_clinic_with_many_claims(databases: Databases) -> None:
    """Forty claims of a new clinic, and forty more when it has 640: SQLite takes any index that begins with the practice for a short
    way to forty ids, unless it is kept from it, and reads all 640.
    """
    connection.connect(databases.migrated("sqlite"))
    with connection.opened():
        clinic = clinics.found()
        few = whole_way(clinic, 0, 40)
        whole_way(clinic, 40, 600)
        many = whole_way(clinic, 640, 40)

    assert many < MOST * few
