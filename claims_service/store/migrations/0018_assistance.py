"""Financial assistance: scales, applications, papers: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("assistance_policy", "assistance", "assistance_file")
KEPT = ("assistance_policy", "assistance_file")
# An application changes until it is decided or taken back; then it stays.
OPEN_WHILE = {"assistance": "old.state = 'open'"}
FIXED = {
    "assistance": "id, practice_id, patient_id, number, key, via, household, income_cents, guideline_percent, asked_on, by, at",
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

    class AssistancePolicy(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        steps = TextField()
        months = IntegerField()
        approve_above_cents = BigIntegerField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "assistance_policy"
            indexes = ((("practice", "id"), False),)

    class Assistance(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, field=Patient.id, on_delete="RESTRICT")
        number = CharField(max_length=20, unique=True)
        key = CharField(max_length=80)
        via = CharField(max_length=8)
        household = IntegerField()
        income_cents = BigIntegerField()
        guideline_percent = IntegerField()
        words = TextField(default="")
        asked_on = DateField()
        state = CharField(max_length=10)
        percent = IntegerField(default=0)
        valid_from = DateField(null=True)
        valid_until = DateField(null=True)
        off_cents = BigIntegerField(default=0)
        decided_on = DateField(null=True)
        decided_by = TextField(default="")
        why = TextField(default="")
        letter = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "assistance"
            indexes = ((("practice", "key"), True), (("practice", "state"), False))

    class AssistanceFile(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        assistance = ForeignKeyField(Assistance, field=Assistance.id, on_delete="RESTRICT")
        name = TextField()
        kind = CharField(max_length=20)
        size = IntegerField()
        sha256 = CharField(max_length=64)
        content = BlobField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "assistance_file"

    db.create_tables([AssistancePolicy, Assistance, AssistanceFile], safe=False)
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
