"""The claims list: saved views with their counts, filters, and one page of claims with their money."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from claims_service.domain.claim import lifecycle
from claims_service.queries import claim_money
from claims_service.queries.claim_money import Money
from claims_service.queries.rows import Record, instant, known_day, known_instant, marks, row, rows
from claims_service.store.connection import instant_text, opened

PAGE = 50
FEWEST_MARKS, LONGEST_NUMBER = 3, 50  # of a claim number that is searched for
PATIENCE = timedelta(days=30)  # without an answer after that, a person asks the insurer

_WITH_MONEY = "select claim from balance where practice_id = c.practice_id and account = '{}' and claim <> 0 group by claim having sum(cents) > 0"
_DENIED = f"c.id in ({_WITH_MONEY.format('in_review')})"
_PATIENT = f"c.id in ({_WITH_MONEY.format('patient_owes')})"
_NEXT = f"c.id in ({_WITH_MONEY.format('next_payer_owes')})"
_WITH_INSURER = "c.state in ('sent', 'received', 'accepted')"
_LISTED = (
    "select c.id, c.control_number, c.state, c.sequence, c.patient_id, p.first, p.last, coalesce(y.name, ''), c.served_on,"
    " c.charge_cents, c.expected_cents, c.changed_at, c.sent_at"
)
_JOINS = " from claim c join patient p on p.id = c.patient_id left join payer y on y.id = c.payer_id"
# name -> SQL condition on the claim c; "?" stands for the instant after which silence is normal
VIEWS = {
    "needs": f"(c.state in ('needs_mending', 'sent_back') or {_DENIED})",
    "stopped": "c.state = 'needs_mending'",
    "ready": "c.state = 'ready'",
    "insurer": _WITH_INSURER,
    "sent_back": "c.state = 'sent_back'",
    "denied": _DENIED,
    "silent": f"{_WITH_INSURER} and c.sent_at < ?",
    "next_plan": _NEXT,
    "patient": _PATIENT,
    "all": "c.state <> 'void'",
}
SORTS = {
    "claim": "c.control_number",
    "patient": "p.last, p.first",
    "insurer": "y.name",
    "visit": "c.served_on",
    "charge": "c.charge_cents",
    "waiting": "c.changed_at",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims a page asks for. view: a name of VIEWS; number: part of a claim number; sort: a name of SORTS."""

    view: str = "needs"
    payer: int | None = None
    patient: int | None = None
    state: str = ""
    number: str = ""
    served_from: date | None = None
    served_until: date | None = None
    sort: str = "visit"
    descending: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class Listed:
    """A claim in a list. problem: the first thing that stops it."""

    id: int
    control_number: str
    state: str
    sequence: str
    patient: int
    patient_name: str
    payer: str
    served_on: date
    charge_cents: int
    expected_cents: int | None
    changed_at: datetime
    sent_at: datetime | None
    problem: str = ""
    money: Money = field(default_factory=Money)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of claims with the sums of all that the filter found."""

    claims: tuple[Listed, ...]
    number: int
    count: int
    charge_cents: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.count // PAGE))

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE + 1 if self.count else 0


def view_counts(practice: int, *, now: datetime) -> dict[str, int]:
    """How many claims each saved view holds, in one SELECT."""
    sums = ", ".join(f"coalesce(sum(case when {condition} then 1 else 0 end), 0)" for condition in VIEWS.values())
    values = [instant_text(now - PATIENCE) for condition in VIEWS.values() if "?" in condition]
    with opened():
        found = row(f"select {sums} from claim c where c.practice_id = ?", *values, practice)
    assert found is not None, "a sum always gives a row"
    return {name: int(number) for name, number in zip(VIEWS, found, strict=True)}


def page_of(practice: int, wanted: Wanted, *, now: datetime) -> Page:
    """One page of the claims that fit, in four SELECTs."""
    where, values = _where(practice, wanted, now)
    way = "desc" if wanted.descending else "asc"
    order = ", ".join(f"{column.strip()} {way}" for column in SORTS[wanted.sort].split(","))
    with opened():
        totals = row(f"select count(*), coalesce(sum(c.charge_cents), 0){_JOINS} where {where}", *values)
        assert totals is not None, "a count always gives a row"
        pages = max(1, -(-int(totals[0]) // PAGE))
        number = min(max(wanted.page, 1), pages)
        found = rows(
            f"{_LISTED}{_JOINS} where {where} order by {order}, c.id {way} limit ? offset ?",
            *values, PAGE, (number - 1) * PAGE,
        )  # fmt: skip
        claims = _with_money(practice, [_listed(record) for record in found])
    return Page(tuple(claims), number, int(totals[0]), int(totals[1]))


def by_number(practice: int, number: str) -> int | None:
    """The claim with a number of ours."""
    with opened():
        found = row("select id from claim where practice_id = ? and control_number = ?", practice, number)
    return int(found[0]) if found else None


def find(practice: int, typed: str, *, day: date | None, cents: int | None) -> list[Listed]:
    """Claims of a day, of an amount, or with part of a number of ours or the insurer's; the newest first, in three SELECTs."""
    number = "".join(mark for mark in typed if mark.isalnum()).upper()[:LONGEST_NUMBER]
    values: list[object]
    if day:
        condition, values = "c.served_on = ?", [day]
    elif cents is not None:
        condition, values = "c.charge_cents = ?", [cents]
    elif len(number) >= FEWEST_MARKS and any(mark.isdigit() for mark in number):
        condition, values = "(c.control_number like ? or c.payer_claim_number like ?)", [f"%{number}%", f"%{number}%"]
    else:
        return []
    with opened():
        found = rows(
            f"{_LISTED}{_JOINS} where c.practice_id = ? and {condition} order by c.id desc limit ?",
            practice,
            *values,
            PAGE,
        )
        return _with_money(practice, [_listed(record) for record in found])


