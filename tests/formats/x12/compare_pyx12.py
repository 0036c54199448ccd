"""Compares our guides with pyx12's maps, loop by loop. Each difference stands in pyx12_differences.tsv with its reason.

`python -m tests.formats.x12.compare_pyx12` prints what is not listed and what is listed but gone; with --write it
brings the list up to date and keeps the reasons, so that a reason can be written behind each new line.
"""

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Any

import pyx12.map_if
import pyx12.params

from claims_service.formats.x12.guide import Guide, guide, segment_definitions
from claims_service.formats.x12.guide_lines import MANY, Element, ElementUse, SegmentUse, live_notes

LIST = Path(__file__).with_name("pyx12_differences.tsv")
MAPS = {
    "837p": "837.5010.X222.A1.xml",
    "837i": "837Q3.I.5010.X223.A1.xml",
    "835": "835.5010.X221.A1.xml",
    "277ca": "277.5010.X214.xml",
    "999": "999.5010X231.A1.xml",
}
ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"})
Place = tuple[str, str, str, str]  # loop, segment with its telling codes, element, which fact
Facts = dict[Place, str]


@dataclass(frozen=True, order=True, slots=True)
class Difference:
    """One fact on which a guide and a map differ; an empty side has no such thing."""

    guide: str
    loop: str
    segment: str
    element: str
    fact: str
    ours: str
    pyx12: str
    reason: str = ""

    @property
    def place(self) -> tuple[str, ...]:
        return astuple(self)[:-1]


def differences(name: str) -> list[Difference]:
    """What our guide and pyx12's map say differently. A loop or segment that one side lacks is one line."""
    ours, theirs = our_facts(guide(name)), pyx12_facts(name)
    loops = _only_one(ours, theirs, "loop")
    segments = _only_one(ours, theirs, "segment")
    found = []
    for place in sorted({*ours, *theirs}):
        loop, segment, element, fact = place
        left_out = (loop in loops and fact != "loop") or ((loop, segment) in segments and fact != "segment")
        if not left_out and ours.get(place, "") != theirs.get(place, ""):
            found.append(Difference(name, loop, segment, element, fact, ours.get(place, ""), theirs.get(place, "")))
    return found


def _only_one(ours: Facts, theirs: Facts, fact: str) -> set[Any]:
    """The loops, or the (loop, segment) pairs, that only one side has."""
    places = [place for place in {*ours, *theirs} if place[3] == fact and not (place in ours and place in theirs)]
    return {place[0] if fact == "loop" else place[:2] for place in places}


def listed() -> list[Difference]:
    with LIST.open(encoding="utf-8", newline="") as file:
        return [Difference(**row) for row in csv.DictReader(file, delimiter="\t")]


def write(found: Sequence[Difference]) -> None:
    reasons = {one.place: one.reason for one in (listed() if LIST.exists() else [])}
    with LIST.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter="\t", lineterminator="\n")
        out.writerow([field.name for field in fields(Difference)])
        out.writerows([*one.place, reasons.get(one.place, "")] for one in found)


def our_facts(one: Guide) -> Facts:
    facts: Facts = {}
    for loop in one.loops.values():
        if loop.parents:
            _loop(facts, loop.id, loop.parents, "R" if loop.required else "S", _most(loop.most))
        children = [child for child in one.loops.values() if loop.id in child.parents]
        _order(facts, loop.id, [use.id for use in loop.segments], [child.id for child in children])
        for use, label in _labels((*loop.segments, *loop.closing)):
            facts[loop.id, label, "", "segment"] = f"{'R' if use.required else 'S'}{_most(use.most)}"
            facts[loop.id, label, "", "notes"] = " ".join(sorted(use.notes))
            for element in use.elements:
                _our_element(facts, (loop.id, label), use, element)
    return facts


def _labels(uses: Iterable[SegmentUse]) -> Iterator[tuple[SegmentUse, str]]:
    seen: dict[str, int] = {}
    for use in uses:
        yield use, _label(use.id, use.codes, seen)


def _label(segment: str, codes: Iterable[str], seen: dict[str, int]) -> str:
    """REF*G1 by its telling codes; a second one with the same gets #2."""
    label = f"{segment}*{'|'.join(sorted(codes))}".rstrip("*")
    seen[label] = seen.get(label, 0) + 1
    return label if seen[label] == 1 else f"{label}#{seen[label]}"


def _our_element(facts: Facts, where: tuple[str, str], use: SegmentUse, element: ElementUse) -> None:
    definition = use.definition.elements[element.position - 1]
    place = f"{element.position:02}"
    _element(facts, where, place, element, definition)
    for part in element.parts:
        _element(facts, where, f"{place}-{part.position}", part, definition.parts[part.position - 1])


def _element(facts: Facts, where: tuple[str, str], place: str, use: ElementUse, definition: Element) -> None:
    facts[(*where, place, "usage")] = "R" if use.required else "S"
    facts[(*where, place, "codes")] = "|".join(sorted(set(use.codes)))
    if not definition.parts:
        facts[(*where, place, "type")] = f"{definition.type} {definition.shortest}..{definition.longest}"


