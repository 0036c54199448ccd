"""The words of autopay by e-mail, in English and Spanish: what is charged and when, what did not go through, what was called off.

As in every message no care stands in it, and no amount in its subject.
"""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.patient import autopay as rules
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.wording import choose, long_date

SOON, FAILED, LAST_FAILED, OFF = "autopay_soon", "autopay_failed", "autopay_last", "autopay_off"
KINDS = (SOON, FAILED, LAST_FAILED, OFF)

_WHY = {
    rules.NOTHING: ("Nothing is open any more.", "Ya no queda nada pendiente."),
    rules.CHANGED: ("Your bill changed. A new bill tells what holds.", "Su factura cambió. Una factura nueva dice qué vale."),
    rules.DISPUTED: ("You asked us about this bill. We answer first.", "Usted preguntó por esta factura. Primero respondemos."),
    rules.RESTS: ("Your bills are on hold for now.", "Sus facturas están detenidas por ahora."),
    rules.ENDED: ("You stopped autopay, or it ended.", "Usted detuvo el pago automático, o terminó."),
    rules.ABOVE: ("It is more than the limit you set.", "Es más que el límite que usted puso."),
    rules.UNTOLD: ("We could not tell you in time.", "No pudimos avisarle a tiempo."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AutopayAbout:
    """method: "Visa ending in 4242". on: the day of the charge, or of the next try. why: a charge was called off."""

    clinic: str
    phone: str
    first_name: str
    cents: int
    on: date
    method: str
    link: str
    language: str
    why: str = ""


def why_off(why: str, language: str) -> str:
    """Why a charge was called off, in one sentence."""
    return choose(language, *_WHY[why])


def autopay_email(kind: str, about: AutopayAbout) -> Words:
    """An e-mail of one of KINDS."""
    subject, english, spanish = _told(kind, about)
    text = choose(
        about.language,
        f"Hello {about.first_name},\n\n{english}\n\nSee your bill, or stop autopay: {about.link}\n\nQuestions? Call us: "
        f"{about.phone}.\n\n{about.clinic}",
        f"Hola, {about.first_name}:\n\n{spanish}\n\nVea su factura o detenga el pago automático: {about.link}\n\n¿Preguntas? "
        f"Llámenos: {about.phone}.\n\n{about.clinic}",
    )
    return Words(choose(about.language, *subject), text)


def _told(kind: str, about: AutopayAbout) -> tuple[tuple[str, str], str, str]:
    cents, day = spoken(about.cents), long_date(about.on, about.language)
    if kind == SOON:
        return (
            (f"Autopay at {about.clinic}: what comes next", f"Pago automático en {about.clinic}: lo que sigue"),
            (
                f"on {day} we charge {cents} to your {about.method}, as you agreed. You do not have to do anything. "
                "Does something look wrong? Tell us before that day, and nothing is charged."
            ),
            (
                f"el {day} cobramos {cents} de su {about.method}, como usted aceptó. No tiene que hacer nada. "
                "¿Algo parece mal? Avísenos antes de ese día y no se cobra nada."
            ),
        )
    if kind == FAILED:
        return (
            (f"Autopay at {about.clinic} did not go through", f"El pago automático en {about.clinic} no se hizo"),
            (
                f"we could not charge {cents} to your {about.method}. Nothing was taken and it costs you nothing. "
                f"We try once more on {day}. You can also pay another way before."
            ),
            (
                f"no pudimos cobrar {cents} de su {about.method}. No se cobró nada y no le cuesta nada. "
                f"Lo intentamos una vez más el {day}. También puede pagar antes de otra forma."
            ),
        )
    if kind == LAST_FAILED:
        return (
            (f"Autopay at {about.clinic} did not go through", f"El pago automático en {about.clinic} no se hizo"),
            (
                f"the second try to charge {cents} to your {about.method} did not go through. Nothing was taken, and we do not "
                "try again. Please pay another way, or call us and we find one together."
            ),
            (
                f"el segundo intento de cobrar {cents} de su {about.method} no se hizo. No se cobró nada y no lo intentamos más. "
                "Por favor pague de otra forma, o llámenos y buscamos una juntos."
            ),
        )
    return (
        (f"Autopay at {about.clinic} was called off", f"El pago automático en {about.clinic} se canceló"),
        f"we do not charge {cents} to your {about.method}. {why_off(about.why, 'en')}",
        f"no cobramos {cents} de su {about.method}. {why_off(about.why, 'es')}",
    )
