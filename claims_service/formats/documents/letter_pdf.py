"""The answer to a dispute as a letter, folded into a window envelope."""

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.dispute_letter import Letter, asked, heading, next_steps, not_agreed
from claims_service.domain.patient.wording import choose, long_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of


def letter_pdf(letter: Letter, language: str) -> bytes:
    """The same letter always gives the same bytes."""

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    phone = spoken_phone(letter.sender.phone)
    rows = [
        [line.words, spoken(line.before_cents), spoken(-line.off_cents), spoken(line.now_cents)]
        for line in letter.lines
    ]
    if len(rows) > 1:
        sums = (letter.before_cents, -letter.off_cents, letter.now_cents)
        rows.append([words("Together", "En total"), *map(spoken, sums)])
    content = {
        "lang": language,
        "title": f"{words('Our answer to', 'Nuestra respuesta a')} {letter.number}, {letter.sender.name}",
        "page_words": words("Page {page} of {pages}", "Página {page} de {pages}") + f", {letter.number}",
        "sender": sender_of(letter.sender),
        "to": {"name": letter.patient, "lines": address_lines(letter.address)},
        "numbered": f"{letter.number}, {long_date(letter.made_on, language)}",
        "heading": heading(letter, language),
        "asked": asked(letter, language),
        "head": [
            words("Service", "Servicio"), words("Your share before", "Su parte antes"), words("Changed by", "Cambio"),
            words("Your share now", "Su parte ahora"),
        ],
        "rows": rows,
        "parts": [
            (words("What we found", "Lo que encontramos"), letter.words.splitlines()),
            (words("What happens now", "Qué sigue"), [next_steps(letter, language)]),
            (words("You do not agree?", "¿No está de acuerdo?"), [not_agreed(letter, language)]),
            (words("Questions?", "¿Preguntas?"), [words(f"Call us: {phone}. Large print is free.", f"Llámenos: {phone}. Letra grande es gratis.")]),
        ],
    }  # fmt: skip
    return pdf("letter.typ", content, letter.made_on)
