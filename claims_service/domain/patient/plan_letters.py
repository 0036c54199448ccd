"""The words of a late payment of a plan, in English and Spanish: friendly, one way out, no fee.

As in every message, no care and no amount stands in a text message or in the subject of an e-mail.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.money import spoken
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.wording import choose, short_date


@dataclass(frozen=True, slots=True)
class PlanAbout:
    """due_on: of the payment that is missing; lapses_on: the first day the plan does not count any more."""

    clinic: str
    phone: str
    first_name: str
    due_on: date
    behind_cents: int
    lapses_on: date
    link: str
    language: str


def late_email(about: PlanAbout) -> Words:
    """An e-mail about a payment that did not come."""
    due, until = _days(about)
    english = (
        f"Hello {about.first_name},\n\nyour payment plan is missing {spoken(about.behind_cents)} since {due}. Paid already? "
        f"Then forget this note.\n\nPay by {until} and your plan goes on. There is no late fee. Is it too much right now? "
        f"Call us and we find a way: {about.phone}.\n\nSee your plan and pay: {about.link}\n\n{about.clinic}\n\n"
        f"You get this because you chose e-mail. To stop: {about.link}"
    )
    spanish = (
        f"Hola, {about.first_name}:\n\na su plan de pagos le faltan {spoken(about.behind_cents)} desde el {due}. ¿Ya pagó? "
        f"Ignore este mensaje.\n\nPague a más tardar el {until} y su plan sigue. No hay cargo por atraso. ¿Es mucho ahora? "
        f"Llámenos y buscamos una forma: {about.phone}.\n\nVea su plan y pague: {about.link}\n\n{about.clinic}\n\n"
        f"Recibe este mensaje porque eligió el correo electrónico. Para dejar de recibirlo: {about.link}"
    )
    subject = choose(about.language, f"About your plan with {about.clinic}", f"Sobre su plan con {about.clinic}")
    return Words(subject, choose(about.language, english, spanish))


def late_text(about: PlanAbout) -> Words:
    """A text message about a payment that did not come."""
    due, until = _days(about)
    english = (
        f"{about.clinic}: your plan is missing the payment of {due}. Pay by {until} and it goes on, with no fee: {about.link}"
        f" Questions: {about.phone}. Reply STOP to end."
    )
    spanish = (
        f"{about.clinic}: a su plan le falta el pago del {due}. Pague a más tardar el {until} y sigue, sin cargos: {about.link}"
        f" Preguntas: {about.phone}. Responda STOP para cancelar."
    )
    return Words("", choose(about.language, english, spanish))


def _days(about: PlanAbout) -> tuple[str, str]:
    last = about.lapses_on - timedelta(days=1)
    return short_date(about.due_on, about.language), short_date(last, about.language)
