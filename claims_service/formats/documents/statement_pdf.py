"""The statement on paper: one Letter page for up to eight services, folded into a window envelope, pay slip at the foot."""

import io
from datetime import date
from typing import Any

import segno

from claims_service.domain.estimate import wording as estimate_words
from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient import prompt_pay
from claims_service.domain.patient.explanation import share_reasons
from claims_service.domain.patient.invoice import InvoiceLine
from claims_service.domain.patient.staircase import Step, staircase
from claims_service.domain.patient.statement import Statement, title
from claims_service.domain.patient.wording import ENGLISH, SPANISH, choose, long_date, short_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of

MOST_ON_FIRST_PAGE = 8
_HEAD = {
    ENGLISH: ("Service", "Why you pay", "Price", "Discount", "Plan paid", "Your share"),
    SPANISH: ("Servicio", "Por qué paga", "Precio", "Descuento", "Plan pagó", "Su parte"),
}


def statement_pdf(statement: Statement, language: str, *, online: str = "", pay_link: str = "") -> bytes:
    """The statement as it was issued. online: address of the portal; pay_link: of this bill, as a code to scan; "" is left out."""
    s, phone = statement, spoken_phone(statement.sender.phone)

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    content = {
        "lang": language,
        "title": f"{words('Statement', 'Estado de cuenta')} {s.number}, {s.sender.name}",
        "page_words": words("Page {page} of {pages}", "Página {page} de {pages}") + f", {s.number}",
        "sender": sender_of(s.sender),
        "numbered": f"{words('Statement', 'Estado de cuenta')} {s.number}, {long_date(s.issued_on, language)}",
        "heading": title(s, language),
        "to": {"name": s.patient, "lines": address_lines(s.address)},
        "owe": {
            "label": words("You owe", "Usted debe"),
            "amount": spoken(s.owed_cents),
            "by": _by(s, language),
            "more": _more(s, language),
            "online": words("Pay online or ask:", "Pague en línea o pregunte:"),
            "online_how": online or words(f"use the link we sent you, or call {phone}.", f"use el enlace que le enviamos o llame al {phone}."),
        },
        "qr": _qr(pay_link, language) if s.owed_cents > 0 else None,
        "stairs": {
            "title": words(f"How we got to {spoken(s.owed_cents)}", f"Cómo llegamos a {spoken(s.owed_cents)}"),
            "steps": _drawn(staircase(s, language)),
        },
        "services": _services(s, language),
        "notes": _notes(s, phone, language),
        "slip": _slip(s, language) if s.owed_cents > 0 else None,
    }  # fmt: skip
    return pdf("statement.typ", content, s.issued_on)


def _qr(address: str, language: str) -> dict[str, str] | None:
    if not address:
        return None
    drawn = io.BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", border=0, scale=4)
    return {
        "svg": drawn.getvalue().decode(),
        "words": choose(language, "Scan to see and pay this bill.", "Escanee para ver y pagar esta factura."),
        "alt": choose(
            language, "A code that opens this bill on a phone", "Un código que abre esta factura en un teléfono"
        ),
    }


def _by(s: Statement, language: str) -> str:
    if s.owed_cents <= 0:
        return choose(language, "You do not have to pay anything now.", "No tiene que pagar nada ahora.")
    rest = s.owed_cents - s.planned_cents
    if s.planned_cents and rest <= 0:
        return choose(
            language, "You pay it by your payment plan. Nothing else is due now.", "Lo paga con su plan de pagos. No debe nada más ahora."
        )  # fmt: skip
    what = f" {spoken(rest)}" if s.planned_cents else ""
    return choose(
        language,
        f"Please pay{what} by {long_date(s.due_on, ENGLISH)}.",
        f"Por favor pague{what} a más tardar el {long_date(s.due_on, SPANISH)}.",
    )


def _more(s: Statement, language: str) -> str:
    if s.planned_cents:
        return f"{choose(language, *s.payment_plan)}."
    if s.held_cents:
        held = spoken(s.held_cents)
        return choose(
            language,
            f"We are looking into {held} for you. You need not pay it now.",
            f"Estamos revisando {held}. No tiene que pagarlos ahora.",
        )
    if not s.payers:
        return ""
    who = " + ".join(s.payers)
    return choose(language, f"{who} has answered. This is your part.", f"{who} ya respondió. Esta es su parte.")


