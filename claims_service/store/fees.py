"""The clinic's fee schedules, and everything a batch of visits is priced with."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date

from claims_service.domain.pricing.price_book import FeeSchedule, PriceBook
from claims_service.domain.pricing.provider_class import provider_class
from claims_service.store import contracts, tables
from claims_service.store.connection import day_of, insert_rows, opened, run, write


def book(practice: int, procedures: Collection[str]) -> PriceBook:
    """The clinic's prices, and the contracts as far as they speak of these procedures; a few SELECTs for any batch."""
    prices: dict[int, dict[tuple[str, str], int]] = defaultdict(dict)
    with opened():
        rows = run(
            "select schedule_id, procedure, modifier, cents from fee where practice_id = ?", (practice,)
        ).fetchall()
        for schedule, procedure, modifier, cents in rows:
            prices[schedule][(procedure, modifier)] = cents
        sql = "select id, name, valid_from, valid_until from fee_schedule where practice_id = ? and payer_id is null"
        schedules = [
            FeeSchedule(name, day_of(first), day_of(until), prices[key])
            for key, name, first, until in run(sql, (practice,)).fetchall()
        ]
        taxonomies = run("select id, taxonomy from provider where practice_id = ?", (practice,)).fetchall()
        classes = {key: provider_class(taxonomy) for key, taxonomy in taxonomies}
        return PriceBook(schedules, contracts.book(practice, procedures), classes)


def add(
    practice: int, name: str, fees: Iterable[tuple[str, str, int]], *, valid_from: date, valid_until: date | None = None
) -> int:
    """A new schedule of the clinic's prices with (procedure, modifier, cents) rows; gives its id."""
    with write():
        columns = ("practice", "name", "valid_from", "valid_until")
        schedule = insert_rows(tables.FeeSchedule, columns, [(practice, name, valid_from, valid_until)])[0]
        insert_rows(
            tables.Fee,
            ("practice", "schedule", "procedure", "modifier", "cents"),
            ((practice, schedule, *fee) for fee in fees),
        )
    return schedule
