"""The journal as beancount reads it; `bean-check` accepts it, and each account's last balance is asserted for it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from claims_service.domain.money import plain_text
from claims_service.formats.books.chart import PLACES
from claims_service.formats.books.journal import Posted, Span, about, sides, tags, title


def write_beancount(span: Span) -> Iterator[str]:
    """The text, part by part."""
    yield 'option "operating_currency" "USD"\n\n'
    for place in PLACES.values():
        yield f'{span.start} open {place.beancount} USD\n  number: "{place.number}"\n'
    yield from _opening(span)
    for posted in span.entries:
        yield _entry(posted)
    yield "\n"
    # beancount looks at the beginning of a day.
    after = span.until + timedelta(days=1)
    for account, place in PLACES.items():
        yield f"{after} balance {place.beancount} {plain_text(span.closing.get(account, 0))} USD\n"


def _opening(span: Span) -> Iterator[str]:
    held = {account: cents for account, cents in span.opening.items() if cents}
    if held:
        yield f'\n{span.start} * "Opening balances"\n'
        for account, cents in held.items():
            yield _posting(account, cents, ())


def _entry(posted: Posted) -> str:
    head = f'\n{posted.entry.posted_on} * "{title(posted)}"\n{_metadata(tags(posted), 2)}'
    lines = (
        _posting(account, cents, about(transfer))
        for transfer in posted.entry.transfers
        for account, cents in sides(transfer)
    )
    return head + "".join(lines)


def _posting(account: str, cents: int, names: Iterable[tuple[str, str]]) -> str:
    return f"  {PLACES[account].beancount}  {plain_text(cents)} USD\n{_metadata(names, 4)}"


def _metadata(names: Iterable[tuple[str, str]], indent: int) -> str:
    return "".join(f'{" " * indent}{name}: "{value}"\n' for name, value in names)
