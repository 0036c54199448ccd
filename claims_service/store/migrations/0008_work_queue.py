"""Tasks and notes: a frozen copy of store/tables as they were then, guarded like the rest; and indexes that find one of a million claims."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("work_task", "work_note")
KEPT = "work_note"
CLAIM_LISTS = (
    ("practice_id", "state", "served_on", "id"),
    ("practice_id", "payer_id", "served_on", "id"),
    ("practice_id", "payer_id", "state", "served_on", "id"),
    ("practice_id", "served_on", "id"),
    ("practice_id", "charge_cents", "id"),
    ("patient_id", "served_on", "id"),
)
SPARE = ("claimrow_practice_id_state", "claimrow_patient_id")  # the first columns of longer ones


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Claim(Model):
        class Meta:
            database = db
            table_name = "claim"

    class Encounter(Model):
        class Meta:
            database = db
            table_name = "encounter"

    class AppUser(Model):
        class Meta:
            database = db
            table_name = "app_user"

    class WorkTask(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(Claim, field=Claim.id, null=True, on_delete="RESTRICT", index=False)
        encounter = ForeignKeyField(Encounter, field=Encounter.id, null=True, on_delete="RESTRICT", index=False)
        assignee = ForeignKeyField(AppUser, field=AppUser.id, null=True, on_delete="RESTRICT", index=False)
        snoozed_until = DateField(null=True)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "work_task"
            indexes = ((("claim",), True), (("encounter",), True), (("practice", "assignee"), False))

    class WorkNote(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(Claim, field=Claim.id, null=True, on_delete="RESTRICT")
        encounter = ForeignKeyField(Encounter, field=Encounter.id, null=True, on_delete="RESTRICT")
        text = TextField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "work_note"

    db.create_tables([WorkTask, WorkNote], safe=False)
    for columns in CLAIM_LISTS:
        db.execute_sql(f"create index claim_{'_'.join(columns)} on claim ({', '.join(columns)})")
    for name in SPARE:
        db.execute_sql(f"drop index {name}")
    if isinstance(db, peewee.PostgresqlDatabase):
        _for_postgresql(db)
        return
    for column in ("last", "first"):
        db.execute_sql(f"create index patient_by_{column} on patient (practice_id, lower({column}))")
    for verb in ("update", "delete"):
        db.execute_sql(
            f"create trigger {KEPT}_no_{verb} before {verb} on {KEPT}"
            f" begin select raise(abort, 'rows of {KEPT} are never changed or deleted'); end"
        )


def _for_postgresql(db):
    for column in ("last", "first"):
        db.execute_sql(f'create index patient_by_{column} on patient (practice_id, lower({column}) collate "C")')
    db.execute_sql(
        f"create trigger {KEPT}_stays before update or delete on {KEPT} for each row execute function refuse_change()"
    )
    db.execute_sql(f"create trigger {KEPT}_stays_whole before truncate on {KEPT} execute function refuse_change()")
    for table in TABLES:
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in TABLES:
        migrator.migrate(migrator.drop_table(table))
