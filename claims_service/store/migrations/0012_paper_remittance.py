"""Remittances typed from paper, with the scan they were typed from: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLE = "paper_remittance"


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class ExchangeFile(Model):
        class Meta:
            database = db
            table_name = "exchange_file"

    class PaperRemittance(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        file = ForeignKeyField(ExchangeFile, field=ExchangeFile.id, on_delete="RESTRICT", index=False)
        scan = ForeignKeyField(ExchangeFile, field=ExchangeFile.id, null=True, on_delete="RESTRICT", index=False)
        paid_by = CharField(max_length=12)
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "paper_remittance"
            indexes = ((("practice", "file"), True),)

    db.create_tables([PaperRemittance], safe=False)
    if not isinstance(db, peewee.PostgresqlDatabase):
        for verb in ("update", "delete"):
            db.execute_sql(
                f"create trigger {TABLE}_no_{verb} before {verb} on {TABLE}"
                f" begin select raise(abort, 'rows of {TABLE} are never changed or deleted'); end"
            )
        return
    db.execute_sql(
        f"create trigger {TABLE}_stays before update or delete on {TABLE} for each row execute function refuse_change()"
    )
    db.execute_sql(f"create trigger {TABLE}_stays_whole before truncate on {TABLE} execute function refuse_change()")
    db.execute_sql(f'alter table "{TABLE}" enable row level security')
    db.execute_sql(f'alter table "{TABLE}" force row level security')
    db.execute_sql(f'create policy own_practice on "{TABLE}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    migrator.migrate(migrator.drop_table(TABLE))
