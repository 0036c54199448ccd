"""Every format the journal is taken along in, by the name people choose it with."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from claims_service.formats.books.accounting_csv import write_csv, write_quickbooks, write_xero
from claims_service.formats.books.beancount import write_beancount
from claims_service.formats.books.hledger import write_hledger
from claims_service.formats.books.journal import Span


@dataclass(frozen=True, slots=True)
class BooksFormat:
    """ending: of the file, with its dot. mime: as it goes over the web."""

    label: str
    ending: str
    mime: str
    write: Callable[[Span], Iterator[str]]


FORMATS: dict[str, BooksFormat] = {
    "hledger": BooksFormat("hledger", ".journal", "text/plain", write_hledger),
    "beancount": BooksFormat("beancount", ".beancount", "text/plain", write_beancount),
    "csv": BooksFormat("CSV, every movement", ".csv", "text/csv", write_csv),
    "quickbooks": BooksFormat("QuickBooks Online, a journal a day", "-quickbooks.csv", "text/csv", write_quickbooks),
    "xero": BooksFormat("Xero, a journal a day", "-xero.csv", "text/csv", write_xero),
}
