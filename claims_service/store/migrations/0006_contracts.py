"""Contracts with terms, Medicare's relative values and localities; prices agreed with insurers move over from the fee schedules."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
OWNED = ("contract", "contract_term")
GUARDED = {
    "contract": ("update", "delete"),
    "contract_term": ("update", "delete"),
    "rvu": ("delete",),
    "gpci": ("delete",),
}
LAST_DAY = {"sqlite": "date(s.valid_until, '-1 day')", "postgresql": "s.valid_until - 1"}
MOVED = (
    (
        "insert into contract (practice_id, payer_id, name, valid_from, valid_until, corrects, file_name, digest, imported_by, imported_at)"
        " select s.practice_id, s.payer_id, s.name, s.valid_from, {last_day}, null, '', 'fee_schedule ' || s.id, 'system',"
        " '2026-01-01T00:00:00.000000Z' from fee_schedule s where s.payer_id is not null order by s.id"
    ),
    (
        "insert into contract_term (practice_id, contract_id, line, code_from, code_until, modifier, place, provider_class, method,"
        " cents, percent, release, program, locality, lesser_of_charge, reductions, note)"
        " select c.practice_id, c.id, row_number() over (partition by c.id order by f.id), f.procedure, f.procedure, f.modifier,"
        " '', '', 'flat', f.cents, '', '', '', '', {yes}, '', '' from contract c join fee f on c.digest = 'fee_schedule ' || f.schedule_id"
    ),
    "delete from fee where schedule_id in (select id from fee_schedule where payer_id is not null)",
    "delete from fee_schedule where payer_id is not null",
)


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class Payer(Model):
        class Meta:
            database = db
            table_name = "payer"

    class CodeRelease(Model):
        class Meta:
            database = db
            table_name = "code_release"

    class Contract(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        payer = ForeignKeyField(Payer, field=Payer.id, on_delete="RESTRICT", index=False)
        name = TextField()
        valid_from = DateField()
        valid_until = DateField(null=True)
        corrects = BigIntegerField(null=True)
        file_name = TextField(default="")
        digest = CharField(max_length=64)
        imported_by = TextField()
        imported_at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "contract"
            indexes = ((("practice", "payer", "valid_from"), False),)

    class ContractTerm(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        contract = ForeignKeyField(Contract, field=Contract.id, on_delete="RESTRICT")
        line = IntegerField()
        code_from = TextField(default="")
        code_until = TextField(default="")
        modifier = TextField(default="")
        place = TextField(default="")
        provider_class = TextField(default="")
        method = CharField(max_length=10)
        cents = BigIntegerField(null=True)
        percent = TextField(default="")
        release = TextField(default="")
        program = TextField(default="")
        locality = TextField(default="")
        lesser_of_charge = BooleanField()
        reductions = TextField(default="")
        note = TextField(default="")

        class Meta:
            database = db
            table_name = "contract_term"

    class Rvu(Model):
        program = CharField(max_length=4)
        code = CharField(max_length=7)
        valid_from = DateField()
        valid_until = DateField(null=True)
        status = CharField(max_length=1)
        work = CharField(max_length=9)
        pe = CharField(max_length=9)
        pe_facility = CharField(max_length=9)
        malpractice = CharField(max_length=9)
        no_pe = BooleanField()
        no_pe_facility = BooleanField()
        multiple = CharField(max_length=1)
        factor = CharField(max_length=9)
        release = ForeignKeyField(CodeRelease, field=CodeRelease.id, on_delete="RESTRICT", index=False)

        class Meta:
            database = db
            table_name = "rvu"
            indexes = ((("program", "code", "valid_from"), True),)

    class Gpci(Model):
        program = CharField(max_length=4)
        code = CharField(max_length=7)
        valid_from = DateField()
        valid_until = DateField(null=True)
        name = TextField()
        work = CharField(max_length=9)
        pe = CharField(max_length=9)
        malpractice = CharField(max_length=9)
        release = ForeignKeyField(CodeRelease, field=CodeRelease.id, on_delete="RESTRICT", index=False)

        class Meta:
            database = db
            table_name = "gpci"
            indexes = ((("program", "code", "valid_from"), True),)

    db.create_tables([Contract, ContractTerm, Rvu, Gpci], safe=False)
    postgresql = isinstance(db, peewee.PostgresqlDatabase)
    last_day = LAST_DAY["postgresql" if postgresql else "sqlite"]
    for statement in MOVED:
        db.execute_sql(statement.format(last_day=last_day, yes="true" if postgresql else "1"))
    for table, verbs in GUARDED.items():
        _guard(db, table, verbs, postgresql)
    if postgresql:
        for table in OWNED:
            db.execute_sql(f'alter table "{table}" enable row level security')
            db.execute_sql(f'alter table "{table}" force row level security')
            db.execute_sql(
                f'create policy own_practice on "{table}" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
            )


def _guard(db, table, verbs, postgresql):
    if postgresql:
        db.execute_sql(
            f"create trigger {table}_stays before {' or '.join(verbs)} on {table} for each row execute function refuse_change()"
        )
        db.execute_sql(
            f"create trigger {table}_stays_whole before truncate on {table} execute function refuse_change()"
        )
        return
    for verb in verbs:
        db.execute_sql(
            f"create trigger {table}_no_{verb} before {verb} on {table}"
            f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
        )
