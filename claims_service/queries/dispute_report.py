"""Disputes for the manager: how many, how long they took, why, and about which insurer, provider or service."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from claims_service.domain.patient import dispute as rules
from claims_service.queries.rows import day, known_day, rows
from claims_service.store.connection import opened


@dataclass(frozen=True, slots=True)
class Asked:
    """One line that was disputed or asked about. credited_cents: taken off this line with the answer."""

    dispute: int
    patient: int
    number: str
    kind: str
    reason: str
    via: str
    opened_on: date
    answer_by: date
    answered_on: date | None
    state: str
    outcome: str
    service: str
    procedure: str
    provider: str
    insurer: str
    share_cents: int
    credited_cents: int

    @property
    def days(self) -> int | None:
        """Calendar days to the answer."""
        return (self.answered_on - self.opened_on).days if self.answered_on else None

    @property
    def in_time(self) -> bool:
        return self.answered_on is not None and self.answered_on <= self.answer_by


@dataclass(frozen=True, slots=True)
class Row:
    """Disputes that share something. days: to the answer, in the middle; None before the first. right: how many the patient won."""

    name: str
    disputes: int
    open: int
    days: int | None
    right: int
    share_cents: int
    credited_cents: int


@dataclass(frozen=True, slots=True)
class Totals:
    """late: open past the promised day. in_time: of the answered."""

    disputes: int
    questions: int
    open: int
    late: int
    answered: int
    in_time: int
    days: int | None
    credited_cents: int


BY: dict[str, Callable[[Asked], str]] = {
    "reason": lambda one: rules.REASONS[one.reason].words,
    "insurer": lambda one: one.insurer or "No plan",
    "provider": lambda one: one.provider,
    "service": lambda one: f"{one.procedure} {one.service}".strip(),
}


def asked(practice: int, *, first: date, last: date) -> list[Asked]:
    """Every line of what was opened in these days, the newest first, in one SELECT."""
    sql = (
        "select d.id, d.patient_id, d.number, d.kind, d.reason, d.via, d.opened_on, d.answer_by, d.answered_on, d.state, d.outcome,"
        " l.words, coalesce(el.procedure, ''), p.first, p.last, coalesce((select min(y.name) from claim c join payer y on y.id ="
        " c.payer_id where c.encounter_id = l.encounter_id and c.sequence = 'P' and c.state <> 'void'), ''), l.share_cents,"
        " coalesce((select sum(t.cents) from journal_entry j join journal_transfer t on t.entry_id = j.id join claim c on c.id = t.claim"
        " where j.practice_id = d.practice_id and j.source = 'dispute' and j.source_id = d.id and c.encounter_id = l.encounter_id"
        " and coalesce(t.line, 0) = l.line), 0) from dispute d join dispute_line l on l.dispute_id = d.id"
        " join encounter e on e.id = l.encounter_id join provider p on p.id = e.rendering_id"
        " left join encounter_line el on el.encounter_id = e.id and el.number = l.line"
        " where d.practice_id = ? and d.opened_on between ? and ? order by d.id desc, l.id"
    )
    found: list[Asked] = []
    with opened():
        for record in rows(sql, practice, first, last):
            (
                key,
                patient,
                number,
                kind,
                reason,
                via,
                on,
                by,
                answered,
                state,
                outcome,
                words,
                code,
                name,
                surname,
                *rest,
            ) = record
            insurer, share, credited = rest
            found.append(
                Asked(
                    key, patient, number, kind, reason, via, known_day(on), known_day(by), day(answered), state, outcome, words,
                    code, f"{name} {surname}".strip(), insurer, int(share), int(credited),
                )
            )  # fmt: skip
    return found


def grouped(lines: Iterable[Asked], by: str) -> list[Row]:
    """Disputes by reason, insurer, provider or service, the most frequent first; questions are left out."""
    groups: dict[str, list[Asked]] = defaultdict(list)
    for line in lines:
        if line.kind == rules.DISPUTE:
            groups[BY[by](line)].append(line)
    found = [_row(name, group) for name, group in groups.items()]
    return sorted(found, key=lambda row: (-row.disputes, -row.share_cents, row.name))


def _row(name: str, lines: list[Asked]) -> Row:
    each = {line.dispute: line for line in lines}.values()
    days = [one.days for one in each if one.days is not None]
    return Row(
        name,
        len(each),
        sum(one.state in rules.OPEN for one in each),
        median_low(days) if days else None,
        sum(one.outcome in {rules.CREDITED, rules.CORRECTED} for one in each),
        sum(line.share_cents for line in lines),
        sum(line.credited_cents for line in lines),
    )


def totals(lines: Iterable[Asked], *, today: date) -> Totals:
    """The numbers of the whole."""
    listed = list(lines)
    each = list({line.dispute: line for line in listed}.values())
    answered = [one for one in each if one.state == rules.ANSWERED]
    days = [one.days for one in answered if one.days is not None]
    return Totals(
        sum(one.kind == rules.DISPUTE for one in each),
        sum(one.kind == rules.QUESTION for one in each),
        sum(one.state in rules.OPEN for one in each),
        sum(rules.is_late(one.state, one.answer_by, today) for one in each),
        len(answered),
        sum(one.in_time for one in answered),
        median_low(days) if days else None,
        sum(line.credited_cents for line in listed),
    )
