"""What a patient paid in a year, on paper: for a tax return or a savings account."""

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
class PaidOnPaper:
    """A payment, or below zero what was given back of one. visits: day of service, provider and cents of each it stands for."""

    on: date
    receipt_number: str
    method: str
    cents: int
    visits: tuple[tuple[date, str, int], ...] = ()
    kept_cents: int = 0


@dataclass(frozen=True, slots=True)
class YearOnPaper:
    """made_on: the day it is printed."""

    year: int
    patient: str
    sender: Sender
    made_on: date
    rows: tuple[PaidOnPaper, ...]


def paid_in_year_pdf(told: YearOnPaper, language: str) -> bytes:
    """The same year printed on the same day gives the same bytes."""

    _ = partial(say, language)

    heading = _("What you paid in %(year)s", year=told.year)
    content = {
        "lang": language,
        "title": f"{heading}, {told.sender.name}",
        "page_words": _("Page {page} of {pages}") + f", {told.patient}, {told.year}",
        "sender": sender_of(told.sender),
        "numbered": f"{told.patient}, {long_date(told.made_on, language)}",
        "heading": heading,
        "amount": spoken(sum(row.cents for row in told.rows)),
        "rows": [cell for row in told.rows for cell in _cells(row, language)],
        "notes": [
            _("These are the payments you made to us in the year, less what we gave back. What your plan paid is not part of it."),
            _("Ask who helps with your taxes, or your savings account, which of it counts."),
            _("Questions? Call us: %(phone)s.", phone=spoken_phone(told.sender.phone)),
        ],
    }  # fmt: skip
    return pdf("receipt.typ", content, told.made_on)


def _cells(row: PaidOnPaper, language: str) -> list[tuple[str, str]]:
    """A line for the payment, then one for each visit it stands for, set in."""

    _ = partial(say, language)

    day, how = short_date(row.on, language), _(_METHODS[row.method])
    if row.cents < 0:
        return [(_("%(day)s, given back, receipt %(number)s", day=day, number=row.receipt_number), spoken(row.cents))]
    cells = [
        (_("%(day)s, %(how)s, receipt %(number)s", day=day, how=how, number=row.receipt_number), spoken(row.cents))
    ]
    for on, provider, cents in row.visits:
        who = _(" with %(provider)s", provider=provider) if provider else ""
        visit = _(
            "of it for your visit on %(day)s%(who)s: %(cents)s",
            day=short_date(on, language),
            who=who,
            cents=spoken(cents),
        )
        cells.append((f"\N{EM SPACE}{visit}", ""))
    if row.kept_cents > 0:
        cells.append(("\N{EM SPACE}" + _("of it kept for your next bill: %(cents)s", cents=spoken(row.kept_cents)), ""))
    return cells
