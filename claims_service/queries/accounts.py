"""Patients' accounts: who owes what, and everything that happened on one."""

from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.coverage import Coverage
from claims_service.domain.errors import NotFound
from claims_service.domain.party import Address, spoken_phone
from claims_service.domain.patient.guarantor import Guarantor
from claims_service.queries import patient_finding, people
from claims_service.queries.rows import Record, day, known_day, known_instant, marks, row, rows
from claims_service.store import bills, guarantors, patients
from claims_service.store.connection import opened

MOST = 50
_OWES = "coalesce((select sum(b.cents) from balance b where b.patient = p.id and b.practice_id = p.practice_id and b.account = '{}'), 0)"
_BRIEF = (
    f"select p.id, p.first, p.last, p.birth_on, p.reference, {_OWES.format('patient_owes')},"
    " (select min(y.name) from coverage v join payer y on y.id = v.payer_id where v.patient_id = p.id and v.rank = 1),"
    " (select max(e.served_on) from encounter e where e.patient_id = p.id) from patient p"
)


@dataclass(frozen=True, slots=True)
class Brief:
    """A patient in a list."""

    id: int
    name: str
    birth_on: date
    reference: str
    owes_cents: int
    plan: str
    last_visit_on: date | None


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A claim of the patient with what is open on it."""

    claim: int
    control_number: str
    encounter: int
    sequence: str
    state: str
    served_on: date
    payer_name: str
    charge_cents: int
    owes_cents: int
    insurer_cents: int
    denied_cents: int


@dataclass(frozen=True, slots=True)
class Bill:
    """A statement in the list of an account."""

    id: int
    number: str
    issued_on: date
    due_on: date
    owed_cents: int
    confidential: bool


@dataclass(frozen=True, slots=True)
class PaymentLine:
    """A payment in the list of an account."""

    id: int
    method: str
    cents: int
    refunded_cents: int
    state: str
    receipt_number: str
    check_number: str
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class Account:
    """credit_cents: paid and not used. insurer_cents, denied_cents: still with plans, not for the patient to pay."""

    id: int
    name: str
    birth_on: date
    sex: str
    reference: str
    phone: str
    email: str
    address: str
    home: Address
    language: str
    plans: tuple[Coverage, ...]
    claims: tuple[VisitLine, ...]
    bills: tuple[Bill, ...]
    payments: tuple[PaymentLine, ...]
    owes_cents: int
    credit_cents: int

    @property
    def insurer_cents(self) -> int:
        return sum(claim.insurer_cents for claim in self.claims)

    @property
    def denied_cents(self) -> int:
        return sum(claim.denied_cents for claim in self.claims)


def newest(practice: int) -> list[Brief]:
    """Patients who owe the most first, then those seen last; in one SELECT."""
    with opened():
        found = rows(f"{_BRIEF} where p.practice_id = ? order by 6 desc, 8 desc, p.id limit ?", practice, MOST)
    return [_brief(record) for record in found]


def recent(practice: int) -> list[Brief]:
    """Patients seen last, in one SELECT."""
    with opened():
        found = rows(f"{_BRIEF} where p.practice_id = ? order by 8 desc, p.id desc limit 12", practice)
    return [_brief(record) for record in found]


def find(practice: int, typed: str, born_on: date | None = None) -> list[Brief]:
    """Patients by name, record number, phone or date of birth, in two SELECTs; in three where no name begins like that."""
    with opened():
        found = patient_finding.found(practice, typed, born_on, most=MOST)
        if not found:
            return []
        listed = rows(
            f"{_BRIEF} where +p.practice_id = ? and p.id in ({marks(found)}) order by p.last, p.first, p.id",
            practice,
            *found,
        )
    return [_brief(record) for record in listed]


def _brief(record: Record) -> Brief:
    key, first, last, birth_on, reference, owes, plan, seen = record
    return Brief(key, f"{first} {last}".strip(), known_day(birth_on), reference, int(owes), plan or "", day(seen))


def account(practice: int, patient: int) -> Account:
    """One account in nine SELECTs.

    Raises:
        NotFound: no such patient of this practice.
    """
    with opened():
        found = row(
            f"select id, first, last, birth_on, sex, reference, phone, email, line1, line2, city, state, zip, language,"
            f" {_OWES.format('patient_owes')}, {_OWES.format('patient_credit')} from patient p where p.practice_id = ? and p.id = ?",
            practice, patient,
        )  # fmt: skip
        if found is None:
            raise NotFound("patient")
        plans = patients.coverages(practice, [patient])[patient]
        claims, told, paid = _claims(practice, patient), _bills(practice, patient), _payments(practice, patient)
    (
        key,
        first,
        last,
        birth_on,
        sex,
        reference,
        phone,
        email,
        line1,
        line2,
        city,
        state,
        code,
        language,
        owes,
        credit,
    ) = found
    address = ", ".join(part for part in (line1, line2, city, f"{state} {code[:5]}".strip()) if part)
    return Account(
        key, f"{first} {last}".strip(), known_day(birth_on), sex, reference, spoken_phone(phone), email, address,
        Address(line1 or "", line2 or "", city or "", state or "", code or ""), language, plans,
        tuple(claims), tuple(told), tuple(paid), int(owes), -int(credit),
    )  # fmt: skip


def guarantor(practice: int, patient: int, *, on: date) -> Guarantor | None:
    """Who answers for the bills on this day, None for the patient alone."""
    return guarantors.of_patients(practice, [patient], on=on).get(patient)


def _held(*accounts: str) -> str:
    names = ", ".join(f"'{name}'" for name in accounts)
    return f"coalesce((select sum(b.cents) from balance b where b.claim = c.id and b.account in ({names})), 0)"


def _claims(practice: int, patient: int) -> list[VisitLine]:
    found = rows(
        "select c.id, c.control_number, c.encounter_id, c.sequence, c.state, c.served_on, coalesce(y.name, ''), c.charge_cents,"
        f" {_held('patient_owes')}, {_held('payer_owes', 'next_payer_owes')}, {_held('in_review')}"
        " from claim c left join payer y on y.id = c.payer_id where c.practice_id = ? and c.patient_id = ? and c.state <> 'void'"
        " order by c.served_on desc, c.id desc limit 200",
        practice, patient,
    )  # fmt: skip
    return [
        VisitLine(
            key, number, encounter, sequence, state, known_day(on), payer, charge, int(owes), int(insurer), int(denied)
        )
        for key, number, encounter, sequence, state, on, payer, charge, owes, insurer, denied in found
    ]


def _bills(practice: int, patient: int) -> list[Bill]:
    sql = (
        "select id, number, issued_on, due_on, owed_cents, confidential from statement where practice_id = ? and patient_id = ?"
        " order by id desc limit 50"
    )
    return [
        Bill(key, number, known_day(on), known_day(due), owed, bool(own))
        for key, number, on, due, owed, own in rows(sql, practice, patient)
    ]


def _payments(practice: int, patient: int) -> list[PaymentLine]:
    found = rows(
        "select id, method, cents, refunded_cents, state, coalesce(receipt_number, ''), check_number, coalesce(settled_at, started_at), by"
        " from payment where practice_id = ? and patient_id = ? and state in ('paid', 'refunded') order by id desc limit 100",
        practice, patient,
    )  # fmt: skip
    named = people.names(practice, [record[8] for record in found])
    return [
        PaymentLine(key, method, cents, back, state, receipt, check, known_instant(at), named[by])
        for key, method, cents, back, state, receipt, check, at, by in found
    ]


@dataclass(frozen=True, slots=True)
class IssuedBill:
    """A statement in the clinic's list. open_cents: what the patient owes now."""

    id: int
    number: str
    patient: int
    patient_name: str
    issued_on: date
    due_on: date
    owed_cents: int
    open_cents: int
    confidential: bool


