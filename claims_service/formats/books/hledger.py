"""The journal as hledger reads it; `hledger check -s ordereddates recentassertions` accepts it.

Each account's balance is asserted at the end, so that hledger itself adds our trial balance up again.
"""

from collections.abc import Iterable, Iterator

from claims_service.domain.money import plain_text
from claims_service.formats.books.chart import PLACES
from claims_service.formats.books.journal import Posted, Span, about, sides, tags, title

_TYPES = {"Assets": "A", "Liabilities": "L", "Income": "R", "Expenses": "X"}
_TAGS = ("entry", "kind", "source", "reverses", "by", "posted", "claim", "line", "patient", "payer", "reason")


def write_hledger(span: Span) -> Iterator[str]:
    """The text, part by part."""
    yield "decimal-mark .\ncommodity 1000.00 USD\n"
    yield "".join(f"tag {name}\n" for name in _TAGS)
    for place in PLACES.values():
        yield f"account {place.hledger}  ; type: {_TYPES[place.path[0]]}, number: {place.number}\n"
    yield from _opening(span)
    for posted in span.entries:
        yield _entry(posted)
    yield f"\n{span.until} * Trial balance\n"
    for account, place in PLACES.items():
        yield f"    {place.hledger}  0.00 USD = {plain_text(span.closing.get(account, 0))} USD\n"


def _opening(span: Span) -> Iterator[str]:
    held = {account: cents for account, cents in span.opening.items() if cents}
    if held:
        yield f"\n{span.start} * Opening balances\n"
        for account, cents in held.items():
            yield _posting(account, cents, ())


def _entry(posted: Posted) -> str:
    head = f"\n{posted.entry.posted_on} * ({posted.id}) {title(posted)}  ; {_tagged(tags(posted))}\n"
    lines = (
        _posting(account, cents, about(transfer))
        for transfer in posted.entry.transfers
        for account, cents in sides(transfer)
    )
    return head + "".join(lines)


def _posting(account: str, cents: int, names: Iterable[tuple[str, str]]) -> str:
    told = _tagged(names)
    return f"    {PLACES[account].hledger}  {plain_text(cents)} USD{f'  ; {told}' if told else ''}\n"


def _tagged(names: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name}:{value}" for name, value in names)
