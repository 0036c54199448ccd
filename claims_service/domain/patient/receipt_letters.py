"""The words of a receipt by e-mail, in English and Spanish. No care stands in it, and no amount in its subject."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from claims_service.domain.money import spoken
from claims_service.domain.patient.letters import Words
from claims_service.domain.patient.wording import short_date
from claims_service.words import say


@dataclass(frozen=True, slots=True)
class ReceiptAbout:
    """cents: paid, given back, or taken back by the bank. off_cents: taken off for paying early. link: of the payment on the portal."""

    clinic: str
    phone: str
    first_name: str
    number: str
    on: date
    cents: int
    off_cents: int
    link: str
    language: str


def receipt_email(about: ReceiptAbout) -> Words:
    """An e-mail that a payment is here."""
    _, cents, day = partial(say, about.language), spoken(about.cents), short_date(about.on, about.language)
    off = _(" We took %(off)s off because you paid early.", off=spoken(about.off_cents)) if about.off_cents else ""
    text = _(
        "Hello %(first)s,\n\nthank you. We have your payment of %(cents)s from %(day)s, receipt "
        "%(number)s.%(off)s\n\nSee what it paid and get the receipt: %(link)s\n\nDid you not pay this? Call us: "
        "%(phone)s.\n\n%(clinic)s",
        first=about.first_name, cents=cents, day=day, number=about.number, off=off, link=about.link, phone=about.phone,
        clinic=about.clinic,
    )  # fmt: skip
    return Words(_("Your receipt from %(clinic)s", clinic=about.clinic), text)


def refund_email(about: ReceiptAbout, *, by_card: bool) -> Words:
    """An e-mail that money goes back."""
    _ = partial(say, about.language)
    by_card_back = _("It goes back to the card or account you paid with, in 5 to 10 days.")
    text = _(
        "Hello %(first)s,\n\nwe gave you back %(cents)s of your payment with receipt %(number)s. %(way)s\n\nSee your "
        "receipt: %(link)s\n\nQuestions? Call us: %(phone)s.\n\n%(clinic)s",
        first=about.first_name, cents=spoken(about.cents), number=about.number,
        way=by_card_back if by_card else _("You got it from us."), link=about.link, phone=about.phone, clinic=about.clinic,
    )  # fmt: skip
    return Words(_("Money back from %(clinic)s", clinic=about.clinic), text)


def charged_back_email(about: ReceiptAbout) -> Words:
    """An e-mail that the patient's bank took a payment back."""
    _ = partial(say, about.language)
    text = _(
        "Hello %(first)s,\n\nyour bank took back %(cents)s of your payment with receipt %(number)s. Somebody told it that "
        "this payment was wrong. So the amount is open on your bill again.\n\nDid you not ask for this? Or is something "
        "wrong with the bill? Call us and we find a way: %(phone)s.\n\nSee the payment: %(link)s\n\n%(clinic)s",
        first=about.first_name, cents=spoken(about.cents), number=about.number, link=about.link, phone=about.phone,
        clinic=about.clinic,
    )  # fmt: skip
    return Words(_("Your bank took back a payment to %(clinic)s", clinic=about.clinic), text)


def chargeback_won_email(about: ReceiptAbout) -> Words:
    """An e-mail that the bank returned what it had taken back."""
    _ = partial(say, about.language)
    text = _(
        "Hello %(first)s,\n\nyour bank sent us back %(cents)s of your payment with receipt %(number)s. The payment counts "
        "again. You do not have to do anything.\n\nSee the payment: %(link)s\n\nQuestions? Call us: "
        "%(phone)s.\n\n%(clinic)s",
        first=about.first_name, cents=spoken(about.cents), number=about.number, link=about.link, phone=about.phone,
        clinic=about.clinic,
    )  # fmt: skip
    return Words(_("Your payment to %(clinic)s counts again", clinic=about.clinic), text)
