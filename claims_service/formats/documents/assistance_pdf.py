"""The decision on financial assistance as a letter, folded into a window envelope."""

from claims_service.domain.patient.assistance_letter import Letter, decision, heading, not_agreed, why
from claims_service.domain.patient.wording import choose, long_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of


def assistance_pdf(letter: Letter, language: str) -> bytes:
    """The same letter always gives the same bytes."""

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    own = [(words("From us", "De nuestra parte"), letter.words.splitlines())] if letter.words.strip() else []
    content = {
        "lang": language,
        "title": f"{heading(letter, language)}, {letter.number}, {letter.sender.name}",
        "page_words": words("Page {page} of {pages}", "Página {page} de {pages}") + f", {letter.number}",
        "sender": sender_of(letter.sender),
        "to": {"name": letter.patient, "lines": address_lines(letter.address)},
        "numbered": f"{letter.number}, {long_date(letter.made_on, language)}",
        "heading": heading(letter, language),
        "parts": [
            (words("What this means", "Qué significa"), decision(letter, language)),
            (words("How we decided", "Cómo lo decidimos"), [why(letter, language)]),
            *own,
            (words("You do not agree?", "¿No está de acuerdo?"), [not_agreed(letter, language)]),
        ],
    }
    return pdf("notice.typ", content, letter.made_on)
