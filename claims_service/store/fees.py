"""Fee schedules and contracts."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from claims_service.domain.pricing.price_book import FeeSchedule, PriceBook
from claims_service.store import tables
from claims_service.store.connection import insert_rows, opened, write


def book(practice: int) -> PriceBook:
    """Every price of a practice, in two SELECTs."""
    prices: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    with opened():
        columns = (tables.Fee.schedule, tables.Fee.procedure, tables.Fee.modifier, tables.Fee.cents)
        for schedule, procedure, modifier, cents in (
            tables.Fee.select(*columns).where(tables.Fee.practice == practice).tuples()
        ):
            prices[schedule][(procedure, modifier)] = cents
        rows = tables.FeeSchedule.select().where(tables.FeeSchedule.practice == practice)
        return PriceBook(FeeSchedule(r.name, r.payer_id, r.valid_from, r.valid_until, prices[r.id]) for r in rows)


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
