"""Steps of a clinic's month, short enough to tell in a test."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from claims_service.domain.party import Address, Person
from claims_service.store import claims, patients
from claims_service.store.connection import run, write
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.incoming import FileOutcome, IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, VISIT_DAY, Clinic

DAYS = 300


def ready(clinic: Clinic, count: int = 1, *codes: str, patient: int | None = None) -> tuple[claims.Head, ...]:
    """Claims of $150.00 each (99213 and 85025), a day each, that passed the checks and wait to be sent."""
    before = run("select count(*) from encounter").fetchone()[0]
    of = {n // DAYS: patient or _patient(clinic, n // DAYS) for n in range(before, before + count)}
    visits = [
        clinic.visit(of[n // DAYS], *codes, reference=f"V{n}", served_on=VISIT_DAY - timedelta(n % DAYS))
        for n in range(before, before + count)
    ]
    recorded = record_encounters(clinic.practice, visits, by=BILLER, now=NOW).recorded
    built = build_claims(clinic.practice, recorded, by=BILLER, now=NOW, today=TODAY)
    assert built.count("ready") == count, next(one.findings for one in built.claims if one.findings)
    return tuple(claims.heads(clinic.practice, [made.claim for made in built.claims]).values())


def _patient(clinic: Clinic, number: int) -> int:
    """Alma, or another with her plan: one patient has one visit a day."""
    known = run("select id from patient where reference = ?", (f"M{number}",)).fetchone()
    if number == 0 or known:
        return int(known[0]) if known else clinic.alma
    home = Address("2 Sample Road", "", "Portland", "OR", "97202")
    person = Person("Testpatient", f"Number{number}", "", date(1980, 1, 1), "F", home)
    with write():
        (key,) = patients.add_many(clinic.practice, [patients.NewPatient(f"M{number}", person)], at=NOW)
        plan = patients.NewCoverage(key, clinic.quillhaven, f"QHM1{number:06}", valid_from=date(2026, 1, 1))
        patients.add_coverages(clinic.practice, [plan])
    return key


def sent(clinic: Clinic, count: int = 1, *codes: str, patient: int | None = None) -> tuple[claims.Head, ...]:
    """The same claims, now with the insurer."""
    made = ready(clinic, count, *codes, patient=patient)
    submit_claims(clinic.practice, [head.id for head in made], by=BILLER, now=NOW)
    return made


def post(
    clinic: Clinic, *contents: bytes, name: str = "answer.835", now: datetime = NOW, today: date = TODAY
) -> FileOutcome:
    """Post files one after the other; what became of the last."""
    files = [IncomingFile(name, content) for content in contents]
    return post_remittance(clinic.practice, files, by=BILLER, now=now, today=today)[-1]


def entries(source: str = "remittance") -> int:
    """How many journal entries come from this kind of record."""
    return int(run("select count(*) from journal_entry where source = ?", (source,)).fetchone()[0])


def held(clinic: Clinic) -> Sequence[tuple[str, str, int, str]]:
    """What waits for a person: (kind, place, cents, message)."""
    sql = "select kind, place, cents, message from held_item where practice_id = ? and closed_at is null order by id"
    return [tuple(row) for row in run(sql, (clinic.practice,)).fetchall()]
