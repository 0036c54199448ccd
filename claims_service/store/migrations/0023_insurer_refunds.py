"""Refunds to insurers: a frozen copy of store/tables as they were then, never changed once written."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("insurer_refund",)


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Payer(Model):
        class Meta:
            database = db
            table_name = "payer"

    class Claim(Model):
        class Meta:
            database = db
            table_name = "claim"

    class MoneyRequest(Model):
        class Meta:
            database = db
            table_name = "money_request"

    def of(model, **more):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False, **more)

    class InsurerRefund(Model):
        practice = of(Practice)
        number = CharField(max_length=24)
        claim = of(Claim)
        payer = of(Payer)
        cents = BigIntegerField()
        way = CharField(max_length=8)
        reason = CharField(max_length=16)
        found_by = CharField(max_length=8)
        letter = TextField(default="")
        identified_on = DateField()
        check_number = TextField(default="")
        why = TextField()
        request = of(MoneyRequest, null=True)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "insurer_refund"
            indexes = ((("practice", "number"), True), (("practice", "claim"), False), (("request",), True))

    db.create_tables([InsurerRefund], safe=False)
    for table in TABLES:
        _guard(db, table)


def _guard(db, table):
    if not isinstance(db, peewee.PostgresqlDatabase):
        for verb in ("update", "delete"):
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )
        return
    db.execute_sql(
        f"create trigger {table}_stays before update or delete on {table} for each row execute function refuse_change()"
    )
    db.execute_sql(f"create trigger {table}_stays_whole before truncate on {table} execute function refuse_change()")
    db.execute_sql(f'alter table "{table}" enable row level security')
    db.execute_sql(f'alter table "{table}" force row level security')
    db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
