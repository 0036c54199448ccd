"""Payment plans: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = (
    "payment_plan_policy",
    "payment_plan",
    "payment_plan_visit",
    "payment_plan_version",
    "payment_plan_agreement",
    "payment_plan_event",
)
KEPT = tuple(table for table in TABLES if table != "payment_plan")
# What was agreed never changes; where it stands does.
FIXED = (
    "id, practice_id, patient_id, statement_id, number, key, total_cents, from_entry, agreed_on, agreed_at, accepted_by, via,"
    " address, language, by"
)


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

    class Encounter(Model):
        class Meta:
            database = db
            table_name = "encounter"

    def of(model, index=False):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=index)

    class PaymentPlanPolicy(Model):
        practice = of(Practice)
        least_cents = BigIntegerField()
        most_months = IntegerField()
        grace_days = IntegerField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "payment_plan_policy"
            indexes = ((("practice", "id"), False),)

    class PaymentPlan(Model):
        practice = of(Practice)
        patient = of(Patient, index=True)
        statement = of(Statement)
        number = CharField(max_length=20, unique=True)
        key = CharField(max_length=80)
        total_cents = BigIntegerField()
        from_entry = BigIntegerField()
        agreed_on = DateField()
        agreed_at = CharField(max_length=27)
        accepted_by = TextField()
        via = CharField(max_length=8)
        address = TextField(default="")
        language = CharField(max_length=2)
        by = TextField()
        state = CharField(max_length=8)

        class Meta:
            database = db
            table_name = "payment_plan"
            indexes = ((("practice", "key"), True), (("practice", "state"), False))

    class PaymentPlanVisit(Model):
        practice = of(Practice)
        plan = of(PaymentPlan, index=True)
        encounter = of(Encounter, index=True)
        cents = BigIntegerField()

        class Meta:
            database = db
            table_name = "payment_plan_visit"

    class PaymentPlanVersion(Model):
        practice = of(Practice)
        plan = of(PaymentPlan)
        number = IntegerField()
        schedule = TextField()
        why = CharField(max_length=10)
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "payment_plan_version"
            indexes = ((("plan", "number"), True),)

    class PaymentPlanAgreement(Model):
        practice = of(Practice)
        plan = of(PaymentPlan)
        language = CharField(max_length=2)
        content = BlobField()
        sha256 = CharField(max_length=64)
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "payment_plan_agreement"
            indexes = ((("plan", "language"), True),)

    class PaymentPlanEvent(Model):
        practice = of(Practice)
        plan = of(PaymentPlan)
        kind = CharField(max_length=10)
        key = CharField(max_length=40)
        words = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "payment_plan_event"
            indexes = ((("plan", "key"), True),)

    tables = [
        PaymentPlanPolicy,
        PaymentPlan,
        PaymentPlanVisit,
        PaymentPlanVersion,
        PaymentPlanAgreement,
        PaymentPlanEvent,
    ]
    db.create_tables(tables, safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        _guard_postgresql(db)
        return
    for table in TABLES:
        for verb in ("update", "delete") if table in KEPT else ("delete",):
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )
    db.execute_sql(
        f"create trigger payment_plan_stays before update of {FIXED} on payment_plan"
        " begin select raise(abort, 'what was agreed is never changed'); end"
    )


def _guard_postgresql(db):
    for table in TABLES:
        verbs = "update or delete" if table in KEPT else f"delete or update of {FIXED}"
        refuse = "execute function refuse_change()"
        db.execute_sql(f"create trigger {table}_stays before {verbs} on {table} for each row {refuse}")
        db.execute_sql(f"create trigger {table}_stays_whole before truncate on {table} {refuse}")
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
