"""Part 9, queues, on both databases: what waits, for whom, until when; and notes that stay as they were written."""

from datetime import timedelta

import peewee
import pytest

from claims_service.queries import work_queue
from claims_service.queries.work_queue import QUEUES, Wanted
from claims_service.store import tables
from claims_service.store.connection import run, write
from claims_service.workflow import share_work
from claims_service.workflow.record_encounter import record_encounters
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.workflow.cycle import sent


def waiting(clinic: Clinic, queue: str, whose: str = "everyone", shown: str = "awake", user: int = 0) -> list[int]:
    page = work_queue.page_of(clinic.practice, Wanted(queue, whose, shown), user=user, today=TODAY, now=NOW)
    return [one.id for one in page.waiting]


def test_part_9_each_queue_counts_what_it_lists(clinic: Clinic) -> None:
    """A visit to code; a held, a rejected and a silent claim; and one whose limit ends in a week."""
    record_encounters(clinic.practice, [clinic.visit(reference="W1")], by=BILLER, now=NOW)
    held, rejected, silent, late = (head.id for head in sent(clinic, 4))
    run("update claim set state = 'needs_mending' where id = ?", (held,))
    run("update claim set state = 'sent_back' where id = ?", (rejected,))
    run("update claim set sent_at = ? where id = ?", (NOW - timedelta(days=31), silent))
    run("update claim set served_on = ? where id = ?", (TODAY - timedelta(days=358), late))

    listed = {queue: waiting(clinic, queue) for queue in QUEUES}

    assert listed == {
        "to_code": [1], "held": [held], "rejected": [rejected], "no_answer": [silent], "near_limit": [late], "authorization": [],
    }  # fmt: skip
    counts = work_queue.counts(clinic.practice, today=TODAY, now=NOW)
    assert counts == {queue: len(ids) for queue, ids in listed.items()}


def test_part_9_work_is_given_taken_back_snoozed_and_woken(clinic: Clinic) -> None:
    person = tables.User.create(
        practice=clinic.practice, email="p@example.org", name="Priya", role="biller", password_hash="x", created_at=NOW
    ).id
    one, two = (head.id for head in sent(clinic, 2))
    run("update claim set state = 'sent_back'")

    share_work.assign(clinic.practice, share_work.CLAIM, [one, two], person, by=BILLER, now=NOW)
    share_work.assign(clinic.practice, share_work.CLAIM, [two], None, by=BILLER, now=NOW)
    day = TODAY + timedelta(days=1)
    share_work.snooze(clinic.practice, share_work.CLAIM, [one], day, by=BILLER, now=NOW, today=TODAY)

    assert waiting(clinic, "rejected") == [two]
    assert waiting(clinic, "rejected", "nobody") == [two]
    assert waiting(clinic, "rejected", "mine", "asleep", person) == [one]
    share_work.snooze(clinic.practice, share_work.CLAIM, [one], None, by=BILLER, now=NOW, today=TODAY)
    assert waiting(clinic, "rejected", "mine", user=person) == [one]
    assert work_queue.workers(clinic.practice) == [(person, "Priya")]
    assert work_queue.task_of(clinic.practice, one).assignee_name == "Priya"


@pytest.mark.parametrize("sql", ["update work_note set text = 'better'", "delete from work_note"])
def test_part_9_a_note_is_never_changed(clinic: Clinic, sql: str) -> None:
    (claim,) = sent(clinic)
    share_work.note(clinic.practice, share_work.CLAIM, [claim.id], "Called, they look at it", by=BILLER, now=NOW)

    with pytest.raises(peewee.DatabaseError), write():
        run(sql)

    assert [note.text for note in work_queue.task_of(clinic.practice, claim.id).notes] == ["Called, they look at it"]
