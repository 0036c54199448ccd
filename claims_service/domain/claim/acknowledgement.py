"""What a payer says on receiving a file, before it decides: TA1, 999 and 277CA as values."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """TA1: about an envelope. code: A accepted, E accepted with errors (do not resend), R rejected.

    wanted: the sender asked for it (ISA14); known of our own answers only.
    """

    interchange_control: str
    interchange_on: date
    interchange_time: str
    code: str
    note: str = "000"
    wanted: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class SegmentFault:
    """One fault a 999 names (IK3 and IK4). position counts segments from ST = 1. No data value is kept."""

    segment: str
    position: int
    loop: str = ""
    segment_code: str = ""
    element: str = ""
    element_code: str = ""


@dataclass(frozen=True, slots=True)
class TransactionAnswer:
    """One ST of a 999 (AK2 to IK5). code: A, E, R (M, W, X count as R).

    errors: up to five of IK502 about the transaction as a whole; "5", bad segments, goes without saying beside faults.
    """

    transaction_control: str
    code: str
    faults: tuple[SegmentFault, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """999: about a functional group. code: A, E, P partly, R (AK901).

    functional_id and version: GS01 and GS08 of the group that is answered. errors: up to five of AK905.
    """

    group_control: str
    functional_id: str
    version: str
    code: str
    transactions: tuple[TransactionAnswer, ...] = ()
    included: int = 0
    received: int = 0
    accepted: int = 0
    errors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StatusReason:
    """STC01, STC10 or STC11: category, status and entity code."""

    category: str
    status: str
    entity: str = ""


ACCEPTED_CATEGORIES = frozenset({"A0", "A1", "A2", "A5"})  # X12 list 507; A3, A4, A6, A7, A8 send the claim back


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """277CA 2200D: one claim accepted for adjudication, or sent back with reasons."""

    control_number: str
    reasons: tuple[StatusReason, ...]
    charge_cents: int
    payer_claim_number: str = ""
    answered_on: date | None = None

    @property
    def accepted(self) -> bool:
        return all(reason.category in ACCEPTED_CATEGORIES for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class BatchAnswer:
    """277CA: a whole batch. reference = our BHT03, echoed in 2200B TRN02.

    accepted and rejected totals come from QTY and AMT of the receiver loop; None when the payer left them out.
    rejected_whole: a rejection at receiver or provider level, which hits every claim below it.
    """

    reference: str
    payer_name: str
    payer_identifier: str
    claims: tuple[ClaimAnswer, ...]
    accepted_count: int | None = None
    rejected_count: int | None = None
    accepted_cents: int | None = None
    rejected_cents: int | None = None
    rejected_whole: tuple[StatusReason, ...] = ()
