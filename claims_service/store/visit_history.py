"""What patients had here before, as far as the checks of a batch of claims ask: repeated services, new patients, follow-up days."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from claims_service.domain.claim.earlier import (
    GLOBAL_DAYS,
    EarlierService,
    FollowUp,
    Giver,
    is_face_to_face,
    three_years_before,
)
from claims_service.domain.claim.edits.history import giver
from claims_service.domain.quick import Known, quick
from claims_service.store import medicare_fees, parties
from claims_service.store.claim_values import Assembled
from claims_service.store.connection import day_of, in_parts, marks, opened, run

_NOBODY = Giver()
_OUT = frozenset({"sent", "received", "accepted", "decided"})
_LONGEST = timedelta(days=max(GLOBAL_DAYS.values()))
_DAY = timedelta(days=1)
Days = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class _Row:
    claim: int
    encounter: int
    sequence: str
    is_out: bool
    served_on: date
    procedure: str
    modifiers: tuple[str, ...]
    giver: Giver


_ROW = quick(_Row)


class History(NamedTuple):
    """Of one claim; see Facts for each."""

    same_day: frozenset[tuple[str, tuple[str, ...]]]
    earlier: tuple[EarlierService, ...]
    follow_ups: tuple[FollowUp, ...]


class _Past:
    """What one patient had, sorted once for all claims of the batch. surgeries: what has global days."""

    __slots__ = ("by_day", "earlier", "surgeries")

    def __init__(self, rows: Sequence[_Row], days: Days) -> None:
        self.by_day: dict[date, list[_Row]] = defaultdict(list)
        for row in rows:
            self.by_day[row.served_on].append(row)
        self.earlier = tuple(
            EarlierService(row.served_on, row.procedure, row.giver) for row in rows if is_face_to_face(row.procedure)
        )
        self.surgeries = [row for row in rows if row.procedure in days]


def history(practice: int, claims: Sequence[Assembled]) -> dict[int, History]:
    """What matters to each claim, by its id; a SELECT for five hundred patients, and one for the global days.

    `earlier` holds the claim's own services too: what asks for it looks at days before a service's own.
    """
    with_lines = [c for c in claims if c.claim.lines]
    if not with_lines:
        return {c.id: History(frozenset(), (), ()) for c in claims}
    since = three_years_before(min(c.claim.served_on for c in with_lines))
    with opened():
        rows = _rows(practice, list({c.patient for c in claims}), since)
        known = {row.procedure for listed in rows.values() for row in listed}
        days = _global_days(known | {line.procedure for c in claims for line in c.claim.lines})
    pasts = {patient: _Past(rows.get(patient, ()), days) for patient in {c.patient for c in claims}}
    return {c.id: _history(c, pasts[c.patient], days) for c in claims}


def _history(c: Assembled, past: _Past, days: Days) -> History:
    return History(_same_day(c, past), past.earlier, _follow_ups(c, past, days))


def _is_other(c: Assembled, row: _Row) -> bool:
    """Two claims of one visit, to two plans, are one visit; a replacement stands for the claim it replaces."""
    return row.claim != c.id and (not c.encounter or row.encounter != c.encounter)


def _rows(practice: int, patients: Sequence[int], since: date) -> dict[int, list[_Row]]:
    """Services of first and of patients' own claims, by patient, newest first."""
    found: dict[int, list[_Row]] = defaultdict(list)
    givers = {key: Giver(one.npi, one.taxonomy) for key, one in parties.providers(practice).items()}
    days, modified = Known(day_of), Known(lambda text: tuple(text.split()))
    for part in in_parts(patients):
        sql = (
            "select c.patient_id, c.id, c.encounter_id, c.sequence, c.state, l.served_on, l.procedure, l.modifiers, e.rendering_id"
            " from claim c join claim_line l on l.claim_id = c.id join encounter e on e.id = c.encounter_id"
            " where +c.practice_id = ? and c.sequence in ('P', 'N') and c.state not in ('void', 'replaced') and c.frequency <> '8'"
            f" and l.served_on >= ? and c.patient_id in ({marks(part)}) order by l.served_on desc, l.id"
        )
        for patient, claim, encounter, sequence, state, on, procedure, modifiers, provider in run(
            sql, (practice, since, *part)
        ):
            found[patient].append(
                _ROW(
                    claim, encounter, sequence, state in _OUT, days[on], procedure, modified[modifiers],
                    givers.get(provider, _NOBODY),
                )
            )  # fmt: skip
    return found


def _global_days(procedures: Collection[str]) -> Days:
    found = medicare_fees.global_days(procedures)
    return {code: GLOBAL_DAYS[days] for code, days in found.items() if days in GLOBAL_DAYS}


def _same_day(c: Assembled, past: _Past) -> frozenset[tuple[str, tuple[str, ...]]]:
    """Services that other first claims of the day carry: those sent, and those built before it."""
    return frozenset(
        (row.procedure, row.modifiers)
        for on in {line.served_on for line in c.claim.lines}
        for row in past.by_day.get(on, ())
        if row.sequence == "P" and (row.is_out or row.claim < c.id) and _is_other(c, row)
    )


def _follow_ups(c: Assembled, past: _Past, days: Days) -> tuple[FollowUp, ...]:
    """Of surgeries near enough to matter, the claim's own among them."""
    claim = c.claim
    if not days or not claim.lines:
        return ()
    first, last = claim.served_on - _LONGEST, max(line.served_on for line in claim.lines) + _DAY
    done = [
        (row.procedure, row.served_on, row.giver)
        for row in past.surgeries
        if first <= row.served_on <= last and _is_other(c, row)
    ]
    done += [(line.procedure, line.served_on, giver(claim, line)) for line in claim.lines]
    return tuple(FollowUp(code, on, days[code], who) for code, on, who in done if code in days)
