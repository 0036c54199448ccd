"""Professional claims to an 837P (005010X222A1): grouped under billing provider, subscriber and patient."""

from collections.abc import Iterator, Sequence

from claims_service.domain.claim.claim import Claim
from claims_service.domain.coverage import SELF
from claims_service.domain.party import Address, BillingProvider, Provider
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose
from claims_service.formats.x12.plain import amount_text, day_text
from claims_service.formats.x12.write_837p_line import write_line
from claims_service.formats.x12.write_837p_other import write_other_payer
from claims_service.formats.x12.writer import Form, Writer, form

VERSION = "005010X222A1"
MOST_CLAIMS = 5000  # in one ST, as the guide recommends
MOST_BELOW_HL = 100  # 2300 repeats 100 times


def _form(loop: str, segment: str, fields: str) -> Form:
    return form("837p", loop, segment, fields)


BHT = _form("ST", "BHT", "structure=0019 purpose=00 reference date time type=CH")
SUBMITTER = _form("1000A", "NM1", "entity=41 entity_type=2 last id_qualifier=46 id")
SUBMITTER_CONTACT = _form("1000A", "PER", "function=IC name number_qualifier1=TE number1")
RECEIVER = _form("1000B", "NM1", "entity=40 entity_type=2 last id_qualifier=46 id")
BILLING_LEVEL = _form("2000A", "HL", "id level=20 children=1")
BILLING_SPECIALTY = _form("2000A", "PRV", "role=BI qualifier=PXC taxonomy")
BILLING = _form("2010AA", "NM1", "entity=85 entity_type=2 last id_qualifier=XX id")
BILLING_TAX = _form("2010AA", "REF", "qualifier=EI value")
BILLING_CONTACT = _form("2010AA", "PER", "function=IC name number_qualifier1=TE number1")
PAY_TO = _form("2010AB", "NM1", "entity=87 entity_type=2")
SUBSCRIBER_LEVEL = _form("2000B", "HL", "id parent level=22 children")
COVERAGE = _form("2000B", "SBR", "order relation group plan filing")
SUBSCRIBER = _form("2010BA", "NM1", "entity=IL entity_type=1 last first middle id_qualifier=MI id")
SUBSCRIBER_BORN = _form("2010BA", "DMG", "date_format=D8 born gender")
PAYER = _form("2010BB", "NM1", "entity=PR entity_type=2 last id_qualifier=PI id")
PATIENT_LEVEL = _form("2000C", "HL", "id parent level=23 children=0")
PATIENT_RELATION = _form("2000C", "PAT", "relation")
PATIENT = _form("2010CA", "NM1", "entity=QC entity_type=1 last first middle")
PATIENT_BORN = _form("2010CA", "DMG", "date_format=D8 born gender")
CLAIM = _form("2300", "CLM", "id charge place{code qualifier=B frequency} signature=Y assignment benefits release")
PATIENT_PAID = _form("2300", "AMT", "qualifier=F5 amount")
REFERRAL = _form("2300", "REF", "qualifier=9F value")
AUTHORIZATION = _form("2300", "REF", "qualifier=G1 value")
PAYER_CLAIM = _form("2300", "REF", "qualifier=F8 value")
CLIA = _form("2300", "REF", "qualifier=X4 value")
DIAGNOSES = [
    _form(
        "2300",
        "HI",
        "code1{qualifier=ABK code}" + "".join(f" code{i}{{qualifier=ABF code}}" for i in range(2, count + 1)),
    )
    for count in range(1, 13)
]
REFERRING = _form("2310A", "NM1", "entity=DN entity_type=1 last first id_qualifier id")
RENDERING = _form("2310B", "NM1", "entity=82 entity_type last first id_qualifier id")
RENDERING_SPECIALTY = _form("2310B", "PRV", "role=PE qualifier=PXC taxonomy")
FACILITY = _form("2310C", "NM1", "entity=77 entity_type=2 last id_qualifier id")
ADDRESSES = {
    loop: (_form(loop, "N3", "street street2"), _form(loop, "N4", "city state zip"))
    for loop in ("2010AA", "2010AB", "2010BA", "2010BB", "2010CA", "2310C", "2330A", "2330B")
}

