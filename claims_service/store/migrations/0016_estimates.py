"""Estimates before a visit and bills above them: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("estimate", "estimate_paper", "estimate_visit", "estimate_hold")
KEPT = ("estimate_paper", "estimate_visit")
# An estimate changes while it is due, a hold until it is released; then both stay.
OPEN_WHILE = {"estimate": "old.state = 'due'", "estimate_hold": "old.released_by = ''"}
FIXED = {
    "estimate": "id, practice_id, patient_id, number, key, reason, asked_on, by, at",
    "estimate_hold": "id, practice_id, estimate_id, encounter_id, expected_cents, billed_cents, held_on, at",
}


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Patient(Model):
        class Meta:
            database = db
            table_name = "patient"

    class Provider(Model):
        class Meta:
            database = db
            table_name = "provider"

    class Encounter(Model):
        class Meta:
            database = db
            table_name = "encounter"

    class Estimate(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, field=Patient.id, on_delete="RESTRICT")
        number = CharField(max_length=20, unique=True)
        key = CharField(max_length=80)
        reason = CharField(max_length=10)
        asked_on = DateField()
        planned_on = DateField(null=True)
        due_on = DateField(null=True)
        state = CharField(max_length=8)
        wish = TextField(default="")
        words = TextField(default="")
        why = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "estimate"
            indexes = ((("practice", "key"), True), (("practice", "state", "due_on"), False))

    class EstimatePaper(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        estimate = ForeignKeyField(Estimate, field=Estimate.id, on_delete="RESTRICT", index=False)
        kind = CharField(max_length=8)
        provider = ForeignKeyField(Provider, field=Provider.id, on_delete="RESTRICT", index=False)
        issued_on = DateField()
        charge_cents = BigIntegerField()
        low_cents = BigIntegerField(null=True)
        high_cents = BigIntegerField(null=True)
        content = TextField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "estimate_paper"
            indexes = ((("estimate",), True),)

    class EstimateVisit(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        estimate = ForeignKeyField(Estimate, field=Estimate.id, on_delete="RESTRICT")
        encounter = ForeignKeyField(Encounter, field=Encounter.id, on_delete="RESTRICT", index=False)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "estimate_visit"
            indexes = ((("encounter",), True),)

    class EstimateHold(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        estimate = ForeignKeyField(Estimate, field=Estimate.id, on_delete="RESTRICT")
        encounter = ForeignKeyField(Encounter, field=Encounter.id, on_delete="RESTRICT", index=False)
        expected_cents = BigIntegerField()
        billed_cents = BigIntegerField()
        held_on = DateField()
        at = CharField(max_length=27)
        released_by = TextField(default="")
        released_at = CharField(max_length=27, null=True)
        why = TextField(default="")

        class Meta:
            database = db
            table_name = "estimate_hold"
            indexes = ((("encounter", "billed_cents"), True),)

    db.create_tables([Estimate, EstimatePaper, EstimateVisit, EstimateHold], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        _for_postgresql(db)
        return
    for table in TABLES:
        for verb in ("update", "delete") if table in KEPT else ("delete",):
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )
    for table, condition in OPEN_WHILE.items():
        for name, event in (("stays", f"update of {FIXED[table]}"), ("is_over", "update")):
            when = f" when not ({condition})" if name == "is_over" else ""
            db.execute_sql(
                f"create trigger {table}_{name} before {event} on {table}{when}"
                f" begin select raise(abort, 'a row of {table} that was settled is never changed'); end"
            )


def _for_postgresql(db):
    refuse = "execute function refuse_change()"
    for table in TABLES:
        verbs = "update or delete" if table in KEPT else f"delete or update of {FIXED[table]}"
        db.execute_sql(f"create trigger {table}_stays before {verbs} on {table} for each row {refuse}")
        db.execute_sql(f"create trigger {table}_stays_whole before truncate on {table} {refuse}")
        if table in OPEN_WHILE:
            when = f"when (not ({OPEN_WHILE[table]}))"
            db.execute_sql(f"create trigger {table}_is_over before update on {table} for each row {when} {refuse}")
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
