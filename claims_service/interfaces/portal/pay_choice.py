"""How much of a bill a patient chose to pay: all, what is due, some visits, or another amount. The server says what that is."""

from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from claims_service.domain.money import cents as read_cents
from claims_service.domain.money import spoken
from claims_service.queries.to_pay import ToPay
from claims_service.workflow.take_payment import amount_problem

ALL, DUE, VISITS, OTHER = "all", "due", "visits", "other"


class BadChoice(ValueError):
    """field: where; the message is for the patient."""

    def __init__(self, field: str, words: str) -> None:
        super().__init__(words)
        self.field = field


@dataclass(frozen=True, slots=True)
class Choice:
    """cents to pay now. visits: those that were chosen, none for the whole bill. off_cents: taken off beside them."""

    cents: int
    visits: tuple[int, ...] = ()
    off_cents: int = 0


def chosen(form: MultiDict[str, str], open_now: ToPay) -> Choice:
    """What a form chose, priced by what is open now.

    Raises:
        BadChoice: with words for the patient.
    """
    how = form.get("amount", ALL)
    if how == VISITS:
        picked = {text for text in form.getlist("visit") if text.isdecimal()}
        visits = tuple(visit.encounter for visit in open_now.visits if str(visit.encounter) in picked)
        if not visits:
            raise BadChoice("visit", _("Choose at least one visit."))
        return _all_or(open_now, visits)
    if how == DUE and open_now.planned_cents and open_now.due_cents:
        return Choice(open_now.due_cents, open_now.due_visits)
    if how != OTHER:
        return Choice(open_now.asked_cents - open_now.off_cents, (), open_now.off_cents)
    try:
        cents = read_cents(form.get("other", "").replace("$", "").replace(",", ""))
    except ValueError:
        raise BadChoice("other", _("Write an amount like 25.00.")) from None
    if amount_problem(cents, open_now.asked_cents):
        least, most = spoken(min(100, open_now.asked_cents)), spoken(open_now.asked_cents)
        raise BadChoice("other", _("The amount must be between %(least)s and %(most)s.", least=least, most=most))
    return Choice(cents)


def _all_or(open_now: ToPay, visits: tuple[int, ...]) -> Choice:
    """Every visit chosen is the whole bill, with what paying all of it saves."""
    if len(visits) == len(open_now.visits):
        return Choice(open_now.asked_cents - open_now.off_cents, (), open_now.off_cents)
    cents = open_now.cents_of(visits)
    if cents < min(100, open_now.asked_cents):
        raise BadChoice("visit", _("A card takes $1.00 or more. Choose more visits."))
    return Choice(cents, visits)
