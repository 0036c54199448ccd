"""FHIR on the wire: JSON, NDJSON and XML bytes to plain trees with exact decimals, and back. A tree is a dict as in FHIR JSON."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

import orjson

from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.fhir import json_text, xml_text
from claims_service.formats.xml import read_xml

Tree = dict[str, Any]
Form = Literal["json", "xml"]

NAMESPACE = xml_text.NAMESPACE
_BOM = b"\xef\xbb\xbf"


def form_of(body: bytes) -> Form:
    """JSON or XML, by the first character."""
    return "xml" if body.removeprefix(_BOM).lstrip()[:1] == b"<" else "json"


def read(body: bytes, *, kind: str | None = None, form: Form | None = None) -> Tree:
    """One resource. kind: the type it must have, such as "Bundle".

    Raises:
        Rejected: not FHIR JSON or XML, with the place.
    """
    body = body.removeprefix(_BOM)
    is_xml = (form or form_of(body)) == "xml"
    roots = {f"{{{NAMESPACE}}}{kind}"} if kind else ()
    found = xml_text.tree(read_xml(body, roots)) if is_xml else json_text.tree(body)
    stated = found.get("resourceType")
    if not isinstance(stated, str):
        raise Rejected(
            [Problem("resourceType", "This is not a FHIR resource: resourceType is missing.", "FHIR R4 JSON")]
        )
    if kind and stated != kind:
        raise Rejected([Problem("resourceType", f"A {kind} was expected here.", "FHIR R4")])
    return found


def read_each(body: bytes) -> Iterator[Tree]:
    """Every resource of a JSON, XML or NDJSON file, one at a time; the place of a fault names the line in NDJSON.

    Raises:
        Rejected: while iterating, at the first resource that can't be read.
    """
    body = body.removeprefix(_BOM)
    if not body.strip():
        raise Rejected([Problem("line 1", "The file is empty.", "FHIR R4")])
    if form_of(body) == "xml" or not _is_ndjson(body):
        yield read(body)
        return
    for number, line in enumerate(body.split(b"\n"), 1):
        if line.strip():
            try:
                yield read(line, form="json")
            except Rejected as wrong:
                problems = [Problem(f"line {number}, {p.where}", p.message, p.rule, p.mend) for p in wrong.problems]
                raise Rejected(problems) from None


def _is_ndjson(body: bytes) -> bool:
    first, _, rest = body.lstrip().partition(b"\n")
    first, rest = first.strip(), rest.lstrip()
    return first.startswith(b"{") and first.endswith(b"}") and rest.startswith(b"{")


def write_json(tree: Tree) -> bytes:
    """FHIR JSON in UTF-8; every decimal keeps its digits."""
    return orjson.dumps(tree, default=_exact)


def write_xml(tree: Tree) -> bytes:
    """FHIR XML in UTF-8, elements in the order of the specification."""
    return xml_text.document(tree)


def write(tree: Tree, form: Form) -> bytes:
    """FHIR JSON or XML."""
    return write_xml(tree) if form == "xml" else write_json(tree)


def _exact(value: object) -> orjson.Fragment:
    if isinstance(value, Decimal):
        return orjson.Fragment(format(value, "f"))
    raise TypeError(f"{type(value).__name__} has no place in a FHIR resource")
