"""The levels above a claim, and the pieces every kind of claim shares, out of an 837P, 837I or 837D."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from claims_service.domain.claim.circumstances import Accident, Attachment, EpsdtReferral, Note
from claims_service.domain.claim.claim import Adjustment, LineDecision, OtherPayer
from claims_service.domain.coverage import SELF, Coverage
from claims_service.domain.party import Address, BillingProvider, Payer, Person, Provider
from claims_service.domain.quick import quick
from claims_service.formats.x12 import values
from claims_service.formats.x12.node import Item, Node, Segment, padded
from claims_service.formats.x12.values import Unreadable

RANKS = {"P": 1, "S": 2, "T": 3}
_NOTHING = [""] * 21


@dataclass(slots=True)
class Above:
    """What stands above a claim: who bills, whom the care was for, who pays, and SBR01 and SBR05."""

    billing: BillingProvider
    patient: Person
    coverage: Coverage
    sequence: str
    medicare_reason: str
    property_claim_number: str


_COVERAGE, _ADDRESS, _PERSON, _PAYER, _PROVIDER = (
    quick(Coverage), quick(Address), quick(Person), quick(Payer), quick(Provider),
)  # fmt: skip


def above(parents: Sequence[Node]) -> Above:
    """Loops 2000A, 2000B and, for a dependant, 2000C. Ids of the coverage are 0: the sender's are not in the file.

    Raises:
        Unreadable: a level is missing, or a birth date can't be read.
    """
    if len(parents) < 3 or parents[2].place.loop.id != "2000B":
        raise Unreadable("HL", 3, "there")
    root, provider, subscriber = parents[:3]
    billing, receiver = _billing(root, provider, len(root.items) + len(provider.items))
    own = firsts(subscriber)
    sbr, loop = full(own.get("SBR"), 9), own.get("2010BA")
    insured, member = _person(loop)
    payer = _payer(own.get("2010BB"), sbr[9], receiver)
    relationship, treated, patient = sbr[2] or SELF, loop, insured
    if len(parents) > 3:
        below = firsts(parents[3])
        relationship, treated = full(below.get("PAT"), 1)[1], below.get("2010CA")
        patient, _ = _person(treated)
    coverage = _COVERAGE(0, 0, payer, RANKS.get(sbr[1], 1), member, insured, relationship, sbr[3], sbr[4])
    casualty = treated.value("REF", "Y4", 2) if isinstance(treated, Node) and len(treated.items) > _PERSON_ITEMS else ""
    return Above(billing, patient, coverage, sbr[1], sbr[5], casualty)


_PERSON_ITEMS = 4  # NM1, N3, N4 and DMG


def firsts(node: Node) -> dict[str, Item]:
    """The first segment or loop of each id right below a loop, by that id."""
    found: dict[str, Item] = {}
    for item in reversed(node.items):
        found[item.place.loop.id if isinstance(item, Node) else item[0]] = item
    return found


def full(segment: Item | None, size: int) -> Segment:
    """A segment with at least `size` elements behind its id; all are empty when there is none."""
    if segment is None:
        return _NOTHING
    if len(segment) > size:  # type: ignore[arg-type]
        return segment  # type: ignore[return-value]
    return segment + _NOTHING[len(segment) :]  # type: ignore[arg-type, operator]


def first(node: Node | None, segment: str, code: str = "", size: int = 20) -> Segment:
    """The first such segment with all its elements, all empty when there is none."""
    return (node.first(segment, code, size) if node else None) or _NOTHING


@lru_cache(maxsize=4)
def _billing(root: Node, provider: Node, _held: int) -> tuple[BillingProvider, str]:
    """With the receiver's id. Asked for at each claim below; how much the loops hold tells whether more came in meanwhile."""
    loop, submitter = provider.child("2010AA"), root.child("1000A")
    name, contact = first(loop, "NM1"), first(loop, "PER")
    contact = contact if contact[4] else first(submitter, "PER")
    pay_to = provider.child("2010AB")
    billing = BillingProvider(
        name=name[3],
        npi=name[9],
        tax_id=first(loop, "REF", "EI")[2] or first(loop, "REF", "SY")[2],
        taxonomy=first(provider, "PRV")[3],
        address=address(loop),
        phone=contact[4],
        contact=contact[2],
        submitter_id=first(submitter, "NM1")[9],
        pay_to=address(pay_to) if pay_to else None,
    )
    return billing, first(root.child("1000B"), "NM1")[9]


def address(loop: Node | None) -> Address:
    """The N3 and N4 of a loop."""
    return _address(firsts(loop)) if loop else _ADDRESS()


