"""How billing goes, by month: how soon bills come, are opened and paid, how clear they are, and what collecting costs.

A bill belongs to the month it was issued in. Each measure is one SELECT over the months asked for; what is shown is counted here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from claims_service.domain.ledger.accounts import CARD_FEES
from claims_service.domain.patient.clarity import OTHER, SELF_PAY, YES
from claims_service.domain.patient.reminder import PAPER, TEXT
from claims_service.queries import clinic
from claims_service.queries.rows import known_day, known_instant, rows
from claims_service.store import clarity, collection_price
from claims_service.store.collection_price import Price
from claims_service.store.connection import opened
from claims_service.store.reminders import PRINTED, SENT

KINDS = {
    "deductible": "Deductible",
    "copay": "Copay",
    "coinsurance": "Coinsurance",
    "not_covered": "Not covered",
    SELF_PAY: "Without a plan",
    OTHER: "Other reasons",
}


@dataclass(frozen=True, slots=True)
class IssuedBill:
    """One bill. paid_days: from its day to its first payment, None before; clear: what its patient said, "" for nothing.

    kinds: of line on a bill that was judged; unclear: of the line its patient named.
    """

    statement: int
    patient: int
    number: str
    issued_on: date
    owed_cents: int
    opened: bool
    paid_days: int | None
    disputed: bool
    clear: str
    kinds: tuple[str, ...]
    unclear: str


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days: the middle one, and what nine of ten stay within."""

    middle: int
    slow: int


@dataclass(frozen=True, slots=True)
class KindClarity:
    """A kind of line: bills with it that were judged, how many of those were clear, and how many said it was hard to follow."""

    words: str
    judged: int
    clear: int
    unclear: int