def _where(practice: int, wanted: Wanted, now: datetime) -> tuple[str, list[object]]:
    parts: list[str] = ["c.practice_id = ?", VIEWS[wanted.view]]
    values: list[object] = [practice, *_silence(wanted, now)]
    for condition, value in (
        ("c.payer_id = ?", wanted.payer),
        ("c.patient_id = ?", wanted.patient),
        ("c.state = ?", wanted.state if wanted.state in lifecycle.LABELS else ""),
        ("c.control_number like ?", f"%{wanted.number.upper()}%" if wanted.number else ""),
        ("c.served_on >= ?", wanted.served_from),
        ("c.served_on <= ?", wanted.served_until),
    ):
        if value:
            parts.append(condition)
            values.append(value)
    return " and ".join(parts), values


def _silence(wanted: Wanted, now: datetime) -> list[object]:
    return [instant_text(now - PATIENCE)] if "?" in VIEWS[wanted.view] else []


def _listed(record: Record) -> Listed:
    key, control, state, sequence, patient, first, last, payer, on, charge, expected, changed, sent = record
    return Listed(
        key, control, state, sequence, patient, f"{first} {last}".strip(), payer, known_day(on), charge, expected,
        known_instant(str(changed)), instant(sent),
    )  # fmt: skip


def _with_money(practice: int, listed: list[Listed]) -> list[Listed]:
    ids = [claim.id for claim in listed]
    money = claim_money.of_claims(practice, ids)
    problems = _problems(practice, [claim.id for claim in listed if claim.state in ("needs_mending", "sent_back")])
    return [replace(claim, money=money[claim.id], problem=problems.get(claim.id, "")) for claim in listed]


def _problems(practice: int, claims: Sequence[int]) -> dict[int, str]:
    """What stops each claim, the first problem of each."""
    if not claims:
        return {}
    sql = (
        "select claim_id, message from claim_problem where practice_id = ? and settled_at is null and severity = 'must'"
        f" and claim_id in ({marks(claims)}) order by id desc"
    )
    return {int(claim): str(message) for claim, message in rows(sql, practice, *claims)}
