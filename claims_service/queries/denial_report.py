"""How often insurers refuse, and how much: by family, insurer, provider and month; and what they accept at first sending."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from claims_service.domain import dates
from claims_service.domain.ledger.accounts import IN_REVIEW, PAYER_OWES
from claims_service.formats.tables.denials import families
from claims_service.queries.rows import row, rows
from claims_service.store.connection import opened

MONTHS = 6


@dataclass(frozen=True, slots=True)
class Share:
    """One insurer, provider or month. decided: claims first decided then; denied: of those, refused at least in part."""

    name: str
    decided: int
    denied: int
    cents: int


@dataclass(frozen=True, slots=True)
class FamilyShare:
    """One family of denials. claims: with a refusal of it; cents: refused, whatever became of it since."""

    name: str
    claims: int
    cents: int


@dataclass(frozen=True, slots=True)
class Report:
    """Of claims first decided since the first day. sent, accepted: claims sent since, and those never sent back."""

    since: date
    decided: int
    denied: int
    cents: int
    sent: int
    accepted: int
    families: tuple[FamilyShare, ...]
    insurers: tuple[Share, ...]
    providers: tuple[Share, ...]
    months: tuple[Share, ...]


def report(practice: int, *, today: date) -> Report:
    """The last six months, this one included, in five SELECTs."""
    since = _first_month(today)
    with opened():
        decided, refused = _decided(practice, since), _refused(practice)
        insurers: dict[int, str] = dict(rows("select id, name from payer where practice_id = ?", practice))
        providers = {
            key: f"{last}, {first}".strip(", ")
            for key, last, first in rows("select id, last, first from provider where practice_id = ?", practice)
        }
        sent, sent_back = _sent(practice, since)
    of_claim = {
        claim: (insurers.get(payer, ""), providers.get(doctor, ""), month) for claim, payer, doctor, month in decided
    }
    cents: dict[int, int] = defaultdict(int)
    for claim, _, amount in refused:
        if claim in of_claim:
            cents[claim] += amount
    by_name = [_shares(of_claim, cents, place) for place in range(3)]
    months = tuple(sorted(by_name[2], key=lambda share: share.name))
    return Report(
        since, len(of_claim), len(cents), sum(cents.values()), sent, sent - sent_back,
        _by_family((claim, reason, amount) for claim, reason, amount in refused if claim in of_claim), by_name[0], by_name[1], months,
    )  # fmt: skip


def _first_month(today: date) -> date:
    months = today.year * 12 + today.month - MONTHS
    return date(months // 12, months % 12 + 1, 1)


def _decided(practice: int, since: date) -> list[tuple[int, int, int, str]]:
    """(claim, insurer, provider, month) of claims whose first decision is not older."""
    sql = (
        "select c.id, c.payer_id, v.rendering_id, min(e.period) from journal_transfer t join journal_entry e on e.id = t.entry_id"
        " join claim c on c.id = t.claim join encounter v on v.id = c.encounter_id where t.practice_id = ? and e.source = 'remittance'"
        " and (t.debit = ? or t.credit = ?) group by c.id, c.payer_id, v.rendering_id having min(e.period) >= ?"
    )
    return [
        (c, p, v, str(month)) for c, p, v, month in rows(sql, practice, PAYER_OWES, PAYER_OWES, dates.period(since))
    ]


def _refused(practice: int) -> list[tuple[int, str, int]]:
    """(claim, reason, cents) that remittances put into review; what was taken back since still counts."""
    sql = (
        "select t.claim, t.reason, sum(t.cents) from journal_transfer t join journal_entry e on e.id = t.entry_id"
        " where t.practice_id = ? and e.source = 'remittance' and t.debit = ? and t.credit = ? group by t.claim, t.reason"
    )
    return [(claim, str(reason), int(cents)) for claim, reason, cents in rows(sql, practice, IN_REVIEW, PAYER_OWES)]


def _sent(practice: int, since: date) -> tuple[int, int]:
    sql = (
        "select count(*), coalesce(sum(case when exists (select 1 from claim_event e where e.claim_id = c.id and e.kind = 'sent_back')"
        " then 1 else 0 end), 0) from claim c where c.practice_id = ? and c.sent_at >= ?"
    )
    found = row(sql, practice, since.isoformat())
    assert found is not None, "a count always gives a row"
    return int(found[0]), int(found[1])


def _shares(of_claim: dict[int, tuple[str, str, str]], cents: dict[int, int], place: int) -> tuple[Share, ...]:
    """By insurer, provider or month, the most refused first."""
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for claim, names in of_claim.items():
        found = sums[names[place]]
        found[0] += 1
        found[1] += claim in cents
        found[2] += cents.get(claim, 0)
    return tuple(sorted((Share(name, *found) for name, found in sums.items()), key=lambda s: (-s.cents, s.name)))


def _by_family(refused: Iterable[tuple[int, str, int]]) -> tuple[FamilyShare, ...]:
    claims: dict[str, set[int]] = defaultdict(set)
    cents: dict[str, int] = defaultdict(int)
    for claim, code, amount in refused:
        name = families().name_of(code[2:])
        claims[name].add(claim)
        cents[name] += amount
    found = [FamilyShare(families().named[name].label, len(claims[name]), cents[name]) for name in claims]
    return tuple(sorted(found, key=lambda share: (-share.cents, share.name)))
