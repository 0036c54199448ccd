"""Missing teeth and orthodontics of a visit to the dentist: a frozen copy of store/tables, guarded like the rest."""

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

    class Encounter(Model):
        class Meta:
            database = db
            table_name = "encounter"

    def of(model):
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", index=False)

    class Dentition(Model):
        practice = of(Practice)
        encounter = of(Encounter)
        missing_teeth = TextField()
        teeth_to_extract = TextField()
        months = IntegerField(null=True)
        months_left = IntegerField(null=True)
        appliance_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "dentition"
            indexes = ((("encounter",), True),)

    db.create_tables([Dentition], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        db.execute_sql('alter table "dentition" enable row level security')
        db.execute_sql('alter table "dentition" force row level security')
        db.execute_sql(
            f'create policy own_practice on "dentition" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
        )


def down(migrator, db):
    migrator.migrate(migrator.drop_table("dentition"))
