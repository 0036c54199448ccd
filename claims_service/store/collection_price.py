"""What a letter and a text message cost a practice."""

from dataclasses import dataclass
from datetime import datetime

from claims_service.store.connection import insert_rows, opened, run
from claims_service.store.tables import CollectionPrice


@dataclass(frozen=True, slots=True)
class Price:
    """Cents of one letter and one text message; 0 where the practice said nothing."""

    letter_cents: int = 0
    text_cents: int = 0


def price(practice: int) -> Price:
    """What holds now."""
    sql = "select letter_cents, text_cents from collection_price where practice_id = ? order by id desc limit 1"
    with opened():
        found = run(sql, (practice,)).fetchone()
    return Price(*found) if found else Price()


def add(practice: int, new: Price, *, by: str, at: datetime) -> None:
    """From now on. Inside write()."""
    columns = ("practice", "letter_cents", "text_cents", "by", "at")
    insert_rows(CollectionPrice, columns, [(practice, new.letter_cents, new.text_cents, by, at)])
