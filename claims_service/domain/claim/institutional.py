"""A hospital's or other facility's claim, as a UB-04 holds it: type of bill, stay, revenue codes and coded facts."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.claim.circumstances import Attachment, EpsdtReferral, Note
from claims_service.domain.claim.claim import ORIGINAL, LineDecision, OtherPayer
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import BillingProvider, Person, Provider


@dataclass(frozen=True, slots=True)
class FoundDiagnosis:
    """An ICD-10-CM code without dot. present_on_admission: Y, N, U unknown, W undetermined, "" exempt or not asked."""

    code: str
    present_on_admission: str = ""


@dataclass(frozen=True, slots=True)
class Surgery:
    """A procedure done during the stay: ICD-10-PCS code and day (HI*BBR, HI*BBQ)."""

    code: str
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A coded event and its day, or its span (HI*BH, HI*BI)."""

    code: str
    on: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class CodedValue:
    """A coded number (HI*BE): dollars, days or whatever the code counts, and so no cents."""

    code: str
    value: Decimal


@dataclass(frozen=True, slots=True)
class RevenueLine:
    """One line of a facility's bill (837I 2400). unit_basis: UN units or DA days.

    description: of an unlisted procedure (SV202-7). not_covered_cents: the part of the charge no payer is asked for.
    ndc_quantity: how much of the drug, in ndc_unit; None = as many units as the line.
    """

    number: int
    revenue_code: str
    charge_cents: int
    units: Decimal = Decimal(1)
    unit_basis: str = "UN"
    procedure: str = ""
    modifiers: tuple[str, ...] = ()
    qualifier: str = "HC"
    description: str = ""
    not_covered_cents: int | None = None
    served_on: date | None = None
    served_until: date | None = None
    reference: str = ""
    ndc: str = ""
    ndc_quantity: Decimal | None = None
    ndc_unit: str = "UN"
    prescription: str = ""
    note: str = ""
    attachments: tuple[Attachment, ...] = ()
    operating: Provider | None = None
    other_operating: Provider | None = None
    rendering: Provider | None = None
    referring: Provider | None = None
    decisions: tuple[LineDecision, ...] = ()


@dataclass(frozen=True, slots=True)
class InstitutionalClaim:
    """One stay or outpatient bill to one payer (837I 2000B to 2430).

    type_of_bill: the two digits of facility and care ("11" inpatient hospital); the third is `frequency`: also one of INTERIM.
    admitted_time and discharge_time: HHMM, "" when not asked. admission_type, admission_source, patient_status: CL101 to 103.
    diagnoses: the principal first. surgeries: the principal first. estimated_due_cents: AMT*F3.
    """

    control_number: str
    billing: BillingProvider
    patient: Person
    coverage: Coverage
    type_of_bill: str
    statement_from: date
    statement_until: date
    admission_type: str
    patient_status: str
    diagnoses: tuple[FoundDiagnosis, ...]
    lines: tuple[RevenueLine, ...]
    sequence: str = "P"
    frequency: str = ORIGINAL
    payer_claim_number: str = ""
    admission_source: str = ""
    admitted_on: date | None = None
    admitted_time: str = ""
    discharge_time: str = ""
    admitting_diagnosis: str = ""
    visit_reasons: tuple[str, ...] = ()
    external_causes: tuple[FoundDiagnosis, ...] = ()
    drg: str = ""
    surgeries: tuple[Surgery, ...] = ()
    spans: tuple[Occurrence, ...] = ()
    occurrences: tuple[Occurrence, ...] = ()
    values: tuple[CodedValue, ...] = ()
    conditions: tuple[str, ...] = ()
    treatments: tuple[str, ...] = ()
    attending: Provider | None = None
    operating: Provider | None = None
    other_operating: Provider | None = None
    rendering: Provider | None = None
    facility: Provider | None = None
    referring: Provider | None = None
    prior_authorization: str = ""
    referral_number: str = ""
    medical_record: str = ""
    accident_state: str = ""
    trace: str = ""
    estimated_due_cents: int | None = None
    accept_assignment: str = "A"
    benefits_assigned: str = "Y"
    release_of_information: str = "Y"
    delay_reason: str = ""
    epsdt: EpsdtReferral | None = None
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[Note, ...] = ()
    billing_note: str = ""
    other_payers: tuple[OtherPayer, ...] = ()
    property_claim_number: str = ""

    @property
    def charge_cents(self) -> int:
        """CLM02: always the sum of the lines."""
        return sum(line.charge_cents for line in self.lines)

    @property
    def medicare_reason(self) -> str:
        """An institutional claim says nothing of why Medicare is not first: its guide has no SBR05."""
        return ""
