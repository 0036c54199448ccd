"""What a clinic asks about a patient's cover (270)."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.party import Payer, Person, Provider

HEALTH_PLAN_COVERAGE = "30"  # EQ01: everything the plan says of itself


@dataclass(frozen=True, slots=True)
class EligibilityQuestion:
    """One person asked about. trace: our number, which the answer repeats (TRN02); originator: ten characters (TRN03).

    dependent: the patient when it is not the subscriber, relationship 01 spouse, 19 child, 34 other. services: EQ01 codes.
    asked_until: the end of a range of days.
    """

    payer: Payer
    provider: Provider
    subscriber: Person
    member_id: str
    trace: str
    originator: str
    asked_on: date | None = None
    asked_until: date | None = None
    services: tuple[str, ...] = (HEALTH_PLAN_COVERAGE,)
    dependent: Person | None = None
    relationship: str = ""
    group_number: str = ""
