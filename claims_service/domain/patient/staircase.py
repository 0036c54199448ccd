"""The staircase: from the price of care, less each part, down to what a patient owes now."""

from dataclasses import dataclass
from functools import partial

from claims_service.domain.money import spoken
from claims_service.domain.patient.explanation import share_reasons
from claims_service.domain.patient.short_reasons import taken_off
from claims_service.domain.patient.standing import Since
from claims_service.domain.patient.statement import Statement
from claims_service.domain.patient.wording import long_date, number_word, short_date
from claims_service.words import said, say, say_count

_AGAIN = said("Your plan looks at your visit once more. Please wait for its answer.")
_CORRECTED = said("Your part is another one now. A new bill tells you more.")


@dataclass(frozen=True, slots=True)
class Step:
    """One step; what is taken away is negative. kind: whole, off, plan, you, paid."""

    what: str
    cents: int
    why: str
    kind: str
    total: bool = False


def staircase(
    statement: Statement,
    language: str,
    *,
    since: Since = Since(),  # noqa: B008 - frozen
    again: bool = False,
    held_cents: int | None = None,
) -> list[Step]:
    """Price, less each part, to what is owed; what is taken leads to each total, to the cent.

    since: what became of it after the statement was made; again: a plan looks at it once more. held_cents: disputed now, None: as when it was made.
    """
    s, paid = statement, statement.paid_cents + since.paid_cents
    held = s.held_cents if held_cents is None else held_cents
    owed = s.share_cents - since.off_cents + since.moved_cents - paid - held
    planned = s.planned_cents if owed > s.planned_cents else 0

    _ = partial(say, language)

    steps = [
        Step(_("Price of your care"), s.charge_cents, _price(s, language), "whole"),
        Step(_("Discount from your plan"), -s.discount_cents, _discount(s, language), "off"),
        Step(_plan_paid_words(s, language), -s.plan_paid_cents, _received(s, language), "plan"),
        Step(_("We sort this out with your plan"), -s.in_review_cents, _in_review(language), "off"),
        Step(_("We took off"), -s.forgiven_cents, _("You do not have to pay this."), "off"),
        Step(_("Your share"), s.share_cents, _share(s, language), "you", total=True),
        Step(_("We took off"), -since.off_cents, _("You do not have to pay this."), "off"),
        Step(_("Changed since this bill"), since.moved_cents, _moved(language, again), "off" if since.moved_cents < 0 else "you"),
        Step(_("You have paid"), -paid, _("Thank you."), "paid"),
        Step(_("We are looking into"), -held, _held(language), "off"),
        Step(_("Your payment plan pays"), -planned, _("A little each month, as we agreed."), "off"),
        Step(_("You owe now"), owed - planned, _by(s, owed, language), "you", total=True),
    ]  # fmt: skip
    return [step for step in steps if step.cents or step.total]


def _by(statement: Statement, owed_cents: int, language: str) -> str:
    if owed_cents <= 0:
        return say(language, "Nothing is open.")
    if statement.planned_cents >= owed_cents:
        return say(language, "By your payment plan.")
    day = long_date(statement.due_on, language)
    return say(language, "By %(day)s.", day=day)


def _held(language: str) -> str:
    return say(language, "You told us something is wrong. You need not pay this now.")


def _in_review(language: str) -> str:
    return say(language, "Your plan has not paid this part. That is our job. You owe nothing for it.")


def _moved(language: str, again: bool) -> str:
    return say(language, _AGAIN if again else _CORRECTED)


def _price(statement: Statement, language: str) -> str:
    services = sum(1 for visit in statement.visits for line in visit.invoice.lines if line.charge_cents)
    visits, count = len(statement.visits), number_word(services, language)
    if visits > 1:
        return say_count(
            language,
            "One service in %(visits)s visits. What we charge everyone, before any plan pays.",
            "%(count)s services in %(visits)s visits. What we charge everyone, before any plan pays.",
            services, count=count, visits=visits,
        )  # fmt: skip
    return say_count(
        language,
        "One service. What we charge everyone, before any plan pays.",
        "%(count)s services. What we charge everyone, before any plan pays.",
        services, count=count,
    )  # fmt: skip


def _discount(statement: Statement, language: str) -> str:
    who = statement.payers[0] if len(statement.payers) == 1 else say(language, "Your plan")
    return say(language, "%(who)s agreed on lower prices with us. Nobody pays this part.", who=who)


def _plan_paid_words(statement: Statement, language: str) -> str:
    if len(statement.payers) == 1:
        return say(language, "%(payers)s paid us", payers=statement.payers[0])
    return say(language, "Your plans paid us")


def _received(statement: Statement, language: str) -> str:
    answers = [plan for visit in statement.visits for plan in visit.invoice.plans if plan.answered_on]
    days = sorted({plan.answered_on for plan in answers if plan.answered_on})
    if not days:
        return ""
    last = short_date(days[-1], language)
    if len(days) == 1:
        return say(language, "Received on %(last)s.", last=last)
    return say(language, "Received by %(last)s.", last=last)


def _part(words: str, cents: int, language: str) -> str:
    if words == taken_off(language):
        return say(language, "we took %(cents)s off", cents=spoken(-cents))
    return f"{words} {spoken(cents)}"


def _share(statement: Statement, language: str) -> str:
    lines = [line for visit in statement.visits for line in visit.invoice.lines]
    parts = share_reasons(lines, language)
    if any(cents < 0 for words, cents in parts if words != taken_off(language)):
        return ""
    text = ", ".join(_part(words, cents, language) for words, cents in parts)
    return f"{text[:1].upper()}{text[1:]}." if text else ""