@dataclass(frozen=True, slots=True)
class Month:
    """to_bill: from service to first bill; to_payment: from bill to first payment; None where there was none.

    collected_cents: paid by patients less given back. cost_cents: card fees, letters and text messages.
    """

    first: date
    to_bill: Days | None
    to_payment: Days | None
    bills: int
    opened: int
    paid: int
    disputed: int
    judged: int
    clear: int
    collected_cents: int
    fee_cents: int
    letter_cents: int
    text_cents: int

    @property
    def cost_cents(self) -> int:
        return self.fee_cents + self.letter_cents + self.text_cents

    @property
    def cost_of_hundred(self) -> int | None:
        """Cents spent for each $100.00 collected, None where nothing was."""
        if self.collected_cents <= 0:
            return None
        return (self.cost_cents * 100_00 + self.collected_cents // 2) // self.collected_cents


def days(values: Iterable[int]) -> Days | None:
    """None for no values; of an even number the lower of the two in the middle."""
    listed = sorted(values)
    if not listed:
        return None
    return Days(listed[(len(listed) - 1) // 2], listed[-(-len(listed) * 9 // 10) - 1])


def price(practice: int) -> Price:
    """What a letter and a text message cost the clinic now."""
    return collection_price.price(practice)


def last_months(today: date, count: int) -> list[date]:
    """The first days of the newest months, this one last."""
    months = [today.replace(day=1)]
    while len(months) < count:
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    return months[::-1]


def months(practice: int, firsts: Sequence[date], bills: Iterable[IssuedBill]) -> list[Month]:
    """The measures of these months, which follow one another. bills: those issued in them."""
    first, last = firsts[0], _end(firsts[-1])
    with opened():
        waited, spent = _to_first_bill(practice, first, last), _spent(practice, first, last)
        collected = _collected(practice, first, last, ZoneInfo(clinic.clinic(practice).zone))
    listed: dict[date, list[IssuedBill]] = defaultdict(list)
    for bill in bills:
        listed[bill.issued_on.replace(day=1)].append(bill)
    return [_month(one, waited[one], listed[one], collected[one], spent[one]) for one in firsts]


def _end(first: date) -> date:
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def _month(first: date, waited: list[int], listed: list[IssuedBill], collected: int, spent: Counter[str]) -> Month:
    return Month(
        first,
        days(waited),
        days(bill.paid_days for bill in listed if bill.paid_days is not None),
        len(listed),
        sum(bill.opened for bill in listed),
        sum(bill.paid_days is not None for bill in listed),
        sum(bill.disputed for bill in listed),
        sum(bool(bill.clear) for bill in listed),
        sum(bill.clear == YES for bill in listed),
        collected,
        spent["fees"],
        spent[PAPER],
        spent[TEXT],
    )


def by_kind(listed: Iterable[IssuedBill]) -> list[KindClarity]:
    """Clarity by kind of line, in the order of a bill; kinds nobody judged are left out."""
    judged, clear, unclear = Counter[str](), Counter[str](), Counter[str]()
    for bill in listed:
        if bill.clear:
            judged.update(bill.kinds)
            clear.update(bill.kinds if bill.clear == YES else ())
            unclear[bill.unclear] += 1
    return [
        KindClarity(words, judged[kind], clear[kind], unclear[kind]) for kind, words in KINDS.items() if judged[kind]
    ]


def issued(practice: int, first: date, last: date) -> list[IssuedBill]:
    """Every bill issued in these days, the oldest first."""
    with opened():
        return _bills(practice, first, last, ZoneInfo(clinic.clinic(practice).zone))


def _bills(practice: int, first: date, last: date, zone: ZoneInfo) -> list[IssuedBill]:
    """Opened: its patient read it in the portal or by its link, or answered there how clear it was. Disputed: not only asked about.

    Paid: the first settled payment that names it, or one at the desk before the patient's next bill.
    """
    sql = (
        "select s.id, s.patient_id, s.number, s.issued_on, s.owed_cents, exists (select 1 from audit a where a.practice_id ="
        " s.practice_id and a.subject = 'statement:' || s.id and a.action = 'statement.read' and a.role in ('patient', 'bill_link')),"
        " (select min(p.settled_at) from payment p where p.patient_id = s.patient_id and p.settled_at is not null and"
        " (p.statement_id = s.id or (p.statement_id is null and p.settled_at >= s.at and not exists (select 1 from statement n"
        " where n.patient_id = s.patient_id and n.id > s.id and n.at <= p.settled_at)))),"
        " exists (select 1 from dispute d where d.patient_id = s.patient_id and d.statement_id = s.id and d.kind = 'dispute')"
        " from statement s where s.practice_id = ? and s.issued_on between ? and ? order by s.id"
    )
    found = rows(sql, practice, first, last)
    said = clarity.of_statements(practice, [record[0] for record in found])
    listed = []
    for key, patient, number, issued, owed, seen, paid, disputed in found:
        issued_on, answer = known_day(issued), said.get(key)
        paid_days = max(0, (known_instant(paid).astimezone(zone).date() - issued_on).days) if paid else None
        told = (answer[0], tuple(answer[1].split()), answer[2]) if answer else ("", (), "")
        listed.append(
            IssuedBill(
                key, patient, number, issued_on, int(owed), bool(seen) or bool(answer), paid_days, bool(disputed), *told
            )
        )
    return listed


def _to_first_bill(practice: int, first: date, last: date) -> dict[date, list[int]]:
    """By month of the first bill, the days since each visit."""
    sql = (
        "select e.served_on, i.issued_on from invoice i join encounter e on e.id = i.encounter_id where i.practice_id = ?"
        " and i.issued_on between ? and ? and not exists (select 1 from invoice b where b.encounter_id = i.encounter_id and b.id < i.id)"
    )
    found: dict[date, list[int]] = defaultdict(list)
    for served, issued in rows(sql, practice, first, last):
        on = known_day(issued)
        found[on.replace(day=1)].append((on - known_day(served)).days)
    return found


def _collected(practice: int, first: date, last: date, zone: ZoneInfo) -> Counter[date]:
    """By month of settling, what patients paid less what was given back of it."""
    sql = (
        "select settled_at, cents - refunded_cents from payment where practice_id = ? and settled_at >= ? and settled_at < ?"
        " and state in ('paid', 'refunded')"
    )
    found = Counter[date]()
    for settled_at, cents in rows(sql, practice, first.isoformat(), (last + timedelta(days=2)).isoformat()):
        found[known_instant(settled_at).astimezone(zone).date().replace(day=1)] += int(cents)
    return found


def _spent(practice: int, first: date, last: date) -> dict[date, Counter[str]]:
    """By month: card fees as booked, and letters and text messages that left at the clinic's own prices."""
    found: dict[date, Counter[str]] = defaultdict(Counter)
    fees = (
        "select j.period, sum(case when t.debit = ? then t.cents else -t.cents end) from journal_entry j join journal_transfer t"
        " on t.entry_id = j.id where j.practice_id = ? and j.posted_on between ? and ? and ? in (t.debit, t.credit) group by 1"
    )
    for period, cents in rows(fees, CARD_FEES, practice, first, last, CARD_FEES):
        found[date.fromisoformat(f"{period}-01")]["fees"] += int(cents)
    now = collection_price.price(practice)
    cost = {PAPER: now.letter_cents, TEXT: now.text_cents}
    left = (
        "select substr(at, 1, 7), channel, count(*) from reminder where practice_id = ? and at >= ? and at < ?"
        " and state in (?, ?) group by 1, 2"
    )
    until = (last + timedelta(days=1)).isoformat()
    for month, channel, count in rows(left, practice, first.isoformat(), until, SENT, PRINTED):
        found[date.fromisoformat(f"{month}-01")][channel] += int(count) * cost.get(channel, 0)
    return found
