"""XML that reaches for other files, hides entities or pretends to be something else is refused at once."""

import time

import pytest

from claims_service.domain.errors import Rejected
from claims_service.formats.fhir import wire
from claims_service.formats.xml import read_xml

FHIR = 'xmlns="http://hl7.org/fhir"'
LAUGHS = "".join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10))
BAD: dict[str, str | bytes] = {
    "a document type": f"<!DOCTYPE Claim><Claim {FHIR}/>",
    "an external entity": f'<!DOCTYPE Claim [<!ENTITY x SYSTEM "file:///etc/passwd">]><Claim {FHIR}><id value="&x;"/></Claim>',
    "a parameter entity": f'<!DOCTYPE Claim [<!ENTITY % x SYSTEM "http://127.0.0.1:9/x"> %x;]><Claim {FHIR}/>',
    "a billion laughs": f'<!DOCTYPE Claim [<!ENTITY a0 "ha">{LAUGHS}]><Claim {FHIR}><id value="&a9;"/></Claim>',
    "an inclusion": f'<Claim {FHIR}><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/></Claim>',
    "a schema location": f'<Claim {FHIR} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://hl7.org/fhir http://127.0.0.1:9/x.xsd"/>',
    "UTF-7": f'<?xml version="1.0" encoding="UTF-7"?><Claim {FHIR}/>',
    "UTF-16": f"<Claim {FHIR}/>".encode("utf-16"),
    "another root": f"<Fake {FHIR}/>",
    "no namespace": "<Claim/>",
    "an unknown element": f'<Claim {FHIR}>\n<foo value="1"/></Claim>',
    "an element twice": f'<Claim {FHIR}>\n<use value="claim"/><use value="claim"/></Claim>',
    "a cut file": f'<Claim {FHIR}><id value="1"/>',
    "an amount that is no number": f'<Claim {FHIR}><total><value value="1,000.00"/></total></Claim>',
    "a number of a million digits": f'<Claim {FHIR}><total><value value="{"1" * 1_000_000}"/></total></Claim>',
    "10,000 levels": f"<Claim {FHIR}>" + "<item>" * 10_000 + "</item>" * 10_000 + "</Claim>",
}


@pytest.fixture(scope="module", autouse=True)
def _models_loaded() -> None:
    """The models load once a process; the time measured below is the reader's own."""
    wire.write_xml({"resourceType": "Claim"})


@pytest.mark.check(76)
@pytest.mark.parametrize("case", BAD)
def test_bad_xml_is_refused_with_its_place_within_a_tenth_of_a_second(case: str) -> None:
    text = BAD[case]
    body = text if isinstance(text, bytes) else text.encode()

    started = time.process_time()
    with pytest.raises(Rejected) as refused:
        wire.read(body, form="xml")

    assert time.process_time() - started < 0.1
    assert refused.value.problems[0].where.split()[0] in ("line", "byte")


@pytest.mark.check(76)
def test_a_claim_is_not_taken_for_an_invoice() -> None:
    with pytest.raises(Rejected, match="<Claim>, not with Invoice"):
        wire.read(f"<Claim {FHIR}/>".encode(), kind="Invoice")


def test_other_formats_use_the_same_parser() -> None:
    root = read_xml(b"<Document xmlns='urn:bank'><a/></Document>", {"{urn:bank}Document"})

    assert len(root) == 1
