"""CSV: the whole journal, and one journal a day for QuickBooks Online and Xero, each in the layout of its import."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from claims_service.domain.money import plain_text
from claims_service.formats.books.chart import PLACES
from claims_service.formats.books.journal import Span, about, sides, tags, title

TAX_RATE = "Tax Exempt"
_WHOLE = (
    "JournalNo", "JournalDate", "AccountNo", "AccountName", "Debits", "Credits", "Description", "Source", "Reverses",
    "By", "Posted", "Claim", "Line", "Patient", "Payer", "Reason",
)  # fmt: skip
_QUICKBOOKS = ("JournalNo", "JournalDate", "AccountName", "Debits", "Credits", "Description")
_XERO = ("*Narration", "*Date", "Description", "*AccountCode", "*TaxRate", "*Amount")


def write_csv(span: Span) -> Iterator[str]:
    """Every side of every transfer, a row each."""
    yield _line(_WHOLE)
    for posted in span.entries:
        head = dict(tags(posted))
        for transfer in posted.entry.transfers:
            told = dict(about(transfer))
            for account, cents in sides(transfer):
                place = PLACES[account]
                yield _line((
                    posted.id, f"{posted.entry.posted_on:%m/%d/%Y}", place.number, place.name, *_columns(cents), title(posted),
                    head["source"], head.get("reverses", ""), head["by"], head["posted"],
                    *(told.get(name, "") for name in ("claim", "line", "patient", "payer", "reason")),
                ))  # fmt: skip


def write_quickbooks(span: Span) -> Iterator[str]:
    """A journal a day: what each account moved, debits and credits apart. Without ids of claims and patients."""
    yield _line(_QUICKBOOKS)
    for day, moved in _days(span):
        for (account, is_credit), cents in moved:
            words = f"{PLACES[account].name}, patient accounting"
            columns = _columns(-cents if is_credit else cents)
            yield _line((f"PA{day:%Y%m%d}", f"{day:%m/%d/%Y}", PLACES[account].name, *columns, words))


def write_xero(span: Span) -> Iterator[str]:
    """The same as manual journals; Xero takes the same narration and date for one journal, and a debit as positive."""
    yield _line(_XERO)
    for day, moved in _days(span):
        for (account, is_credit), cents in moved:
            words = f"Patient accounting {day:%Y-%m-%d}"
            amount = plain_text(-cents if is_credit else cents)
            place = PLACES[account]
            yield _line((words, f"{day:%d/%m/%Y}", place.name, place.number, TAX_RATE, amount))


def _days(span: Span) -> Iterator[tuple[date, Sequence[tuple[tuple[str, bool], int]]]]:
    """Each day with ((account, whether credited), cents > 0), in the order of the chart."""
    order = list(PLACES)
    found: dict[date, dict[tuple[str, bool], int]] = defaultdict(lambda: defaultdict(int))
    for posted in span.entries:
        for transfer in posted.entry.transfers:
            for account, cents in sides(transfer):
                found[posted.entry.posted_on][account, cents < 0] += abs(cents)
    for day, moved in found.items():
        yield day, sorted(moved.items(), key=lambda item: (order.index(item[0][0]), item[0][1]))


def _columns(cents: int) -> tuple[str, str]:
    return (plain_text(cents), "") if cents > 0 else ("", plain_text(-cents))


def _line(cells: Iterable[object]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
