"""A clinic in a database of its own."""

from collections.abc import Iterator

import pytest

from claims_service.store import connection
from tests import clinic as clinics
from tests.clinic import Clinic


@pytest.fixture
def clinic(database_url: str) -> Iterator[Clinic]:
    database = connection.connect(database_url)
    with connection.opened():
        yield clinics.found()
    if not database.is_closed():
        database.close()
