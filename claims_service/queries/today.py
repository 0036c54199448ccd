"""What waits for whom, where every dollar is, and what happened lately."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import median_low

from claims_service.domain.ledger import accounts
from claims_service.queries import waiting_days
from claims_service.queries.rows import known_day, known_instant, row, rows
from claims_service.store.connection import instant_text, marks, opened

WEEKS = 8
LATELY = timedelta(days=90)
_RECEIVED = (accounts.INSURER_CLEARING, accounts.CARD_CLEARING, accounts.DESK_CLEARING)
_OWING = (
    "select b.patient, sum(b.cents) as cents, max(c.changed_at) as since from balance b join claim c on c.id = b.claim"
    " where b.practice_id = ? and b.account = 'patient_owes' group by b.patient having sum(b.cents) > 0"
)
# On the newest statement of each kind: confidential visits stand on one of their own.
_TOLD = (
    "(select sum(s.owed_cents) from statement s where s.patient_id = o.patient and not exists (select 1 from statement n"
    " where n.patient_id = s.patient_id and n.confidential = s.confidential and n.id > s.id))"
)


@dataclass(frozen=True, slots=True)
class Queue:
    """Work that waits. name: stopped, sent_back, denied, ready, silent, visits, held, deposits, to_bill, files, chargebacks. since: of the oldest."""

    name: str
    count: int
    cents: int
    since: datetime | None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """Open money of claims in one place. name: a name of claim_list.VIEWS."""

    name: str
    claims: int
    cents: int


@dataclass(frozen=True, slots=True)
class News:
    """The same thing that happened to several claims of one insurer; count is claims."""

    kind: str
    payer: str
    count: int
    at: datetime
    cents: int = 0
    remittance: int | None = None


@dataclass(frozen=True, slots=True)
class Numbers:
    """received_cents: by week, the oldest first. sent, accepted: claims of the last 90 days, and those never sent back.

    days_to_paid: from visit to the insurer's payment, in the middle; None before the first.
    """

    received_cents: tuple[int, ...]
    sent: int
    sent_back: int
    days_to_paid: int | None
    patients_owe_cents: int
    patients_owing: int


def queues(practice: int, *, now: datetime) -> dict[str, Queue]:
    """Every queue that holds something, by name, in seven SELECTs."""
    with opened():
        found = [*_claim_queues(practice), _denied(practice), _silent(practice, now), *_others(practice)]
        words = _mostly(practice)
    return {
        queue.name: Queue(queue.name, queue.count, queue.cents, queue.since, words.get(queue.name, ""))
        for queue in found
        if queue.count
    }


# What the claim has open with its insurer; a claim without a price yet has only its charge so far.
_OPEN = "coalesce(o.cents, c.charge_cents)"
_OWED_BY_INSURER = (
    "left join (select claim, sum(cents) as cents from balance where practice_id = ? and account = 'payer_owes' group by claim) o"
    " on o.claim = c.id"
)


def _claim_queues(practice: int) -> list[Queue]:
    names = {"needs_mending": "stopped", "ready": "ready", "sent_back": "sent_back"}
    sql = (
        f"select c.state, count(*), sum({_OPEN}), min(c.changed_at) from claim c {_OWED_BY_INSURER}"
        " where c.practice_id = ? and c.state in (?, ?, ?) group by c.state"
    )
    found = rows(sql, practice, practice, *names)
    return [_queue(names[state], number, cents, since) for state, number, cents, since in found]


def _denied(practice: int) -> Queue:
    sql = (
        "select count(*), sum(o.cents), min(c.changed_at) from (select claim, sum(cents) as cents from balance where practice_id = ?"
        " and account = 'in_review' group by claim having sum(cents) > 0) o join claim c on c.id = o.claim"
    )
    return _queue("denied", *(row(sql, practice) or (0, 0, None)))


def _silent(practice: int, now: datetime) -> Queue:
    condition, values = waiting_days.silent(practice, now=now)
    sql = f"select count(*), sum({_OPEN}), min(c.sent_at) from claim c {_OWED_BY_INSURER} where c.practice_id = ? and {condition}"
    return _queue("silent", *(row(sql, practice, practice, *values) or (0, 0, None)))


def _others(practice: int) -> list[Queue]:
    sql = (
        "select 'visits', count(*), 0, min(recorded_at) from encounter where practice_id = ? and state = 'recorded'"
        " union all select 'held', count(*), coalesce(sum(cents), 0), min(opened_at) from held_item where practice_id = ? and closed_at is null"
        " union all select 'deposits', count(*), coalesce(sum(cents), 0), min(at) from bank_line"
        " where practice_id = ? and state in ('open', 'partly')"
        f" union all select 'to_bill', count(*), coalesce(sum(o.cents), 0), min(o.since) from ({_OWING}) o"
        f" where coalesce({_TOLD}, 0) < o.cents and not exists (select 1 from dispute d where d.patient_id = o.patient"
        " and d.kind = 'dispute' and d.state not in ('answered', 'withdrawn'))"
        " union all select 'chargebacks', count(*), coalesce(sum(cents), 0), min(at) from card_return where practice_id = ? and state = 'open'"
    )
    return [_queue(*found) for found in rows(sql, *[practice] * 5)]


def _queue(name: str, count: int, cents: int | None, since: str | None) -> Queue:
    return Queue(name, int(count), int(cents or 0), known_instant(since) if since else None)


def _mostly(practice: int) -> dict[str, str]:
    """The most frequent reason behind stopped claims, and who sent claims back."""
    problems = rows(
        "select p.message, count(distinct p.claim_id) from claim_problem p join claim c on c.id = p.claim_id where p.practice_id = ?"
        " and c.state = 'needs_mending' and p.settled_at is null and p.severity = 'must' group by p.message order by 2 desc, 1 limit 1",
        practice,
    )  # fmt: skip
    payers = rows(
        "select y.name, count(*) from claim c join payer y on y.id = c.payer_id where c.practice_id = ? and c.state = 'sent_back'"
        " group by y.name order by 2 desc, 1 limit 3",
        practice,
    )  # fmt: skip
    words = {"sent_back": ", ".join(str(name) for name, _ in payers)}
    if problems:
        words["stopped"] = f"Mostly: {problems[0][0]}"
    return words


def rail_counts(practice: int) -> dict[str, int]:
    """The numbers in the menu, in one SELECT."""
    sql = (
        "select (select count(*) from encounter where practice_id = ? and state = 'recorded'),"
        " (select count(*) from claim where practice_id = ? and state in ('needs_mending', 'sent_back')),"
        " (select count(*) from (select claim from balance where practice_id = ? and account = 'in_review' group by claim"
        " having sum(cents) > 0) d), (select count(*) from held_item where practice_id = ? and closed_at is null),"
        " (select count(*) from bank_line where practice_id = ? and state in ('open', 'partly')),"
        " (select count(*) from dispute where practice_id = ? and state in ('opened', 'in_progress', 'with_plan', 'to_approve')),"
        " (select count(*) from estimate_hold where practice_id = ? and released_by = '')"
        " + (select count(*) from estimate where practice_id = ? and state = 'due'),"
        " (select count(*) from assistance where practice_id = ? and state = 'open'),"
        " (select count(*) from card_return where practice_id = ? and state = 'open')"
    )
    with opened():
        found = row(sql, *[practice] * 10)
    assert found is not None, "counts always give a row"
    return dict(
        zip(
            ("visits", "claims", "denials", "held", "deposits", "disputes", "estimates", "assistance", "chargebacks"),
            map(int, found),
            strict=True,
        )
    )


def stages(practice: int) -> list[Stage]:
    """Every open cent of every claim in one of six places, in one SELECT."""
    sql = (
        "select b.account, c.state, count(distinct b.claim), sum(b.cents) from balance b join claim c on c.id = b.claim"
        " where b.practice_id = ? and b.account in (?, ?, ?, ?) and b.cents <> 0 group by b.account, c.state"
    )
    claims: dict[str, int] = defaultdict(int)
    cents: dict[str, int] = defaultdict(int)
    with opened():
        for account, state, number, amount in rows(sql, practice, *accounts.RECEIVABLES):
            name = _stage(account, state)
            claims[name] += int(number)
            cents[name] += int(amount)
    return [
        Stage(name, claims[name], cents[name])
        for name in ("stopped", "ready", "insurer", "denied", "next_plan", "patient")
    ]


def _stage(account: str, state: str) -> str:
    if account == accounts.PAYER_OWES:
        return {"needs_mending": "stopped", "sent_back": "stopped", "ready": "ready"}.get(state, "insurer")
    return {accounts.IN_REVIEW: "denied", accounts.NEXT_PAYER_OWES: "next_plan"}.get(account, "patient")


def on_its_way(practice: int) -> dict[str, int]:
    """Cents by account of money that has left the claims: on its way to the bank, held, or kept for patients. One SELECT."""
    wanted = (*_RECEIVED, accounts.SUSPENSE, accounts.PATIENT_CREDIT, accounts.UNEXPLAINED, accounts.PROVIDER_BALANCE)
    sql = "select account, sum(cents) from balance where practice_id = ? and account in (?, ?, ?, ?, ?, ?, ?) group by account"
    with opened():
        found = {str(account): int(cents) for account, cents in rows(sql, practice, *wanted)}
    return {name: found.get(name, 0) * (1 if accounts.BY_NAME[name].grows == "debit" else -1) for name in wanted}


def news(practice: int, *, since: datetime) -> list[News]:
    """What happened to claims and money since an instant, the newest first, in three SELECTs."""
    start = instant_text(since)
    with opened():
        events = rows(
            "select e.kind, coalesce(y.name, ''), count(distinct e.claim_id), max(e.at) from claim_event e"
            " join claim c on c.id = e.claim_id left join payer y on y.id = c.payer_id where e.practice_id = ? and e.at >= ?"
            " and e.kind in ('sent', 'accepted', 'sent_back', 'billed', 'moved_on') group by e.kind, y.name",
            practice, start,
        )  # fmt: skip
        paid = rows(
            "select r.id, coalesce(y.name, r.payer_name), r.claim_count, r.at, r.paid_cents, r.state from remittance r"
            " left join payer y on y.id = r.payer_id where r.practice_id = ? and r.at >= ? order by r.id desc limit 5",
            practice, start,
        )  # fmt: skip
        patients = row(
            "select count(*), coalesce(sum(cents), 0), max(settled_at) from payment where practice_id = ? and state = 'paid' and settled_at >= ?",
            practice, start,
        )  # fmt: skip
    found = [News(kind, payer, int(number), known_instant(at)) for kind, payer, number, at in events]
    found += [
        News(f"remittance_{state}", payer, int(number), known_instant(at), int(cents), key)
        for key, payer, number, at, cents, state in paid
    ]
    if patients and patients[0]:
        found.append(News("paid_by_patients", "", int(patients[0]), known_instant(patients[2]), int(patients[1])))
    return sorted(found, key=lambda item: item.at, reverse=True)


def numbers(practice: int, *, today: date, now: datetime) -> Numbers:
    """The tiles, in four SELECTs."""
    since = instant_text(now - LATELY)
    with opened():
        sent = row(
            "select count(*), coalesce(sum(case when exists (select 1 from claim_event e where e.claim_id = c.id and e.kind = 'sent_back')"
            " then 1 else 0 end), 0) from claim c where c.practice_id = ? and c.sent_at >= ?",
            practice, since,
        )  # fmt: skip
        paid = rows(
            "select c.served_on, min(e.at) from claim_event e join claim c on c.id = e.claim_id where e.practice_id = ? and e.kind = 'posted'"
            " and e.at >= ? and c.sequence = 'P' group by c.id, c.served_on order by 2 desc limit 1000",
            practice, since,
        )  # fmt: skip
        owing = row(f"select count(*), coalesce(sum(o.cents), 0) from ({_OWING}) o", practice)
        received = _received(practice, today)
    days = [(known_instant(at).date() - known_day(on)).days for on, at in paid]
    assert sent is not None
    assert owing is not None
    return Numbers(
        received, int(sent[0]), int(sent[1]), median_low(days) if days else None, int(owing[1]), int(owing[0])
    )


def _received(practice: int, today: date) -> tuple[int, ...]:
    """Money received in each of the last eight weeks, insurers' and patients', less what was taken back."""
    first = today - timedelta(days=7 * WEEKS - 1)
    sql = (
        f"select e.posted_on, sum(case when t.debit in ({marks(_RECEIVED)}) then t.cents else -t.cents end) from journal_transfer t"
        f" join journal_entry e on e.id = t.entry_id where t.practice_id = ? and e.posted_on >= ? and e.source in ('remittance', 'payment')"
        f" and (t.debit in ({marks(_RECEIVED)}) or t.credit in ({marks(_RECEIVED)})) group by e.posted_on"
    )
    weeks = [0] * WEEKS
    for on, cents in rows(sql, *_RECEIVED, practice, first, *_RECEIVED, *_RECEIVED):
        place = (known_day(on) - first).days // 7
        if 0 <= place < WEEKS:
            weeks[place] += int(cents)
    return tuple(weeks)
