"""A guide compiled for walking: at each loop, one dictionary look-up says where a segment belongs."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from claims_service.config import data_folder
from claims_service.formats.x12 import guide_lines
from claims_service.formats.x12.guide_lines import Definition, Loop, SegmentUse

GUIDES = {  # GS01 and the start of GS08 or ST03 pick the guide
    ("HC", "005010X222"): "837p",
    ("HC", "005010X223"): "837i",
    ("HC", "005010X224"): "837d",
    ("HP", "005010X221"): "835",
    ("FA", "005010X231"): "999",
    ("HN", "005010X214"): "277ca",
    ("HS", "005010X279"): "270",
    ("HB", "005010X279"): "271",
    ("HR", "005010X212"): "276",
    ("HN", "005010X212"): "277",
    ("HI", "005010X217"): "278",
}
NEAREST = {  # other versions by what stands behind their X: of 004010, and predetermination and encounters of 005010
    ("HC", "098"): "837p",
    ("HC", "096"): "837i",
    ("HC", "097"): "837d",
    ("HC", "291"): "837p",
    ("HC", "292"): "837i",
    ("HC", "298"): "837p",
    ("HC", "299"): "837i",
    ("HC", "300"): "837d",
    ("HN", "070"): "277ca",
}
USUAL = {"HC": "837p", "HP": "835", "FA": "999", "HN": "277", "HR": "276", "HS": "270", "HB": "271", "HI": "278"}
RELEASE = "005010"
FIRST_LOOP_SLOT = 100


@dataclass(slots=True, eq=False)
class Place:
    """A loop where it stands under one chain of parents. moves: segment id -> (position of the key, code -> move).

    streamed: claims come out below it, so that it is handed over piece by piece; emitted: it is such a claim;
    inside: neither, so that it stays a part of the loop around it.
    """

    loop: Loop
    parent: "Place | None"
    depth: int
    slot: int
    children: list["Place"] = field(default_factory=list)
    moves: dict[str, tuple[int, dict[str, "Move"]]] = field(default_factory=dict)
    streamed: bool = False
    emitted: bool = False
    inside: bool = True

    @property
    def apart(self) -> "Place":
        """This place or the nearest around it that is handed over by itself."""
        return self.parent.apart if self.inside and self.parent else self

    @property
    def path(self) -> tuple["Place", ...]:
        """From the transaction down to here."""
        return (*(self.parent.path if self.parent else ()), self)


@dataclass(slots=True, eq=False)
class Move:
    """What a segment does: it stands in the loop at `place` as `use`, which it opens or not.

    within: the loops that are handed over by themselves stay as they are. begins: it opens one. left: how many of them
    stay open before it does. slot: the use's. All follow from the rest; the reader asks for them at every segment.
    """

    use: SegmentUse
    place: Place
    opens: bool
    within: bool = False
    slot: int = field(init=False)
    begins: bool = field(init=False)
    left: int = field(init=False)

    def __post_init__(self) -> None:
        self.slot, self.begins = self.use.slot, self.opens and not self.place.inside
        self.left = self.place.apart.depth + (not self.begins)


@dataclass(slots=True, eq=False)
class Guide:
    """One implementation guide, ready to read and to write by."""

    name: str
    transaction: str
    version: str
    functional_id: str
    loops: dict[str, Loop]
    root: Place
    openers: dict[str, list[Move]]
    segment_ids: frozenset[str]

    def use(self, loop_id: str, segment_id: str, code: str = "") -> SegmentUse:
        """The use of a segment in a loop, told apart by the key element's code where there are several.

        Raises:
            KeyError: the guide has no such segment there.
        """
        loop = self.loops[loop_id]
        for use in (*loop.segments, *loop.closing):
            if use.id == segment_id and (not code or code in use.codes):
                return use
        raise KeyError(f"{self.name}: no {segment_id}*{code} in loop {loop_id}")


@lru_cache(maxsize=1)
def segment_definitions() -> dict[str, Definition]:
    """Every segment's elements by its id (mappings/x12/segments.toml)."""
    return guide_lines.definitions(_table("segments"))


