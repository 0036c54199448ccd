"""Provider-level adjustments as open items: what one remittance holds back or pays ahead, a later one clears (835 PLB)."""

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

FORWARD = "FB"
INCOME = frozenset("B2 BD BN CR CT CV CW DM GO HM IP OA PI RE".split())
"""What an insurer pays beside claims and does not want back: bonuses, rebates, capitation interest, pass-through (PLB03-1)."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One PLB pair as it was posted. cents: positive lowered the payment, so the insurer holds it; negative raised it.

    trace, position: of the payment, and of the pair in it. account: where it was posted; only items of one account clear each other.
    """

    id: int
    paid_on: date
    trace: str
    position: int
    reason: str
    reference: str
    cents: int
    account: str
    claim: int | None = None

    @property
    def is_income(self) -> bool:
        """Paid beside the claims and ours to keep."""
        return self.cents < 0 and self.reason in INCOME


@dataclass(frozen=True, slots=True)
class Clearing:
    """Part of an item that another adjustment took away. cents: positive; why: reference, claim or forward."""

    opened: int
    cleared_by: int
    cents: int
    why: str


@dataclass(slots=True)
class Item:
    """An adjustment with what is left of it, of the same sign. settled_cents: what a person placed."""

    adjustment: Adjustment
    settled_cents: int
    left_cents: int
    clearings: list[Clearing] = field(default_factory=list)


def cleared(adjustments: Iterable[Adjustment], settled: Mapping[int, int]) -> list[Item]:
    """Every adjustment of one insurer, the earliest payment first, with what cleared it; files may come in any order.

    An adjustment clears what stands on the other side: under the same reference (PLB03-2), on the same claim, or, forwarding
    balances (FB) only, the oldest one. What people settled (id -> cents, of the same sign) is taken off first.
    The sum of what is left is always the sum of all adjustments less what was settled.
    """
    items = []
    book = _Book()
    for adjustment in sorted(adjustments, key=lambda a: (a.paid_on, a.trace, a.position, a.id)):
        placed = settled.get(adjustment.id, 0)
        item = Item(adjustment, placed, adjustment.cents - placed)
        items.append(item)
        for opened, why in book.against(item):
            cents = min(abs(opened.left_cents), abs(item.left_cents))
            clearing = Clearing(opened.adjustment.id, adjustment.id, cents, why)
            for side in (opened, item):
                side.left_cents -= cents if side.left_cents > 0 else -cents
                side.clearings.append(clearing)
        if item.left_cents:
            book.add(item)
    return items


class _Book:
    """Open items by what they may be found by, oldest first; those used up drop out when they are met."""

    def __init__(self) -> None:
        self._queues: dict[tuple[object, ...], deque[Item]] = defaultdict(deque)

    def add(self, item: Item) -> None:
        for key, _ in self._keys(item, item.left_cents > 0):
            self._queues[key].append(item)

    def against(self, item: Item) -> Iterator[tuple[Item, str]]:
        """Items of the other side that fit, one after the other while something of this one is left."""
        positive = item.left_cents > 0
        for key, why in self._keys(item, not positive):
            queue = self._queues[key]
            while queue and item.left_cents:
                if queue[0].left_cents:
                    yield queue[0], why
                if not queue[0].left_cents:
                    queue.popleft()

    @staticmethod
    def _keys(item: Item, positive: bool) -> Iterator[tuple[tuple[object, ...], str]]:
        own = item.adjustment
        reference = "".join(own.reference.upper().split())
        if reference:
            yield (own.account, positive, "reference", reference), "reference"
        if own.claim:
            yield (own.account, positive, "claim", own.claim), "claim"
        if own.reason == FORWARD:
            yield (own.account, positive, FORWARD), "forward"
