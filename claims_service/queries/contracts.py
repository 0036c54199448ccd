"""Contracts as people read them, and what one of them says of a service."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.party import Payer
from claims_service.domain.pricing.contract import Contract, Service, in_force
from claims_service.domain.pricing.contract_book import Price
from claims_service.domain.pricing.explaining import explanation
from claims_service.queries import people
from claims_service.queries.rows import known_instant, rows
from claims_service.store import contracts, fees, parties
from claims_service.store.connection import opened

HOLDS, COMING, ENDED, CORRECTED = "holds", "coming", "ended", "corrected"


@dataclass(frozen=True, slots=True)
class Listed:
    """A contract. first, until: the days it really holds; state: holds, coming, ended or corrected, as of today."""

    contract: Contract
    payer: Payer
    first: date
    until: date | None
    state: str
    file_name: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Explained:
    """A price with its reasons; price.cents None: nothing is expected, and the last sentence says why."""

    price: Price
    service: Service
    sentences: tuple[str, ...]


def insurers(practice: int) -> dict[int, Payer]:
    """Every insurer of a practice, by id."""
    return parties.payers(practice)


def insurer_named(practice: int, words: str) -> int:
    """The id of the insurer with this payer id or name, whatever the case.

    Raises:
        NotFound: none or several are called so.
    """
    asked = words.strip().casefold()
    found = [
        key
        for key, payer in insurers(practice).items()
        if asked in (payer.identifier.casefold(), payer.name.casefold())
    ]
    if len(found) != 1:
        raise NotFound("payer")
    return found[0]


def listed(practice: int, *, today: date) -> list[Listed]:
    """Every contract by insurer, the newest first; a few SELECTs."""
    sql = "select id, file_name, imported_by, imported_at from contract where practice_id = ?"
    with opened():
        payers = parties.payers(practice)
        every = contracts.listed(practice)
        papers = {key: (file, by, known_instant(at)) for key, file, by, at in rows(sql, practice)}
        names = people.names(practice, [by for _, by, _ in papers.values()])
    days = {one.contract.id: one for key in payers for one in in_force([c for c in every if c.payer == key])}
    found = []
    for contract in every:
        held = days.get(contract.id)
        first, until = (held.first, held.until) if held else (contract.valid_from, contract.valid_until)
        file, by, at = papers[contract.id]
        state = _state(first, until, today) if held else CORRECTED
        found.append(Listed(contract, payers[contract.payer], first, until, state, file, names[by], at))
    return sorted(found, key=lambda one: (one.payer.name, -one.first.toordinal(), -one.contract.id))


def _state(first: date, until: date | None, today: date) -> str:
    if today < first:
        return COMING
    return HOLDS if until is None or today <= until else ENDED


def contract(practice: int, key: int, *, today: date) -> Listed:
    """One contract.

    Raises:
        NotFound: no such contract of this practice.
    """
    found = next((one for one in listed(practice, today=today) if one.contract.id == key), None)
    if found is None:
        raise NotFound("contract")
    return found


def explained(practice: int, payer: int, services: Sequence[Service]) -> list[Explained]:
    """What is expected for the services of one claim, and how that comes about. A missing charge is the clinic's price.

    Raises:
        NotFound: no such insurer of this practice.
    """
    with opened():
        payers = parties.payers(practice)
        if payer not in payers:
            raise NotFound("payer")
        book = fees.book(practice, {service.procedure for service in services})
    asked = [
        service
        if service.charge_cents is not None
        else Service(
            service.procedure, service.day, service.modifiers, service.units, service.place, service.provider_class,
            book.charge_cents(service.procedure, service.modifiers, service.units, service.day),
        )
        for service in services
    ]  # fmt: skip
    prices = book.contracts.prices(payer, asked)
    return [
        Explained(price, service, explanation(price, service, payers[payer].name))
        for price, service in zip(prices, asked, strict=True)
    ]
