"""The clinic as its pages name it."""

from dataclasses import dataclass

from claims_service.domain.party import spoken_phone
from claims_service.store.connection import opened, run
from claims_service.store.tables import Payer

_CLINIC = "name, phone, email, contact, zone, line1, line2, city, state, zip"


@dataclass(frozen=True, slots=True)
class Clinic:
    """zone: the IANA name of the calendar the clinic lives by."""

    name: str
    phone: str
    email: str
    contact: str
    address: str
    zone: str


def clinic(practice: int) -> Clinic:
    """The clinic a visitor belongs to."""
    with opened():
        return _clinic(*run(f"select {_CLINIC} from practice where id = ?", (practice,)).fetchone())


def only_clinic() -> Clinic | None:
    """The clinic of a database that serves just one: its name stands on the sign-in pages."""
    with opened():
        rows = run(f"select {_CLINIC} from practice limit 2").fetchall()
    return _clinic(*rows[0]) if len(rows) == 1 else None


def insurer_name(practice: int, payer: int) -> str:
    """The insurer's name as people read it."""
    with opened():
        return str(Payer.select(Payer.name).where(Payer.practice == practice, Payer.id == payer).scalar() or "")


def insurers(practice: int) -> list[tuple[int, str]]:
    """(id, name) of every insurer, by name."""
    with opened():
        rows = Payer.select(Payer.id, Payer.name).where(Payer.practice == practice).order_by(Payer.name)
        return [(row.id, row.name) for row in rows]


def _clinic(name: str, phone: str, email: str, contact: str, zone: str, *address: str) -> Clinic:
    line1, line2, city, state, code = address
    place = " ".join(part for part in (state, code[:5]) if part)
    where = ", ".join(part for part in (line1, line2, city, place) if part)
    return Clinic(name, spoken_phone(phone), email, contact, where, zone)
