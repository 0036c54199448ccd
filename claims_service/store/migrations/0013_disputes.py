"""Disputes and questions about bills: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("dispute", "dispute_line", "dispute_event", "dispute_file", "dispute_policy")
KEPT = ("dispute_line", "dispute_event", "dispute_file", "dispute_policy")
# What a dispute is about never changes; where it stands does.
FIXED = "id, practice_id, patient_id, statement_id, number, key, kind, reason, via, opened_at, opened_on, by"


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

    class Dispute(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, field=Patient.id, on_delete="RESTRICT")
        statement = ForeignKeyField(Statement, field=Statement.id, on_delete="RESTRICT", index=False)
        number = CharField(max_length=20, unique=True)
        key = CharField(max_length=80)
        kind = CharField(max_length=8)
        reason = CharField(max_length=20)
        via = CharField(max_length=8)
        opened_at = CharField(max_length=27)
        opened_on = DateField()
        by = TextField()
        state = CharField(max_length=16)
        answer_by = DateField()
        days_left = IntegerField(null=True)
        reopened = BooleanField(default=False)
        outcome = CharField(max_length=10, default="")
        answered_on = DateField(null=True)

        class Meta:
            database = db
            table_name = "dispute"
            indexes = ((("practice", "key"), True), (("practice", "state", "answer_by"), False))

    class DisputeLine(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        dispute = ForeignKeyField(Dispute, field=Dispute.id, on_delete="RESTRICT")
        encounter = ForeignKeyField(Encounter, field=Encounter.id, on_delete="RESTRICT")
        line = IntegerField()
        words = TextField()
        share_cents = BigIntegerField()

        class Meta:
            database = db
            table_name = "dispute_line"

    class DisputeEvent(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        dispute = ForeignKeyField(Dispute, field=Dispute.id, on_delete="RESTRICT")
        kind = CharField(max_length=10)
        side = CharField(max_length=8)
        words = TextField(default="")
        content = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "dispute_event"

    class DisputeFile(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        dispute = ForeignKeyField(Dispute, field=Dispute.id, on_delete="RESTRICT")
        event = ForeignKeyField(DisputeEvent, field=DisputeEvent.id, on_delete="RESTRICT", index=False)
        name = TextField()
        kind = CharField(max_length=20)
        size = IntegerField()
        sha256 = CharField(max_length=64)
        content = BlobField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "dispute_file"

    class DisputePolicy(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        answer_days = IntegerField()
        approve_above_cents = BigIntegerField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "dispute_policy"
            indexes = ((("practice", "id"), False),)

    db.create_tables([Dispute, DisputeLine, DisputeEvent, DisputeFile, DisputePolicy], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        _for_postgresql(db)
        return
    for table in TABLES:
        for verb in ("update", "delete") if table in KEPT else ("delete",):
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )
    db.execute_sql(
        f"create trigger dispute_stays before update of {FIXED} on dispute"
        " begin select raise(abort, 'what a dispute is about is never changed'); end"
    )


def _for_postgresql(db):
    for table in TABLES:
        verbs = "update or delete" if table in KEPT else f"delete or update of {FIXED}"
        refuse = "execute function refuse_change()"
        db.execute_sql(f"create trigger {table}_stays before {verbs} on {table} for each row {refuse}")
        db.execute_sql(f"create trigger {table}_stays_whole before truncate on {table} {refuse}")
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
