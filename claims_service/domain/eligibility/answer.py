"""What a payer says about a patient's cover (271): benefits one by one, or why it can't say."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.party import Payer, Person, Provider

ACTIVE = frozenset({"1", "2", "3", "4", "5"})  # EB01
NOT_FOUND = "75"  # AAA03: subscriber or insured not found


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a payer can't answer (AAA). reason: AAA03; follow_up: C correct and resend, N don't, R resend, W wait 30 days.

    about: "payer", "provider", "subscriber", "dependent" or "benefit", the loop it stood in.
    """

    about: str
    reason: str
    follow_up: str = ""


@dataclass(frozen=True, slots=True)
class CoverDate:
    """A day or range about the cover (DTP). kind: 291 plan, 346 plan begins, 292 benefit and so on."""

    kind: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OtherParty:
    """Someone a benefit names: another payer (PRP), the primary care provider (P3) and so on (2120)."""

    entity: str
    name: str
    first: str = ""
    identifier_kind: str = ""
    identifier: str = ""


@dataclass(frozen=True, slots=True)
class Benefit:
    """One EB. kind: 1 active, 6 inactive, A coinsurance, B copay, C deductible, G out of pocket, I not covered, R other payer.

    share: of the allowed amount the patient bears, 0.2 = 20 percent (EB08). period: 23 year, 29 remaining, 27 visit. A year's
    amount and what remains of it are two benefits and never added. network: Y in, N out, W both, U unknown.
    numbers: REFs as (qualifier, number).
    """

    kind: str
    level: str = ""
    services: tuple[str, ...] = ()
    insurance_type: str = ""
    plan_name: str = ""
    period: str = ""
    cents: int | None = None
    share: Decimal | None = None
    quantity_kind: str = ""
    quantity: Decimal | None = None
    authorization: str = ""
    network: str = ""
    procedure_kind: str = ""
    procedure: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    dates: tuple[CoverDate, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    messages: tuple[str, ...] = ()
    others: tuple[OtherParty, ...] = ()


@dataclass(frozen=True, slots=True)
class EligibilityAnswer:
    """The answer about one person. trace: our number out of the question (TRN*2). dependent: as in the question.

    A payer or provider that could not be identified shows as refusals without benefits; then there may be no person either.
    """

    payer: Payer
    provider: Provider
    subscriber: Person
    member_id: str = ""
    trace: str = ""
    originator: str = ""
    dependent: Person | None = None
    relationship: str = ""
    group_number: str = ""
    dates: tuple[CoverDate, ...] = ()
    benefits: tuple[Benefit, ...] = ()
    refusals: tuple[Refusal, ...] = ()

    @property
    def is_active(self) -> bool:
        """Whether any benefit says that the cover is active."""
        return any(benefit.kind in ACTIVE for benefit in self.benefits)
