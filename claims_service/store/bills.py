"""What patients owe by visit, and the invoices and statements that told them.

"+practice_id": the practice checks what the ids beside it found. Without the plus SQLite, which keeps no statistics, takes an
index of the practice and reads all its rows for a few of them.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import NEXT_PAYER_OWES, PATIENT_CREDIT, PATIENT_OWES, PAYER_OWES
from claims_service.domain.party import Address
from claims_service.domain.patient.dispute import held
from claims_service.domain.patient.invoice import TENDER, Movement, Service
from claims_service.domain.patient.statement import WaitingVisit
from claims_service.store import disputes
from claims_service.store.connection import in_parts, insert_rows, marks, on_postgresql, opened, run
from claims_service.store.tables import ClaimEvent, Invoice, Statement

_INVOICE = ("practice", "patient", "encounter", "number", "issued_on", "share_cents", "content")
_STATEMENT = (
    "practice",
    "patient",
    "number",
    "key",
    "issued_on",
    "due_on",
    "owed_cents",
    "content",
    "confidential",
    "at",
)
_EVENT = ("practice", "claim", "at", "kind", "text", "by")


@dataclass(frozen=True, slots=True)
class ClaimFacts:
    """One claim of a visit. sequence N: a visit without a plan. decided_on: the last posting of an insurer's answer."""

    id: int
    sequence: str
    state: str
    payer: str
    payer_claim_number: str
    decided_on: date | None
    paid_cents: int = 0


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """A visit with everything a bill says about it."""

    encounter: int
    patient: int
    served_on: date
    provider: str
    claims: tuple[ClaimFacts, ...]
    services: tuple[Service, ...]
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Account:
    """What a patient owes by claim (negative: paid too much), and credit nobody has used yet.

    held: by claim, the part that is disputed: not asked for, and neither paid nor credited to without the patient's wish.
    """

    patient: int
    credit_cents: int = 0
    claims: dict[int, tuple[int, date, int]] = field(default_factory=dict)  # claim -> encounter, day, cents
    held: dict[int, int] = field(default_factory=dict)

    def held_of(self, encounter: int) -> int:
        """What is not asked for of a visit; never more than is open on it."""
        owed = sum(cents for visit, _, cents in self.claims.values() if visit == encounter)
        return held(owed, sum(self.held.get(c, 0) for c, (visit, _, _) in self.claims.items() if visit == encounter))


def lock_patients(practice: int, patients: Sequence[int]) -> None:
    """Let writers about the same patient follow one another; SQLite has one writer anyway."""
    if on_postgresql():
        for part in in_parts(sorted(patients)):
            run(
                f"select id from patient where practice_id = ? and id in ({marks(part)}) order by id for update",
                (practice, *part),
            )


def owing(practice: int, patients: Sequence[int] | None = None) -> list[int]:
    """Patients with an open visit or one paid too much, in order; None = of the whole practice."""
    sql = "select patient from balance where {}practice_id = ? and account = ? and patient <> 0"
    open_ones = "group by patient, claim having sum(cents) <> 0"
    with opened():
        if patients is None:
            return sorted({row[0] for row in run(f"{sql.format('')} {open_ones}", (practice, PATIENT_OWES)).fetchall()})
        found: set[int] = set()
        for part in in_parts(patients):
            where = f"and patient in ({marks(part)})"
            rows = run(f"{sql.format('+')} {where} {open_ones}", (practice, PATIENT_OWES, *part)).fetchall()
            found.update(row[0] for row in rows)
    return sorted(found)


def accounts(practice: int, patients: Sequence[int]) -> dict[int, Account]:
    """What each patient owes now, from the running balances."""
    credit: dict[int, int] = defaultdict(int)
    claims: dict[int, dict[int, tuple[int, date, int]]] = defaultdict(dict)
    with opened():
        for part in in_parts(patients):
            rows = run(
                "select b.account, b.patient, b.claim, sum(b.cents), c.encounter_id, c.served_on"
                " from balance b left join claim c on c.id = b.claim"
                f" where +b.practice_id = ? and b.account in (?, ?) and b.patient in ({marks(part)})"
                " group by b.account, b.patient, b.claim, c.encounter_id, c.served_on having sum(b.cents) <> 0",
                (practice, PATIENT_OWES, PATIENT_CREDIT, *part),
            ).fetchall()
            for account, patient, claim, cents, encounter, served_on in rows:
                if account == PATIENT_CREDIT:
                    credit[patient] -= int(cents)
                else:
                    claims[patient][claim] = (encounter, _day(served_on), int(cents))
        disputed = disputes.disputed(practice, patients)
    return {
        patient: Account(patient, credit[patient], owed := claims[patient], _held(owed, disputed))
        for patient in patients
    }


