"""Remittances: the list, one with everything it did, and what of them waits for a person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger import accounts
from claims_service.domain.remittance.advice import Advice, AdviceEnd
from claims_service.formats.remittances import read_remittance
from claims_service.queries import claim_money, people
from claims_service.queries.claim_money import LineMoney
from claims_service.queries.rows import instant, known_day, known_instant, marks, row, rows
from claims_service.store import files, journal, remittances
from claims_service.store.connection import opened

MOST, MOST_EXPORTED = 200, 50_000
PLACEABLE = remittances.PLACEABLE
_BANK = (
    "(select coalesce(sum(m.cents), 0) from deposit_match m where m.practice_id = r.practice_id and m.kind = 'remittance'"
    " and m.subject = r.id and m.undone_at is null)"
)
_HELD = "(select count(*) from held_item h where h.remittance_id = r.id and h.closed_at is null)"


@dataclass(frozen=True, slots=True)
class Remitted:
    """One remittance in a list. state: posted or held. bank_cents: found in the bank so far."""

    id: int
    payer_name: str
    trace: str
    method: str
    paid_cents: int
    paid_on: date
    claim_count: int
    state: str
    at: datetime
    bank_cents: int
    held: int


@dataclass(frozen=True, slots=True)
class Head:
    """key facts of a remittance. reasons: why it is held, empty when it was posted."""

    id: int
    file: int
    file_name: str
    payer: int | None
    payer_name: str
    trace: str
    method: str
    paid_cents: int
    paid_on: date
    state: str
    reasons: str
    transaction_control: str
    at: datetime
    who: str
    bank_cents: int
    bank_on: date | None


@dataclass(frozen=True, slots=True)
class Paid:
    """One claim payment. claim: ours, None when we have no such claim. told: what it did to the claim in the books."""

    position: int
    segment: int
    control_number: str
    status: str
    charge_cents: int
    paid_cents: int
    state: str
    claim: int | None
    patient: int | None
    patient_name: str
    expected_cents: int | None
    sequence: str
    told: LineMoney


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A provider-level adjustment; positive lowered the payment."""

    reason: str
    reference: str
    cents: int
    claim: int | None
    account: str


@dataclass(frozen=True, slots=True)
class HeldItem:
    """Something a person must decide on, with its place in the file."""

    id: int
    kind: str
    message: str
    mend: str
    place: str
    cents: int | None
    opened_at: datetime
    closed_at: datetime | None
    remittance: int | None
    payer_name: str
    file: int | None
    control_number: str


@dataclass(frozen=True, slots=True)
class RemittancePage:
    """All that the page of one remittance shows."""

    head: Head
    payments: tuple[Paid, ...]
    adjustments: tuple[Adjusted, ...]
    held: tuple[HeldItem, ...]
    books_cents: int

    @property
    def claims_cents(self) -> int:
        return sum(paid.paid_cents for paid in self.payments if paid.paid_cents > 0)

    @property
    def taken_back_cents(self) -> int:
        """Reversals and what the insurer kept outside of the claims, as a positive number; negative when it added more."""
        back = sum(-paid.paid_cents for paid in self.payments if paid.paid_cents < 0)
        return back + sum(adjusted.cents for adjusted in self.adjustments)

    @property
    def difference_cents(self) -> int:
        """What the file's own sum lacks, and what the books lack of the file; zero is the only good number."""
        return self.claims_cents - self.taken_back_cents - self.head.paid_cents


def listed(practice: int, most: int = MOST) -> list[Remitted]:
    """The newest remittances, in one SELECT."""
    sql = (
        "select r.id, coalesce(y.name, r.payer_name), r.trace, r.method, r.paid_cents, r.paid_on, r.claim_count, r.state, r.at,"
        f" {_BANK}, {_HELD} from remittance r left join payer y on y.id = r.payer_id where r.practice_id = ? order by r.id desc limit ?"
    )
    with opened():
        return [
            Remitted(
                key, name, trace, method, cents, known_day(on), claims, state, known_instant(at), int(bank), int(held)
            )
            for key, name, trace, method, cents, on, claims, state, at, bank, held in rows(sql, practice, most)
        ]


