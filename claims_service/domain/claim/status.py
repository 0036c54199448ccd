"""What became of a claim: a clinic's question (276) and a payer's answer (277), which promises nothing and pays nothing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.claim.acknowledgement import StatusReason
from claims_service.domain.party import BillingProvider, Payer, Person

FINISHED = frozenset({"F0", "F1", "F2", "F3", "F4"})  # X12 list 507: the payer has decided


@dataclass(frozen=True, slots=True)
class StatusQuestion:
    """A claim asked about. trace: our number, which the answer repeats (TRN02). control_number: CLM01 (REF*EJ).

    dependent: the patient when it is not the subscriber.
    """

    payer: Payer
    billing: BillingProvider
    subscriber: Person
    member_id: str
    trace: str
    control_number: str = ""
    payer_claim_number: str = ""
    charge_cents: int | None = None
    served_on: date | None = None
    served_until: date | None = None
    dependent: Person | None = None


@dataclass(frozen=True, slots=True)
class StatusStep:
    """One STC: up to three reasons and the day they hold from. payment: check or EFT number, as in the 835's TRN02."""

    reasons: tuple[StatusReason, ...]
    on: date
    charge_cents: int | None = None
    paid_cents: int | None = None
    decided_on: date | None = None
    paid_on: date | None = None
    payment: str = ""


@dataclass(frozen=True, slots=True)
class LineStatus:
    """What became of one line (2220). reference: our REF*6R, which comes back as REF*FJ."""

    procedure: str
    charge_cents: int
    paid_cents: int
    served_on: date
    steps: tuple[StatusStep, ...]
    reference: str = ""
    modifiers: tuple[str, ...] = ()
    units: Decimal | None = None
    qualifier: str = "HC"
    served_until: date | None = None
    revenue_code: str = ""


@dataclass(frozen=True, slots=True)
class StatusAnswer:
    """The answer about one claim. trace: the question's."""

    payer: Payer
    billing: BillingProvider
    subscriber: Person
    member_id: str
    trace: str
    steps: tuple[StatusStep, ...]
    control_number: str = ""
    payer_claim_number: str = ""
    served_on: date | None = None
    served_until: date | None = None
    dependent: Person | None = None
    lines: tuple[LineStatus, ...] = ()

    @property
    def is_finished(self) -> bool:
        """Whether every reason of the latest step says that the payer has decided."""
        latest = max(self.steps, key=lambda step: step.on, default=None)
        return latest is not None and all(reason.category in FINISHED for reason in latest.reasons)
