"""The words of bills' messages, in English and Spanish.

No diagnosis, service or amount stands in a text message or the subject of an e-mail: others may read over the shoulder.
"""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.reminder import FIRST, LAST, READY, SECOND
from claims_service.domain.patient.wording import choose, short_date


@dataclass(frozen=True, slots=True)
class Words:
    """subject: of an e-mail only."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class About:
    """What a message may say. link: to this bill; open_cents: never in a text message; stop: where messages are ended."""

    clinic: str
    phone: str
    first_name: str
    served_on: date
    due_on: date
    open_cents: int
    link: str
    language: str
    stop: str = ""


_SUBJECTS = {
    READY: ("Your bill from {clinic} is ready", "Su factura de {clinic} está lista"),
    FIRST: ("A friendly reminder from {clinic}", "Un recordatorio de {clinic}"),
    SECOND: ("Your bill from {clinic} is still open", "Su factura de {clinic} sigue pendiente"),
    LAST: ("Let us find a way that works for you", "Busquemos una forma que le funcione"),
}
_OPENINGS = {
    READY: (
        "Your bill for {day} is ready. You owe {open}. Please pay by {due}.",
        "Su factura del {day} está lista. Usted debe {open}. Por favor pague antes del {due}.",
    ),
    FIRST: (
        "A friendly reminder: {open} is open for {day}. Paid already? Then forget this note.",
        "Un recordatorio: quedan {open} por su visita del {day}. ¿Ya pagó? Ignore este mensaje.",
    ),
    SECOND: (
        "{open} is still open for {day}. If something looks wrong, tell us: we look into it and you wait.",
        "Quedan {open} por su visita del {day}. Si algo no le parece bien, díganos: lo revisamos y usted espera.",
    ),
    LAST: (
        "{open} is still open for {day}. We would like to find a way that works for you. Call us, or ask for help to pay.",
        "Quedan {open} por su visita del {day}. Queremos encontrar una forma que le funcione. Llámenos o pida ayuda para pagar.",
    ),
}
_BODY = (
    (
        "Hello {first},\n\n{opening}\n\nSee each service and why it is yours to pay: {link}\n\n"
        "Questions? Call {phone}. We are glad to help.\n\n{clinic}\n\n"
        "You get this because you chose e-mail. To stop: {stop}"
    ),
    (
        "Hola, {first}:\n\n{opening}\n\nVea cada servicio y por qué le toca a usted: {link}\n\n"
        "¿Preguntas? Llame al {phone}. Con gusto le ayudamos.\n\n{clinic}\n\n"
        "Recibe este mensaje porque eligió el correo electrónico. Para dejar de recibirlo: {stop}"
    ),
)
_TEXTS = {
    READY: (
        "{clinic}: your bill for {day} is ready. See why and how to pay: {link} Questions: {phone}. Reply STOP to end.",
        "{clinic}: su factura del {day} está lista. Vea por qué y cómo pagar: {link} Preguntas: {phone}. Responda STOP para cancelar.",
    ),
    FIRST: (
        "{clinic}: a friendly reminder of your bill for {day}: {link} Paid already? Then forget this. Reply STOP to end.",
        "{clinic}: un recordatorio de su factura del {day}: {link} ¿Ya pagó? Ignore esto. Responda STOP para cancelar.",
    ),
}


def email(letter: str, about: About) -> Words:
    """An e-mail for a step."""
    language = about.language
    subject = choose(language, *_SUBJECTS[letter]).format(clinic=about.clinic)
    opening = choose(language, *_OPENINGS[letter]).format(
        day=short_date(about.served_on, language), due=short_date(about.due_on, language), open=spoken(about.open_cents)
    )
    body = choose(language, *_BODY)
    text = body.format(
        first=about.first_name,
        opening=opening,
        link=about.link,
        stop=about.stop or about.link,
        phone=spoken_phone(about.phone),
        clinic=about.clinic,
    )
    return Words(subject, text)


def text_message(letter: str, about: About) -> Words:
    """A text message for a step."""
    words = choose(about.language, *_TEXTS[READY if letter == READY else FIRST])
    day = short_date(about.served_on, about.language)
    return Words("", words.format(clinic=about.clinic, day=day, link=about.link, phone=spoken_phone(about.phone)))
