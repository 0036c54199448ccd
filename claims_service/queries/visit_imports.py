"""Files of visits for the import page: those that wait, one with its report, and how many visits wait for a claim."""

from claims_service.queries.rows import row
from claims_service.store import visit_imports
from claims_service.store.connection import opened
from claims_service.store.visit_imports import Waiting


def newest(practice: int) -> list[Waiting]:
    """The newest files first."""
    return visit_imports.newest(practice)


def one(practice: int, key: int) -> Waiting:
    """One file.

    Raises:
        NotFound: no such file of this practice.
    """
    return visit_imports.one(practice, key)


def content(practice: int, key: int) -> bytes:
    """Its bytes, empty once it was taken."""
    return visit_imports.content(practice, key)


def without_claim(practice: int) -> int:
    """Visits that no claim was built from yet."""
    with opened():
        found = row("select count(*) from encounter where practice_id = ? and state = 'recorded'", practice)
    return int(found[0]) if found else 0
