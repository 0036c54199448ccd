"""On PostgreSQL the database itself keeps practices apart."""

from collections.abc import Iterator

import peewee
import pytest

from claims_service.store import connection, tables
from tests import clinic
from tests.store_fixtures import Databases

Two = tuple[clinic.Clinic, clinic.Clinic]


@pytest.fixture
def two_practices(databases: Databases) -> Iterator[Two]:
    url = databases.migrated("postgresql")
    connection.connect(url)
    with connection.opened():
        yield clinic.found(), clinic.found("Hilltop Clinic", "1990000048", suffix="B")
    databases.remove(url)


@pytest.mark.check(62)
def test_a_bound_connection_does_not_see_another_practice_even_without_a_filter(two_practices: Two) -> None:
    ours, theirs = two_practices

    connection.bind(ours.practice)

    seen = connection.run("select distinct practice_id from patient").fetchall()
    assert [row[0] for row in seen] == [ours.practice]
    assert connection.run("select count(*) from patient where id = ?", (theirs.alma,)).fetchone()[0] == 0
    connection.bind(None)
    assert tables.Practice.select().count() == 2


@pytest.mark.check(62)
def test_a_bound_connection_cannot_write_into_another_practice(two_practices: Two) -> None:
    ours, theirs = two_practices

    connection.bind(ours.practice)

    with pytest.raises(peewee.ProgrammingError, match="row-level security"), connection.write():
        connection.insert_rows(
            tables.Provider, ("practice", "npi", "last"), [(theirs.practice, "1990000030", "Stranger")]
        )


@pytest.mark.check(62)
def test_every_table_with_a_practice_stands_behind_the_wall(two_practices: Two) -> None:
    rows = connection.run("select relname from pg_class where relkind = 'r' and relforcerowsecurity").fetchall()

    walled = {row[0] for row in rows}

    assert walled >= {model._meta.table_name for model in tables.ALL if "practice" in model._meta.fields}
    assert two_practices
