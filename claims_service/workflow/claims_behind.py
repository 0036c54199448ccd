"""Our claims behind what insurers decided, and whether each decision can be booked now. Not a step itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.claim import lifecycle
from claims_service.domain.claim.claim import ClaimLine
from claims_service.domain.coverage import Coverage, in_order
from claims_service.domain.ledger.accounts import IN_REVIEW, PAYER_OWES
from claims_service.domain.ledger.journal import Entry
from claims_service.domain.remittance import matching, posting, versions
from claims_service.domain.remittance.advice import PREDETERMINATION, ClaimPayment
from claims_service.domain.remittance.standing import AGAIN, ESTIMATE, Standing
from claims_service.formats.tables.reason_policy import reason_policy
from claims_service.store import claim_search, claim_values, claims, journal, patients, remittances
from claims_service.workflow.next_claim import stands

PAYABLE = frozenset(
    {lifecycle.SENT, lifecycle.RECEIVED, lifecycle.ACCEPTED, lifecycle.SENT_BACK, lifecycle.DECIDED, lifecycle.REPLACED}
)
UNKNOWN = "unknown_claim"
_ESTIMATED = "This says what the insurer would pay, and pays it at once. Ask the insurer what the money is for."


@dataclass(frozen=True, slots=True)
class Matter:
    """One claim payment, our claim behind it, and the remittance (row and key) that it is booked under."""

    payment: ClaimPayment
    head: claims.Head
    remittance: int
    key: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """entry: what to book, None where no money moves. obstacle: why it waits (a kind of held item), "" when it need not."""

    entry: Entry | None
    obstacle: str = ""
    message: str = ""


def claims_behind(practice: int, payer: int | None, payments: Sequence[ClaimPayment]) -> list[claims.Head | None]:
    """Our claim behind each payment, of this insurer only: by CLP01, else CLP07, else member, day and charge; where one fits.

    What a number of ours names is never looked for elsewhere (835 2100; of a corrected claim the version that is meant), but
    the first plan's claim also names what a later plan has of the same visit.
    """
    by_number = claims.by_control_number(practice, [p.control_number for p in payments])
    missing = [p for p in payments if p.control_number not in by_number]
    by_payer_number = claims.by_payer_claim_number(practice, [p.payer_claim_number for p in missing]) if missing else {}
    unnamed = [p for p in missing if p.payer_claim_number not in by_payer_number]
    by_visit = _by_visit(practice, payer, unnamed) if unnamed and payer is not None else {}
    following = _following(practice, payer, [head for head in by_number.values() if head.payer != payer])
    found: list[claims.Head | None] = []
    for payment in payments:
        if head := by_number.get(payment.control_number):
            fits = following.get(head.id, [head])
        else:
            fits = by_payer_number.get(payment.payer_claim_number) or by_visit.get(payment.position, [])
        fits = [head for head in fits if head.payer == payer and head.payer is not None and head.state in PAYABLE]
        found.append(fits[0] if len(fits) == 1 else None)
    return _versions(practice, payments, found)


def _following(practice: int, payer: int | None, others: Sequence[claims.Head]) -> dict[int, list[claims.Head]]:
    """By claim of another insurer: this insurer's claims of the same visit. A claim that crossed over keeps its first number."""
    if payer is None or not others:
        return {}
    of_visit = claims.of_encounters(practice, [head.encounter for head in others])
    return {
        head.id: [one for one in of_visit[head.encounter] if one.payer == payer and one.id > head.id and stands(one)]
        for head in others
    }


def _by_visit(practice: int, payer: int, payments: Sequence[ClaimPayment]) -> dict[int, list[claims.Head]]:
    """By position. A name that contradicts, or any doubt, is no match."""
    wanted = {p.position: day for p in payments if p.member_id and (day := matching.day_of_service(p))}
    known = claim_search.of_days(practice, payer, sorted(set(wanted.values())))
    return {
        p.position: [
            one.head
            for one in known
            if one.head.served_on == wanted[p.position]
            and one.head.charge_cents == abs(p.charge_cents)
            and one.member_id.upper() == p.member_id.upper()
            and p.patient_last.upper() in ("", one.last.upper())
        ]
        for p in payments
        if p.position in wanted
    }


def _versions(
    practice: int, payments: Sequence[ClaimPayment], found: Sequence[claims.Head | None]
) -> list[claims.Head | None]:
    """The same, but of a claim that was corrected the version that each payment is about."""
    corrected = [head for head in found if head and (head.replaces or head.state == lifecycle.REPLACED)]
    chains = claims.versions(practice, corrected) if corrected else {}
    return [
        versions.version_for(payment, head, chains[head.id]) if head and head.id in chains else head
        for payment, head in zip(payments, found, strict=True)
    ]


