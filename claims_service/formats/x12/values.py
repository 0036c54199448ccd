"""Elements as values: cents, days and quantities, with one word for whatever can't be read."""

from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from claims_service.domain import money
from claims_service.domain.claim.claim import Adjustment
from claims_service.formats.x12.envelope import EnvelopeCheck
from claims_service.formats.x12.node import Node, Segment, padded

LONGEST_REASON = 5  # of CAS02


class Unreadable(ValueError):
    """An element is not the value it must be; `element` names it ("CLP03"). Holds no data."""

    def __init__(self, segment: str, position: int, kind: str) -> None:
        self.segment, self.element, self.kind = segment, f"{segment}{position:02}", kind
        super().__init__(f"{self.element} is not {kind}")


@lru_cache(maxsize=16384)
def _cents(text: str) -> int:
    return money.cents(text) if text else 0


@lru_cache(maxsize=4096)
def _day(text: str) -> date:
    if len(text) != 8 or not (text.isascii() and text.isdigit()):
        raise ValueError
    return date(int(text[:4]), int(text[4:6]), int(text[6:]))


@lru_cache(maxsize=4096)
def _days(text: str) -> tuple[date, date | None]:
    first, dash, last = text.partition("-")
    return _day(first), (_day(last) if dash else None)


@lru_cache(maxsize=4096)
def _quantity(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or len(text) > 16:
        raise ValueError
    return number


@lru_cache(maxsize=4096)
def _whole(text: str) -> int:
    return int(text)


def cents(segment: Segment, position: int) -> int:
    """The amount in an element; an empty one is 0.

    Raises:
        Unreadable: not an amount.
    """
    text = segment[position] if len(segment) > position else ""
    try:
        return _cents(text)
    except ValueError:
        raise Unreadable(segment[0], position, "an amount") from None


def two_cents(segment: Segment, first: int, second: int) -> tuple[int, int]:
    """The amounts in two elements, both within the segment.

    Raises:
        Unreadable: one is not an amount.
    """
    try:
        return _cents(segment[first]), _cents(segment[second])
    except ValueError:
        return cents(segment, first), cents(segment, second)


def maybe_cents(segment: Segment | None, position: int) -> int | None:
    """Cents, or None where the element is empty."""
    return None if segment is None or not _text(segment, position) else cents(segment, position)


def day(segment: Segment, position: int) -> date:
    """Raises: Unreadable when it is not a date CCYYMMDD."""
    try:
        return _day(segment[position])
    except (ValueError, IndexError):
        raise Unreadable(segment[0], position, "a date") from None


def days(segment: Segment, position: int) -> tuple[date, date | None]:
    """A D8 date, or the two ends of an RD8 range.

    Raises:
        Unreadable: not such a date.
    """
    try:
        return _days(segment[position])
    except (ValueError, IndexError):
        raise Unreadable(segment[0], position, "a date") from None


def maybe_day(segment: Segment | None, position: int) -> date | None:
    """A day, or None where the segment is missing."""
    return None if segment is None or not _text(segment, position) else day(segment, position)


def quantity(segment: Segment, position: int) -> Decimal:
    """Raises: Unreadable when it is not a number."""
    try:
        return _quantity(segment[position])
    except (ValueError, IndexError, InvalidOperation):
        raise Unreadable(segment[0], position, "a number") from None


def count(segment: Segment | None, position: int) -> int | None:
    """A whole number, or None where the segment is missing."""
    if segment is None or not _text(segment, position):
        return None
    try:
        return _whole(segment[position])
    except ValueError:
        raise Unreadable(segment[0], position, "a whole number") from None


def adjustments(segment: Segment) -> tuple[Adjustment, ...]:
    """The up to six reasons of a CAS. A reason without an amount, or the other way round, is unreadable."""
    if len(segment) == 4 and segment[2] and segment[3] and len(segment[2]) <= LONGEST_REASON:
        try:
            return _only_adjustment(segment[1], segment[2], segment[3])
        except ValueError:
            raise Unreadable("CAS", 3, "an amount") from None
    found = []
    full = padded(segment, -(-(len(segment) - 2) // 3) * 3 + 1)
    for at in range(2, len(full), 3):
        reason, amount, units = full[at : at + 3]
        if reason or amount or units:
            if not (reason and amount):
                raise Unreadable("CAS", at if not reason else at + 1, "there, though its neighbour is")
            found.append(Adjustment(segment[1], reason, cents(full, at + 1), quantity(full, at + 2) if units else None))
    return tuple(found)


@lru_cache(maxsize=4096)
def _only_adjustment(group: str, reason: str, amount: str) -> tuple[Adjustment]:
    """Most CAS hold one reason, and few reasons and amounts come again and again."""
    return (Adjustment(group, reason, _cents(amount)),)


def _text(segment: Segment, position: int) -> str:
    return segment[position] if len(segment) > position else ""


def report(check: EnvelopeCheck, fault: Unreadable, node: Node) -> None:
    """Turn an unreadable element into a finding at its loop."""
    code = "8" if "date" in fault.kind else "6"
    check.add(f"IK403={code}", f"{fault.element} is not {fault.kind}.", "Ask the sender for a corrected file.",
              loop=node.loop.id, segment=fault.segment, element=fault.element, index=node.start)  # fmt: skip
