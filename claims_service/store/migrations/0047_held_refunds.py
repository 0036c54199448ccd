"""A held payment that belongs to nobody here goes back too: a refund without a claim, and to a sender we may not know."""

# mypy: ignore-errors
import peewee

OLD = (
    "id, practice_id, number, claim_id, payer_id, cents, way, reason, found_by, letter, identified_on, check_number, why,"
    " request_id, by, at"
)
INDEX = "create index insurerrefund_practice_id_held_id on insurer_refund (practice_id, held_id)"


def up(migrator, db):
    if isinstance(db, peewee.PostgresqlDatabase):
        for column in ("claim_id", "payer_id"):
            db.execute_sql(f"alter table insurer_refund alter column {column} drop not null")
        db.execute_sql(
            "alter table insurer_refund add column held_id integer references held_item (id) on delete restrict"
        )
        db.execute_sql("alter table insurer_refund add column payee text not null default ''")
    else:
        _rebuild(db, optional=True)
    db.execute_sql(INDEX)


def down(migrator, db):
    db.execute_sql("drop index insurerrefund_practice_id_held_id")
    if isinstance(db, peewee.PostgresqlDatabase):
        for column in ("held_id", "payee"):
            db.execute_sql(f"alter table insurer_refund drop column {column}")
        for column in ("claim_id", "payer_id"):
            db.execute_sql(f"alter table insurer_refund alter column {column} set not null")
    else:
        _rebuild(db, optional=False)


def _rebuild(db, *, optional):
    """SQLite can't change what a column takes: the same table anew, with its rows, indexes and triggers."""
    told = "select sql from sqlite_master where tbl_name = 'insurer_refund' and type in ('index', 'trigger') and sql is not null"
    kept = [row[0] for row in db.execute_sql(told).fetchall()]
    (table,) = db.execute_sql(
        "select sql from sqlite_master where type = 'table' and name = 'insurer_refund'"
    ).fetchone()
    new = table.replace('"insurer_refund"', '"insurer_refund_new"', 1)
    for column in ("claim_id", "payer_id"):
        whole, free = f'"{column}" INTEGER NOT NULL', f'"{column}" INTEGER'
        new = new.replace(whole, free) if optional else new.replace(free, whole)
    if optional:
        more = '"held_id" INTEGER REFERENCES "held_item" ("id") ON DELETE RESTRICT, "payee" TEXT NOT NULL DEFAULT \'\', FOREIGN KEY'
        new = new.replace("FOREIGN KEY", more, 1)
    else:
        lost = (
            ', "held_id" INTEGER REFERENCES "held_item" ("id") ON DELETE RESTRICT, "payee" TEXT NOT NULL DEFAULT \'\''
        )
        new = new.replace(lost, "")
    db.execute_sql(new)
    db.execute_sql(f"insert into insurer_refund_new ({OLD}) select {OLD} from insurer_refund")
    db.execute_sql("drop table insurer_refund")
    db.execute_sql("alter table insurer_refund_new rename to insurer_refund")
    for statement in kept:
        db.execute_sql(statement)
