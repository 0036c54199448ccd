"""What an export is made from: the entries of some days, and every account's balance before and after them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from claims_service.domain.ledger.journal import Entry, Transfer


@dataclass(frozen=True, slots=True)
class Posted:
    """An entry as it stands in the journal. by: an actor's name ("user:5"), never a person's; at: aware UTC."""

    id: int
    entry: Entry
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """entries: by day, then number. opening, closing: debit-positive cents by account before start and at the end of until."""

    start: date
    until: date
    opening: Mapping[str, int]
    closing: Mapping[str, int]
    entries: Iterable[Posted]


def tags(posted: Posted) -> Iterator[tuple[str, str]]:
    """What tells an entry apart: ids alone, so that nobody's name or a note about them leaves the clinic."""
    entry = posted.entry
    yield "entry", str(posted.id)
    yield "kind", entry.kind
    yield "source", entry.source if entry.source_id is None else f"{entry.source}-{entry.source_id}"
    if entry.reverses is not None:
        yield "reverses", str(entry.reverses)
    yield "by", posted.by.replace(":", "-")
    yield "posted", f"{posted.at:%Y-%m-%dT%H:%M:%SZ}"


def about(transfer: Transfer) -> Iterator[tuple[str, str]]:
    """What a transfer is about."""
    for name in ("claim", "line", "patient", "payer"):
        if (found := getattr(transfer, name)) is not None:
            yield name, str(found)
    if transfer.reason:
        yield "reason", _word(transfer.reason)


def sides(transfer: Transfer) -> tuple[tuple[str, int], tuple[str, int]]:
    """(account, debit-positive cents) of both."""
    return (transfer.debit, transfer.cents), (transfer.credit, -transfer.cents)


def title(posted: Posted) -> str:
    """ "Provider adjustment" of "provider_adjustment"."""
    return posted.entry.kind.replace("_", " ").capitalize()


def _word(text: str) -> str:
    """Without what ends a tag or a text in these formats."""
    return "".join(mark if mark.isalnum() or mark in "-_." else "-" for mark in text)
