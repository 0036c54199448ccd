"""What the database itself refuses, whoever asks: the books are kept even from our own mistakes."""

from datetime import date

import peewee
import pytest

from claims_service.domain.ledger.journal import Entry, Transfer
from claims_service.store import audit, connection, journal
from claims_service.store.connection import database, run, write
from tests.clinic import BILLER, NOW, Clinic, found

DAY = date(2026, 11, 20)
COLUMNS = "id, practice_id, posted_on, period, kind, key, source, memo, total_cents, by, at"


def visit(key: str = "charge:1", cents: int = 150_00) -> Entry:
    return Entry(DAY, "charge", key, "claim", 1, (Transfer("payer_owes", "revenue", cents, 1, 1, 1, 1),))


def refused(sql: str, *values: object) -> bool:
    try:
        with write():
            run(sql, values)
    except peewee.DatabaseError:
        return True
    return False


STATEMENTS = [
    "update journal_entry set total_cents = total_cents + 1",
    "update journal_entry set memo = 'better'",
    "update journal_entry set posted_on = '2020-01-01', period = '2020-01'",
    "update journal_entry set reverses = null where reverses is null",
    "update journal_entry set practice_id = practice_id",
    "update journal_transfer set cents = cents - 1",
    "update journal_transfer set debit = 'write_off' where id = 1",
    "update journal_transfer set claim = 2 where claim = 1",
    "update journal_transfer set reason = '' where reason is not null",
    "delete from journal_transfer",
    "delete from journal_transfer where id = (select max(id) from journal_transfer)",
    "delete from journal_entry",
    "delete from journal_entry where key = 'charge:1'",
    "delete from practice",
    "update audit set who = 'nobody'",
    "update audit set hash = previous",
    "update audit set at = at where seq = 1",
    "delete from audit",
    "delete from audit where seq = (select max(seq) from audit)",
    "update period set digest = ''",
    "delete from period",
]
ENGINES = {
    "sqlite": [
        f"replace into journal_entry ({COLUMNS}) select {COLUMNS} from journal_entry where id = 1",
        "insert or replace into audit select * from audit where seq = 1",
        "update or replace journal_transfer set cents = 1",
    ],
    "postgresql": [
        "truncate journal_entry cascade",
        "truncate audit",
        f"insert into journal_entry ({COLUMNS}) select {COLUMNS} from journal_entry on conflict (id) do update set memo = ''",
    ],
}


@pytest.mark.check(2)
def test_no_statement_changes_or_removes_what_was_written(clinic: Clinic, engine: str) -> None:
    """$150.00 is booked and its month closed; 24 ways to touch it up afterwards, none of which works."""
    journal.post(clinic.practice, [visit()], by="test", at=NOW)
    audit.record(clinic.practice, [audit.Event("claim.build"), audit.Event("claim.check")], by=BILLER, at=NOW)
    run(
        "insert into period (practice_id, month, closed_at, closed_by, digest, body) values (?, '2026-10', ?, 'x', 'x', '')",
        (clinic.practice, NOW),
    )
    before = {table: run(f"select * from {table} order by id").fetchall() for table in connection_tables()}

    taken = [sql for sql in STATEMENTS + ENGINES[engine] if not refused(sql)]

    assert taken == []
    assert before == {table: run(f"select * from {table} order by id").fetchall() for table in before}


def connection_tables() -> tuple[str, ...]:
    return ("journal_entry", "journal_transfer", "audit", "period")


def raw_entry(
    practice: int, transfers: list[tuple[int, int]], total: int, *, month: str = "2026-11", entry: int = 900
) -> None:
    """An entry by plain SQL. transfers: (practice, cents)."""
    with write():
        for owner, cents in transfers:
            raw_transfer(owner, cents, entry)
        run(
            f"insert into journal_entry ({COLUMNS}) values (?, ?, '2026-11-20', ?, 'charge', ?, 'claim', '', ?, 'raw', ?)",
            (entry, practice, month, f"raw:{entry}", total, NOW),
        )


