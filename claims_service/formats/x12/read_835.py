"""An 835 to remittance advice: its head, its claim payments one at a time, its end."""

from collections.abc import Iterator
from functools import lru_cache

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.quick import quick
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, LinePayment, ProviderAdjustment
from claims_service.formats.x12 import values
from claims_service.formats.x12.findings import Finding
from claims_service.formats.x12.node import Envelope, Node, Part, Segment, padded
from claims_service.formats.x12.reader import Reader
from claims_service.formats.x12.tokenizer import Source
from claims_service.formats.x12.values import Unreadable

_PAYMENT, _LINE = quick(ClaimPayment), quick(LinePayment)
REMARKS_MIA = (5, 20, 21, 22, 23)
REMARKS_MOA = (3, 4, 5, 6, 7)


class RemittanceFile:
    """Iterates over Advice, then its ClaimPayments, then AdviceEnd, for each transaction of a file.

    `findings` is complete when the iteration ends. Post nothing before, and nothing if `findings.broken` names one: a
    cut or miscounted file is known only at its end. What can't be read is left out and found; other kinds of
    transaction are passed over.
    """

    def __init__(self, source: Source) -> None:
        self._reader = Reader(source)
        self._position = 0
        self._open = self._headless = False

    @property
    def findings(self) -> list[Finding]:
        return self._reader.findings

    def __iter__(self) -> Iterator[Advice | ClaimPayment | AdviceEnd]:
        for part in self._reader:
            if part.envelope.st[1:2] != ["835"]:
                continue
            is_claim = part.kind == "claim"
            if not self._open:
                yield from self._head(part.envelope, part.parents[0] if is_claim else part.node)
            self._position += is_claim
            self._open = is_claim
            if self._headless:
                continue
            try:
                if is_claim:
                    yield claim_payment(part.node, self._position, part.envelope.marks.component)
                else:
                    yield _end(part, self._position)
            except Unreadable as fault:
                values.report(self._reader.check, fault, part.node)

    def _head(self, envelope: Envelope, root: Node) -> Iterator[Advice]:
        self._position, self._headless = 0, False
        try:
            yield advice(envelope, root)
        except Unreadable as fault:
            self._headless = True
            values.report(self._reader.check, fault, root)


def read_835(source: Source) -> RemittanceFile:
    """Read an 835 (005010X221A1) from bytes or a binary stream; memory holds one claim."""
    return RemittanceFile(source)


def advice(envelope: Envelope, root: Node) -> Advice:
    """The head of a transaction, ST to loop 1000B.

    Raises:
        Unreadable: no BPR, or its amount or date can't be read.
    """
    bpr, trn = root.first("BPR", size=16), root.first("TRN", size=4) or [""] * 5
    if bpr is None:
        raise Unreadable("BPR", 2, "an amount")
    payer, payee = root.child("1000A"), root.child("1000B")
    name = payer.first("N1", size=4) if payer else None
    payee_name = payee.first("N1", size=4) if payee else None
    npi, tax = _payee_ids(payee, payee_name)
    return Advice(
        interchange_control=envelope.interchange_control,
        group_control=envelope.group_control,
        transaction_control=envelope.transaction_control,
        trace=trn[2],
        originator=trn[3],
        paid_cents=-values.cents(bpr, 2) if bpr[3] == "D" else values.cents(bpr, 2),
        method=bpr[4],
        paid_on=values.day(bpr, 16),
        payer_name=name[2] if name else "",
        payer_identifier=(payer.value("REF", "2U", 2) if payer else "") or (name[4] if name else ""),
        payee_name=payee_name[2] if payee_name else "",
        payee_npi=npi,
        payee_tax_id=tax,
        produced_on=values.maybe_day(root.first("DTM", "405"), 2),
        test=envelope.isa[15:16] == ["T"],
    )


def _payee_ids(payee: Node | None, name: Segment | None) -> tuple[str, str]:
    """NPI and tax id of the payee, out of N103/N104 and REF*TJ."""
    if payee is None or name is None:
        return "", ""
    return (name[4] if name[3] == "XX" else ""), (name[4] if name[3] == "FI" else payee.value("REF", "TJ", 2))