def _held(owed: dict[int, tuple[int, date, int]], disputed: dict[int, int]) -> dict[int, int]:
    parts = {claim: held(cents, disputed.get(claim, 0)) for claim, (_, _, cents) in owed.items()}
    return {claim: cents for claim, cents in parts.items() if cents}


def paid_on(practice: int, claims: Sequence[int]) -> dict[int, int]:
    """What patients have paid on each claim, less what was given back; claims without a payment are left out."""
    found: dict[int, int] = {}
    tender = marks(tuple(TENDER))
    for part in in_parts(claims):
        rows = run(
            "select claim, sum(case when credit = ? then cents else -cents end) from journal_transfer where practice_id = ?"
            f" and claim in ({marks(part)}) and (credit = ? and debit in ({tender}) or debit = ? and credit in ({tender}))"
            " group by claim",
            (PATIENT_OWES, practice, *part, PATIENT_OWES, *TENDER, PATIENT_OWES, *TENDER),
        ).fetchall()
        found.update({claim: int(cents) for claim, cents in rows})
    return found


def waiting_visits(practice: int, patient: int) -> list[int]:
    """Visits of a patient that an insurer has yet to settle."""
    sql = (
        "select c.encounter_id from claim c left join balance b on b.claim = c.id and b.account in (?, ?)"
        " where c.practice_id = ? and c.patient_id = ? and c.state not in ('void', 'replaced')"
        " group by c.encounter_id having sum(coalesce(b.cents, 0)) <> 0"
    )
    with opened():
        rows = run(sql, (PAYER_OWES, NEXT_PAYER_OWES, practice, patient)).fetchall()
    return sorted(row[0] for row in rows)


def still_with_plans(practice: int, patients: Sequence[int]) -> dict[int, list[tuple[int, WaitingVisit]]]:
    """(visit, what to say of it) for each visit with money that a plan has yet to answer for, by patient and day of service."""
    found: dict[int, dict[int, WaitingVisit]] = defaultdict(dict)
    with opened():
        for part in in_parts(patients):
            rows = run(
                "select c.patient_id, c.encounter_id, e.served_on, p.first, p.last, coalesce(y.name, '')"
                " from balance b join claim c on c.id = b.claim join encounter e on e.id = c.encounter_id"
                " join provider p on p.id = e.rendering_id left join payer y on y.id = c.payer_id"
                f" where +b.practice_id = ? and b.account in (?, ?) and b.patient in ({marks(part)})"
                " and c.state not in ('void', 'replaced')"
                " group by c.id, c.patient_id, c.encounter_id, e.served_on, p.first, p.last, y.name having sum(b.cents) > 0"
                " order by e.served_on, c.id",
                (practice, PAYER_OWES, NEXT_PAYER_OWES, *part),
            ).fetchall()
            for patient, encounter, served_on, first, last, payer in rows:
                known = found[patient].get(encounter)
                payers = tuple(dict.fromkeys((*(known.payers if known else ()), payer)))
                found[patient][encounter] = WaitingVisit(_day(served_on), f"{first} {last}".strip(), payers)
    return {patient: list(one.items()) for patient, one in found.items()}


def visits(practice: int, encounters: Sequence[int]) -> dict[int, VisitFacts]:
    """The facts of each visit, in the order of service."""
    found: dict[int, VisitFacts] = {}
    with opened():
        for part in in_parts(encounters):
            claims = _claims(practice, part)
            services = _services(practice, part)
            movements = _movements(practice, part)
            for encounter, patient, served_on, first, last in _heads(practice, part):
                name = f"{first} {last}".strip()
                about = (tuple(claims[encounter]), tuple(services[encounter]), tuple(movements[encounter]))
                found[encounter] = VisitFacts(encounter, patient, _day(served_on), name, *about)
    return dict(sorted(found.items(), key=lambda pair: (pair[1].served_on, pair[0])))


