"""The desk's cash and checks as its page shows them."""

from dataclasses import dataclass

from claims_service.domain.patient.statement import Sender
from claims_service.store import counter, parties
from claims_service.store.counter import AtDesk, Count, Slip


@dataclass(frozen=True, slots=True)
class Till:
    """parts: on no slip yet."""

    parts: list[AtDesk]
    counts: list[Count]
    slips: list[Slip]

    @property
    def cash_cents(self) -> int:
        return sum(part.cents for part in self.parts if part.method == counter.CASH)

    @property
    def check_cents(self) -> int:
        return sum(part.cents for part in self.parts) - self.cash_cents


def till(practice: int) -> Till:
    """What is at the desk, and the last counts and slips, in three SELECTs."""
    return Till(counter.at_desk(practice), counter.counts(practice), counter.slips(practice))


def sender(practice: int) -> Sender:
    """The clinic as it stands on a slip."""
    clinic = parties.billing_provider(practice)
    return Sender(clinic.name, clinic.phone, clinic.address)


def slip(practice: int, key: int) -> tuple[Slip, list[AtDesk]]:
    """A deposit slip with its payments.

    Raises:
        NotFound: none of this practice.
    """
    return counter.slip(practice, key)
