"""The letter that goes to an insurer with a refund."""

from claims_service.domain.money import spoken
from claims_service.domain.patient.wording import short_date
from claims_service.domain.refund_letter import RefundLetter
from claims_service.formats.documents.press import address_lines, pdf, sender_of


def refund_pdf(letter: RefundLetter) -> bytes:
    """The same letter always gives the same bytes."""
    how = "A check over this amount is enclosed." if letter.by_check else "We transfer this amount to your account."
    if letter.by_offset:
        how = "Please take this amount from a later payment, and name our number on it."
    content = {
        "lang": "en",
        "title": f"Refund {letter.number}, {letter.sender.name}",
        "page_words": "Page {page} of {pages}",
        "sender": sender_of(letter.sender),
        "to": [letter.payee, *(address_lines(letter.address) if letter.address else ())],
        "date": short_date(letter.made_on, "en"),
        "heading": f"Refund {letter.number}: {spoken(letter.cents)}",
        "facts": letter.facts,
        "paragraphs": [f"You paid us {spoken(letter.cents)} that we may not keep; it goes back to you. {how}"],
        "closing": ["Sincerely,", letter.sender.name],
    }
    return pdf("refund.typ", content, letter.made_on)
