"""The agreement to a payment plan, as it was accepted."""

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.agreement import Agreement, accepted, terms
from claims_service.domain.patient.wording import choose, long_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of


def agreement_pdf(agreement: Agreement, language: str) -> bytes:
    """The same agreement always gives the same bytes."""

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    count = len(agreement.schedule)
    rows = [
        [words(f"{n} of {count}", f"{n} de {count}"), long_date(one.due_on, language), spoken(one.cents)]
        for n, one in enumerate(agreement.schedule, 1)
    ]
    phone = spoken_phone(agreement.sender.phone)
    content = {
        "lang": language,
        "title": f"{words('Payment plan', 'Plan de pagos')} {agreement.number}, {agreement.sender.name}",
        "page_words": words("Page {page} of {pages}", "Página {page} de {pages}") + f", {agreement.number}",
        "sender": sender_of(agreement.sender),
        "to": {"name": agreement.patient, "lines": address_lines(agreement.postal)},
        "numbered": f"{agreement.number}, {long_date(agreement.agreed_on, language)}",
        "heading": words("Your payment plan", "Su plan de pagos"),
        "about": words(f"For bill {agreement.statement}", f"Por la factura {agreement.statement}"),
        "head": [words("Payment", "Pago"), words("By", "A más tardar"), words("Amount", "Cantidad")],
        "rows": rows,
        "sum": [words("Together", "En total"), spoken(agreement.total_cents)],
        "terms_heading": words("What we agreed", "Lo que acordamos"),
        "terms": list(terms(agreement.schedule, agreement.grace_days, language)),
        "accepted_heading": words("Accepted", "Aceptado"),
        "accepted": accepted(agreement, language),
        "questions": words(f"Questions? Call us: {phone}. Large print is free.", f"¿Preguntas? Llámenos: {phone}. Letra grande es gratis."),
    }  # fmt: skip
    return pdf("agreement.typ", content, agreement.agreed_on)
