"""The words of a receipt by e-mail, in English and Spanish. No care stands in it, and no amount in its subject."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.wording import choose, short_date


@dataclass(frozen=True, slots=True)
class ReceiptAbout:
    """cents: paid, or given back. off_cents: taken off for paying early. link: of the payment on the portal."""

    clinic: str
    phone: str
    first_name: str
    number: str
    on: date
    cents: int
    off_cents: int
    link: str
    language: str


def receipt_email(about: ReceiptAbout) -> Words:
    """An e-mail that a payment is here."""
    cents, day = spoken(about.cents), short_date(about.on, about.language)
    off = spoken(about.off_cents)
    off_english = f" We took {off} off because you paid early." if about.off_cents else ""
    off_spanish = f" Le descontamos {off} por pagar pronto." if about.off_cents else ""
    english = (
        f"Hello {about.first_name},\n\nthank you. We have your payment of {cents} from {day}, receipt {about.number}.{off_english}"
        f"\n\nSee what it paid and get the receipt: {about.link}\n\nDid you not pay this? Call us: {about.phone}."
        f"\n\n{about.clinic}"
    )
    spanish = (
        f"Hola, {about.first_name}:\n\ngracias. Recibimos su pago de {cents} del {day}, recibo {about.number}.{off_spanish}"
        f"\n\nVea qué pagó y descargue el recibo: {about.link}\n\n¿No hizo usted este pago? Llámenos: {about.phone}."
        f"\n\n{about.clinic}"
    )
    subject = choose(about.language, f"Your receipt from {about.clinic}", f"Su recibo de {about.clinic}")
    return Words(subject, choose(about.language, english, spanish))


def refund_email(about: ReceiptAbout, *, by_card: bool) -> Words:
    """An e-mail that money goes back."""
    cents = spoken(about.cents)
    way_english = (
        "It goes back to the card or account you paid with, in 5 to 10 days." if by_card else "You got it from us."
    )
    way_spanish = (
        "Vuelve a la tarjeta o cuenta con que pagó, en 5 a 10 días." if by_card else "Se lo entregamos nosotros."
    )
    english = (
        f"Hello {about.first_name},\n\nwe gave you back {cents} of your payment with receipt {about.number}. {way_english}"
        f"\n\nSee your receipt: {about.link}\n\nQuestions? Call us: {about.phone}.\n\n{about.clinic}"
    )
    spanish = (
        f"Hola, {about.first_name}:\n\nle devolvimos {cents} de su pago con el recibo {about.number}. {way_spanish}"
        f"\n\nVea su recibo: {about.link}\n\n¿Preguntas? Llámenos: {about.phone}.\n\n{about.clinic}"
    )
    subject = choose(about.language, f"Money back from {about.clinic}", f"Dinero devuelto por {about.clinic}")
    return Words(subject, choose(about.language, english, spanish))
