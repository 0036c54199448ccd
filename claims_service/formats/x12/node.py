"""What reading yields: loops as trees of segments in file order, and the envelope they came in."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Union

from claims_service.formats.x12.pattern import Marks

if TYPE_CHECKING:
    from claims_service.formats.x12.guide import Place
    from claims_service.formats.x12.guide_lines import Loop

Segment = list[str]
Item = Union[Segment, "Node"]


class Exact(list[str]):
    """A segment whose bytes in the file differ from its plain form."""

    __slots__ = ("exact",)
    exact: str


class Node:
    """One loop of a file. items: its segments and loops in file order; start: index of its first segment, ST = 1.

    slots says where in the guide each item stands, 0 = nowhere; loops handed out by themselves count once in a row.
    """

    __slots__ = ("items", "place", "slots", "start")

    def __init__(self, place: "Place", start: int, items: list[Item], slots: bytes) -> None:
        self.place = place
        self.items = items
        self.slots = slots
        self.start = start

    @property
    def loop(self) -> "Loop":
        return self.place.loop

    def segments(self, segment_id: str, code: str = "") -> Iterator[Segment]:
        """The loop's own segments of one kind; code: the first element must equal it."""
        for item in self.items:
            if not isinstance(item, Node) and item[0] == segment_id and (not code or item[1:2] == [code]):
                yield item

    def first(self, segment_id: str, code: str = "", size: int = 0) -> Segment | None:
        """The first of `segments`, padded to `size` elements behind its id; None when there is none."""
        for item in self.items:
            if not isinstance(item, Node) and item[0] == segment_id and (not code or item[1:2] == [code]):
                return padded(item, size)
        return None

    def value(self, segment_id: str, code: str, position: int) -> str:
        """One element of the first such segment, "" when missing."""
        found = next(self.segments(segment_id, code), None)
        return found[position] if found is not None and len(found) > position else ""

    def loops(self, *loop_ids: str) -> Iterator["Node"]:
        """The loops right below, in file order."""
        for item in self.items:
            if isinstance(item, Node) and item.place.loop.id in loop_ids:
                yield item

    def child(self, loop_id: str) -> "Node | None":
        for item in self.items:
            if isinstance(item, Node) and item.place.loop.id == loop_id:
                return item
        return None

    def leaves(self) -> Iterator[Segment]:
        """Every segment of the tree, in file order."""
        for item in self.items:
            if isinstance(item, Node):
                yield from item.leaves()
            else:
                yield item


def padded(segment: Segment, size: int) -> Segment:
    """The segment with empty elements added up to `size` behind its id, cut there if it is longer."""
    missing = size + 1 - len(segment)
    if missing > 0:
        return segment + [""] * missing
    return segment[: size + 1] if missing and size else segment


@dataclass(slots=True)
class Envelope:
    """The segments around a transaction; empty while none is open. filler stands between segments in the file.

    guide: the name of the guide by which the transaction is read, "" when there is none for it.
    """

    marks: Marks = field(default_factory=Marks)
    filler: str = ""
    isa: Segment = field(default_factory=list)
    gs: Segment = field(default_factory=list)
    st: Segment = field(default_factory=list)
    guide: str = ""

    @property
    def interchange_control(self) -> str:
        return self.isa[13] if len(self.isa) > 13 else ""

    @property
    def group_control(self) -> str:
        return self.gs[6] if len(self.gs) > 6 else ""

    @property
    def transaction_control(self) -> str:
        return self.st[2] if len(self.st) > 2 else ""

    @property
    def version(self) -> str:
        """GS08, else ST03: which guide the sender claims to follow."""
        return (self.gs[8] if len(self.gs) > 8 else "") or (self.st[3] if len(self.st) > 3 else "")


@dataclass(slots=True, eq=False)
class Part:
    """One thing read. kind: "claim" (a claim's loop below `parents`), "loop" (one above claims, at its end), "transaction"
    (its rest, at the end), "ta1".

    complete: the transaction's SE was there and agreed; always false for a claim, whose SE is still to come.
    """

    kind: str
    envelope: Envelope
    parents: tuple[Node, ...]
    node: Node
    complete: bool = False


def text(segment: Segment, marks: Marks, filler: str = "") -> str:
    """A segment as it stood in the file."""
    if isinstance(segment, Exact):
        return segment.exact
    return filler + marks.element.join(segment) + marks.terminator
