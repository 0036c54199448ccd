"""Pay links, and what cards took back: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("pay_link", "pay_visit", "card_return")


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

    class Session(Model):
        class Meta:
            database = db
            table_name = "session"

    class Payment(Model):
        class Meta:
            database = db
            table_name = "payment"

    def of(model, **options):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", **{"index": False, **options})

    class PayLink(Model):
        practice = of(Practice)
        statement = of(Statement)
        patient = of(Patient)
        made_at = CharField(max_length=27)
        expires_at = CharField(max_length=27)
        revoked_at = CharField(null=True, max_length=27)
        failures = IntegerField(default=0)

        class Meta:
            database = db
            table_name = "pay_link"
            indexes = ((("practice", "statement"), False),)

    class PayVisit(Model):
        practice = of(Practice)
        session = of(Session)
        pay_link = of(PayLink)

        class Meta:
            database = db
            table_name = "pay_visit"
            indexes = ((("session",), True),)

    class CardReturn(Model):
        practice = of(Practice)
        payment = of(Payment)
        reference = CharField(max_length=80)
        cents = BigIntegerField()
        state = CharField(max_length=8)
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "card_return"
            indexes = ((("payment", "reference"), True),)

    db.create_tables([PayLink, PayVisit, CardReturn], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        for table in TABLES:
            db.execute_sql(f'alter table "{table}" enable row level security')
            db.execute_sql(f'alter table "{table}" force row level security')
            db.execute_sql(
                f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
            )
