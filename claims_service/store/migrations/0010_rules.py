"""The clinic's own rules: a frozen copy of store/tables as they were then, never changed once written; and global days of procedures."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("clinic_rule", "clinic_rule_switch", "clinic_rule_release")


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Claim(Model):
        class Meta:
            database = db
            table_name = "claim"

    class ClinicRule(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        number = IntegerField()
        version = IntegerField()
        name = TextField()
        joined = CharField(max_length=3)
        conditions = TextField()
        action = CharField(max_length=5)
        message = TextField()
        filled_field = TextField(default="")
        filled_value = TextField(default="")
        valid_from = DateField(null=True)
        valid_until = DateField(null=True)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "clinic_rule"
            indexes = ((("practice", "number", "version"), True),)

    class ClinicRuleSwitch(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        number = IntegerField()
        rule = ForeignKeyField(ClinicRule, field=ClinicRule.id, null=True, on_delete="RESTRICT", index=False)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "clinic_rule_switch"
            indexes = ((("practice", "number"), False),)

    class ClinicRuleRelease(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(Claim, field=Claim.id, on_delete="RESTRICT", index=False)
        rule = ForeignKeyField(ClinicRule, field=ClinicRule.id, on_delete="RESTRICT", index=False)
        why = TextField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "clinic_rule_release"
            indexes = ((("claim", "rule"), True),)

    db.create_tables([ClinicRule, ClinicRuleSwitch, ClinicRuleRelease], safe=False)
    db.execute_sql("alter table rvu add column global_days varchar(3)")
    for table in TABLES:
        _guard(db, table)


def _guard(db, table):
    if not isinstance(db, peewee.PostgresqlDatabase):
        for verb in ("update", "delete"):
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )
        return
    db.execute_sql(
        f"create trigger {table}_stays before update or delete on {table} for each row execute function refuse_change()"
    )
    db.execute_sql(f"create trigger {table}_stays_whole before truncate on {table} execute function refuse_change()")
    db.execute_sql(f'alter table "{table}" enable row level security')
    db.execute_sql(f'alter table "{table}" force row level security')
    db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')
