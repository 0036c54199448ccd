"""Reads X12 into loops, one claim at a time, by the guide its envelope names. Faults become findings, never exceptions."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from claims_service.formats.x12.envelope import EnvelopeCheck
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.guide import RELEASE, Guide, Move, Place, guide, guide_name, read_versions
from claims_service.formats.x12.guide_lines import Loop, SegmentUse
from claims_service.formats.x12.node import Exact, Node, Part, Segment, padded
from claims_service.formats.x12.pattern import compiled, faults, notes
from claims_service.formats.x12.structure import Shapes
from claims_service.formats.x12.tokenizer import CHUNK, Odd, Source, Tokenizer

NO_SEGMENT = frozenset({"blank", "unterminated", "junk", "isa"})
ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})
MOST_CHECKED = 4096
_UNKNOWN = Place(Loop("", "Transaction without a guide", (), True, 1, (), ()), None, 0, 0)


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
        self._whole, self._check_elements, self._above, self._guides = whole, check, above, guides
        self._closed = closed
        self._envelope = EnvelopeCheck()
        self._shapes = Shapes()
        self._guide: Guide | None = None
        self._nodes: list[Node] = []
        self._matches: dict[SegmentUse, Callable[[str], object]] = {}
        self._checked: dict[str, SegmentUse] = {}  # segments that follow their use, word for word: many come again

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
            yield from self._walk(self._odd(raws) if is_odd else raws, is_odd)
        yield from self._close(0)
        self._nodes.clear()
        self._envelope.end()

    def _walk(self, raws: Iterable[str], is_odd: bool) -> Iterator[Part]:
        envelope, check, mark, checked = self._envelope, self._check_elements, self._tokens.marks.element, self._checked
        node = self._nodes[-1] if self._nodes else Node(_UNKNOWN, 0)
        index, moves = envelope.segment, node.place.moves
        add_item, add_slot = node.items.append, node.slots.append
        for raw in raws:
            elements = _exact(raw, mark) if is_odd else raw.split(mark)
            index += 1
            try:
                at, by_code = moves[elements[0]]
                move = by_code[elements[at]]
            except (KeyError, IndexError):
                envelope.segment = index
                found = self._unlisted(elements)
                if found is None:
                    yield from self._outside(elements)
                    index = envelope.segment
                    node = self._nodes[-1] if self._nodes else Node(_UNKNOWN, 0)
                    moves, add_item, add_slot = node.place.moves, node.items.append, node.slots.append
                    continue
                move = found
            if check and checked.get(raw) is not move.use:
                envelope.segment = index
                self._check(move.use, raw, elements)
            if not move.stays:
                envelope.segment = index
                if move.pops:
                    yield from self._close(move.place.depth + (not move.opens))
                node = self._open(move.place, index) if move.opens else self._nodes[-1]
                moves, add_item, add_slot = node.place.moves, node.items.append, node.slots.append
            add_item(elements)
            add_slot(move.slot)
        envelope.segment = index

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
        node = self._nodes[-1] if self._nodes else None
        entry = node.place.moves.get(elements[0]) if node else None
        if entry is None:
            return None
        at, by_code = entry
        if at < 0 and len(elements) > -at:
            code = elements[-at].split(self._tokens.marks.component)[0]
            return by_code.get(code) or by_code.get(elements[0])
        return by_code.get(elements[0])

    def _outside(self, elements: Segment) -> Iterator[Part]:
        """An envelope segment, a TA1, or one that has no place where it stands."""
        envelope = self._envelope
        if elements[0] in ENVELOPE:
            last = envelope.envelope
            yield from self._close(1)
            root = self._nodes.pop() if self._nodes else None
            if root:
                self._judge(root)
            envelope.envelope.marks, envelope.envelope.filler = self._tokens.marks, self._tokens.filler
            envelope.agreed = False
            if elements[0] == "ISA":
                self._matches.clear()
                self._checked.clear()
            envelope.handle(elements)
            if root:
                yield Part("transaction", last, (), root, complete=envelope.agreed)
            if elements[0] == "ST":
                self._begin()
        elif elements[0] == "TA1" and not self._nodes:
            node = Node(guide("ta1").root, 0)
            node.items.append(elements)
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
        self._nodes = [Node(self._guide.root if self._guide else _UNKNOWN, 1)]
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
        node = self._nodes[-1]
        if self._guide:
            move = self._claim_opener(elements)
            if move:
                above = self._nodes[0].place
                for outer, place in zip(self._nodes, move.place.path, strict=False):
                    if outer.place is place and place is not move.place:
                        above = place
                yield from self._close(above.depth + 1)
                for place in move.place.path[above.depth + 1 :]:
                    node = self._open(place, self._envelope.segment)
                node.items.append(elements)
                node.slots.append(move.use.slot)
                return
            known = elements[0] in self._guide.segment_ids
            rule, message = ("IK304=2", "is not expected here") if known else ("IK304=1", "is not in the guide")
            segment = elements[0] if known else ""
            self._envelope.add(rule, f"A segment {message}.", "Leave it out, or move it to its place.", loop=node.loop.id,
                               segment=segment, level=2)  # fmt: skip
        if self._guide or self._whole or self._above:
            node.items.append(elements)
            node.slots.append(0)

    def _claim_opener(self, elements: Segment) -> Move | None:
        """The move into a claim, or a loop above one, that could open once the loops between are supplied."""
        assert self._guide
        for move in self._guide.openers.get(elements[0], ()):
            key = move.use.definition.key
            fits = not move.use.codes or (len(elements) > key and elements[key] in move.use.codes)
            if fits and (move.place.emitted or move.place.streamed):
                return move
        return None

    def _open(self, place: Place, index: int) -> Node:
        node = Node(place, index)
        parent = self._nodes[-1]
        if place.inside or self._whole:
            parent.items.append(node)
            parent.slots.append(place.slot)
        elif not parent.slots or parent.slots[-1] != place.slot:
            parent.slots.append(place.slot)
        self._nodes.append(node)
        return node

    def _close(self, depth: int) -> list[Part]:
        """Close the loops from `depth` down, innermost first; what is handed out of them, such as a claim."""
        nodes, parts, verdicts = self._nodes, [], self._shapes.known
        while len(nodes) > (depth or 1):
            node = nodes.pop()
            place = node.place
            if self._closed or verdicts.get((place, bytes(node.slots))) != ():
                self._judge(node)
            if place.emitted and not self._whole:
                parts.append(Part("claim", self._envelope.envelope, tuple(nodes), node))
            elif self._above and place.streamed:
                parts.append(Part("loop", self._envelope.envelope, tuple(nodes), node))
        if depth == 0 and nodes:
            self._judge(nodes[0])
            parts.append(Part("transaction", self._envelope.envelope, (), nodes[0]))
        return parts

    def _judge(self, node: Node) -> None:
        if node.place is _UNKNOWN or self._envelope.full:
            return
        for fault in self._shapes.faults(node):
            index = node.start
            if fault.item > 0 and len(node.items) == len(node.slots):
                index += node.place.parent is None  # a transaction's ST is no item
                index += sum(len(list(i.leaves())) if isinstance(i, Node) else 1 for i in node.items[: fault.item])
            self._envelope.add(f"IK304={fault.code}", fault.message, fault.mend, level=2, loop=node.loop.id,
                               segment=fault.segment, index=index)  # fmt: skip
        if self._closed:
            self._closed(node, self._nodes)

    def _check(self, use: SegmentUse, raw: str, elements: Segment) -> None:
        marks = self._tokens.marks
        match = self._matches.get(use)
        if match is None:
            match = self._matches[use] = compiled(use, marks).fullmatch
        if match(raw):
            found = [] if len(elements) - 1 <= use.before_notes else notes(use, elements)
            if not found:
                if len(self._checked) >= MOST_CHECKED:
                    self._checked.clear()
                self._checked[raw] = use
                return
        elif self._envelope.full:
            return
        else:
            found = faults(use, elements, marks)
        for fault in found:
            element = f"{use.id}{fault.place}" if fault.place else use.id
            self._envelope.add(f"IK403={fault.code}", fault.message, fault.mend, loop=use.loop, segment=use.id,
                               element=element, level=1 if fault.code in ("4", "5", "6", "8", "9") else 2)  # fmt: skip


def _exact(raw: str, mark: str) -> Exact:
    """The elements of an odd segment, which keeps what stood in the file."""
    assert isinstance(raw, Odd)
    elements = Exact(raw.split(mark))
    elements.exact = raw.exact
    return elements
