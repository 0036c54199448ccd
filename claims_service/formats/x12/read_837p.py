"""An 837P to professional claims, one at a time: what a payer reads, and what a clinic checks its own files by."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from claims_service.domain.claim.claim import Adjustment, Claim, ClaimLine, LineDecision, OtherPayer
from claims_service.domain.coverage import SELF, Coverage
from claims_service.domain.party import Address, BillingProvider, Payer, Person, Provider
from claims_service.formats.x12 import values
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.node import Node, Segment, padded
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Source
from claims_service.formats.x12.values import Unreadable

RANKS = {"P": 1, "S": 2, "T": 3}
_NOTHING = [""] * 21


class ClaimFile:
    """Iterates over the Claims of a file. `findings` is complete when the iteration ends.

    A claim that can't be read is left out and found. `batch_reference` is BHT03 of the transaction last read from.
    """

    def __init__(self, source: Source) -> None:
        self._reader = Reader(source, check=True)
        self.batch_reference = ""

    @property
    def findings(self) -> list[Finding]:
        return self._reader.findings

    def __iter__(self) -> Iterator[Claim]:
        for part in self._reader:
            if part.kind != "claim" or part.node.loop.id != "2300":
                continue
            self.batch_reference = part.parents[0].value("BHT", "", 3)
            try:
                yield claim(part.node, part.parents, part.envelope.marks.component)
            except Unreadable as fault:
                values.report(self._reader.check, fault, part.node)


def read_837p(source: Source) -> ClaimFile:
    """Read an 837P (005010X222A1) from bytes or a binary stream; memory holds one claim."""
    return ClaimFile(source)


def claim(node: Node, parents: Sequence[Node], component: str) -> Claim:
    """Loop 2300 under its 2000A, 2000B and, for a dependant, 2000C.

    Raises:
        Unreadable: an amount, date or number can't be read.
    """
    levels = {above.loop.id: above for above in parents}
    root, provider, subscriber = parents[0], levels.get("2000A"), levels.get("2000B")
    if provider is None or subscriber is None:
        raise Unreadable("HL", 3, "there")
    clm = padded(node.items[0], 9)  # type: ignore[arg-type]
    place = [*clm[5].split(component), "", ""]
    coverage, patient, sequence = _coverage(root, subscriber, levels.get("2000C"))
    lines = tuple(_line(loop, place[0], component) for loop in node.loops("2400"))
    return Claim(
        control_number=clm[1],
        billing=_billing(root, provider),
        patient=patient,
        coverage=coverage,
        place_of_service=place[0],
        diagnoses=tuple(code.split(component)[1] for code in _diagnoses(node) if component in code),
        lines=lines,
        sequence=sequence,
        frequency=place[2],
        payer_claim_number=node.value("REF", "F8", 2),
        rendering=_provider(node.child("2310B")),
        referring=_provider(next((loop for loop in node.loops("2310A") if loop.value("NM1", "DN", 1)), None)),
        facility=_provider(node.child("2310C")),
        prior_authorization=node.value("REF", "G1", 2),
        referral_number=node.value("REF", "9F", 2),
        clia=node.value("REF", "X4", 2),
        patient_paid_cents=values.maybe_cents(node.first("AMT", "F5"), 2) or 0,
        accept_assignment=clm[7],
        benefits_assigned=clm[8],
        release_of_information=clm[9],
        other_payers=tuple(_other_payer(loop) for loop in node.loops("2320")),
    )


def _diagnoses(node: Node) -> Segment:
    """The HI that begins with ABK or BK; others hold procedures and conditions."""
    return next((hi[1:] for hi in node.segments("HI") if hi[1:] and hi[1][:2] in ("AB", "BK")), [])


def _first(node: Node | None, segment: str, code: str = "", size: int = 20) -> Segment:
    return (node.first(segment, code, size) if node else None) or _NOTHING


def _billing(root: Node, provider: Node) -> BillingProvider:
    loop, submitter = provider.child("2010AA"), root.child("1000A")
    name, contact = _first(loop, "NM1"), _first(loop, "PER")
    contact = contact if contact[4] else _first(submitter, "PER")
    pay_to = provider.child("2010AB")
    return BillingProvider(
        name=name[3],
        npi=name[9],
        tax_id=_first(loop, "REF", "EI")[2] or _first(loop, "REF", "SY")[2],
        taxonomy=_first(provider, "PRV")[3],
        address=_address(loop),
        phone=contact[4],
        contact=contact[2],
        submitter_id=_first(submitter, "NM1")[9],
        pay_to=_address(pay_to) if pay_to else None,
    )


def _address(loop: Node | None) -> Address:
    n3, n4 = _first(loop, "N3"), _first(loop, "N4")
    return Address(n3[1], n3[2], n4[1], n4[2], n4[3])


def _person(loop: Node | None) -> Person:
    nm1, dmg = _first(loop, "NM1"), _first(loop, "DMG")
    return Person(nm1[3], nm1[4], nm1[5], values.maybe_day(dmg, 2), dmg[3] or "U", _address(loop))


def _coverage(root: Node, subscriber: Node, patient: Node | None) -> tuple[Coverage, Person, str]:
    """The coverage (ids 0: the sender's are not in the file), the patient, and SBR01."""
    sbr, loop = _first(subscriber, "SBR"), subscriber.child("2010BA")
    payer_loop, receiver = subscriber.child("2010BB"), root.child("1000B")
    payer = _payer(payer_loop, sbr[9], _first(receiver, "NM1")[9])
    insured = _person(loop)
    person = _person(patient.child("2010CA")) if patient else insured
    relationship = _first(patient, "PAT")[1] if patient else sbr[2] or SELF
    coverage = Coverage(
        0, 0, payer, RANKS.get(sbr[1], 1), _first(loop, "NM1")[9], insured, relationship, sbr[3], sbr[4]
    )
    return coverage, person, sbr[1]


def _payer(loop: Node | None, filing: str, receiver_id: str = "") -> Payer:
    nm1 = _first(loop, "NM1")
    return Payer(nm1[9], nm1[3], filing, receiver_id, _address(loop))


def _provider(loop: Node | None) -> Provider | None:
    if loop is None:
        return None
    nm1 = _first(loop, "NM1")
    return Provider(nm1[9], nm1[3], nm1[4], _first(loop, "PRV")[3], _address(loop))


def _adjustments(loop: Node) -> tuple[Adjustment, ...]:
    return tuple(one for cas in loop.segments("CAS") for one in values.adjustments(cas))


def _other_payer(loop: Node) -> OtherPayer:
    sbr, subscriber, payer = _first(loop, "SBR"), loop.child("2330A"), loop.child("2330B")
    return OtherPayer(
        payer=_payer(payer, sbr[9]),
        subscriber=_person(subscriber),
        relationship=sbr[2],
        member_id=_first(subscriber, "NM1")[9],
        sequence=sbr[1],
        group_number=sbr[3],
        paid_cents=values.maybe_cents(loop.first("AMT", "D"), 2),
        payer_claim_number=_first(payer, "REF", "F8")[2],
        adjustments=_adjustments(loop),
    )


def _line(loop: Node, claim_place: str, component: str) -> ClaimLine:
    sv1 = _first(loop, "SV1")
    procedure = [*sv1[1].split(component), *[""] * 8][:8]
    pointers = tuple(values.count([sv1[0], pointer], 1) or 0 for pointer in sv1[7].split(component) if pointer)
    served_on, served_until = values.days(_first(loop, "DTP", "472"), 3)
    return ClaimLine(
        number=values.count(padded(loop.items[0], 1), 1) or 0,  # type: ignore[arg-type]
        reference=loop.value("REF", "6R", 2),
        procedure=procedure[1],
        charge_cents=values.cents(sv1, 2),
        served_on=served_on,
        pointers=pointers,
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        units=values.quantity(sv1, 4) if sv1[4] else Decimal(1),
        unit_basis=sv1[3],
        served_until=served_until,
        place_of_service=sv1[5] or claim_place,
        ndc=_first(loop.child("2410"), "LIN")[3],
        description=procedure[6],
        decisions=tuple(_decision(inner, component) for inner in loop.loops("2430")),
    )


def _decision(loop: Node, component: str) -> LineDecision:
    svd = _first(loop, "SVD")
    procedure = [*svd[3].split(component), *[""] * 6]
    return LineDecision(
        payer_identifier=svd[1],
        paid_cents=values.cents(svd, 2),
        procedure=procedure[1],
        decided_on=values.days(_first(loop, "DTP", "573"), 3)[0],
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        units=values.quantity(svd, 5) if svd[5] else Decimal(1),
        adjustments=_adjustments(loop),
    )
