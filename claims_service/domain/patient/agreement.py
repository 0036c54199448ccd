"""The agreement to a payment plan: what both sides promise, in words a patient reads in a minute."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.party import Address
from claims_service.domain.patient.payment_plan import Schedule, total
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import choose, long_date

PORTAL, DESK = "portal", "desk"


@dataclass(frozen=True, slots=True)
class Agreement:
    """accepted_at: by the clinic's clock, "3:05 PM PST". address: the IP address of the patient, empty at the desk.

    accepted_by: who said yes; noted_by: who of the clinic wrote it down at the desk, empty on the portal.
    """

    number: str
    agreed_on: date
    accepted_at: str
    accepted_by: str
    noted_by: str
    address: str
    sender: Sender
    patient: str
    postal: Address
    statement: str
    schedule: Schedule
    grace_days: int

    @property
    def total_cents(self) -> int:
        return total(self.schedule)


def terms(schedule: Schedule, grace_days: int, language: str) -> tuple[str, ...]:
    """What both sides promise; the same sentences stand on the page and on the paper."""
    sum_of = spoken(total(schedule))
    english = (
        f"You pay {sum_of} in {len(schedule)} payments. That is what you owe today. No interest, no fee.",
        "You can pay more or sooner at any time. It costs nothing, and your plan ends sooner.",
        f"If a payment is late, we remind you. You have {grace_days} days to catch up. There is no late fee.",
        "After that the plan stops counting and the bill is due again. Catch up and the plan goes on.",
        "If your insurance pays more or we take something off, we drop your last payments.",
        "An amount you dispute is not part of the plan while we look into it.",
        "While you keep the plan, we do not remind you of this bill and do not send it to anyone.",
        "You can end the plan at any time. Then you owe what is left, as on your bill.",
    )
    spanish = (
        f"Usted paga {sum_of} en {len(schedule)} pagos. Es lo que debe hoy. Sin intereses y sin cargos.",
        "Puede pagar más o antes cuando quiera. No cuesta nada y su plan termina antes.",
        f"Si un pago se atrasa, le avisamos. Tiene {grace_days} días para ponerse al día. No hay cargo por atraso.",
        "Después el plan deja de contar y la factura se debe otra vez. Si se pone al día, el plan sigue.",
        "Si su seguro paga más o le descontamos algo, quitamos sus últimos pagos.",
        "Una cantidad que usted disputa no es parte del plan mientras la revisamos.",
        "Mientras cumpla el plan, no le recordamos esta factura ni la enviamos a nadie.",
        "Puede terminar el plan cuando quiera. Entonces debe lo que falta, como en su factura.",
    )
    return spanish if language == "es" else english


def accepted(agreement: Agreement, language: str) -> str:
    """By whom, when and from where it was accepted."""
    day = long_date(agreement.agreed_on, language)
    if agreement.noted_by:
        return choose(
            language,
            f"{agreement.accepted_by} agreed on {day} at {agreement.accepted_at}. Written down by {agreement.noted_by}.",
            f"{agreement.accepted_by} aceptó el {day} a las {agreement.accepted_at}. Anotado por {agreement.noted_by}.",
        )
    return choose(
        language,
        f"{agreement.accepted_by} agreed on {day} at {agreement.accepted_at}, on our website, from address {agreement.address}.",
        f"{agreement.accepted_by} aceptó el {day} a las {agreement.accepted_at}, en nuestro sitio, desde la dirección {agreement.address}.",
    )
