"""Remittance advice to an 835 (005010X221A1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TypeVar

from claims_service.domain.claim.claim import Adjustment
from claims_service.domain.party import Address
from claims_service.domain.remittance.advice import Advice, AdviceEnd, ClaimPayment, LinePayment, ProviderAdjustment
from claims_service.formats.x12.claim_parts import MOST_REASONS, TRIPLETS, adjustment_values
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose
from claims_service.formats.x12.plain import amount_text, day_text, quantity_text
from claims_service.formats.x12.writer import Form, Writer, form

VERSION = "005010X221A1"
MOST_PAIRS = 6  # adjustments in one PLB
Item = TypeVar("Item")


def _form(loop: str, segment: str, fields: str) -> Form:
    return form("835", loop, segment, fields)


BPR = _form("ST", "BPR", "handling amount credit_debit method date")
TRN = _form("ST", "TRN", "type=1 number origin")
PRODUCED = _form("ST", "DTM", "qualifier=405 date")
PAYER = _form("1000A", "N1", "entity=PR name")
STREET = _form("1000A", "N3", "street street2")
CITY = _form("1000A", "N4", "city state zip")
PAYER_NUMBER = _form("1000A", "REF", "qualifier=2U value")
CONTACT = _form("1000A", "PER", "function=BL name number_qualifier1=TE number1")
PAYEE = _form("1000B", "N1", "entity=PE name id_qualifier id")
PAYEE_TAX = _form("1000B", "REF", "qualifier=TJ value")
GROUP = _form("2000", "LX", "number")
CLP = _form("2100", "CLP", "claim status charge paid patient filing payer_claim place frequency")
PATIENT = _form("2100", "NM1", "entity=QC entity_type=1 last first id_qualifier id")
CORRECTED = _form("2100", "NM1", "entity=74 entity_type=1 id_qualifier=C id")
CROSSOVER = _form("2100", "NM1", "entity=TT entity_type=2 last id_qualifier=PI id")
REMARKS = _form("2100", "MOA", "remark1 remark2 remark3 remark4 remark5")
SERVED_FROM = _form("2100", "DTM", "qualifier=232 date")
SERVED_UNTIL = _form("2100", "DTM", "qualifier=233 date")
RECEIVED = _form("2100", "DTM", "qualifier=050 date")
COVERED = _form("2100", "AMT", "qualifier=AU amount")
INTEREST = _form("2100", "AMT", "qualifier=I amount")
SVC = _form(
    "2110",
    "SVC",
    "procedure{qualifier code modifier1 modifier2 modifier3 modifier4} charge paid quantity original{qualifier code}",
)
LINE_SERVED = _form("2110", "DTM", "qualifier=472 date")
LINE_REFERENCE = _form("2110", "REF", "qualifier=6R value")
ALLOWED = _form("2110", "AMT", "qualifier=B6 amount")
LINE_REMARK = _form("2110", "LQ", "qualifier=HE code")
CAS = {loop: _form(loop, "CAS", f"group {TRIPLETS}") for loop in ("2100", "2110")}
PLB = _form(
    "ST",
    "PLB",
    "provider fiscal_year_end "
    + " ".join(f"adjustment{i}{{reason reference}} amount{i}" for i in range(1, MOST_PAIRS + 1)),
)


@dataclass(frozen=True, slots=True)
class PayerDetails:
    """What the 835 guide wants of the payer beside its name: address and technical contact (1000A N3, N4, PER*BL)."""

    address: Address
    contact: str
    phone: str


Remittance = tuple[Advice, Sequence[ClaimPayment], AdviceEnd]


def write_835(interchange: Interchange, remittances: Sequence[Remittance], payer: PayerDetails) -> bytes:
    """One interchange with a transaction for each remittance, numbered 0001 upwards.

    Raises:
        Rejected: a value can't be written as the guide asks; with every problem.
    """
    out = Writer()
    bodies = []
    for advice, claims, end in remittances:
        _head(out, advice, payer)
        if claims:  # a group is for claims: none where only money outside of claims is told
            out.add(GROUP, "1")
        for claim in claims:
            _claim(out, claim)
        _provider_adjustments(out, end.provider_adjustments)
        bodies.append(out.lines)
        out.lines = []
    transactions = [Transaction(out.text(lines), len(lines)) for lines in bodies]
    return enclose(interchange, "HP", "835", VERSION, transactions)


def _head(out: Writer, advice: Advice, payer: PayerDetails) -> None:
    handling = "H" if advice.method == "NON" else "I"
    sign = "D" if advice.paid_cents < 0 else "C"
    out.add(BPR, handling, amount_text(abs(advice.paid_cents)), sign, advice.method, day_text(advice.paid_on))
    out.add(TRN, advice.trace, advice.originator)
    if advice.produced_on:
        out.add(PRODUCED, day_text(advice.produced_on))
    out.add(PAYER, advice.payer_name)
    out.add(STREET, payer.address.line1, payer.address.line2)
    out.add(CITY, payer.address.city, payer.address.state, payer.address.zip)
    if advice.payer_identifier:
        out.add(PAYER_NUMBER, advice.payer_identifier)
    out.add(CONTACT, payer.contact, payer.phone)
    if advice.payee_npi:
        out.add(PAYEE, advice.payee_name, "XX", advice.payee_npi)
        if advice.payee_tax_id:
            out.add(PAYEE_TAX, advice.payee_tax_id)
    else:
        out.add(PAYEE, advice.payee_name, "FI", advice.payee_tax_id)


def _claim(out: Writer, claim: ClaimPayment) -> None:
    share = amount_text(claim.patient_share_cents) if claim.patient_share_cents else ""
    out.add(CLP, claim.control_number, claim.status, amount_text(claim.charge_cents), amount_text(claim.paid_cents),
            share, claim.filing, claim.payer_claim_number, claim.place_of_service, claim.frequency)  # fmt: skip
    _adjustments(out, CAS["2100"], claim.adjustments)
    member = claim.member_id
    out.add(PATIENT, claim.patient_last, claim.patient_first, "MI" if member else "", member)
    if claim.corrected_member_id:
        out.add(CORRECTED, claim.corrected_member_id)
    if claim.crossover_payer:
        out.add(CROSSOVER, claim.crossover_payer, claim.crossover_payer)
    if claim.remarks:
        if len(claim.remarks) > 5:
            out.refuse(REMARKS, "More than five remark codes on one claim.", "Put them on its lines.")
        out.add(REMARKS, *(*claim.remarks, "", "", "", "", "")[:5])
    for dated, value in (
        (SERVED_FROM, claim.served_on),
        (SERVED_UNTIL, claim.served_until),
        (RECEIVED, claim.received_on),
    ):
        if value:
            out.add(dated, day_text(value))
    if claim.coverage_amount_cents is not None:
        out.add(COVERED, amount_text(claim.coverage_amount_cents))
    if claim.interest_cents:
        out.add(INTEREST, amount_text(claim.interest_cents))
    for line in claim.lines:
        _line(out, line)


def _line(out: Writer, line: LinePayment) -> None:
    original = line.original_procedure
    out.add(SVC, line.qualifier, line.procedure, *(*line.modifiers, "", "", "", "")[:4], amount_text(line.charge_cents),
            amount_text(line.paid_cents), quantity_text(line.units), line.qualifier if original else "", original)  # fmt: skip
    if line.served_on:
        out.add(LINE_SERVED, day_text(line.served_on))
    _adjustments(out, CAS["2110"], line.adjustments)
    if line.reference:
        out.add(LINE_REFERENCE, line.reference)
    if line.allowed_cents is not None:
        out.add(ALLOWED, amount_text(line.allowed_cents))
    for remark in line.remarks:
        out.add(LINE_REMARK, remark)


def _adjustments(out: Writer, cas: Form, adjustments: Sequence[Adjustment]) -> None:
    """CAS after CAS, in order: a new one for each change of group and after six reasons."""
    for group, members in groupby(adjustments, key=lambda adjustment: adjustment.group):
        for few in _few(list(members), MOST_REASONS):
            out.add(cas, group, *adjustment_values(few))


def _provider_adjustments(out: Writer, adjustments: Sequence[ProviderAdjustment]) -> None:
    for (npi, year_end), members in groupby(adjustments, key=lambda one: (one.npi, one.fiscal_year_end)):
        for few in _few(list(members), MOST_PAIRS):
            pairs: list[str] = []
            for one in few:
                pairs += (one.reason, one.reference, amount_text(one.cents))
            out.add(PLB, npi, day_text(year_end), *pairs, *[""] * (3 * (MOST_PAIRS - len(few))))


def _few(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]
