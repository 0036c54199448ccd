"""The claims list: saved views with their counts, filters, and one page of claims with their money.

Pages follow one another by the last claim shown, never by counting: the millionth page costs what the first one does.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from claims_service.domain.claim import lifecycle
from claims_service.queries import claim_finding, claim_money, keyset, waiting_days
from claims_service.queries.claim_money import Money
from claims_service.queries.rows import Record, instant, known_day, known_instant, marks, row, rows
from claims_service.store.connection import opened

PAGE = 50
MOST = 1000  # counted; beyond that a page says "more than 1,000"

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
SILENT = "silent"  # the view whose condition depends on each insurer's own limit: waiting_days.silent()
# name -> SQL condition on the claim c
VIEWS = {
    "needs": f"(c.state in ('needs_mending', 'sent_back') or {_DENIED})",
    "stopped": "c.state = 'needs_mending'",
    "ready": "c.state = 'ready'",
    "insurer": _WITH_INSURER,
    "sent_back": "c.state = 'sent_back'",
    "denied": _DENIED,
    SILENT: "",
    "next_plan": _NEXT,
    "patient": _PATIENT,
    "all": "c.state <> 'void'",
}
# name -> what it sorts by; each has an index
SORTS = {"visit": "c.served_on", "charge": "c.charge_cents"}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which claims a page asks for. view: a name of VIEWS; number: the beginning of a claim number; sort: a name of SORTS.

    after, before: cursors that an earlier Page gave.
    """

    view: str = "needs"
    payer: int | None = None
    patient: int | None = None
    state: str = ""
    number: str = ""
    served_from: date | None = None
    served_until: date | None = None
    sort: str = "visit"
    descending: bool = False
    after: str = ""
    before: str = ""


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
    """A page of claims. before, after: cursors of the pages beside it, "" where there is none."""

    claims: tuple[Listed, ...]
    before: str = ""
    after: str = ""


def view_counts(practice: int, *, now: datetime) -> dict[str, int]:
    """How many claims each saved view holds, in two SELECTs; MOST + 1 stands for more than MOST."""
    with opened():
        conditions = [_view(practice, view, now) for view in VIEWS]
        counts = [
            f"(select count(*) from (select 1 as one from claim c where c.practice_id = ? and {condition} limit {MOST + 1}) v)"
            for condition, _ in conditions
        ]
        values = [value for _, own in conditions for value in (practice, *own)]
        found = row(f"select {', '.join(counts)}", *values)
    assert found is not None, "a count always gives a row"
    return {name: int(number) for name, number in zip(VIEWS, found, strict=True)}


def page_of(practice: int, wanted: Wanted, *, now: datetime) -> Page:
    """One page of the claims that fit, in four SELECTs."""
    with opened():
        where, values = _where(practice, wanted, now)
        column = SORTS[wanted.sort]
        walk = keyset.walk(column, "c.id", wanted.after, wanted.before, descending=wanted.descending)
        found = rows(
            f"{_LISTED}, {column}{_JOINS} where {where}{walk.condition} order by {walk.order} limit ?",
            *values, *walk.values, PAGE + 1,
        )  # fmt: skip
        kept, before, after = walk.page(found, PAGE, lambda record: (record[-1], record[0]))
        claims = _with_money(practice, [_listed(record[:-1]) for record in kept])
    return Page(tuple(claims), before, after)


def _view(practice: int, view: str, now: datetime) -> tuple[str, list[object]]:
    return waiting_days.silent(practice, now=now) if view == SILENT else (VIEWS[view], [])


def by_number(practice: int, number: str) -> int | None:
    """The claim with a number of ours."""
    with opened():
        found = row("select id from claim where practice_id = ? and control_number = ?", practice, number)
    return int(found[0]) if found else None


def find(
    practice: int, typed: str, *, day: date | None, cents: int | None, patients: Sequence[int] = ()
) -> list[Listed]:
    """Claims of a day, of an amount, of these patients, or by the beginning of a number of ours or the insurer's; the newest first."""
    with opened():
        ids = claim_finding.found(practice, typed, day=day, cents=cents, patients=patients, most=PAGE)
        if not ids:
            return []
        found = rows(
            f"{_LISTED}{_JOINS} where +c.practice_id = ? and c.id in ({marks(ids)}) order by c.id desc", practice, *ids
        )
        return _with_money(practice, [_listed(record) for record in found])


def _where(practice: int, wanted: Wanted, now: datetime) -> tuple[str, list[object]]:
    condition, own = _view(practice, wanted.view, now)
    # A plus before a column keeps its index out of the plan: a few ids are fewer rows than any practice has.
    parts: list[str] = ["+c.practice_id = ?" if wanted.number or wanted.patient else "c.practice_id = ?", condition]
    values: list[object] = [practice, *own]
    for test, value in (
        ("c.payer_id = ?", wanted.payer),
        ("c.patient_id = ?", wanted.patient),
        ("c.state = ?", wanted.state if wanted.state in lifecycle.LABELS else ""),
        ("c.served_on >= ?", wanted.served_from),
        ("c.served_on <= ?", wanted.served_until),
    ):
        if value:
            parts.append(test)
            values.append(value)
    if wanted.number:
        ids = claim_finding.by_number(practice, wanted.number)
        parts.append(f"c.id in ({marks(ids)})" if ids else "1 = 0")
        values += ids
    return " and ".join(parts), values


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
