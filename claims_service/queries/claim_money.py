"""Where the money of claims and their services went, read from the books alone."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from claims_service.domain.ledger import accounts
from claims_service.domain.ledger.second_person import REASONS
from claims_service.queries.rows import marks, rows
from claims_service.store import journal
from claims_service.store.connection import opened

_PATIENT_PAID = (accounts.CARD_CLEARING, accounts.DESK_CLEARING, accounts.PATIENT_CREDIT)
_PLAN_PAID = (accounts.INSURER_CLEARING, accounts.INSURER_REFUNDS, accounts.INTEREST, accounts.PROVIDER_BALANCE)
_GIVEN_UP = (accounts.WRITE_OFF, accounts.PENALTIES)
# accounts that carry the insurer's reason for what it did not pay
_REASONED = (
    accounts.CONTRACTUAL,
    accounts.IN_REVIEW,
    accounts.PATIENT_OWES,
    accounts.NEXT_PAYER_OWES,
    accounts.PENALTIES,
)


@dataclass(frozen=True, slots=True)
class Money:
    """The charge and where it is now; the parts always add up to the charge. Whole cents.

    came_cents: taken over from an earlier plan's claim instead of charged. passed_cents: handed to the next plan's claim.
    denied_cents: refused and in review. next_plan_cents: to be billed to the next plan.
    """

    charge_cents: int = 0
    came_cents: int = 0
    discount_cents: int = 0
    plan_paid_cents: int = 0
    denied_cents: int = 0
    next_plan_cents: int = 0
    passed_cents: int = 0
    patient_paid_cents: int = 0
    patient_owes_cents: int = 0
    given_up_cents: int = 0
    insurer_owes_cents: int = 0

    @property
    def patient_share_cents(self) -> int:
        return self.patient_paid_cents + self.patient_owes_cents

    @property
    def whole_cents(self) -> int:
        return self.charge_cents + self.came_cents

    @property
    def answered(self) -> bool:
        """The insurer has said something about the money."""
        return bool(self.whole_cents) and self.insurer_owes_cents != self.whole_cents


@dataclass(frozen=True, slots=True)
class Reason:
    """Part of a charge with the insurer's reason. account: where it went; code: group and reason, "CO45"."""

    account: str
    code: str
    cents: int


@dataclass(frozen=True, slots=True)
class LineMoney:
    """One service of a claim; number 0: what concerns the claim as a whole."""

    money: Money = field(default_factory=Money)
    reasons: tuple[Reason, ...] = ()


def money_from(balances: Mapping[str, int]) -> Money:
    """From debit-positive cents by account of one claim or line."""

    def total(*names: str) -> int:
        return sum(balances.get(name, 0) for name in names)

    between = total(accounts.BETWEEN_PLANS)
    return Money(
        charge_cents=-total(accounts.REVENUE),
        came_cents=max(-between, 0),
        discount_cents=total(accounts.CONTRACTUAL),
        plan_paid_cents=total(*_PLAN_PAID),
        denied_cents=total(accounts.IN_REVIEW),
        next_plan_cents=total(accounts.NEXT_PAYER_OWES),
        passed_cents=max(between, 0),
        patient_paid_cents=total(*_PATIENT_PAID),
        patient_owes_cents=total(accounts.PATIENT_OWES),
        given_up_cents=total(*_GIVEN_UP),
        insurer_owes_cents=total(accounts.PAYER_OWES),
    )


def of_claims(practice: int, claims: Sequence[int]) -> dict[int, Money]:
    """Money of each claim, in one SELECT for 500 claims."""
    return {claim: money_from(found) for claim, found in journal.claim_balances(practice, claims).items()}


def of_lines(practice: int, claims: Sequence[int]) -> dict[int, dict[int, LineMoney]]:
    """Money and reasons of each service by claim and line number, in one SELECT."""
    sql = (
        "select claim, coalesce(line, 0), debit, credit, reason, sum(cents) from journal_transfer"
        f" where practice_id = ? and claim in ({marks(claims)}) group by claim, coalesce(line, 0), debit, credit, reason"
    )
    with opened():
        moved = rows(sql, practice, *claims) if claims else []
    return _by_line(moved)


def of_remittance(practice: int, remittance: int) -> dict[int, LineMoney]:
    """What one remittance did to each claim, in one SELECT; claim 0: money that no claim explains."""
    sql = (
        "select coalesce(t.claim, 0), 0, t.debit, t.credit, t.reason, sum(t.cents) from journal_transfer t"
        " join journal_entry e on e.id = t.entry_id where t.practice_id = ? and e.source = 'remittance' and e.source_id = ?"
        " group by coalesce(t.claim, 0), t.debit, t.credit, t.reason"
    )
    with opened():
        moved = rows(sql, practice, remittance)
    return {claim: lines[0] for claim, lines in _by_line(moved).items()}


def _by_line(moved: Iterable[Sequence[object]]) -> dict[int, dict[int, LineMoney]]:
    sums: dict[tuple[int, int], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    why: dict[tuple[int, int], dict[tuple[str, str], int]] = defaultdict(lambda: defaultdict(int))
    for claim, line, debit, credit, reason, cents in moved:
        place = (int(str(claim)), int(str(line)))
        for account, sign in ((str(debit), 1), (str(credit), -1)):
            amount = sign * int(str(cents))
            sums[place][account] += amount
            # A reason of REASONS is the clinic's own for giving money up.
            if reason and account in _REASONED and reason not in REASONS:
                why[place][(account, str(reason))] += amount
    found: dict[int, dict[int, LineMoney]] = defaultdict(dict)
    for (claim, line), balances in sorted(sums.items()):
        reasons = tuple(Reason(account, code, c) for (account, code), c in why[(claim, line)].items() if c)
        found[claim][line] = LineMoney(money_from(balances), reasons)
    return found
