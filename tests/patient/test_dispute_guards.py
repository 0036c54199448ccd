"""What the database itself refuses: what a dispute is about, its thread and its files stay as they were written."""

import peewee
import pytest

from claims_service.formats.attachments import SentFile
from claims_service.store.connection import run, write
from claims_service.workflow.bill_patient import bill_patients
from claims_service.workflow.open_disputes import Complaint, open_disputes
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.patient import visits

REFUSED = (
    "update dispute set reason = 'other'",
    "update dispute set patient_id = patient_id",
    "update dispute set opened_on = '2020-01-01'",
    "delete from dispute",
    "update dispute_line set share_cents = 1",
    "delete from dispute_line",
    "update dispute_event set words = 'never said'",
    "delete from dispute_event",
    "update dispute_file set name = 'other.jpg'",
    "delete from dispute_file",
)


@pytest.fixture
def disputed(clinic: Clinic) -> Clinic:
    """Alma disputes a line and sends a photo."""
    visit = visits.decided(clinic)
    [statement] = bill_patients(clinic.practice, None, by=BILLER, now=NOW, today=TODAY).statements
    photo = SentFile("receipt.jpg", b"\xff\xd8\xff\xe0")
    wish = Complaint(clinic.alma, statement, ((visit.encounter, 2),), "other", "No.", "form", file=photo)
    open_disputes(clinic.practice, [wish], by=BILLER, now=NOW, today=TODAY)
    return clinic


@pytest.mark.parametrize("sql", REFUSED)
def test_what_was_said_in_a_dispute_can_not_be_unsaid(disputed: Clinic, sql: str) -> None:
    with pytest.raises(peewee.DatabaseError), write():
        run(sql)
    assert run("select reason from dispute where practice_id = ?", (disputed.practice,)).fetchone()[0] == "other"


def test_where_a_dispute_stands_can_move(disputed: Clinic) -> None:
    with write():
        run("update dispute set state = 'in_progress'")
    assert run("select state from dispute where practice_id = ?", (disputed.practice,)).fetchone()[0] == "in_progress"
