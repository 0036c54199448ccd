"""Runs an XSLT 1.0 stylesheet that may look at nothing but its document: no files, no network, no extensions."""

from lxml import etree

from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.xml import read_xml

XSL = "http://www.w3.org/1999/XSL/Transform"
_OUTSIDE = ("http://exslt.org/", "http://xmlsoft.org/", "http://icl.com/", "http://xml.apache.org/", "http://saxon.sf.net/",
            "http://codespeak.net/", "http://www.jclark.com/", "urn:schemas-microsoft-com:xslt", "java")  # fmt: skip
_NOTHING = etree.XSLTAccessControl.DENY_ALL  # type: ignore[attr-defined] # the stubs lack it
_LOADING = (f"{{{XSL}}}import", f"{{{XSL}}}include")
_EXTENDING = ("extension-element-prefixes", f"{{{XSL}}}extension-element-prefixes")


class Stylesheet:
    """A stylesheet, compiled once.

    Raises:
        Rejected: it is none, or it asks for other files or for functions beyond XSLT 1.0.
    """

    def __init__(self, name: str, content: bytes) -> None:
        self._name = name
        root = read_xml(content, (f"{{{XSL}}}stylesheet", f"{{{XSL}}}transform"))
        for element in root.iter():
            self._refuse_outside(element)
        try:
            self._transform = etree.XSLT(root, regexp=False, access_control=_NOTHING)
        except etree.XSLTParseError as wrong:
            raise self._refused(str(wrong)) from None

    def run(self, document: etree._Element) -> bytes:
        """What the stylesheet makes of a document, as its xsl:output says.

        Raises:
            Rejected: it stops with a message, or can't be run to its end.
        """
        return bytes(self._result(document))

    def tree(self, document: etree._Element) -> etree._Element:
        """The same as an element.

        Raises:
            Rejected: as run(), or it makes no element.
        """
        root: etree._Element | None = self._result(document).getroot()
        if root is None:
            raise self._refused("it makes no element of this document")
        return root

    def _result(self, document: etree._Element) -> etree._XSLTResultTree:
        try:
            return self._transform(document)
        except etree.XSLTApplyError as wrong:
            raise self._refused(str(wrong)) from None

    def _refuse_outside(self, element: etree._Element) -> None:
        if element.tag in _LOADING:
            raise self._refused("it asks for another file (import or include)", element)
        if any(name in element.attrib for name in _EXTENDING):
            raise self._refused("it asks for elements beyond XSLT 1.0", element)
        if any(uri.startswith(_OUTSIDE) for uri in element.nsmap.values()):
            raise self._refused("it asks for functions beyond XSLT 1.0", element)
        if any("document(" in "".join(str(value).split()) for value in element.attrib.values()):
            raise self._refused("it asks for another file (document)", element)

    def _refused(self, why: str, element: etree._Element | None = None) -> Rejected:
        where = self._name if element is None else f"{self._name}, line {element.sourceline}"
        return Rejected([Problem(where, f"The stylesheet can't be used: {why}.", "XSLT 1.0", "Mend the mapping file.")])
