"""The decision on financial assistance as a letter, folded into a window envelope."""

from functools import partial

from claims_service.domain.patient.assistance_letter import Letter, decision, heading, not_agreed, why
from claims_service.domain.patient.wording import long_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of
from claims_service.words import say


def assistance_pdf(letter: Letter, language: str) -> bytes:
    """The same letter always gives the same bytes."""

    _ = partial(say, language)

    own = [(_("From us"), letter.words.splitlines())] if letter.words.strip() else []
    content = {
        "lang": language,
        "title": f"{heading(letter, language)}, {letter.number}, {letter.sender.name}",
        "page_words": _("Page {page} of {pages}") + f", {letter.number}",
        "sender": sender_of(letter.sender),
        "to": {"name": letter.patient, "lines": address_lines(letter.address)},
        "numbered": f"{letter.number}, {long_date(letter.made_on, language)}",
        "heading": heading(letter, language),
        "parts": [
            (_("What this means"), decision(letter, language)),
            (_("How we decided"), [why(letter, language)]),
            *own,
            (_("You do not agree?"), [not_agreed(letter, language)]),
        ],
    }
    return pdf("notice.typ", content, letter.made_on)
