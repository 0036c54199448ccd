"""What each insurer still holds of ours, or we of theirs, outside of claims: item by item and movement by movement."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from itertools import accumulate

from claims_service.domain.errors import NotFound
from claims_service.domain.ledger.accounts import IN_REVIEW, PROVIDER_BALANCE
from claims_service.domain.remittance.open_items import Adjustment, Clearing, Item, cleared
from claims_service.queries import people
from claims_service.queries.rows import instant, known_day, marks, rows
from claims_service.store import open_items
from claims_service.store.connection import opened
from claims_service.store.open_items import NOT_KNOWN, Settled

OPEN = (PROVIDER_BALANCE, IN_REVIEW)


@dataclass(frozen=True, slots=True)
class Source:
    """The payment an adjustment came with."""

    remittance: int
    file: int
    trace: str
    paid_on: date


@dataclass(frozen=True, slots=True)
class Placed:
    """Part of an item a person settled. cents: of the item's sign."""

    cents: int
    way: str
    why: str
    by: str
    at: datetime | None
    claim: int | None


@dataclass(frozen=True, slots=True)
class Line:
    """One adjustment. left_cents: positive the insurer holds, negative it paid ahead or beside claims; zero for what was booked at once.

    other: for each clearing the adjustment on the other side, with the payment it came in.
    """

    adjustment: Adjustment
    source: Source
    left_cents: int
    clearings: tuple[tuple[Clearing, Source], ...]
    placed: tuple[Placed, ...]
    claim_number: str
    patient: int | None


@dataclass(frozen=True, slots=True)
class Movement:
    """One entry on the insurer's running balance; balance_cents: after it."""

    posted_on: date
    source: str
    source_id: int
    reason: str
    cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class Held:
    """An insurer's page. balance_cents: of the account; lines: the oldest payment first."""

    payer: int
    payer_name: str
    balance_cents: int
    lines: tuple[Line, ...]
    movements: tuple[Movement, ...]

    @property
    def open_lines(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.left_cents)

    @property
    def open_cents(self) -> int:
        """What is left on the running balance, item by item: the same as the account."""
        return sum(line.left_cents for line in self.lines if line.adjustment.account == PROVIDER_BALANCE)


@dataclass(frozen=True, slots=True)
class Total:
    """One insurer in the list. holds_cents: kept of ours; ahead_cents: paid ahead or beside claims; their difference is the account.

    review_cents: taken back on claims and still in review there.
    """

    payer: int
    payer_name: str
    items: int
    holds_cents: int
    ahead_cents: int
    review_cents: int
    oldest_on: date | None
    balance_cents: int


def totals(practice: int) -> list[Total]:
    """Every insurer that ever adjusted something, the largest balance first, in five SELECTs."""
    with opened():
        names, balances = _names(practice), _balances(practice)
        settled = _settled(open_items.settlements(practice))
        items = {payer: _cleared(listed, settled) for payer, listed in open_items.adjustments(practice).items()}
        kept = [i.adjustment.claim for of in items.values() for i in of.values() if i.adjustment.claim and i.left_cents]
        review = _in_review(practice, kept)
        found = []
        for payer, all_items in items.items():
            own = _still_open(all_items, review)
            running = [i for i in own if i.adjustment.account == PROVIDER_BALANCE]
            holds = sum(item.left_cents for item in running if item.left_cents > 0)
            owed = -sum(item.left_cents for item in running if item.left_cents < 0)
            oldest = min((item.adjustment.paid_on for item in own), default=None)
            name = names.get(payer, "Insurer not known")
            on_claims = sum(item.left_cents for item in own if item.adjustment.account == IN_REVIEW)
            found.append(Total(payer, name, len(own), holds, owed, on_claims, oldest, balances.get(payer, 0)))
    return sorted(found, key=lambda total: (-abs(total.balance_cents), -total.items, total.payer_name))


def held(practice: int, payer: int) -> Held:
    """One insurer's items and movements, in nine SELECTs; payer NOT_KNOWN: of remittances that name none of ours.

    Raises:
        NotFound: the practice has no such insurer.
    """
    with opened():
        names = {**_names(practice), NOT_KNOWN: "Insurer not known"}
        if payer not in names:
            raise NotFound("insurer")
        listed = open_items.adjustments(practice, payer).get(payer, [])
        settlements = open_items.settlements(practice)
        lines = _lines(practice, payer, listed, settlements)
        return Held(payer, names[payer], _balances(practice).get(payer, 0), lines, _movements(practice, payer))


def line(practice: int, adjustment: int) -> tuple[Held, Line]:
    """One item with its insurer.

    Raises:
        NotFound: the practice has no such item.
    """
    payer = open_items.payer_of(practice, adjustment)
    if payer is None:
        raise NotFound("open item")
    found = held(practice, payer)
    return found, next(line for line in found.lines if line.adjustment.id == adjustment)


