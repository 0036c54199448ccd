"""A patient's place in an insurance plan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from claims_service.domain.party import Payer, Person

SELF = "18"
RELATIONSHIPS = frozenset({"18", "01", "19", "20", "21", "39", "40", "53", "G8"})  # 837P 2000B SBR02, 2000C PAT01
SEQUENCE = {1: "P", 2: "S", 3: "T"}  # 837P SBR01 by rank


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who pays in which order. valid_until is the first day without cover, None while it runs.

    relationship: of the patient to the subscriber, "18" = the patient is the subscriber.
    """

    id: int
    payer_id: int
    payer: Payer
    rank: int
    member_id: str
    subscriber: Person
    relationship: str = SELF
    group_number: str = ""
    plan_name: str = ""
    valid_from: date | None = None
    valid_until: date | None = None

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day < self.valid_until
        )


def in_order(coverages: Iterable[Coverage], day: date) -> tuple[Coverage, ...]:
    """The plans that cover a day, the first to be billed first."""
    return tuple(sorted((c for c in coverages if c.covers(day)), key=lambda c: (c.rank, c.id)))
