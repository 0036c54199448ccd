"""The words of a late payment of a plan, in English and Spanish: friendly, one way out, no fee.

As in every message, no care and no amount stands in a text message or in the subject of an e-mail.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from claims_service.domain.money import spoken
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.wording import short_date
from claims_service.words import say


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
    text = say(
        about.language,
        "Hello %(first)s,\n\nyour payment plan is missing %(behind)s since %(due)s. Paid already? Then forget this "
        "note.\n\nPay by %(until)s and your plan goes on. There is no late fee. Is it too much right now? Call us "
        "and we find a way: %(phone)s.\n\nSee your plan and pay: %(link)s\n\n%(clinic)s\n\nYou get this because you "
        "chose e-mail. To stop: %(link)s",
        first=about.first_name, behind=spoken(about.behind_cents), due=due, until=until, phone=about.phone, link=about.link,
        clinic=about.clinic,
    )  # fmt: skip
    return Words(say(about.language, "About your plan with %(clinic)s", clinic=about.clinic), text)


def late_text(about: PlanAbout) -> Words:
    """A text message about a payment that did not come."""
    due, until = _days(about)
    text = say(
        about.language,
        "%(clinic)s: your plan is missing the payment of %(due)s. Pay by %(until)s and it goes on, with no fee: "
        "%(link)s Questions: %(phone)s. Reply STOP to end.",
        clinic=about.clinic, due=due, until=until, link=about.link, phone=about.phone,
    )  # fmt: skip
    return Words("", text)


def _days(about: PlanAbout) -> tuple[str, str]:
    last = about.lapses_on - timedelta(days=1)
    return short_date(about.due_on, about.language), short_date(last, about.language)
