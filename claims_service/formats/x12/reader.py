"""Reads X12 into loops, one claim at a time, by the guide its envelope names. Faults become findings, never exceptions."""

from collections.abc import Callable, Collection, Iterator, Sequence

from claims_service.formats.x12.elements import ElementCheck
from claims_service.formats.x12.envelope import EnvelopeCheck
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.guide import RELEASE, Guide, Move, Place, guide, guide_name, read_versions
from claims_service.formats.x12.layout import STRAY, UNKNOWN, Ahead, Layout, Layouts
from claims_service.formats.x12.node import Exact, Item, Node, Part, Segment, padded
from claims_service.formats.x12.structure import Shapes
from claims_service.formats.x12.tokenizer import CHUNK, Odd, Source, Tokenizer

NO_SEGMENT = frozenset({"blank", "unterminated", "junk", "isa"})
ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})


class Reader:
    """Iterates over the parts of a file; `findings` fills meanwhile and is complete when the iteration ends.

    whole: keep each transaction as one tree instead of handing out its claims as they close (memory grows with it).
    check: test every element against the guide as well (SNIP levels 1 and 2).
    above: hand out the loops above claims too, as they close (kind "loop"), and keep what no guide describes.
    guides: the names of those to read by; empty for all. A transaction of another is passed over with a finding.
    closed: is told each loop as it closes, innermost first, with the loops around it.
    """

    def __init__(
        self,
        source: Source,
        *,
        whole: bool = False,
        check: bool = False,
        above: bool = False,
        chunk: int = CHUNK,
        guides: Collection[str] = (),
        closed: Callable[[Node, Sequence[Node]], None] | None = None,
    ) -> None:
        self._tokens = Tokenizer(source, chunk)
        self._whole, self._above, self._guides = whole, above, guides
        self._closed = closed
        self._envelope = EnvelopeCheck()
        self._elements = ElementCheck(self._envelope) if check else None
        self._shapes = Shapes()
        self._layouts = Layouts(self._shapes)
        self._guide: Guide | None = None
        self._nodes: list[Node] = []  # the loops that are handed out by themselves, outermost first
        self._place = UNKNOWN
        self._run: list[Segment] = []  # what came in the innermost of them since it was last filled
        self._moves: list[Move] = []  # of the run
        self._start = 0  # of the run: index of its first segment

    @property
    def findings(self) -> list[Finding]:
        return self._envelope.findings

    @property
    def check(self) -> EnvelopeCheck:
        """Where whoever turns loops into values adds findings of their own."""
        return self._envelope

    def __iter__(self) -> Iterator[Part]:
        for raws in self._tokens:
            is_odd = isinstance(raws[0], Odd)
            yield from self._walk(list(self._odd(raws)) if is_odd else raws, is_odd)
        yield from self._end()
        self._envelope.end()

    def _walk(self, raws: Sequence[str], is_odd: bool) -> Iterator[Part]:
        """Segment by segment; where a loop opens, all at once what comes word for word in the order of the last one.

        layout: of the run, once that is foreseen; its moves are then noted only if something else follows.
        """
        envelope, mark, run, moves = self._envelope, self._tokens.marks.element, self._run, self._moves
        place, behind, ahead = self._place, envelope.segment, ({} if is_odd else self._layouts.ahead)
        layout: Layout | None = None
        at, last, checks = 0, len(raws), self._elements
        while at < last:
            raw = raws[at]
            at += 1
            elements = _exact(raw, mark) if is_odd else raw.split(mark)
            try:
                key, by_code = place.moves[elements[0]]
                move = by_code[elements[key]]
            except (KeyError, IndexError):
                moves += layout.moves[1:] if layout else ()
                layout, self._place, envelope.segment = None, place, behind + at
                found = self._unlisted(elements)
                if found is None:
                    yield from self._outside(elements)
                    place, behind = self._place, envelope.segment - at
                    continue
                move = found
            if checks:
                envelope.segment = behind + at
                checks.one(move.use, raw, elements)
            if not move.within:
                envelope.segment = behind + at
                parts = self._change(move.left, move.place if move.begins else None, layout)
                layout = None
                if parts:
                    yield from parts
            elif layout:
                moves += layout.moves[1:]
                layout = None
            run.append(elements)
            moves.append(move)
            place = move.place
            expected = ahead.get(move) if move.opens else None
            if expected:
                come = raws[at : at + len(expected.starts)]
                more = self._again(come, expected, behind + at)
                if more is None:
                    come = _as_far_as(expected.starts, come)
                    more = [raw.split(mark) for raw in come]
                    is_good = not checks or checks.follow(come, more, expected, behind + at)
                    if is_good and not self._closed and len(come) == len(expected.starts):
                        expected.refrain.learn(come, more)
                if come:
                    at += len(come)
                    place = expected.moves[len(come) - 1].place
                    layout = expected.layout if len(run) == 1 and len(come) == len(expected.starts) else None
                    moves += () if layout else expected.moves[: len(come)]
                    run += more
        moves += layout.moves[1:] if layout else ()
        self._place, envelope.segment = place, behind + at

    def _again(self, raws: Sequence[str], ahead: Ahead, behind: int) -> list[Segment] | None:
        """The segments of a run that was met before but for its fresh ones; None if it was not, or one begins otherwise.

        They are the very ones of that other run, so not where a rule may ask which of two is meant.
        """
        if self._closed or len(raws) != len(ahead.starts):
            return None
        refrain, mark = ahead.refrain, self._tokens.marks.element
        found = refrain.recall(raws)
        if found is None:
            return None
        for at in refrain.fresh:
            raw = raws[at]
            if not raw.startswith(ahead.starts[at]):
                return None
            found[at] = raw.split(mark)
        if self._elements and refrain.fresh:
            self._elements.follow(raws, found, ahead, behind, refrain.fresh)
        return found

    def _odd(self, raws: list[str]) -> Iterator[str]:
        """Segments whose bytes are not the plain form; what is no segment at all becomes a finding here."""
        for raw in raws:
            assert isinstance(raw, Odd)
            self._report_odd(raw)
            if raw.fault in NO_SEGMENT and not (raw.fault == "junk" and raw.startswith("ISA")):
                continue
            yield raw

    def _report_odd(self, raw: Odd) -> None:
        add = self._envelope.add
        if raw.fault == "unterminated":
            add("TA105=023", "The file ends inside a segment.", "Get the whole file from the sender again.")
        elif raw.fault == "junk":
            add("TA105=022", "There is text outside the interchange.", "Send only what stands between ISA and IEA.",
                severity="warning" if raw.startswith("ISA") else "error")  # fmt: skip
        elif raw.fault == "isa":
            add("TA105=022", "The ISA is not 106 characters with three different delimiters.",
                "Send the ISA with every element at its fixed width.", segment="ISA")  # fmt: skip

    def _unlisted(self, elements: Segment) -> Move | None:
        """The move of a segment that the look-up missed: a composite key; None when there is none."""
        at, by_code = self._place.moves.get(elements[0], (0, {}))
        if at < 0 and len(elements) > -at:
            code = elements[-at].split(self._tokens.marks.component)[0]
            return by_code.get(code) or by_code.get(elements[0])
        return by_code.get(elements[0])

    def _outside(self, elements: Segment) -> Iterator[Part]:
        """An envelope segment, a TA1, or one that has no place where it stands."""
        envelope = self._envelope
        if elements[0] in ENVELOPE:
            last = envelope.envelope
            yield from self._change(1)
            root = self._nodes.pop() if self._nodes else None
            self._place = UNKNOWN
            if root:
                self._judge(root, ())
            envelope.envelope.marks, envelope.envelope.filler = self._tokens.marks, self._tokens.filler
            envelope.agreed = False
            if elements[0] == "ISA":
                self._layouts.forget()
                if self._elements:
                    self._elements.begin(self._tokens.marks)
            envelope.handle(elements)
            if root:
                yield Part("transaction", last, (), root, complete=envelope.agreed)
            if elements[0] == "ST":
                self._begin()
        elif elements[0] == "TA1" and not self._nodes:
            node = Node(guide("ta1").root, 0, [elements], b"")
            yield Part("ta1", envelope.envelope, (), node, complete=True)
        elif not self._nodes:
            envelope.add("TA105=024", "A segment stands outside a transaction.", "Send it inside ST and SE.")
        else:
            yield from self._misplaced(elements)

    def _begin(self) -> None:
        """Open the transaction's root by the guide that GS01 and GS08 (or ST03) name."""
        envelope = self._envelope.envelope
        group, st = padded(envelope.gs, 8), padded(envelope.st, 3)
        name = guide_name(group[1], st[1], group[8], st[3])
        if self._guides and name not in self._guides:
            name = None
        self._guide = guide(name) if name else None
        self._place = self._guide.root if self._guide else UNKNOWN
        self._nodes.append(Node(self._place, 1, [], b""))
        self._start = 2
        envelope.guide = name or ""
        if self._guide is None:
            self._envelope.add("IK502=1", "No guide for this kind of transaction and version is known here.",
                               f"Send a version we read: {read_versions(self._guides)}.", segment="ST")  # fmt: skip
            return
        if group[1] != self._guide.functional_id:
            self._envelope.add("AK905=1", f"GS01 is not the group of a {st[1]}.", f"Send {self._guide.functional_id}.",
                               segment="GS", element="GS01")  # fmt: skip
        if envelope.version != self._guide.version:
            other_release = envelope.version[:6] != RELEASE
            self._envelope.add("AK905=2", f"Read by the guide {self._guide.version}, the nearest to the version named.",
                               f"Send version {self._guide.version}.", severity="error" if other_release else "warning",
                               segment="GS", element="GS08")  # fmt: skip

    def _misplaced(self, elements: Segment) -> Iterator[Part]:
        """Keep a segment that the guide does not expect here; open the loops above a claim that were left out."""
        move = STRAY
        if self._guide:
            opener = self._claim_opener(elements)
            if opener:
                yield from self._supplied(opener)
                move = opener
            else:
                known = elements[0] in self._guide.segment_ids
                rule, message = ("IK304=2", "is not expected here") if known else ("IK304=1", "is not in the guide")
                segment = elements[0] if known else ""
                self._envelope.add(rule, f"A segment {message}.", "Leave it out, or move it to its place.",
                                   loop=self._place.loop.id, segment=segment, level=2)  # fmt: skip
        if self._guide or self._whole or self._above:
            self._run.append(elements)
            self._moves.append(move)

    def _supplied(self, move: Move) -> Iterator[Part]:
        """Open a loop with those above it that are not open yet."""
        path = move.place.path
        shared = 0
        while (
            shared < len(self._nodes) and self._nodes[shared].place is path[shared] and path[shared] is not move.place
        ):
            shared += 1
        yield from self._change(shared)
        for place in path[shared:]:
            yield from self._change(place.depth, place)
        self._place = move.place

    def _claim_opener(self, elements: Segment) -> Move | None:
        """The move into a claim, or a loop above one, that could open once the loops between are supplied."""
        assert self._guide
        for move in self._guide.openers.get(elements[0], ()):
            key = move.use.definition.key
            if not move.use.codes or (len(elements) > key and elements[key] in move.use.codes):
                return move
        return None

    def _change(self, left: int, begins: Place | None = None, layout: Layout | None = None) -> list[Part]:
        """Close the loops that are handed out by themselves until `left` are open, then open the one that begins.

        layout: of the run, where it is known.

        Returns:
            What comes out of those that closed, innermost first, such as a claim.
        """
        nodes, run, whole = self._nodes, self._run, self._whole
        parts: list[Part] = []
        if run:
            node = nodes[-1]
            if layout is None:
                layout = self._layouts.of(node.place, self._moves, run, self._tokens.marks)
            items = layout.items(run, self._start)
            node.items = node.items + items if node.items else items
            node.slots += layout.slots
            run.clear()
            self._moves.clear()
            if self._closed or not layout.sound:
                self._judge_below(items, nodes)
        while len(nodes) > left:
            node = nodes.pop()
            place = node.place
            if self._closed or node.slots not in self._shapes.good[place]:
                self._judge(node, nodes)
            if place.emitted:
                if not whole:
                    parts.append(Part("claim", self._envelope.envelope, tuple(nodes), node))
            elif self._above:
                parts.append(Part("loop", self._envelope.envelope, tuple(nodes), node))
        self._start = self._envelope.segment
        if begins:
            parent, slot = nodes[-1], begins.slot
            node = Node(begins, self._start, [], b"")
            if whole:
                parent.items.append(node)
            if not parent.slots or parent.slots[-1] != slot:
                parent.slots += slot.to_bytes()
            nodes.append(node)
        return parts

    def _end(self) -> Iterator[Part]:
        """Close what is still open when the file ends."""
        yield from self._change(1)
        if self._nodes:
            root = self._nodes.pop()
            self._judge(root, ())
            yield Part("transaction", self._envelope.envelope, (), root)

    def _judge_below(self, items: Sequence[Item], around: Sequence[Node]) -> None:
        for item in items:
            if isinstance(item, Node):
                self._judge_below(item.items, (*around, item))
                self._judge(item, around)

    def _judge(self, node: Node, around: Sequence[Node]) -> None:
        if node.place is UNKNOWN or self._envelope.full:
            return
        for fault in self._shapes.faults(node.place, node.slots):
            index = node.start
            if fault.item > 0 and len(node.items) == len(node.slots):
                index += node.place.parent is None  # a transaction's ST is no item
                index += sum(len(list(i.leaves())) if isinstance(i, Node) else 1 for i in node.items[: fault.item])
            self._envelope.add(f"IK304={fault.code}", fault.message, fault.mend, level=2, loop=node.loop.id,
                               segment=fault.segment, index=index)  # fmt: skip
        if self._closed:
            self._closed(node, around)


def _as_far_as(starts: Sequence[str], raws: Sequence[str]) -> Sequence[str]:
    """The segments up to the first that does not begin as it should."""
    if all(map(str.startswith, raws, starts)):
        return raws
    return raws[: [*map(str.startswith, raws, starts)].index(False)]


def _exact(raw: str, mark: str) -> Exact:
    """The elements of an odd segment, which keeps what stood in the file."""
    assert isinstance(raw, Odd)
    elements = Exact(raw.split(mark))
    elements.exact = raw.exact
    return elements
