"""The levels above a claim, alike in the 837P, 837I and 837D: submitter, billing provider, subscriber and patient."""

from collections.abc import Callable, Iterable
from itertools import chain, islice
from typing import TypeVar

from claims_service.domain.claim.circumstances import Billed
from claims_service.domain.coverage import SELF
from claims_service.domain.party import Address, BillingProvider, Payer, Person
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.guide import guide
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose
from claims_service.formats.x12.plain import day_text
from claims_service.formats.x12.writer import MARKS, Form, Writer, form

MOST_CLAIMS = 5000  # in one ST, as the guides recommend
MOST_BELOW_HL = 100  # 2300 repeats 100 times
PERSON = "last first middle suffix"

Block = str  # several segments as one text, which is no burden to the garbage collector
Kind = TypeVar("Kind", bound=Billed)


class AddressForms:
    """N3 and N4 of a loop."""

    __slots__ = ("city", "street")

    def __init__(self, guide_name: str, loop: str) -> None:
        self.street = form(guide_name, loop, "N3", "street street2")
        self.city = form(guide_name, loop, "N4", "city state zip")

    def write(self, out: Writer, place: Address) -> None:
        out.add(self.street, place.line1, place.line2)
        out.add(self.city, place.city, place.state, place.zip)


class LevelForms:
    """The forms of the levels above a claim, for one guide."""

    def __init__(self, guide_name: str) -> None:
        def of(loop: str, segment: str, fields: str, apart: str = "") -> Form:
            return form(guide_name, loop, segment, fields, apart)

        self.guide = guide(guide_name)
        self.bht = of("ST", "BHT", "structure=0019 purpose=00 reference date time type=CH")
        self.submitter = of("1000A", "NM1", "entity=41 entity_type=2 last id_qualifier=46 id")
        self.submitter_contact = of("1000A", "PER", "function=IC name number_qualifier1=TE number1")
        self.receiver = of("1000B", "NM1", "entity=40 entity_type=2 last id_qualifier=46 id")
        self.billing_level = of("2000A", "HL", "id level=20 children=1")
        self.billing_specialty = of("2000A", "PRV", "role=BI qualifier=PXC taxonomy")
        self.billing = of("2010AA", "NM1", "entity=85 entity_type=2 last id_qualifier=XX id")
        self.billing_tax = of("2010AA", "REF", "qualifier=EI value")
        self.billing_contact = of("2010AA", "PER", "function=IC name number_qualifier1=TE number1")
        self.pay_to = of("2010AB", "NM1", "entity=87 entity_type=2")
        self.subscriber_level = of("2000B", "HL", "id parent level=22 children", "id")
        self.has_medicare_reason = any(
            one.element.name == "medicare_reason" for one in self.guide.use("2000B", "SBR").elements
        )
        reason = "medicare_reason " if self.has_medicare_reason else ""
        self.coverage = of("2000B", "SBR", f"order relation group plan {reason}filing")
        self.subscriber = of("2010BA", "NM1", f"entity=IL entity_type {PERSON} id_qualifier=MI id", "id")
        self.subscriber_born = of("2010BA", "DMG", "date_format=D8 born gender")
        self.subscriber_casualty = of("2010BA", "REF", "qualifier=Y4 value")
        self.payer = of("2010BB", "NM1", "entity=PR entity_type=2 last id_qualifier=PI id")
        self.patient_level = of("2000C", "HL", "id parent level=23 children=0")
        self.patient_relation = of("2000C", "PAT", "relation")
        self.patient = of("2010CA", "NM1", f"entity=QC entity_type=1 {PERSON}")
        self.patient_born = of("2010CA", "DMG", "date_format=D8 born gender")
        self.patient_casualty = of("2010CA", "REF", "qualifier=Y4 value")
        self.addresses = {
            loop: AddressForms(guide_name, loop) for loop in ("2010AA", "2010AB", "2010BA", "2010BB", "2010CA")
        }

    def write_coverage(self, out: Writer, claim: Billed, relation: str) -> None:
        """SBR of 2000B."""
        coverage = claim.coverage
        plan = "" if coverage.group_number else coverage.plan_name
        reason = (claim.medicare_reason,) if self.has_medicare_reason else ()
        filing = coverage.payer.filing
        out.add(self.coverage, claim.sequence, relation, coverage.group_number, plan, *reason, filing)

    def write_home(self, out: Writer, subscriber: Person) -> None:
        """N3, N4 and DMG of a subscriber who is the patient."""
        self.addresses["2010BA"].write(out, subscriber.address)
        if subscriber.birth_on:
            out.add(self.subscriber_born, day_text(subscriber.birth_on), subscriber.sex)

    def write_payer(self, out: Writer, payer: Payer) -> None:
        """2010BB."""
        out.add(self.payer, payer.name, payer.identifier)
        if payer.address.complete:
            self.addresses["2010BB"].write(out, payer.address)