def _drawn(steps: list[Step]) -> list[dict[str, Any]]:
    """Each step with its place on the track, in ten-thousandths of the price."""
    whole = max(1, *(step.cents for step in steps))
    left, drawn = 0, []
    for step in steps:
        left = left + step.cents if step.cents < 0 else step.cents
        start = min(max(left, 0) * 10_000 // whole, 10_000) if step.cents < 0 else 0
        width = min(abs(step.cents) * 10_000 // whole, 10_000 - start)
        drawn.append(
            {"what": step.what, "why": step.why, "amount": spoken(step.cents), "kind": step.kind, "total": step.total, "start": start, "width": width}
        )  # fmt: skip
    return drawn


def _services(s: Statement, language: str) -> dict[str, Any]:
    lines = [line for visit in s.visits for line in visit.invoice.lines]
    held = {(visit.invoice.encounter, number) for visit in s.visits for number in visit.held_lines}
    placed = [
        ((visit.invoice.encounter, line.number) in held, line) for visit in s.visits for line in visit.invoice.lines
    ]
    days = {line.served_on for line in lines}
    above = sum(visit.above is not None for visit in s.visits)
    head = list(_HEAD[language])
    if len(days) == 1:
        head[0] += f", {_day(lines[0].served_on, language)}"
    return {
        "head": head,
        "rows": [_row(line, language, dated=len(days) > 1, held=on_hold) for on_hold, line in placed],
        "here": len(lines)
        + 2 * max(len(staircase(s, language)) - 6, 0)
        + len(s.changes)
        + 4 * above
        + (s.prompt_pay is not None)
        <= MOST_ON_FIRST_PAGE,
        "title": choose(language, "Each service", "Cada servicio"),
        "elsewhere": choose(
            language,
            f"Your {len(lines)} services are on the next page, each with its price and your share.",
            f"Sus {len(lines)} servicios están en la página siguiente, cada uno con su precio y su parte.",
        ),
    }


def _row(line: InvoiceLine, language: str, *, dated: bool, held: bool) -> list[str]:
    name = line.words or line.procedure or choose(language, "The whole visit", "Toda la visita")
    return [
        f"{name}, {_day(line.served_on, language)}" if dated else name,
        choose(language, "On hold, not owed now", "Detenido, no se debe ahora") if held else _why(line, language),
        spoken(line.charge_cents),
        spoken(-line.discount_cents),
        spoken(-line.plan_paid_cents),
        spoken(line.share_cents),
    ]


def _day(on: date, language: str) -> str:
    """The year is in the title."""
    return short_date(on, language).removesuffix(f", {on.year}").removesuffix(f" de {on.year}")


def _why(line: InvoiceLine, language: str) -> str:
    parts = [words for words, _ in share_reasons([line], language)]
    if line.in_review_cents:
        parts.append(choose(language, "we sort out the rest", "arreglamos el resto"))
    text = choose(language, " and ", " y ").join(parts) or choose(language, "nothing to pay", "nada que pagar")
    return text[:1].upper() + text[1:]


def _notes(s: Statement, phone: str, language: str) -> list[tuple[str, str]]:
    share = spoken(s.plan_share_cents)
    wait = f"Tell us before you pay, on your page or by phone: {phone}. That amount waits until we answer."
    espera = f"Avísenos antes de pagar, en su página o al {phone}. Esa cantidad espera hasta que respondamos."
    english = [
        ("Cannot pay it all now?", f"Call us and we find a way together: {phone}. You can also pay a part."),
        ("Something looks wrong?", f"{wait} Your plan’s letter should show your share as {share}. If not, tell us first."),
        ("Español, otros idiomas o letra grande:", f"gratis. Llame al {phone}."),
    ]  # fmt: skip
    spanish = [
        ("¿No puede pagar todo ahora?", f"Llámenos y buscamos una forma: {phone}. También puede pagar una parte."),
        ("¿Algo parece mal?", f"{espera} La carta de su plan debe decir que su parte es {share}. Si no, avísenos."),
        ("English, other languages or large print:", f"free. Call {phone}."),
    ]  # fmt: skip
    changed = choose(language, "What changed since your last bill:", "Qué cambió desde su última factura:")
    early = choose(language, "Pay early and save:", "Pague pronto y ahorre:")
    save = [(early, prompt_pay.told(s.owed_cents, s.prompt_pay, language))] if s.prompt_pay else []
    news = [(changed, " ".join(choose(language, *change) for change in s.changes))] if s.changes else []
    far = choose(language, *estimate_words.ABOVE_TITLE)
    news += [(far, estimate_words.above(visit.above, language)) for visit in s.visits if visit.above]
    return save + news + (spanish if language == SPANISH else english)


def _slip(s: Statement, language: str) -> dict[str, Any]:
    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    lines = [
        s.sender.name,
        *address_lines(s.sender.address),
        words(f"Write {s.number} on the check.", f"Escriba {s.number} en el cheque."),
        words("Please do not write card numbers on paper.", "Por favor no escriba números de tarjeta en papel."),
    ]
    due = short_date(s.due_on, language)
    rows = [
        (s.patient, s.number),
        (
            words("You owe", "Usted debe")
            if s.planned_cents
            else words(f"You owe by {due}", f"Usted debe antes del {due}"),
            spoken(s.owed_cents),
        ),
        (words("Amount sent", "Cantidad enviada"), "$ ____________"),
    ]
    title = words(
        "To pay by mail, send this part with a check to", "Para pagar por correo, envíe esta parte con un cheque a"
    )
    return {"title": title, "lines": lines, "rows": rows}
