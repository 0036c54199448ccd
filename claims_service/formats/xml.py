"""The one XML parser for bytes from strangers: no document types, no entities, no network, the root that was asked for."""

import re
from collections.abc import Collection

from lxml import etree

from claims_service.domain.errors import Problem, Rejected

_DECLARED = re.compile(rb"""<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SPOKEN = ("utf-8", "utf8", "us-ascii", "ascii")
_INCLUDE = "{http://www.w3.org/2001/XInclude}"


def read_xml(body: bytes, roots: Collection[str] = ()) -> etree._Element:
    """The root element of a document in UTF-8.

    roots: the tags that may stand on top, as "{namespace}name"; empty = any.

    Raises:
        Rejected: not well-formed, another encoding, a document type, an inclusion or another root.
    """
    _plain_utf8(body)
    if found := _DOCTYPE.search(body):
        line = body.count(b"\n", 0, found.start()) + 1
        raise _refused(
            f"line {line}", "The file has a document type (DOCTYPE), which may hide other files.", "Remove it."
        )
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True, recover=False,
    )  # fmt: skip
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as wrong:
        line, column = wrong.position
        place = f"line {line}, column {column}"
        raise _refused(place, "The file is not well-formed XML; it may be cut short.", "Send it again.") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise _refused("line 1", "The file has a document type (DOCTYPE).", "Remove it.")
    if roots and root.tag not in roots:
        expected = " or ".join(sorted(_short(tag) for tag in roots))
        raise _refused(f"line {root.sourceline}", f"The file starts with <{_short(root.tag)}>, not with {expected}.")
    for element in root.iter(f"{_INCLUDE}*"):
        raise _refused(f"line {element.sourceline}", "The file asks to include another file (XInclude).", "Remove it.")
    return root


def _plain_utf8(body: bytes) -> None:
    declared = _DECLARED.match(body.removeprefix(b"\xef\xbb\xbf")[:200])
    if declared and declared[1].decode("ascii").lower() not in _SPOKEN:
        raise _refused("line 1", f"The encoding {declared[1].decode('ascii')} is not read here.", "Save it as UTF-8.")
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise _refused(f"byte {wrong.start + 1}", "The file is not UTF-8 text.", "Save it as UTF-8.") from None
    if b"\x00" in body:
        raise _refused(
            f"byte {body.index(0) + 1}", "The file holds a NUL byte; it is not UTF-8 XML.", "Save it as UTF-8."
        )


def _short(tag: object) -> str:
    return str(tag).rpartition("}")[2]


def _refused(where: str, message: str, mend: str = "") -> Rejected:
    return Rejected([Problem(where, message, "XML 1.0", mend)])
