"""Money that asks for a second person: a frozen copy of store/tables as they were then, never changed once written."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("money_limit", "money_request", "money_answer")


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Claim(Model):
        class Meta:
            database = db
            table_name = "claim"

    class Payment(Model):
        class Meta:
            database = db
            table_name = "payment"

    def of(model, **more):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False, **more)

    class MoneyLimit(Model):
        practice = of(Practice)
        cents = BigIntegerField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "money_limit"
            indexes = ((("practice",), False),)

    class MoneyRequest(Model):
        practice = of(Practice)
        kind = CharField(max_length=10)
        claim = of(Claim, null=True)
        account = CharField(max_length=24, default="")
        payment = of(Payment, null=True)
        cents = BigIntegerField()
        seen_cents = BigIntegerField()
        reason = CharField(max_length=16)
        why = TextField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "money_request"
            indexes = ((("practice", "claim"), False),)

    class MoneyAnswer(Model):
        practice = of(Practice)
        request = of(MoneyRequest)
        agreed = BooleanField()
        words = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "money_answer"
            indexes = ((("request",), True),)

    db.create_tables([MoneyLimit, MoneyRequest, MoneyAnswer], safe=False)
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
