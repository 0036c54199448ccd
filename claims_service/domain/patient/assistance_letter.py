"""What a patient is told of a decision on financial assistance."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.party import Address, spoken_phone
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import choose, short_date


@dataclass(frozen=True, slots=True)
class Letter:
    """Frozen when decided. percent 0: not granted. guideline_percent: income against the guideline of a year. words: the clinic's.

    off_cents: taken off now; owed_cents: what is left of today's bills.
    """

    number: str
    made_on: date
    patient: str
    address: Address
    sender: Sender
    asked_on: date
    household: int
    income_cents: int
    guideline_percent: int
    percent: int
    valid_from: date | None
    valid_until: date | None
    off_cents: int
    owed_cents: int
    words: str


def heading(letter: Letter, language: str) -> str:
    """The decision in one line."""
    if not letter.percent:
        return choose(language, "We could not grant financial help", "No pudimos darle ayuda económica")
    if letter.percent == 100:
        return choose(language, "Your bills are forgiven", "Le perdonamos sus facturas")
    return choose(
        language, f"We take {letter.percent}% off your bills", f"Le descontamos el {letter.percent}% de sus facturas"
    )


def decision(letter: Letter, language: str) -> list[str]:
    """What it means, in sentences."""
    if not letter.percent:
        return [
            choose(
                language,
                "You still owe your bills, and our reminders go on. We can find another way: a payment plan costs nothing extra.",
                "Sus facturas siguen pendientes y los recordatorios continúan. Podemos buscar otra forma: un plan de pagos no"
                " cuesta más.",
            )
        ]
    found = [
        choose(
            language,
            f"We took {spoken(letter.off_cents)} off today. You now owe {spoken(letter.owed_cents)}.",
            f"Hoy le descontamos {spoken(letter.off_cents)}. Ahora debe {spoken(letter.owed_cents)}.",
        )
    ]
    if letter.valid_from and letter.valid_until:
        found.append(
            choose(
                language,
                f"The same {letter.percent}% comes off your share of visits until {short_date(letter.valid_until, 'en')}. Then you"
                " can ask again.",
                f"El mismo {letter.percent}% se descuenta de su parte por visitas hasta el {short_date(letter.valid_until, 'es')}."
                " Después puede pedirlo otra vez.",
            )
        )
    return found


def why(letter: Letter, language: str) -> str:
    """How the scale was read."""
    return choose(
        language,
        f"You wrote: {letter.household} in your household, {spoken(letter.income_cents)} a year. That is"
        f" {letter.guideline_percent}% of the federal poverty guideline.",
        f"Usted escribió: {letter.household} en su hogar, {spoken(letter.income_cents)} al año. Eso es el"
        f" {letter.guideline_percent}% del nivel federal de pobreza.",
    )


def not_agreed(letter: Letter, language: str) -> str:
    """Whom to turn to."""
    phone = spoken_phone(letter.sender.phone)
    return choose(
        language,
        f"Call us: {phone}. Tell us what changed, or send more papers, and a person looks once more.",
        f"Llámenos: {phone}. Díganos qué cambió o envíe más papeles, y una persona lo revisa otra vez.",
    )
