"""What may surround a claim: accident, dates, transport, attachments and notes, alike for every kind of claim."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Protocol

from claims_service.domain.coverage import Coverage
from claims_service.domain.party import Address, BillingProvider, Person


@dataclass(frozen=True, slots=True)
class Accident:
    """What the care goes back to (CLM11, DTP*439). causes: AA car, EM work, OA other, one or two of them.

    state: where a car accident happened. country: only outside the United States.
    """

    causes: tuple[str, ...]
    on: date | None = None
    state: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """Papers that come beside the claim (PWK). report: what they are, "OZ" for a report of support.

    transmission: AA held at the clinic, BM post, EL electronic, EM mail, FT file, FX fax; all but AA need a control number.
    """

    report: str
    transmission: str = "AA"
    control_number: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Words to the payer (NTE), at most 80 characters. kind: ADD additional, CER certification, DGN diagnosis and so on."""

    text: str
    kind: str = "ADD"


@dataclass(frozen=True, slots=True)
class Ambulance:
    """A ride (CR1, CRC*07). reason: CR104, A to E. conditions: up to five of CRC*07, true unless `conditions_apply` says no.

    patients: how many shared the ride, on a line only (QTY*PT).
    """

    reason: str = ""
    miles: Decimal = Decimal(0)
    pick_up: Address | None = None
    drop_off: Address | None = None
    drop_off_name: str = ""
    weight_lb: Decimal | None = None
    round_trip: str = ""
    stretcher: str = ""
    conditions: tuple[str, ...] = ()
    conditions_apply: bool = True
    patients: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimDates:
    """Days that explain a professional claim (837P 2300 DTP). disabled_until: behind disabled_on, or alone when only the
    end is known."""

    onset_on: date | None = None
    first_treated_on: date | None = None
    last_seen_on: date | None = None
    acute_on: date | None = None
    last_menstrual_on: date | None = None
    last_xray_on: date | None = None
    prescribed_on: date | None = None
    disabled_on: date | None = None
    disabled_until: date | None = None
    last_worked_on: date | None = None
    back_to_work_on: date | None = None
    admitted_on: date | None = None
    discharged_on: date | None = None
    care_assumed_on: date | None = None
    care_relinquished_on: date | None = None


NO_DATES = ClaimDates()


@dataclass(frozen=True, slots=True)
class EpsdtReferral:
    """Whether a child's screening led to a referral (CRC*ZZ). conditions: AV declined, NU not used, S2 under way, ST new."""

    given: bool
    conditions: tuple[str, ...] = field(default=("NU",))


class Billed(Protocol):
    """What every kind of claim says of the levels above it (837 2000A to 2010CA) and to whom it goes."""

    @property
    def control_number(self) -> str: ...
    @property
    def billing(self) -> BillingProvider: ...
    @property
    def patient(self) -> Person: ...
    @property
    def coverage(self) -> Coverage: ...
    @property
    def sequence(self) -> str: ...
    @property
    def medicare_reason(self) -> str: ...
    @property
    def property_claim_number(self) -> str: ...
    @property
    def benefits_assigned(self) -> str: ...
    @property
    def release_of_information(self) -> str: ...
    @property
    def charge_cents(self) -> int: ...
