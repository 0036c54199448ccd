"""Reminders and what stops them: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("billing_policy", "contact_choice", "billing_hold", "reminder")
KEPT = ("billing_policy", "contact_choice")


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Patient(Model):
        class Meta:
            database = db
            table_name = "patient"

    class Statement(Model):
        class Meta:
            database = db
            table_name = "statement"

    def owner():
        return ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)

    def of(model):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False)

    class BillingPolicy(Model):
        practice = owner()
        steps = TextField()
        small_balance_cents = BigIntegerField()
        quiet_from = CharField(max_length=5)
        quiet_until = CharField(max_length=5)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "billing_policy"
            indexes = ((("practice",), False),)

    class ContactChoice(Model):
        practice = owner()
        patient = of(Patient)
        channel = CharField(max_length=8)
        answer = CharField(max_length=4)
        via = CharField(max_length=8)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "contact_choice"
            indexes = ((("practice", "patient"), False),)

    class BillingHold(Model):
        practice = owner()
        patient = of(Patient)
        kind = CharField(max_length=12)
        note = TextField(default="")
        since = DateField()
        by = TextField()
        at = CharField(max_length=27)
        lifted_at = CharField(null=True, max_length=27)
        lifted_by = TextField(default="")

        class Meta:
            database = db
            table_name = "billing_hold"
            indexes = ((("practice", "patient"), False),)

    class Reminder(Model):
        practice = owner()
        statement = of(Statement)
        patient = of(Patient)
        letter = CharField(max_length=8)
        channel = CharField(max_length=8)
        state = CharField(max_length=8)
        open_cents = BigIntegerField()
        reason = TextField(default="")
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "reminder"
            indexes = (
                (("statement", "letter"), True),
                (("practice", "state"), False),
                (("practice", "patient"), False),
            )

    db.create_tables([BillingPolicy, ContactChoice, BillingHold, Reminder], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        _guard_postgresql(db)
        return
    for table in KEPT:
        for verb in ("update", "delete"):
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )


def _guard_postgresql(db):
    for table in KEPT:
        db.execute_sql(
            f"create trigger {table}_stays before update or delete on {table} for each row execute function refuse_change()"
        )
        db.execute_sql(
            f"create trigger {table}_stays_whole before truncate on {table} execute function refuse_change()"
        )
    for table in TABLES:
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')