def _heads(practice: int, encounters: Sequence[int]) -> list[Any]:
    sql = (
        "select e.id, e.patient_id, e.served_on, p.first, p.last from encounter e join provider p on p.id = e.rendering_id"
        f" where +e.practice_id = ? and e.id in ({marks(encounters)})"
    )
    return list(run(sql, (practice, *encounters)).fetchall())


def _claims(practice: int, encounters: Sequence[int]) -> dict[int, list[ClaimFacts]]:
    asked = marks(encounters)
    money = run(
        "select t.claim, max(e.posted_on),"
        " sum(case when t.debit = 'insurer_clearing' then t.cents when t.credit = 'insurer_clearing' then -t.cents else 0 end)"
        " from journal_transfer t join journal_entry e on e.id = t.entry_id join claim c on c.id = t.claim"
        f" where t.practice_id = ? and e.source = 'remittance' and c.encounter_id in ({asked}) group by t.claim",
        (practice, *encounters),
    ).fetchall()
    decided = {claim: (_day(on), int(paid)) for claim, on, paid in money}
    rows = run(
        "select c.encounter_id, c.id, c.sequence, c.state, coalesce(y.name, ''), c.payer_claim_number"
        " from claim c left join payer y on y.id = c.payer_id"
        f" where +c.practice_id = ? and c.encounter_id in ({asked}) and c.state <> 'void' order by c.id",
        (practice, *encounters),
    ).fetchall()
    found: dict[int, list[ClaimFacts]] = defaultdict(list)
    for encounter, claim, sequence, state, payer, number in rows:
        on, paid = decided.get(claim, (None, 0))
        found[encounter].append(ClaimFacts(claim, sequence, state, payer, number, on, paid))
    return found


def _services(practice: int, encounters: Sequence[int]) -> dict[int, list[Service]]:
    rows = run(
        "select l.encounter_id, l.number, l.procedure, l.description, k.label, coalesce(l.served_on, e.served_on)"
        " from encounter_line l join encounter e on e.id = l.encounter_id"
        " left join code k on k.practice_id = l.practice_id and k.code_set = 'procedure' and k.code = l.procedure"
        f" where l.practice_id = ? and l.encounter_id in ({marks(encounters)}) order by l.encounter_id, l.number",
        (practice, *encounters),
    ).fetchall()
    found: dict[int, list[Service]] = defaultdict(list)
    for encounter, number, procedure, description, label, served_on in rows:
        found[encounter].append(Service(number, procedure, description or label or "", _day(served_on)))
    return found


def _movements(practice: int, encounters: Sequence[int]) -> dict[int, list[Movement]]:
    rows = run(
        "select c.encounter_id, coalesce(t.line, 0), t.debit, t.credit, sum(t.cents), t.reason"
        " from journal_transfer t join claim c on c.id = t.claim"
        f" where t.practice_id = ? and c.encounter_id in ({marks(encounters)})"
        " group by c.encounter_id, coalesce(t.line, 0), t.debit, t.credit, t.reason",
        (practice, *encounters),
    ).fetchall()
    found: dict[int, list[Movement]] = defaultdict(list)
    for encounter, line, debit, credit, cents, reason in rows:
        found[encounter].append(Movement(line, debit, credit, int(cents), reason))
    return found


def addressees(practice: int, patients: Sequence[int]) -> dict[int, tuple[str, Address, str]]:
    """Full name, address and language of each patient."""
    found: dict[int, tuple[str, Address, str]] = {}
    with opened():
        for part in in_parts(patients):
            rows = run(
                "select id, first, last, line1, line2, city, state, zip, language from patient"
                f" where +practice_id = ? and id in ({marks(part)})",
                (practice, *part),
            ).fetchall()
            for key, first, last, line1, line2, city, state, code, language in rows:
                found[key] = (f"{first} {last}".strip(), Address(line1, line2, city, state, code), language)
    return found