Block = tuple[str, ...]
Grouped = dict[Block, dict[Block, dict[Block, list[list[str]]]]]


def write_837p(interchange: Interchange, claims: Sequence[Claim], findings: list[Finding] | None = None) -> bytes:
    """The file for one receiver; all claims go to it, whoever the payer behind is.

    findings: gets the notices about names that had to be put into plain letters.

    Raises:
        Rejected: a claim can't be written as the guide asks; with every problem of every claim. Nothing is written.
    """
    out = Writer()
    bodies = [_transaction(out, interchange, batch) for batch in _batches(claims, MOST_CLAIMS)]
    if findings is not None:
        findings += out.findings
    transactions = [Transaction(out.text(lines), len(lines)) for lines in bodies]
    return enclose(interchange, "HC", "837", VERSION, transactions)


def _batches(claims: Sequence[Claim], size: int) -> Iterator[Sequence[Claim]]:
    for first in range(0, len(claims), size):
        yield claims[first : first + size]


def _transaction(out: Writer, interchange: Interchange, claims: Sequence[Claim]) -> list[str]:
    written = interchange.written_at
    billing, payer = claims[0].billing, claims[0].coverage.payer
    out.add(BHT, interchange.reference or str(interchange.control), day_text(written.date()), f"{written:%H%M}")
    out.add(SUBMITTER, billing.name, billing.submitter_id or interchange.sender.strip())
    out.add(SUBMITTER_CONTACT, billing.contact, billing.phone)
    out.add(RECEIVER, payer.name, payer.receiver_id or interchange.receiver.strip())
    lines = _taken(out)
    grouped: Grouped = {}
    billings: dict[int, Block] = {}
    for claim in claims:
        billing_block = billings.get(id(claim.billing)) or billings.setdefault(
            id(claim.billing), _billing(out, claim.billing)
        )
        below_billing = grouped.setdefault(billing_block, {})
        below_subscriber = below_billing.setdefault(_subscriber(out, claim), {})
        below_subscriber.setdefault(_patient(out, claim), []).append(_claim(out, claim))
    _levels(out, grouped, lines)
    return lines


def _taken(out: Writer) -> list[str]:
    """The segments written since the last call."""
    lines, out.lines = out.lines, []
    return lines


def _levels(out: Writer, grouped: Grouped, lines: list[str]) -> None:
    """Lay the HL tree out. Claims whose blocks above are alike word for word share one level, up to its limit."""
    number = 0
    for billing, subscribers in grouped.items():
        number += 1
        billing_number = str(number)
        out.add(BILLING_LEVEL, billing_number)
        lines += _taken(out)
        lines += billing
        for subscriber, patients in subscribers.items():
            own = patients.get((), [])
            others = {block: bodies for block, bodies in patients.items() if block}
            for first in range(0, max(len(own), 1), MOST_BELOW_HL):
                number += 1
                below = others if not first else {}
                out.add(SUBSCRIBER_LEVEL, str(number), billing_number, "1" if below else "0")
                lines += _taken(out)
                lines += subscriber
                for body in own[first : first + MOST_BELOW_HL]:
                    lines += body
                number = _patients(out, below, number, lines)


def _patients(out: Writer, patients: dict[Block, list[list[str]]], above: int, lines: list[str]) -> int:
    number = above
    for patient, bodies in patients.items():
        for first in range(0, len(bodies), MOST_BELOW_HL):
            number += 1
            out.add(PATIENT_LEVEL, str(number), str(above))
            lines += _taken(out)
            lines += patient
            for body in bodies[first : first + MOST_BELOW_HL]:
                lines += body
    return number


