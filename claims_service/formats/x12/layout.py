"""A run of segments laid out as the loops it holds: worked out once for each sequence of moves, then only filled in."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from claims_service.formats.x12.guide import Move, Place
from claims_service.formats.x12.guide_lines import MANY, Definition, Loop, SegmentUse
from claims_service.formats.x12.node import Exact, Item, Node, Segment
from claims_service.formats.x12.pattern import Marks
from claims_service.formats.x12.refrain import Refrain
from claims_service.formats.x12.structure import Shapes

MOST_LAYOUTS = 1024
LONGEST = 512  # moves; a longer run hardly comes again
UNKNOWN = Place(Loop("", "Transaction without a guide", (), True, 1, (), ()), None, 0, 0, inside=False)
# A segment that the guide does not expect where it stands: it stays in the loop that is open.
STRAY = Move(
    SegmentUse("", "", "", required=False, most=MANY, elements=(), definition=Definition("", ()), slot=0),
    UNKNOWN,
    opens=False,
)


Matcher = Callable[[str], object]


@dataclass(slots=True, eq=False)
class Ahead:
    """How a run went on behind a move. starts: what each segment begins with. layout: of the run, if nothing else is in it.

    refrain: what of it comes again word for word. tests: for each segment its use, what matches it, up to which size no
    syntax note can be broken, and what tells of longer ones; once asked for.
    """

    starts: list[str]
    moves: tuple[Move, ...]
    layout: "Layout | None"
    refrain: Refrain
    tests: list[tuple[SegmentUse, Matcher, int, Callable[[Sequence[str]], bool] | None]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Layout:
    """One loop of a run. first: offset of its first segment. parts: pieces of the run and loops below, in file order.

    slots: where each item of the loop stands in the guide. sound: no loop below has a fault of shape.
    """

    place: Place
    first: int
    slots: bytes = b""
    noted: bytearray = field(default_factory=bytearray)
    parts: list["slice | Layout"] = field(default_factory=list)
    head: slice = field(default_factory=lambda: slice(0, 0))
    leaves: tuple[tuple[Place, int, slice, bytes], ...] | None = None
    sound: bool = False
    moves: list[Move] = field(default_factory=list)
    ahead: dict[Move, Ahead] = field(default_factory=dict)

    def add(self, offset: int, slot: int) -> None:
        """One more segment of the loop's own."""
        last = self.parts[-1] if self.parts else None
        if isinstance(last, slice) and last.stop == offset:
            self.parts[-1] = slice(last.start, offset + 1)
        else:
            self.parts.append(slice(offset, offset + 1))
        self.noted.append(slot)

    def items(self, run: list[Segment], start: int) -> list[Item]:
        """The loop's items out of a run that begins at segment `start`."""
        if self.leaves is not None:
            head: list[Item] = run[self.head]  # type: ignore[assignment]
            head += [Node(place, start + first, run[own], slots) for place, first, own, slots in self.leaves]  # type: ignore[arg-type]
            return head
        found: list[Item] = []
        for part in self.parts:
            if isinstance(part, slice):
                found += run[part]
            else:
                found.append(Node(part.place, start + part.first, part.items(run, start), part.slots))
        return found

    def settle(self) -> None:
        """See whether the loop is one piece of the run with only loops behind it that are one piece each, as most are."""
        self.slots = bytes(self.noted)
        head, *below = self.parts or [slice(0, 0)]
        if isinstance(head, slice):
            leaves = [part for part in below if isinstance(part, Layout) and part.leaves == ()]
            if len(leaves) == len(below):
                self.head = head
                self.leaves = tuple((one.place, one.first, one.head, one.slots) for one in leaves)


class Layouts:
    """The layouts of the runs seen so far.

    ahead: by a move that opens a loop, how the segments behind it began the last time, and their moves.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self._known: defaultdict[Place, dict[tuple[Move, ...], Layout]] = defaultdict(dict)
        self._count = 0
        self._latest: dict[Place, Layout] = {}
        self.ahead: dict[Move, Ahead] = {}

    def forget(self) -> None:
        """Another interchange may have other delimiters."""
        self._known.clear()
        self.ahead.clear()
        self._latest.clear()
        self._count = 0

    def of(self, place: Place, moves: list[Move], run: Sequence[Segment], marks: Marks) -> Layout:
        """How a run lies below the loop at `place`; `sound` speaks of the loops below it only."""
        latest = self._latest.get(place)
        if latest and latest.moves == moves:
            return latest
        if len(moves) > LONGEST:
            return self._laid_out(place, moves)
        key = tuple(moves)
        found = self._known[place].get(key)
        if found is None:
            found = self._laid_out(place, key)
            found.moves = list(key)
            found.ahead = _ahead(found, run, marks)
            if self._count >= MOST_LAYOUTS:
                self.forget()
            self._known[place][key] = found
            self._count += 1
        self._latest[place] = found
        self.ahead.update(found.ahead)
        return found

    def _laid_out(self, place: Place, moves: Sequence[Move]) -> Layout:
        outer = Layout(place, 0)
        open_loops, closed = [outer], []
        for offset, move in enumerate(moves):
            opens = move.opens and move.place is not place
            if move is not STRAY:
                holder = move.place.parent if opens else move.place
                while open_loops[-1].place is not holder:
                    closed.append(open_loops.pop())
            if opens:
                loop = Layout(move.place, offset)
                open_loops[-1].parts.append(loop)
                open_loops[-1].noted.append(move.place.slot)
                open_loops.append(loop)
            open_loops[-1].add(offset, move.slot)
        below = closed + open_loops[:0:-1]
        for loop in (*below, outer):
            loop.settle()
        outer.sound = all(not self._shapes.faults(loop.place, loop.slots) for loop in below)
        return outer


def _ahead(layout: Layout, run: Sequence[Segment], marks: Marks) -> dict[Move, Ahead]:
    moves = layout.moves
    starts = [_start(move, segment, marks) for move, segment in zip(moves, run, strict=True)]
    found: dict[Move, Ahead] = {}
    for at, move in enumerate(moves):
        if move.opens and move not in found:
            end = next((i for i in range(at + 1, len(moves)) if not starts[i]), len(moves))
            is_all = at == 0 and end == len(moves)
            found[move] = Ahead(
                starts[at + 1 : end], tuple(moves[at + 1 : end]), layout if is_all else None, Refrain(marks.terminator)
            )
    return found


def _start(move: Move, segment: Segment, marks: Marks) -> str:
    """What any segment must begin with to make the same move in the same place; "" when the beginning does not tell."""
    key, codes, name = move.use.definition.key, move.use.codes, segment[0] + marks.element
    if key == 0:
        return name if move is not STRAY and not isinstance(segment, Exact) else ""
    if abs(key) > 1 or len(segment) < 2:
        return ""
    mark = marks.component if key < 0 else marks.element
    code = segment[1].split(mark)[0]
    return name + code + mark if code in codes else ""
