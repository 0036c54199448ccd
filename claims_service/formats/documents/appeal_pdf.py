"""A letter of appeal on paper."""

from datetime import date

from claims_service.domain.appeal import Letter, RefusedLine
from claims_service.domain.money import spoken
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import short_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of

_LEVELS = {1: "First", 2: "Second", 3: "Third"}


def appeal_pdf(letter: Letter) -> bytes:
    """The same letter always gives the same bytes."""
    heading = f"{_LEVELS.get(letter.level, 'Further')} appeal: {spoken(letter.cents)} refused"
    content = {
        "lang": "en",
        "title": f"Letter of appeal, {letter.clinic}",
        "page_words": "Page {page} of {pages}",
        "sender": sender_of(Sender(letter.clinic, letter.phone, letter.address)),
        "to": [letter.insurer, "Appeals", *address_lines(letter.insurer_address)],
        "date": short_date(letter.made, "en"),
        "heading": heading,
        "facts": letter.facts,
        "columns": ["Date", "Service", "Charge", "Refused", "Reason you gave"],
        "lines": [_cells(line) for line in letter.lines],
        "total": ["Together", spoken(sum(line.refused_cents for line in letter.lines))],
        "paragraphs": letter.paragraphs,
        "closing": ["Sincerely,", letter.signer, letter.clinic],
    }
    return pdf("appeal.typ", content, letter.made)


def _cells(line: RefusedLine) -> list[str]:
    day = short_date(date.fromisoformat(line.served_on), "en") if line.served_on else ""
    charge = "" if line.charge_cents is None else spoken(line.charge_cents)
    return [day, line.service, charge, spoken(line.refused_cents), line.reason]
