"""What is kept for aging: told once from what was posted before it was kept."""

from playhouse.migrations import Runner

from claims_service.store import connection, migrate
from claims_service.store.connection import database, run
from tests.store_fixtures import Engine, FreshUrl

MOVED = (
    (1, 1, "payer_owes", "revenue", 150_00, 7, 3, 2),
    (2, 2, "insurer_clearing", "payer_owes", 87_00, 7, 3, 2),
    (3, 2, "in_review", "payer_owes", 38_00, 7, 3, 2),
    (4, 2, "patient_owes", "payer_owes", 25_00, 7, 3, 2),
    (5, 3, "desk_clearing", "patient_owes", 25_00, 7, 3, None),
    (6, 4, "patient_owes", "revenue", 60_00, 8, 4, None),
)
ENTRIES = ((1, "2026-10-05", 150_00), (2, "2026-11-09", 150_00), (3, "2026-11-12", 25_00), (4, "2026-11-20", 60_00))


def test_what_was_posted_before_the_upgrade_is_owed_since_its_first_day(engine: Engine, fresh_url: FreshUrl) -> None:
    """$150.00 of October: $38.00 denied are as old as the charge; the patient's $25.00 came in November and are paid. $60.00 are a patient's."""
    connection.connect(fresh_url(engine))
    with connection.opened():
        _grow()


def _grow() -> None:
    Runner(getattr(database, "obj"), str(migrate.FOLDER)).up("0029_guarantors")  # noqa: B009 - the proxy says nothing of what it holds
    run(
        "insert into practice (id, name, npi, tax_id, taxonomy, phone, email, contact, submitter_id, line1, line2, city, state, zip, zone,"
        " remit_bank_account) values (1, 'Clinic', '1990000014', '', '', '', '', '', '', '', '', '', '', '', '', '')"
    )
    with connection.write():
        for moved in MOVED:
            run(
                "insert into journal_transfer (id, practice_id, entry_id, debit, credit, cents, claim, patient, payer, reason)"
                " values (?, 1, ?, ?, ?, ?, ?, ?, ?, '')",
                moved,
            )
        for key, day, cents in ENTRIES:
            run(
                "insert into journal_entry (id, practice_id, posted_on, period, kind, key, source, memo, total_cents, by, at)"
                " values (?, 1, ?, ?, '', ?, '', '', ?, '', '')",
                (key, day, day[:7], f"e{key}", cents),
            )

    migrate.upgrade()

    kept = run("select claim, owner, patient, since, cents from owed order by claim, owner").fetchall()
    assert [(*row[:3], str(row[3]), row[4]) for row in kept] == [
        (7, 0, 3, "2026-11-09", 0),
        (7, 2, 3, "2026-10-05", 38_00),
        (8, 0, 4, "2026-11-20", 60_00),
    ]
