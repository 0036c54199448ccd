"""The lines of a guide in mappings/x12, read into values: elements, segments and loops with their usage."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

_DEFINITION = re.compile(r"(\w+) (?:(ID|AN|N0|R|DT|TM) (\d+)(?:\.\.(\d+))?(?: \*(\d+))?|\{(\w+)\})", re.ASCII)
_SEGMENT = re.compile(r"([A-Z][A-Z0-9]{1,2}) ([RS])(\d+|\*) ([^:]+): (.+)", re.ASCII)
_SERIES = re.compile(r"([a-z_]+)(\d+)\.\.(\d+)(\?(?:\{[^}]*\}|=\S+)?)", re.ASCII)
_ELEMENT = re.compile(r"(\w+)(\?)?(?:=(\S+?)|\{([^}]*)\})?(?: |$)", re.ASCII)
MANY = 1 << 30
FIRST_CLOSING_SLOT = 200
CodeLists = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Element:
    """An element as X12 defines it; parts are filled for a composite. most: how often it may repeat within its place."""

    name: str
    type: str
    shortest: int
    longest: int
    parts: tuple["Element", ...] = ()
    most: int = 1


@dataclass(frozen=True, slots=True)
class Definition:
    """A segment as X12 defines it. key: position of the telling element, 0 none, -1 the first part of element 1."""

    id: str
    elements: tuple[Element, ...]
    key: int = 0
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ElementUse:
    """An element as one guide uses it at one place; positions count from 1."""

    position: int
    element: Element
    required: bool
    codes: tuple[str, ...] = ()
    parts: tuple["ElementUse", ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class SegmentUse:
    """A segment at its place in one loop. slot orders it among its neighbours; most: how often it may stand there.

    notes: the syntax notes that can be broken here without another fault; a segment of no more than `before_notes`
    elements breaks none.
    """

    id: str
    loop: str
    label: str
    required: bool
    most: int
    elements: tuple[ElementUse, ...]
    definition: Definition
    slot: int
    notes: tuple[str, ...] = ()
    before_notes: int = MANY

    @property
    def codes(self) -> tuple[str, ...]:
        """The key element's codes, which tell this use from another of the same segment."""
        key = self.definition.key
        used = next((use for use in self.elements if use.position == abs(key)), None)
        if used is None:
            return ()
        return used.parts[0].codes if key < 0 else used.codes


@dataclass(frozen=True, slots=True, eq=False)
class Loop:
    """A loop of a guide: it opens with its first segment."""

    id: str
    name: str
    parents: tuple[str, ...]
    required: bool
    most: int
    segments: tuple[SegmentUse, ...]
    closing: tuple[SegmentUse, ...]


def definitions(table: Mapping[str, Any]) -> dict[str, Definition]:
    """The segment dictionary out of segments.toml."""
    composites = {name: _elements(text, {}) for name, text in table["composite"].items()}
    found = {}
    for segment_id, entry in table.items():
        if segment_id in ("composite", "codes"):
            continue
        elements = _elements(entry["elements"], composites)
        names = [element.name for element in elements]
        key = names.index(entry["key"]) + 1 if "key" in entry else 0
        key = -key if key and elements[key - 1].parts else key
        found[segment_id] = Definition(segment_id, elements, key, tuple(entry.get("notes", ())))
    return found


def _elements(text: str, composites: Mapping[str, tuple[Element, ...]]) -> tuple[Element, ...]:
    elements = []
    for item in text.split("; "):
        match = _DEFINITION.fullmatch(item)
        if match is None:
            raise ValueError(f"segments.toml: can't read {item!r}")
        name, kind, shortest, longest, most, composite = match.groups()
        if composite:
            elements.append(Element(name, "", 0, 0, composites[composite]))
        else:
            elements.append(Element(name, kind, int(shortest), int(longest or shortest), most=int(most or 1)))
    return tuple(elements)


def code_lists(table: Mapping[str, Any]) -> CodeLists:
    """The lists that a line names as =@NAME."""
    return {name: tuple(text.split("|")) for name, text in table["codes"].items()}


