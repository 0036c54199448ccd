"""Files on their way to receivers: what is stuck, and who has not answered."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from claims_service.domain.receiver import Receiver
from claims_service.formats.payers import answers_of
from claims_service.queries.rows import instant, known_instant, rows
from claims_service.queries.today import Queue
from claims_service.store import receivers
from claims_service.store.connection import instant_text, opened

HALF_A_DAY, TWO_WEEKS = timedelta(hours=12), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Standing:
    """A receiver. waiting: files not there yet; failing: of these, after a failure. alarm: why a person has to look; alarm_at: last tried."""

    receiver: Receiver
    waiting: int
    failing: int
    alarm: str
    alarm_at: datetime | None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A file that a person has to look at, out or in. tried_again_at: None where nothing goes on by itself."""

    receiver: str
    name: str
    message: str
    since: datetime
    file: int | None = None
    attempts: int = 0
    tried_again_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class SilentFile:
    """A file whose answer is late. kind: 837P, 270 … awaited: download, 999, 277CA, 271, 277. waiting: claims or questions in it."""

    file: int
    name: str
    to: str
    since: datetime
    awaited: str
    waiting: int
    hours: int
    kind: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a file on its way: begun, uploaded, delivered, failed."""

    attempt: int
    kind: str
    text: str
    at: datetime


def standings(practice: int) -> list[Standing]:
    """Every receiver, by name, in two SELECTs."""
    sql = (
        "select r.id, r.alarm, r.alarm_at, count(d.id), coalesce(sum(case when d.failures > 0 then 1 else 0 end), 0) from receiver r"
        " left join delivery d on d.receiver_id = r.id and d.stage <> 'delivered' where r.practice_id = ? group by r.id, r.alarm, r.alarm_at"
    )
    with opened():
        found = {
            key: (int(waiting), int(failing), str(alarm), instant(at))
            for key, alarm, at, waiting, failing in rows(sql, practice)
        }
        return [Standing(receiver, *found[receiver.id]) for receiver in receivers.every(practice)]


def steps(practice: int, file: int) -> list[Step]:
    """How a file got to its receiver, the first step first."""
    sql = (
        "select e.attempt, e.kind, e.text, e.at from delivery_event e join delivery d on d.id = e.delivery_id"
        " where e.practice_id = ? and d.file_id = ? order by e.id"
    )
    with opened():
        return [
            Step(int(n), str(kind), str(text), known_instant(at)) for n, kind, text, at in rows(sql, practice, file)
        ]


def troubles(practice: int, *, now: datetime) -> list[Trouble]:
    """Files with an alarm, half answers that stay half, and answers that could not be read, in three SELECTs."""
    out = (
        "select r.name, d.name, d.alarm, f.at, d.file_id, d.attempts, d.next_at from delivery d join receiver r on r.id = d.receiver_id"
        " join exchange_file f on f.id = d.file_id where d.practice_id = ? and d.stage <> 'delivered' and d.alarm <> '' order by d.id"
    )
    half = (
        "select r.name, x.name, x.first_seen_at from fetched_file x join receiver r on r.id = x.receiver_id"
        " where x.practice_id = ? and x.state in ('seen', 'partial') and x.first_seen_at < ? order by x.id"
    )
    unread = (
        "select r.name, x.name, x.at, x.file_id from fetched_file x join receiver r on r.id = x.receiver_id"
        " where x.practice_id = ? and x.state = 'refused' and x.at >= ? order by x.id"
    )
    told = "It never became whole: ask for it again."
    refused = "It came whole and could not be read: look at it, and ask the receiver what it is."
    with opened():
        found = [
            Trouble(receiver, name, alarm, known_instant(at), file, int(attempts), instant(again))
            for receiver, name, alarm, at, file, attempts, again in rows(out, practice)
        ]
        found += [
            Trouble(receiver, name, told, known_instant(at))
            for receiver, name, at in rows(half, practice, instant_text(now - HALF_A_DAY))
        ]
        found += [
            Trouble(receiver, name, refused, known_instant(at), file)
            for receiver, name, at, file in rows(unread, practice, instant_text(now - TWO_WEEKS))
        ]
    return found


# From the claims that wait, which are few, to their files; a claim that was sent again counts for its last file only.
_OPEN_FILES = (
    "select fc.file_id as file_id, sum(case when c.state = 'sent' then 1 else 0 end) as sent,"
    " sum(case when c.state = 'received' then 1 else 0 end) as received"
    " from claim c join file_claim fc on fc.claim_id = c.id where c.practice_id = ? and c.state in ('sent', 'received')"
    " and not exists (select 1 from file_claim later where later.claim_id = c.id and later.file_id > fc.file_id) group by fc.file_id"
)
# Questions by file that nobody answered and nobody asked again; after two weeks the day they were about is long over.
_ASKED_FILES = (
    "select file_id, count(*) as sent, 0 as received from (select q.file_id from eligibility_check q where q.practice_id = ?"
    " and q.state = 'asked' and q.route = 'file' and q.asked_at >= ? and not exists"
    " (select 1 from eligibility_check later where later.coverage_id = q.coverage_id and later.id > q.id)"
    " union all select q.file_id from status_inquiry q where q.practice_id = ?"
    " and q.state = 'asked' and q.route = 'file' and q.asked_at >= ? and not exists"
    " (select 1 from status_inquiry later where later.claim_id = q.claim_id and later.id > q.id)) a group by file_id"
)
_SILENT = (
    "select f.id, f.name, f.kind, f.state, f.at, d.delivered_at,"
    " case when r.route = 'mailbox' and d.stage <> 'delivered' then null else d.id end,"
    " coalesce(r.name, y.name, ''), coalesce(r.identifier, ''),"
    " coalesce(y.identifier, ''), r.answer_hours, o.sent, o.received,"
    " (select min(t.at) from file_receipt t where t.file_id = f.id)"
    " from ({open}) o join exchange_file f on f.id = o.file_id left join payer y on y.id = f.payer_id"
    " left join delivery d on d.file_id = f.id left join receiver r on r.practice_id = f.practice_id and (r.id = d.receiver_id or"
    " (d.id is null and r.identifier = coalesce(nullif(y.receiver_id, ''), y.identifier)))"
    " where substr(f.kind, 1, 3) in ('837', '270', '276') order by f.id"
)
_ANSWERED_BY = {"270": "271", "276": "277"}


def silent_files(practice: int, *, now: datetime) -> list[SilentFile]:
    """Files of claims and of questions whose receiver has not said what it owes within its limit, the oldest first, in two SELECTs."""
    found = []
    lately = instant_text(now - TWO_WEEKS)
    with opened():
        listed = rows(_SILENT.format(open=_OPEN_FILES), practice)
        listed += rows(_SILENT.format(open=_ASKED_FILES), practice, lately, practice, lately)
    for (
        file,
        name,
        kind,
        state,
        made,
        delivered,
        delivery,
        to,
        receiver,
        payer,
        hours,
        sent,
        received,
        fetched,
    ) in listed:
        theirs = answers_of(payer or receiver)
        limit = int(hours or theirs.hours)
        if state == "made" and delivery is None:
            since, awaited, waiting = known_instant(made), "download", int(sent)
        elif at := delivered or fetched:
            since = known_instant(at)
            asked = _ANSWERED_BY.get(kind)
            awaited, waiting = (asked, int(sent)) if asked else _awaited(theirs.kinds, int(sent), int(received))
        else:
            continue  # still on its way: what is stuck is told by troubles()
        if awaited and now - since >= timedelta(hours=limit):
            found.append(SilentFile(int(file), str(name), str(to), since, awaited, waiting, limit, str(kind)))
    return sorted(found, key=lambda one: one.file)


def _awaited(kinds: tuple[str, ...], sent: int, received: int) -> tuple[str, int]:
    """The first receipt that is still to come, and for how many claims."""
    if sent and kinds:
        return kinds[0], sent
    return ("277CA", received) if received and "277CA" in kinds else ("", 0)


def queue(practice: int, *, now: datetime) -> dict[str, Queue]:
    """What of this waits for a person, as a queue of today's page named "files"; empty when nothing does. In seven SELECTs."""
    with opened():
        down = [standing for standing in standings(practice) if standing.alarm]
        stuck, late = troubles(practice, now=now), silent_files(practice, now=now)
    moments = [*(s.alarm_at for s in down if s.alarm_at), *(t.since for t in stuck), *(s.since for s in late)]
    if not moments:
        return {}
    named = [*(s.receiver.name for s in down), *(t.receiver for t in stuck), *(s.to for s in late)]
    words = ", ".join(dict.fromkeys(named))
    return {"files": Queue("files", len(moments), 0, min(moments), words)}
