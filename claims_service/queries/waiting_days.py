"""Each insurer's own days, as conditions on a claim c: when silence is too long, and when its filing limit is near."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta

from claims_service.domain.claim.claim import ORIGINAL, REPLACEMENT
from claims_service.formats.payers import answers_of, rules_for
from claims_service.queries.rows import marks, rows
from claims_service.store.connection import instant_text

NEAR = 14  # days before a filing limit from which a person looks
NOT_ACCEPTED = ("needs_mending", "ready", "sent_back", "sent", "received")  # without proof that the insurer has it


def silent(practice: int, *, now: datetime) -> tuple[str, list[object]]:
    """Claims without a decision past their insurer's own limit; a void that was accepted is owed none. In one SELECT."""
    parts, values = _by_days(
        practice, "c.sent_at < ?", _decision_days, lambda days: instant_text(now - timedelta(days=days))
    )
    states = "c.state in ('sent', 'received', 'accepted') and not (c.frequency = '8' and c.state = 'accepted')"
    return f"({states} and ({parts}))", values


def near_limit(practice: int, *, today: date) -> tuple[str, list[object]]:
    """Claims that their insurer has not accepted and soon takes no more, those it takes no more included. In one SELECT."""
    first, values = _by_days(
        practice, "c.served_on <= ?", _filing_days, lambda days: today + timedelta(days=NEAR - days)
    )
    seventh, more = _by_days(
        practice, "c.served_on <= ?", _corrected_days, lambda days: today + timedelta(days=NEAR - days)
    )
    states = ", ".join(f"'{state}'" for state in NOT_ACCEPTED)
    kinds = f"(c.frequency = '{ORIGINAL}' and ({first}) or c.frequency = '{REPLACEMENT}' and ({seventh}))"
    return f"(c.state in ({states}) and {kinds})", [*values, *more]


def last_day(identifier: str, served_on: date, frequency: str) -> date | None:
    """The last day an insurer takes a claim; None where it sets none."""
    rules = rules_for(identifier)
    days = {ORIGINAL: rules.filing_days, REPLACEMENT: rules.corrected_days}.get(frequency, 0)
    return served_on + timedelta(days=days) if days else None


def _decision_days(identifier: str) -> int:
    return answers_of(identifier).decision_days


def _filing_days(identifier: str) -> int:
    return rules_for(identifier).filing_days


def _corrected_days(identifier: str) -> int:
    return rules_for(identifier).corrected_days


def _by_days(
    practice: int, condition: str, days_of: Callable[[str], int], limit: Callable[[int], object]
) -> tuple[str, list[object]]:
    """Insurers with the same days share a condition; 0 days: never."""
    by_days: dict[int, list[int]] = defaultdict(list)
    for key, identifier in rows("select id, identifier from payer where practice_id = ?", practice):
        by_days[days_of(str(identifier))].append(int(key))
    parts, values = [], list[object]()
    for days, payers in by_days.items():
        if days:
            parts.append(f"c.payer_id in ({marks(payers)}) and {condition}")
            values += [*payers, limit(days)]
    return " or ".join(parts) or "1 = 0", values
