"""An X12 file as people read it: loops by name, segments by number and label, elements by name, in the order of the file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.guide import guide, segment_definitions
from claims_service.formats.x12.guide_lines import Element, SegmentUse
from claims_service.formats.x12.node import Envelope, Node, Part, Segment, padded
from claims_service.formats.x12.pattern import Marks
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Source


@dataclass(frozen=True, slots=True)
class Field:
    """One value. place: "03", or "03-1" in a composite. name: what the guide calls it, "" where it calls it nothing."""

    place: str
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the tree. kind: "interchange", "group", "transaction", "loop" or "segment".

    index: of a segment, as findings count it (ST = 1); 0 for the rest. path: the ids of the loops around it. claim: the
    loop that opens here is a claim, or a claim's answer.
    """

    kind: str
    depth: int
    id: str
    name: str
    index: int = 0
    path: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    claim: bool = False


@dataclass(slots=True)
class _Told:
    """What of the loops that are open was told already: a node, and how many of its items."""

    node: Node
    items: int = 0


@dataclass(slots=True)
class Tree:
    """Iterates over the entries of a file; memory holds one claim. `findings` is complete when the iteration ends."""

    source: Source
    findings: list[Finding] = field(default_factory=list)
    _envelope: Envelope = field(default_factory=Envelope)
    _open: list[_Told] = field(default_factory=list)
    _index: int = 1

    def __iter__(self) -> Iterator[Entry]:
        reader = Reader(self.source, above=True)
        self.findings = reader.findings
        for part in reader:
            yield from self._heads(part.envelope)
            if part.kind == "ta1":
                yield from self._segments(part.node, [(part.node.items[0], 1)], 1, ())  # type: ignore[list-item]
            else:
                yield from self._part(part)

    def _heads(self, envelope: Envelope) -> Iterator[Entry]:
        known, self._envelope = self._envelope, envelope
        if envelope.isa and envelope.isa is not known.isa:
            yield _interchange(envelope)
        if envelope.gs and envelope.gs is not known.gs:
            yield _group(envelope)
        if envelope.st and envelope.st is not known.st:
            yield _transaction(envelope)
            self._open.clear()
            self._index = 1

    def _part(self, part: Part) -> Iterator[Entry]:
        """The loops above as far as they are new, then the rest of the part's own loop."""
        for depth, node in enumerate((*part.parents, part.node)):
            if len(self._open) > depth and self._open[depth].node is not node:
                del self._open[depth:]
            if len(self._open) <= depth:
                self._open.append(_Told(node))
                yield from self._opening(node, tuple(told.node.loop.id for told in self._open[:-1]))
            yield from self._rest(self._open[depth], tuple(told.node.loop.id for told in self._open[: depth + 1]))

    def _opening(self, node: Node, path: tuple[str, ...]) -> Iterator[Entry]:
        if node.place.parent is not None:
            yield Entry("loop", len(path) + 2, node.loop.id, node.loop.name, path=path, claim=node.place.emitted)

    def _rest(self, told: _Told, path: tuple[str, ...]) -> Iterator[Entry]:
        """The items of an open loop that came since it was last told of."""
        node = told.node
        apart = {child.slot for child in node.place.children if child.streamed or child.emitted}
        slots = node.slots if len(node.slots) == len(node.items) else [one for one in node.slots if one not in apart]
        new = list(zip(node.items, slots, strict=False))[told.items :]
        told.items = len(node.items)
        for item, slot in new:
            if isinstance(item, Node):
                yield from self._opening(item, path)
                yield from self._rest(_Told(item), (*path, item.loop.id))
            else:
                yield from self._segments(node, [(item, slot)], len(path) + 2, path)

    def _segments(
        self, node: Node, items: Sequence[tuple[Segment, int]], depth: int, path: tuple[str, ...]
    ) -> Iterator[Entry]:
        marks = self._envelope.marks
        for segment, slot in items:
            use = _use(node, slot)
            self._index += 1
            index = self._index if path else 0
            label = use.label if use else ""
            yield Entry("segment", depth, readable(segment[0]), label, index, path, _fields(segment, use, marks))


def _use(node: Node, slot: int) -> SegmentUse | None:
    return next((use for use in (*node.loop.segments, *node.loop.closing) if use.slot == slot), None)


def _fields(segment: Segment, use: SegmentUse | None, marks: Marks) -> tuple[Field, ...]:
    """The values that are there, by the names of the guide, else of the segment's definition."""
    definition = use.definition if use else segment_definitions().get(segment[0])
    elements: dict[int, Element] = dict(enumerate(definition.elements, 1)) if definition else {}
    found: list[Field] = []
    for position, value in enumerate(segment[1:], 1):
        if not value:
            continue
        element = elements.get(position)
        if element and element.parts:
            names = [_words(one.name) for one in element.parts]
            parts = enumerate(value.split(marks.component), 1)
            found += [
                Field(f"{position:02}-{at}", names[at - 1] if at <= len(names) else "", readable(part))
                for at, part in parts
                if part
            ]
        else:
            found.append(Field(f"{position:02}", _words(element.name) if element else "", readable(value)))
    return tuple(found)


def _words(name: str) -> str:
    return name.replace("_", " ")


def readable(value: str) -> str:
    """A value as it may be shown: UTF-8 read as such, what no screen should be sent (escape codes) as a mark."""
    try:
        text = value.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = value
    return (
        text
        if text.isprintable()
        else "".join(mark if mark.isprintable() else "\N{REPLACEMENT CHARACTER}" for mark in text)
    )


def _interchange(envelope: Envelope) -> Entry:
    isa = padded(envelope.isa, 16)
    sides = (Field("06", "sender", readable(isa[6].strip())), Field("08", "receiver", readable(isa[8].strip())))
    rest = (Field("09", "date", readable(isa[9])), Field("10", "time", readable(isa[10])))
    use = Field("15", "use", {"T": "test", "P": "production"}.get(isa[15], readable(isa[15])))
    return Entry("interchange", 0, "ISA", readable(isa[13]), fields=(*sides, *rest, use))


def _group(envelope: Envelope) -> Entry:
    gs = padded(envelope.gs, 8)
    names = ((1, "kind"), (2, "sender"), (3, "receiver"), (4, "date"), (5, "time"), (8, "version"))
    fields = tuple(Field(f"{at:02}", name, readable(gs[at])) for at, name in names)
    return Entry("group", 1, "GS", readable(gs[6]), fields=fields)


def _transaction(envelope: Envelope) -> Entry:
    """Named by its guide, as far as there is one."""
    st = padded(envelope.st, 3)
    root = guide(envelope.guide).root.loop.name if envelope.guide else "Transaction without a guide"
    fields = (Field("01", "kind", readable(st[1])), Field("", "control", readable(st[2])))
    return Entry("transaction", 2, "ST", root, 1, fields=fields)
