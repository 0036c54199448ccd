"""The audit chain tells of every touch, and nothing happens without it."""

import random
import threading
from collections.abc import Callable
from typing import Any

import peewee
import pytest

from claims_service.store import audit, connection
from claims_service.store.connection import database, on_postgresql, opened, run
from claims_service.workflow.bill_next_payer import bill_next_payers
from claims_service.workflow.build_claim import build_claims
from claims_service.workflow.check_claims import check_claims
from claims_service.workflow.close_period import close_period
from claims_service.workflow.incoming import IncomingFile
from claims_service.workflow.post_remittance import post_remittance
from claims_service.workflow.record_encounter import record_encounters
from claims_service.workflow.submit_claims import submit_claims
from tests.clinic import BILLER, NOW, TODAY, Clinic
from tests.factories835 import file_835, payment, remittance
from tests.workflow.cycle import post, ready, sent

FIELDS = ("who", "role", "address", "action", "subject", "why", "at", "previous", "hash")
ROWS = 30


def fill(practice: int) -> None:
    events = [audit.Event("statement.read", n % 5 + 1, f"claim:{n}", "asked by phone") for n in range(ROWS)]
    audit.record(practice, events, by=BILLER, at=NOW)


def change(chance: random.Random) -> int:
    seq, field = chance.randint(1, ROWS), chance.choice(FIELDS)
    run(f"update audit set {field} = ? where seq = ?", (f"{chance.random()}"[:20], seq))
    return seq


def change_patient(chance: random.Random) -> int:
    seq = chance.randint(1, ROWS)
    run("update audit set patient = 999 where seq = ?", (seq,))
    return seq


def remove(chance: random.Random) -> int:
    seq = chance.randint(1, ROWS - 1)
    run("delete from audit where seq = ?", (seq,))
    return seq


def insert(chance: random.Random) -> int:
    """A copy of a row before itself: the copy still fits, the row behind it no longer does."""
    seq = chance.randint(1, ROWS)
    run("update audit set seq = seq + 1000 where seq >= ?", (seq,))
    run("update audit set seq = seq - 999 where seq >= 1000")
    columns = "practice_id, at, who, role, address, action, patient, subject, why, previous, hash"
    run(f"insert into audit (seq, {columns}) select ?, {columns} from audit where seq = ?", (seq, seq + 1))
    return seq + 1


def swap(chance: random.Random) -> int:
    first, second = sorted(chance.sample(range(1, ROWS + 1), 2))
    for of, to in ((first, 5000), (second, first), (5000, second)):
        run("update audit set seq = ? where seq = ?", (to, of))
    return first


def cut(chance: random.Random) -> int:
    seq = chance.randint(2, ROWS)
    run("delete from audit where seq >= ?", (seq,))
    return seq


def cut_and_cover(chance: random.Random) -> int:
    """The head is put back as well, so only a copy kept elsewhere can tell."""
    seq = cut(chance)
    run("update audit_head set seq = ?, hash = (select hash from audit where seq = ?)", (seq - 1, seq - 1))
    return seq


def tamper(clinic: Clinic, trials: int) -> None:
    """Each trial touches the rows with the guards off, asks the check, and is undone."""
    fill(clinic.practice)
    kept = audit.heads()
    chance = random.Random(84)
    ways: list[Callable[[random.Random], int]] = [change, change_patient, remove, insert, swap, cut, cut_and_cover]
    for n in range(trials):
        way = ways[n % len(ways)]
        with database.atomic() as trial:
            guards_off()
            first_bad = way(chance)
            faults = audit.verify(kept)
            trial.rollback()
        assert [fault.seq for fault in faults] == [first_bad], (way.__name__, n, faults)
    assert audit.verify(kept) == []


def guards_off() -> None:
    if on_postgresql():
        run("alter table audit disable trigger user")
        run("drop index audit_practice_id_seq")
    else:
        for name in ("audit_no_update", "audit_no_delete"):
            run(f"drop trigger {name}")
        run("drop index audit_practice_id_seq")


@pytest.mark.check(84)
def test_a_touched_audit_trail_names_its_first_bad_row(clinic: Clinic) -> None:
    """Rows changed, removed, put in, swapped, the end cut off: 100 times on each engine, found each time."""
    tamper(clinic, 100)


@pytest.mark.slow
@pytest.mark.check(84)
def test_a_thousand_touches_of_the_audit_trail_are_all_found(clinic: Clinic) -> None:
    tamper(clinic, 1000)


