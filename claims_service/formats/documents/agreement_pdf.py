"""The agreement to a payment plan, as it was accepted."""

from functools import partial

from claims_service.domain.money import spoken
from claims_service.domain.party import spoken_phone
from claims_service.domain.patient.agreement import Agreement, accepted, terms
from claims_service.domain.patient.wording import long_date
from claims_service.formats.documents.press import address_lines, pdf, sender_of
from claims_service.words import say


def agreement_pdf(agreement: Agreement, language: str) -> bytes:
    """The same agreement always gives the same bytes."""

    _ = partial(say, language)

    count = len(agreement.schedule)
    rows = [
        [_("%(number)s of %(count)s", number=n, count=count), long_date(one.due_on, language), spoken(one.cents)]
        for n, one in enumerate(agreement.schedule, 1)
    ]
    phone = spoken_phone(agreement.sender.phone)
    content = {
        "lang": language,
        "title": _("Payment plan %(number)s", number=agreement.number) + f", {agreement.sender.name}",
        "page_words": _("Page {page} of {pages}") + f", {agreement.number}",
        "sender": sender_of(agreement.sender),
        "to": {"name": agreement.patient, "lines": address_lines(agreement.postal)},
        "numbered": f"{agreement.number}, {long_date(agreement.agreed_on, language)}",
        "heading": _("Your payment plan"),
        "about": _("For bill %(statement)s", statement=agreement.statement),
        "head": [_("Payment"), _("Due by"), _("Amount")],
        "rows": rows,
        "sum": [_("Together"), spoken(agreement.total_cents)],
        "terms_heading": _("What we agreed"),
        "terms": list(terms(agreement.schedule, agreement.grace_days, language)),
        "accepted_heading": _("Accepted"),
        "accepted": accepted(agreement, language),
        "questions": _("Questions? Call us: %(phone)s. Large print is free.", phone=phone),
    }  # fmt: skip
    return pdf("agreement.typ", content, agreement.agreed_on)
