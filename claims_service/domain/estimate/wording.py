"""What an estimate says besides its figures: whose it is, what it is not, and the right to dispute (45 CFR 149.610(c)(1))."""

from functools import partial

from claims_service.domain.estimate.paper import SELF_PAY, Estimate
from claims_service.domain.money import spoken
from claims_service.domain.patient.statement import AboveEstimate
from claims_service.domain.patient.wording import short_date
from claims_service.words import said, say

AGENCY_SITE, AGENCY_PHONE = "www.cms.gov/nosurprises", "1-800-985-3059"


def title(e: Estimate, language: str) -> str:
    """Good faith estimate for a self-payer, an estimate for somebody with a plan."""
    if e.kind == SELF_PAY:
        return say(language, "Good faith estimate")
    return say(language, "Estimate of your share")


def planned(e: Estimate, language: str) -> str:
    """What it is for: "Office visit on December 4, 2026 with Imani Voss"."""
    main = e.lines[0].words or e.lines[0].procedure
    day = say(language, " on %(planned)s", planned=short_date(e.planned_on, language)) if e.planned_on else ""
    more = len(e.lines) - 1
    besides = say(language, " and %(more)s more", more=more) if more else ""
    return main + besides + day + say(language, " with %(provider)s", provider=e.provider)


def share(e: Estimate, language: str) -> str:
    """ "$30.00", "$30.00 to $80.00" or "not known"."""
    if e.kind == SELF_PAY:
        return spoken(e.charge_cents or 0)
    return span(e.low_cents, e.high_cents, language)


def span(low: int | None, high: int | None, language: str) -> str:
    """One sum, from one to another, or that nobody knows."""
    if low is None or high is None:
        return say(language, "not known")
    return spoken(low) if low == high else say(language, "%(low)s to %(high)s", low=spoken(low), high=spoken(high))


def notes(e: Estimate, language: str) -> list[tuple[str, str]]:
    """(heading, sentences): what the law wants said, in plain words."""

    _ = partial(say, language)

    found = [
        (
            _("This is an estimate."),
            _(
                "It is what we expect now. The real cost can be different. It is not a contract. You do not have to get "
                "care from us."
            ),
        ),
        (
            _("Something may be added."),
            _("We may find that you need more care. It is not in this estimate. It is booked and priced on its own."),
        ),
    ]
    if e.separate:
        found.append(
            (
                _("You book this on your own:"),
                _(
                    "%(separate)s. You get a separate estimate for it when you book it or ask for it.",
                    separate=e.separate,
                ),
            )
        )
    if e.kind == SELF_PAY:
        found.append((_("Your right to dispute."), right_to_dispute(language)))
    return found


def right_to_dispute(language: str) -> str:
    """For a self-payer, on the estimate."""
    return say(
        language,
        "If your bill is $400 or more above this estimate, you can dispute it. First you can ask us to change the "
        "bill. Or you can ask the government to look at it within 120 days of the day on your first bill. Go to "
        "%(agency_site)s or call %(agency_phone)s. Your care stays the same if you do this. Keep this paper.",
        agency_site=AGENCY_SITE,
        agency_phone=AGENCY_PHONE,
    )


def above(told: AboveEstimate, language: str) -> str:
    """For a bill that is far above."""
    return say(
        language,
        "We told you %(expected)s in estimate %(number)s. We now bill %(billed)s. That is $400 or more above it, "
        "so you can dispute it. Call us first: we can change the bill or find a way. Or ask the government to "
        "look at it by %(until)s: %(agency_site)s or %(agency_phone)s. Your care stays the same.",
        expected=spoken(told.expected_cents),
        number=told.number,
        billed=spoken(told.billed_cents),
        until=short_date(told.until, language),
        agency_site=AGENCY_SITE,
        agency_phone=AGENCY_PHONE,
    )


ABOVE_TITLE = said("This is more than we told you.")