def _loop(facts: Facts, loop: str, parents: Iterable[str], usage: str, most: str) -> None:
    facts[loop, "", "", "loop"] = "there"
    facts[loop, "", "", "parent"] = "|".join(parents)
    facts[loop, "", "", "usage"] = usage
    facts[loop, "", "", "repeat"] = most


def _order(facts: Facts, loop: str, segments: Sequence[str], loops: Sequence[str]) -> None:
    """Segments in their order, equal neighbours once, then the loops below."""
    once = [one for i, one in enumerate(segments) if i == 0 or segments[i - 1] != one]
    facts[loop, "", "", "order"] = " ".join([*once, *loops])


def _most(most: int) -> str:
    return "*" if most >= MANY else str(most)


def pyx12_facts(name: str) -> Facts:
    whole = pyx12.map_if.load_map_file(MAPS[name], pyx12.params.params())
    transaction = whole.getnodebypath("/ISA_LOOP/GS_LOOP/ST_LOOP")
    facts: Facts = {}
    _pyx12_loop(facts, transaction, "ST", guide(name))
    return facts


def _pyx12_loop(facts: Facts, loop: Any, loop_id: str, one: Guide) -> None:
    children = list(_pyx12_children(loop))
    segments = [child for child in children if child.is_segment() and child.id not in ENVELOPE]
    closing = {use.id for use in one.loops[loop_id].closing} if loop_id in one.loops else set()
    below = [child for child in children if child.is_loop()]
    own = [segment.id for segment in segments if segment.id not in closing]
    _order(facts, loop_id, own, [child.id for child in below])
    seen: dict[str, int] = {}
    for segment in segments:
        _pyx12_segment(facts, loop_id, segment, seen)
    for child in below:
        parents = [loop_id]
        if (child.id, "", "", "loop") in facts:
            before = facts[child.id, "", "", "parent"].split("|")
            parents = [*before, *({loop_id} - {*before})]
        _pyx12_loop(facts, child, child.id, one)
        _loop(facts, child.id, parents, child.usage, _pyx12_most(child.repeat))


def _pyx12_children(loop: Any) -> Iterator[Any]:
    """In order; wrappers, which exist in pyx12 only, give way to what they hold."""
    for position in sorted(loop.pos_map):
        for child in loop.pos_map[position]:
            if child.is_loop() and child.type == "wrapper":
                yield from _pyx12_children(child)
            else:
                yield child


def _pyx12_most(text: str) -> str:
    return "*" if text.startswith(">") else text


def _pyx12_segment(facts: Facts, loop_id: str, segment: Any, seen: dict[str, int]) -> None:
    label = _label(segment.id, _pyx12_codes(segment), seen)
    facts[loop_id, label, "", "segment"] = f"{segment.usage}{_pyx12_most(segment.max_use)}"
    used = {element.seq: element.usage == "R" for element in segment.children if element.usage != "N"}
    notes = [f"{note[0]}{''.join(f'{at:02}' for at in note[1:])}" for note in segment.syntax]
    facts[loop_id, label, "", "notes"] = " ".join(sorted(live_notes(notes, used)))
    for element in segment.children:
        if element.usage == "N":
            continue
        place = f"{element.seq:02}"
        _pyx12_element(facts, (loop_id, label), place, element)
        for part in element.children:
            if part.usage != "N":
                _pyx12_element(facts, (loop_id, label), f"{place}-{part.seq}", part)


def _pyx12_codes(segment: Any) -> Iterable[str]:
    definition = segment_definitions().get(segment.id)
    if definition is None or not definition.key:
        return ()
    element = segment.children[abs(definition.key) - 1]
    codes: Iterable[str] = (element.children[0] if definition.key < 0 else element).valid_codes
    return set(codes)


def _pyx12_element(facts: Facts, where: tuple[str, str], place: str, element: Any) -> None:
    facts[(*where, place, "usage")] = element.usage
    facts[(*where, place, "codes")] = ""
    if not element.is_composite():
        data = element._data_ele
        facts[(*where, place, "codes")] = "|".join(sorted(set(element.valid_codes)))
        facts[(*where, place, "type")] = f"{data['data_type']} {data['min_len']}..{data['max_len']}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="bring pyx12_differences.tsv up to date")
    found = [one for name in MAPS for one in differences(name)]
    if parser.parse_args().write:
        write(found)
        return 0
    known = {one.place for one in listed()}
    new = [one for one in found if one.place not in known]
    gone = known - {one.place for one in found}
    for one in new:
        sys.stdout.write("new\t" + "\t".join(one.place) + "\n")
    for place in sorted(gone):
        sys.stdout.write("gone\t" + "\t".join(place) + "\n")
    return 1 if new or gone else 0


if __name__ == "__main__":
    sys.exit(main())