def raw_transfer(practice: int, cents: int, entry: int = 900, credit: str = "write_off") -> None:
    run(
        "insert into journal_transfer (practice_id, entry_id, debit, credit, cents, reason) values (?, ?, 'contractual', ?, ?, '')",
        (practice, entry, credit, cents),
    )


@pytest.mark.check(3)
def test_an_entry_off_by_a_cent_is_refused_by_the_database(clinic: Clinic) -> None:
    """Transfers of $100.00 and $50.00 under a head that says $150.01."""
    with pytest.raises(peewee.IntegrityError, match="do not add up"):
        raw_entry(clinic.practice, [(clinic.practice, 100_00), (clinic.practice, 50_00)], 150_01)


@pytest.mark.check(3)
def test_half_an_entry_is_refused_by_the_database(clinic: Clinic) -> None:
    """Transfers without a head fail at the commit, a head without transfers at once; nothing of either stays."""
    with pytest.raises(peewee.IntegrityError), write():
        raw_transfer(clinic.practice, 100_00)
    with pytest.raises(peewee.IntegrityError, match="do not add up"):
        raw_entry(clinic.practice, [], 100_00)
    assert run("select count(*) from journal_transfer").fetchone()[0] == 0


@pytest.mark.check(3)
def test_nothing_is_added_to_an_entry_that_was_written(clinic: Clinic) -> None:
    """Once its head stands, an entry is sealed."""
    (entry,) = journal.post(clinic.practice, [visit()], by="test", at=NOW)
    assert entry is not None

    with pytest.raises(peewee.IntegrityError, match="sealed"), write():
        raw_transfer(clinic.practice, 1, entry)


@pytest.mark.check(3)
@pytest.mark.parametrize("cents", [0, -100])
def test_a_transfer_of_nothing_or_less_is_refused(clinic: Clinic, cents: int) -> None:
    """Money moves forward; to undo it, reverse it."""
    with pytest.raises(peewee.IntegrityError, match="more than zero"), write():
        raw_transfer(clinic.practice, cents)


@pytest.mark.check(3)
def test_a_transfer_to_the_same_account_is_refused(clinic: Clinic) -> None:
    with pytest.raises(peewee.IntegrityError, match="two accounts"), write():
        raw_transfer(clinic.practice, 1_00, credit="contractual")


@pytest.mark.check(3)
def test_an_entry_cannot_hold_another_practices_money(clinic: Clinic) -> None:
    """$100.00 of the clinic's under the head of another practice, or mixed: refused both ways."""
    other = found("Hillside Clinic", "1990000030", suffix="B")

    with pytest.raises(peewee.IntegrityError, match="do not add up"):
        raw_entry(other.practice, [(clinic.practice, 100_00)], 100_00)
    with pytest.raises(peewee.IntegrityError, match="do not add up"):
        raw_entry(other.practice, [(clinic.practice, 40_00), (other.practice, 100_00)], 100_00)


@pytest.mark.check(8)
def test_an_entry_cannot_hide_in_another_month(clinic: Clinic) -> None:
    """Dated November 20 and filed under December: the month is the day's month."""
    with pytest.raises(peewee.IntegrityError, match="month of the day"):
        raw_entry(clinic.practice, [(clinic.practice, 100_00)], 100_00, month="2026-12")


@pytest.mark.check(23)
def test_money_is_written_with_full_synchronisation_or_not_at_all(
    fresh_url: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite with synchronous=NORMAL may lose the last commits when the power fails: the service won't open it so."""
    assert callable(fresh_url)
    connection.connect(fresh_url("sqlite"))
    with connection.opened():
        assert run("pragma synchronous").fetchone()[0] == 2
        assert run("pragma journal_mode").fetchone()[0] == "wal"
    monkeypatch.setitem(connection._PRAGMAS, "synchronous", "normal")
    connection.connect(fresh_url("sqlite"))
    with pytest.raises(RuntimeError, match="synchronous=FULL"), connection.opened():
        pass
    database.close()
