"""The receipt of a payment."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.statement import Sender
from claims_service.domain.patient.wording import long_date, short_date
from claims_service.formats.documents.press import pdf, sender_of
from claims_service.words import said, say

_METHODS = {"card": said("Card"), "cash": said("Cash"), "check": said("Check")}


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a patient paid. statement: number of the bill, empty for none.

    visits: day, provider and cents of each visit it paid; kept_cents: kept for the next bill; off_cents: taken off for paying early.
    """

    number: str
    paid_on: date
    sender: Sender
    patient: str
    cents: int
    refunded_cents: int
    method: str
    statement: str = ""
    visits: tuple[tuple[date, str, int], ...] = ()
    kept_cents: int = 0
    off_cents: int = 0


def receipt_pdf(receipt: Receipt, language: str) -> bytes:
    """The same receipt always gives the same bytes."""

    _ = partial(say, language)

    rows = [
        (_("Paid by"), receipt.patient),
        (_("Date"), long_date(receipt.paid_on, language)),
        (_("With"), _(_METHODS[receipt.method])),
        (_("Amount"), spoken(receipt.cents)),
    ]
    if receipt.statement:
        rows.append((_("For statement"), receipt.statement))
    if receipt.refunded_cents:
        rows.append((_("Given back"), spoken(-receipt.refunded_cents)))
    if receipt.off_cents:
        rows.append((_("Taken off for paying early"), spoken(-receipt.off_cents)))
    rows += [_visit(*one, language) for one in receipt.visits]
    if receipt.kept_cents:
        rows.append((_("Kept for your next bill"), spoken(receipt.kept_cents)))
    phone = spoken_phone(receipt.sender.phone)
    numbered = _("Receipt %(number)s", number=receipt.number)
    content = {
        "lang": language,
        "title": f"{numbered}, {receipt.sender.name}",
        "page_words": "",
        "sender": sender_of(receipt.sender),
        "numbered": numbered,
        "heading": _("Paid. Thank you."),
        "amount": spoken(receipt.cents - receipt.refunded_cents),
        "rows": rows,
        "notes": [_("Questions? Call us: %(phone)s.", phone=phone)],
    }
    return pdf("receipt.typ", content, receipt.paid_on)


def _visit(on: date, provider: str, cents: int, language: str) -> tuple[str, str]:
    day, who = short_date(on, language), say(language, " with %(provider)s", provider=provider) if provider else ""
    return say(language, "Paid for your visit on %(day)s%(who)s", day=day, who=who), spoken(cents)
