"""What a rule is: it looks at a loop as it closes, and yields the faults that it finds there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from claims_service.domain import money
from claims_service.formats.x12.node import Envelope, Node, Segment


@dataclass(slots=True)
class Tally:
    """What the rules remember of the transaction at hand."""

    levels: int = 0
    last_level_at: int = 0
    claim_numbers: set[str] = field(default_factory=set)
    paid_cents: int = 0
    interest_cents: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Closed:
    """A loop that just closed, the loops around it from the transaction down, and what is known of the transaction.

    own: the loop's own segments, without those of the loops below it.
    """

    node: Node
    parents: Sequence[Node]
    envelope: Envelope
    tally: Tally
    own: Sequence[Segment]

    def parent(self, loop_id: str) -> Node | None:
        return next((node for node in reversed(self.parents) if node.loop.id == loop_id), None)

    def parts(self, segment: Segment, position: int) -> list[str]:
        """The components of an element; one empty text when it is missing."""
        return element(segment, position).split(self.envelope.marks.component)

    @property
    def written_on(self) -> str:
        """The day on which the sender wrote the group (GS04), CCYYMMDD."""
        return element(self.envelope.gs, 4)


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule broken at one place. segment: None for the loop's opener; node: the loop that holds it, if another.

    place: the element within the segment, "02" or "01-2"; empty for the whole segment.
    """

    rule: str
    segment: Segment | None = None
    place: str = ""
    node: Node | None = None


Rule = Callable[[Closed], Iterator[Fault]]


def element(segment: Segment, position: int) -> str:
    """One element, "" when the segment ends before it."""
    return segment[position] if len(segment) > position else ""


def amount(segment: Segment | None, position: int) -> int | None:
    """Cents; None when the element is empty or no amount, which level 1 reports."""
    return _cents(element(segment, position)) if segment else None


@lru_cache(maxsize=4096)
def _cents(text: str) -> int | None:
    try:
        return money.cents(text) if text else None
    except ValueError:
        return None


def amounts(node: Node, segment_id: str, position: int, code: str = "") -> int:
    """The sum of one element over the loop's segments of one kind."""
    return sum(amount(segment, position) or 0 for segment in node.segments(segment_id, code))


def reasons(segment: Segment) -> Iterator[tuple[int, str, int | None]]:
    """The position, reason code and cents of each adjustment in a CAS."""
    for position in range(2, len(segment), 3):
        if segment[position]:
            yield position, segment[position], amount(segment, position + 1)


def adjusted(node: Node, group: str = "") -> int:
    """The sum of the loop's own adjustments."""
    return sum(cents or 0 for segment in node.segments("CAS", group) for _, _, cents in reasons(segment))


def days(segment: Segment | None, position: int = 3) -> tuple[str, str]:
    """First and last day of a DTP's date as CCYYMMDD; empty when there is none."""
    first, _, last = (element(segment, position) if segment else "").partition("-")
    return first[:8], (last or first)[:8]


def locate(node: Node, wanted: Segment | None, last: int) -> tuple[str, int]:
    """The loop and the index of a segment in or below a node. last: the index at which the transaction now stands.

    The node of a transaction that was handed out claim by claim holds only its head and its end.
    """
    if wanted is None:
        return node.loop.id, node.start
    if node.place.streamed and wanted[0] in {use.id for use in node.loop.closing}:
        behind = next(i for i, item in enumerate(reversed(node.items), 1) if item is wanted)
        return node.loop.id, last - behind
    index = node.start + (node.place.parent is None)  # a transaction begins with its ST, which is no item
    for item in node.items:
        if isinstance(item, Node):
            loop, found = locate(item, wanted, last)
            if found:
                return loop, found
            index += sum(1 for _ in item.leaves())
        elif item is wanted:
            return node.loop.id, index
        else:
            index += 1
    return node.loop.id, 0
