"""Visits and questions about cover by day, for who comes tomorrow; never changed once written."""

# mypy: ignore-errors


def up(migrator, db):
    for table in ("encounter", "eligibility_check"):
        db.execute_sql(f"create index {table}_practice_id_served_on on {table} (practice_id, served_on)")