def current_invoices(practice: int, encounters: Sequence[int]) -> dict[int, tuple[int, str]]:
    """(id, content) of the invoice of each visit that nothing has replaced."""
    found: dict[int, tuple[int, str]] = {}
    with opened():
        for part in in_parts(encounters):
            rows = run(
                "select encounter_id, id, content from invoice where +practice_id = ? and replaced_by is null"
                f" and encounter_id in ({marks(part)})",
                (practice, *part),
            ).fetchall()
            found.update({encounter: (key, content) for encounter, key, content in rows})
    return found


def current_numbers(practice: int, encounters: Sequence[int]) -> dict[int, str]:
    """The number of the invoice of each visit that nothing has replaced."""
    found: dict[int, str] = {}
    with opened():
        for part in in_parts(encounters):
            rows = run(
                "select encounter_id, number from invoice where +practice_id = ? and replaced_by is null"
                f" and encounter_id in ({marks(part)})",
                (practice, *part),
            ).fetchall()
            found.update(rows)
    return found


def add_invoices(practice: int, rows: Iterable[tuple[int, int, str, date, int, str, int | None]]) -> list[int]:
    """(patient, encounter, number, day, share, content, invoice it replaces); ids in order. Inside write()."""
    listed = list(rows)
    ids = insert_rows(Invoice, _INVOICE, [(practice, *row[:-1]) for row in listed])
    for key, row in zip(ids, listed, strict=True):
        if row[-1]:
            run("update invoice set replaced_by = ? where practice_id = ? and id = ?", (key, practice, row[-1]))
    return ids


@dataclass(frozen=True, slots=True)
class Last:
    """The newest statement of its kind. key: as it was kept."""

    id: int
    key: str
    issued_on: date


def last_statements(practice: int, patients: Sequence[int]) -> dict[tuple[int, bool], Last]:
    """By (patient, confidential): a patient has a newest statement of each kind, and neither takes the other's place."""
    found: dict[tuple[int, bool], Last] = {}
    with opened():
        for part in in_parts(patients):
            rows = run(
                "select patient_id, confidential, id, key, issued_on from statement where id in (select max(id) from statement"
                f" where +practice_id = ? and patient_id in ({marks(part)}) group by patient_id, confidential)",
                (practice, *part),
            ).fetchall()
            found.update({(patient, bool(own)): Last(at, key, _day(on)) for patient, own, at, key, on in rows})
    return found


def add_statements(
    practice: int, rows: Iterable[tuple[int, str, str, date, date, int, str, bool]], *, at: datetime
) -> list[int]:
    """(patient, number, key, day, due day, owed, content, confidential); ids in order. Inside write()."""
    return insert_rows(Statement, _STATEMENT, [(practice, *row, at) for row in rows])


def statement_content(practice: int, statement: int, *, patient: int | None = None) -> str:
    """The frozen JSON of a statement.

    Raises:
        NotFound: none of this practice, or of another patient than the one named.
    """
    with opened():
        row = run(
            "select content, patient_id from statement where practice_id = ? and id = ?", (practice, statement)
        ).fetchone()
    if row is None or (patient is not None and row[1] != patient):
        raise NotFound("statement")
    return str(row[0])


def is_confidential(practice: int, statement: int | None) -> bool:
    """Whether a statement is of confidential visits."""
    with opened():
        found = run(
            "select confidential from statement where practice_id = ? and id = ?", (practice, statement)
        ).fetchone()
    return bool(found and found[0])


def newest_statement(practice: int, patient: int, *, own: bool = False) -> tuple[int, str] | None:
    """(id, frozen JSON) of what was told last of a patient's visits that are not confidential; own: of those that are."""
    sql = (
        "select id, content from statement where practice_id = ? and patient_id = ? and confidential = ?"
        " order by id desc limit 1"
    )
    with opened():
        row = run(sql, (practice, patient, own)).fetchone()
    return (int(row[0]), str(row[1])) if row else None


def add_events(practice: int, claims: Iterable[tuple[int, str, str]], *, by: str, at: datetime) -> None:
    """(claim, kind, text) for the story of each claim. Inside write()."""
    insert_rows(ClaimEvent, _EVENT, [(practice, claim, at, kind, text, by) for claim, kind, text in claims])


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
