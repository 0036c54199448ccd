"""Saved methods, autopay and its charges: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("saved_method", "autopay", "autopay_charge")
# what a patient agreed to is never changed; that it ended is added
FIXED = (
    "practice_id, patient_id, method_id, what, plan_id, most_cents, key, words, version, language, address, accepted_by,"
    " agreed_on, agreed_at"
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

    class Payment(Model):
        class Meta:
            database = db
            table_name = "payment"

    class PaymentPlan(Model):
        class Meta:
            database = db
            table_name = "payment_plan"

    def of(model, **options):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", **{"index": False, **options})

    class SavedMethod(Model):
        practice = of(Practice)
        patient = of(Patient, index=True)
        key = CharField(max_length=80)
        reference = TextField(default="")
        state = CharField(max_length=8)
        customer = TextField(default="")
        token = TextField(default="")
        kind = CharField(max_length=8, default="")
        brand = TextField(default="")
        last_digits = CharField(max_length=4, default="")
        started_at = CharField(max_length=27)
        ready_at = CharField(max_length=27, null=True)
        removed_at = CharField(max_length=27, null=True)

        class Meta:
            database = db
            table_name = "saved_method"
            indexes = ((("practice", "key"), True),)

    class Autopay(Model):
        practice = of(Practice)
        patient = of(Patient, index=True)
        method = of(SavedMethod)
        what = CharField(max_length=10)
        plan = of(PaymentPlan, null=True)
        most_cents = BigIntegerField()
        key = CharField(max_length=80)
        words = TextField()
        version = CharField(max_length=12)
        language = CharField(max_length=2)
        address = TextField(default="")
        accepted_by = TextField()
        agreed_on = DateField()
        agreed_at = CharField(max_length=27)
        ended_at = CharField(max_length=27, null=True)
        ended_why = TextField(default="")

        class Meta:
            database = db
            table_name = "autopay"
            indexes = ((("practice", "key"), True),)

    class AutopayCharge(Model):
        practice = of(Practice)
        autopay = of(Autopay, index=True)
        patient = of(Patient)
        statement = of(Statement)
        key = CharField(max_length=60)
        cents = BigIntegerField()
        charge_on = DateField()
        state = CharField(max_length=10)
        tries = IntegerField(default=0)
        payment = of(Payment, null=True)
        why = TextField(default="")
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "autopay_charge"
            indexes = ((("practice", "key"), True), (("practice", "state"), False))

    db.create_tables([SavedMethod, Autopay, AutopayCharge], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        _guard_postgresql(db)
        return
    db.execute_sql(
        "create trigger autopay_no_delete before delete on autopay"
        " begin select raise(abort, 'rows of autopay are never changed or deleted'); end"
    )
    db.execute_sql(
        f"create trigger autopay_stays before update of {FIXED} on autopay"
        " begin select raise(abort, 'what was agreed is never changed'); end"
    )


def _guard_postgresql(db):
    refuse = "execute function refuse_change()"
    db.execute_sql(f"create trigger autopay_stays before delete or update of {FIXED} on autopay for each row {refuse}")
    db.execute_sql(f"create trigger autopay_stays_whole before truncate on autopay {refuse}")
    for table in TABLES:
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
