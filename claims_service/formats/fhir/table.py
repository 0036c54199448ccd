"""Runs the tables in mappings/fhir: each row says where a value goes and where it comes from, in either direction.

    "item[claim.lines].net" = "charge_cents as money"

Left, the place to fill: names with dots; [0] is a fixed place in a list; [path] repeats for each value found at that
path, and the paths on the right of such a row start there ("." = the value itself). Right, the place to read: a path,
with " | " between places to try in turn, [0] or [use=official] to choose from a list, then " as " and a converter.
"=text", a number or true stands for itself. [codes.x] tables turn one code into another ("as code x"): "*" stands for
any other code, and "=" leaves that as it is.

An object whose read values are all missing is left out together with the constants in it.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from claims_service.config import data_folder
from claims_service.formats.fhir import converters

Part = Callable[[Any], Any]
EMPTY: tuple[object, ...] = (None, "", [], (), {})


class TableFault(ValueError):
    """A table that can't be used; names the row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A compiled table. rows: (place, source) as written, for tests that hit each of them. tree: its places (see Tree)."""

    name: str
    rows: tuple[tuple[str, str], ...]
    settings: Mapping[str, Any]
    fill: Callable[[Any], dict[str, Any] | None]
    tree: "Tree"
    reads: "Mapping[str, Constant | Read]"

    def of(self, source: Any) -> dict[str, Any]:
        """The tree or record that the table makes of a source."""
        return self.fill(source) or {}

    def value(self, place: str) -> Part:
        """What the table writes at one place, by itself; nothing where it has no such row."""
        return grown(self.reads.get(place, Constant(None)))


@cache
def table(name: str) -> Table:
    """The table mappings/fhir/{name}.toml.

    Raises:
        TableFault: a row that can't be understood, or an unknown converter.
    """
    text = (data_folder("mappings") / "fhir" / f"{name}.toml").read_text(encoding="utf-8")
    return compiled(name, tomllib.loads(text))