def claim_payment(node: Node, position: int, component: str) -> ClaimPayment:
    """Loop 2100 with its 2110s.

    Raises:
        Unreadable: an amount, date or quantity can't be read.
    """
    clp: Segment = node.items[0]  # type: ignore[assignment]
    clp = clp if len(clp) > 9 else padded(clp, 9)
    charge_cents, paid_cents = values.two_cents(clp, 3, 4)
    found: dict[str, object] = {}
    adjustments: list[Adjustment] = []
    remarks: list[str] = []
    lines: list[LinePayment] = []
    for item in node.items:
        if isinstance(item, Node):
            lines.append(line_payment(item, len(lines) + 1, component))
        elif item[0] == "CAS":
            adjustments += values.adjustments(item)
        elif item[0] in ("MIA", "MOA"):
            at = REMARKS_MIA if item[0] == "MIA" else REMARKS_MOA
            remarks += [item[i] for i in at if len(item) > i and item[i]]
        elif item[0] in _CLAIM_SEGMENTS and len(item) > 1:
            _CLAIM_SEGMENTS[item[0]](item, found)
    return _PAYMENT(
        position,
        clp[1],
        clp[2],
        charge_cents,
        paid_cents,
        clp[7],
        values.cents(clp, 5),
        clp[6],
        clp[8],
        clp[9],
        adjustments=tuple(adjustments),
        lines=tuple(lines),
        remarks=tuple(remarks),
        segment=node.start,
        **found,  # type: ignore[arg-type]
    )


def _claim_name(segment: Segment, found: dict[str, object]) -> None:
    nm1 = segment if len(segment) > 9 else padded(segment, 9)
    match nm1[1]:
        case "QC":
            found["patient_last"], found["patient_first"] = nm1[3], nm1[4]
            found.setdefault("member_id", nm1[9])
        case "IL":
            found["member_id"] = nm1[9] or found.get("member_id", "")
        case "74":
            found["corrected_member_id"] = nm1[9]
        case "TT":
            found["crossover_payer"] = nm1[9] or nm1[3]


def _claim_date(segment: Segment, found: dict[str, object]) -> None:
    field = _CLAIM_DATES.get(segment[1])
    if field:
        found[field] = values.maybe_day(segment, 2)


def _claim_amount(segment: Segment, found: dict[str, object]) -> None:
    field = _CLAIM_AMOUNTS.get(segment[1])
    if field:
        found[field] = values.cents(segment, 2)


def _claim_number(segment: Segment, found: dict[str, object]) -> None:
    if segment[1] == "F8" and len(segment) > 2:
        found["original_number"] = segment[2]


_CLAIM_DATES = {"232": "served_on", "233": "served_until", "050": "received_on"}
_CLAIM_AMOUNTS = {"I": "interest_cents", "AU": "coverage_amount_cents"}
_CLAIM_SEGMENTS = {"NM1": _claim_name, "DTM": _claim_date, "AMT": _claim_amount, "REF": _claim_number}


def line_payment(node: Node, position: int, component: str) -> LinePayment:
    """Loop 2110. An unknown SVC05 counts one unit, as the guide says.

    Raises:
        Unreadable: an amount, date or quantity can't be read.
    """
    svc: Segment = node.items[0]  # type: ignore[assignment]
    svc = svc if len(svc) > 5 else padded(svc, 5)
    charge_cents, paid_cents = values.two_cents(svc, 2, 3)
    qualifier, procedure, modifiers = _procedure(svc[1], component)
    adjustments: tuple[Adjustment, ...] = ()
    remarks: tuple[str, ...] = ()
    reference, served_on, allowed = "", None, None
    items: list[Segment] = node.items  # type: ignore[assignment] # no loop stands below 2110
    for item in items:
        if len(item) < 2:
            continue
        kind, code = item[0], item[1]
        if kind == "CAS":
            adjustments += values.adjustments(item)
        elif kind == "REF":
            if code == "6R":
                reference = item[2] if len(item) > 2 else ""
        elif kind == "DTM":
            if code in ("472", "150"):
                served_on = values.day(item, 2)
        elif kind == "AMT":
            if code == "B6":
                allowed = values.cents(item, 2)
        elif kind == "LQ" and len(item) > 2:
            remarks += (item[2],)
    return _LINE(
        position,
        procedure,
        charge_cents,
        paid_cents,
        reference,
        modifiers,
        values.quantity(svc, 5) if svc[5] else _ONE,
        served_on,
        adjustments,
        remarks,
        allowed,
        _procedure(svc[6], component)[1] if len(svc) > 6 and svc[6] else "",
        qualifier,
    )


_ONE = values.quantity(["", "1"], 1)


@lru_cache(maxsize=4096)
def _procedure(text: str, component: str) -> tuple[str, str, tuple[str, ...]]:
    parts = text.split(component)
    return parts[0], parts[1] if len(parts) > 1 else "", tuple(part for part in parts[2:6] if part)


def _end(part: Part, claims: int) -> AdviceEnd:
    """The PLBs.

    Raises:
        Unreadable: an amount or the fiscal year's end can't be read.
    """
    component = part.envelope.marks.component
    found = []
    for plb in part.node.segments("PLB"):
        year_end = values.day(plb, 2)
        for at in range(3, len(plb) - 1, 2):
            if plb[at] or plb[at + 1]:
                reason, _, reference = plb[at].partition(component)
                found.append(ProviderAdjustment(plb[1], year_end, reason, reference, values.cents(plb, at + 1)))
    return AdviceEnd(claims, tuple(found))
