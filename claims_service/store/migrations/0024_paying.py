"""What payments were chosen for, prompt-pay discounts, messages about payments: a frozen copy of store/tables as they were then."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("payment_visit", "prompt_pay_policy", "payment_notice")
KEPT = ("payment_visit", "prompt_pay_policy")  # rows that are never changed nor deleted


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Patient(Model):
        class Meta:
            database = db
            table_name = "patient"

    class Encounter(Model):
        class Meta:
            database = db
            table_name = "encounter"

    class Payment(Model):
        class Meta:
            database = db
            table_name = "payment"

    def of(model, **options):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", **{"index": False, **options})

    class PaymentVisit(Model):
        practice = of(Practice)
        payment = of(Payment, index=True)
        encounter = of(Encounter)

        class Meta:
            database = db
            table_name = "payment_visit"

    class PromptPayPolicy(Model):
        practice = of(Practice)
        percent = IntegerField()
        days = IntegerField()
        insured = BooleanField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "prompt_pay_policy"
            indexes = ((("practice", "id"), False),)

    class PaymentNotice(Model):
        practice = of(Practice)
        patient = of(Patient)
        payment = of(Payment, null=True, index=True)
        kind = CharField(max_length=16)
        key = CharField(max_length=80)
        cents = BigIntegerField()
        state = CharField(max_length=8)
        reason = TextField(default="")
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "payment_notice"
            indexes = ((("practice", "key"), True),)

    db.create_tables([PaymentVisit, PromptPayPolicy, PaymentNotice], safe=False)
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
        refuse = "execute function refuse_change()"
        db.execute_sql(f"create trigger {table}_stays before update or delete on {table} for each row {refuse}")
        db.execute_sql(f"create trigger {table}_stays_whole before truncate on {table} {refuse}")
    for table in TABLES:
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
