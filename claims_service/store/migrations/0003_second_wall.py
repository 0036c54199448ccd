"""Row-level security on PostgreSQL: a request that is bound to a practice can't reach another's rows, whatever the query says.

The setting claims.practice names the practice; where it is not set (commands, jobs, signing in) all rows are reached.
"""

import peewee

BOUND = (
    "nullif(current_setting('claims.practice', true), '') is null"
    " or {column} = nullif(current_setting('claims.practice', true), '')::integer"
)
WITHOUT = {"schema_migration", "sign_in_attempt", "processor_event"}


def up(migrator, db):  # type: ignore[no-untyped-def]
    if not isinstance(db, peewee.PostgresqlDatabase):
        return
    for table in db.get_tables():
        if table in WITHOUT:
            continue
        names = {column.name for column in db.get_columns(table)}
        column = "id" if table == "practice" else "practice_id" if "practice_id" in names else "practice"
        rule = BOUND.format(column=column)
        db.execute_sql(f'alter table "{table}" enable row level security')
        db.execute_sql(f'alter table "{table}" force row level security')
        db.execute_sql(f'create policy own_practice on "{table}" using ({rule}) with check ({rule})')
