"""Everybody a guarantor answers for is found by the guarantor's name."""

# mypy: ignore-errors


def up(migrator, db):
    db.execute_sql("create index guarantor_practice_id_name on guarantor (practice_id, name)")


def down(migrator, db):
    db.execute_sql("drop index guarantor_practice_id_name")
