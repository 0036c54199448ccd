"""Counts of the till and deposit slips: a frozen copy of store/tables as they were then, never changed once written."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("till_count", "deposit_slip", "deposit_slip_payment")


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Payment(Model):
        class Meta:
            database = db
            table_name = "payment"

    def of(model):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False)

    class TillCount(Model):
        practice = of(Practice)
        counted_on = DateField()
        cash_cents = BigIntegerField()
        cash_journal_cents = BigIntegerField()
        check_cents = BigIntegerField()
        check_journal_cents = BigIntegerField()
        why = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "till_count"
            indexes = ((("practice", "counted_on"), True),)

    class DepositSlip(Model):
        practice = of(Practice)
        number = CharField(max_length=24)
        made_on = DateField()
        cash_cents = BigIntegerField()
        check_cents = BigIntegerField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "deposit_slip"
            indexes = ((("practice", "number"), True),)

    class DepositSlipPayment(Model):
        practice = of(Practice)
        slip = of(DepositSlip)
        payment = of(Payment)
        cents = BigIntegerField()

        class Meta:
            database = db
            table_name = "deposit_slip_payment"
            indexes = ((("payment",), True), (("slip",), False))

    db.create_tables([TillCount, DepositSlip, DepositSlipPayment], safe=False)
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
