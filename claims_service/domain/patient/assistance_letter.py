"""What a patient is told of a decision on financial assistance."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.party import Address, spoken_phone
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import short_date
from claims_service.words import say


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
        return say(language, "We could not grant financial help")
    if letter.percent == 100:
        return say(language, "Your bills are forgiven")
    return say(language, "We take %(percent)s%% off your bills", percent=letter.percent)


def decision(letter: Letter, language: str) -> list[str]:
    """What it means, in sentences."""
    if not letter.percent:
        return [
            say(
                language,
                "You still owe your bills, and our reminders go on. We can find another way: a payment plan costs nothing "
                "extra.",
            )
        ]
    found = [
        say(
            language,
            "We took %(off)s off today. You now owe %(owed)s.",
            off=spoken(letter.off_cents),
            owed=spoken(letter.owed_cents),
        )
    ]
    if letter.valid_from and letter.valid_until:
        found.append(
            say(
                language,
                "The same %(percent)s%% comes off your share of visits until %(valid_until)s. Then you can ask again.",
                percent=letter.percent,
                valid_until=short_date(letter.valid_until, language),
            )
        )
    return found


def why(letter: Letter, language: str) -> str:
    """How the scale was read."""
    return say(
        language,
        "You wrote: %(household)s in your household, %(income)s a year. That is %(guideline_percent)s%% of the "
        "federal poverty guideline.",
        household=letter.household,
        income=spoken(letter.income_cents),
        guideline_percent=letter.guideline_percent,
    )


def not_agreed(letter: Letter, language: str) -> str:
    """Whom to turn to."""
    phone = spoken_phone(letter.sender.phone)
    return say(
        language,
        "Call us: %(phone)s. Tell us what changed, or send more papers, and a person looks once more.",
        phone=phone,
    )
