"""A practice and its master data, written when a clinic is set up."""

from collections.abc import Iterable, Mapping, Sequence

from claims_service.domain.errors import AlreadyDone
from claims_service.store.connection import insert_rows, write
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
