"""What an insurer decided and paid: an 835 as values, one claim payment at a time."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from claims_service.domain.claim.claim import Adjustment

REVERSAL = "22"  # CLP02
PREDETERMINATION = "25"  # CLP02: what would be paid; no money moves
_FORWARDED = frozenset({"19", "20", "21"})  # CLP02: processed and sent on to the next payer
_FORWARDED_REMARKS = frozenset({"MA07", "MA18", "N89"})  # MIA, MOA: sent on to Medicaid, to another plan, to several


@dataclass(frozen=True, slots=True)
class Advice:
    """The head of one 835 transaction (ST to 1000B).

    paid_cents: BPR02, negative when BPR03 says debit. method: BPR04 ACH, CHK, NON, FWT, BOP.
    trace: TRN02 check or EFT number; originator: TRN03. payer_identifier: REF*2U, else N104. test: ISA15 = T, no money moves.
    """

    interchange_control: str
    group_control: str
    transaction_control: str
    trace: str
    originator: str
    paid_cents: int
    method: str
    paid_on: date
    payer_name: str
    payer_identifier: str
    payee_name: str
    payee_npi: str = ""
    payee_tax_id: str = ""
    produced_on: date | None = None
    test: bool = False


@dataclass(frozen=True, slots=True)
class LinePayment:
    """One service of a claim payment (2110). reference: REF*6R, empty when the payer did not echo it.

    procedure and modifiers: as adjudicated (SVC01); original_procedure: SVC06 when the payer changed it.
    allowed_cents: AMT*B6 when sent. units: SVC05 paid units.
    """

    position: int
    procedure: str
    charge_cents: int
    paid_cents: int
    reference: str = ""
    modifiers: tuple[str, ...] = ()
    units: Decimal = Decimal(1)
    served_on: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    allowed_cents: int | None = None
    original_procedure: str = ""
    qualifier: str = "HC"


@dataclass(frozen=True, slots=True)
class ClaimPayment:
    """One CLP loop (2100). position counts CLPs in the transaction from 1; segment counts from ST = 1.

    patient_share_cents: CLP05, informative only. control_number: CLP01, our CLM01. original_number: REF*F8, the insurer's
    number of the claim that this one corrects or takes back.
    """

    position: int
    control_number: str
    status: str
    charge_cents: int
    paid_cents: int
    payer_claim_number: str
    patient_share_cents: int = 0
    filing: str = ""
    place_of_service: str = ""
    frequency: str = ""
    patient_last: str = ""
    patient_first: str = ""
    member_id: str = ""
    served_on: date | None = None
    served_until: date | None = None
    received_on: date | None = None
    adjustments: tuple[Adjustment, ...] = ()
    lines: tuple[LinePayment, ...] = ()
    remarks: tuple[str, ...] = ()
    interest_cents: int = 0
    coverage_amount_cents: int | None = None
    crossover_payer: str = ""
    corrected_member_id: str = ""
    segment: int = 0
    original_number: str = ""

    @property
    def is_reversal(self) -> bool:
        return self.status == REVERSAL

    @property
    def is_forwarded(self) -> bool:
        """The insurer sent the claim on to the next plan itself (crossover): by CLP02, NM1*TT or a remark. We don't bill it too."""
        return (
            self.status in _FORWARDED or bool(self.crossover_payer) or not _FORWARDED_REMARKS.isdisjoint(self.remarks)
        )


@dataclass(frozen=True, slots=True)
class ProviderAdjustment:
    """One PLB pair. Positive lowers the payment, negative raises it (835 PLB04)."""

    npi: str
    fiscal_year_end: date
    reason: str
    reference: str
    cents: int


@dataclass(frozen=True, slots=True)
class AdviceEnd:
    """The end of one 835 transaction: provider-level adjustments, and the sums met on the way."""

    claim_count: int
    provider_adjustments: tuple[ProviderAdjustment, ...]
