"""Money given back to insurers: each with where it stands and the day by which the law wants it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from claims_service.domain.credit import OFFSET, Clock, clock
from claims_service.domain.errors import NotFound
from claims_service.queries.rows import known_day, row, rows
from claims_service.store import insurer_refunds as store
from claims_service.store import remittances
from claims_service.store.connection import opened

WAITS, REFUSED, WRITTEN, CASHED, PROMISED, TAKEN, BACK = (
    "waits",
    "refused",
    "written",
    "cashed",
    "promised",
    "taken",
    "back",
)
STATES = {
    WAITS: "Waits for a second person",
    REFUSED: "Refused",
    WRITTEN: "Not at the bank yet",
    CASHED: "Paid by the bank",
    PROMISED: "The insurer has not taken it yet",
    TAKEN: "Taken by the insurer",
    BACK: "Came back",
}
DONE = (CASHED, TAKEN, REFUSED, BACK)
MOST = 1000


@dataclass(frozen=True, slots=True)
class Refund:
    """state: of STATES; on_its_way_cents: of an offset not taken, of a check the bank has not paid.

    claim, patient: None where a held payment went back.
    """

    id: int
    number: str
    claim: int | None
    control_number: str
    patient: int | None
    patient_name: str
    payer: int | None
    payer_name: str
    cents: int
    way: str
    reason: str
    found_by: str
    letter: str
    identified_on: date
    check_number: str
    why: str
    by: str
    state: str
    on_its_way_cents: int
    clock: Clock | None

    @property
    def may_come_back(self) -> bool:
        """A check or transfer that went out."""
        return self.state in (WRITTEN, CASHED)

    def is_late(self, today: date) -> bool:
        """Past its day, and not returned."""
        return bool(self.clock and self.clock.repay_by < today and self.state in (WAITS, PROMISED))


@dataclass(frozen=True, slots=True)
class Returnable:
    """What a claim's insurer could be given back. cents: paid and not returned; since: the first day in credit, if it is."""

    claim: int
    control_number: str
    patient: int
    patient_name: str
    payer_name: str
    filing: str
    cents: int


def returnable(practice: int, claim: int) -> Returnable:
    """One claim.

    Raises:
        NotFound: none of this practice, or of no insurer.
    """
    sql = (
        "select c.control_number, c.patient_id, n.last, n.first, y.name, y.filing from claim c join patient n on n.id = c.patient_id"
        " join payer y on y.id = c.payer_id where c.practice_id = ? and c.id = ?"
    )
    with opened():
        found = row(sql, practice, claim)
        if found is None:
            raise NotFound("claim")
        number, patient, last, first, payer, filing = found
        cents = store.returnable(practice, claim)
    return Returnable(claim, number, int(patient), f"{last}, {first}", payer, filing, cents)


def refunds(practice: int) -> list[Refund]:
    """The newest 1,000: what is not returned yet by its day first, then the rest, the newest first."""
    sql = (
        "select r.id, r.number, r.claim_id, coalesce(c.control_number, ''), n.id, coalesce(n.last, ''), coalesce(n.first, ''),"
        " r.payer_id, coalesce(y.name, r.payee), coalesce(y.filing, ''), r.cents, r.way,"
        " r.reason, r.found_by, r.letter, r.identified_on, r.check_number, r.why, r.by, r.request_id, a.agreed,"
        " coalesce((select sum(-m.cents) from deposit_match m where m.practice_id = r.practice_id and m.kind = 'refund'"
        " and m.subject = r.id and m.undone_at is null), 0), exists (select 1 from journal_entry e where e.practice_id = r.practice_id"
        " and e.source = 'insurer_refund' and e.source_id = r.id and e.reverses is not null)"
        " from insurer_refund r left join claim c on c.id = r.claim_id left join patient n on n.id = c.patient_id"
        " left join payer y on y.id = r.payer_id left join money_answer a on a.request_id = r.request_id"
        " where r.practice_id = ? order by r.id desc limit ?"
    )
    with opened():
        listed = rows(sql, practice, MOST)
        taken = {one.id: cents for one, cents in store.offsets(practice).items()}
    found = [_refund(one, taken) for one in listed]
    return sorted(found, key=lambda r: (r.state in DONE, _due(r) if r.state not in DONE else date.max, -r.id))


def _due(one: Refund) -> date:
    return one.clock.repay_by if one.clock else date.max


def _refund(found: Sequence[object], taken: dict[int, int]) -> Refund:
    (key, number, claim, control, patient, last, first, payer, payer_name, filing, amount, way, reason, found_by, letter, on, check,
     why, by, request, agreed, cashed, back) = found  # fmt: skip
    identified_on, cents = known_day(on), int(str(amount))
    arrived = int(str(cashed)) if way != OFFSET else taken.get(int(str(key)), 0)
    if request is not None and agreed is None:
        state = WAITS
    elif request is not None and not agreed:
        state = REFUSED
    elif back:
        state = BACK
    elif way != OFFSET:
        state = CASHED if arrived >= cents else WRITTEN
    else:
        state = TAKEN if arrived >= cents else PROMISED
    left = cents - arrived if state in (WRITTEN, PROMISED) else 0
    return Refund(
        int(str(key)), str(number), _key(claim), str(control), _key(patient), f"{last}, {first}" if last else "", _key(payer),
        str(payer_name), cents, str(way), str(reason), str(found_by), str(letter or ""), identified_on, str(check or ""), str(why),
        str(by), state, left, clock(identified_on, str(filing)),
    )  # fmt: skip


def _key(found: object) -> int | None:
    return None if found is None else int(str(found))


@dataclass(frozen=True, slots=True)
class HeldPayment:
    """A held payment that may go back to who sent it, whole. payee: the insurer, or the name that the remittance bears."""

    item: int
    payee: str
    filing: str
    cents: int
    control_number: str
    remittance: int
    trace: str


def held_payment(practice: int, item: int) -> HeldPayment:
    """One that waits.

    Raises:
        NotFound: none of this practice, or it is settled.
    """
    sql = (
        "select coalesce(y.name, r.payer_name), coalesce(y.filing, ''), r.trace from remittance r"
        " left join payer y on y.id = r.payer_id where r.practice_id = ? and r.id = ?"
    )
    with opened():
        waiting = remittances.waiting(practice, [item])
        found = row(sql, practice, waiting[0].remittance) if waiting else None
    if found is None:
        raise NotFound("held payment")
    (one,), (payee, filing, trace) = waiting, found
    return HeldPayment(
        item, payee, filing, max(one.payment.paid_cents, 0), one.payment.control_number, one.remittance, trace
    )
