"""What a patient is told before a plan is billed whom they asked us not to tell. No care stands in it, no amount in its subject."""

from dataclasses import dataclass
from datetime import date

from claims_service.domain.money import spoken
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.wording import long_date
from claims_service.words import said, say

_SUBJECT = said("Your visit at %(clinic)s: please read before %(day)s")
_BODY = said(
    "Hello %(first)s,\n\nYou asked us not to tell your health plan about your visit on %(visit)s, and to pay for it yourself. "
    "%(open)s is still open.\n\nPlease pay by %(day)s, and your plan hears nothing from us. If it is not paid by then, we "
    "send the claim to your plan.\n\nPay here: %(link)s\n\nNot able to pay it now? Call %(phone)s before that day, and we "
    "find a way.\n\n%(clinic)s"
)


@dataclass(frozen=True, slots=True)
class EndsAbout:
    """pay_by: the last day; link: the patient's own pages."""

    clinic: str
    phone: str
    first_name: str
    served_on: date
    open_cents: int
    pay_by: date
    link: str
    language: str


def ends_email(about: EndsAbout) -> Words:
    """The one message before a restriction ends."""
    day, visit = long_date(about.pay_by, about.language), long_date(about.served_on, about.language)
    text = say(
        about.language, _BODY, first=about.first_name, visit=visit, open=spoken(about.open_cents), day=day, link=about.link,
        phone=about.phone, clinic=about.clinic,
    )  # fmt: skip
    return Words(say(about.language, _SUBJECT, clinic=about.clinic, day=day), text)
