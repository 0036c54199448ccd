"""A file's bytes in pieces: who reads or writes a large one has a piece of it in memory at a time."""

# ruff: noqa: F405
# mypy: ignore-errors
import peewee
from peewee import *  # noqa: F403

PRACTICE_ONLY = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or practice_id = nullif(current_setting('claims.practice', true), '')::integer"
)
PART_BYTES = 1 << 18


def up(migrator, db):
    class Practice(Model):
        class Meta:
            database = db
            table_name = "practice"

    class ExchangeFile(Model):
        class Meta:
            database = db
            table_name = "exchange_file"

    class FilePart(Model):
        practice = ForeignKeyField(Practice, field=Practice.id, on_delete="RESTRICT", index=False)
        file = ForeignKeyField(ExchangeFile, field=ExchangeFile.id, on_delete="RESTRICT", index=False)
        position = IntegerField()
        content = BlobField()

        class Meta:
            database = db
            table_name = "file_part"
            indexes = ((("file", "position"), True),)

    db.create_tables([FilePart], safe=False)
    db.execute_sql(
        "insert into file_part (practice_id, file_id, position, content)"
        " with recursive piece (practice, file, position, size) as ("
        "   select practice_id, id, 0, length(content) from exchange_file where length(content) > 0"
        "   union all select practice, file, position + 1, size from piece"
        f"  where (position + 1) * {PART_BYTES} < size)"
        f" select p.practice, p.file, p.position, substr(f.content, p.position * {PART_BYTES} + 1, {PART_BYTES})"
        " from piece p join exchange_file f on f.id = p.file order by p.file, p.position"
    )
    db.execute_sql("alter table exchange_file drop column content")
    if isinstance(db, peewee.PostgresqlDatabase):
        db.execute_sql('alter table "file_part" enable row level security')
        db.execute_sql('alter table "file_part" force row level security')
        db.execute_sql(
            f'create policy own_practice on "file_part" using ({PRACTICE_ONLY}) with check ({PRACTICE_ONLY})'
        )


def down(migrator, db):
    on_postgresql = isinstance(db, peewee.PostgresqlDatabase)
    kind, empty, mark = ("bytea", "''::bytea", "%s") if on_postgresql else ("blob", "x''", "?")
    db.execute_sql(f"alter table exchange_file add column content {kind} not null default {empty}")
    for (file,) in db.execute_sql("select distinct file_id from file_part").fetchall():
        sql = f"select content from file_part where file_id = {mark} order by position"
        content = b"".join(part for (part,) in db.execute_sql(sql, (file,)).fetchall())
        db.execute_sql(f"update exchange_file set content = {mark} where id = {mark}", (content, file))
    migrator.migrate(migrator.drop_table("file_part"))
