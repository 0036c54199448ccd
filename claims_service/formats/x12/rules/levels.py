"""HL levels: numbered one by one from 1, each below one that is open, and with the children they announce."""

from collections.abc import Iterator

from claims_service.formats.x12.node import Node, Segment
from claims_service.formats.x12.rules.rule import Closed, Fault, element


def _level(node: Node) -> Segment | None:
    item = node.items[0] if node.items else None
    return None if item is None or isinstance(item, Node) or item[0] != "HL" else item


def numbers_and_parents(closed: Closed) -> Iterator[Fault]:
    """Looks at each HL once, when the first level at or below it closes: they come by in the order of the file."""
    if _level(closed.node) is None:
        return
    above = ""
    for node in (*closed.parents, closed.node):
        level = _level(node)
        if level is None:
            continue
        if node.start > closed.tally.last_level_at:
            closed.tally.last_level_at = node.start
            closed.tally.levels += 1
            if element(level, 1) != str(closed.tally.levels):
                yield Fault("level-number", level, "01", node)
            if element(level, 2) != above and (above or element(level, 2)):
                yield Fault("level-parent", level, "02", node)
        above = element(level, 1)


def children(closed: Closed) -> Iterator[Fault]:
    """HL04 says 1 if and only if a further HL stands below this one."""
    level = _level(closed.node)
    says = element(level, 4) if level else ""
    below = {child.slot for child in closed.node.place.children if child.loop.segments[0].id == "HL"}
    if level and says in ("0", "1") and (says == "1") != any(slot in below for slot in closed.node.slots):
        yield Fault("level-children", level, "04")
