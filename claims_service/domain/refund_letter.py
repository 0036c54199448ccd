"""What the letter says that goes with a refund to an insurer."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.party import Address
from claims_service.domain.patient.statement import Sender


@dataclass(frozen=True, slots=True)
class RefundLetter:
    """facts: (label, value) in their order. address: None where the sender is none of our insurers. patient: for the trail."""

    number: str
    made_on: date
    sender: Sender
    payee: str
    address: Address | None
    cents: int
    by_check: bool
    by_offset: bool
    facts: tuple[tuple[str, str], ...]
    patient: int | None
