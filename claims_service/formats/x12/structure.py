"""Whether a closed loop holds what its guide asks: required, not too often, in order. One look-up for a shape seen before."""

from collections import defaultdict
from dataclasses import dataclass

from claims_service.formats.x12.guide import FIRST_LOOP_SLOT, Place
from claims_service.formats.x12.guide_lines import MANY, Loop, SegmentUse

MOST_SHAPES = 4096


@dataclass(frozen=True, slots=True)
class ShapeFault:
    """code: X12 data element 620 (IK304). item: index into the node's items, -1 for the loop as a whole."""

    code: str
    item: int
    segment: str
    label: str
    message: str
    mend: str


class Shapes:
    """Verdicts on loops by their sequence of slots, remembered. good: the sequences without a fault, by place."""

    def __init__(self) -> None:
        self.good: defaultdict[Place, set[bytes]] = defaultdict(set)
        self._known: dict[tuple[Place, bytes], tuple[ShapeFault, ...]] = {}

    def faults(self, place: Place, slots: bytes) -> tuple[ShapeFault, ...]:
        key = (place, slots)
        found = self._known.get(key)
        if found is None:
            if len(self._known) >= MOST_SHAPES:
                self._known.clear()
                self.good.clear()
            found = self._known[key] = tuple(_faults(place, slots))
            if not found:
                self.good[place].add(slots)
        return found


def _faults(place: Place, slots: bytes) -> list[ShapeFault]:
    loop = place.loop
    uses: dict[int, SegmentUse] = {use.slot: use for use in (*loop.segments, *loop.closing)}
    below: dict[int, Loop] = {child.slot: child.loop for child in place.children}
    found = [_too_many(slots, use.slot, use.id, use.label, use.most, "5") for use in uses.values()]
    found += [
        _too_many(slots, slot, child.segments[0].id, child.name, MANY if place.streamed else child.most, "4")
        for slot, child in below.items()
    ]
    found += [_missing(use.id, use.label, loop.id) for use in uses.values() if use.required and use.slot not in slots]
    found += [
        _missing(child.segments[0].id, child.name, child.id)
        for slot, child in below.items()
        if child.required and slot not in slots
    ]
    found.append(_out_of_order(place, slots, uses, below))
    return [fault for fault in found if fault]


def _missing(segment: str, label: str, loop_id: str) -> ShapeFault:
    return ShapeFault("3", -1, segment, label, f"{segment} ({label}) is missing from loop {loop_id}.", "Send it.")


def _too_many(slots: bytes, slot: int, segment: str, label: str, most: int, code: str) -> ShapeFault | None:
    if slots.count(slot) <= most:
        return None
    item = [i for i, other in enumerate(slots) if other == slot][most]
    return ShapeFault(
        code, item, segment, label, f"{segment} ({label}) stands more than {most} times.", "Leave out the rest."
    )


def _out_of_order(place: Place, slots: bytes, uses: dict[int, SegmentUse], below: dict[int, Loop]) -> ShapeFault | None:
    """The first item that stands behind its place. Neighbours of one segment id share a place and may change seats."""
    ranks = _ranks(place)
    highest = 0
    for item, slot in enumerate(slots):
        rank = ranks.get(slot, highest)
        if rank < highest:
            segment = uses[slot].id if slot in uses else below[slot].segments[0].id
            label = uses[slot].label if slot in uses else below[slot].name
            return ShapeFault(
                "7", item, segment, label, f"{segment} ({label}) stands too late in its loop.", "Move it up."
            )
        highest = rank
    return None


def _ranks(place: Place) -> dict[int, int]:
    order = [(use.slot, use.id) for use in place.loop.segments]
    order += [(child.slot, child.loop.segments[0].id) for child in place.children]
    order += [(use.slot, use.id) for use in place.loop.closing]
    ranks: dict[int, int] = {}
    rank, before = 0, ""
    for slot, segment in order:
        rank += segment != before or slot == FIRST_LOOP_SLOT
        ranks[slot], before = rank, segment
    return ranks
