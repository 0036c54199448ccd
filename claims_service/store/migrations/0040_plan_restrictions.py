"""Visits that no plan is told of: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("plan_restriction", "plan_restriction_policy")
KEPT = "plan_restriction_policy"


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
        return ForeignKeyField(model, field=model.id, on_delete="RESTRICT", **{"index": False, **options})

    class PlanRestriction(Model):
        practice = of(Practice)
        patient = of(Patient)
        encounter = of(Encounter, index=True)
        asked_on = DateField()
        by = TextField()
        at = CharField(max_length=27)
        told_on = DateField(null=True)
        told_by = TextField(default="")
        lifted_at = CharField(max_length=27, null=True)
        lifted_by = TextField(default="")
        lifted_why = CharField(max_length=8, default="")

        class Meta:
            database = db
            table_name = "plan_restriction"
            indexes = ((("practice", "patient"), False),)

    class PlanRestrictionPolicy(Model):
        practice = of(Practice)
        days = IntegerField()
        grace_days = IntegerField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "plan_restriction_policy"
            indexes = ((("practice",), False),)

    db.create_tables([PlanRestriction, PlanRestrictionPolicy], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        refuse = "execute function refuse_change()"
        db.execute_sql(f"create trigger {KEPT}_stays before update or delete on {KEPT} for each row {refuse}")
        db.execute_sql(f"create trigger {KEPT}_stays_whole before truncate on {KEPT} {refuse}")
        for table in TABLES:
            db.execute_sql(f'alter table "{table}" enable row level security')
            db.execute_sql(f'alter table "{table}" force row level security')
            db.execute_sql(
                f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
            )
        return
    for verb in ("update", "delete"):
        db.execute_sql(
            f"create trigger {KEPT}_no_{verb} before {verb} on {KEPT}"
            f" begin select raise(abort, 'rows of {KEPT} are never changed or deleted'); end"
        )


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
