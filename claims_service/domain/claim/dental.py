"""A dentist's claim, as the ADA form holds it: teeth, surfaces, quadrants, orthodontics, predeterminations."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.claim.circumstances import Accident, Attachment, Note
from claims_service.domain.claim.claim import ORIGINAL, LineDecision, OtherPayer
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import BillingProvider, Person, Provider


@dataclass(frozen=True, slots=True)
class Tooth:
    """A treated tooth in universal numbering, and its surfaces: B D F I L M O (TOO*JP)."""

    number: str
    surfaces: tuple[str, ...] = ()


MISSING, TO_EXTRACT = "M", "E"  # DN202


@dataclass(frozen=True, slots=True)
class ToothStatus:
    """A tooth that is MISSING or TO_EXTRACT (DN2)."""

    number: str
    status: str


@dataclass(frozen=True, slots=True)
class Orthodontics:
    """Months of treatment in all and yet to come (DN1); neither, when it is only said that the care is orthodontic."""

    months: int | None = None
    months_left: int | None = None


@dataclass(frozen=True, slots=True)
class DentalLine:
    """One dental service (837D 2400): a CDT code.

    oral_cavity: up to five areas, 00 whole mouth to 40 quadrant. prosthesis: I first, R replacement (then replaces_on: the
    day the one before was placed). served_on: None = the claim's day, or not yet done.
    """

    number: int
    procedure: str
    charge_cents: int
    units: Decimal = Decimal(1)
    modifiers: tuple[str, ...] = ()
    description: str = ""
    place_of_service: str = ""
    oral_cavity: tuple[str, ...] = ()
    prosthesis: str = ""
    replaces_on: date | None = None
    pointers: tuple[int, ...] = ()
    teeth: tuple[Tooth, ...] = ()
    served_on: date | None = None
    appliance_on: date | None = None
    appliance_replaced_on: date | None = None
    begun_on: date | None = None
    completed_on: date | None = None
    reference: str = ""
    predetermination: str = ""
    prior_authorization: str = ""
    referral_number: str = ""
    rendering: Provider | None = None
    assistant_surgeon: Provider | None = None
    supervising: Provider | None = None
    facility: Provider | None = None
    decisions: tuple[LineDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class DentalClaim:
    """One visit to the dentist billed to one payer, or a plan sent ahead for its opinion (837D 2000B to 2430).

    is_predetermination: nothing was done yet (CLM19 = PB). predetermination: the payer's number for an earlier one (REF*G3).
    """

    control_number: str
    billing: BillingProvider
    patient: Person
    coverage: Coverage
    place_of_service: str
    lines: tuple[DentalLine, ...]
    diagnoses: tuple[str, ...] = ()
    sequence: str = "P"
    frequency: str = ORIGINAL
    payer_claim_number: str = ""
    served_on: date | None = None
    served_until: date | None = None
    appliance_on: date | None = None
    is_predetermination: bool = False
    predetermination: str = ""
    orthodontics: Orthodontics | None = None
    tooth_status: tuple[ToothStatus, ...] = ()
    rendering: Provider | None = None
    referring: Provider | None = None
    facility: Provider | None = None
    assistant_surgeon: Provider | None = None
    supervising: Provider | None = None
    accident: Accident | None = None
    prior_authorization: str = ""
    referral_number: str = ""
    trace: str = ""
    patient_paid_cents: int = 0
    signature: str = "Y"
    accept_assignment: str = "A"
    benefits_assigned: str = "Y"
    release_of_information: str = "Y"
    program: str = ""
    delay_reason: str = ""
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[Note, ...] = ()
    other_payers: tuple[OtherPayer, ...] = ()
    medicare_reason: str = ""
    property_claim_number: str = ""

    @property
    def charge_cents(self) -> int:
        """CLM02: always the sum of the lines."""
        return sum(line.charge_cents for line in self.lines)
