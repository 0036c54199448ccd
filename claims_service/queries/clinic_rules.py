"""The clinic's own rules as a manager sees them: their versions, and what one would have caught last month."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

from claims_service.domain.claim.edits.own_rules import OwnRule, ready, sentence
from claims_service.domain.errors import NotFound
from claims_service.queries.rows import known_day, marks, rows
from claims_service.store import claim_values, clinic_rules
from claims_service.store.clinic_rules import KeptRule
from claims_service.store.connection import in_parts, opened

MOST_TRIED, MOST_SHOWN = 5_000, 50
# Refused by the insurer as a whole (CLP02) or in part: money went to review for its reason.
_DENIED = (
    "select distinct t.claim from journal_transfer t join journal_entry e on e.id = t.entry_id"
    " where t.practice_id = ? and e.source = 'remittance' and t.debit = 'in_review' and t.claim in ({})"
)


@dataclass(frozen=True, slots=True)
class Listed:
    """A rule with its newest version. on: the version that holds, if one does; said: it in one sentence."""

    newest: KeptRule
    on: KeptRule | None
    said: str


@dataclass(frozen=True, slots=True)
class Caught:
    """A claim that a rule would have caught."""

    claim: int
    control_number: str
    patient: int
    patient_name: str
    served_on: date
    services: tuple[str, ...]
    charge_cents: int
    denied: bool


@dataclass(frozen=True, slots=True)
class Trial:
    """What a rule says of the first claims of a month. looked_at: how many; there were more where `cut`.

    caught: the newest of them; caught_count and denied_count: of all.
    """

    first: date
    until: date
    looked_at: int
    cut: bool
    caught_count: int
    denied_count: int
    caught: tuple[Caught, ...]


def insurers(practice: int) -> dict[str, str]:
    """Names of the clinic's insurers by payer id."""
    with opened():
        found = rows("select identifier, name from payer where practice_id = ? order by name", practice)
    return {str(identifier): str(name) for identifier, name in found}


def listed(practice: int) -> list[Listed]:
    """Every rule, by number."""
    names = insurers(practice)
    by_number: dict[int, list[KeptRule]] = {}
    for kept in clinic_rules.listed(practice):
        by_number.setdefault(kept.rule.number, []).append(kept)
    return [
        Listed(versions[0], next((kept for kept in versions if kept.is_on), None), sentence(versions[0].rule, names))
        for versions in by_number.values()
    ]


def versions(practice: int, rule: int) -> list[KeptRule]:
    """All versions of the rule that one of them belongs to, the one asked for first, then the newest.

    Raises:
        NotFound: no such version of this practice.
    """
    kept = clinic_rules.listed(practice)
    found = next((one for one in kept if one.id == rule), None)
    if found is None:
        raise NotFound("rule")
    return [found, *(one for one in kept if one.rule.number == found.rule.number and one.id != rule)]


def holding(practice: int, claim: int) -> list[KeptRule]:
    """Rules that hold a claim until a manager lets it through."""
    return clinic_rules.holding(practice, claim)


def last_month(today: date) -> tuple[date, date]:
    """(first, last day) of the calendar month before."""
    until = today.replace(day=1) - timedelta(days=1)
    return until.replace(day=1), until


def try_rule(practice: int, rule: OwnRule, *, today: date) -> Trial:
    """Hold a rule without problems against the first claims of last month's visits, as they stand now; its own days are left out of it."""
    first, until = last_month(today)
    sql = (
        "select id from claim where practice_id = ? and served_on between ? and ? and payer_id is not null and sequence = 'P'"
        " and frequency = '1' order by served_on desc, id desc limit ?"
    )
    asked = ready([replace(rule, valid_from=None, valid_until=None)])[0]
    with opened():
        wanted = [int(row[0]) for row in rows(sql, practice, first, until, MOST_TRIED + 1)]
        cut, wanted = len(wanted) > MOST_TRIED, wanted[:MOST_TRIED]
        hits: dict[int, tuple[str, ...]] = {}
        for part in in_parts(wanted):
            for one in claim_values.assemble(practice, part):
                if lines := asked.lines(one.claim, today):
                    hits[one.id] = tuple(line.procedure for line in (lines if asked.of_line else one.claim.lines))
        denied = _denied(practice, list(hits))
        shown = _shown(practice, list(hits)[:MOST_SHOWN], hits, denied)
    return Trial(first, until, len(wanted), cut, len(hits), len(denied), shown)


def _denied(practice: int, claims: list[int]) -> set[int]:
    found: set[int] = set()
    for part in in_parts(claims):
        found.update(int(row[0]) for row in rows(_DENIED.format(marks(part)), practice, *part))
    return found


def _shown(
    practice: int, claims: list[int], services: dict[int, tuple[str, ...]], denied: set[int]
) -> tuple[Caught, ...]:
    if not claims:
        return ()
    sql = (
        "select c.id, c.control_number, c.patient_id, p.first, p.last, c.served_on, c.charge_cents from claim c"
        f" join patient p on p.id = c.patient_id where +c.practice_id = ? and c.id in ({marks(claims)})"
        " order by c.served_on desc, c.id desc"
    )
    return tuple(
        Caught(key, number, patient, f"{given} {last}".strip(), known_day(on), services[key], int(cents), key in denied)
        for key, number, patient, given, last, on, cents in rows(sql, practice, *claims)
    )