@lru_cache(maxsize=1)
def _code_lists() -> guide_lines.CodeLists:
    return guide_lines.code_lists(_table("segments"))


@lru_cache(maxsize=16)
def guide(name: str) -> Guide:
    """The compiled guide of mappings/x12/NAME.toml."""
    table = _table(name)
    known, lists = segment_definitions(), _code_lists()
    loops = {entry["id"]: guide_lines.loop(entry, known, lists) for entry in table["loop"]}
    first = next(iter(loops.values()))
    root = Place(first, None, 0, 0)
    _grow(root, list(loops.values()), frozenset(table["emit"]))
    openers: dict[str, list[Move]] = {}
    _settle(root, openers)
    ids = frozenset(use.id for loop in loops.values() for use in (*loop.segments, *loop.closing))
    return Guide(name, table["transaction"], table["version"], table["functional_id"], loops, root, openers, ids)


def guide_name(functional_id: str, transaction: str, *versions: str) -> str | None:
    """The guide for GS01, ST01 and the versions that GS08 and ST03 name, else the nearest; None when there is none.

    A version that is not known goes by the guide of its own kind of claim or answer, then by the usual of its group; a
    GS01 that does not fit the rest is passed over.
    """
    exact = [GUIDES.get((functional_id, version[:10])) for version in versions]
    near = [NEAREST.get((functional_id, version.partition("X")[2][:3])) for version in versions]
    of_group = [name for name in (*exact, *near, USUAL.get(functional_id)) if name]
    of_version = [name for (_, start), name in GUIDES.items() if start in {version[:10] for version in versions}]
    return next((name for name in (*of_group, *of_version) if guide(name).transaction == transaction), None)


def read_versions(names: Collection[str] = ()) -> str:
    """The versions there are guides for, as people read them: "837 005010X222A1, 835 005010X221A1"."""
    known = [guide(name) for name in dict.fromkeys(GUIDES.values()) if not names or name in names]
    return ", ".join(f"{one.transaction} {one.version}" for one in known)


def _table(name: str) -> dict[str, Any]:
    with (data_folder("mappings") / "x12" / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)


def _grow(place: Place, loops: list[Loop], emitted: frozenset[str]) -> None:
    place.emitted = place.loop.id in emitted
    inside = place.emitted or any(above.emitted for above in place.path)
    for loop in loops:
        if place.loop.id in loop.parents:
            child = Place(loop, place, place.depth + 1, FIRST_LOOP_SLOT + len(place.children))
            place.children.append(child)
            _grow(child, loops, emitted)
    place.streamed = not inside and any(child.emitted or child.streamed for child in place.children)
    place.inside = place.parent is not None and not (place.streamed or place.emitted)


def _settle(place: Place, openers: dict[str, list[Move]]) -> None:
    """Fill the moves: own segments first, then loops below, then outwards to the transaction."""
    if place.parent:
        opener = place.loop.segments[0]
        if not place.inside:
            openers.setdefault(opener.id, []).append(Move(opener, place, opens=True))
        own: tuple[SegmentUse, ...] = place.loop.segments[1:]
    else:
        own = place.loop.segments
    for use in own:
        _add(place, Move(use, place, opens=False, within=True))
    above: Place | None = place
    while above:
        near = above.apart is place.apart
        for child in above.children:
            _add(place, Move(child.loop.segments[0], child, opens=True, within=near and child.inside))
        for use in above.loop.closing:
            _add(place, Move(use, above, opens=False, within=near))
        above = above.parent
    for child in place.children:
        _settle(child, openers)


def _add(place: Place, move: Move) -> None:
    """A code behind the first element picks one of several uses; if it is wrong, the segment is judged by the first."""
    key = move.use.definition.key
    _, by_code = place.moves.setdefault(move.use.id, (key, {}))
    fallback = (move.use.id,) if key > 1 and not move.opens else ()
    for code in (*(move.use.codes or (move.use.id,)), *fallback):
        by_code.setdefault(code, move)
