"""Who answers for a patient's bills: a frozen copy of store/tables as they were then, guarded like the rest."""

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

    def of(model):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False)

    class Guarantor(Model):
        practice = of(Practice)
        patient = of(Patient)
        name = CharField(max_length=100)
        relationship = CharField(max_length=10)
        line1 = TextField(default="")
        line2 = TextField(default="")
        city = TextField(default="")
        state = TextField(default="")
        zip = TextField(default="")
        until = DateField(null=True)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "guarantor"
            indexes = ((("practice", "patient"), False),)

    db.create_tables([Guarantor], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        refuse = "execute function refuse_change()"
        db.execute_sql(f"create trigger guarantor_stays before update or delete on guarantor for each row {refuse}")
        db.execute_sql(f"create trigger guarantor_stays_whole before truncate on guarantor {refuse}")
        db.execute_sql('alter table "guarantor" enable row level security')
        db.execute_sql('alter table "guarantor" force row level security')
        db.execute_sql(
            f'create policy own_practice on "guarantor" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
        )
        return
    for verb in ("update", "delete"):
        db.execute_sql(
            f"create trigger guarantor_no_{verb} before {verb} on guarantor"
            " begin select raise(abort, 'rows of guarantor are never changed or deleted'); end"
        )


def down(migrator, db):
    migrator.migrate(migrator.drop_table("guarantor"))
