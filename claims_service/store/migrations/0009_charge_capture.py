"""Superbills, stays, visits billed together, and imports that wait: a frozen copy of store/tables as they were then."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("superbill", "superbill_code", "stay", "visit_import")
COLUMNS = (
    ("encounter", "kind varchar(1) not null default 'P'"),
    ("encounter", "billed_with bigint"),
    ("encounter_line", "detail text not null default ''"),
    ("claim_line", "detail text not null default ''"),
)


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Provider(Model):
        class Meta:
            database = db
            table_name = "provider"

    class Encounter(Model):
        class Meta:
            database = db
            table_name = "encounter"

    class Superbill(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        name = TextField()
        specialty = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "superbill"
            indexes = ((("practice", "name"), True),)

    class SuperbillCode(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        superbill = ForeignKeyField(Superbill, field=Superbill.id, on_delete="RESTRICT")
        number = IntegerField()
        section = TextField()
        code_set = CharField(max_length=12)
        code = CharField(max_length=12)
        modifiers = TextField(default="")
        words = TextField()

        class Meta:
            database = db
            table_name = "superbill_code"

    class Stay(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        encounter = ForeignKeyField(Encounter, field=Encounter.id, on_delete="RESTRICT", index=False)
        type_of_bill = CharField(max_length=2)
        statement_until = DateField()
        admission_type = CharField(max_length=1)
        admission_source = TextField(default="")
        patient_status = CharField(max_length=2)
        admitted_on = DateField(null=True)
        admitted_time = TextField(default="")
        discharge_time = TextField(default="")
        admitting_diagnosis = TextField(default="")
        drg = TextField(default="")
        operating = ForeignKeyField(Provider, field=Provider.id, null=True, on_delete="RESTRICT", index=False)
        coded = TextField(default="")

        class Meta:
            database = db
            table_name = "stay"
            indexes = ((("encounter",), True),)

    class VisitImport(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        name = TextField()
        kind = CharField(max_length=4)
        content = BlobField()
        state = CharField(max_length=8)
        found = IntegerField(default=0)
        done = IntegerField(default=0)
        added = IntegerField(default=0)
        known = IntegerField(default=0)
        report = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "visit_import"

    db.create_tables([Superbill, SuperbillCode, Stay, VisitImport], safe=False)
    for table, column in COLUMNS:
        db.execute_sql(f"alter table {table} add column {column}")
    db.execute_sql("create index encounter_billed_with on encounter (billed_with)")
    if isinstance(db, peewee.PostgresqlDatabase):
        for table in TABLES:
            db.execute_sql(f'alter table "{table}" enable row level security')
            db.execute_sql(f'alter table "{table}" force row level security')
            db.execute_sql(
                f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
            )
