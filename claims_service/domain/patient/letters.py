"""The words of bills' messages, in English and Spanish.

No diagnosis, service or amount stands in a text message or the subject of an e-mail: others may read over the shoulder.
"""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.reminder import CLEARED, FIRST, LAST, READY, SECOND
from claims_service.domain.patient.wording import short_date
from claims_service.words import said, say


@dataclass(frozen=True, slots=True)
class Words:
    """subject: of an e-mail only."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class About:
    """What a message may say. link: to this bill; open_cents: never in a text message; stop: where messages are ended."""

    clinic: str
    phone: str
    first_name: str
    served_on: date
    due_on: date
    open_cents: int
    link: str
    language: str
    stop: str = ""


_SUBJECTS = {
    READY: said("Your bill from %(clinic)s is ready"),
    FIRST: said("A friendly reminder from %(clinic)s"),
    SECOND: said("Your bill from %(clinic)s is still open"),
    LAST: said("Let us find a way that works for you"),
    CLEARED: said("News about your bill from %(clinic)s"),
}
_OPENINGS = {
    READY: said("Your bill for %(day)s is ready. You owe %(open)s. Please pay by %(due)s."),
    FIRST: said("A friendly reminder: %(open)s is open for %(day)s. Paid already? Then forget this note."),
    SECOND: said(
        "%(open)s is still open for %(day)s. If something looks wrong, tell us: we look into it and you wait."
    ),
    LAST: said(
        "%(open)s is still open for %(day)s. We would like to find a way that works for you. Call us, or ask for "
        "help to pay."
    ),
    CLEARED: said("Your part for %(day)s is less than before. You owe %(open)s now."),
}
_SEE = said("See each service and why it is yours to pay: %(link)s")
_SEE_CHANGE = said("See what changed: %(link)s")
_BODY = said(
    "Hello %(first)s,\n\n%(opening)s\n\n%(see)s\n\nQuestions? Call %(phone)s. We are glad to help.\n\n%(clinic)s\n\nYou get "
    "this because you chose e-mail. To stop: %(stop)s"
)
_TEXTS = {
    READY: said(
        "%(clinic)s: your bill for %(day)s is ready. See why and how to pay: %(link)s Questions: %(phone)s. Reply "
        "STOP to end."
    ),
    FIRST: said(
        "%(clinic)s: a friendly reminder of your bill for %(day)s: %(link)s Paid already? Then forget this. Reply "
        "STOP to end."
    ),
    CLEARED: said(
        "%(clinic)s: your part for %(day)s is less now and you need not pay anything. See: %(link)s Questions: "
        "%(phone)s. Reply STOP to end."
    ),
}


def email(letter: str, about: About) -> Words:
    """An e-mail for a step."""
    language = about.language
    subject = say(language, _SUBJECTS[letter], clinic=about.clinic)
    opening = say(
        language,
        _OPENINGS[letter],
        day=short_date(about.served_on, language),
        due=short_date(about.due_on, language),
        open=spoken(about.open_cents),
    )
    text = say(
        language,
        _BODY,
        first=about.first_name,
        opening=opening,
        see=say(language, _SEE_CHANGE if letter == CLEARED else _SEE, link=about.link),
        stop=about.stop or about.link,
        phone=spoken_phone(about.phone),
        clinic=about.clinic,
    )
    return Words(subject, text)


def text_message(letter: str, about: About) -> Words:
    """A text message for a step."""
    words = _TEXTS.get(letter, _TEXTS[FIRST])
    day = short_date(about.served_on, about.language)
    return Words(
        "", say(about.language, words, clinic=about.clinic, day=day, link=about.link, phone=spoken_phone(about.phone))
    )
