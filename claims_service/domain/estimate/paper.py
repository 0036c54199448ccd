"""An estimate as it is issued: everything 45 CFR 149.610(c)(1) asks for, and for a plan what it allows, pays and leaves."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.estimate.share import Words
from claims_service.domain.party import Address
from claims_service.domain.patient.statement import Sender

SELF_PAY, INSURED = "self_pay", "insured"


@dataclass(frozen=True, slots=True)
class Line:
    """A service with what is expected for it. charge_cents None: the clinic has no price for it. why: of the allowed amount.

    allowed_cents: what the plan's contract allows; None without a plan, or where the contract does not say.
    """

    procedure: str
    modifiers: tuple[str, ...]
    words: str
    units: Decimal
    charge_cents: int | None
    allowed_cents: int | None = None
    why: Words = ("", "")


@dataclass(frozen=True, slots=True)
class Estimate:
    """Frozen when issued. diagnoses: (code with its dot, words). npi, tax_id: of the clinic; provider_npi: of who gives the care.

    low_cents to high_cents is the patient's share; both None: not known. payer: empty for a self-payer. told_on: when the plan
    told what it pays.
    """

    number: str
    kind: str
    issued_on: date
    patient: str
    birth_on: date | None
    address: Address
    sender: Sender
    npi: str
    tax_id: str
    provider: str
    provider_npi: str
    place: Words
    asked_on: date
    planned_on: date | None
    diagnoses: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    separate: str = ""
    payer: str = ""
    told_on: date | None = None
    low_cents: int | None = None
    high_cents: int | None = None
    why: tuple[Words, ...] = ()

    @property
    def charge_cents(self) -> int | None:
        """What the clinic charges for everything; None where a service has no price."""
        known = [line.charge_cents for line in self.lines if line.charge_cents is not None]
        return sum(known) if len(known) == len(self.lines) else None

    @property
    def allowed_cents(self) -> int | None:
        """What the plan allows for everything; None where the contract does not say of each service."""
        known = [line.allowed_cents for line in self.lines if line.allowed_cents is not None]
        return sum(known) if len(known) == len(self.lines) else None

    @property
    def plan_pays(self) -> tuple[int, int] | None:
        """The least and the most the plan is expected to pay."""
        allowed = self.allowed_cents
        if allowed is None or self.low_cents is None or self.high_cents is None:
            return None
        return allowed - self.high_cents, allowed - self.low_cents

    @property
    def procedures(self) -> frozenset[str]:
        return frozenset(line.procedure for line in self.lines)