def remittance_page(practice: int, remittance: int) -> RemittancePage:
    """One remittance in seven SELECTs; a held one is read from its file as well.

    Raises:
        NotFound: no such remittance of this practice.
    """
    with opened():
        head = _head(practice, remittance)
        money = claim_money.of_remittance(practice, remittance)
        books = row(
            "select coalesce(sum(case when t.debit = 'insurer_clearing' then t.cents when t.credit = 'insurer_clearing' then -t.cents else 0 end), 0)"
            " from journal_transfer t join journal_entry e on e.id = t.entry_id"
            " where t.practice_id = ? and e.source = 'remittance' and e.source_id = ?",
            practice, remittance,
        )  # fmt: skip
        assert books is not None, "a sum always gives a row"
        return RemittancePage(
            head,
            tuple(_payments(practice, remittance, money)),
            tuple(_adjustments(practice, remittance) if head.state == "posted" else _in_file(practice, head)),
            tuple(_held_items(practice, "h.remittance_id = ?", remittance)),
            int(books[0]),
        )


def held(practice: int) -> list[HeldItem]:
    """Everything that waits for a person's decision, the oldest first, in one SELECT."""
    with opened():
        return _held_items(practice, "h.closed_at is null")


def of_file(practice: int, file: int) -> list[tuple[int, str, int]]:
    """(id, payer, cents) of the remittances a file brought."""
    sql = "select id, payer_name, paid_cents from remittance where practice_id = ? and file_id = ? order by id"
    with opened():
        return [(int(key), str(name), int(cents)) for key, name, cents in rows(sql, practice, file)]


def scan_of(practice: int, remittance: int) -> int | None:
    """The kept scan of a remittance that was typed from paper; None where there is none."""
    found = row(
        "select p.scan_id from remittance r join paper_remittance p on p.file_id = r.file_id and p.practice_id = r.practice_id"
        " where r.practice_id = ? and r.id = ?",
        practice, remittance,
    )  # fmt: skip
    return int(found[0]) if found and found[0] else None


def _head(practice: int, remittance: int) -> Head:
    found = row(
        "select r.id, r.file_id, f.name, r.payer_id, coalesce(y.name, r.payer_name), r.trace, r.method, r.paid_cents, r.paid_on, r.state,"
        f" r.reasons, r.transaction_control, r.at, r.by, {_BANK}, (select max(b.booked_on) from deposit_match m join bank_line b"
        " on b.id = m.bank_line_id where m.kind = 'remittance' and m.subject = r.id and m.undone_at is null and m.practice_id = r.practice_id)"
        " from remittance r join exchange_file f on f.id = r.file_id left join payer y on y.id = r.payer_id"
        " where r.practice_id = ? and r.id = ?",
        practice, remittance,
    )  # fmt: skip
    if found is None:
        raise NotFound("remittance")
    key, file, name, payer, payer_name, trace, method, cents, on, state, why, control, at, by, bank, bank_on = found
    who = people.names(practice, [by])[by]
    return Head(
        key, file, name, payer, payer_name, trace, method, cents, known_day(on), state, why, control, known_instant(at), who,
        int(bank), known_day(bank_on) if bank_on else None,
    )  # fmt: skip


def _payments(practice: int, remittance: int, money: dict[int, LineMoney]) -> list[Paid]:
    found = rows(
        "select m.position, m.segment, m.control_number, m.status, m.charge_cents, m.paid_cents, m.state, m.claim_id, p.id, p.first, p.last,"
        " c.expected_cents, c.sequence from claim_payment m left join claim c on c.id = m.claim_id left join patient p on p.id = c.patient_id"
        " where m.practice_id = ? and m.remittance_id = ? order by m.position",
        practice, remittance,
    )  # fmt: skip
    return [
        Paid(
            position, segment, control, status, charge, paid, state, claim, patient, f"{first or ''} {last or ''}".strip(),
            expected, sequence or "", money.get(claim or 0, LineMoney()) if claim else LineMoney(),
        )
        for position, segment, control, status, charge, paid, state, claim, patient, first, last, expected, sequence in found
    ]  # fmt: skip


