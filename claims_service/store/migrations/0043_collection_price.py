"""What a letter and a text message cost a practice: a frozen copy of store/tables, guarded like the rest.

The index of bills that were read covers those audit rows alone: the others cost nothing more.
"""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    def of(model):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False)

    class CollectionPrice(Model):
        practice = of(Practice)
        letter_cents = BigIntegerField()
        text_cents = BigIntegerField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "collection_price"
            indexes = ((("practice",), False),)

    db.create_tables([CollectionPrice], safe=False)
    db.execute_sql("create index audit_bill_read on audit (practice_id, subject) where action = 'statement.read'")
    for table in ("invoice", "statement"):
        db.execute_sql(f"create index {table}_practice_id_issued_on on {table} (practice_id, issued_on)")
    _guard(db, "collection_price")


def _guard(db, table):
    if isinstance(db, peewee.PostgresqlDatabase):
        refuse = "execute function refuse_change()"
        db.execute_sql(f"create trigger {table}_stays before update or delete on {table} for each row {refuse}")
        db.execute_sql(f"create trigger {table}_stays_whole before truncate on {table} {refuse}")
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')
        return
    for verb in ("update", "delete"):
        db.execute_sql(
            f"create trigger {table}_no_{verb} before {verb} on {table}"
            f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
        )


def down(migrator, db):
    for index in ("audit_bill_read", "invoice_practice_id_issued_on", "statement_practice_id_issued_on"):
        db.execute_sql(f"drop index {index}")
    migrator.migrate(migrator.drop_table("collection_price"))