def _address(own: dict[str, Item]) -> Address:
    n3, n4 = full(own.get("N3"), 2), full(own.get("N4"), 3)
    return _ADDRESS(n3[1], n3[2], n4[1], n4[2], n4[3])


def _person(loop: Item | None) -> tuple[Person, str]:
    """A person and their member id (NM109)."""
    items = loop.items if isinstance(loop, Node) else []
    if [len(item) for item in items if not isinstance(item, Node)] == _USUAL_LENGTHS:
        nm1, n3, n4, dmg = items
        if n3[0] == "N3" and n4[0] == "N4" and dmg[0] == "DMG" and dmg[2]:  # type: ignore[index]
            home = _ADDRESS(n3[1], "", n4[1], n4[2], n4[3])  # type: ignore[index]
            return _PERSON(nm1[3], nm1[4], nm1[5], values.day(dmg, 2), dmg[3] or "U", home, nm1[7]), nm1[9]  # type: ignore[index, arg-type]
    own = firsts(loop) if isinstance(loop, Node) else {}
    nm1, dmg = full(own.get("NM1"), 9), full(own.get("DMG"), 3)
    born = values.day(dmg, 2) if dmg[2] else None
    return _PERSON(nm1[3], nm1[4], nm1[5], born, dmg[3] or "U", _address(own), nm1[7]), nm1[9]


_USUAL_LENGTHS = [10, 2, 4, 4]  # of NM1 with its id, N3 of one line, N4 and DMG


def _payer(loop: Item | None, filing: str, receiver_id: str = "") -> Payer:
    if not isinstance(loop, Node):
        return _PAYER("", "", filing, receiver_id)
    if len(loop.items) == 1:
        nm1 = full(loop.items[0], 9)
        return _known_payer(nm1[9], nm1[3], filing, receiver_id)
    own = firsts(loop)
    nm1 = full(own.get("NM1"), 9)
    return _PAYER(nm1[9], nm1[3], filing, receiver_id, _address(own))


_known_payer = lru_cache(maxsize=1024)(_PAYER)  # a file names few payers, many times


def providers(node: Node, loops: dict[tuple[str, str], str]) -> dict[str, Provider]:
    """The providers right below a claim or line; loops: (loop, NM101) -> the name to hand them out by."""
    found: dict[str, Provider] = {}
    for item in node.items:
        if isinstance(item, Node):
            opener = item.items[0]
            field = loops.get((item.place.loop.id, opener[1] if len(opener) > 1 else ""))  # type: ignore[arg-type, index]
            if field and field not in found:
                found[field] = provider(item)
    return found


def provider(loop: Node) -> Provider:
    """The NM1, PRV and address of a provider's loop."""
    return _provider(tuple([tuple(item) for item in loop.items]))  # type: ignore[arg-type]


@lru_cache(maxsize=1024)
def _provider(segments: tuple[tuple[str, ...], ...]) -> Provider:
    """A clinic's few providers come again and again, word for word."""
    own: dict[str, Item] = {}
    for segment in segments:
        own.setdefault(segment[0], list(segment))
    nm1, prv = full(own.get("NM1"), 9), full(own.get("PRV"), 3)
    numbers = tuple((ref[1], ref[2]) for ref in segments if ref[0] == "REF" and len(ref) > 2)
    return _PROVIDER(nm1[9], nm1[3], nm1[4], prv[3], _address(own), nm1[5], nm1[7], numbers)


def numbers(node: Node, fields: Mapping[str, str]) -> dict[str, str]:
    """REFs by qualifier -> field; the first of a qualifier counts."""
    found: dict[str, str] = {}
    for ref in node.items:
        if not isinstance(ref, Node) and ref[0] == "REF" and len(ref) > 2:
            field = fields.get(ref[1])
            if field:
                found.setdefault(field, ref[2])
    return found


def attachments(node: Node) -> tuple[Attachment, ...]:
    """The PWKs of a claim or line."""
    full = (padded(pwk, 6) for pwk in node.segments("PWK"))
    return tuple(Attachment(pwk[1], pwk[2], pwk[6]) for pwk in full)


def notes(node: Node) -> tuple[Note, ...]:
    """The NTEs of a claim or line."""
    full = (padded(nte, 2) for nte in node.segments("NTE"))
    return tuple(Note(nte[2], nte[1]) for nte in full)


def epsdt(node: Node) -> EpsdtReferral | None:
    """The CRC of a child's check-up referral (837P 2300 CRC*ZZ)."""
    crc = node.first("CRC", "ZZ", 5)
    return None if crc is None else EpsdtReferral(crc[2] == "Y", tuple(code for code in crc[3:6] if code))


