"""A professional claim: everything an insurer needs to pay one visit, parties included."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.claim.circumstances import (
    NO_DATES,
    Accident,
    Ambulance,
    Attachment,
    ClaimDates,
    EpsdtReferral,
    Note,
)
from claims_service.domain.coverage import Coverage
from claims_service.domain.party import BillingProvider, Payer, Person, Provider

ORIGINAL, REPLACEMENT, VOID = "1", "7", "8"  # CLM05-3 claim frequency
INTERIM = ("2", "3", "4")  # the first, a further and the last of several bills of one stay (NUBC, FL 4)
NEW = (ORIGINAL, *INTERIM)


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
    """What an earlier payer decided on one line (837 2430).

    bundled_into: number of the line whose payment this one is part of (SVD06). revenue_code: on an institutional claim.
    """

    payer_identifier: str
    paid_cents: int
    procedure: str
    decided_on: date
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    adjustments: tuple[Adjustment, ...] = ()
    bundled_into: int | None = None
    revenue_code: str = ""


@dataclass(frozen=True, slots=True)
class OtherPayer:
    """Another plan of the patient and what it decided on this claim (837 2320, 2330A, 2330B).

    sequence: P, S or T (SBR01). paid_cents: AMT*D, None while it has not decided. decided_on: only when no line carries it.
    not_covered_cents: the whole charge, when the plan may lawfully be passed over (AMT*A8).
    patient_share_cents: left to the patient by a decision without lines (AMT*EAF).
    benefits_assigned and release_of_information: "" = as on the claim. remarks: MOA03 to MOA07.
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
    plan_name: str = ""
    medicare_reason: str = ""
    decided_on: date | None = None
    not_covered_cents: int | None = None
    patient_share_cents: int | None = None
    prior_authorization: str = ""
    referral_number: str = ""
    benefits_assigned: str = ""
    release_of_information: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """One billed service (837P 2400). reference = REF*6R, echoed by the payer in the 835.

    charge_cents: for all units. pointers: 1-based into the claim's diagnoses. unit_basis: UN, or MJ for the minutes of an
    anaesthesia. ndc_quantity: how much of the drug, in ndc_unit (F2, GR, ME, ML, UN); None = as many units as the line.
    Providers, numbers and notes stand here only where they differ from the claim's.
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
    qualifier: str = "HC"
    ndc_quantity: Decimal | None = None
    ndc_unit: str = "UN"
    prescription: str = ""
    emergency: bool = False
    epsdt: bool = False
    family_planning: bool = False
    obstetric_units: int | None = None
    rendering: Provider | None = None
    facility: Provider | None = None
    supervising: Provider | None = None
    ordering: Provider | None = None
    referring: Provider | None = None
    prior_authorization: str = ""
    referral_number: str = ""
    clia: str = ""
    referring_clia: str = ""
    mammography: str = ""
    notes: tuple[Note, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ambulance: Ambulance | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """One visit billed to one payer (837P 2000B to 2430).

    control_number: CLM01, unique for ever, at most 17 characters of A-Z, 0-9.
    payer_claim_number: the payer's number of the claim that a replacement or void is about (REF*F8).
    medicare_reason: why Medicare is not first (SBR05). delay_reason: why it comes late (CLM20). conditions: HI*BG.
    surgeries: procedures an anaesthesia was for (HI*BP, HI*BO). trace: the clearinghouse's number (REF*D9).
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
    signature: str = "Y"
    patient_signature: str = ""
    medicare_reason: str = ""
    supervising: Provider | None = None
    second_referring: Provider | None = None
    accident: Accident | None = None
    program: str = ""
    delay_reason: str = ""
    dates: ClaimDates = NO_DATES
    attachments: tuple[Attachment, ...] = ()
    notes: tuple[Note, ...] = ()
    ambulance: Ambulance | None = None
    epsdt: EpsdtReferral | None = None
    surgeries: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    medical_record: str = ""
    mammography: str = ""
    device: str = ""
    trace: str = ""
    authorization_exception: str = ""
    property_claim_number: str = ""

    @property
    def charge_cents(self) -> int:
        """CLM02: always the sum of the lines."""
        cents = 0
        for line in self.lines:  # half the time of sum() for the few lines of a claim
            cents += line.charge_cents
        return cents

    @property
    def served_on(self) -> date:
        first = self.lines[0].served_on
        for line in self.lines:
            first = min(first, line.served_on)
        return first
