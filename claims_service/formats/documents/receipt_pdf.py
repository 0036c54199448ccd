"""The receipt of a payment."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import choose, long_date, short_date
from claims_service.formats.documents.press import pdf, sender_of

_METHODS = {"card": ("Card", "Tarjeta"), "cash": ("Cash", "Efectivo"), "check": ("Check", "Cheque")}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a patient paid. statement: number of the bill, empty for none.

    visits: day, provider and cents of each visit it paid; kept_cents: kept for the next bill; off_cents: taken off for paying early.
    """

    number: str
    paid_on: date
    sender: Sender
    patient: str
    cents: int
    refunded_cents: int
    method: str
    statement: str = ""
    visits: tuple[tuple[date, str, int], ...] = ()
    kept_cents: int = 0
    off_cents: int = 0


def receipt_pdf(receipt: Receipt, language: str) -> bytes:
    """The same receipt always gives the same bytes."""

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    rows = [
        (words("Paid by", "Pagado por"), receipt.patient),
        (words("On", "Fecha"), long_date(receipt.paid_on, language)),
        (words("With", "Con"), words(*_METHODS[receipt.method])),
        (words("Amount", "Cantidad"), spoken(receipt.cents)),
    ]
    if receipt.statement:
        rows.append((words("For statement", "Estado de cuenta"), receipt.statement))
    if receipt.refunded_cents:
        rows.append((words("Given back", "Devuelto"), spoken(-receipt.refunded_cents)))
    if receipt.off_cents:
        rows.append((words("Taken off for paying early", "Descuento por pagar pronto"), spoken(-receipt.off_cents)))
    rows += [_visit(*one, language) for one in receipt.visits]
    if receipt.kept_cents:
        rows.append((words("Kept for your next bill", "Guardado para su próxima factura"), spoken(receipt.kept_cents)))
    phone = spoken_phone(receipt.sender.phone)
    content = {
        "lang": language,
        "title": f"{words('Receipt', 'Recibo')} {receipt.number}, {receipt.sender.name}",
        "page_words": "",
        "sender": sender_of(receipt.sender),
        "numbered": f"{words('Receipt', 'Recibo')} {receipt.number}",
        "heading": words("Paid. Thank you.", "Pagado. Gracias."),
        "amount": spoken(receipt.cents - receipt.refunded_cents),
        "rows": rows,
        "notes": [words(f"Questions? Call us: {phone}.", f"¿Preguntas? Llámenos: {phone}.")],
    }
    return pdf("receipt.typ", content, receipt.paid_on)


def _visit(on: date, provider: str, cents: int, language: str) -> tuple[str, str]:
    day, who = short_date(on, language), choose(language, f" with {provider}", f" con {provider}") if provider else ""
    return choose(language, f"Paid for your visit on {day}{who}", f"Pagado por su visita del {day}{who}"), spoken(cents)
