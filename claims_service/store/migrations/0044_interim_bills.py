"""Which bill of several a bill of a stay is (type of bill, third digit)."""

# mypy: ignore-errors


def up(migrator, db):
    db.execute_sql("alter table stay add column interim varchar(1) default '' not null")


def down(migrator, db):
    db.execute_sql("alter table stay drop column interim")
