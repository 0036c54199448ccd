"""Parties that come with imported records: insurers and providers that are missing yet, and contracts for them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from claims_service.domain.party import Payer, Provider
from claims_service.store import contracts, tables
from claims_service.store.connection import in_parts, insert_rows, marks, opened, run, write


def payer_ids(practice: int) -> dict[str, int]:
    """Insurers by payer id."""
    with opened():
        rows = tables.Payer.select(tables.Payer.identifier, tables.Payer.id).where(tables.Payer.practice == practice)
        return dict(rows.tuples())


def provider_ids(practice: int) -> dict[str, int]:
    """Providers by NPI."""
    with opened():
        rows = tables.Provider.select(tables.Provider.npi, tables.Provider.id)
        return dict(rows.where(tables.Provider.practice == practice).tuples())


def add_payers(practice: int, new: Iterable[Payer]) -> dict[str, int]:
    """Ids of all insurers by payer id, the new ones written."""
    with write():
        known = payer_ids(practice)
        fresh = {payer.identifier: payer for payer in new if payer.identifier not in known}
        columns = ("practice", "identifier", "name", "filing", "receiver_id")
        rows = [(practice, p.identifier, p.name, p.filing, p.receiver_id) for p in fresh.values()]
        return known | dict(zip(fresh, insert_rows(tables.Payer, columns, rows), strict=True))


def add_providers(practice: int, new: Iterable[Provider]) -> dict[str, int]:
    """Ids of all providers by NPI, the new ones written."""
    with write():
        known = provider_ids(practice)
        fresh = {provider.npi: provider for provider in new if provider.npi not in known}
        columns = ("practice", "npi", "last", "first", "taxonomy")
        rows = [(practice, p.npi, p.last, p.first, p.taxonomy) for p in fresh.values()]
        return known | dict(zip(fresh, insert_rows(tables.Provider, columns, rows), strict=True))


def add_contracts(
    practice: int,
    payers: Mapping[int, str],
    fees_cents: Iterable[tuple[str, str, int]],
    *,
    valid_from: date,
    by: str,
    at: datetime,
) -> None:
    """The same contract prices, as (procedure, modifier, cents), for insurers by id with the name of each contract."""
    listed = list(fees_cents)
    with write():
        for payer, name in payers.items():
            contracts.add_flat(practice, payer, name, listed, valid_from=valid_from, by=by, at=at)


def plans_of(practice: int, patients: Iterable[int]) -> dict[int, list[tuple[int, str]]]:
    """(insurer, member number) of each patient's plans in their order."""
    found: dict[int, list[tuple[int, str]]] = {patient: [] for patient in patients}
    listed = list(found)
    with opened():
        for part in in_parts(listed):
            sql = (
                f"select patient_id, payer_id, member_id from coverage where practice_id = ? and patient_id in ({marks(part)})"
                " order by rank, id"
            )
            for patient, payer, member in run(sql, (practice, *part)):
                found[patient].append((payer, member))
    return found
