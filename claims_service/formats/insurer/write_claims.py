"""Claims as an insurer's own format asks for them."""

from collections.abc import Sequence
from typing import Any

from lxml import etree

from claims_service.domain.claim.claim import Claim
from claims_service.domain.errors import Problem, Rejected
from claims_service.formats.insurer.canonical import AnyClaim, Sending, canonical
from claims_service.formats.insurer.insurer_format import InsurerFormat
from claims_service.formats.xml import read_xml

MOST_FAULTS = 20


def write_claims(wanted: InsurerFormat, sending: Sending, claims: Sequence[AnyClaim]) -> bytes:
    """The file: the claims as neutral XML, put through the stylesheet, checked by the schema where there is one.

    Raises:
        Rejected: the format takes no such claims, or what came out is not what its schema asks.
    """
    kinds = {"professional" if isinstance(claim, Claim) else "institutional" for claim in claims}
    if others := sorted(kinds - set(wanted.kinds)):
        raise Rejected(
            [Problem("claims", f"{wanted.title} takes no {' or '.join(others)} claims.", "format.toml kinds")]
        )
    content = wanted.claim.run(canonical(sending, claims))
    if wanted.schema is not None:
        _check(wanted, wanted.schema, content)
    return content


def _check(wanted: InsurerFormat, schema: etree.XMLSchema, content: bytes) -> None:
    if schema.validate(read_xml(content)):
        return
    log: Any = schema.error_log  # the stubs say neither its length nor its items
    where = f"mappings/{wanted.name}"
    faults = [log[number] for number in range(min(len(log), MOST_FAULTS))]
    raise Rejected([Problem(f"{where}, line {f.line} of what it makes", _said(f), "XML Schema") for f in faults])


def _said(fault: etree._LogEntry) -> str:
    """Which element does not fit; the fault's own words hold values of the claim."""
    return f"The element {str(fault.path).rpartition('/')[2]} is not as the schema asks ({fault.type_name})."
