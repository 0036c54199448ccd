"""How provider-level adjustments were settled, and appeals: a frozen copy of store/tables as they were then, never changed once written."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("open_item_settlement", "appeal_template", "appeal", "appeal_event")


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Claim(Model):
        class Meta:
            database = db
            table_name = "claim"

    class ProviderAdjustment(Model):
        class Meta:
            database = db
            table_name = "provider_adjustment"

    class Remittance(Model):
        class Meta:
            database = db
            table_name = "remittance"

    class OpenItemSettlement(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        adjustment = ForeignKeyField(ProviderAdjustment, field=ProviderAdjustment.id, on_delete="RESTRICT", index=False)
        cents = BigIntegerField()
        way = CharField(max_length=8)
        claim = ForeignKeyField(Claim, field=Claim.id, null=True, on_delete="RESTRICT", index=False)
        entry = BigIntegerField()
        why = TextField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "open_item_settlement"
            indexes = ((("practice", "adjustment"), False),)

    class AppealTemplate(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        family = CharField(max_length=24)
        version = IntegerField()
        text = TextField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "appeal_template"
            indexes = ((("practice", "family", "version"), True),)

    class Appeal(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(Claim, field=Claim.id, on_delete="RESTRICT", index=False)
        level = IntegerField()
        cents = BigIntegerField()
        denied_on = DateField()
        due_on = DateField()
        template = ForeignKeyField(
            AppealTemplate, field=AppealTemplate.id, null=True, on_delete="RESTRICT", index=False
        )
        content = TextField()
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "appeal"
            indexes = ((("claim", "level"), False),)

    class AppealEvent(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        appeal = ForeignKeyField(Appeal, field=Appeal.id, on_delete="RESTRICT", index=False)
        kind = CharField(max_length=10)
        happened_on = DateField()
        cents = BigIntegerField(null=True)
        remittance = ForeignKeyField(Remittance, field=Remittance.id, null=True, on_delete="RESTRICT", index=False)
        note = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "appeal_event"
            indexes = ((("appeal", "id"), False),)

    db.create_tables([OpenItemSettlement, AppealTemplate, Appeal, AppealEvent], safe=False)
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


def down(migrator, db):
    for table in reversed(TABLES):
        migrator.migrate(migrator.drop_table(table))