def _names(practice: int) -> dict[int, str]:
    return {int(key): str(name) for key, name in rows("select id, name from payer where practice_id = ?", practice)}


def _balances(practice: int) -> dict[int, int]:
    sql = "select payer, sum(cents) from balance where practice_id = ? and account = ? group by payer"
    return {int(payer): int(cents) for payer, cents in rows(sql, practice, PROVIDER_BALANCE)}


def _settled(made: list[Settled]) -> dict[int, int]:
    sums: dict[int, int] = defaultdict(int)
    for one in made:
        sums[one.adjustment] += one.cents
    return sums


def _cleared(listed: list[Adjustment], settled: dict[int, int]) -> dict[int, Item]:
    items = cleared([a for a in listed if a.account in OPEN], settled)
    return {item.adjustment.id: item for item in items}


def _lines(practice: int, payer: int, listed: list[Adjustment], settlements: list[Settled]) -> tuple[Line, ...]:
    items = _cleared(listed, _settled(settlements))
    sources, claims = _sources(practice, payer), _claims(practice, [a.claim for a in listed if a.claim])
    review = _in_review(practice, [a.claim for a in listed if a.claim and a.account == IN_REVIEW])
    placed: dict[int, list[Placed]] = defaultdict(list)
    who = people.names(practice, [one.by for one in settlements])
    for one in settlements:
        placed[one.adjustment].append(Placed(one.cents, one.way, one.why, who[one.by], instant(one.at), one.claim))
    lines = []
    for adjustment in sorted(listed, key=lambda a: (a.paid_on, a.trace, a.position, a.id)):
        key = adjustment.id
        item = items.get(key)
        others = [(c, sources[c.cleared_by if c.opened == key else c.opened]) for c in item.clearings] if item else []
        left = item.left_cents if item else 0
        if left and adjustment.account == IN_REVIEW:
            left = _still(left, review.get(adjustment.claim or 0, 0))
        number, patient = claims.get(adjustment.claim or 0, ("", None))
        lines.append(Line(adjustment, sources[key], left, tuple(others), tuple(placed[key]), number, patient))
    return tuple(lines)


def _still_open(items: dict[int, Item], review: dict[int, int]) -> list[Item]:
    """Items with something left, those on claims by what is still in review there. review: cents by claim."""
    for item in items.values():
        if item.left_cents and item.adjustment.account == IN_REVIEW:
            item.left_cents = _still(item.left_cents, review.get(item.adjustment.claim or 0, 0))
    return [item for item in items.values() if item.left_cents]


def _still(left: int, on_claim: int) -> int:
    """What of an item on a claim is still in review there: a person may have written it off or the claim been decided again."""
    if left > 0:
        return min(left, max(on_claim, 0))
    return max(left, min(on_claim, 0))


def _sources(practice: int, payer: int) -> dict[int, Source]:
    sql = (
        "select p.id, r.id, r.file_id, r.trace, r.paid_on from provider_adjustment p join remittance r on r.id = p.remittance_id"
        " where p.practice_id = ? and coalesce(r.payer_id, 0) = ?"
    )
    return {
        int(key): Source(int(r), int(file), str(trace), known_day(on))
        for key, r, file, trace, on in rows(sql, practice, payer)
    }


def _claims(practice: int, wanted: list[int]) -> dict[int, tuple[str, int]]:
    if not wanted:
        return {}
    sql = f"select id, control_number, patient_id from claim where +practice_id = ? and id in ({marks(wanted)})"
    return {int(key): (str(number), int(patient)) for key, number, patient in rows(sql, practice, *wanted)}


def _in_review(practice: int, claims: list[int]) -> dict[int, int]:
    if not claims:
        return {}
    sql = f"select claim, sum(cents) from balance where practice_id = ? and account = ? and claim in ({marks(claims)}) group by claim"
    return {int(claim): int(cents) for claim, cents in rows(sql, practice, IN_REVIEW, *claims)}


def _movements(practice: int, payer: int) -> tuple[Movement, ...]:
    """Every entry on the account, the oldest first."""
    sql = (
        "select e.posted_on, e.source, coalesce(e.source_id, 0), t.reason, sum(case when t.debit = ? then t.cents else -t.cents end)"
        " from journal_transfer t join journal_entry e on e.id = t.entry_id where t.practice_id = ? and coalesce(t.payer, 0) = ?"
        " and (t.debit = ? or t.credit = ?) group by e.id, e.posted_on, e.source, e.source_id, t.reason order by e.id"
    )
    found = rows(sql, PROVIDER_BALANCE, practice, payer, PROVIDER_BALANCE, PROVIDER_BALANCE)
    running = accumulate(int(row[4]) for row in found)
    return tuple(
        Movement(known_day(on), str(source), int(source_id), str(reason), int(cents), balance)
        for (on, source, source_id, reason, cents), balance in zip(found, running, strict=True)
    )