def address(out: Writer, loop: str, place: Address) -> None:
    """N3 and N4 of a loop."""
    street, city = ADDRESSES[loop]
    out.add(street, place.line1, place.line2)
    out.add(city, place.city, place.state, place.zip)


def _billing(out: Writer, billing: BillingProvider) -> Block:
    if billing.taxonomy:
        out.add(BILLING_SPECIALTY, billing.taxonomy)
    out.add(BILLING, billing.name, billing.npi)
    address(out, "2010AA", billing.address)
    out.add(BILLING_TAX, billing.tax_id)
    if billing.phone:
        out.add(BILLING_CONTACT, billing.contact, billing.phone)
    if billing.pay_to:
        out.add(PAY_TO)
        address(out, "2010AB", billing.pay_to)
    return tuple(_taken(out))


def _subscriber(out: Writer, claim: Claim) -> Block:
    """2000B to 2010BB. Address and birth date stand here only when the subscriber is the patient."""
    coverage = claim.coverage
    is_self = coverage.relationship == SELF
    person, payer = (claim.patient if is_self else coverage.subscriber), coverage.payer
    plan = "" if coverage.group_number else coverage.plan_name
    out.add(COVERAGE, claim.sequence, SELF if is_self else "", coverage.group_number, plan, payer.filing)
    out.add(SUBSCRIBER, person.last, person.first, person.middle, coverage.member_id)
    if is_self:
        address(out, "2010BA", person.address)
        if person.birth_on:
            out.add(SUBSCRIBER_BORN, day_text(person.birth_on), person.sex)
    out.add(PAYER, payer.name, payer.identifier)
    if payer.address.complete:
        address(out, "2010BB", payer.address)
    return tuple(_taken(out))


def _patient(out: Writer, claim: Claim) -> Block:
    """2000C and 2010CA; empty when the patient is the subscriber."""
    if claim.coverage.relationship == SELF:
        return ()
    patient = claim.patient
    out.add(PATIENT_RELATION, claim.coverage.relationship)
    out.add(PATIENT, patient.last, patient.first, patient.middle)
    address(out, "2010CA", patient.address)
    out.add(PATIENT_BORN, day_text(patient.birth_on) if patient.birth_on else "", patient.sex)
    return tuple(_taken(out))


def _claim(out: Writer, claim: Claim) -> list[str]:
    charge = amount_text(claim.charge_cents)
    out.add(CLAIM, claim.control_number, charge, claim.place_of_service, claim.frequency, claim.accept_assignment,
            claim.benefits_assigned, claim.release_of_information)  # fmt: skip
    if claim.patient_paid_cents:
        out.add(PATIENT_PAID, amount_text(claim.patient_paid_cents))
    for reference, value in (
        (REFERRAL, claim.referral_number),
        (AUTHORIZATION, claim.prior_authorization),
        (PAYER_CLAIM, claim.payer_claim_number),
        (CLIA, claim.clia),
    ):
        if value:
            out.add(reference, value)
    codes = claim.diagnoses[:12]
    out.add(DIAGNOSES[max(len(codes), 1) - 1], *(codes or ("",)))
    if claim.referring:
        _provider(out, REFERRING, claim.referring)
    if claim.rendering and claim.rendering.npi != claim.billing.npi:
        _provider(out, RENDERING, claim.rendering, "1" if claim.rendering.is_person else "2")
        if claim.rendering.taxonomy:
            out.add(RENDERING_SPECIALTY, claim.rendering.taxonomy)
    if claim.facility:
        npi = claim.facility.npi
        out.add(FACILITY, claim.facility.last, "XX" if npi else "", npi)
        address(out, "2310C", claim.facility.address)
    for other in claim.other_payers:
        write_other_payer(out, other, claim, ADDRESSES)
    for line in claim.lines:
        write_line(out, line, claim)
    return _taken(out)


def _provider(out: Writer, name: Form, provider: Provider, *before: str) -> None:
    out.add(name, *before, provider.last, provider.first, "XX" if provider.npi else "", provider.npi)
