"""Answers to a batch of claims as a 277CA (005010X214), the way a payer sends it."""

from collections.abc import Mapping, Sequence
from datetime import date

from claims_service.domain.claim.acknowledgement import ACCEPTED_CATEGORIES, BatchAnswer, ClaimAnswer, StatusReason
from claims_service.domain.claim.claim import Claim
from claims_service.domain.party import BillingProvider
from claims_service.formats.x12.interchange import Interchange, Transaction, enclose
from claims_service.formats.x12.plain import amount_text, day_text
from claims_service.formats.x12.writer import Form, Writer, form

VERSION = "005010X214"
RECEIVED_WELL = StatusReason("A1", "19", "PR")  # acknowledged: the entity has received it
_STATUS = "{category status entity}"


def _form(loop: str, segment: str, fields: str) -> Form:
    return form("277ca", loop, segment, fields)


BHT = _form("ST", "BHT", "structure=0085 purpose=08 reference date time type=TH")
SOURCE_LEVEL = _form("2000A", "HL", "id level=20 children=1")
SOURCE = _form("2100A", "NM1", "entity=PR entity_type=2 last id_qualifier=PI id")
SOURCE_TRACE = _form("2200A", "TRN", "type=1 number")
RECEIVED = _form("2200A", "DTP", "qualifier=050 format=D8 date")
PROCESSED = _form("2200A", "DTP", "qualifier=009 format=D8 date")
RECEIVER_LEVEL = _form("2000B", "HL", "id parent level=21 children")
RECEIVER = _form("2100B", "NM1", "entity=41 entity_type=2 last id_qualifier=46 id")
BATCH = _form("2200B", "TRN", "type=2 number")
PROVIDER_LEVEL = _form("2000C", "HL", "id parent level=19 children=1")
PROVIDER = _form("2100C", "NM1", "entity=85 entity_type=2 last id_qualifier=XX id")
PROVIDER_TRACE = _form("2200C", "TRN", "type=1 number")
PATIENT_LEVEL = _form("2000D", "HL", "id parent level=PT")
PATIENT = _form("2100D", "NM1", "entity=QC entity_type=1 last first id_qualifier=MI id")
CLAIM = _form("2200D", "TRN", "type=2 number")
STATUS = {
    loop: _form(loop, "STC", f"status1{_STATUS} {date}action charge status2{_STATUS} status3{_STATUS}")
    for loop, date in (("2200B", "date "), ("2200C", ""), ("2200D", "date "))
}
PAYER_CLAIM = _form("2200D", "REF", "qualifier=1K value")
SERVED = _form("2200D", "DTP", "qualifier=472 format=D8 date")
TOTALS = [
    (_form("2200B", "QTY", "qualifier=90 quantity"), "accepted_count"),
    (_form("2200B", "QTY", "qualifier=AA quantity"), "rejected_count"),
    (_form("2200B", "AMT", "qualifier=YU amount"), "accepted_cents"),
    (_form("2200B", "AMT", "qualifier=YY amount"), "rejected_cents"),
]


def write_277ca(
    interchange: Interchange, answer: BatchAnswer, billing: BillingProvider, claims: Mapping[str, Claim]
) -> bytes:
    """The answer to one batch. claims: those answered, by control number; patient and date of service are theirs.

    Raises:
        Rejected: a value can't be written as the guide asks.
    """
    out = Writer()
    on = interchange.written_at.date()
    _heads(out, interchange, answer, billing, on)
    if answer.claims:
        out.add(PROVIDER_LEVEL, "3", "2")
        out.add(PROVIDER, billing.name, billing.npi)
        out.add(PROVIDER_TRACE, "0")
        _status(out, "2200C", (RECEIVED_WELL,), on, sum(one.charge_cents for one in answer.claims))
    for number, one in enumerate(answer.claims, 4):
        out.add(PATIENT_LEVEL, str(number), "3")
        _claim(out, one, claims[one.control_number], on)
    return enclose(interchange, "HN", "277", VERSION, [Transaction(out.text(out.lines), len(out.lines))])


def _heads(out: Writer, interchange: Interchange, answer: BatchAnswer, billing: BillingProvider, on: date) -> None:
    reference = str(interchange.control)
    out.add(BHT, reference, day_text(on), f"{interchange.written_at:%H%M}")
    out.add(SOURCE_LEVEL, "1")
    out.add(SOURCE, answer.payer_name, answer.payer_identifier)
    out.add(SOURCE_TRACE, reference)
    out.add(RECEIVED, day_text(on))
    out.add(PROCESSED, day_text(on))
    out.add(RECEIVER_LEVEL, "2", "1", "1" if answer.claims else "0")
    out.add(RECEIVER, billing.name, billing.submitter_id or interchange.receiver.strip())
    out.add(BATCH, answer.reference)
    reasons = answer.rejected_whole or (RECEIVED_WELL,)
    charge = sum(one.charge_cents for one in answer.claims)
    _status(out, "2200B", reasons, on, charge)
    for total, field in TOTALS:
        value = getattr(answer, field)
        if value:
            out.add(total, amount_text(value) if field.endswith("cents") else str(value))


def _claim(out: Writer, answer: ClaimAnswer, claim: Claim, on: date) -> None:
    out.add(PATIENT, claim.patient.last, claim.patient.first, claim.coverage.member_id)
    out.add(CLAIM, answer.control_number)
    _status(out, "2200D", answer.reasons, answer.answered_on or on, answer.charge_cents)
    if answer.payer_claim_number:
        out.add(PAYER_CLAIM, answer.payer_claim_number)
    out.add(SERVED, day_text(claim.served_on))


def _status(out: Writer, loop: str, reasons: Sequence[StatusReason], on: date, charge_cents: int) -> None:
    """STCs of three reasons each. WQ accept, U reject (STC03)."""
    good = all(reason.category in ACCEPTED_CATEGORIES for reason in reasons)
    for first in range(0, len(reasons), 3):
        few = [(one.category, one.status, one.entity) for one in reasons[first : first + 3]]
        few += [("", "", "")] * (3 - len(few))
        charge = amount_text(charge_cents)
        dated = () if loop == "2200C" else (day_text(on),)
        out.add(STATUS[loop], *few[0], *dated, "WQ" if good else "U", charge, *few[1], *few[2])