def issued_bills(practice: int) -> list[IssuedBill]:
    """The newest statements, in one SELECT."""
    sql = (
        f"select s.id, s.number, p.id, p.first, p.last, s.issued_on, s.due_on, s.owed_cents, {_OWES.format('patient_owes')},"
        " s.confidential from statement s join patient p on p.id = s.patient_id where s.practice_id = ? order by s.id desc limit 200"
    )
    with opened():
        return [
            IssuedBill(
                key,
                number,
                patient,
                f"{first} {last}".strip(),
                known_day(on),
                known_day(due),
                owed,
                int(now_open),
                bool(own),
            )
            for key, number, patient, first, last, on, due, owed, now_open, own in rows(sql, practice)
        ]


def statement_of(practice: int, statement: int) -> tuple[int, str, str]:
    """(patient, number, frozen content) of a statement.

    Raises:
        NotFound: none of this practice.
    """
    with opened():
        found = row("select patient_id, number from statement where practice_id = ? and id = ?", practice, statement)
        if found is None:
            raise NotFound("statement")
        return int(found[0]), str(found[1]), bills.statement_content(practice, statement)


def coverage_of(practice: int, patient: int, coverage: int) -> Coverage:
    """One plan of one patient.

    Raises:
        NotFound: the patient has no such plan here.
    """
    plans = patients.coverages(practice, [patient]).get(patient, ()) if patients.people(practice, [patient]) else ()
    found = next((plan for plan in plans if plan.id == coverage), None)
    if found is None:
        raise NotFound("coverage")
    return found
