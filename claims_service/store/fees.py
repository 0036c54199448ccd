"""Fee schedules and contracts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from claims_service.domain.pricing.price_book import FeeSchedule, PriceBook
from claims_service.store import tables
from claims_service.store.connection import insert_rows, opened, run, write


def book(practice: int) -> PriceBook:
    """Every price of a practice, in two SELECTs."""
    prices: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    with opened():
        rows = run(
            "select schedule_id, procedure, modifier, cents from fee where practice_id = ?", (practice,)
        ).fetchall()
        for schedule, procedure, modifier, cents in rows:
            prices[schedule][(procedure, modifier)] = cents
        schedules = tables.FeeSchedule.select().where(tables.FeeSchedule.practice == practice)
        return PriceBook(FeeSchedule(s.name, s.payer_id, s.valid_from, s.valid_until, prices[s.id]) for s in schedules)


def add(
    practice: int,
    name: str,
    fees: Iterable[tuple[str, str, int]],
    *,
    valid_from: date,
    valid_until: date | None = None,
    payer: int | None = None,
) -> int:
    """A new schedule with (procedure, modifier, cents) rows; gives its id."""
    with write():
        columns = ("practice", "name", "payer", "valid_from", "valid_until")
        schedule = insert_rows(tables.FeeSchedule, columns, [(practice, name, payer, valid_from, valid_until)])[0]
        insert_rows(
            tables.Fee,
            ("practice", "schedule", "procedure", "modifier", "cents"),
            ((practice, schedule, *fee) for fee in fees),
        )
    return schedule
