"""The letter that goes with a refund to an insurer: what it paid, for what, and why it goes back."""

from claims_service.domain.credit import CHECK, LETTER, OFFSET, REFUND_REASONS
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import short_date
from claims_service.domain.refund_letter import RefundLetter
from claims_service.queries.rows import known_day, known_instant, row
from claims_service.store import claim_values, claims, insurer_refunds, parties, remittances
from claims_service.store.connection import opened
from claims_service.store.insurer_refunds import Kept


def letter(practice: int, refund: int) -> RefundLetter:
    """One refund's.

    Raises:
        NotFound: none of this practice.
    """
    with opened():
        kept = insurer_refunds.get(practice, refund)
        clinic = parties.billing_provider(practice)
        payer = parties.payers(practice).get(kept.payer) if kept.payer else None
        (at,) = row("select at from insurer_refund where practice_id = ? and id = ?", practice, refund) or ("",)
        about, patient = _of_claim(practice, kept.claim) if kept.claim else (_of_held(practice, kept), None)
    facts = (
        *about,
        ("Reason", REFUND_REASONS[kept.reason]),
        ("Your letter", kept.letter if kept.found_by == LETTER else ""),
        ("Found on", short_date(kept.identified_on, "en")),
        ("Our check" if kept.way == CHECK else "Our transfer", kept.check_number if kept.way != OFFSET else ""),
        ("Clinic", f"NPI {clinic.npi}, tax number {clinic.tax_id}"),
    )
    return RefundLetter(
        kept.number, known_instant(at).date(), Sender(clinic.name, clinic.phone, clinic.address),
        kept.payee or (payer.name if payer else ""), payer.address if payer else None, kept.cents, kept.way == CHECK, kept.way == OFFSET,
        tuple((words, value) for words, value in facts if value), patient,
    )  # fmt: skip


def _of_claim(practice: int, claim: int) -> tuple[list[tuple[str, str]], int]:
    (found,) = claim_values.assemble(practice, [claim])
    about = found.claim
    days = ", ".join(short_date(day, "en") for day in sorted({line.served_on for line in about.lines}))
    head = claims.heads(practice, [claim])[claim]
    return [
        ("Patient", f"{about.patient.first} {about.patient.last}".strip()), ("Member number", about.coverage.member_id),
        ("Your claim number", head.payer_claim_number), ("Our claim number", about.control_number), ("Seen on", days),
    ], head.patient  # fmt: skip


def _of_held(practice: int, kept: Kept) -> list[tuple[str, str]]:
    sql = (
        "select r.trace, r.paid_on, p.body from held_item h join claim_payment p on p.id = h.claim_payment_id"
        " join remittance r on r.id = p.remittance_id where h.practice_id = ? and h.id = ?"
    )
    found = row(sql, practice, kept.held)
    if found is None:
        return []
    trace, paid_on, body = found
    payment = remittances.payment_from(body)
    return [
        ("Your payment", f"{trace}, {short_date(known_day(paid_on), 'en')}"), ("Your claim number", payment.payer_claim_number),
        ("The number you gave as ours", payment.control_number), ("Patient in your file", f"{payment.patient_first} {payment.patient_last}".strip()),
        ("Member number in your file", payment.member_id),
    ]  # fmt: skip
