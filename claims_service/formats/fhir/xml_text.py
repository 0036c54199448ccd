"""FHIR XML to the tree that FHIR JSON would give, and back, in the order of the specification (R4 xml.html, json.html)."""

from decimal import Decimal, InvalidOperation
from typing import Any

from lxml import etree

from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.fhir.json_text import LONGEST_NUMBER
from claims_service.formats.fhir.structure import RESOURCE, Element, Shape, shape
from claims_service.formats.xml import read_xml

NAMESPACE = "http://hl7.org/fhir"
_TAG = f"{{{NAMESPACE}}}"
_DEFAULT: Any = {None: NAMESPACE}  # the stubs know no default namespace
_XHTML = "{http://www.w3.org/1999/xhtml}div"


def tree(root: etree._Element) -> dict[str, Any]:
    """Raises Rejected: an element or attribute that R4 does not have, or a value of the wrong kind, with its line."""
    kind = _name(root)
    found = shape(kind)
    if found is None or "id" not in found.elements:
        raise _refused(root, f"FHIR R4 has no resource {kind}.")
    return {"resourceType": kind, **_children(root, found)}


def _children(parent: etree._Element, known: Shape) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in parent.attrib.items():
        if name not in ("id", "url") or name not in known.elements:
            raise _refused(parent, f"The attribute {str(name).rpartition('}')[2]} has no place here.")
        found[str(name)] = str(value)
    for child in parent:
        name = "div" if child.tag == _XHTML else _name(child)
        element = known.elements.get(name)
        if element is None:
            raise _refused(child, f"The element {name} has no place in {_name(parent)}.")
        if element.is_primitive:
            _add_primitive(found, name, element, child)
        else:
            _add(found, name, element, child, _complex(child, element))
    return found


def _complex(child: etree._Element, element: Element) -> dict[str, Any]:
    if element.kind == RESOURCE:
        if len(child) != 1:
            raise _refused(child, "Exactly one resource stands here.")
        return tree(child[0])
    known = shape(element.kind)
    assert known is not None, element.kind
    return _children(child, known)


def _add(found: dict[str, Any], name: str, element: Element, child: etree._Element, value: Any) -> None:
    if element.many:
        found.setdefault(name, []).append(value)
    elif name in found:
        raise _refused(child, f"The element {name} stands twice.")
    else:
        found[name] = value


def _add_primitive(found: dict[str, Any], name: str, element: Element, child: etree._Element) -> None:
    if element.kind == "xhtml":
        found[name] = etree.tostring(child, encoding="unicode", with_tail=False)
        return
    rest = {"id": str(child.get("id"))} if child.get("id") else {}
    extension = shape("Extension")
    assert extension is not None
    if len(child):
        rest["extension"] = [_children(part, extension) for part in child]  # type: ignore[assignment]
    text = child.get("value")
    value = None if text is None else _value(child, element.kind, str(text))
    if value is None and not rest:
        raise _refused(child, f"The element {name} has no value.")
    if element.many:
        before = len(found.get(name, []))
        found.setdefault(name, []).append(value)
        if rest or f"_{name}" in found:
            beside = found.setdefault(f"_{name}", [])
            beside += [None] * (before - len(beside)) + [rest or None]
        return
    if value is not None:
        _add(found, name, element, child, value)
    if rest:
        found[f"_{name}"] = rest


def _value(child: etree._Element, kind: str, text: str) -> Any:
    if kind == "text":
        return text
    if len(text) > LONGEST_NUMBER:
        raise _refused(child, "A number has more digits than any amount or quantity.")
    try:
        if kind == "boolean":
            return {"true": True, "false": False}[text]
        return int(text) if kind == "integer" else _decimal(text)
    except (KeyError, ValueError, InvalidOperation):
        raise _refused(child, f"The value of {_name(child)} is not a {kind}.") from None


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite() or abs(number.adjusted()) > LONGEST_NUMBER:
        raise ValueError
    return number


def _name(element: etree._Element) -> str:
    tag = str(element.tag)
    if not tag.startswith(_TAG):
        raise _refused(element, "An element is not in the FHIR namespace (http://hl7.org/fhir).")
    return tag[len(_TAG) :]


def _refused(element: etree._Element, message: str) -> Rejected:
    return Rejected([Problem(f"line {element.sourceline}", message, "FHIR R4 XML")])


def document(resource: dict[str, Any]) -> bytes:
    """A whole document; elements that R4 does not know are our own mistake (KeyError)."""
    root = _written(resource, None)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _written(resource: dict[str, Any], parent: etree._Element | None) -> etree._Element:
    kind = resource["resourceType"]
    known = shape(kind)
    assert known is not None, kind
    tag = _TAG + kind
    element = etree.Element(tag, nsmap=_DEFAULT) if parent is None else etree.SubElement(parent, tag)
    _write_children(element, resource, known, is_resource=True)
    return element


def _write_children(parent: etree._Element, value: dict[str, Any], known: Shape, *, is_resource: bool = False) -> None:
    for name in value:
        if name.removeprefix("_") not in known.elements and name != "resourceType":
            raise KeyError(name)
    for name in known.order:
        found, beside = value.get(name), value.get(f"_{name}")
        if found is None and beside is None:
            continue
        element = known.elements[name]
        if (name == "id" and not is_resource) or (name == "url" and parent.tag == _TAG + "extension"):
            parent.set(name, str(found))
            continue
        many = element.many
        for one, rest in zip(*_alike(found if many else [found], beside if many else [beside]), strict=True):
            _write_one(parent, name, element, one, rest)


def _alike(values: list[Any] | None, beside: list[Any] | None) -> tuple[list[Any], list[Any]]:
    values, beside = list(values or []), list(beside or [])
    longest = max(len(values), len(beside))
    return values + [None] * (longest - len(values)), beside + [None] * (longest - len(beside))


def _write_one(parent: etree._Element, name: str, element: Element, value: Any, rest: dict[str, Any] | None) -> None:
    if element.kind == "xhtml":
        parent.append(read_xml(value.encode(), {_XHTML}))
        return
    child = etree.SubElement(parent, _TAG + name)
    if element.kind == RESOURCE:
        _written(value, child)
    elif element.is_primitive:
        if value is not None:
            child.set("value", _spelled(value))
        extension = shape("Element")
        if rest and extension is not None:
            _write_children(child, rest, extension)
    else:
        known = shape(element.kind)
        assert known is not None, element.kind
        _write_children(child, value, known)


def _spelled(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)
