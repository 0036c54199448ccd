"""A professional claim: everything an insurer needs to pay one visit, parties included."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.coverage import Coverage
from claims_service.domain.party import BillingProvider, Payer, Person, Provider

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"  # CLM05-3 claim frequency


@dataclass(frozen=True, slots=True)
class Adjustment:
    """Part of a charge that was not paid, and why (CAS). Negative amounts are legal.

    group: CO contract, PR patient, OA other, PI payer's own reduction.
    """

    group: str
    reason: str
    cents: int
    quantity: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What an earlier payer decided on one line (837P 2430)."""

    payer_identifier: str
    paid_cents: int
    procedure: str
    decided_on: date
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Another plan of the patient and what it decided on this claim (837P 2320, 2330A, 2330B).

    sequence: P, S or T (SBR01). paid_cents: AMT*D, None while it has not decided.
    """

    payer: Payer
    subscriber: Person
    relationship: str
    member_id: str
    sequence: str
    group_number: str = ""
    paid_cents: int | None = None
    payer_claim_number: str = ""
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One billed service (837P 2400). reference = REF*6R, echoed by the payer in the 835.

    charge_cents: for all units. pointers: 1-based into the claim's diagnoses.
    """

    number: int
    reference: str
    procedure: str
    charge_cents: int
    served_on: date
    pointers: tuple[int, ...]
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    unit_basis: str = "UN"
    served_until: date | None = None
    place_of_service: str = ""
    ndc: str = ""
    description: str = ""
    decisions: tuple[LineDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class Claim:
    """One visit billed to one payer (837P 2000B to 2430).

    control_number: CLM01, unique for ever, at most 17 characters of A-Z, 0-9.
    payer_claim_number: the payer's number of the claim that a replacement or void is about (REF*F8).
    """

    control_number: str
    billing: BillingProvider
    patient: Person
    coverage: Coverage
    place_of_service: str
    diagnoses: tuple[str, ...]
    lines: tuple[ClaimLine, ...]
    sequence: str = "P"
    frequency: str = ORIGINAL
    payer_claim_number: str = ""
    rendering: Provider | None = None
    referring: Provider | None = None
    facility: Provider | None = None
    prior_authorization: str = ""
    referral_number: str = ""
    clia: str = ""
    patient_paid_cents: int = 0
    accept_assignment: str = "A"
    benefits_assigned: str = "Y"
    release_of_information: str = "Y"
    other_payers: tuple[OtherPayer, ...] = ()

    @property
    def charge_cents(self) -> int:
        """CLM02: always the sum of the lines."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def served_on(self) -> date:
        return min(line.served_on for line in self.lines)