def compiled(name: str, written: Mapping[str, Any]) -> Table:
    """A table from its parsed TOML."""
    fields: Mapping[str, Any] = written.get("fields", {})
    tree: Tree = {}
    reads: dict[str, Constant | Read] = {}
    for place, source in fields.items():
        try:
            reads[place] = _reader(source, written.get("codes", {}))
            _plant(tree, _steps(place), reads[place])
        except (KeyError, ValueError) as wrong:
            raise TableFault(f"mappings/fhir/{name}.toml, {place}: {wrong}") from None
    if "resource" in written:
        tree = {"resourceType": Constant(written["resource"]), **tree}
    rows = tuple((place, str(source)) for place, source in fields.items())
    return Table(name, rows, written, grown(tree), tree, reads)


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that stands for itself."""

    value: Any

    def __call__(self, _source: Any) -> Any:
        return self.value


@dataclass(frozen=True, slots=True)
class Read:
    """A value that is read. name: of the attribute, "" where more than one step leads to it (get)."""

    name: str
    get: Part
    convert: Part | None

    def converted(self, value: Any) -> Any:
        """What stands at the place; None for nothing."""
        if self.convert is None or value is None or value == "":
            return value
        return self.convert(value)


Tree = dict[str, Any]
"""Name -> Constant, Read, a Tree, or {"[]": {index or path: one of these}} for a list."""


def _steps(place: str) -> list[tuple[str, str | None]]:
    """ "item[lines].modifier[0].code" -> [("item", "lines"), ("modifier", "0"), ("code", None)]."""
    steps: list[tuple[str, str | None]] = []
    rest = place
    while rest:
        end = min((at for at in (rest.find("."), rest.find("[")) if at >= 0), default=len(rest))
        name, rest = rest[:end], rest[end:]
        index = None
        if rest.startswith("["):
            index, closed, rest = rest[1:].partition("]")
            if not closed:
                raise ValueError("a [ is not closed")
        if not name:
            raise ValueError("a name is missing")
        steps.append((name, index))
        rest = rest.removeprefix(".")
    return steps


def _plant(tree: Tree, steps: list[tuple[str, str | None]], reader: Constant | Read) -> None:
    """Put a reader at its place."""
    (name, index), *rest = steps
    if index is not None:
        listed = tree.setdefault(name, {"[]": {}})
        if not (isinstance(listed, dict) and "[]" in listed):
            raise ValueError(f"{name} is a list in one row and none in another")
        tree, name = listed["[]"], index
    if not rest:
        if name in tree:
            raise ValueError("the place is filled twice")
        tree[name] = reader
        return
    below = tree.setdefault(name, {})
    if not isinstance(below, dict) or "[]" in below:
        raise ValueError(f"{name} holds a value in one row and more places in another")
    _plant(below, rest, reader)


def grown(node: Any) -> Part:
    """A node of a Tree as the function that fills it."""
    if isinstance(node, dict):
        return _list(node["[]"]) if "[]" in node else _object(node)
    part: Part = _reading(node.get, node.convert) if isinstance(node, Read) else node
    return part


def _reading(get: Part, convert: Part | None) -> Part:
    if convert is None:
        return get

    def read(source: Any) -> Any:
        value = get(source)
        return None if value is None or value == "" else convert(value)

    return read


def _object(tree: Mapping[str, Any]) -> Part:
    parts = [(name, part, isinstance(part, Constant)) for name, node in tree.items() for part in [grown(node)]]
    if all(constant for _, _, constant in parts):
        return Constant({name: part(None) for name, part, _ in parts})

    def fill(source: Any) -> dict[str, Any] | None:
        found = {}
        read_any = False
        for name, part, constant in parts:
            value = part(source)
            if value or value not in EMPTY:
                found[name] = value
                read_any = read_any or not constant
        return found if read_any else None

    return fill


def _list(places: Mapping[str, Any]) -> Part:
    parts: list[tuple[Part | None, Part]] = []
    for index, node in places.items():
        parts.append((None if index.isdigit() else path_of(index), grown(node)))
    if all(each is None and isinstance(part, Constant) for each, part in parts):
        return Constant([part(None) for _, part in parts])

    def fill(source: Any) -> list[Any]:
        found = []
        for each, part in parts:
            if each is None:
                values = (part(source),)
            else:
                listed = each(source)
                if listed is None:
                    continue
                values = tuple([part(one) for one in (listed if isinstance(listed, list | tuple) else (listed,))])
            found += [value for value in values if value or value not in EMPTY]
        return found

    return fill


def _reader(source: Any, codes: Mapping[str, Mapping[str, Any]]) -> Constant | Read:
    if not isinstance(source, str):
        return Constant(source)
    if source.startswith("="):
        return Constant(source[1:])
    path, _, converter = source.partition(" as ")
    convert = _converter(converter.strip(), codes) if converter else None
    paths = path.split(" | ")
    if len(paths) > 1:
        return Read("", _first([path_of(one.strip()) for one in paths]), convert)
    return Read(path if path.isidentifier() else "", path_of(path.strip()), convert)


def _first(getters: list[Part]) -> Part:
    def get_first(source: Any) -> Any:
        for get in getters:
            value = get(source)
            if value or value not in EMPTY:
                return value
        return None

    return get_first


def _converter(text: str, codes: Mapping[str, Mapping[str, Any]]) -> Part:
    name, _, argument = text.partition(" ")
    if name == "code":
        given = codes[argument]
        other = given.get("*")
        if other == "=":
            return lambda value: given.get(str(value), value)
        return lambda value: given.get(str(value), other)
    return converters.named(name, argument)


def path_of(text: str) -> Part:
    """What a path leads to, None where it ends early."""
    if text == ".":
        return lambda source: source
    steps = _steps(text)
    if len(steps) == 1 and steps[0][1] is None:
        name = steps[0][0]
        return lambda source: source.get(name) if type(source) is dict else getattr(source, name)

    def get(source: Any) -> Any:
        for name, index in steps:
            source = source.get(name) if type(source) is dict else getattr(source, name)
            if index is not None:
                source = _chosen(source, index)
            if source is None:
                return None
        return source

    return get


def _chosen(listed: Any, index: str) -> Any:
    if not isinstance(listed, list | tuple):
        return None
    if index.isdigit():
        return listed[int(index)] if len(listed) > int(index) else None
    name, _, wanted = index.partition("=")
    return next((one for one in listed if isinstance(one, dict) and one.get(name) == wanted), None)
