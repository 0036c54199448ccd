"""A table run for writing: JSON text at once, where table.Table.of makes a tree.

Which of its values are there decides the shape of a resource, and there are few shapes: the text around the values is made
once for each, by the table itself with marks in place of the values.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from operator import attrgetter, itemgetter
from typing import Any

from claims_service.formats.fhir import wire
from claims_service.formats.fhir.table import EMPTY, Constant, Part, Read, grown, path_of

Text = Callable[[Any], str]
_MARK = re.compile('"\ue000([0-9]+)\ue000"')
_KEPT = 512
_MANY = (list, tuple)
_KEYS = frozenset({str, int, date})  # equal values of these are written alike, which Decimals of 1.0 and 1.00 are not


def writer(node: Any) -> Text:
    """A node of a table's tree as the function that writes it as JSON; "" for what is left out."""
    if isinstance(node, Constant):
        written = _json(node.value)
        return lambda _source: written
    if isinstance(node, Read):
        get, text = node.get, _text_of(node, {})
        return lambda source: text(get(source))
    return _repeated(node["[]"]) if "[]" in node else _object(node)


def _object(tree: Mapping[str, Any]) -> Text:
    reads: list[Read | Text] = []
    fill = grown(_marked(tree, reads))
    plain = [at for at, read in enumerate(reads) if isinstance(read, Read) and read.name]
    rest = [at for at in range(len(reads)) if at not in plain]
    places = {at: place for place, at in enumerate([*plain, *rest])}
    attributes = _attributes([reads[at].name for at in plain])  # type: ignore[union-attr]
    texts = [(kept.get, _text_of(reads[at], kept)) for at in plain for kept in [{}]]  # type: ignore[arg-type,var-annotated]
    others = [writer(read) if isinstance(read, Read) else read for at in rest for read in [reads[at]]]
    shapes: dict[tuple[bool, ...], Text] = {}

    def text(source: Any) -> str:
        values = attributes(source)
        found = [known(value) or write(value) for (known, write), value in zip(texts, values, strict=True)]
        found += [write(source) for write in others]
        there = tuple(map(bool, found))
        shape = shapes.get(there)
        if shape is None:
            shape = shapes[there] = _shape(fill, there, places)
        return shape(found)

    return text


def _marked(node: Any, reads: list[Read | Text]) -> Any:
    """The same tree with the number of its read in place of each; a list that repeats is read as one."""
    if isinstance(node, Constant):
        return node
    if isinstance(node, Read):
        reads.append(node)
    elif all(index.isdigit() for index in node.get("[]", ())):
        return {name: _marked(below, reads) for name, below in node.items()}
    else:
        reads.append(_repeated(node["[]"]))
    return itemgetter(len(reads) - 1)


def _attributes(names: Sequence[str]) -> Callable[[Any], Sequence[Any]]:
    """The attributes of a source, read together."""
    if len(names) < 2:
        return lambda source: [getattr(source, name) for name in names]
    return attrgetter(*names)


def _shape(fill: Part, there: Sequence[bool], places: Mapping[int, int]) -> Text:
    """How values are put together when these are there. places: of the values, by their number in the tree."""
    tree = fill([f"\ue000{at}\ue000" if there[places[at]] else None for at in range(len(there))])
    if tree is None:
        return lambda _found: ""
    around = _MARK.split(_json(tree))
    pattern = "%s".join(text.replace("%", "%%") for text in around[::2])
    wanted = [places[int(at)] for at in around[1::2]]
    if not wanted:
        return lambda _found: around[0]
    chosen = itemgetter(*wanted)
    return lambda found: pattern % chosen(found)


def _repeated(places: Mapping[str, Any]) -> Text:
    parts = [(None if index.isdigit() else path_of(index), _kept(writer(node))) for index, node in places.items()]

    def text(source: Any) -> str:
        found: list[str] = []
        for each, write in parts:
            listed = (source,) if each is None else each(source)
            if listed is not None:
                found += [write(one) for one in (listed if type(listed) in _MANY else (listed,))]
        written = ",".join([one for one in found if one])
        return f"[{written}]" if written else ""

    return text


def _kept(write: Text) -> Text:
    """The same, with what was written of codes and named tuples kept: they hold plain values, and claims have many lines alike."""
    kept: dict[Any, str] = {}

    def text(one: Any) -> str:
        if not isinstance(one, tuple | str):
            return write(one)
        found = kept.get(one)
        if found is None:
            if len(kept) >= _KEPT:
                kept.clear()
            found = kept[one] = write(one)
        return found

    return text


def _text_of(read: Read, kept: dict[Any, str]) -> Text:
    """A value's JSON; the last few hundred are kept, as the same codes, days and amounts come again and again."""

    def text(value: Any) -> str:
        if type(value) not in _KEYS:
            return _json(read.converted(value))
        found = kept.get(value)
        if found is None:
            if len(kept) >= _KEPT:
                kept.clear()
            found = kept[value] = _json(read.converted(value))
        return found

    return text


def _json(value: Any) -> str:
    return wire.write_json(value).decode() if value or value not in EMPTY else ""
