"""The records that FHIR resources are made of: rows and domain values side by side. Days are as the database gives them."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from claims_service.domain.patient.invoice import Invoice
from claims_service.domain.remittance.advice import ClaimPayment
from claims_service.domain.stay import Stay


@dataclass(frozen=True, slots=True)
class PracticeRecord:
    """The clinic."""

    id: int
    name: str
    npi: str
    tax_id: str
    phone: str
    email: str
    line1: str
    line2: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class PayerRecord:
    """An insurer."""

    id: int
    identifier: str
    name: str
    phone: str
    line1: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """Who gives care."""

    id: int
    npi: str
    last: str
    first: str
    taxonomy: str


@dataclass(frozen=True, slots=True)
class PatientRecord:
    """A patient. birth_on: a day, as the database gives it."""

    id: int
    practice: int
    reference: str
    last: str
    first: str
    middle: str
    birth_on: object
    sex: str
    line1: str
    line2: str
    city: str
    state: str
    zip: str
    phone: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Plan:
    """number: of the group; name: of the plan."""

    number: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class CoverageRecord:
    """valid_last: the last day with cover. subscriber_patient: set when the patient is the subscriber."""

    id: int
    patient: int
    payer: int
    payer_name: str
    rank: int
    member_id: str
    relationship: str
    subscriber_patient: int | None
    subscriber_name: str
    valid_from: object
    valid_last: object
    group: Plan | None
    plan: Plan | None


@dataclass(frozen=True, slots=True)
class AccountCoverage:
    """A plan of an account with its place in the order of billing."""

    coverage: int
    rank: int


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """What the charges of a patient are gathered in."""

    patient: int
    practice: int
    coverages: tuple[AccountCoverage, ...]


@dataclass(frozen=True, slots=True)
class EncounterRecord:
    """A visit. served_on: a day, as the database gives it."""

    id: int
    practice: int
    patient: int
    reference: str
    served_on: object
    place_of_service: str
    rendering: int
    diagnoses: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True)
class ChargeRecord:
    """A line of a visit with the price on its first claim."""

    id: int
    practice: int
    patient: int
    encounter: int
    procedure: str
    units: str
    description: str
    charge_cents: int | None
    served_on: object
    rendering: int
    state: str
    revenue: str


class ClaimItem(NamedTuple):
    """A line of a claim without its reference, so that lines of many claims are one. units: as text, with its digits.

    product: the procedure, or that none applies, as to a day of a room. basis, revenue to area: as domain.line_detail.LineDetail.
    """

    number: int
    procedure: str
    modifiers: tuple[str, ...]
    units: str
    pointers: tuple[int, ...]
    charge_cents: int
    served_on: date
    place_of_service: str
    product: str
    basis: str
    revenue: str
    tooth: str
    surfaces: tuple[str, ...]
    area: str


NO_PROCEDURE = "not-applicable"  # http://terminology.hl7.org/CodeSystem/data-absent-reason


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """A claim that was sent. earlier: coverages billed before this one for the same visit. references: of the lines (REF*6R).

    payer_claim_number: the payer's number of the claim that this one replaces or takes back. kind: of its visit (P, I, D, N).
    """

    id: int
    practice: int
    encounter: int
    patient: int
    payer: int
    payer_name: str
    coverage: int
    control_number: str
    payer_claim_number: str
    prior_authorization: str
    state: str
    replaces: int | None
    built_at: str
    rendering: int
    referring: int | None
    earlier: tuple[int, ...]
    diagnoses: tuple[str, ...]
    lines: tuple[ClaimItem, ...]
    references: tuple[str, ...]
    kind: str
    frequency: str
    stay: Stay | None


@dataclass(frozen=True, slots=True)
class DecisionRecord:
    """One claim payment of a posted remittance, with the claim it is about."""

    id: int
    sent: ClaimRecord
    payment: ClaimPayment
    trace: str
    paid_on: object
    produced_on: object


@dataclass(frozen=True, slots=True)
class RemittancePayment:
    """claim, response: None where the payment is held and no claim of ours is known."""

    control_number: str
    claim: int | None
    response: int | None
    cents: int


@dataclass(frozen=True, slots=True)
class RemittanceAdjustment:
    """One PLB pair; positive lowers the payment."""

    reason: str
    reference: str
    cents: int


@dataclass(frozen=True, slots=True)
class RemittanceRecord:
    """One posted 835 transaction with everything it pays and takes back."""

    id: int
    practice: int
    payer: int | None
    payer_name: str
    trace: str
    paid_cents: int
    paid_on: object
    at: str
    payments: tuple[RemittancePayment, ...]
    adjustments: tuple[RemittanceAdjustment, ...]


@dataclass(frozen=True, slots=True)
class InvoiceRecord:
    """charges: line number -> id of the visit's line."""

    id: int
    practice: int
    patient: int
    number: str
    invoice: Invoice
    charges: dict[int, int]
