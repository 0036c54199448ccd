"""Code sets and NCCI edits by date of service, an index of their words, and guards: what was listed once is never forgotten."""

# ruff: noqa: F405
# mypy: ignore-errors
from peewee import *  # noqa: F403

GUARDED = {
    "code_release": ("delete",),
    "listed_code": ("delete",),
    "ptp_edit": ("delete",),
    "mue_limit": ("delete",),
    "add_on_code": ("delete",),
}

# The index holds words only; the texts stay in listed_code. Three letters are enough to start a word with.
SQLITE_WORDS = """
create virtual table code_words using fts5(
    code_set, short, long, content='listed_code', content_rowid='id', prefix='3', tokenize='unicode61');

create trigger listed_code_words_added after insert on listed_code begin
    insert into code_words (rowid, code_set, short, long) values (new.id, new.code_set, new.short, new.long); end;

create trigger listed_code_words_changed after update of short, long on listed_code
    when old.short <> new.short or old.long <> new.long begin
    insert into code_words (code_words, rowid, code_set, short, long)
        values ('delete', old.id, old.code_set, old.short, old.long);
    insert into code_words (rowid, code_set, short, long) values (new.id, new.code_set, new.short, new.long); end;
"""
# What asks for a thousand rows only would be planned as a walk through the table: the function leaves the word index alone to use.
POSTGRESQL_WORDS = """
create index listed_code_words on listed_code using gin (to_tsvector('simple', short || ' ' || long)) with (fastupdate = off);
create function code_words(asked text, sets text[], most integer) returns setof integer language sql stable rows 50
set enable_seqscan = off as $$
    select id from listed_code
        where to_tsvector('simple', short || ' ' || long) @@ to_tsquery('simple', asked)
        and code_set || '' = any(sets) and billable limit most
$$
"""


def up(migrator, db):
    class CodeRelease(Model):
        kind = CharField(max_length=24)
        name = TextField()
        digest = CharField(max_length=64)
        effective_on = DateField(null=True)
        complete = BooleanField()
        listed = IntegerField(default=0)
        added = IntegerField(default=0)
        changed = IntegerField(default=0)
        closed = IntegerField(default=0)
        imported_by = TextField()
        imported_at = CharField(max_length=27)

        class Meta:
            database = db
            table_name = "code_release"
            indexes = ((("kind", "effective_on"), False), (("kind", "digest"), False))

    class ListedCode(Model):
        code_set = CharField(max_length=16)
        code = CharField(max_length=12)
        valid_from = DateField()
        valid_until = DateField(null=True)
        short = TextField(default="")
        long = TextField()
        billable = BooleanField(default=True)
        release = ForeignKeyField(CodeRelease, field=CodeRelease.id, on_delete="RESTRICT", index=False)

        class Meta:
            database = db
            table_name = "listed_code"
            indexes = ((("code_set", "code", "valid_from"), True),)

    class NcciRationale(Model):
        words = TextField(unique=True)

        class Meta:
            database = db
            table_name = "ncci_rationale"

    class PtpEdit(Model):
        setting = CharField(max_length=1)
        column1 = CharField(max_length=5)
        column2 = CharField(max_length=5)
        valid_from = DateField()
        valid_until = DateField(null=True)
        indicator = CharField(max_length=1)
        rationale = ForeignKeyField(NcciRationale, field=NcciRationale.id, on_delete="RESTRICT", index=False)
        release = ForeignKeyField(CodeRelease, field=CodeRelease.id, on_delete="RESTRICT", index=False)

        class Meta:
            database = db
            table_name = "ptp_edit"
            indexes = ((("setting", "column1", "column2", "valid_from"), True),)

    class MueLimit(Model):
        setting = CharField(max_length=1)
        code = CharField(max_length=5)
        valid_from = DateField()
        valid_until = DateField(null=True)
        units = IntegerField()
        adjudication = CharField(max_length=1)
        rationale = TextField(default="")
        release = ForeignKeyField(CodeRelease, field=CodeRelease.id, on_delete="RESTRICT", index=False)

        class Meta:
            database = db
            table_name = "mue_limit"
            indexes = ((("setting", "code", "valid_from"), True),)

    class AddOnCode(Model):
        add_on = CharField(max_length=5)
        primary_code = CharField(max_length=5)
        edit_type = CharField(max_length=1)
        valid_from = DateField()
        valid_until = DateField(null=True)
        note = TextField(default="")
        release = ForeignKeyField(CodeRelease, field=CodeRelease.id, on_delete="RESTRICT", index=False)

        class Meta:
            database = db
            table_name = "add_on_code"
            indexes = ((("add_on", "primary_code", "edit_type", "valid_from"), True),)

    db.create_tables([CodeRelease, ListedCode, NcciRationale, PtpEdit, MueLimit, AddOnCode])
    if isinstance(db, PostgresqlDatabase):
        db.execute_sql(POSTGRESQL_WORDS)
    else:
        for statement in SQLITE_WORDS.strip().split("\n\n"):
            db.execute_sql(statement)
    for table, verbs in GUARDED.items():
        if isinstance(db, PostgresqlDatabase):
            db.execute_sql(
                f"create trigger {table}_stays before {' or '.join(verbs)} on {table} for each row execute function refuse_change()"
            )
            continue
        for verb in verbs:
            db.execute_sql(
                f"create trigger {table}_no_{verb} before {verb} on {table}"
                f" begin select raise(abort, 'rows of {table} are never changed or deleted'); end"
            )


def down(migrator, db):
    if not isinstance(db, PostgresqlDatabase):
        migrator.migrate(migrator.drop_table("code_words"))
    else:
        db.execute_sql("drop function code_words")
    for table in ("add_on_code", "mue_limit", "ptp_edit", "ncci_rationale", "listed_code", "code_release"):
        migrator.migrate(migrator.drop_table(table))