def steps(clinic: Clinic) -> dict[str, Callable[[], Any]]:
    """Each step with something to do."""
    open_visit = record_encounters(clinic.practice, [clinic.visit(reference="OPEN")], by=BILLER, now=NOW).recorded
    (waiting,) = ready(clinic)
    billed, seconded = sent(clinic), sent(clinic, patient=clinic.bruno)
    post(clinic, file_835(remittance([payment(seconded[0].control_number)], trace="EFT9")))
    answer = IncomingFile("a.835", file_835(remittance([payment(billed[0].control_number)])))
    who: dict[str, Any] = {"by": BILLER, "now": NOW}
    return {
        "record": lambda: record_encounters(clinic.practice, [clinic.visit(reference="NEW")], **who),
        "build": lambda: build_claims(clinic.practice, open_visit, **who, today=TODAY),
        "check": lambda: check_claims(clinic.practice, [waiting.id], **who, today=TODAY),
        "submit": lambda: submit_claims(clinic.practice, [waiting.id], **who),
        "post": lambda: post_remittance(clinic.practice, [answer], **who, today=TODAY),
        "bill next": lambda: bill_next_payers(clinic.practice, **who, today=TODAY),
        "close": lambda: close_period(clinic.practice, "2026-10", **who),
    }


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table; the word index of the code lists follows its own table."""
    tables = [
        table for table in database.get_tables() if table != "schema_migration" and not table.startswith("code_words")
    ]
    return {table: run(f'select * from "{table}" order by id').fetchall() for table in tables}


@pytest.mark.check(85)
def test_what_cannot_be_audited_does_not_happen(clinic: Clinic) -> None:
    """The audit trail can't be written: each of seven steps fails and leaves every table as it was."""
    todo = steps(clinic)
    before = everything()
    refuse_audit()
    for name, step in todo.items():
        with pytest.raises(peewee.DatabaseError, match="no audit"):
            step()
        assert everything() == before, name
    allow_audit()
    for step in todo.values():
        step()
    assert len(everything()["audit"]) > len(before["audit"])


def refuse_audit() -> None:
    if on_postgresql():
        run(
            "create function no_audit() returns trigger language plpgsql as"
            " $$ begin raise exception 'no audit' using errcode = '23514'; end $$"
        )
        run("create trigger no_audit before insert on audit for each row execute function no_audit()")
    else:
        run("create trigger no_audit before insert on audit begin select raise(abort, 'no audit'); end")


def allow_audit() -> None:
    run("drop trigger no_audit on audit" if on_postgresql() else "drop trigger no_audit")


def looks_of_threads(practice: int, threads: int, each: int, patient: int | None = None) -> list[BaseException]:
    """Every thread looks at something `each` times over a connection of its own; gives what went wrong."""
    wrong: list[BaseException] = []

    def look(number: int) -> None:
        with opened():
            for n in range(each):
                event = audit.Event("statement.read", patient, f"statement:{number}-{n}")
                try:
                    audit.record_look(practice, [event], by=BILLER, at=NOW)
                except peewee.DatabaseError as error:
                    wrong.append(error)

    several = [threading.Thread(target=look, args=(number,)) for number in range(threads)]
    for one in several:
        one.start()
    for one in several:
        one.join()
    return wrong


def test_what_many_look_at_at_once_is_in_the_chain_once_each(clinic: Clinic) -> None:
    before = audit.count()
    assert not looks_of_threads(clinic.practice, threads=12, each=10)
    assert audit.count() == before + 120
    sql = "select subject from audit where action = 'statement.read' and practice_id = ?"
    subjects = [row[0] for row in run(sql, (clinic.practice,)).fetchall()]
    assert sorted(subjects) == sorted(f"statement:{number}-{n}" for number in range(12) for n in range(10))
    assert audit.verify() == []


def test_a_look_that_cannot_be_recorded_fails_alone(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    before = audit.count()

    def no_room_for_7(model: Any, columns: Any, rows: Any) -> Any:
        if any(row[8] == "statement:7-0" for row in rows):
            raise peewee.OperationalError("disk full")
        return connection.insert_rows(model, columns, rows)

    monkeypatch.setattr(audit, "insert_rows", no_room_for_7)
    wrong = looks_of_threads(clinic.practice, threads=12, each=1)
    assert [str(error) for error in wrong] == ["disk full"]
    assert audit.count() == before + 11
    assert audit.verify() == []
