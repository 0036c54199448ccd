"""Visits that patients keep to themselves: a frozen copy of store/tables as they were then, guarded like the rest."""

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

    class Encounter(Model):
        class Meta:
            database = db
            table_name = "encounter"

    def of(model, **options):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False, **options)

    class ConfidentialRequest(Model):
        practice = of(Practice)
        patient = of(Patient)
        encounter = of(Encounter, null=True)
        since = DateField()
        how = CharField(max_length=6)
        email = TextField(default="")
        line1 = TextField(default="")
        line2 = TextField(default="")
        city = TextField(default="")
        state = TextField(default="")
        zip = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)
        lifted_at = CharField(max_length=27, null=True)
        lifted_by = TextField(default="")

        class Meta:
            database = db
            table_name = "confidential_request"
            indexes = ((("practice", "patient"), False),)

    db.create_tables([ConfidentialRequest], safe=False)
    on_postgresql = isinstance(db, peewee.PostgresqlDatabase)
    kind = "boolean not null default false" if on_postgresql else "smallint not null default 0"
    db.execute_sql(f"alter table statement add column confidential {kind}")
    if not on_postgresql:
        return
    db.execute_sql('alter table "confidential_request" enable row level security')
    db.execute_sql('alter table "confidential_request" force row level security')
    db.execute_sql(
        f'create policy own_practice on "confidential_request" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
    )


def down(migrator, db):
    db.execute_sql("alter table statement drop column confidential")
    migrator.migrate(migrator.drop_table("confidential_request"))
