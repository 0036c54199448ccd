"""What patients say of their bills: a frozen copy of store/tables as they were then, guarded like the rest."""

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

    def of(model, **options):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False, **options)

    class BillClarity(Model):
        practice = of(Practice)
        patient = of(Patient)
        statement = of(Statement)
        after = CharField(max_length=8)
        answer = CharField(max_length=6)
        encounter = of(Encounter, null=True)
        line = IntegerField(null=True)
        reason = CharField(max_length=10, default="")
        line_type = CharField(max_length=12, default="")
        line_types = CharField(max_length=100, default="")
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "bill_clarity"
            indexes = ((("statement",), True), (("practice", "at"), False))

    db.create_tables([BillClarity], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        refuse = "execute function refuse_change()"
        db.execute_sql(
            f"create trigger bill_clarity_stays before update or delete on bill_clarity for each row {refuse}"
        )
        db.execute_sql(f"create trigger bill_clarity_stays_whole before truncate on bill_clarity {refuse}")
        db.execute_sql('alter table "bill_clarity" enable row level security')
        db.execute_sql('alter table "bill_clarity" force row level security')
        db.execute_sql(
            f'create policy own_practice on "bill_clarity" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
        )
        return
    for verb in ("update", "delete"):
        db.execute_sql(
            f"create trigger bill_clarity_no_{verb} before {verb} on bill_clarity"
            " begin select raise(abort, 'rows of bill_clarity are never changed or deleted'); end"
        )


def down(migrator, db):
    migrator.migrate(migrator.drop_table("bill_clarity"))
