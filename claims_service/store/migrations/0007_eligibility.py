"""Questions to insurers with their answers, and approvals in advance: a frozen copy of store/tables as they were then, guarded."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
TABLES = ("eligibility_check", "status_inquiry", "approval")
ANSWERED = ("eligibility_check", "status_inquiry")


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class ExchangeFile(Model):
        class Meta:
            database = db
            table_name = "exchange_file"

    class Patient(Model):
        class Meta:
            database = db
            table_name = "patient"

    class Payer(Model):
        class Meta:
            database = db
            table_name = "payer"

    class Coverage(Model):
        class Meta:
            database = db
            table_name = "coverage"

    class Claim(Model):
        class Meta:
            database = db
            table_name = "claim"

    class EligibilityCheck(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, field=Patient.id, on_delete="RESTRICT")
        coverage = ForeignKeyField(Coverage, field=Coverage.id, on_delete="RESTRICT")
        payer = ForeignKeyField(Payer, field=Payer.id, on_delete="RESTRICT", index=False)
        served_on = DateField()
        trace = CharField(max_length=30)
        member_id = TextField()
        route = CharField(max_length=4)
        state = CharField(max_length=8)
        asked_at = CharField(max_length=27)
        asked_by = TextField()
        file = ForeignKeyField(ExchangeFile, field=ExchangeFile.id, null=True, on_delete="RESTRICT")
        problem = TextField(default="")
        answered_at = CharField(null=True, max_length=27)
        answer_file = ForeignKeyField(
            ExchangeFile, field=ExchangeFile.id, null=True, on_delete="RESTRICT", index=False, backref="+"
        )
        is_active = BooleanField(null=True)
        answer = TextField(default="")

        class Meta:
            database = db
            table_name = "eligibility_check"
            indexes = ((("practice", "trace"), True), (("practice", "state"), False))

    class StatusInquiry(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        claim = ForeignKeyField(Claim, field=Claim.id, on_delete="RESTRICT")
        payer = ForeignKeyField(Payer, field=Payer.id, on_delete="RESTRICT", index=False)
        trace = CharField(max_length=30)
        route = CharField(max_length=4)
        state = CharField(max_length=8)
        asked_at = CharField(max_length=27)
        asked_by = TextField()
        file = ForeignKeyField(ExchangeFile, field=ExchangeFile.id, null=True, on_delete="RESTRICT")
        problem = TextField(default="")
        answered_at = CharField(null=True, max_length=27)
        answer_file = ForeignKeyField(
            ExchangeFile, field=ExchangeFile.id, null=True, on_delete="RESTRICT", index=False, backref="+"
        )
        category = TextField(default="")
        status = TextField(default="")
        entity = TextField(default="")
        words = TextField(default="")
        is_finished = BooleanField(null=True)
        as_of_on = DateField(null=True)
        payer_claim_number = TextField(default="")
        paid_cents = BigIntegerField(null=True)
        paid_on = DateField(null=True)
        payment = TextField(default="")
        answer = TextField(default="")

        class Meta:
            database = db
            table_name = "status_inquiry"
            indexes = ((("practice", "trace"), True), (("practice", "state"), False))

    class Approval(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        patient = ForeignKeyField(Patient, field=Patient.id, on_delete="RESTRICT")
        payer = ForeignKeyField(Payer, field=Payer.id, on_delete="RESTRICT", index=False)
        number = CharField(max_length=50)
        procedures = TextField(default="")
        units = CharField(default="", max_length=12)
        visits = IntegerField(null=True)
        valid_from = DateField(null=True)
        valid_until = DateField(null=True)
        note = TextField(default="")
        recorded_at = CharField(max_length=27)
        recorded_by = TextField()

        class Meta:
            database = db
            table_name = "approval"
            indexes = ((("practice", "patient", "payer", "number"), True),)

    db.create_tables([EligibilityCheck, StatusInquiry, Approval], safe=False)
    if isinstance(db, peewee.PostgresqlDatabase):
        _guard_postgresql(db)
        return
    for table in ANSWERED:
        db.execute_sql(
            f"create trigger {table}_stays before update on {table} when old.state = 'answered'"
            f" begin select raise(abort, 'an answer in {table} is never changed'); end"
        )
        db.execute_sql(
            f"create trigger {table}_no_delete before delete on {table}"
            f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
        )


def _guard_postgresql(db):
    for table in ANSWERED:
        db.execute_sql(
            f"create trigger {table}_stays before update on {table} for each row when (old.state = 'answered')"
            " execute function refuse_change()"
        )
        db.execute_sql(
            f"create trigger {table}_no_delete before delete on {table} for each row execute function refuse_change()"
        )
        db.execute_sql(
            f"create trigger {table}_stays_whole before truncate on {table} execute function refuse_change()"
        )
    for table in TABLES:
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})')


def down(migrator, db):
    for table in TABLES:
        migrator.migrate(migrator.drop_table(table))
