"""From what an insurer decided to the journal: each part of a charge to the account it belongs to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.ledger.accounts import (
    CONTRACTUAL,
    IN_REVIEW,
    INSURER_CLEARING,
    INTEREST,
    NEXT_PAYER_OWES,
    PATIENT_OWES,
    PAYER_OWES,
    PENALTIES,
    PROVIDER_BALANCE,
    SUSPENSE,
)
from claims_service.domain.ledger.journal import Entry, Transfer, moved
from claims_service.domain.remittance.advice import ClaimPayment, ProviderAdjustment
from claims_service.domain.remittance.reasons import CONTRACT, MIRROR, PATIENT, ReasonPolicy

_PENALTY = frozenset(
    {"50", "51", "90", "AH", "L3"}
)  # PLB03-1: late filing, interest penalty, early payment, fee, penalty

# memos of entries: one that takes the denial before it back, one of a claim's second payment, one that takes that back
ANEW, TWICE, TWICE_BACK = "decided anew", "paid twice", "second payment taken back"


@dataclass(frozen=True, slots=True)
class Target:
    """Our claim behind a claim payment. lines: our line number by SVC position, where it could be told.

    later_payer: the claim went to a second or third plan. next_payer: another plan follows this one.
    limit_cents: what a later plan can settle at most; its discount repeats the first plan's beyond that.
    """

    claim: int
    patient: int
    payer: int
    later_payer: bool
    next_payer: bool
    lines: Mapping[int, int]
    limit_cents: int | None = None


def entry_for(
    payment: ClaimPayment, target: Target, policy: ReasonPolicy, *, remittance: int, key: str, posted_on: date
) -> Entry:
    """Move what the insurer settled off PAYER_OWES; a reversal's negative amounts move everything back.

    The payment must balance (see balancing): then charge = paid + discount + patient + review + open for every claim.
    """
    transfers: list[Transfer] = []
    in_lines = 0
    for line in payment.lines:
        number = target.lines.get(line.position)
        in_lines += line.paid_cents
        transfers += _paid(line.paid_cents, target, number)
        for adjustment in line.adjustments:
            transfers += _adjusted(adjustment, target, number, policy)
    for adjustment in payment.adjustments:
        transfers += _adjusted(adjustment, target, None, policy)
    # Without lines, or where claim-level adjustments lower the payment, the rest of CLP04 belongs to the claim as a whole.
    transfers += _paid(payment.paid_cents - in_lines, target, None)
    if target.later_payer and target.limit_cents is not None:
        transfers = _within(transfers, target.limit_cents)
    memo = "reversal" if payment.is_reversal else ""
    return Entry(
        posted_on, "remittance", f"835:{key}:{payment.position}", "remittance", remittance, tuple(transfers), memo
    )


def decided_anew(entry: Entry, in_review: Mapping[int | None, Mapping[str, int]]) -> Entry | None:
    """The same entry with the denial before it taken back, where every service it settles stands wholly in review; else None.

    Some insurers pay what they denied without a reversal (CLP02 22) first. in_review: cents by line and reason.
    """
    settles: dict[int | None, int] = defaultdict(int)
    for t in entry.transfers:
        settles[t.line] += (t.credit == PAYER_OWES) * t.cents - (t.debit == PAYER_OWES) * t.cents
    if not settles or any(cents != sum(in_review.get(line, {}).values()) for line, cents in settles.items()):
        return None
    about = entry.transfers[0]
    back = [
        replace(about, debit=debit, credit=credit, cents=abs(cents), line=line, reason=reason)
        for line in settles
        for reason, cents in in_review.get(line, {}).items()
        if cents
        for debit, credit in [(PAYER_OWES, IN_REVIEW) if cents > 0 else (IN_REVIEW, PAYER_OWES)]
    ]
    return replace(entry, transfers=(*back, *entry.transfers), memo=ANEW)


def money_alone(entry: Entry, memo: str) -> Entry:
    """The same payment without what it says of discounts and shares: a decision before it says that already.

    What was paid too much is then the insurer's credit on the claim, to be given back; the patient owes no cent more.
    """
    return replace(
        entry, transfers=tuple(t for t in entry.transfers if INSURER_CLEARING in (t.debit, t.credit)), memo=memo
    )


def settles_cents(entry: Entry) -> int:
    """What an entry takes off PAYER_OWES; below zero where it puts back."""
    return sum(t.cents if t.credit == PAYER_OWES else -t.cents if t.debit == PAYER_OWES else 0 for t in entry.transfers)


def _within(transfers: Sequence[Transfer], limit_cents: int) -> list[Transfer]:
    """Discounts of a later plan no higher than what is left of the charge: the rest was given to the first plan (CO 45)."""
    settled = sum(t.cents if t.credit == PAYER_OWES else -t.cents for t in transfers)
    sign = -1 if settled < 0 else 1
    over = sign * settled - max(limit_cents, 0)
    kept = []
    for t in transfers:
        side = (t.debit, t.credit) if sign > 0 else (t.credit, t.debit)
        cut = min(max(over, 0), t.cents) if side == (CONTRACTUAL, PAYER_OWES) else 0
        over -= cut
        if t.cents > cut:
            kept.append(replace(t, cents=t.cents - cut) if cut else t)
    return kept


def _paid(cents: int, target: Target, line: int | None) -> tuple[Transfer, ...]:
    return _settled(INSURER_CLEARING, cents, target, line, "paid")


def _adjusted(a: Adjustment, target: Target, line: int | None, policy: ReasonPolicy) -> tuple[Transfer, ...]:
    meaning = policy.meaning(a.group, a.reason, later_payer=target.later_payer)
    if meaning == MIRROR:
        return ()
    account = CONTRACTUAL if meaning == CONTRACT else IN_REVIEW
    if meaning == PATIENT:
        account = NEXT_PAYER_OWES if target.next_payer else PATIENT_OWES
    return _settled(account, a.cents, target, line, a.group + a.reason)


def _settled(account: str, cents: int, target: Target, line: int | None, reason: str) -> tuple[Transfer, ...]:
    return moved(account, PAYER_OWES, cents, target.claim, line, target.patient, target.payer, reason)


def suspense_for(payment: ClaimPayment, *, payer: int | None, remittance: int, key: str, posted_on: date) -> Entry:
    """A payment for no claim of ours: the money came, so it is held until a person places it or sends it back."""
    transfers = moved(INSURER_CLEARING, SUSPENSE, payment.paid_cents, payer=payer, reason="unknown claim")
    return Entry(posted_on, "suspense", f"835:{key}:{payment.position}", "remittance", remittance, transfers)


def provider_account(adjustment: ProviderAdjustment, *, located: bool) -> str:
    """The account a provider-level adjustment goes to (835 PLB03-1).

    A recovery (WO) whose claim is known waits for review on that claim; interest and penalties are income and cost;
    all others are a running balance with the insurer.
    """
    if adjustment.reason == "L6":
        return INTEREST
    if adjustment.reason in _PENALTY:
        return PENALTIES
    if adjustment.reason in {"WO", "WU"} and located:
        return IN_REVIEW
    return PROVIDER_BALANCE


def provider_entry(
    adjustment: ProviderAdjustment,
    number: int,
    *,
    claim: tuple[int, int] | None,
    payer: int | None,
    remittance: int,
    key: str,
    posted_on: date,
) -> Entry:
    """A positive amount lowers the payment, a negative one raises it (835 PLB04). claim: (claim, patient) when located."""
    account = provider_account(adjustment, located=claim is not None)
    about, patient = claim if account == IN_REVIEW and claim else (None, None)
    transfers = moved(
        account, INSURER_CLEARING, adjustment.cents, about, None, patient, payer, reason=adjustment.reason
    )
    return Entry(posted_on, "provider_adjustment", f"835:{key}:plb:{number}", "remittance", remittance, transfers)