def weigh(practice: int, matters: Sequence[Matter], *, posted_on: date, forced: bool = False) -> list[Verdict]:
    """Whether each can be booked where its claim stands, those before it taken into account.

    forced: a person decided, so that nothing stands in the way; of a claim decided before the money alone is booked.
    """
    heads = {m.head.id: m.head for m in matters}
    lines = claim_values.lines(practice, list(heads))
    plans = patients.coverages(practice, list({head.patient for head in heads.values()}))
    standings = _standings(practice, matters, heads)
    memos = journal.memos(practice, list({m.head.id for m in matters if m.payment.is_reversal}))
    verdicts = []
    for matter in matters:
        head, standing = matter.head, standings[matter.head.id]
        if matter.payment.status == PREDETERMINATION and not forced:
            verdicts.append(Verdict(None, ESTIMATE if matter.payment.paid_cents else "", _ESTIMATED))
            continue
        target = target_of(matter.payment, head, lines[head.id], plans[head.patient], standing)
        entry = posting.entry_for(
            matter.payment, target, reason_policy(), remittance=matter.remittance, key=matter.key, posted_on=posted_on
        )
        settles = posting.settles_cents(entry)
        obstacle = standing.obstacle(matter.payment, settles)
        if obstacle == AGAIN and (anew := _decided_anew(practice, matter, entry)):
            entry, settles, obstacle = anew, posting.settles_cents(anew), ""
        elif matter.payment.is_reversal and not matter.payment.paid_cents and posting.ANEW in memos.get(head.id, ()):
            verdicts.append(Verdict(None))  # the denial was taken back when its service was paid
            continue
        if twice := _paid_twice(practice, matter, entry, obstacle, memos, forced=forced):
            entry, settles = twice, posting.settles_cents(twice)
        if obstacle and not forced:
            verdicts.append(Verdict(None, obstacle, standing.told(obstacle, settles)))
        else:
            standing.take(matter.payment, settles)
            verdicts.append(Verdict(entry))
    return verdicts


def _decided_anew(practice: int, matter: Matter, entry: Entry) -> Entry | None:
    if matter.payment.is_reversal or matter.payment.paid_cents <= 0:
        return None
    return posting.decided_anew(entry, journal.by_line_and_reason(practice, matter.head.id, IN_REVIEW))


def _paid_twice(
    practice: int, matter: Matter, entry: Entry, obstacle: str, memos: Mapping[int, set[str]], *, forced: bool
) -> Entry | None:
    """A second decision that a person places on its claim, and later its reversal, move money and no share; else None.

    memos: of the entries of claims that a reversal is about.
    """
    claim = matter.head.id
    if forced and obstacle == AGAIN and remittances.decided(practice, [claim]).get(claim):
        return posting.money_alone(entry, posting.TWICE)
    known = memos.get(claim, set())
    if matter.payment.is_reversal and posting.TWICE in known and posting.TWICE_BACK not in known:
        return posting.money_alone(entry, posting.TWICE_BACK)
    return None


def _standings(practice: int, matters: Sequence[Matter], heads: dict[int, claims.Head]) -> dict[int, Standing]:
    balances = journal.claim_balances(practice, list(heads))
    taken_back = list({m.head.id for m in matters if m.payment.is_reversal})
    decided = remittances.decided(practice, taken_back) if taken_back else {}
    settled = journal.settled(practice, taken_back) if taken_back else {}
    return {
        key: Standing(
            balances[key].get(PAYER_OWES, 0),
            settled.get(key, 0),
            decided.get(key, 0),
            head.state == lifecycle.REPLACED,
        )
        for key, head in heads.items()
    }


def target_of(
    payment: ClaimPayment,
    head: claims.Head,
    lines: Sequence[ClaimLine],
    plans: Sequence[Coverage],
    standing: Standing,
) -> posting.Target:
    """Our claim as posting sees it; what an insurer passed on itself is the next plan's even where we don't know that plan."""
    later = bool(_later(head, plans))
    return posting.Target(
        head.id, head.patient, head.payer or 0, head.sequence != "P", later or payment.is_forwarded,
        matching.line_numbers(payment, lines), standing.limit_cents(payment),
    )  # fmt: skip


def without_later_plan(practice: int, heads: Sequence[claims.Head]) -> set[int]:
    """Claims whose patients have no plan after the one that was billed, as far as we know."""
    plans = patients.coverages(practice, list({head.patient for head in heads}))
    return {head.id for head in heads if not _later(head, plans[head.patient])}


def _later(head: claims.Head, plans: Sequence[Coverage]) -> list[Coverage]:
    own = next((plan for plan in plans if plan.id == head.coverage), None)
    return [plan for plan in in_order(plans, head.served_on) if own and plan.rank > own.rank]