def accident(node: Node, clm: Segment, component: str) -> Accident | None:
    """CLM11 and DTP*439."""
    on = values.maybe_day(node.first("DTP", "439", 3), 3)
    causes = [*clm[11].split(component), *[""] * 5][:5]
    if not (clm[11] or on):
        return None
    return Accident(tuple(cause for cause in causes[:3] if cause), on, causes[3], causes[4])


def coded(node: Node, *qualifiers: str, component: str) -> list[Segment]:
    """The composites of a claim's HIs whose qualifier is asked for, each with nine parts."""
    found = []
    for hi in node.segments("HI"):
        for code in hi[1:]:
            parts = [*code.split(component), *[""] * 9][:9]
            if parts[0] in qualifiers:
                found.append(parts)
    return found


def by_qualifier(node: Node, component: str) -> dict[str, list[str]]:
    """The codes of a claim's HIs by qualifier, in file order."""
    found: dict[str, list[str]] = {}
    for hi in node.segments("HI"):
        for composite in hi[1:]:
            parts = composite.split(component)
            if len(parts) > 1:
                found.setdefault(parts[0], []).append(parts[1])
    return found


def _adjustments(loop: Node) -> tuple[Adjustment, ...]:
    return tuple(one for cas in loop.segments("CAS") for one in values.adjustments(cas))


def other_payers(node: Node, benefits: str, release: str) -> tuple[OtherPayer, ...]:
    """Loops 2320; what OI says is kept only where it differs from CLM08 and CLM09."""
    return tuple(_other_payer(loop, benefits, release) for loop in node.loops("2320"))


def _other_payer(loop: Node, benefits: str, release: str) -> OtherPayer:
    sbr, subscriber, payer = first(loop, "SBR"), loop.child("2330A"), loop.child("2330B")
    oi, moa = first(loop, "OI"), first(loop, "MOA")
    return OtherPayer(
        payer=_payer(payer, sbr[9]),
        subscriber=_person(subscriber)[0],
        relationship=sbr[2],
        member_id=first(subscriber, "NM1")[9],
        sequence=sbr[1],
        group_number=sbr[3],
        paid_cents=values.maybe_cents(loop.first("AMT", "D"), 2),
        payer_claim_number=first(payer, "REF", "F8")[2],
        adjustments=_adjustments(loop),
        plan_name=sbr[4],
        medicare_reason=sbr[5],
        decided_on=values.maybe_day(payer.first("DTP", "573", 3) if payer else None, 3),
        not_covered_cents=values.maybe_cents(loop.first("AMT", "A8"), 2),
        patient_share_cents=values.maybe_cents(loop.first("AMT", "EAF"), 2),
        prior_authorization=first(payer, "REF", "G1")[2],
        referral_number=first(payer, "REF", "9F")[2],
        benefits_assigned=oi[3] if oi[3] != benefits else "",
        release_of_information=oi[6] if oi[6] != release else "",
        remarks=tuple(remark for remark in moa[3:8] if remark),
    )


def decisions(loop: Node, component: str) -> tuple[LineDecision, ...]:
    """Loops 2430 of a line."""
    return tuple(_decision(inner, component) for inner in loop.loops("2430"))


def _decision(loop: Node, component: str) -> LineDecision:
    svd = first(loop, "SVD")
    procedure = [*svd[3].split(component), *[""] * 6]
    return LineDecision(
        payer_identifier=svd[1],
        paid_cents=values.cents(svd, 2),
        procedure=procedure[1],
        decided_on=values.days(first(loop, "DTP", "573"), 3)[0],
        modifiers=tuple(modifier for modifier in procedure[2:6] if modifier),
        units=values.quantity(svd, 5) if svd[5] else Decimal(1),
        adjustments=_adjustments(loop),
        bundled_into=values.count(svd, 6),
        revenue_code=svd[4],
    )


def drug(loop: Node, units: Decimal, component: str) -> dict[str, object]:
    """Loop 2410 as fields of a line; a quantity is kept only where it is not the line's own."""
    inner = loop.child("2410")
    if inner is None:
        return {}
    ctp = first(inner, "CTP")
    quantity, unit = (values.quantity(ctp, 4) if ctp[4] else units), ctp[5].split(component)[0] or "UN"
    own = quantity == units and unit == "UN"
    return {
        "ndc": first(inner, "LIN")[3],
        "ndc_quantity": None if own else quantity,
        "ndc_unit": unit,
        "prescription": inner.value("REF", "XZ", 2),
    }