def write_claims(
    forms: LevelForms,
    write_claim: Callable[[Writer, Kind], None],
    interchange: Interchange,
    claims: Iterable[Kind],
    findings: list[Finding] | None,
) -> bytes:
    """The file of one kind of claim for one receiver. Each claim is looked at once and let go.

    Raises:
        Rejected: a claim can't be written as the guide asks; with every problem of every claim. Nothing is written.
    """
    out = Writer()
    rest = iter(claims)
    bodies = [
        _transaction(out, forms, write_claim, interchange, first, islice(rest, MOST_CLAIMS - 1)) for first in rest
    ]
    if findings is not None:
        findings += out.findings
    out.stop_if_refused()
    transactions = [Transaction(body, body.count(MARKS.terminator)) for body in bodies]
    return enclose(interchange, "HC", "837", forms.guide.version, transactions)


def taken(out: Writer) -> Block:
    """The segments written since the last call."""
    block = MARKS.terminator.join(out.lines)
    out.lines.clear()
    return block


def _transaction(
    out: Writer,
    forms: LevelForms,
    write_claim: Callable[[Writer, Kind], None],
    interchange: Interchange,
    head: Kind,
    rest: Iterable[Kind],
) -> Block:
    _head(out, forms, interchange, head)
    lines = [taken(out)]
    grouped: dict[Block, _Subscribers] = {}
    billings: dict[BillingProvider, _Subscribers] = {}
    billing, below = None, _Subscribers()
    for claim in chain((head,), rest):
        if claim.billing is not billing:
            billing = claim.billing
            if billing not in billings:
                billings[billing] = grouped.setdefault(_billing(out, forms, billing), _Subscribers())
            below = billings[billing]
        subscriber = _subscriber(out, forms, claim)
        patient = "" if claim.coverage.relationship == SELF else _patient(out, forms, claim)
        write_claim(out, claim)
        below.add(subscriber, patient, taken(out))
    out.lines = lines
    _lay_out(out, forms, grouped)
    out.lines.append("")
    return taken(out)


class _Subscribers:
    """Claims below one billing provider by what stands above them.

    first: each subscriber's first claim that is their own, "" without one; a dict of texts only, which is no burden to the
    garbage collector. further: their other own claims. patients: their dependants' claims. several: who has either.
    """

    __slots__ = ("first", "further", "patients", "several")

    def __init__(self) -> None:
        self.first: dict[Block, Block] = {}
        self.further: dict[Block, list[Block]] = {}
        self.patients: dict[Block, dict[Block, list[Block]]] = {}
        self.several: set[Block] = set()

    def add(self, subscriber: Block, patient: Block, claim: Block) -> None:
        if patient:
            self.first.setdefault(subscriber, "")
            self.several.add(subscriber)
            self.patients.setdefault(subscriber, {}).setdefault(patient, []).append(claim)
        elif self.first.setdefault(subscriber, claim) is not claim:
            self.several.add(subscriber)
            if self.first[subscriber]:
                self.further.setdefault(subscriber, []).append(claim)
            else:
                self.first[subscriber] = claim


def _head(out: Writer, forms: LevelForms, interchange: Interchange, claim: Billed) -> None:
    written = interchange.written_at
    billing, payer = claim.billing, claim.coverage.payer
    out.add(forms.bht, interchange.reference or str(interchange.control), day_text(written.date()), f"{written:%H%M}")
    out.add(forms.submitter, billing.name, billing.submitter_id or interchange.sender.strip())
    out.add(forms.submitter_contact, billing.contact, billing.phone)
    out.add(forms.receiver, interchange.receiver_name or payer.name, payer.receiver_id or interchange.receiver.strip())


