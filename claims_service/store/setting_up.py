"""A practice and its master data, written when a clinic is set up; and an empty database to set it up in."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from claims_service.domain.errors import AlreadyDone, Conflict
from claims_service.store import connection, migrate
from claims_service.store.connection import database, insert_rows, on_postgresql, opened, run, write
from claims_service.store.tables import Code, Payer, Practice, Provider

_PRACTICE = (
    "name", "npi", "tax_id", "taxonomy", "phone", "email", "contact", "submitter_id", "line1", "line2", "city", "state", "zip",
    "zone", "remit_bank_account",
)  # fmt: skip
_PROVIDER = ("npi", "last", "first", "taxonomy")
_PAYER = (
    "identifier", "name", "filing", "receiver_id", "phone", "line1", "city", "state", "zip", "timely_filing_days", "originator",
)  # fmt: skip


def add_practice(row: Mapping[str, str]) -> int:
    """A new practice; gives its id.

    Raises:
        AlreadyDone: a practice with this NPI is there.
    """
    with write():
        if Practice.get_or_none(Practice.npi == row["npi"]):
            raise AlreadyDone("A practice with this NPI is in the database already.", row["npi"])
        return insert_rows(Practice, _PRACTICE, [[row[name] for name in _PRACTICE]])[0]


def add_providers(practice: int, rows: Iterable[Mapping[str, str]]) -> list[int]:
    """Ids in order."""
    return insert_rows(Provider, ("practice", *_PROVIDER), [[practice, *(row[n] for n in _PROVIDER)] for row in rows])


def add_payers(practice: int, rows: Iterable[Mapping[str, str]]) -> list[int]:
    """Ids in order."""
    return insert_rows(Payer, ("practice", *_PAYER), [[practice, *(row[n] for n in _PAYER)] for row in rows])


def add_codes(practice: int, code_set: str, codes: Sequence[tuple[str, str]]) -> None:
    """(code, label) rows of a look-up: code_set icd10, procedure, modifier or pos."""
    rows = [(practice, code_set, code, label, f"{code} {label}".casefold()) for code, label in codes]
    insert_rows(Code, ("practice", "code_set", "code", "label", "search"), rows)


def start_afresh(url: str, npi: str) -> None:
    """Connect to a database and make it new and empty; what it held of the one practice with this NPI is gone.

    Raises:
        Conflict: it holds another practice, or tables that are not ours; nothing was touched.
    """
    connection.connect(url)
    file = None if on_postgresql() else Path(str(database.obj.database))
    if file is None or file.exists():
        _refuse_others(npi)
    if file is None:
        with opened():
            run("drop schema public cascade")
            run("create schema public")
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
        for part in (file, Path(f"{file}-wal"), Path(f"{file}-shm")):
            part.unlink(missing_ok=True)
        file.touch(mode=0o600)  # as connect() makes it: for the service's own user alone
    migrate.upgrade()


def _refuse_others(npi: str) -> None:
    with opened():
        tables = database.get_tables()
        if not tables:
            return
        known = [row[0] for row in run("select npi from practice").fetchall()] if "practice" in tables else ["?"]
    if any(found != npi for found in known):
        raise Conflict(
            "This database holds something other than the demo. Name another one with --database, or move it away first."
        )