def loop(entry: Mapping[str, Any], known: Mapping[str, Definition], lists: CodeLists) -> Loop:
    """One [[loop]] of a guide."""
    lines = [(slot, line) for slot, line in enumerate(entry["segments"], 1)]
    last_lines = [(slot, line) for slot, line in enumerate(entry.get("closing", ()), FIRST_CLOSING_SLOT)]
    own = [segment_use(line, entry["id"], known, lists, slot) for slot, line in lines]
    closing = [segment_use(line, entry["id"], known, lists, slot) for slot, line in last_lines]
    parent = entry.get("parent", ())
    return Loop(
        entry["id"],
        entry["name"],
        (parent,) if isinstance(parent, str) else tuple(parent),
        entry.get("usage", "R") == "R",
        entry.get("repeat", 1) or MANY,
        tuple(own),
        tuple(closing),
    )


def segment_use(line: str, loop_id: str, known: Mapping[str, Definition], lists: CodeLists, slot: int) -> SegmentUse:
    """One line such as "NM1 R1 name: entity=41 entity_type=1|2 last first?"."""
    match = _SEGMENT.fullmatch(line)
    if match is None:
        raise ValueError(f"loop {loop_id}: can't read {line!r}")
    segment_id, usage, most, label, elements = match.groups()
    definition = known[segment_id]
    used = element_uses(elements, definition.elements, f"{loop_id} {segment_id}", lists)
    notes = live_notes(definition.notes, {use.position: use.required for use in used})
    return SegmentUse(
        segment_id,
        loop_id,
        label,
        usage == "R",
        MANY if most == "*" else int(most),
        used,
        definition,
        slot,
        notes,
        min((_threshold(note) for note in notes), default=MANY) - 1,
    )


def positions(note: str) -> list[int]:
    """The elements a syntax note speaks of: "P0304" 3 and 4."""
    return [int(note[at : at + 2]) for at in range(1, len(note), 2)]


def live_notes(notes: Iterable[str], required: Mapping[int, bool]) -> tuple[str, ...]:
    """Those that can be broken without another fault. required: of each element that is used, whether it must be sent."""
    return tuple(note for note in notes if _is_live(note[0], [required.get(position) for position in positions(note)]))


def _is_live(kind: str, required: list[bool | None]) -> bool:
    if kind == "R":
        return any(one is not None for one in required) and not any(required)
    if kind == "L":
        return required[0] is not None and not any(required[1:])
    if kind == "C":
        return None not in required and not all(required[1:])
    return None not in required and not all(required)


def _threshold(note: str) -> int:
    """How many elements a segment has at least when it breaks the note."""
    if note[0] == "R":
        return 0
    ordered = sorted(positions(note))
    return ordered[1] if note[0] == "E" else positions(note)[0] if note[0] in "CL" else ordered[0]


def element_uses(
    text: str, elements: Sequence[Element], where: str, lists: CodeLists = MappingProxyType({})
) -> tuple[ElementUse, ...]:
    """The elements of a line, in order; those between that are not named may not be sent.

    "code2..12?{...}" stands for code2?{...} to code12?{...}.
    """
    text = _SERIES.sub(_series, text)
    positions = {element.name: i for i, element in enumerate(elements, 1)}
    uses: list[ElementUse] = []
    end = 0
    for match in _ELEMENT.finditer(text):
        name, situational, codes, parts = match.groups()
        if match.start() != end or name not in positions:
            raise ValueError(f"{where}: can't read {text[end:]!r}")
        end = match.end()
        position = positions[name]
        if uses and uses[-1].position >= position:
            raise ValueError(f"{where}: {name} is out of order")
        element = elements[position - 1]
        if uses and uses[-1].element.name in ("format", "date_format") and uses[-1].codes:
            element = replace(element, type="+" + "+".join(uses[-1].codes))
        inner = element_uses(parts, element.parts, f"{where} {name}", lists) if parts else ()
        uses.append(ElementUse(position, element, not situational, _codes(codes or "", lists), inner))
    if end != len(text):
        raise ValueError(f"{where}: can't read {text[end:]!r}")
    return tuple(uses)


def _series(match: re.Match[str]) -> str:
    name, first, last, rest = match.groups()
    return " ".join(f"{name}{number}{rest}" for number in range(int(first), int(last) + 1))


def _codes(text: str, lists: CodeLists) -> tuple[str, ...]:
    if text.startswith("@"):
        return lists[text[1:]]
    return tuple(text.split("|")) if text else ()