def _lay_out(out: Writer, forms: LevelForms, grouped: dict[Block, _Subscribers]) -> None:
    """Lay the HL tree out. Claims whose blocks above are alike word for word share one level, up to its limit."""
    number = 0
    for billing, below in grouped.items():
        number += 1
        billing_number = str(number)
        out.add(forms.billing_level, billing_number)
        out.lines.append(billing)
        with_patients, alone = (out.frame(forms.subscriber_level, "1", billing_number, kind) for kind in ("1", "0"))
        for subscriber, claim in below.first.items():
            if claim and subscriber not in below.several:
                number += 1
                out.lines += (f"{alone[0]}{number}{alone[1]}", subscriber, claim)
                continue
            patients = below.patients.get(subscriber, {})
            own = [claim, *below.further.get(subscriber, ())] if claim else []
            for first, bodies in _hundreds(own):
                number += 1
                before, behind = with_patients if patients and not first else alone
                out.lines += (f"{before}{number}{behind}", subscriber, *bodies)
                if patients and not first:
                    number = _lay_out_patients(out, forms, patients, number)


def _lay_out_patients(out: Writer, forms: LevelForms, patients: dict[Block, list[Block]], above: int) -> int:
    number = above
    for patient, claims in patients.items():
        for _, bodies in _hundreds(claims):
            number += 1
            out.add(forms.patient_level, str(number), str(above))
            out.lines += (patient, *bodies)
    return number


def _hundreds(bodies: list[Block]) -> list[tuple[int, list[Block]]]:
    if len(bodies) <= MOST_BELOW_HL:
        return [(0, bodies)]
    return [(first, bodies[first : first + MOST_BELOW_HL]) for first in range(0, len(bodies), MOST_BELOW_HL)]


def _billing(out: Writer, forms: LevelForms, billing: BillingProvider) -> Block:
    if billing.taxonomy:
        out.add(forms.billing_specialty, billing.taxonomy)
    out.add(forms.billing, billing.name, billing.npi)
    forms.addresses["2010AA"].write(out, billing.address)
    out.add(forms.billing_tax, billing.tax_id)
    if billing.phone:
        out.add(forms.billing_contact, billing.contact, billing.phone)
    if billing.pay_to:
        out.add(forms.pay_to)
        forms.addresses["2010AB"].write(out, billing.pay_to)
    return taken(out)


def _subscriber(out: Writer, forms: LevelForms, claim: Billed) -> Block:
    """2000B to 2010BB. Address and birth date stand here only when the subscriber is the patient.

    What such a patient's claim says beside the name and the member number is kept, as one household and plan come again.
    A subscriber without a first name who is not the patient is an organization, such as an employer.
    """
    coverage = claim.coverage
    if coverage.relationship != SELF:
        return _other_subscriber(out, forms, claim)
    person, payer, member = claim.patient, coverage.payer, coverage.member_id
    home = person.address
    said = (
        claim.sequence, coverage.group_number, coverage.plan_name, claim.medicare_reason, id(payer), home.line1,
        home.line2, home.city, home.state, home.zip, person.birth_on, person.sex, claim.property_claim_number,
    )  # fmt: skip
    name = ("1", person.last, person.first, person.middle, person.suffix)
    known, around = out.alike.get(said), forms.subscriber.around.get(name)
    if known and around and forms.subscriber.fits(member):
        return f"{known[0]}{around[0]}{member}{around[1]}{known[1]}"
    findings = len(out.findings)
    forms.write_coverage(out, claim, SELF)
    before = taken(out) + MARKS.terminator
    out.add(forms.subscriber, *name, member)
    named = taken(out)
    forms.write_home(out, person)
    if claim.property_claim_number:
        out.add(forms.subscriber_casualty, claim.property_claim_number)
    out.add_once(payer, forms.write_payer)
    behind = MARKS.terminator + taken(out)
    if len(out.findings) == findings:
        out.keep_alike(said, (before, behind, payer))
    return f"{before}{named}{behind}"


def _other_subscriber(out: Writer, forms: LevelForms, claim: Billed) -> Block:
    person = claim.coverage.subscriber
    forms.write_coverage(out, claim, "")
    kind = "1" if person.first else "2"
    out.add(forms.subscriber, kind, *_name(person), claim.coverage.member_id)
    out.add_once(claim.coverage.payer, forms.write_payer)
    return taken(out)


def _patient(out: Writer, forms: LevelForms, claim: Billed) -> Block:
    """2000C and 2010CA, of a patient who is not the subscriber."""
    patient = claim.patient
    out.add(forms.patient_relation, claim.coverage.relationship)
    out.add(forms.patient, *_name(patient))
    forms.addresses["2010CA"].write(out, patient.address)
    out.add(forms.patient_born, day_text(patient.birth_on) if patient.birth_on else "", patient.sex)
    if claim.property_claim_number:
        out.add(forms.patient_casualty, claim.property_claim_number)
    return taken(out)


def _name(person: Person) -> tuple[str, str, str, str]:
    return person.last, person.first, person.middle, person.suffix