def _adjustments(practice: int, remittance: int) -> list[Adjusted]:
    sql = "select reason, reference, cents, claim_id, account from provider_adjustment where practice_id = ? and remittance_id = ? order by id"
    return [Adjusted(*found) for found in rows(sql, practice, remittance)]


def _in_file(practice: int, head: Head) -> list[Adjusted]:
    """Of a held remittance nothing is booked, so its adjustments stand in its file alone."""
    found, ours = [], False
    for item in read_remittance(files.content_of(practice, head.file)):
        if isinstance(item, Advice):
            ours = item.transaction_control == head.transaction_control and item.trace == head.trace
        elif isinstance(item, AdviceEnd) and ours:
            found += [Adjusted(a.reason, a.reference, a.cents, None, "") for a in item.provider_adjustments]
    return found


def _held_items(practice: int, condition: str, *values: object) -> list[HeldItem]:
    found = rows(
        "select h.id, h.kind, h.message, h.mend, h.place, h.cents, h.opened_at, h.closed_at, h.remittance_id,"
        " coalesce(y.name, r.payer_name, z.name, ''), h.file_id, coalesce(m.control_number, '') from held_item h"
        " left join remittance r on r.id = h.remittance_id left join payer y on y.id = r.payer_id"
        " left join claim_payment m on m.id = h.claim_payment_id left join exchange_file f on f.id = h.file_id"
        " left join payer z on z.id = f.payer_id"
        f" where h.practice_id = ? and {condition} order by h.opened_at, h.id",
        practice, *values,
    )  # fmt: skip
    return [
        HeldItem(
            key, kind, message, mend, place, cents, known_instant(at), instant(closed), remittance, payer, file, control
        )
        for key, kind, message, mend, place, cents, at, closed, remittance, payer, file, control in found
    ]


def patients_of(page: RemittancePage) -> Sequence[int]:
    """Whose data the page shows."""
    return [paid.patient for paid in page.payments if paid.patient]


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that was taken in or sent, without its bytes. patients: whose claims it names."""

    id: int
    kind: str
    direction: str
    name: str
    state: str
    size: int
    at: datetime
    payer_name: str
    patients: tuple[int, ...]


def kept_file(practice: int, file: int) -> KeptFile:
    """One file and whose data is in it, in two SELECTs.

    Raises:
        NotFound: no such file of this practice.
    """
    with opened():
        found = row(
            "select f.id, f.kind, f.direction, f.name, f.state, f.size, f.at, coalesce(y.name, '') from exchange_file f"
            " left join payer y on y.id = f.payer_id where f.practice_id = ? and f.id = ?",
            practice, file,
        )  # fmt: skip
        if found is None:
            raise NotFound("file")
        named = rows(
            "select c.patient_id from file_claim x join claim c on c.id = x.claim_id where x.practice_id = ? and x.file_id = ?"
            " union select c.patient_id from claim_event x join claim c on c.id = x.claim_id where x.practice_id = ? and x.file = ?",
            practice, file, practice, file,
        )  # fmt: skip
    key, kind, direction, name, state, size, at, payer = found
    return KeptFile(key, kind, direction, name, state, size, known_instant(at), payer, tuple(p for (p,) in named))


def recent_files(practice: int, kinds: Sequence[str], most: int = 20) -> list[tuple[int, str, str, str, datetime, str]]:
    """(id, kind, name, state, at, payer) of files that came in, the newest first, in one SELECT."""
    sql = (
        "select f.id, f.kind, f.name, f.state, f.at, coalesce(y.name, '') from exchange_file f left join payer y on y.id = f.payer_id"
        f" where f.practice_id = ? and f.direction = 'in' and f.kind in ({marks(kinds)}) order by f.id desc limit ?"
    )
    with opened():
        return [
            (int(key), str(kind), str(name), str(state), known_instant(at), str(payer))
            for key, kind, name, state, at, payer in rows(sql, practice, *kinds, most)
        ]


def content(practice: int, file: int) -> bytes:
    """The bytes of a file.

    Raises:
        NotFound: no such file of this practice.
    """
    return files.content_of(practice, file)


def suspense_cents(practice: int) -> int:
    """Money in the books that no claim explains yet, in one SELECT."""
    return -journal.balance(practice, accounts.SUSPENSE)
