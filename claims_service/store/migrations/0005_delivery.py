"""Receivers of files, deliveries and what was fetched: a frozen copy of store/tables as they were then, guarded like the rest."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("receiver", "delivery", "delivery_event", "fetched_file")
KEPT = "delivery_event"


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class ExchangeFile(Model):
        class Meta:
            database = db
            table_name = "exchange_file"

    class Receiver(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        identifier = CharField(max_length=15)
        name = TextField()
        route = CharField(max_length=8)
        host = TextField(default="")
        port = IntegerField(default=22)
        username = TextField(default="")
        host_key = TextField(default="")
        password = TextField(default="")
        private_key = TextField(default="")
        outbound = TextField(default="")
        inbound = TextField(default="")
        archive = TextField(default="")
        answer_hours = IntegerField(null=True)
        changed_at = CharField(max_length=27)
        alarm = TextField(default="")
        alarm_at = CharField(null=True, max_length=27)

        class Meta:
            database = db
            table_name = "receiver"
            indexes = ((("practice", "identifier"), True),)

    class Delivery(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        file = ForeignKeyField(ExchangeFile, field=ExchangeFile.id, on_delete="RESTRICT", index=False)
        receiver = ForeignKeyField(Receiver, field=Receiver.id, on_delete="RESTRICT", index=False)
        name = TextField()
        stage = CharField(default="waiting", max_length=10)
        attempts = IntegerField(default=0)
        failures = IntegerField(default=0)
        next_at = CharField(max_length=27)
        alarm = TextField(default="")
        delivered_at = CharField(null=True, max_length=27)

        class Meta:
            database = db
            table_name = "delivery"
            indexes = ((("file",), True), (("practice", "stage"), False))

    class DeliveryEvent(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        delivery = ForeignKeyField(Delivery, field=Delivery.id, on_delete="RESTRICT")
        attempt = IntegerField()
        kind = CharField(max_length=10)
        text = TextField(default="")
        by = TextField()
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "delivery_event"

    class FetchedFile(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        receiver = ForeignKeyField(Receiver, field=Receiver.id, on_delete="RESTRICT", index=False)
        name = TextField()
        size = BigIntegerField()
        modified = BigIntegerField()
        sha256 = CharField(default="", max_length=64)
        state = CharField(max_length=10)
        file = ForeignKeyField(ExchangeFile, field=ExchangeFile.id, null=True, on_delete="RESTRICT", index=False)
        first_seen_at = CharField(max_length=27)
        at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "fetched_file"
            indexes = ((("receiver", "name"), True), (("receiver", "sha256"), False))

    db.create_tables([Receiver, Delivery, DeliveryEvent, FetchedFile], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        _guard_postgresql(db)
        return
    for verb in ("update", "delete"):
        db.execute_sql(
            f"create trigger {KEPT}_no_{verb} before {verb} on {KEPT}"
            f" begin select raise(abort, 'rows of {KEPT} are never changed or deleted'); end"
        )


def _guard_postgresql(db):
    db.execute_sql(
        f"create trigger {KEPT}_stays before update or delete on {KEPT} for each row execute function refuse_change()"
    )
    db.execute_sql(f"create trigger {KEPT}_stays_whole before truncate on {KEPT} execute function refuse_change()")
    for table in TABLES:
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')
