"""The staircase: from the price of care, less each part, down to what a patient owes now."""

from dataclasses import dataclass

from claims_service.domain.money import spoken
from claims_service.domain.patient.explanation import share_reasons, taken_off
from claims_service.domain.patient.statement import Statement
from claims_service.domain.patient.wording import choose, long_date, number_word, short_date


@dataclass(frozen=True, slots=True)
class Step:
    """One step; what is taken away is negative. kind: whole, off, plan, you, paid."""

    what: str
    cents: int
    why: str
    kind: str
    total: bool = False


def staircase(
    statement: Statement, language: str, *, paid_since_cents: int = 0, held_cents: int | None = None
) -> list[Step]:
    """Price, less each part, to what is owed; what is taken leads to each total, to the cent.

    paid_since_cents: paid after the statement was made. held_cents: disputed now, None: as when it was made.
    """
    s, paid = statement, statement.paid_cents + paid_since_cents
    held = s.held_cents if held_cents is None else held_cents
    owed = s.share_cents - paid - held

    def words(english: str, spanish: str) -> str:
        return choose(language, english, spanish)

    steps = [
        Step(words("Price of your care", "Precio de su atención"), s.charge_cents, _price(s, language), "whole"),
        Step(words("Discount from your plan", "Descuento de su plan"), -s.discount_cents, _discount(s, language), "off"),
        Step(_plan_paid_words(s, language), -s.plan_paid_cents, _received(s, language), "plan"),
        Step(words("We sort this out with your plan", "Lo arreglamos con su plan"), -s.in_review_cents, _in_review(language), "off"),
        Step(words("We took off", "Le descontamos"), -s.forgiven_cents, words("You do not have to pay this.", "No tiene que pagarlo."), "off"),
        Step(words("Your share", "Su parte"), s.share_cents, _share(s, language), "you", total=True),
        Step(words("You have paid", "Usted ya pagó"), -paid, words("Thank you.", "Gracias."), "paid"),
        Step(words("We are looking into", "Estamos revisando"), -held, _held(language), "off"),
        Step(words("You owe now", "Usted debe ahora"), owed, _by(s, owed, language), "you", total=True),
    ]  # fmt: skip
    return [step for step in steps if step.cents or step.total]


def _by(statement: Statement, owed_cents: int, language: str) -> str:
    if owed_cents <= 0:
        return choose(language, "Nothing is open.", "No queda nada pendiente.")
    if statement.planned_cents >= owed_cents:
        return choose(language, "By your payment plan.", "Con su plan de pagos.")
    day = long_date(statement.due_on, language)
    return choose(language, f"By {day}.", f"A más tardar el {day}.")


def _held(language: str) -> str:
    return choose(
        language,
        "You told us something is wrong. You need not pay this now.",
        "Usted nos dijo que algo está mal. No tiene que pagar esto ahora.",
    )


def _in_review(language: str) -> str:
    return choose(
        language,
        "Your plan has not paid this part. That is our job. You owe nothing for it.",
        "Su plan no ha pagado esta parte. Eso nos toca a nosotros. Usted no debe nada por ella.",
    )


def _price(statement: Statement, language: str) -> str:
    services = sum(1 for visit in statement.visits for line in visit.invoice.lines if line.charge_cents)
    visits = len(statement.visits)
    english = f"{number_word(services, 'en')} service{'' if services == 1 else 's'}"
    spanish = f"{number_word(services, 'es')} servicio{'' if services == 1 else 's'}"
    if visits > 1:
        english, spanish = f"{english} in {visits} visits", f"{spanish} en {visits} visitas"
    return choose(
        language,
        f"{english}. What the clinic charges everyone, before insurance.",
        f"{spanish}. Lo que la clínica cobra a todos, antes del seguro.",
    )


def _discount(statement: Statement, language: str) -> str:
    who = statement.payers[0] if len(statement.payers) == 1 else choose(language, "Your plan", "Su plan")
    return choose(
        language,
        f"{who} agreed on lower prices with us. Nobody pays this part.",
        f"{who} acordó precios más bajos con nosotros. Nadie paga esta parte.",
    )


def _plan_paid_words(statement: Statement, language: str) -> str:
    if len(statement.payers) == 1:
        return choose(language, f"{statement.payers[0]} paid us", f"{statement.payers[0]} nos pagó")
    return choose(language, "Your plans paid us", "Sus planes nos pagaron")


def _received(statement: Statement, language: str) -> str:
    answers = [plan for visit in statement.visits for plan in visit.invoice.plans if plan.answered_on]
    days = sorted({plan.answered_on for plan in answers if plan.answered_on})
    if not days:
        return ""
    last = short_date(days[-1], language)
    if len(days) == 1:
        return choose(language, f"Received on {last}.", f"Recibido el {last}.")
    return choose(language, f"Received by {last}.", f"Recibido hasta el {last}.")


def _part(words: str, cents: int, language: str) -> str:
    if words == taken_off(language):
        return choose(language, f"we took {spoken(-cents)} off", f"descontamos {spoken(-cents)}")
    return f"{words} {spoken(cents)}"


def _share(statement: Statement, language: str) -> str:
    lines = [line for visit in statement.visits for line in visit.invoice.lines]
    parts = share_reasons(lines, language)
    if any(cents < 0 for words, cents in parts if words != taken_off(language)):
        return ""
    text = ", ".join(_part(words, cents, language) for words, cents in parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
